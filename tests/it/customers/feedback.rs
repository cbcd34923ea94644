//! Satisfaction and loyalty (CUS-52).

use super::complete;
use crate::harness::{Person, TestApp, json};

#[test]
fn feedback_is_recorded_by_the_owner_and_by_customer_service_and_summed_up() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let customer = seller
        .post("/customers", complete("反馈客户有限公司"))
        .expect(201);
    let contact = customer.json()["contacts"][0]["id"].clone();
    let list = format!("/customers/{}/feedback", customer.id());
    let service = app.client(Person::Auditor);
    let grant = json!({ "role_code": "CUSTOMER_SERVICE", "scope": "COMPANY" });
    app.administrator()
        .post(&format!("/users/{}/grants", service.id()), grant)
        .expect(201);
    let body = |on: &str, satisfaction: i32| json!({ "received_on": on, "channel": "SURVEY", "satisfaction": satisfaction });
    let mut first = body("2026-03-01", 4);
    first["loyalty"] = json!(9);
    first["contact_id"] = contact;
    first["content"] = json!("实施进度满意");
    let made = seller.post(&list, first).expect(201);
    let told = service.post(&list, body("2026-02-01", 5)).expect(201);
    app.president()
        .post(&list, body("2026-03-01", 1))
        .expect(403);
    app.colleague()
        .post(&list, body("2026-03-01", 1))
        .expect(404);
    service
        .post(
            &list,
            json!({ "received_on": "2026-02-02", "channel": "PHONE", "satisfaction": 4 }),
        )
        .expect(201);

    let summary = seller
        .get(&format!("/customers/{}/feedback-summary", customer.id()))
        .expect(200)
        .json();
    assert_eq!(
        (
            &summary["count"],
            &summary["average_satisfaction"],
            &summary["average_loyalty"]
        ),
        (&json!(3), &json!("4.33"), &json!("9.00"))
    );
    assert_eq!(summary["last_received_on"], "2026-03-01");
    let on = |query: &str| {
        seller
            .get(&format!("{list}?{query}"))
            .expect(200)
            .items()
            .len()
    };
    assert_eq!(on("channel=PHONE"), 1);
    assert_eq!(
        on("received_on_gte=2026-02-02&received_on_lte=2026-03-01"),
        2
    );
    assert_eq!(seller.get(&list).expect(200).items()[0]["id"], made.id());

    // Corrected by its author and by who looks after the customer; what it said stays on record.
    let path = format!("/feedback/{}", told.id());
    let changed = service
        .patch(&path, &told.etag(), json!({ "satisfaction": 2 }))
        .expect(200);
    assert_eq!(changed.json()["version"], 2);
    service
        .patch(&path, &told.etag(), json!({ "satisfaction": 3 }))
        .expect(412);
    service
        .patch(
            &format!("/feedback/{}", made.id()),
            "*",
            json!({ "satisfaction": 1 }),
        )
        .expect(403);
    seller
        .patch(&path, "*", json!({ "content": "电话回访" }))
        .expect(200);
    let events =
        app.texts("SELECT data AS text FROM events WHERE kind = 'customer.feedback_corrected'");
    assert!(
        events
            .iter()
            .any(|data| data.contains("\"from\":5") && data.contains("\"to\":2"))
    );
}

#[test]
fn feedback_tells_something_that_has_happened_and_by_a_contact_of_the_customer() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let customer = seller
        .post("/customers", complete("反馈客户有限公司"))
        .expect(201);
    let other = seller
        .post("/customers", complete("其他客户有限公司"))
        .expect(201);
    let list = format!("/customers/{}/feedback", customer.id());
    let body = json!({
        "received_on": "2026-03-03", "channel": "PHONE", "contact_id": other.json()["contacts"][0]["id"],
    });
    let refused = seller.post(&list, body).expect(422);
    let codes: Vec<_> = refused
        .failing_fields()
        .into_iter()
        .map(|(_, code)| code)
        .collect();
    assert_eq!(
        codes,
        [
            "IN_THE_FUTURE",
            "NOTHING_TOLD",
            "NOT_A_CONTACT_OF_THE_CUSTOMER"
        ]
    );
    for (member, out) in [
        ("satisfaction", 0),
        ("satisfaction", 6),
        ("loyalty", -1),
        ("loyalty", 11),
    ] {
        let mut body = json!({ "received_on": "2026-03-02", "channel": "PHONE" });
        body[member] = json!(out);
        seller.post(&list, body).expect(422);
    }
    let none = seller
        .get(&format!("/customers/{}/feedback-summary", customer.id()))
        .expect(200)
        .json();
    assert_eq!(
        (&none["count"], &none["average_loyalty"]),
        (&json!(0), &json!(null))
    );
}
