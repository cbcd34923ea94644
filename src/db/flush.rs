//! What SQLite's writer has committed reaches the disk beside it: one flush of the log for all groups that wait for one, and
//! only then are they acknowledged. So the writer goes on while the disk is at work.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
};

use diesel::{RunQueryDsl as _, SqliteConnection, select, sql_types::Text};

use super::{constant, unit::Unit};
use crate::error::{AppError, AppResult};

/// How many groups may wait for the disk before the writer does.
const GROUPS: usize = 8;

/// Why nothing is written any more.
const BROKEN: &str =
    "the disk did not take what was committed; nothing is written before a restart";

/// Units of work that were committed together.
pub type Group = Vec<Box<dyn Unit>>;

/// The handle to the thread that flushes, which ends when it is dropped.
pub struct Flusher {
    groups: SyncSender<Group>,
    broken: Arc<AtomicBool>,
}

impl Flusher {
    /// Starts the thread, for the log of the connection's database.
    ///
    /// # Errors
    /// When the database keeps no log beside it, or the thread cannot be started.
    pub fn start(conn: &mut SqliteConnection) -> AppResult<Self> {
        let log = log_of(conn)?;
        let (groups, waiting) = mpsc::sync_channel(GROUPS);
        let broken = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&broken);
        thread::Builder::new()
            .name("sqlite-flush".into())
            .spawn(move || run(&log, &waiting, &told))
            .map_err(AppError::internal)?;
        Ok(Self { groups, broken })
    }

    /// Acknowledges what was committed, once it is on the disk.
    pub fn acknowledge(&self, group: Group) {
        if let Err(mpsc::SendError(group)) = self.groups.send(group) {
            all(group, Err(BROKEN));
        }
    }

    /// Why nothing more may be committed: after a flush that failed nobody knows what is on the disk.
    pub fn refusal(&self) -> Option<&'static str> {
        self.broken.load(Ordering::Acquire).then_some(BROKEN)
    }
}

/// Hands every unit its answer, or why there is none.
pub fn all(group: Group, committed: Result<(), &str>) {
    for mut unit in group {
        unit.acknowledge(committed);
    }
}

fn log_of(conn: &mut SqliteConnection) -> AppResult<PathBuf> {
    let mode: String = select(constant::<Text>(
        "(SELECT journal_mode FROM pragma_journal_mode)",
    ))
    .get_result(conn)?;
    if mode != "wal" {
        // As on some network file systems.
        return Err(AppError::internal(
            "SQLite cannot keep a write-ahead log where the database lies",
        ));
    }
    let file: String = select(constant::<Text>(
        "(SELECT file FROM pragma_database_list WHERE name = 'main')",
    ))
    .get_result(conn)?;
    Ok(PathBuf::from(file + "-wal"))
}

fn run(log: &Path, waiting: &Receiver<Group>, broken: &AtomicBool) {
    let mut open = None;
    while let Ok(mut group) = waiting.recv() {
        while let Ok(next) = waiting.try_recv() {
            group.extend(next);
        }
        if broken.load(Ordering::Acquire) {
            // A later flush may succeed without what the one before lost.
            all(group, Err(BROKEN));
            continue;
        }
        let flushed = flushed(log, &mut open);
        if let Err(error) = &flushed {
            broken.store(true, Ordering::Release);
            log::error!(target: "xianlu::db", "{BROKEN}: {error}");
        }
        all(group, flushed.map_err(|_| BROKEN));
    }
}

/// The file stays open: what went wrong with it before is told to whoever had it open then.
fn flushed(log: &Path, open: &mut Option<File>) -> io::Result<()> {
    let file = match open {
        Some(file) => file,
        None => open.insert(File::options().write(true).open(log)?),
    };
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use diesel::Connection as _;

    use super::*;
    use crate::db::{Conn, unit::Ran};

    struct Waits(mpsc::Sender<Result<(), String>>);

    impl Unit for Waits {
        fn run(&mut self, _: &mut Conn, _: bool) -> Ran {
            Ran::Refused
        }

        fn acknowledge(&mut self, committed: Result<(), &str>) {
            self.0.send(committed.map_err(str::to_owned)).unwrap();
        }
    }

    fn told(flusher: &Flusher) -> Result<(), String> {
        let (sender, answer) = mpsc::channel();
        flusher.acknowledge(vec![Box::new(Waits(sender))]);
        answer.recv().unwrap()
    }

    fn logged(path: &std::path::Path) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        diesel::connection::SimpleConnection::batch_execute(
            &mut conn,
            "PRAGMA journal_mode = WAL; CREATE TABLE t (a)",
        )
        .unwrap();
        conn
    }

    #[test]
    fn what_is_on_the_disk_is_acknowledged() {
        let dir = tempfile::tempdir().unwrap();
        let mut conn = logged(&dir.path().join("a.db"));
        let flusher = Flusher::start(&mut conn).unwrap();
        assert_eq!(told(&flusher), Ok(()));
        assert_eq!(flusher.refusal(), None);
    }

    #[test]
    fn after_a_flush_that_failed_nothing_is_acknowledged_any_more() {
        let dir = tempfile::tempdir().unwrap();
        let mut conn = logged(&dir.path().join("a.db"));
        let flusher = Flusher::start(&mut conn).unwrap();
        let log = dir.path().join("a.db-wal");
        let aside = dir.path().join("aside");
        std::fs::rename(&log, &aside).unwrap();
        assert_eq!(told(&flusher), Err(BROKEN.to_owned()));
        assert_eq!(flusher.refusal(), Some(BROKEN));
        std::fs::rename(&aside, &log).unwrap();
        assert_eq!(told(&flusher), Err(BROKEN.to_owned()));
    }

    #[test]
    fn a_database_without_a_log_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        assert!(Flusher::start(&mut conn).is_err());
    }
}
