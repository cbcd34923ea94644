use chrono::Duration;

use super::{effective_customer, registered};
use crate::harness::{TestApp, Value, json};

const NAME: &str = "惠普中国有限公司";

fn visit(customer: &str) -> Value {
    json!({ "customer_id": customer, "kind": "VISIT", "happened_at": "2026-03-02T00:30:00Z",
        "content": "拜访采购部", "place": "客户总部" })
}

#[test]
fn a_visit_is_recorded_with_its_author_and_starts_both_clocks_again() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let customer = effective_customer(&seller, &manager, NAME);
    let opportunity = registered(&seller, &manager, NAME);
    app.advance(Duration::days(40));
    let mut body = visit(&customer);
    body["opportunity_id"] = json!(opportunity);
    body["happened_at"] = json!("2026-04-10T02:00:00Z");
    let recorded = seller.post("/activities", body.clone()).expect(201);
    assert_eq!(recorded.json()["owner_id"], json!(seller.id()));
    assert_eq!(recorded.json()["customer_name"], NAME);
    body["happened_at"] = json!("2026-04-01T02:00:00Z");
    seller.post("/activities", body).expect(201);
    let read = seller
        .get(&format!("/opportunities/{opportunity}"))
        .expect(200)
        .json();
    assert_eq!(
        read["last_activity_at"], "2026-04-10T02:00:00.000000Z",
        "never backwards"
    );
    assert_eq!(
        (&read["idle"], &read["days_untouched"]),
        (&json!(false), &json!(0))
    );
    let listed = manager
        .get(&format!("/activities?customer_id={customer}&kind_in=VISIT"))
        .expect(200);
    assert_eq!(listed.items().len(), 2);
    assert_eq!(
        listed.items()[0]["happened_at"],
        "2026-04-10T02:00:00.000000Z"
    );
}

#[test]
fn what_cannot_have_happened_is_refused_with_every_field() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let customer = effective_customer(&seller, &app.department_manager(), NAME);
    let mut body = visit(&customer);
    body["happened_at"] = json!("2026-03-02T01:00:00.000001Z");
    body["content"] = json!("　");
    body["remind_at"] = json!("2026-03-01T01:00:00Z");
    body["contact_id"] = json!("01980000-0000-7000-8000-000000000009");
    let fields = seller
        .post("/activities", body)
        .expect(422)
        .failing_fields();
    let pointers: Vec<_> = fields.into_iter().map(|field| field.0).collect();
    assert_eq!(
        pointers,
        ["/content", "/happened_at", "/remind_at", "/contact_id"]
    );
    let mut body = visit(&customer);
    body["happened_at"] = json!("1999-12-31T15:59:59Z");
    seller.post("/activities", body).expect(422);
    app.colleague()
        .post("/activities", visit(&customer))
        .expect(422);
    app.president()
        .post("/activities", visit(&customer))
        .expect(403);
}

#[test]
fn its_author_and_the_direct_superior_correct_it_and_nobody_else() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let customer = effective_customer(&seller, &manager, NAME);
    let id = seller
        .post("/activities", visit(&customer))
        .expect(201)
        .id();
    let path = format!("/activities/{id}");
    let mine = seller.get(&path).expect(200);
    assert_eq!(mine.json()["allowed_actions"], json!(["EDIT"]));
    let next = seller
        .patch(&path, &mine.etag(), json!({ "result": "安排演示" }))
        .expect(200);
    seller
        .patch(&path, &mine.etag(), json!({ "result": "旧版本" }))
        .expect(412);
    let next = manager
        .patch(&path, &next.etag(), json!({ "place": null }))
        .expect(200);
    assert_eq!(next.json()["place"], json!(null));
    let director = app.branch_director();
    assert_eq!(
        director.get(&path).expect(200).json()["allowed_actions"],
        json!([])
    );
    director
        .patch(&path, &next.etag(), json!({ "result": "间接上司" }))
        .expect(403);
    app.colleague().get(&path).expect(404);
}
