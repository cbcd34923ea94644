//! Policies as data: versions, dates, approval.

use chrono::Duration;

use crate::harness::{Answer, TestApp, Value, json, statuses, together};

fn propose(app: &TestApp, key: &str, body: Value) -> Answer {
    app.administrator()
        .post(&format!("/policies/{key}/versions"), body)
}

fn decide(app: &TestApp, version: &Answer, opinion: &str) -> Answer {
    let path = format!(
        "/approvals/{}",
        version.json()["approval_id"].as_str().unwrap()
    );
    let etag = app.president().get(&path).expect(200).etag();
    let body = json!({ "opinion": opinion, "comment": "已阅" });
    app.president()
        .decide(&format!("{path}/decisions"), &etag, body)
}

fn in_force(app: &TestApp, key: &str) -> (i64, Value) {
    let view = app
        .stranger()
        .get(&format!("/policies/{key}"))
        .expect(200)
        .json();
    (view["number"].as_i64().unwrap(), view["value"].clone())
}

#[test]
fn every_policy_is_known_to_everybody_with_the_regulations_default() {
    let app = TestApp::start();
    let list = app.stranger().get("/policies").expect(200).items();
    let keys: Vec<_> = list
        .iter()
        .map(|policy| policy["key"].as_str().unwrap())
        .collect();
    assert!(
        keys.contains(&"quote_discount") && keys.contains(&"contract_signoff"),
        "{keys:?}"
    );
    assert!(
        list.iter()
            .all(|policy| policy["number"] == 0 && policy["value"] == policy["default"])
    );
    assert!(
        list.iter()
            .all(|policy| policy["allowed_actions"] == json!([]))
    );
    app.stranger()
        .get("/policies/no_such")
        .expect_code(404, "NOT_FOUND");
    app.stranger()
        .get("/policies/no_such/versions")
        .expect_code(404, "NOT_FOUND");
}

#[test]
fn a_version_is_in_force_once_it_is_approved_and_what_was_left_out_stays() {
    let app = TestApp::start();
    let body = json!({ "value": { "manager_floor": "0.5500" }, "reason": " 年度调整 " });
    let version = propose(&app, "quote_discount", body).expect(201);
    let location = version.header("location").unwrap().to_owned();
    assert_eq!(
        location,
        format!("/api/v1/policy-versions/{}", version.id())
    );
    let view = version.json();
    assert_eq!(
        (&view["number"], &view["state"]),
        (&json!(1), &json!("PROPOSED"))
    );
    assert_eq!(view["reason"], "年度调整");
    assert_eq!(in_force(&app, "quote_discount").0, 0);
    assert_eq!(
        decide(&app, &version, "AGREE").expect(200).json()["state"],
        "APPROVED"
    );
    let value = json!({ "manager_floor": "0.5500", "assistant_floor": "0.4500", "per_line": true });
    assert_eq!(in_force(&app, "quote_discount"), (1, value));
    assert_eq!(
        app.stranger().get(&location).expect(200).json()["state"],
        "APPROVED"
    );
    let history = format!("/history?subject_kind=POLICY&subject_id={}", version.id());
    let kinds: Vec<_> = app
        .stranger()
        .get(&history)
        .expect(200)
        .items()
        .iter()
        .map(|event| event["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["policy.approved", "policy.proposed"]);
}

#[test]
fn what_is_refused_is_never_in_force_and_seen_by_insiders_only() {
    let app = TestApp::start();
    let body = || json!({ "value": { "per_line": false }, "reason": "试行" });
    let rejected = propose(&app, "quote_discount", body()).expect(201);
    decide(&app, &rejected, "DISAGREE").expect(200);
    let withdrawn = propose(&app, "quote_discount", body()).expect(201);
    let path = format!("/policy-versions/{}/withdraw", withdrawn.id());
    app.president()
        .post(&path, json!({}))
        .expect_code(403, "FORBIDDEN");
    let view = app
        .administrator()
        .post(&path, json!({}))
        .expect(200)
        .json();
    assert_eq!(view["state"], "WITHDRAWN");
    app.administrator()
        .post(&path, json!({}))
        .expect_code(409, "STATE_CONFLICT");
    assert_eq!(app.count("pending_approvals"), 0);
    assert_eq!(in_force(&app, "quote_discount").0, 0);
    let versions = "/policies/quote_discount/versions";
    assert_eq!(
        app.auditor().get(versions).expect(200).ids(),
        [withdrawn.id(), rejected.id()]
    );
    assert_eq!(app.stranger().get(versions).expect(200).ids(), [""; 0]);
    app.stranger()
        .get(&format!("/policy-versions/{}", rejected.id()))
        .expect(404);
    let rejected_only = app
        .auditor()
        .get(&format!("{versions}?state=REJECTED"))
        .expect(200);
    assert_eq!(rejected_only.ids(), [rejected.id()]);
}

#[test]
fn a_version_takes_effect_on_its_date_or_with_a_later_approval() {
    let app = TestApp::start();
    let body = |days: i64, count: u8| {
        let from = app.now().plus(Duration::days(days));
        json!({ "value": { "history": count }, "effective_from": from, "reason": "调整" })
    };
    let early = propose(&app, "password", body(3, 7)).expect(201);
    decide(&app, &early, "AGREE").expect(200);
    assert_eq!(in_force(&app, "password").0, 0);
    let upcoming = app.stranger().get("/policies/password").expect(200).json();
    assert_eq!(upcoming["upcoming"][0]["number"], 1);
    let late = propose(&app, "password", body(1, 9)).expect(201);
    app.advance(Duration::days(2));
    decide(&app, &late, "AGREE").expect(200);
    assert_eq!(in_force(&app, "password").0, 2);
    let view = app
        .stranger()
        .get(&format!("/policy-versions/{}", late.id()))
        .expect(200)
        .json();
    assert_eq!(view["effective_from"], json!(app.now()));
    app.advance(Duration::days(1));
    assert_eq!(in_force(&app, "password").0, 1);
}

#[test]
fn every_failing_field_of_a_proposal_is_named() {
    let app = TestApp::start();
    let body = json!({
        "value": { "manager_floor": "0.4000", "no_such": 1 },
        "effective_from": "2026-03-01T00:00:00Z",
        "reason": " ",
    });
    let fields = propose(&app, "quote_discount", body)
        .expect(422)
        .failing_fields();
    let expected = [
        ("/value/no_such", "UNKNOWN_FIELD"),
        ("/effective_from", "IN_THE_PAST"),
        ("/reason", "BLANK"),
    ];
    assert_eq!(
        fields,
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    let crossed = json!({ "value": { "manager_floor": "0.4000" }, "reason": "试" });
    let fields = propose(&app, "quote_discount", crossed)
        .expect(422)
        .failing_fields();
    assert_eq!(
        fields,
        [(
            "/value/assistant_floor".to_owned(),
            "FLOORS_CROSSED".to_owned()
        )]
    );
    assert_eq!(app.count("policy_versions"), 0);
}

#[test]
fn quotes_are_made_at_a_stage_that_the_ladder_has() {
    let app = TestApp::start();
    let beyond = json!({ "value": { "min_stage": 7 }, "reason": "试" });
    let fields = propose(&app, "quoting", beyond)
        .expect(422)
        .failing_fields();
    assert_eq!(
        fields,
        [(
            "/value/min_stage".to_owned(),
            "STAGE_BEYOND_LADDER".to_owned()
        )]
    );
    let stage = json!({ "code": "ONE", "zh": "一", "en": "One", "standard_days": 7 });
    let short = json!({ "value": { "stages": [stage] }, "reason": "试" });
    let fields = propose(&app, "opportunity", short.clone())
        .expect(422)
        .failing_fields();
    assert_eq!(
        fields,
        [("/value/stages".to_owned(), "LADDER_TOO_SHORT".to_owned())]
    );
    // Two proposals that each fit what is in force, but not each other.
    let first = json!({ "value": { "min_stage": 1 }, "reason": "试" });
    decide(&app, &propose(&app, "quoting", first).expect(201), "AGREE").expect(200);
    let ladder = propose(&app, "opportunity", short).expect(201);
    let back = propose(
        &app,
        "quoting",
        json!({ "value": { "min_stage": 3 }, "reason": "试" }),
    );
    decide(&app, &back.expect(201), "AGREE").expect(200);
    decide(&app, &ladder, "AGREE").expect_code(409, "RULE_REFUSED");
    decide(&app, &ladder, "DISAGREE").expect(200);
}

#[test]
fn proposing_needs_the_right_and_honours_the_number_that_was_read() {
    let app = TestApp::start();
    let body = || json!({ "value": { "per_line": false }, "reason": "试行" });
    let path = "/policies/quote_discount/versions";
    app.salesperson()
        .post(path, body())
        .expect_code(403, "FORBIDDEN");
    app.administrator()
        .decide(path, "\"1\"", body())
        .expect_code(412, "STALE_VERSION");
    app.administrator()
        .decide(path, "\"0\"", body())
        .expect(201);
    app.administrator()
        .post("/policies/no_such/versions", body())
        .expect_code(404, "NOT_FOUND");
}

#[test]
fn numbers_are_unique_however_many_propose_at_once() {
    let app = TestApp::start();
    drop(app.administrator().id());
    let answers = together(10, |n| {
        propose(
            &app,
            "password",
            json!({ "value": { "history": n + 1 }, "reason": "并发" }),
        )
    });
    assert_eq!(statuses(&answers), [(201, 10)]);
    let mut numbers: Vec<_> = answers
        .iter()
        .map(|a| a.json()["number"].as_i64().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    let listed = app
        .administrator()
        .walk("/policies/password/versions?limit=3");
    let listed: Vec<_> = listed
        .iter()
        .map(|row| row["number"].as_i64().unwrap())
        .collect();
    assert_eq!(listed, (1..=10).rev().collect::<Vec<_>>());
}
