//! The audit trail: who reads it, and what is found in one that was tampered with (SEC-15, S11).

use xianlu::services::governance::verification::{self, Anchor, Kind, Report};

use crate::harness::{Backend, TestApp, backend, json};

fn verify(app: &TestApp, expected: Option<&Anchor>) -> Report {
    let key = app.inside().keys().audit;
    let found = app
        .inside()
        .db()
        .read_now(|conn| verification::verify(conn, &key, expected, |_| {}));
    found.expect("the trail can be read")
}

/// What was found: kind and place in the lane of the most events.
fn findings(app: &TestApp) -> Vec<(Kind, i64)> {
    verify(app, None)
        .findings
        .iter()
        .map(|found| (found.kind, found.seq))
        .collect()
}

/// A trail of six events on one record, and more on others.
fn trail() -> (TestApp, i64) {
    let app = TestApp::start();
    let body = |n: u8| json!({ "value": { "history": n }, "reason": "试" });
    for n in 5..11 {
        app.administrator()
            .post("/policies/password/versions", body(n))
            .expect(201);
    }
    let longest = "(SELECT lane FROM event_heads ORDER BY seq DESC, lane LIMIT 1)";
    let events = app.count(&format!("events WHERE lane = {longest}"));
    assert!(events >= 6, "a lane that is long enough: {events}");
    // Someone with the database's password can switch the triggers off.
    app.sql(match backend() {
        Backend::Sqlite => "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;",
        Backend::Postgres => "DROP TRIGGER events_append_only ON events;",
    });
    (app, events)
}

/// Statements about the longest lane.
fn tamper(app: &TestApp, statements: &str) {
    let lane = app.texts(
        "SELECT CAST(lane AS TEXT) AS text FROM event_heads ORDER BY seq DESC, lane LIMIT 1",
    );
    app.sql(&statements.replace("LANE", &lane[0]));
}

/// More work in the longest lane.
fn more(app: &TestApp) {
    let before = app.count("events");
    for n in 0..40 {
        let body = json!({ "value": { "history": 5 + n % 5 }, "reason": "续" });
        app.administrator()
            .post("/policies/password/versions", body)
            .expect(201);
    }
    assert!(app.count("events") > before);
}

#[test]
fn the_store_refuses_to_change_or_remove_an_event() {
    let app = TestApp::start();
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        app.sql("UPDATE events SET data = '{}'");
    }));
    assert!(refused.is_err());
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        app.sql("DELETE FROM events");
    }));
    assert!(refused.is_err());
}

#[test]
fn an_untouched_trail_is_whole() {
    let (app, _) = trail();
    let report = verify(&app, None);
    assert_eq!(report.findings, []);
    assert_eq!(report.events, app.count("events"));
}

#[test]
fn an_edited_event_is_found_whatever_was_edited() {
    for change in [
        "data = '{}'",
        "actor_id = id",
        "at = '2026-03-02 02:00:00'",
        "kind = 'nothing.happened'",
        "rule = 'CUS-01'",
        "source = 'elsewhere'",
    ] {
        let (app, _) = trail();
        tamper(
            &app,
            &format!("UPDATE events SET {change} WHERE lane = LANE AND seq = 3"),
        );
        assert_eq!(findings(&app), [(Kind::Edited, 3)], "{change}");
    }
}

#[test]
fn removed_events_are_found_in_the_middle_and_at_the_end() {
    let (app, events) = trail();
    tamper(
        &app,
        "DELETE FROM events WHERE lane = LANE AND seq IN (3, 4)",
    );
    assert_eq!(findings(&app), [(Kind::Removed, 3)]);
    let (app, _) = trail();
    tamper(
        &app,
        &format!("DELETE FROM events WHERE lane = LANE AND seq = {events}"),
    );
    assert_eq!(findings(&app), [(Kind::Removed, events)]);
}

#[test]
fn events_that_changed_places_are_found() {
    for other in [3, 5] {
        let (app, _) = trail();
        tamper(
            &app,
            &format!(
                "UPDATE events SET seq = -1 WHERE lane = LANE AND seq = 2;
                 UPDATE events SET seq = 2 WHERE lane = LANE AND seq = {other};
                 UPDATE events SET seq = {other} WHERE lane = LANE AND seq = -1;"
            ),
        );
        assert_eq!(
            findings(&app),
            [(Kind::Reordered, 2), (Kind::Reordered, other)]
        );
    }
}

#[test]
fn an_inserted_event_is_found() {
    let (app, events) = trail();
    let copy = |seq: &str| {
        format!(
            "INSERT INTO events (id, lane, seq, at, actor_id, subject_kind, subject_id, kind, data, rule, source, trace_id, hash)
             SELECT '01980000-0000-7000-8000-0000000e0001', lane, {seq}, at, actor_id, subject_kind, subject_id, kind, data, rule, source, trace_id, hash
             FROM events WHERE lane = LANE AND seq = 1;"
        )
    };
    tamper(&app, &copy(&(events + 1).to_string()));
    assert_eq!(findings(&app), [(Kind::Inserted, events + 1)]);
    let (app, _) = trail();
    tamper(&app, &copy("0"));
    assert_eq!(findings(&app), [(Kind::Inserted, 0)]);
}

#[test]
fn a_head_that_was_set_back_is_found_also_after_more_work() {
    let (app, events) = trail();
    let back = events - 1;
    tamper(
        &app,
        &format!(
            "DELETE FROM events WHERE lane = LANE AND seq = {events};
             UPDATE event_heads SET seq = {back}, hash = (SELECT hash FROM events WHERE lane = LANE AND seq = {back}) WHERE lane = LANE;"
        ),
    );
    assert_eq!(findings(&app), [(Kind::HeadChanged, back)]);
    more(&app);
    let after: Vec<_> = findings(&app).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(after, [Kind::HeadChanged]);
}

#[test]
fn a_lane_that_was_wiped_out_is_found_also_after_more_work() {
    let (app, _) = trail();
    tamper(
        &app,
        "DELETE FROM events WHERE lane = LANE; DELETE FROM event_heads WHERE lane = LANE;",
    );
    assert_eq!(findings(&app), [(Kind::HeadChanged, 0)]);
    more(&app);
    let after: Vec<_> = findings(&app).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(after, [Kind::HeadChanged]);
}

#[test]
fn an_anchor_kept_elsewhere_proves_that_the_trail_only_grew() {
    let (app, events) = trail();
    let anchor = |app: &TestApp| -> Anchor {
        let line = verify(app, None).anchor.to_string();
        line.parse().expect("what is printed can be read")
    };
    let early = anchor(&app);
    let longest = |column: &str| {
        let head = format!(
            "SELECT CAST({column} AS TEXT) AS text FROM event_heads ORDER BY seq DESC, lane LIMIT 1"
        );
        app.texts(&head).remove(0)
    };
    let (lane, hash, seal) = (longest("lane"), longest("hash"), longest("seal"));
    more(&app);
    assert_eq!(verify(&app, Some(&early)).findings, []);
    let late = anchor(&app);
    // The lane as it once was, with the seal that it had then: nothing inside the database can tell.
    app.sql(&format!(
        "DELETE FROM events WHERE lane = {lane} AND seq > {events};
         UPDATE event_heads SET seq = {events}, hash = '{hash}', seal = '{seal}' WHERE lane = {lane};"
    ));
    assert_eq!(verify(&app, Some(&early)).findings, []);
    let found = verify(&app, Some(&late)).findings;
    let kinds: Vec<_> = found
        .iter()
        .map(|found| (found.kind, found.lane.to_string()))
        .collect();
    assert_eq!(kinds, [(Kind::AnchorNotMet, lane)]);
    assert!("xianlu-audit-1:1.2:abc".parse::<Anchor>().is_err());
}

#[test]
fn the_trail_is_the_auditors_and_a_history_its_readers() {
    let app = TestApp::start();
    let body = json!({ "value": { "history": 7 }, "reason": "试" });
    let version = app
        .administrator()
        .post("/policies/password/versions", body)
        .expect(201)
        .id();
    app.salesperson()
        .get("/events")
        .expect_code(403, "FORBIDDEN");
    let about = format!("subject_kind=POLICY&subject_id={version}");
    let events = app
        .auditor()
        .get(&format!("/events?{about}"))
        .expect(200)
        .items();
    assert_eq!(
        (events.len(), &events[0]["kind"]),
        (1, &json!("policy.proposed"))
    );
    assert_eq!(events[0]["data"]["value"]["history"], 7);
    let all = app.auditor().walk("/events?limit=7");
    assert_eq!(i64::try_from(all.len()).unwrap(), app.count("events"));
    app.auditor()
        .get("/events?kind=policy.proposed&at_lt=2026-03-02T01:00:00Z")
        .expect(200);
    let proposer = app.administrator().id();
    let by = app
        .auditor()
        .get(&format!("/events?actor_id={proposer}&kind=policy.proposed"));
    assert_eq!(by.expect(200).items().len(), 1);
    let history = format!("/history?{about}");
    assert_eq!(
        app.administrator().get(&history).expect(200).items().len(),
        1
    );
    app.salesperson()
        .get(&history)
        .expect_code(404, "NOT_FOUND");
    app.salesperson()
        .get("/history?subject_kind=POLICY")
        .expect_code(400, "INVALID_PARAMETER");
}
