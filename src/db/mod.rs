//! The store: which database it is, is known here and nowhere else.

pub mod compact;
mod connection;
mod error;
pub mod extras;
mod flush;
mod kept;
mod literal;
pub mod mapping;
pub mod paging;
pub mod pieces;
mod pool;
pub mod schema;
pub mod sealed;
mod sqlite_writer;
mod tx;
pub mod union;
mod unit;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use diesel::Connection as _;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::Semaphore;

pub use connection::{Conn, MultiBackend};
pub use error::{Unique, classify, violates};
pub use kept::{Keep, padded};
pub use literal::constant;
pub use tx::{EventDraft, Tx};

use self::{pool::Pool, sqlite_writer::SqliteWriter};
use crate::error::{AppError, AppResult};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// How often a unit of work that lost a race is run again before the caller is told to.
const ATTEMPTS: usize = 8;

/// What runs just before every commit: it seals the transaction's events into the audit trail.
pub type Seal = Arc<dyn Fn(&mut Conn, Vec<EventDraft>) -> AppResult<()> + Send + Sync>;

/// Who is told every statement that runs: tests, which look at its plan.
pub type Watch = Arc<dyn Fn(&str) + Send + Sync>;

/// Where the data is and how many connections may serve it.
#[derive(Clone)]
pub struct DbSettings {
    /// `sqlite:PATH`, or a PostgreSQL address.
    pub url: String,
    /// A PostgreSQL replica for reads that may lag.
    pub replica_url: Option<String>,
    /// Connections for reads (SQLite) or for everything (PostgreSQL).
    pub pool_size: u32,
    /// Seconds a request waits for a connection before it is told to come back.
    pub wait_seconds: u64,
    /// Whether SQLite's file is mapped: a server reads through the system's pages, where they stay after every commit. What is
    /// mapped takes addresses, not memory, but counts as the process's own.
    pub mapped: bool,
    /// Who is told every statement.
    pub watch: Option<Watch>,
}

/// The database: cheap to clone, shared by everything in the process.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    readers: Pool,
    reading: Semaphore,
    writer: Writer,
    seal: Seal,
    wait: std::time::Duration,
}

enum Writer {
    Sqlite(SqliteWriter),
    Postgres { pool: Pool, writing: Semaphore },
}

impl Database {
    /// Opens the database and its pools.
    ///
    /// # Errors
    /// When the address is not understood or the database cannot be reached.
    pub fn open(settings: &DbSettings, seal: Seal) -> AppResult<Self> {
        let size = settings.pool_size.max(1);
        let permits = size as usize;
        let wait = std::time::Duration::from_secs(settings.wait_seconds);
        let writer = if connection::is_postgres(&settings.url) {
            Writer::Postgres {
                pool: Pool::open(settings, &settings.url, wait, false)?,
                writing: Semaphore::new(permits),
            }
        } else {
            // The writer first: it creates the file and switches it to WAL, which readers then find.
            let conn = connection::writer(settings)?;
            let checkpoints = connection::connect(&settings.url, false)?;
            let seal = Arc::clone(&seal);
            Writer::Sqlite(SqliteWriter::start(conn, checkpoints, seal)?)
        };
        let readers = match (&writer, &settings.replica_url) {
            (Writer::Postgres { .. }, Some(replica)) => Pool::open(settings, replica, wait, true)?,
            (Writer::Postgres { pool, .. }, None) => pool.clone(),
            (Writer::Sqlite(_), _) => Pool::open(settings, &settings.url, wait, true)?,
        };
        Ok(Self(Arc::new(Inner {
            readers,
            reading: Semaphore::new(permits),
            writer,
            seal,
            wait,
        })))
    }

    /// Brings the schema up to date; several servers may start at once.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails.
    pub fn migrate(url: &str) -> AppResult<Vec<String>> {
        Self::migrate_told(url, &|_, _| ())
    }

    /// [`Database::migrate`]; `told` hears how many tables of how many are converted, if this database is from before
    /// decision 018.
    ///
    /// # Errors
    /// As [`Database::migrate`].
    pub fn migrate_told(url: &str, told: &dyn Fn(usize, usize)) -> AppResult<Vec<String>> {
        if !connection::is_postgres(url)
            && let Conn::Sqlite(own) = connection::connect(url, false)?
        {
            compact::convert(own, told)?;
        }
        let mut conn = connection::connect(url, false)?;
        extras::lock_migrations(&mut conn)?;
        let run = match &mut conn {
            Conn::Sqlite(c) => c.run_pending_migrations(MIGRATIONS),
            Conn::Postgres(c) => c.run_pending_migrations(MIGRATIONS),
        }
        .map_err(AppError::internal)?
        .iter()
        .map(ToString::to_string)
        .collect();
        extras::apply(&mut conn)?;
        Ok(run)
    }

    /// Writes tables anew, so that nothing of what their rows held before is left in the files.
    ///
    /// # Errors
    /// When the database cannot be reached, or somebody keeps a table locked.
    pub fn rewrite(url: &str, columns: &[crate::auth::vault::Column]) -> AppResult<()> {
        let mut conn = connection::connect(url, false)?;
        let mut tables: Vec<_> = columns.iter().map(|column| column.table).collect();
        tables.push("registration_keys");
        tables.sort_unstable();
        tables.dedup();
        extras::rewrite(&mut conn, &tables)
    }

    /// Whether every migration of this binary has been applied.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn is_migrated(conn: &mut Conn) -> AppResult<bool> {
        let pending = match conn {
            Conn::Sqlite(c) => c.has_pending_migration(MIGRATIONS),
            Conn::Postgres(c) => c.has_pending_migration(MIGRATIONS),
        };
        pending.map(|pending| !pending).map_err(AppError::internal)
    }

    /// Runs a read in one blocking hop.
    ///
    /// # Errors
    /// The closure's, or 503 when no connection comes free in time.
    pub async fn read<T, F>(&self, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        let _permit = tokio::time::timeout(self.0.wait, self.0.reading.acquire())
            .await
            .map_err(|_| AppError::unavailable(2, "no reader came free"))?;
        let db = self.clone();
        tokio::task::spawn_blocking(move || at_one_moment(&mut *db.0.readers.get()?, work))
            .await
            .map_err(AppError::internal)?
    }

    /// Runs a read that looks up a few rows by their keys: on SQLite where the request is, if a reader is free, for to go to
    /// another thread and back takes a quarter of its time (decision 019); else as [`Database::read`].
    ///
    /// # Errors
    /// As [`Database::read`].
    pub async fn read_few<T, F>(&self, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        let Inner {
            readers,
            reading,
            writer,
            ..
        } = &*self.0;
        let free = match writer {
            Writer::Sqlite(_) => {
                let permit = reading.try_acquire().ok();
                permit.and_then(|permit| Some((permit, readers.idle()?)))
            }
            Writer::Postgres { .. } => None,
        };
        let Some((_permit, mut conn)) = free else {
            return self.read(work).await;
        };
        catch_unwind(AssertUnwindSafe(|| at_one_moment(&mut conn, work)))
            .unwrap_or_else(|_| Err(AppError::internal("a read panicked")))
    }

    /// Runs a read on this thread: for jobs and commands.
    ///
    /// # Errors
    /// The closure's, or 503 when no connection comes free in time.
    pub fn read_now<T>(&self, work: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
        work(&mut *self.0.readers.get()?)
    }

    /// [`Database::read_now`], never on a replica: for whoever decides by what is not there any more.
    ///
    /// # Errors
    /// As [`Database::read_now`].
    pub fn read_latest<T>(&self, work: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
        match &self.0.writer {
            Writer::Sqlite(_) => self.read_now(work),
            Writer::Postgres { pool, .. } => work(&mut *pool.get()?),
        }
    }

    /// Runs a unit of work in one transaction: the only way to get a [`Tx`]. The closure may run again after a
    /// serialisation failure, so its only effect is the database. What is answered is on the disk.
    ///
    /// # Errors
    /// The closure's (the transaction is rolled back, unless the refusal is recorded), or 503 when the queue is full.
    pub async fn write<T, F>(&self, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        match &self.0.writer {
            Writer::Sqlite(writer) => writer.submit(work)?.await.map_err(AppError::internal)?,
            Writer::Postgres { writing, .. } => {
                let _permit = tokio::time::timeout(self.0.wait, writing.acquire())
                    .await
                    .map_err(|_| AppError::unavailable(2, "no writer came free"))?;
                let db = self.clone();
                tokio::task::spawn_blocking(move || db.write_now(work))
                    .await
                    .map_err(AppError::internal)?
            }
        }
    }

    /// [`Database::write`] on this thread: for jobs and commands.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_now<T, F>(&self, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        self.write_alone(work, true)
    }

    /// [`Database::write_now`] for one step of many: the answer may come before the step is on the disk. It is there with
    /// the next unit of work that is no step, and never without the steps before it.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_step<T, F>(&self, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        self.write_alone(work, false)
    }

    fn write_alone<T, F>(&self, mut work: F, flushed: bool) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
    {
        let pool = match &self.0.writer {
            Writer::Sqlite(writer) => {
                let answer = writer.submit_alone(work, flushed)?;
                return answer.blocking_recv().map_err(AppError::internal)?;
            }
            Writer::Postgres { pool, .. } => pool,
        };
        let mut result = Err(AppError::lost_race("never run"));
        for attempt in 0..ATTEMPTS {
            result = tx::transaction(&mut *pool.get()?, &self.0.seal, &mut work);
            match &result {
                Err(error) if error.is_transient() => extras::back_off(attempt),
                _ => break,
            }
        }
        result
    }
}

/// Reads as everything was at one moment, where that costs less than to ask statement by statement: on SQLite, which takes and
/// gives back its locks with each. On PostgreSQL it would cost two more round trips.
fn at_one_moment<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
    match conn {
        Conn::Sqlite(_) => conn.transaction(work),
        Conn::Postgres(_) => work(conn),
    }
}
