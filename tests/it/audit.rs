//! The audit trail: whatever was done to it outside of the application is found (S11, SEC-15).

use xianlu::services::governance::verification::{self, Anchor, Kind, Report};

use crate::harness::{Backend, TestApp, backend, json};

fn verify_with(app: &TestApp, expected: Option<&Anchor>) -> Report {
    let key = &app.inside().keys().audit;
    app.inside()
        .db()
        .read_now(|conn| verification::verify(conn, key, expected, |_| {}))
        .unwrap()
}

fn verify(app: &TestApp) -> Report {
    verify_with(app, None)
}

/// What someone with the database's password does first.
fn drop_the_guards(app: &TestApp) {
    app.sql(match backend() {
        Backend::Sqlite => "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete",
        Backend::Postgres => "DROP TRIGGER events_append_only ON events",
    });
}

/// The id of some event of this kind.
fn event(app: &TestApp, kind: &str) -> String {
    app.texts(&format!(
        "SELECT id AS text FROM events WHERE kind = '{kind}' ORDER BY id"
    ))
    .remove(0)
}

#[track_caller]
fn is_found(app: &TestApp, what: &str, kind: Kind) {
    let findings = verify(app).findings;
    assert!(
        findings.iter().any(|finding| finding.kind == kind),
        "{what}: {kind:?} not in {findings:?}"
    );
}

#[test]
fn a_trail_that_nobody_touched_is_whole() {
    let app = TestApp::start();
    app.salesperson()
        .post("/auth/logout", json!({}))
        .expect(200);
    let report = verify(&app);
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(report.events, app.count("events"));
}

#[test]
fn an_edit_of_any_column_is_found() {
    let app = TestApp::start();
    drop_the_guards(&app);
    let id = event(&app, "user.created");
    let other = app
        .texts(&format!(
            "SELECT actor_id AS text FROM events WHERE id = '{id}'"
        ))
        .remove(0);
    let changed = format!("{}f", &other[..other.len() - 1]);
    for (column, forged) in [
        ("at", "'2026-03-02 00:59:59'".to_owned()),
        ("actor_id", format!("'{changed}'")),
        ("subject_kind", "'CUSTOMER'".into()),
        ("subject_id", format!("'{changed}'")),
        ("kind", "'user.deleted'".into()),
        ("data", "'{}'".into()),
        ("rule", "'ORG-99'".into()),
        ("rule", "NULL".into()),
        ("source", "'elsewhere'".into()),
        ("trace_id", "'forged'".into()),
        ("hash", "'00'".into()),
    ] {
        // A unique key may name what was there before; so the old row is kept aside and put back.
        app.sql("CREATE TABLE aside AS SELECT * FROM events");
        if app.count(&format!("events WHERE id = '{id}' AND {column} IS NULL")) == 0
            || forged != "NULL"
        {
            app.sql(&format!(
                "UPDATE events SET {column} = {forged} WHERE id = '{id}'"
            ));
            is_found(&app, &format!("{column} = {forged}"), Kind::Edited);
        }
        app.sql("DELETE FROM events; INSERT INTO events SELECT * FROM aside; DROP TABLE aside");
        assert!(verify(&app).findings.is_empty(), "{column}: put back");
    }
}

#[test]
fn a_removed_event_is_found_wherever_it_stood() {
    for place in ["MIN(seq)", "MAX(seq)"] {
        let app = TestApp::start();
        drop_the_guards(&app);
        let lane = app.texts("SELECT CAST(lane AS TEXT) AS text FROM events GROUP BY lane ORDER BY COUNT(*) DESC").remove(0);
        app.sql(&format!(
            "DELETE FROM events WHERE lane = {lane} AND seq = (SELECT {place} FROM events WHERE lane = {lane})"
        ));
        is_found(&app, &format!("the removal at {place}"), Kind::Removed);
    }
}

#[test]
fn removing_the_end_of_a_chain_and_setting_its_head_back_is_found() {
    let app = TestApp::start();
    drop_the_guards(&app);
    let lane = app
        .texts("SELECT CAST(lane AS TEXT) AS text FROM events GROUP BY lane HAVING COUNT(*) > 1")
        .remove(0);
    app.sql(&format!(
        "DELETE FROM events WHERE lane = {lane} AND seq = (SELECT seq FROM event_heads WHERE lane = {lane});
         UPDATE event_heads SET seq = seq - 1,
         hash = (SELECT hash FROM events e WHERE e.lane = {lane} ORDER BY e.seq DESC LIMIT 1) WHERE lane = {lane}"
    ));
    is_found(&app, "a shortened chain", Kind::HeadChanged);
}

#[test]
fn two_events_that_changed_places_are_found() {
    let app = TestApp::start();
    drop_the_guards(&app);
    let lane = app
        .texts("SELECT CAST(lane AS TEXT) AS text FROM events GROUP BY lane HAVING COUNT(*) > 1")
        .remove(0);
    app.sql(&format!(
        "UPDATE events SET seq = -1 WHERE lane = {lane} AND seq = 1;
         UPDATE events SET seq = 1 WHERE lane = {lane} AND seq = 2;
         UPDATE events SET seq = 2 WHERE lane = {lane} AND seq = -1"
    ));
    is_found(&app, "a change of places", Kind::Reordered);
}

#[test]
fn an_invented_event_is_found() {
    let app = TestApp::start();
    let lane = app
        .texts("SELECT CAST(lane AS TEXT) AS text FROM events ORDER BY id LIMIT 1")
        .remove(0);
    let columns = "at, actor_id, subject_kind, subject_id, kind, data, rule, source, trace_id";
    app.sql(&format!(
        "INSERT INTO events (id, lane, seq, {columns}, hash)
         SELECT '01970000-0000-7000-8000-000000000000', lane, seq + 1000, {columns}, hash
         FROM events WHERE lane = {lane} ORDER BY seq LIMIT 1"
    ));
    is_found(&app, "an invented event", Kind::Inserted);
}

#[test]
fn a_wiped_trail_is_found() {
    let app = TestApp::start();
    drop_the_guards(&app);
    app.sql("DELETE FROM events");
    is_found(&app, "an empty trail", Kind::Removed);
}

#[test]
fn a_trail_wiped_with_its_heads_is_found_by_the_anchor_that_was_kept_elsewhere() {
    let app = TestApp::start();
    let anchor = verify(&app).anchor;
    drop_the_guards(&app);
    app.sql("DELETE FROM events; DELETE FROM event_heads");
    let found = verify_with(&app, Some(&anchor)).findings;
    assert!(
        found
            .iter()
            .any(|finding| finding.kind == Kind::AnchorNotMet),
        "{found:?}"
    );
}

#[test]
fn a_backup_put_in_place_of_the_trail_is_found_by_the_anchor_that_was_kept_elsewhere() {
    let app = TestApp::start();
    drop_the_guards(&app);
    app.sql("CREATE TABLE kept_events AS SELECT * FROM events; CREATE TABLE kept_heads AS SELECT * FROM event_heads");
    app.salesperson()
        .post("/auth/logout", json!({}))
        .expect(200);
    let later = verify(&app);
    assert!(later.findings.is_empty());
    assert!(verify_with(&app, Some(&later.anchor)).findings.is_empty());
    app.sql(
        "DELETE FROM events; INSERT INTO events SELECT * FROM kept_events;
         DELETE FROM event_heads; INSERT INTO event_heads SELECT * FROM kept_heads",
    );
    assert!(
        verify(&app).findings.is_empty(),
        "an older state is whole in itself"
    );
    let found = verify_with(&app, Some(&later.anchor)).findings;
    assert!(
        found
            .iter()
            .any(|finding| finding.kind == Kind::AnchorNotMet),
        "{found:?}"
    );
}

#[test]
fn with_another_key_nothing_fits() {
    let app = TestApp::start();
    let other = xianlu::auth::keys::Keys::derive("another secret, which is long enough too").audit;
    let report = app
        .inside()
        .db()
        .read_now(|conn| verification::verify(conn, &other, None, |_| {}))
        .unwrap();
    assert!(!report.findings.is_empty());
}

#[test]
fn every_write_is_on_record_with_who_and_from_where() {
    let app = TestApp::start();
    let client = app.administrator();
    let parent = app
        .texts("SELECT id AS text FROM units WHERE parent_id IS NULL")
        .remove(0);
    let body = json!({ "parent_id": parent, "kind": "DEPARTMENT", "name": "留痕部" });
    let made = client.post("/units", body).expect(201);
    let trace = made.header("x-request-id").unwrap();
    let recorded = app.texts(&format!(
        "SELECT kind || ' ' || subject_kind || ' ' || source AS text
         FROM events WHERE trace_id = '{trace}' AND subject_id = '{}' AND actor_id = '{}'",
        made.id(),
        client.id()
    ));
    assert_eq!(recorded, ["unit.created UNIT 127.0.0.1"]);
}
