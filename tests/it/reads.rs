//! Reads as requests make them: of one moment (SQLite), and without harm to those that follow when one goes wrong.

use diesel::{QueryDsl, RunQueryDsl};
use tokio::runtime::Builder;
use xianlu::{
    db::{Conn, schema::login_windows},
    error::{AppResult, Code},
};

use crate::harness::{Backend, TestApp, backend, together};

fn now<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(work)
}

fn windows(conn: &mut Conn) -> AppResult<i64> {
    Ok(login_windows::table.count().get_result(conn)?)
}

const MORE: &str = "INSERT INTO login_windows VALUES ('meanwhile', '2026-03-01 00:00:00', 1)";

#[test]
fn on_sqlite_a_read_is_of_one_moment_and_the_next_of_a_later_one() {
    if backend() == Backend::Postgres {
        // Each statement sees what was committed before it (read committed).
        return;
    }
    let app = TestApp::start();
    let db = app.inside().db().clone();
    for few in [true, false] {
        app.sql("DELETE FROM login_windows");
        let (told, goes_on) = std::sync::mpsc::channel::<()>();
        let (begun, waits) = std::sync::mpsc::channel();
        let read = move |conn: &mut Conn| {
            let before = windows(conn)?;
            begun.send(()).unwrap();
            goes_on.recv().unwrap();
            Ok((before, windows(conn)?))
        };
        let db = db.clone();
        let reading = std::thread::spawn(move || {
            now(async {
                if few {
                    db.read_few(read).await
                } else {
                    db.read(read).await
                }
            })
        });
        waits.recv().unwrap();
        app.sql(MORE);
        told.send(()).unwrap();
        assert_eq!(reading.join().unwrap().unwrap(), (0, 0), "few: {few}");
        assert_eq!(app.count("login_windows"), 1);
    }
    assert_eq!(now(db.read_few(windows)).unwrap(), 1);
    assert_eq!(now(db.read(windows)).unwrap(), 1);
}

#[test]
fn a_read_that_panics_is_a_fault_and_its_connection_is_not_used_again() {
    let app = TestApp::with(|config| config.db_pool = Some(1));
    let db = app.inside().db();
    for _ in 0..3 {
        let failed: AppResult<i64> = now(db.read_few(|_| panic!("as it should")));
        assert_eq!(failed.unwrap_err().code(), Code::Internal);
        let failed: AppResult<i64> = now(db.read(|_| panic!("as it should")));
        assert_eq!(failed.unwrap_err().code(), Code::Internal);
    }
    assert_eq!(now(db.read_few(windows)).unwrap(), 0);
    app.sql(MORE);
    assert_eq!(now(db.read(windows)).unwrap(), 1);
}

#[test]
fn more_short_reads_than_there_are_connections_wait_for_one() {
    let app = TestApp::with(|config| config.db_pool = Some(2));
    app.sql(MORE);
    let answers = together(40, |_| now(app.inside().db().read_few(windows)));
    assert!(answers.into_iter().all(|answer| answer.unwrap() == 1));
}
