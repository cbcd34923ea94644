//! Personal data (SEC-02, SEC-06, SEC-18, AMB-36): sealed at rest, masked in answers, revealed on record, kept out of
//! logs, and sealed again when keys rotate.

mod canaries;
mod reveal;
mod rotation;

use crate::harness::{Backend, TestApp, Value, backend, json};

/// Another data key than the installation's secret.
const NEW_KEY: &str = "another data key of a test run, long enough as well";

/// An individual, told apart by the phone.
fn individual(name: &str, phone: &str) -> Value {
    json!({
        "name": name, "party": "INDIVIDUAL", "kind": "DIRECT",
        "address": "上海市浦东新区世纪大道1号", "phone": phone,
    })
}

/// Every table and column with its rows, as text.
fn rows(app: &TestApp) -> Vec<String> {
    let query = match backend() {
        Backend::Sqlite => {
            // A full-text index holds what the tables hold in which it is kept.
            "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        }
        Backend::Postgres => {
            "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'"
        }
    };
    let mut rows = Vec::new();
    for table in app.texts(query) {
        let row = match backend() {
            Backend::Postgres => format!("{table}::text"),
            Backend::Sqlite => app
                .texts(&format!(
                    "SELECT name AS text FROM pragma_table_info('{table}')"
                ))
                .iter()
                .map(|column| {
                    format!("CASE WHEN typeof({column}) = 'blob' AND length({column}) = 16 THEN hex({column}) ELSE COALESCE(CAST({column} AS TEXT), '') END")
                })
                .collect::<Vec<_>>()
                .join(" || '|' || "),
        };
        let found = app.texts(&format!("SELECT {row} AS text FROM {table}"));
        rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
    }
    assert!(rows.len() > 100, "{} rows", rows.len());
    rows
}

/// Asserts that no row of the database holds any of these texts.
fn nowhere(app: &TestApp, texts: &[&str]) {
    for row in rows(app) {
        for text in texts {
            assert!(!row.contains(text), "{text} is in {row}");
        }
    }
}
