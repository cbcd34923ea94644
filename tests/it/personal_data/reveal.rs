//! What readers see, and what it takes to see it in clear.

use chrono::Duration;

use crate::{
    customers::{complete, with},
    harness::{Person, TestApp, json, statuses, together},
};

use super::rows;

const ROUTE: &str = "地铁1号线国贸站B口";

fn customer(app: &TestApp) -> String {
    let mut body = with(
        complete("惠普中国有限公司"),
        "email",
        json!("Info@hp.example.com"),
    );
    body["transport_route"] = json!(ROUTE);
    body["contacts"][0]["office_phone"] = json!("021-63539330-1010");
    body["contacts"][0]["email"] = json!("wang@hp.example.com");
    app.salesperson().post("/customers", body).expect(201).id()
}

#[test]
fn everybody_sees_it_masked_and_a_reveal_shows_it_and_is_on_record_without_the_values() {
    let app = TestApp::start();
    let id = customer(&app);
    let salesperson = app.salesperson();
    let card = salesperson
        .get(&format!("/customers/{id}"))
        .expect(200)
        .json();
    assert_eq!(card["phone"], "010-****1234");
    assert_eq!(card["address"], "北京市****");
    assert_eq!(card["email"], "I****@hp.example.com");
    assert_eq!(card["transport_route"], "****");
    let contact = &card["contacts"][0];
    assert_eq!(contact["mobile"], "138****8000");
    assert_eq!(contact["office_phone"], "021-****9330");
    assert_eq!(contact["email"], "w****@hp.example.com");
    assert!(
        card["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!("REVEAL"))
    );

    let revealed = salesperson
        .post(
            &format!("/customers/{id}/reveal"),
            json!({ "reason": "电话回访" }),
        )
        .expect(200);
    assert_eq!(revealed.header("cache-control"), Some("no-store"));
    let revealed = revealed.json();
    assert_eq!(revealed["phone"], "010-85201234");
    assert_eq!(revealed["address"], "北京市朝阳区建国路88号");
    assert_eq!(revealed["email"], "Info@hp.example.com");
    assert_eq!(revealed["transport_route"], ROUTE);
    let contact = format!("/contacts/{}/reveal", contact["id"].as_str().unwrap());
    let revealed = salesperson
        .post(&contact, json!({ "fields": ["MOBILE"] }))
        .expect(200)
        .json();
    assert_eq!(revealed["mobile"], "13800138000");
    assert_eq!(
        revealed["office_phone"],
        json!(null),
        "it was not asked for"
    );

    let history = format!("/history?subject_kind=CUSTOMER&subject_id={id}&sort=-at");
    let events: Vec<_> = salesperson
        .get(&history)
        .expect(200)
        .items()
        .into_iter()
        .filter(|event| event["kind"] == "customer.revealed")
        .map(|event| event["data"].clone())
        .collect();
    assert_eq!(events.len(), 2);
    assert!(events.iter().any(|data| data["reason"] == "电话回访"
        && data["fields"] == json!(["PHONE", "ADDRESS", "EMAIL", "TRANSPORT_ROUTE"])));
    assert!(
        events
            .iter()
            .any(|data| data["fields"] == json!(["MOBILE"]))
    );
    assert!(!json!(events).to_string().contains("138001"));
}

#[test]
fn the_phone_of_an_opportunity_is_masked_and_revealed_too() {
    let app = TestApp::start();
    let body = json!({ "customer_name": "惠普中国有限公司", "phone": "13912345678" });
    let made = app.salesperson().post("/opportunities", body).expect(201);
    assert_eq!(made.json()["phone"], "139****5678");
    assert_eq!(made.json()["may_reveal"], true);
    let path = format!("/opportunities/{}", made.id());
    let revealed = app
        .salesperson()
        .post(&format!("{path}/reveal"), json!({}))
        .expect(200);
    assert_eq!(revealed.json()["phone"], "13912345678");
    let director = app.branch_director().get(&path).expect(200).json();
    assert_eq!(director["phone"], "139****5678");
    // The same number again is no change.
    let again = app
        .salesperson()
        .patch(&path, &made.etag(), json!({ "phone": "139 1234 5678" }))
        .expect(200);
    assert_eq!(again.etag(), made.etag());
    let other = app
        .salesperson()
        .patch(&path, &made.etag(), json!({ "phone": "13912340000" }))
        .expect(200)
        .json();
    assert_eq!(other["phone"], "139****0000");
}

#[test]
fn a_masked_value_that_comes_back_is_refused_and_nothing_changes() {
    let app = TestApp::start();
    let id = customer(&app);
    let (salesperson, path) = (app.salesperson(), format!("/customers/{id}"));
    let card = salesperson.get(&path).expect(200);
    let shown = card.json();
    let patch = json!({
        "phone": shown["phone"], "address": shown["address"],
        "email": shown["email"], "transport_route": "****国贸站",
    });
    for field in ["phone", "address", "email", "transport_route"] {
        let refused = salesperson
            .patch(&path, &card.etag(), json!({ field: patch[field] }))
            .expect(422);
        assert_eq!(
            refused.failing_fields(),
            [(format!("/{field}"), "MASKED_VALUE".to_owned())]
        );
    }
    let contact = format!("/contacts/{}", shown["contacts"][0]["id"].as_str().unwrap());
    for field in ["mobile", "office_phone", "email"] {
        let masked = shown["contacts"][0][field].clone();
        let refused = salesperson
            .patch(&contact, "\"1\"", json!({ field: masked }))
            .expect(422);
        assert_eq!(refused.failing_fields()[0].1, "MASKED_VALUE");
    }
    // Whatever else is edited leaves it as it is.
    salesperson
        .patch(&path, &card.etag(), json!({ "industry": "制造" }))
        .expect(200);
    let revealed = salesperson
        .post(&format!("{path}/reveal"), json!({}))
        .expect(200)
        .json();
    assert_eq!(revealed["phone"], "010-85201234");
    assert_eq!(revealed["email"], "Info@hp.example.com");
}

#[test]
fn whoever_is_asked_to_review_it_has_it_revealed_until_it_is_decided() {
    let app = TestApp::start();
    let id = customer(&app);
    let path = format!("/customers/{id}");
    let stand_in = app.other_salesperson();
    stand_in.get(&path).expect(404);
    app.salesperson()
        .command(&format!("{path}/submit"))
        .expect(200);
    let (holder, delegate) = (app.department_manager().id(), stand_in.id());
    app.sql(&format!(
        "INSERT INTO delegations (id, delegator_id, delegate_id, starts_at, ends_at, reason, version, created_at, updated_at)
         VALUES ('01980000-0000-7000-8000-0000000d0001', '{holder}', '{delegate}', '2026-03-01 00:00:00', '2026-03-09 00:00:00', '出差', 1, '2026-03-01 00:00:00', '2026-03-01 00:00:00')"
    ));
    let card = stand_in.get(&path).expect(200).json();
    assert_eq!(card["allowed_actions"], json!(["REVEAL"]));
    let revealed = stand_in
        .post(&format!("{path}/reveal"), json!({}))
        .expect(200);
    assert_eq!(revealed.json()["phone"], "010-85201234");
    app.salesperson()
        .command(&format!("{path}/withdraw"))
        .expect(200);
    stand_in
        .post(&format!("{path}/reveal"), json!({}))
        .expect(404);
}

#[test]
fn who_may_only_read_is_refused_by_rule() {
    let app = TestApp::start();
    let id = customer(&app);
    let refused = app
        .branch_director()
        .get(&format!("/customers/{id}"))
        .expect(200);
    let may = refused.json()["allowed_actions"]
        .as_array()
        .unwrap()
        .contains(&json!("REVEAL"));
    assert!(may, "the branch director manages the branch's sales");
    let auditor = app.auditor();
    let card = auditor.get(&format!("/customers/{id}")).expect(200).json();
    assert_eq!(card["allowed_actions"], json!([]));
    let refused = auditor
        .post(&format!("/customers/{id}/reveal"), json!({}))
        .expect(403);
    assert_eq!(refused.problem()["rule"], "SEC-06");
    assert_eq!(app.count("reveal_counts"), 0);
}

#[test]
fn of_those_who_come_together_only_as_many_as_the_days_bound_allows_are_served() {
    let app = TestApp::start();
    let id = customer(&app);
    let path = format!("/customers/{id}/reveal");
    let reveal = || app.salesperson().post(&path, json!({}));
    reveal().expect(200);
    app.sql("UPDATE reveal_counts SET count = 193");
    let answers = together(20, |_| reveal());
    assert_eq!(statuses(&answers), [(200, 7), (429, 13)]);
    let refused = reveal().expect_code(429, "TOO_MANY_REQUESTS");
    assert_eq!(refused.problem()["rule"], "SEC-06");
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(wait, 15 * 3600, "until midnight in Shanghai");
    app.department_manager().post(&path, json!({})).expect(200);
    app.advance(Duration::seconds(wait));
    let first = together(10, |_| reveal());
    assert_eq!(statuses(&first), [(200, 10)], "also the first of a day");
    assert_eq!(
        app.count("events WHERE kind = 'customer.revealed'"),
        1 + 7 + 1 + 10
    );
}

#[test]
fn a_revealed_answer_that_is_kept_for_its_retry_is_sealed() {
    let app = TestApp::start();
    let id = customer(&app);
    let path = format!("/customers/{id}/reveal");
    let send = || {
        app.client(Person::Salesperson)
            .request("POST", &path)
            .key("reveal-once")
            .json(&json!({}))
            .send()
    };
    let first = send().expect(200).json();
    let again = send().expect(200);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.json(), first);
    assert_eq!(app.count("events WHERE kind = 'customer.revealed'"), 1);
    assert!(rows(&app).iter().all(|row| !row.contains("85201234")));
}

#[test]
fn whoever_is_leaving_has_nothing_revealed_any_more() {
    let app = TestApp::start();
    let id = customer(&app);
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let body = json!({ "customer_name": "惠普中国有限公司", "phone": "13912345678" });
    let opportunity = seller.post("/opportunities", body).expect(201).id();
    let card = seller.get(&format!("/customers/{id}")).expect(200).json();
    let contact = card["contacts"][0]["id"].as_str().unwrap().to_owned();
    let paths = [
        format!("/customers/{id}/reveal"),
        format!("/contacts/{contact}/reveal"),
        format!("/opportunities/{opportunity}/reveal"),
    ];
    for path in &paths {
        seller.post(path, json!({})).expect(200);
    }
    let body = json!({ "user_id": seller.id(), "last_day": "2026-03-31", "reason": "辞职" });
    manager.post("/departures", body).expect(201);
    let revealed = app.count("events WHERE kind LIKE '%.revealed'");
    for path in &paths {
        let refused = seller.post(path, json!({})).expect(403).problem();
        assert_eq!(refused["rule"], "ORG-23", "{path}");
    }
    assert_eq!(app.count("events WHERE kind LIKE '%.revealed'"), revealed);
    // What one may do says so, and the card is there as before.
    let card = seller.get(&format!("/customers/{id}")).expect(200).json();
    assert_eq!(card["phone"], "010-****1234");
    let actions = card["allowed_actions"].as_array().unwrap();
    assert!(!actions.contains(&json!("REVEAL")), "{actions:?}");
    let shown = seller.get(&format!("/opportunities/{opportunity}"));
    assert_eq!(shown.expect(200).json()["may_reveal"], false);
    manager.post(&paths[0], json!({})).expect(200);
}
