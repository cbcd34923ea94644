//! Units of work larger than any import takes: what one statement could not hold is written all the same.

use std::io::Cursor;

use xianlu::{
    domain::vocabulary::Line,
    services::platform::{import_chunks, import_files, imports},
};

use crate::harness::TestApp;

/// More than SQLite takes variables for in one statement of any of the tables.
const ROWS: usize = 4_000;

#[test]
fn the_largest_unit_of_work_is_written_at_once() {
    let app = TestApp::start();
    let inside = app.inside();
    let mut csv = "name,phone,contact_name,contact_mobile\n".to_owned();
    for n in 0..ROWS {
        csv.push_str(&format!(
            "第{n}号甲乙贸易有限公司,021-6353{n:04},王芳,1380000{n:04}\n"
        ));
    }
    let source = Cursor::new(csv.into_bytes());
    let findings = import_files::look_at(source.clone()).unwrap();
    let importer = inside
        .db()
        .read_now(|conn| imports::user(conn, None))
        .unwrap();
    let rules = inside
        .read_as(importer, "cli", |_, ctx| imports::rules(ctx, Line::General))
        .unwrap();
    let mut rows = imports::open(source, &findings, None, None, rules).unwrap();
    let chunk = rows.next_chunk(ROWS).unwrap().unwrap();
    let registered = inside
        .write_as(importer, "cli", move |tx, ctx| {
            import_chunks::register(tx, ctx, Line::General, importer, &chunk)
        })
        .unwrap();
    assert_eq!(registered.refused, 0, "{:?}", registered.problems.first());
    let written = i64::try_from(ROWS).unwrap();
    for table in ["customers", "contacts", "customer_standings", "match_names"] {
        assert_eq!(app.count(table), written, "{table}");
    }
}
