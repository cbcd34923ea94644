//! The store: what was acknowledged is there, what was refused is not, on both databases.

use std::{
    panic,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::{RunQueryDsl, SelectableHelper, connection::SimpleConnection, insert_into};
use xianlu::{
    context::Origin,
    db::{Tx, Unique, schema::login_windows, violates},
    domain::{id::kind::UserId, timestamp::Timestamp, vocabulary::SubjectKind},
    error::{AppError, AppResult, Code},
    models::org::session::LoginWindow,
};

use crate::harness::{Backend, TestApp, backend, company::PASSWORD, json, together};

/// A row in the smallest table that refers to no other.
fn insert(tx: &mut Tx<'_>, key: &str) -> Result<(), diesel::result::Error> {
    let window_started_at: Timestamp = crate::harness::BEGINNING.parse().unwrap();
    let row = LoginWindow {
        login_key: key.into(),
        window_started_at,
        failures: 0,
    };
    insert_into(login_windows::table)
        .values(&row)
        .execute(tx.conn())
        .map(drop)
}

fn rows(app: &TestApp, prefix: &str) -> i64 {
    app.count(&format!("login_windows WHERE login_key LIKE '{prefix}%'"))
}

fn somebody(app: &TestApp) -> UserId {
    app.salesperson().id().parse().unwrap()
}

/// Writes as a request does: on SQLite together with others that wait.
fn write<T: Send + 'static>(
    app: &TestApp,
    work: impl FnMut(&mut Tx<'_>) -> AppResult<T> + Send + 'static,
) -> AppResult<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(app.inside().db().write(work))
}

fn refusal() -> AppError {
    AppError::new(Code::RuleRefused, "不行", "no")
}

const KEY: Unique = Unique {
    name: "login_windows_pkey",
    columns: "login_windows.login_key",
};

#[test]
fn two_hundred_writes_at_once_are_all_acknowledged_and_there() {
    let app = TestApp::start();
    let answers = together(200, |n| {
        write(&app, move |tx| Ok(insert(tx, &format!("write-{n}"))?))
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 200);
    assert_eq!(rows(&app, "write-"), 200);
}

#[test]
fn of_many_writes_of_one_key_at_once_one_wins_and_the_others_know_it() {
    let app = TestApp::start();
    let answers = together(50, |n| {
        write(&app, move |tx| {
            match insert(tx, &format!("key-{}", n % 5)) {
                Ok(()) => Ok(true),
                Err(error) if violates(&error, &KEY) => Err(refusal()),
                Err(error) => Err(error.into()),
            }
        })
    });
    let codes = answers
        .iter()
        .map(|answer| answer.as_ref().map_err(AppError::code).copied());
    let (won, lost): (Vec<_>, Vec<_>) = codes.partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (5, 45));
    assert!(
        lost.iter().all(|code| *code == Err(Code::RuleRefused)),
        "{lost:?}"
    );
    assert_eq!(rows(&app, "key-"), 5);
}

#[test]
fn what_was_acknowledged_is_seen_by_the_next_reader() {
    let app = TestApp::start();
    for n in 0..100 {
        let key = format!("seen-{n}");
        let written = key.clone();
        app.inside()
            .db()
            .write_now(move |tx| Ok(insert(tx, &written)?))
            .unwrap();
        let seen: LoginWindow = app
            .inside()
            .db()
            .read_now(|conn| {
                use diesel::{ExpressionMethods, QueryDsl};
                let row = login_windows::table
                    .filter(login_windows::login_key.eq(&key))
                    .select(LoginWindow::as_select());
                Ok(row.first(conn)?)
            })
            .unwrap();
        assert_eq!(seen.login_key, key);
    }
}

#[test]
fn of_writes_that_are_committed_together_those_that_fail_halfway_leave_nothing() {
    let app = TestApp::start();
    let user = somebody(&app);
    // Some are refused before they write anything, some after; most are sound.
    for fails in [[false, false], [true, false], [false, true], [true, true]] {
        let round = format!("{}{}", fails[0], fails[1]);
        let answers = together(60, |n| {
            let (inside, key) = (app.inside().clone(), format!("group-{round}-{n}"));
            write(&app, move |tx| {
                let ctx = inside.ctx_for(tx, user, Origin::of("test"))?;
                if fails[0] && n % 5 == 2 {
                    return Err(refusal());
                }
                insert(tx, &key)?;
                ctx.record(tx, SubjectKind::User, user, "test.group", &json!({}), None);
                if fails[1] && n % 5 == 1 {
                    return Err(refusal());
                }
                Ok(())
            })
        });
        let refused = |n: usize| (fails[0] && n % 5 == 2) || (fails[1] && n % 5 == 1);
        for (n, answer) in answers.iter().enumerate() {
            let code = answer.as_ref().map_err(AppError::code);
            let expected = if refused(n) {
                Err(Code::RuleRefused)
            } else {
                Ok(&())
            };
            assert_eq!(code, expected, "{round} {n}");
        }
        let sound = (0..60).filter(|n| !refused(*n)).count();
        assert_eq!(rows(&app, &format!("group-{round}-")), sound as i64);
    }
    assert_eq!(
        app.count("events WHERE kind = 'test.group'"),
        60 + 48 + 48 + 36
    );
}

#[test]
fn a_panic_in_a_unit_of_work_is_a_fault_of_that_unit_alone() {
    let app = TestApp::start();
    let answers = together(60, |n| {
        write(&app, move |tx| {
            insert(tx, &format!("panic-{n}"))?;
            // Without the hook that writes to the log of the test.
            let fault = || panic::resume_unwind(Box::new("a fault on purpose"));
            match n % 6 {
                0 => fault(),
                3 => tx.savepoint(|tx| {
                    insert(tx, &format!("panic-inside-{n}"))?;
                    fault()
                }),
                _ => Ok(()),
            }
        })
    });
    for (n, answer) in answers.iter().enumerate() {
        match answer {
            Ok(()) => assert_ne!(n % 3, 0),
            Err(error) => {
                assert_eq!((n % 3, error.code()), (0, Code::Internal));
                assert_eq!(
                    error.cause(),
                    Some("panic: a fault on purpose"),
                    "the log says why"
                );
                assert!(
                    !error.detail().en.contains("purpose"),
                    "the caller is not told"
                );
            }
        }
    }
    assert_eq!(rows(&app, "panic-"), 40);
    app.login("salesperson", PASSWORD).expect(200);
}

#[test]
fn a_refusal_leaves_nothing_and_a_recorded_one_everything() {
    let app = TestApp::start();
    let user = somebody(&app);
    for recorded in [false, true] {
        let answer: AppResult<()> = app.inside().write_as(user, "test", move |tx, ctx| {
            insert(tx, &format!("refused-{recorded}"))?;
            ctx.record(
                tx,
                SubjectKind::User,
                ctx.actor.id,
                "test.refused",
                &json!({}),
                None,
            );
            Err(if recorded {
                refusal().recorded()
            } else {
                refusal()
            })
        });
        assert_eq!(answer.unwrap_err().code(), Code::RuleRefused);
    }
    assert_eq!(rows(&app, "refused-false"), 0);
    assert_eq!(rows(&app, "refused-true"), 1);
    assert_eq!(app.count("events WHERE kind = 'test.refused'"), 1);
}

#[test]
fn what_a_savepoint_undoes_is_gone_with_its_events_and_the_rest_stays() {
    let app = TestApp::start();
    let user = somebody(&app);
    app.inside()
        .write_as(user, "test", |tx, ctx| {
            let said = |tx: &mut Tx<'_>, kind: &str| {
                ctx.record(tx, SubjectKind::User, ctx.actor.id, kind, &json!({}), None)
            };
            insert(tx, "savepoint-before")?;
            said(tx, "test.before");
            let undone: AppResult<()> = tx.savepoint(|tx| {
                insert(tx, "savepoint-undone")?;
                said(tx, "test.undone");
                tx.savepoint(|tx| {
                    said(tx, "test.undone_too");
                    Ok::<_, AppError>(())
                })?;
                Err(refusal())
            });
            assert!(undone.is_err());
            tx.savepoint(|tx| {
                said(tx, "test.kept");
                insert(tx, "savepoint-kept").map_err(AppError::from)
            })?;
            said(tx, "test.after");
            Ok(())
        })
        .unwrap();
    assert_eq!(app.texts("SELECT login_key AS text FROM login_windows WHERE login_key LIKE 'savepoint%' ORDER BY 1"), [
        "savepoint-before",
        "savepoint-kept"
    ]);
    assert_eq!(
        app.texts("SELECT kind AS text FROM events WHERE kind LIKE 'test.%' ORDER BY seq"),
        ["test.before", "test.kept", "test.after"]
    );
}

#[test]
fn a_transaction_goes_on_after_a_violated_key_in_a_savepoint() {
    let app = TestApp::start();
    app.inside()
        .db()
        .write_now(|tx| {
            insert(tx, "taken")?;
            let refused = tx.savepoint(|tx| insert(tx, "taken")).unwrap_err();
            assert!(violates(&refused, &KEY), "{refused}");
            assert!(!violates(
                &refused,
                &Unique {
                    name: "users_login_key",
                    columns: "users.login_key"
                }
            ));
            insert(tx, "taken-not")?;
            Ok(())
        })
        .unwrap();
    assert_eq!(rows(&app, "taken"), 2);
}

#[test]
fn a_unit_of_work_that_loses_a_race_is_run_again() {
    let app = TestApp::start();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let answer = app.inside().db().write_now(move |tx| {
        let run = counted.fetch_add(1, Ordering::SeqCst);
        insert(tx, &format!("race-{run}"))?;
        if run < 2 {
            Err(AppError::lost_race("on purpose"))
        } else {
            Ok(())
        }
    });
    match backend() {
        Backend::Postgres => {
            answer.unwrap();
            assert_eq!(runs.load(Ordering::SeqCst), 3);
            assert_eq!(
                app.texts(
                    "SELECT login_key AS text FROM login_windows WHERE login_key LIKE 'race-%'"
                ),
                ["race-2"]
            );
        }
        // One writer loses no race: what is reported as one is answered as such.
        Backend::Sqlite => {
            assert_eq!(answer.unwrap_err().code(), Code::Unavailable);
            assert_eq!(rows(&app, "race-"), 0);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a client waits is real time, whatever the clock of the server says"
)]
#[test]
fn when_every_connection_is_held_callers_are_told_to_come_back_and_the_process_stays_alive() {
    let app = TestApp::start();
    let person = app.salesperson();
    person.get("/me").expect(200);
    let connections = 4;
    let (held, release) = (Barrier::new(connections + 1), Barrier::new(connections + 1));
    thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                app.inside()
                    .db()
                    .read_now(|_| {
                        held.wait();
                        release.wait();
                        Ok(())
                    })
                    .unwrap();
            });
        }
        held.wait();
        let refused = scope.spawn(|| (Instant::now(), person.get("/me"), Instant::now()));
        for _ in 0..20 {
            let asked = Instant::now();
            app.anonymous().get("/health/live").expect(200);
            assert!(
                asked.elapsed() < Duration::from_millis(500),
                "liveness took {:?}",
                asked.elapsed()
            );
        }
        let (asked, refused, answered) = refused.join().unwrap();
        release.wait();
        let refused = refused.expect_code(503, "UNAVAILABLE");
        assert_eq!(refused.header("retry-after"), Some("2"));
        assert!(
            answered - asked < Duration::from_secs(4),
            "told after {:?}",
            answered - asked
        );
    });
    person.get("/me").expect(200);
    app.anonymous().get("/health/ready").expect(200);
}

#[test]
fn both_databases_have_exactly_the_tables_and_columns_of_the_schema() {
    let declared = declared_schema();
    assert!(
        declared.len() > 100,
        "{} columns read from src/db/schema/",
        declared.len()
    );
    let app = TestApp::start();
    let found = match backend() {
        Backend::Sqlite => app.texts(
            "SELECT t.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" = 0 THEN ' NULL' ELSE '' END
                    || CASE WHEN c.pk > 0 THEN ' KEY' ELSE '' END AS text
             FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             AND t.name NOT LIKE 'match\\_names\\_pieces%' ESCAPE '\\' -- an index that SQLite alone has
             ORDER BY t.name, c.cid",
        ),
        Backend::Postgres => app.texts(
            "SELECT c.table_name || '.' || c.column_name || ' '
                    || CASE c.data_type WHEN 'timestamp without time zone' THEN 'TIMESTAMP' ELSE UPPER(c.data_type) END
                    || CASE WHEN c.is_nullable = 'YES' THEN ' NULL' ELSE '' END
                    || CASE WHEN k.column_name IS NULL THEN '' ELSE ' KEY' END AS text
             FROM information_schema.columns c
             LEFT JOIN (SELECT u.table_name, u.column_name FROM information_schema.key_column_usage u
                        JOIN information_schema.table_constraints t
                        ON t.constraint_name = u.constraint_name AND t.table_name = u.table_name
                        WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = 'public') k
             ON k.table_name = c.table_name AND k.column_name = c.column_name
             WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_%'
             ORDER BY c.table_name COLLATE \"C\", c.ordinal_position",
        ),
    };
    for column in &declared {
        assert!(found.contains(column), "only in src/db/schema/: {column}");
    }
    for column in &found {
        assert!(declared.contains(column), "only in the database: {column}");
    }
    assert_eq!(declared, found, "the order of the columns");
}

/// Every column of src/db/schema/ as `table.column TYPE[ NULL][ KEY]`, by table.
fn declared_schema() -> Vec<String> {
    let mut columns = Vec::new();
    let (mut table, mut keys) = (String::new(), Vec::new());
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/db/schema")).unwrap();
    let text: Vec<String> = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for line in text.iter().flat_map(|text| text.lines()).map(str::trim) {
        if let Some((name, key)) = line
            .strip_suffix(") {")
            .and_then(|head| head.split_once(" ("))
        {
            table = name.to_owned();
            keys = key.split(", ").map(str::to_owned).collect();
        } else if let Some((name, kind)) = line
            .strip_suffix(',')
            .and_then(|line| line.split_once(" -> "))
        {
            let (kind, null) = kind
                .strip_prefix("Nullable<")
                .map_or((kind, ""), |kind| (kind.trim_end_matches('>'), " NULL"));
            let kind = match kind {
                "Text" | "RecordId" => "TEXT",
                "BigInt" => "BIGINT",
                "Integer" => "INTEGER",
                "Bool" => "BOOLEAN",
                "Moment" => "TIMESTAMP",
                "Date" => "DATE",
                other => panic!("{table}.{name}: {other}"),
            };
            let key = if keys.iter().any(|key| key == name) {
                " KEY"
            } else {
                ""
            };
            columns.push(format!("{table}.{name} {kind}{null}{key}"));
        }
    }
    columns.sort_by_key(|column| column.split('.').next().map(str::to_owned));
    columns
}

#[test]
fn migrating_a_migrated_database_changes_nothing() {
    let app = TestApp::start();
    let applied = xianlu::db::Database::migrate(&app.database().url).unwrap();
    assert_eq!(applied, Vec::<String>::new());
    app.login("salesperson", PASSWORD).expect(200);
}

#[test]
fn the_audit_trail_cannot_be_edited_by_whoever_uses_this_schema() {
    let app = TestApp::start();
    let before = app.count("events");
    assert!(before > 0, "the founding is on record");
    for statement in ["UPDATE events SET kind = 'forged'", "DELETE FROM events"] {
        let error = app.database().try_execute(statement).unwrap_err();
        assert!(error.contains("events are append-only"), "{error}");
    }
    assert_eq!(app.count("events"), before);
    assert_eq!(app.count("events WHERE kind = 'forged'"), 0);
}

/// A commit that fails undoes the group and nothing else: the writer goes on, also where SQLite has ended the transaction by
/// itself, as it does on a full disk.
#[test]
fn after_a_commit_that_failed_the_next_one_succeeds() {
    if backend() == Backend::Postgres {
        // Each unit of work has a connection of its own, which is thrown away when it breaks.
        return;
    }
    let app = TestApp::start();
    for (key, spoil) in [
        // The transaction stays open.
        (
            "open",
            "PRAGMA defer_foreign_keys = ON; INSERT INTO user_roles (id, user_id, role_id, scope, scope_unit_id, created_at) VALUES ('x', 'x', 'x', 'OWN', 'x', '2026-01-01 00:00:00')",
        ),
        ("ended", "ROLLBACK"),
    ] {
        let failed = write(&app, move |tx| {
            insert(tx, key)?;
            SimpleConnection::batch_execute(tx.conn(), spoil)?;
            Ok(())
        });
        assert_eq!(failed.unwrap_err().code(), Code::Unavailable, "{key}");
        assert_eq!(rows(&app, key), 0, "{key}");
        write(&app, move |tx| Ok(insert(tx, key)?)).unwrap();
        assert_eq!(rows(&app, key), 1, "{key}");
    }
}
