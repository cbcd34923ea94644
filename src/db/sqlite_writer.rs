//! SQLite's one writer: the units of work of requests that wait run one after another in one transaction, which is committed
//! once for all of them, flushed to the disk beside the writer and only then acknowledged (group commit). Their events are
//! sealed together. A job's unit of work is large: it has a transaction of its own.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::{self as std_mpsc, Receiver, SyncSender},
};

use diesel::{
    QueryResult, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    result::Error,
};
use tokio::sync::{mpsc, oneshot};

use super::{
    Conn, Seal, Tx, error, extras,
    flush::{self, Flusher, Group},
    pieces,
    unit::{Ran, Unit, asked},
};
use crate::error::{AppError, AppResult, Code};

/// How many units of work share one commit at most.
const BATCH: usize = 128;
/// How many batches after one that had to be undone run in savepoints.
const CAREFUL: u32 = 16;
/// How many may wait; beyond that callers are told to come back.
const QUEUE: usize = 1024;

/// What waits for the writer.
enum Waiting {
    /// Is committed with others.
    Shared(Box<dyn Unit>),
    /// Is committed by itself, and acknowledged when it is on the disk, if it is to be `flushed`.
    Alone { unit: Box<dyn Unit>, flushed: bool },
}

/// The handle to the writer thread, which ends when the last handle is dropped.
pub struct SqliteWriter(mpsc::Sender<Waiting>);

impl SqliteWriter {
    /// Starts the thread that owns the only writing connection, and the one that moves what it wrote to its place.
    pub fn start(mut conn: SqliteConnection, checkpoints: Conn, seal: Seal) -> AppResult<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let flusher = Flusher::start(&mut conn)?;
        let (due, told) = std_mpsc::sync_channel(1);
        let caught_up = Arc::new(AtomicBool::new(false));
        let upkeep = Upkeep {
            due,
            caught_up: Arc::clone(&caught_up),
            looked_at: 0,
            seen: 0,
            moved: i64::MIN,
        };
        let run = Run {
            conn: Conn::Sqlite(conn),
            seal,
            flusher,
            upkeep,
            careful: 0,
        };
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run.all(receiver))
            .map_err(AppError::internal)?;
        std::thread::Builder::new()
            .name("sqlite-log".into())
            .spawn(move || checkpoint(checkpoints, &told, &caught_up))
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

    /// Queues work in a transaction of its own, waiting for a place: for jobs, never for requests. It is acknowledged when it
    /// is on the disk, if it is to be `flushed`.
    pub fn submit_alone<T, F>(
        &self,
        work: F,
        flushed: bool,
    ) -> AppResult<oneshot::Receiver<AppResult<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        let (unit, answer) = asked(work);
        self.0
            .blocking_send(Waiting::Alone { unit, flushed })
            .map_err(|_| AppError::unavailable(1, "the writer has stopped"))?;
        Ok(answer)
    }
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

/// After how many changed rows, those that it moves itself included, the writer looks whether the matching index is to be
/// settled, and has the log moved into the database: every page that is looked for is looked for in the log first, so that it
/// is to stay short.
const CHANGES: i64 = 25_000;
/// Up to how many rows change in a commit after which the writer itself moves what is left of the log.
const LITTLE: i64 = 5_000;

/// The writer at work.
struct Run {
    conn: Conn,
    seal: Seal,
    flusher: Flusher,
    upkeep: Upkeep,
    careful: u32,
}

impl Run {
    fn all(mut self, mut queue: mpsc::Receiver<Waiting>) {
        while let Some(first) = queue.blocking_recv() {
            let mut batch = Vec::with_capacity(BATCH);
            let mut next = Some(first);
            while let Some(Waiting::Shared(unit)) = next {
                batch.push(unit);
                next = (batch.len() < BATCH)
                    .then(|| queue.try_recv().ok())
                    .flatten();
            }
            if !batch.is_empty() {
                self.commit(batch, true);
            }
            if let Some(Waiting::Alone { unit, flushed }) = next {
                self.commit(vec![unit], flushed);
            }
            if let Conn::Sqlite(sqlite) = &mut self.conn
                && let Err(error) = self.upkeep.after_commit(sqlite)
            {
                log::warn!(target: "xianlu::db", "the log was not moved or the matching index not settled: {error}");
            }
        }
    }

    /// Runs units of work and commits them together. Those that fail have, as a rule, written nothing yet: so they run
    /// without savepoints, each of which keeps a copy of every page that is changed under it. If one fails after it has
    /// written, everything is undone and runs again, each in a savepoint, as do the next few batches.
    /// They are acknowledged when it is on the disk, if it is to be `flushed`.
    fn commit(&mut self, mut batch: Group, flushed: bool) {
        let outcome = match self.flusher.refusal() {
            Some(refusal) => Err(AppError::unavailable(1, refusal)),
            None if self.careful > 0 => {
                self.careful -= 1;
                self.committed(&mut batch, true)
            }
            None => match self.committed(&mut batch, false) {
                Ok(false) => {
                    self.careful = CAREFUL;
                    self.committed(&mut batch, true)
                }
                outcome => outcome,
            },
        };
        match outcome {
            Ok(_) if flushed => self.flusher.acknowledge(batch),
            Ok(_) => flush::all(batch, Ok(())),
            Err(error) if error.code() == Code::StorageFull && batch.len() > 1 => {
                // Perhaps one alone wants more space than there is left: each has a chance and an answer of its own.
                for unit in batch {
                    self.commit(vec![unit], flushed);
                }
            }
            Err(error) => {
                let cause = error.cause().unwrap_or_default();
                log::error!(target: "xianlu::db", "a group of writes was not committed: {cause}");
                flush::all(batch, Err(cause));
            }
        }
    }

    /// False when everything was undone because one of several failed halfway.
    fn committed(&mut self, batch: &mut [Box<dyn Unit>], in_savepoints: bool) -> AppResult<bool> {
        begin(&mut self.conn)?;
        match self.all_run(batch, in_savepoints) {
            Ok(true) => Ok(Transactions::commit_transaction(&mut self.conn).map(|()| true)?),
            // One alone that failed has been answered by that.
            Ok(false) => {
                undo(&mut self.conn)?;
                Ok(batch.len() == 1)
            }
            Err(error) => {
                undo(&mut self.conn)?;
                Err(error)
            }
        }
    }

    /// False when one failed halfway, and nothing but the end of the transaction undoes it.
    fn all_run(&mut self, batch: &mut [Box<dyn Unit>], in_savepoints: bool) -> AppResult<bool> {
        let mut events = Vec::new();
        let mut before = changes(&mut self.conn)?;
        for unit in batch {
            let ran = unit.run(&mut self.conn, in_savepoints);
            if let Ran::Fault(cause) = &ran
                && ended(&mut self.conn)
            {
                return Err(error::not_committed(cause));
            }
            let after = changes(&mut self.conn)?;
            match ran {
                Ran::Sound(left) => events.extend(left),
                Ran::Refused | Ran::Fault(_) if !in_savepoints && after != before => {
                    return Ok(false);
                }
                Ran::Refused | Ran::Fault(_) => {}
            }
            before = after;
        }
        if let Err(error) = (self.seal)(&mut self.conn, events) {
            ended(&mut self.conn);
            return Err(error);
        }
        Ok(true)
    }
}

/// What the writer looks after between units of work.
struct Upkeep {
    due: SyncSender<()>,
    caught_up: Arc<AtomicBool>,
    looked_at: i64,
    seen: i64,
    /// The last term of the matching index that was moved to its place; each process begins with the first.
    moved: i64,
}

impl Upkeep {
    fn after_commit(&mut self, conn: &mut SqliteConnection) -> QueryResult<()> {
        let changes = extras::total_changes(conn)?;
        let since = changes - self.seen;
        self.seen = changes;
        if since < LITTLE && self.caught_up.swap(false, Ordering::AcqRel) {
            // Only when nothing at all is left in it the log begins anew; the other thread never gets that far.
            extras::checkpoint(conn)?;
        }
        if changes - self.looked_at < CHANGES {
            return Ok(());
        }
        self.looked_at = changes;
        // Full: it is told already.
        let _ = self.due.try_send(());
        extras::settle_match_terms(conn, &mut self.moved)?;
        pieces::settle(conn)
    }
}

/// Moves the log beside the writer, which does it itself only where this does not keep up (`wal_autocheckpoint`). Twice: what
/// came meanwhile takes less time, and leaves less to the writer.
fn checkpoint(mut conn: Conn, told: &Receiver<()>, caught_up: &AtomicBool) {
    while told.recv().is_ok() {
        let Conn::Sqlite(sqlite) = &mut conn else {
            return;
        };
        match extras::checkpoint(sqlite).and_then(|()| extras::checkpoint(sqlite)) {
            Ok(()) => caught_up.store(true, Ordering::Release),
            Err(error) => {
                log::warn!(target: "xianlu::db", "the log was not moved into the database: {error}");
            }
        }
    }
}

/// Undoes what is open.
fn undo(conn: &mut Conn) -> QueryResult<()> {
    match (Transactions::rollback_transaction(conn), conn) {
        // Diesel knows of no transaction any more: what is open is the empty one that [`ended`] left.
        (Err(Error::NotInTransaction), Conn::Sqlite(sqlite)) => sqlite.batch_execute("ROLLBACK"),
        (undone, _) => undone,
    }
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
