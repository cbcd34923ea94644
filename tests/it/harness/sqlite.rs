//! SQLite: the template is one file, a copy of it a test's database.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};

use super::run_dir::run_dir;

fn template() -> PathBuf {
    run_dir().join("template.db")
}

/// Founds a company and keeps it as one file without a log beside it.
pub fn make_template(found: impl FnOnce(&str)) {
    let url = format!("sqlite:{}", run_dir().join("founding.db").display());
    found(&url);
    connect(&url)
        .batch_execute(&format!("VACUUM INTO '{}'", template().display()))
        .expect("the founded company is kept");
}

/// A copy of the template.
pub fn copy() -> String {
    let file = next();
    fs::copy(template(), &file).expect("a copy of the template");
    format!("sqlite:{}", file.display())
}

/// A database that is made when it is opened.
pub fn empty() -> String {
    format!("sqlite:{}", next().display())
}

fn next() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    run_dir().join(format!("{}.db", NUMBER.fetch_add(1, Ordering::SeqCst)))
}

/// A connection beside the application's.
pub fn connect(url: &str) -> SqliteConnection {
    let file = url.trim_start_matches("sqlite:");
    let mut connection = SqliteConnection::establish(file).expect("the database opens");
    connection
        .batch_execute("PRAGMA busy_timeout = 5000")
        .expect("the database answers");
    connection
}

/// Removes a test's database.
pub fn remove(url: &str) {
    let file = url.trim_start_matches("sqlite:");
    for suffix in ["", "-wal", "-shm"] {
        // What is still open is removed with the directory at the end of the run.
        let _ = fs::remove_file(format!("{file}{suffix}"));
    }
}
