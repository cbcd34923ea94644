//! On SQLite: ids as sixteen bytes, instants as microseconds, also in a database from before that.

use xianlu::{
    db::{Database, compact::holds_ids},
    demo,
};

use crate::{
    demo::loaded,
    harness::{Backend, TestApp, backend, json},
};

/// The version of the migration that says that a database was converted.
const CONVERTED: &str = "20261122000015";

struct Column {
    table: String,
    name: String,
    kind: String,
}

/// The columns of all tables, without what diesel and SQLite keep for themselves.
fn columns(app: &TestApp) -> Vec<Column> {
    let found = app.texts(
        "SELECT t.name || ' ' || c.name || ' ' || c.type AS text FROM sqlite_master t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'match\\_names\\_pieces%' ESCAPE '\\'
         AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY t.name, c.cid",
    );
    let columns = found.iter().map(|column| {
        let mut words = column.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap();
        Column {
            table: word(),
            name: word(),
            kind: word(),
        }
    });
    columns.collect()
}

/// How the values of a column are kept.
fn kept(app: &TestApp, column: &Column) -> Vec<String> {
    let Column { table, name, .. } = column;
    app.texts(&format!(
        "SELECT DISTINCT typeof({name}) AS text FROM {table} WHERE {name} IS NOT NULL"
    ))
}

/// Every row of every table, to the byte.
fn rows(app: &TestApp, columns: &[Column]) -> Vec<String> {
    let tables = columns.chunk_by(|a, b| a.table == b.table);
    tables
        .flat_map(|columns| {
            let table = &columns[0].table;
            let values: Vec<_> = columns
                .iter()
                .map(|c| format!("quote({})", c.name))
                .collect();
            app.texts(&format!(
                "SELECT '{table}: ' || {} AS text FROM {table} ORDER BY 1",
                values.join(" || ', ' || ")
            ))
        })
        .collect()
}

fn definitions(app: &TestApp) -> Vec<String> {
    app.texts("SELECT sql AS text FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
}

#[test]
fn ids_are_bytes_and_instants_are_numbers_also_in_a_database_that_had_both_as_text() {
    if backend() != Backend::Sqlite {
        return;
    }
    let app = loaded();
    let columns = columns(&app);
    for column in &columns {
        let expected = match (&*column.kind, holds_ids(&column.name)) {
            ("TIMESTAMP", _) => "integer",
            ("TEXT", true) => "blob",
            ("TEXT" | "DATE", _) => "text",
            _ => "integer",
        };
        let (table, name) = (&column.table, &column.name);
        assert!(
            kept(&app, column).iter().all(|kept| kept == expected),
            "{table}.{name}: {:?}, not {expected}",
            kept(&app, column)
        );
    }
    let (before, defined) = (rows(&app, &columns), definitions(&app));
    assert!(before.len() > 10_000, "{} rows", before.len());

    let mut texts = "PRAGMA foreign_keys = OFF; BEGIN;".to_owned();
    for trigger in app.texts("SELECT name AS text FROM sqlite_master WHERE type = 'trigger'") {
        texts += &format!("DROP TRIGGER {trigger};");
    }
    for Column { table, name, kind } in &columns {
        let value = match &**kind {
            "TIMESTAMP" => format!(
                "strftime('%Y-%m-%d %H:%M:%S', {name} / 1000000, 'unixepoch')
                 || CASE {name} % 1000000 WHEN 0 THEN '' ELSE printf('.%06d', {name} % 1000000) END"
            ),
            "TEXT" if holds_ids(name) => xianlu::db::compact::id_text(name),
            _ => continue,
        };
        texts += &format!("UPDATE {table} SET {name} = {value} WHERE {name} IS NOT NULL;\n");
    }
    app.sql(&format!(
        "{texts} DELETE FROM __diesel_schema_migrations WHERE version = '{CONVERTED}'; COMMIT;"
    ));
    assert_eq!(
        app.texts("SELECT DISTINCT typeof(id) || typeof(at) AS text FROM events"),
        ["texttext"]
    );

    assert_eq!(Database::migrate(&app.database().url).unwrap(), [CONVERTED]);
    for (after, before) in rows(&app, &columns).iter().zip(&before) {
        assert_eq!(after, before);
    }
    assert_eq!(rows(&app, &columns).len(), before.len());
    assert_eq!(definitions(&app), defined);
    assert_eq!(app.count("pragma_foreign_key_check"), 0);
    assert_eq!(
        app.texts("SELECT integrity_check AS text FROM pragma_integrity_check"),
        ["ok"]
    );
    assert_eq!(
        Database::migrate(&app.database().url).unwrap(),
        Vec::<String>::new()
    );
    let login = json!({ "login": "liu.yang", "password": demo::PASSWORD });
    app.anonymous().post("/auth/login", login).expect(200);
}

#[test]
fn a_database_in_which_no_company_was_founded_is_converted_too() {
    if backend() != Backend::Sqlite {
        return;
    }
    let app = TestApp::unfounded();
    app.sql(&format!(
        "INSERT INTO login_windows VALUES ('early', '2026-03-01 00:00:00.500000', 1);
         DELETE FROM __diesel_schema_migrations WHERE version = '{CONVERTED}'"
    ));
    Database::migrate(&app.database().url).unwrap();
    assert_eq!(
        app.count("login_windows WHERE window_started_at = 1772323200500000"),
        1
    );
}
