//! SQLite's one writer: waiting units of work run one after another, each in a savepoint of one transaction, which
//! is committed once for all of them and only then acknowledged (group commit).

use diesel::{
    QueryResult, SqliteConnection,
    connection::{AnsiTransactionManager, TransactionManager},
};
use tokio::sync::{mpsc, oneshot};

use super::{Conn, Tx, extras, pieces, tx};
use crate::error::{AppError, AppResult};

/// How many units of work share one commit at most; more gained nothing when measured.
const BATCH: usize = 32;
/// How many may wait; beyond that callers are told to come back.
const QUEUE: usize = 1024;

type Acknowledge = Box<dyn FnOnce(Result<(), &str>) + Send>;
type Work = Box<dyn FnOnce(&mut Conn) -> Acknowledge + Send>;

/// The handle to the writer thread, which ends when the last handle is dropped.
pub struct SqliteWriter(mpsc::Sender<Work>);

impl SqliteWriter {
    /// Starts the thread that owns the only writing connection.
    pub fn start(conn: Conn) -> AppResult<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run(conn, receiver))
            .map_err(AppError::internal)?;
        Ok(Self(sender))
    }

    /// Queues work, or refuses at once when the queue is full.
    pub fn submit<T, F>(&self, work: F) -> AppResult<oneshot::Receiver<AppResult<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        let (work, answer) = packed(work);
        self.0
            .try_send(work)
            .map_err(|_| AppError::unavailable(1, "the writer's queue is full"))?;
        Ok(answer)
    }

    /// Queues work, waiting for a place: for jobs, never for requests.
    pub fn submit_waiting<T, F>(&self, work: F) -> AppResult<oneshot::Receiver<AppResult<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        let (work, answer) = packed(work);
        self.0
            .blocking_send(work)
            .map_err(|_| AppError::unavailable(1, "the writer has stopped"))?;
        Ok(answer)
    }
}

fn packed<T, F>(mut work: F) -> (Work, oneshot::Receiver<AppResult<T>>)
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let work: Work = Box::new(move |conn| {
        let result = tx::transaction(conn, &mut work);
        Box::new(move |committed| {
            let result = match committed {
                Ok(()) => result,
                Err(cause) => Err(AppError::unavailable(1, cause)),
            };
            // The caller may have gone away; its work is committed all the same.
            let _ = sender.send(result);
        })
    });
    (work, receiver)
}

/// After how many changed rows the writer looks whether the matching index is to be settled.
const CHANGES: i64 = 25_000;

fn run(mut conn: Conn, mut queue: mpsc::Receiver<Work>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut looked_at = 0;
    while let Some(first) = queue.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        commit(&mut conn, &mut batch);
        if let Conn::Sqlite(sqlite) = &mut conn
            && let Err(error) = tidy(sqlite, &mut looked_at)
        {
            log::warn!(target: "xianlu::db", "the matching index was not settled: {error}");
        }
    }
}

fn tidy(conn: &mut SqliteConnection, looked_at: &mut i64) -> QueryResult<()> {
    let changes = extras::total_changes(conn)?;
    if changes - *looked_at >= CHANGES {
        *looked_at = changes;
        extras::settle_match_terms(conn)?;
        pieces::settle(conn)?;
    }
    Ok(())
}

fn commit(conn: &mut Conn, batch: &mut Vec<Work>) {
    let Conn::Sqlite(sqlite) = conn else { return };
    let mut acknowledgements: Vec<Acknowledge> = Vec::with_capacity(batch.len());
    let mut outcome = AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE");
    if outcome.is_ok() {
        acknowledgements.extend(batch.drain(..).map(|work| work(conn)));
        outcome = <Conn as diesel::Connection>::TransactionManager::commit_transaction(conn);
    } else {
        batch.clear();
    }
    let failure = outcome.err().map(|error| error.to_string());
    if let Some(cause) = &failure {
        log::error!(target: "xianlu::db", "a group of writes was not committed: {cause}");
    }
    for acknowledge in acknowledgements {
        acknowledge(failure.as_deref().map_or(Ok(()), Err));
    }
}
