//! A unit of work on its way through SQLite's writer, and whoever waits for its answer.

use tokio::sync::oneshot;

use super::{Conn, EventDraft, Tx, tx};
use crate::error::{AppError, AppResult};

/// A unit of work and whoever waits for its answer.
pub trait Unit: Send {
    /// Runs it in the open transaction; in a savepoint of its own, if that is wanted. The events that it leaves, or none
    /// when it is to be undone.
    fn run(&mut self, conn: &mut Conn, in_savepoint: bool) -> Option<Vec<EventDraft>>;
    /// Hands over the answer, or why nothing was committed. The caller may have gone away; its work is committed all the
    /// same.
    fn acknowledge(&mut self, committed: Result<(), &str>);
}

/// A unit of work, and where its answer is waited for.
pub fn asked<T, F>(work: F) -> (Box<dyn Unit>, oneshot::Receiver<AppResult<T>>)
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let unit = Asked {
        work,
        answer: None,
        asker: Some(sender),
    };
    (Box::new(unit), receiver)
}

struct Asked<T, F> {
    work: F,
    answer: Option<AppResult<T>>,
    asker: Option<oneshot::Sender<AppResult<T>>>,
}

impl<T, F> Unit for Asked<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send,
{
    fn run(&mut self, conn: &mut Conn, in_savepoint: bool) -> Option<Vec<EventDraft>> {
        let settled = if in_savepoint {
            diesel::Connection::transaction(conn, |conn| tx::settled(conn, &mut self.work))
        } else {
            tx::settled(conn, &mut self.work)
        };
        let (answer, events) = match settled {
            Ok((answer, events)) => (answer, Some(events)),
            Err(error) => (Err(error), None),
        };
        self.answer = Some(answer);
        events
    }

    fn acknowledge(&mut self, committed: Result<(), &str>) {
        let Some(asker) = self.asker.take() else {
            return;
        };
        let answer = match committed {
            Ok(()) => self.answer.take(),
            Err(cause) => Some(Err(AppError::unavailable(1, cause))),
        };
        let _ = asker.send(answer.unwrap_or_else(|| Err(AppError::internal("never run"))));
    }
}
