//! A unit of work on its way through SQLite's writer, and whoever waits for its answer.

use tokio::sync::oneshot;

use super::{Conn, EventDraft, Tx, error, tx};
use crate::error::{AppError, AppResult};

/// How a unit of work ended.
pub enum Ran {
    /// With an answer, or with a refusal that is on record: to be committed, with these events.
    Sound(Vec<EventDraft>),
    /// With a refusal: to be undone.
    Refused,
    /// With a fault, in the database's words: to be undone, if SQLite has not done so by itself.
    Fault(String),
}

/// A unit of work and whoever waits for its answer.
pub trait Unit: Send {
    /// Runs it in the open transaction; in a savepoint of its own, if that is wanted.
    fn run(&mut self, conn: &mut Conn, in_savepoint: bool) -> Ran;
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
    fn run(&mut self, conn: &mut Conn, in_savepoint: bool) -> Ran {
        let settled = if in_savepoint {
            tx::guarded(conn, |conn| tx::settled(conn, &mut self.work))
        } else {
            tx::settled(conn, &mut self.work)
        };
        let (answer, ran) = match settled {
            Ok((answer, events)) => (answer, Ran::Sound(events)),
            Err(error) if error.code().status() >= 500 => {
                let cause = error.cause().unwrap_or_default().to_owned();
                (Err(error), Ran::Fault(cause))
            }
            Err(error) => (Err(error), Ran::Refused),
        };
        self.answer = Some(answer);
        ran
    }

    fn acknowledge(&mut self, committed: Result<(), &str>) {
        let Some(asker) = self.asker.take() else {
            return;
        };
        let answer = match committed {
            Ok(()) => self.answer.take(),
            Err(cause) => Some(Err(error::not_committed(cause))),
        };
        let _ = asker.send(answer.unwrap_or_else(|| Err(AppError::internal("never run"))));
    }
}
