//! SQLite's one writer: the units of work of requests that wait run one after another in one transaction, which is committed
//! once for all of them and only then acknowledged (group commit). A job's unit of work is large: it has a transaction of
//! its own.

use std::sync::mpsc::{self as std_mpsc, Receiver, SyncSender};

use diesel::{
    QueryResult, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    result::{DatabaseErrorKind, Error},
};
use tokio::sync::{mpsc, oneshot};

use super::{Conn, Tx, error, extras, pieces, tx};
use crate::error::{AppError, AppResult};

/// How many units of work share one commit at most.
const BATCH: usize = 128;
/// How many batches after one that had to be undone run in savepoints.
const CAREFUL: u32 = 16;
/// How many may wait; beyond that callers are told to come back.
const QUEUE: usize = 1024;

/// How a unit of work ended.
enum Ran {
    /// With an answer, or with a refusal that is on record: to be committed.
    Sound,
    /// With a refusal: to be undone.
    Refused,
    /// With a fault, in the database's words: to be undone, if SQLite has not done so by itself.
    Fault(String),
}

/// A unit of work and whoever waits for its answer.
trait Unit: Send {
    /// Runs it in the open transaction; in a savepoint of its own, if that is wanted.
    fn run(&mut self, conn: &mut Conn, in_savepoint: bool) -> Ran;
    /// Hands over the answer, or why nothing was committed. The caller may have gone away; its work is committed all the
    /// same.
    fn acknowledge(&mut self, committed: Result<(), &str>);
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
        let ran = match &settled {
            Ok(_) => Ran::Sound,
            Err(error) if error.code().status() >= 500 => {
                Ran::Fault(error.cause().unwrap_or_default().to_owned())
            }
            Err(_) => Ran::Refused,
        };
        self.answer = Some(settled.and_then(|settled| settled));
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

/// What waits for the writer.
enum Waiting {
    /// Is committed with others.
    Shared(Box<dyn Unit>),
    /// Is committed by itself.
    Alone(Box<dyn Unit>),
}

/// The handle to the writer thread, which ends when the last handle is dropped.
pub struct SqliteWriter(mpsc::Sender<Waiting>);

impl SqliteWriter {
    /// Starts the thread that owns the only writing connection, and the one that moves what it wrote to its place.
    pub fn start(conn: Conn, checkpoints: Conn) -> AppResult<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (due, told) = std_mpsc::sync_channel(1);
        let upkeep = Upkeep {
            due,
            looked_at: 0,
            looks: 0,
        };
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run(conn, receiver, upkeep))
            .map_err(AppError::internal)?;
        std::thread::Builder::new()
            .name("sqlite-log".into())
            .spawn(move || checkpoint(checkpoints, &told))
            .map_err(AppError::internal)?;
        Ok(Self(sender))
    }

    /// Queues work, or refuses at once when the queue is full.
    pub fn submit<T, F>(&self, work: F) -> AppResult<oneshot::Receiver<AppResult<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        let (unit, answer) = asked(work);
        self.0
            .try_send(Waiting::Shared(unit))
            .map_err(|_| AppError::unavailable(1, "the writer's queue is full"))?;
        Ok(answer)
    }

    /// Queues work in a transaction of its own, waiting for a place: for jobs, never for requests.
    pub fn submit_waiting<T, F>(&self, work: F) -> AppResult<oneshot::Receiver<AppResult<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        let (unit, answer) = asked(work);
        self.0
            .blocking_send(Waiting::Alone(unit))
            .map_err(|_| AppError::unavailable(1, "the writer has stopped"))?;
        Ok(answer)
    }
}

fn asked<T, F>(work: F) -> (Box<dyn Unit>, oneshot::Receiver<AppResult<T>>)
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

type Transactions = <Conn as diesel::Connection>::TransactionManager;

/// As a writer at once: what was read would be too old to write by, had another process written meanwhile.
fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
        }
        Conn::Postgres(_) => Transactions::begin_transaction(conn),
    }
}

/// After how many changed rows the writer looks whether the matching index is to be settled.
const CHANGES: i64 = 25_000;
/// After how many such looks the log is moved into the database. Seldom: a page that changes again is written once.
const LOOKS: u32 = 4;

fn run(mut conn: Conn, mut queue: mpsc::Receiver<Waiting>, mut upkeep: Upkeep) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut careful = 0;
    while let Some(first) = queue.blocking_recv() {
        let mut next = Some(first);
        while let Some(Waiting::Shared(unit)) = next {
            batch.push(unit);
            next = (batch.len() < BATCH)
                .then(|| queue.try_recv().ok())
                .flatten();
        }
        commit(&mut conn, &mut batch, &mut careful);
        if let Some(Waiting::Alone(unit)) = next {
            batch.push(unit);
            commit(&mut conn, &mut batch, &mut careful);
        }
        if let Conn::Sqlite(sqlite) = &mut conn
            && let Err(error) = upkeep.after_commit(sqlite)
        {
            log::warn!(target: "xianlu::db", "the matching index was not settled: {error}");
        }
    }
}

/// What the writer looks after between units of work.
struct Upkeep {
    due: SyncSender<()>,
    looked_at: i64,
    looks: u32,
}

impl Upkeep {
    fn after_commit(&mut self, conn: &mut SqliteConnection) -> QueryResult<()> {
        let changes = extras::total_changes(conn)?;
        if changes - self.looked_at < CHANGES {
            return Ok(());
        }
        self.looked_at = changes;
        self.looks += 1;
        if self.looks.is_multiple_of(LOOKS) {
            // Full: it is told already.
            let _ = self.due.try_send(());
        }
        extras::settle_match_terms(conn)?;
        pieces::settle(conn)
    }
}

/// Moves the log beside the writer, which does it itself only where this does not keep up (`wal_autocheckpoint`).
fn checkpoint(mut conn: Conn, told: &Receiver<()>) {
    while told.recv().is_ok() {
        if let Conn::Sqlite(sqlite) = &mut conn
            && let Err(error) = extras::checkpoint(sqlite)
        {
            log::warn!(target: "xianlu::db", "the log was not moved into the database: {error}");
        }
    }
}

/// Runs units of work and commits them together. Those that fail have, as a rule, written nothing yet: so they run without
/// savepoints, each of which keeps a copy of every page that is changed under it. If one fails after it has written,
/// everything is undone and runs again, each in a savepoint, as do the next few batches.
fn commit(conn: &mut Conn, batch: &mut Vec<Box<dyn Unit>>, careful: &mut u32) {
    if batch.is_empty() {
        return;
    }
    let outcome = if *careful > 0 {
        *careful -= 1;
        committed(conn, batch, true)
    } else {
        committed(conn, batch, false)
    };
    let outcome = match outcome {
        Ok(false) => {
            *careful = CAREFUL;
            committed(conn, batch, true)
        }
        outcome => outcome,
    };
    let failure = outcome.err().map(|error| error.to_string());
    if failure.as_deref().is_some_and(error::is_full) && batch.len() > 1 {
        // Perhaps one alone wants more space than there is left: each has a chance and an answer of its own.
        for unit in batch.drain(..) {
            commit(conn, &mut vec![unit], careful);
        }
        return;
    }
    if let Some(cause) = &failure {
        log::error!(target: "xianlu::db", "a group of writes was not committed: {cause}");
    }
    for mut unit in batch.drain(..) {
        unit.acknowledge(failure.as_deref().map_or(Ok(()), Err));
    }
}

/// False when everything was undone because one of several failed halfway.
fn committed(
    conn: &mut Conn,
    batch: &mut [Box<dyn Unit>],
    in_savepoints: bool,
) -> QueryResult<bool> {
    begin(conn)?;
    match all_run(conn, batch, in_savepoints) {
        Ok(true) => Transactions::commit_transaction(conn).map(|()| true),
        // One alone that failed has been answered by that.
        Ok(false) => Transactions::rollback_transaction(conn).map(|()| batch.len() == 1),
        Err(error) => Transactions::rollback_transaction(conn).and(Err(error)),
    }
}

/// False when one failed halfway, and nothing but the end of the transaction undoes it.
fn all_run(conn: &mut Conn, batch: &mut [Box<dyn Unit>], in_savepoints: bool) -> QueryResult<bool> {
    let mut before = changes(conn)?;
    for unit in batch {
        let ran = unit.run(conn, in_savepoints);
        if let Ran::Fault(cause) = &ran
            && ended(conn)
        {
            let told = Box::new(cause.clone());
            return Err(Error::DatabaseError(DatabaseErrorKind::Unknown, told));
        }
        let after = changes(conn)?;
        if !matches!(ran, Ran::Sound) && !in_savepoints && after != before {
            return Ok(false);
        }
        before = after;
    }
    Ok(true)
}

/// Whether SQLite has ended the transaction by itself and undone everything, as it does where there is no space left. Then
/// an empty one is open instead: nothing is written outside of any, and whoever undoes the group finds one to end.
fn ended(conn: &mut Conn) -> bool {
    match conn {
        Conn::Sqlite(sqlite) => sqlite.batch_execute("BEGIN").is_ok(),
        Conn::Postgres(_) => false,
    }
}

fn changes(conn: &mut Conn) -> QueryResult<i64> {
    match conn {
        Conn::Sqlite(sqlite) => extras::total_changes(sqlite),
        Conn::Postgres(_) => Ok(0),
    }
}
