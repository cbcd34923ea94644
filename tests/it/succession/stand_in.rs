//! A stand-in works an absent colleague's customers in the colleague's stead (DUP-17).

use chrono::Duration;

use super::{customer, opportunity, path};
use crate::harness::{Client, TestApp, Value, json, together};

fn absence(app: &TestApp, who: &Client<'_>, body: Value) -> crate::harness::Answer {
    let mut absence = json!({
        "ends_at": app.now().plus(Duration::days(5)).to_string(), "reason": "出差",
    });
    for (member, value) in body.as_object().unwrap() {
        absence[member] = value.clone();
    }
    who.post("/delegations", absence)
}

/// ORG-33.
#[test]
fn the_same_person_does_not_stand_in_twice_at_one_time() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let at = |days: i64| app.now().plus(Duration::days(days)).to_string();
    let body = |from: i64, until: i64| json!({ "delegate_id": colleague.id(), "starts_at": at(from), "ends_at": at(until) });
    let first = absence(&app, &seller, body(1, 3)).expect(201);
    for (from, until) in [(1, 3), (0, 2), (2, 4), (0, 5)] {
        let refused = absence(&app, &seller, body(from, until)).expect_code(409, "DUPLICATE");
        let problem = refused.problem();
        assert_eq!(
            (&problem["rule"], &problem["delegation_id"]),
            (&json!("ORG-33"), &json!(first.id()))
        );
    }
    // Before and after it, somebody else, and the work on records are other delegations.
    absence(&app, &seller, body(3, 4)).expect(201);
    absence(&app, &seller, body(0, 1)).expect(201);
    let trainee = json!({ "delegate_id": app.trainee().id() });
    absence(&app, &seller, trainee).expect(201);
    let mut works = body(1, 3);
    works["works_records"] = json!(true);
    absence(&app, &seller, works).expect(201);
    seller
        .command(&format!("/delegations/{}/revoke", first.id()))
        .expect(200);
    absence(&app, &seller, body(1, 3)).expect(201);
    // Of many at once one is kept.
    let answers = together(6, |_| absence(&app, &seller, body(10, 12)));
    let kept = answers.iter().filter(|a| a.status() == 201).count();
    assert_eq!(kept, 1);
}

#[test]
fn a_stand_in_works_the_records_until_the_end_and_the_colleague_sees_what_was_done() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let id = customer(&seller, "甲有限公司");
    let deal = opportunity(&seller, &id, "服务器采购");
    // A delegation of decisions opens no records.
    absence(&app, &seller, json!({ "delegate_id": colleague.id() })).expect(201);
    colleague.get(&path(&id)).expect(404);
    let away = json!({ "delegate_id": colleague.id(), "works_records": true });
    let away = absence(&app, &seller, away).expect(201);
    assert_eq!(away.json()["works_records"], true);
    colleague.get(&path(&id)).expect(200);
    colleague
        .patch(&path(&id), "\"1\"", json!({ "industry": "制造" }))
        .expect(200);
    colleague
        .patch(
            &format!("/opportunities/{deal}"),
            "\"1\"",
            json!({ "needs": "十台" }),
        )
        .expect(200);
    let visit = json!({
        "customer_id": id, "kind": "CALL", "happened_at": app.now().to_string(), "content": "代为跟进",
    });
    let done = colleague
        .post("/activities", visit.clone())
        .expect(201)
        .json();
    assert_eq!(done["owner_id"], colleague.id());
    assert_eq!(done["on_behalf_of"]["id"], seller.id());
    // Standing in is not owning: no share, no transfer.
    let share = json!({ "user_id": app.trainee().id(), "level": "READ", "reason": "越权",
        "expires_at": app.now().plus(Duration::days(1)).to_string() });
    colleague
        .post(&format!("{}/shares", path(&id)), share)
        .expect(403);
    super::transfer(&colleague, &id, &app.trainee().id()).expect(403);
    let work = format!("/delegations/{}/work", away.id());
    app.other_salesperson().get(&work).expect(404);
    let rows = seller.walk(&format!("{work}?limit=2&sort=at"));
    let kinds: Vec<_> = rows
        .iter()
        .map(|row| row["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "customer.changed",
            "opportunity.updated",
            "activity.recorded"
        ]
    );
    assert_eq!(rows[0]["data"]["on_behalf_of"], seller.id());
    // It ends by itself.
    app.advance(Duration::days(5) - Duration::microseconds(1));
    colleague.get(&path(&id)).expect(200);
    app.advance(Duration::microseconds(1));
    colleague.get(&path(&id)).expect(404);
    colleague.post("/activities", visit).expect(422);
    assert_eq!(seller.walk(&work).len(), 3, "what was done stays on record");
}

#[test]
fn the_manager_names_a_stand_in_and_ends_it_early() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let manager = app.department_manager();
    let id = customer(&seller, "甲有限公司");
    let away = json!({
        "delegator_id": seller.id(), "delegate_id": colleague.id(), "works_records": true,
    });
    absence(&app, &app.other_manager(), away.clone()).expect(403);
    absence(&app, &colleague, away.clone()).expect(403);
    let named = absence(&app, &manager, away).expect(201);
    colleague.get(&path(&id)).expect(200);
    let listed = manager
        .get("/delegations?works_records=true&in_force=true")
        .expect(200)
        .ids();
    assert_eq!(listed, [named.id()]);
    manager
        .command(&format!("/delegations/{}/revoke", named.id()))
        .expect(200);
    colleague.get(&path(&id)).expect(404);
}
