//! Two who import the same at once (CONF-01): the unique keys decide, for bulk inserts as for single ones.

use std::io::Cursor;

use crate::harness::{TestApp, together};
use xianlu::{
    domain::{id::kind::UserId, vocabulary::Line},
    services::platform::{import_chunks, import_files, imports},
};

#[test]
fn of_two_imports_of_the_same_rows_each_row_is_registered_once_and_refused_once() {
    let app = TestApp::start();
    let importer: UserId = app.administrator().id().parse().unwrap();
    let rows: String = (0..300)
        .map(|n| format!("江西第{n}陶瓷有限公司\n"))
        .collect();
    let text = format!("name\n{rows}").into_bytes();
    let refused = together(4, |_| {
        let source = Cursor::new(text.clone());
        let findings = import_files::look_at(source.clone()).unwrap();
        let rules = app
            .inside()
            .write_as(importer, "test", |_, ctx| {
                imports::rules(ctx, Line::General)
            })
            .unwrap();
        let mut file = imports::open(source, &findings, None, None, rules).unwrap();
        let chunk = file.next_chunk(1_000).unwrap().unwrap();
        app.inside()
            .write_as(importer, "test", move |tx, ctx| {
                import_chunks::register(tx, ctx, Line::General, importer, &chunk)
            })
            .unwrap()
            .refused
    });
    let mut refused = refused;
    refused.sort_unstable();
    assert_eq!(refused, [0, 300, 300, 300]);
    assert_eq!(app.count("customers"), 300);
    assert_eq!(app.count("registration_keys"), 300);
    assert_eq!(app.count("registration_attempts"), 900);
}
