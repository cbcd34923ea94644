//! Automatic sharing rules (DUP-14), and applications of call-centre seats (DUP-13).

use chrono::Duration;

use super::{complete, with};
use crate::harness::{Client, TestApp, Value, json};

fn unit_of(who: &Client<'_>) -> String {
    let me = who.get("/me").expect(200).json();
    me["unit_id"].as_str().unwrap().to_owned()
}

fn registered(owner: &Client<'_>, body: Value) -> String {
    let id = owner.post("/customers", body).expect(201).id();
    format!("/customers/{id}")
}

fn rule(unit: &str, target: Value) -> Value {
    let mut rule = json!({ "name": "共享给业务助理", "unit_id": unit, "level": "READ" });
    for (member, value) in target.as_object().unwrap() {
        rule[member] = value.clone();
    }
    rule
}

#[test]
fn a_rule_shares_what_is_there_and_what_comes_and_ends_when_it_is_switched_off() {
    let app = TestApp::start();
    let (seller, assistant) = (app.salesperson(), app.other_salesperson());
    let administrator = app.administrator();
    let unit = unit_of(&seller);
    let there = registered(&seller, complete("甲有限公司"));
    let deal = json!({ "title": "采购", "customer_id": there.rsplit('/').next() });
    let deal = seller.post("/opportunities", deal).expect(201).id();
    let elsewhere = registered(
        &app.channel_salesperson(),
        with(complete("渠道商有限公司"), "kind", json!("AGENT")),
    );
    assistant.get(&there).expect(404);
    let body = rule(
        &unit,
        json!({ "to_user_id": assistant.id(), "conditions": ["BASIC"] }),
    );
    seller.post("/sharing-rules", body.clone()).expect(403);
    app.department_manager()
        .post("/sharing-rules", body.clone())
        .expect(403);
    let covered = json!({ "unit_id": unit, "conditions": ["BASIC"] });
    let shown = administrator
        .post("/sharing-rules/preview", covered)
        .expect(200)
        .json();
    assert_eq!(
        (&shown["customers"], &shown["capped"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(shown["first"][0]["name"], "甲有限公司");
    let made = administrator.post("/sharing-rules", body).expect(201);
    assert_eq!(made.json()["in_force"], true);
    // At once: what is there, what comes, what belongs to it, for reading only.
    assistant.get(&there).expect(200);
    assistant.get(&format!("/opportunities/{deal}")).expect(200);
    let comes = registered(&seller, complete("乙有限公司"));
    assistant.get(&comes).expect(200);
    assert_eq!(assistant.walk("/customers").len(), 2);
    assistant
        .patch(&there, "\"1\"", json!({ "grade": 2 }))
        .expect(403);
    assistant.get(&elsewhere).expect(404);
    // A customer that no longer fulfils it is no longer shared.
    seller
        .patch(&comes, "\"1\"", json!({ "condition": "POTENTIAL" }))
        .expect(200);
    assistant.get(&comes).expect(404);
    let path = format!("/sharing-rules/{}", made.id());
    let written = administrator
        .patch(
            &path,
            &made.etag(),
            json!({ "level": "WRITE", "conditions": null }),
        )
        .expect(200);
    assert_eq!(written.json()["conditions"], json!(null));
    assistant.get(&comes).expect(200);
    assistant
        .patch(&there, "\"1\"", json!({ "grade": 2 }))
        .expect(200);
    administrator
        .patch(&path, &made.etag(), json!({ "active": false }))
        .expect(412);
    administrator
        .patch(&path, &written.etag(), json!({ "active": false }))
        .expect(200);
    assistant.get(&there).expect(404);
    assert_eq!(assistant.walk("/customers").len(), 0);
    let listed = administrator.get("/sharing-rules?active=false").expect(200);
    assert_eq!(listed.ids(), [made.id()]);
}

#[test]
fn a_rule_reaches_a_unit_or_the_holders_of_a_role_within_its_time() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let there = registered(&seller, complete("甲有限公司"));
    let (unit, far) = (unit_of(&seller), unit_of(&app.other_salesperson()));
    let administrator = app.administrator();
    let starts = app.now().plus(Duration::days(1));
    let mut body = rule(
        &unit,
        json!({ "to_role_code": "SALESPERSON", "to_role_within": far }),
    );
    body["starts_at"] = json!(starts.to_string());
    body["ends_at"] = json!(starts.plus(Duration::days(1)).to_string());
    administrator.post("/sharing-rules", body).expect(201);
    app.other_salesperson().get(&there).expect(404);
    app.advance(Duration::days(1));
    app.other_salesperson().get(&there).expect(200);
    app.colleague().get(&there).expect(404);
    app.advance(Duration::days(1));
    app.other_salesperson().get(&there).expect(404);
    let body = rule(&unit, json!({ "to_unit_id": far }));
    administrator.post("/sharing-rules", body).expect(201);
    app.other_salesperson().get(&there).expect(200);
    for target in [
        json!({}),
        json!({ "to_unit_id": far, "to_user_id": seller.id() }),
        json!({ "to_user_id": seller.id(), "to_role_within": far }),
    ] {
        let refused = administrator.post("/sharing-rules", rule(&unit, target));
        assert_eq!(refused.expect(422).failing_fields()[0].1, "ONE_OF");
    }
}

#[test]
fn a_share_with_a_unit_is_one_with_whoever_works_there() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let there = registered(&seller, complete("甲有限公司"));
    let unit = unit_of(&app.other_salesperson());
    let until = app.now().plus(Duration::days(10));
    let share = json!({ "unit_id": unit, "level": "READ", "expires_at": until.to_string(), "reason": "协作" });
    let given = seller
        .post(&format!("{there}/shares"), share)
        .expect(201)
        .json();
    assert_eq!(given["unit_id"], unit);
    app.other_salesperson().get(&there).expect(200);
    app.other_manager().get(&there).expect(200);
    app.colleague().get(&there).expect(404);
    let mine = app
        .other_salesperson()
        .get("/shares?active=true")
        .expect(200);
    assert_eq!(mine.items()[0]["customer_name"], "甲有限公司");
    let by_me = seller.get("/shares?direction=BY_ME").expect(200).items();
    assert_eq!(by_me.len(), 1);
    // Extended before it ends; then it ends.
    let path = format!("/shares/{}", given["id"].as_str().unwrap());
    let longer = until.plus(Duration::days(5)).to_string();
    app.other_salesperson()
        .patch(&path, "*", json!({ "expires_at": longer }))
        .expect(403);
    seller
        .patch(&path, "*", json!({ "expires_at": longer }))
        .expect(200);
    app.advance(Duration::days(14));
    app.other_manager().get(&there).expect(200);
    app.advance(Duration::days(1));
    app.other_manager().get(&there).expect(404);
    let expired = seller.get(&format!("{there}/shares?active=false"));
    assert_eq!(expired.expect(200).items().len(), 1);
}

#[test]
fn in_the_call_centre_a_seat_applies_and_the_administrator_shares() {
    let app = TestApp::start();
    let (seat, administrator) = (app.trainee(), app.administrator());
    let there = registered(
        &seat,
        with(complete("坐席客户有限公司"), "line", json!("CALL_CENTRE")),
    );
    let general = registered(&seat, complete("普通客户有限公司"));
    let until = app.now().plus(Duration::days(10)).to_string();
    let wanted = json!({ "user_id": app.other_salesperson().id(), "level": "READ", "expires_at": until, "reason": "协助" });
    let shares = format!("{there}/shares");
    for who in [&seat, &app.salesperson()] {
        let refused = who.post(&shares, wanted.clone()).expect(403).problem();
        assert_eq!(refused["rule"], "DUP-13");
    }
    let refused = seat
        .post(&format!("{general}/share-applications"), wanted.clone())
        .expect(409);
    assert_eq!(refused.problem()["reason"], "SHARE_DIRECTLY");
    let apply = || {
        seat.post(&format!("{there}/share-applications"), wanted.clone())
            .expect(201)
    };
    let decide = |application: &str, opinion: &str| {
        let inbox = format!("/approvals?subject_id={application}&waiting_for_me=true");
        let waiting = administrator.get(&inbox).expect(200).ids();
        let path = format!("/approvals/{}", waiting[0]);
        let etag = administrator.get(&path).expect(200).etag();
        let body = json!({ "opinion": opinion, "comment": "依据申请。" });
        administrator
            .decide(&format!("{path}/decisions"), &etag, body)
            .expect(200);
    };
    let refused = apply().id();
    decide(&refused, "DISAGREE");
    let path = format!("/share-applications/{refused}");
    assert_eq!(seat.get(&path).expect(200).json()["state"], "REFUSED");
    app.other_salesperson().get(&there).expect(404);
    app.colleague().get(&path).expect(404);
    let withdrawn = apply().id();
    let path = format!("/share-applications/{withdrawn}");
    administrator
        .command(&format!("{path}/withdraw"))
        .expect(403);
    seat.command(&format!("{path}/withdraw")).expect(200);
    seat.command(&format!("{path}/withdraw")).expect(409);
    let agreed = apply();
    assert!(agreed.json()["approval_id"].is_string());
    decide(&agreed.id(), "AGREE");
    let done = seat.get(&format!("/share-applications/{}", agreed.id()));
    let done = done.expect(200).json();
    assert_eq!(
        (&done["state"], &done["decided_by"]["id"]),
        (&json!("PERFORMED"), &json!(administrator.id()))
    );
    app.other_salesperson().get(&there).expect(200);
    let listed = seat.get("/share-applications?state=PERFORMED").expect(200);
    assert_eq!(listed.ids(), [agreed.id()]);
}
