//! Suppliers (CUS-01): one of each name and code, rated by who does not manage them.

use crate::harness::{Client, Person, TestApp, Value, json, statuses, together};

/// Gives a person a role beside their own.
fn give(app: &TestApp, person: Person, role: &str) {
    let body = json!({ "role_code": role, "scope": "COMPANY" });
    let user = app.client(person).id();
    app.administrator()
        .post(&format!("/users/{user}/grants"), body)
        .expect(201);
}

fn supplier(name: &str) -> Value {
    json!({ "name": name, "scope": "服务器配件", "contact_name": "李供应", "phone": "021-63539330" })
}

fn ids(client: &Client<'_>, query: &str) -> Vec<String> {
    client.get(&format!("/suppliers{query}")).expect(200).ids()
}

#[test]
fn of_twenty_who_register_one_supplier_at_once_one_does() {
    let app = TestApp::start();
    give(&app, Person::Colleague, "PURCHASER");
    let buyer = app.colleague();
    buyer.get("/suppliers").expect(200);
    let spellings = [
        "上海示例电子有限公司",
        "上海 示例电子 有限公司\u{3000}",
        "上海示例電子有限公司",
    ];
    let answers = together(20, |n| buyer.post("/suppliers", supplier(spellings[n % 3])));
    assert_eq!(statuses(&answers), [(201, 1), (409, 19)]);
    let lost = answers
        .iter()
        .find(|answer| answer.status() == 409)
        .unwrap();
    assert_eq!(lost.problem()["rule"], "CUS-01");
    assert_eq!(
        lost.failing_fields(),
        [("/name".to_owned(), "TAKEN".to_owned())]
    );
    let code = |name: &str| {
        let mut body = supplier(name);
        body["credit_code"] = json!("91350100M000100Y43");
        buyer.post("/suppliers", body)
    };
    code("北京示例材料有限公司").expect(201);
    let taken = code("深圳示例材料有限公司").expect(409);
    assert_eq!(taken.failing_fields()[0].0, "/credit_code");
    let short = buyer.post("/suppliers", supplier("示例")).expect(422);
    assert_eq!(short.failing_fields()[0].0, "/name");
}

#[test]
fn who_manages_suppliers_does_not_rate_them() {
    let app = TestApp::start();
    give(&app, Person::Colleague, "PURCHASER");
    give(&app, Person::Auditor, "ASSET_ADMINISTRATOR");
    let (buyer, rater) = (app.colleague(), app.auditor());
    let made = buyer
        .post("/suppliers", supplier("上海示例电子有限公司"))
        .expect(201);
    let path = format!("/suppliers/{}", made.id());
    assert_eq!(made.json()["rating"], json!(null));
    assert_eq!(made.json()["allowed_actions"], json!(["EDIT"]));
    let rating = |rating: i32| json!({ "rating": rating, "reason": "交货及时" });
    let rate = |client: &Client<'_>, etag: &str, body: Value| {
        client.decide(&format!("{path}/rate"), etag, body)
    };
    rate(&buyer, "*", rating(5)).expect_code(403, "FORBIDDEN");
    for out in [0, 6] {
        rate(&rater, "*", rating(out)).expect(422);
    }
    let rated = rate(&rater, &made.etag(), rating(4)).expect(200).json();
    assert_eq!(
        (&rated["rating"], &rated["rated_by"]["name"]),
        (&json!(4), &json!("审计辰"))
    );
    assert_eq!(
        rated["phone"].as_str().map(|phone| phone.contains('*')),
        Some(true)
    );
    rate(&rater, &made.etag(), rating(1)).expect(412);
    rater
        .patch(&path, "*", json!({ "scope": "无" }))
        .expect(403);
    app.salesperson().get(&path).expect_code(403, "FORBIDDEN");
    buyer
        .post("/suppliers", supplier("北京示例材料有限公司"))
        .expect(201);
    assert_eq!(ids(&buyer, "?rating_gte=4"), [made.id()]);
    assert_eq!(ids(&buyer, "?rating_gte=5"), [""; 0]);
    assert_eq!(ids(&buyer, "?q=%E4%B8%8A%E6%B5%B7"), [made.id()]);
    assert_eq!(ids(&buyer, "?sort=-rating")[0], made.id());
    let history = format!("/history?subject_kind=SUPPLIER&subject_id={}", made.id());
    assert_eq!(buyer.get(&history).expect(200).items().len(), 2);
}

#[test]
fn a_change_is_told_without_the_phone_and_a_deleted_supplier_leaves_its_name() {
    let app = TestApp::start();
    let administrator = app.administrator();
    let made = administrator
        .post("/suppliers", supplier("上海示例电子有限公司"))
        .expect(201);
    let path = format!("/suppliers/{}", made.id());
    let change = json!({ "phone": "13900139000", "email": "li@supplier.example.com", "remarks": "长期合作" });
    let changed = administrator.patch(&path, &made.etag(), change).expect(200);
    assert_eq!(changed.json()["phone"], "13900139000");
    let kept = app.texts("SELECT phone || ' ' || email AS text FROM suppliers");
    assert!(
        kept.iter().all(|kept| kept.matches("v1.").count() == 2),
        "{kept:?}"
    );
    let events = app.texts("SELECT data AS text FROM events WHERE subject_kind = 'SUPPLIER'");
    assert!(events.iter().all(|data| !data.contains("13900139000")
        && !data.contains("63539330")
        && !data.contains("li@")
        && !data.contains("李供应")));
    let reason = json!({ "reason": "已倒闭" });
    administrator
        .decide(&format!("{path}/delete"), &changed.etag(), reason)
        .expect(200);
    let again = administrator
        .post("/suppliers", supplier("上海示例电子有限公司"))
        .expect(201);
    administrator
        .command(&format!("{path}/restore"))
        .expect_code(409, "DUPLICATE");
    assert_eq!(ids(&administrator, ""), [again.id()]);
    assert_eq!(ids(&administrator, "?deleted=true"), [made.id()]);
    administrator.get(&path).expect(200);
    administrator
        .patch(&path, "*", json!({ "scope": "无" }))
        .expect(404);
    administrator
        .command(&format!("/suppliers/{}/restore", again.id()))
        .expect_code(409, "STATE_CONFLICT");
}
