//! What the command line does otherwise than a job: larger units of work.

use std::io::Cursor;

use xianlu::{
    context::Origin,
    domain::vocabulary::Line,
    services::platform::{import_files, import_rows::LARGE_CHUNK, imports},
};

use crate::harness::TestApp;

#[test]
fn the_largest_unit_of_work_is_written_at_once() {
    let app = TestApp::start();
    let inside = app.inside();
    let mut csv = "name,phone,contact_name,contact_mobile\n".to_owned();
    for n in 0..LARGE_CHUNK {
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
        .db()
        .read_now(|conn| {
            let origin = Origin {
                source: "cli".to_owned(),
                trace_id: "cli".to_owned(),
            };
            let ctx = inside.ctx_for(conn, importer, origin)?;
            imports::rules(&ctx, Line::General)
        })
        .unwrap();
    let mut rows = imports::open(source, &findings, None, None, rules).unwrap();
    let chunk = rows.next_chunk(LARGE_CHUNK).unwrap().unwrap();
    let registered = inside
        .write_as(importer, "cli", move |tx, ctx| {
            imports::register(tx, ctx, Line::General, importer, &chunk)
        })
        .unwrap();
    assert_eq!(registered.refused, 0, "{:?}", registered.problems.first());
    let written = i64::try_from(LARGE_CHUNK).unwrap();
    for table in ["customers", "contacts", "customer_standings", "match_names"] {
        assert_eq!(app.count(table), written, "{table}");
    }
}
