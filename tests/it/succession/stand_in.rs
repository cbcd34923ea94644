//! A stand-in works an absent colleague's customers in the colleague's stead (DUP-17).

use chrono::Duration;

use super::{customer, opportunity, path};
use crate::harness::{Client, TestApp, Value, json};

fn absence(app: &TestApp, who: &Client<'_>, body: Value) -> crate::harness::Answer {
    let mut absence = json!({
        "ends_at": app.now().plus(Duration::days(5)).to_string(), "reason": "出差",
    });
    for (member, value) in body.as_object().unwrap() {
        absence[member] = value.clone();
    }
    who.post("/delegations", absence)
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
