//! SQLite: the template is one file, a copy of it a test's database.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::NaiveDateTime;
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use uuid::Uuid;

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

/// Statements whose quoted ids and instants are written as SQLite keeps them, so that a test writes them one way.
pub fn spelt(statements: &str) -> String {
    let parts = statements.split('\'').enumerate();
    parts
        .map(|(place, part)| spelt_part(place % 2 == 1, part))
        .collect()
}

fn spelt_part(quoted: bool, part: &str) -> String {
    if !quoted {
        return part.to_owned();
    }
    match (
        Uuid::try_parse(part),
        NaiveDateTime::parse_from_str(part, "%F %T"),
    ) {
        (Ok(id), _) if part.len() == 36 => format!("x'{}'", id.simple()),
        (_, Ok(at)) => at.and_utc().timestamp_micros().to_string(),
        _ => format!("'{part}'"),
    }
}

/// Removes a test's database.
pub fn remove(url: &str) {
    let file = url.trim_start_matches("sqlite:");
    for suffix in ["", "-wal", "-shm"] {
        // What is still open is removed with the directory at the end of the run.
        let _ = fs::remove_file(format!("{file}{suffix}"));
    }
}
