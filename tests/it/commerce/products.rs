//! Products and their list prices (CUS-49).

use serde_json::{Value, json};

use super::{product, yuan};
use crate::harness::{TestApp, together};

fn new(code: &str, name: &str) -> Value {
    json!({
        "code": code,
        "name": name,
        "class": "PREMIUM",
        "product_line": "存储",
        "unit_name": "套",
        "list_price": yuan("0.01"),
    })
}

#[test]
fn a_code_is_taken_whatever_its_width_and_case() {
    let app = TestApp::start();
    product(&app);
    let administrator = app.administrator();
    for code in ["XL-100", "xl-100", "ＸＬ－１００", " XL -100 "] {
        administrator
            .post("/products", new(code, "另一产品"))
            .expect_code(409, "DUPLICATE");
    }
    administrator
        .post("/products", new("XL100", "另一产品"))
        .expect(201);
}

#[test]
fn of_twenty_who_add_one_code_at_once_one_succeeds() {
    let app = TestApp::start();
    let administrator = app.administrator();
    administrator.get("/products").expect(200);
    let answers = together(20, |n| {
        administrator
            .post("/products", new("A-1", &format!("产品{n}")))
            .status()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 19);
}

#[test]
fn a_list_price_is_more_than_zero_and_every_text_says_something() {
    let app = TestApp::start();
    let mut body = new("A-1", "产品");
    body["list_price"] = yuan("0.00");
    app.administrator()
        .post("/products", body)
        .expect_code(422, "VALIDATION_FAILED");
    let refused = app
        .administrator()
        .post("/products", new(" ", "\u{3000}"))
        .expect(422);
    let fields: Vec<_> = refused
        .failing_fields()
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(fields, ["/code", "/name"]);
}

#[test]
fn the_list_is_found_by_the_beginning_of_name_or_code() {
    let app = TestApp::start();
    let id = product(&app);
    let other = app
        .administrator()
        .post("/products", new("ST-7", "存储阵列"))
        .expect(201)
        .id();
    let seller = app.salesperson();
    let found = |query: &str| seller.get(&format!("/products?{query}")).expect(200).ids();
    assert_eq!(found("q=xl"), std::slice::from_ref(&id));
    assert_eq!(found("q=%E5%85%88%E5%BD%95"), std::slice::from_ref(&id));
    assert_eq!(
        found("product_line=%E5%AD%98%E5%82%A8"),
        std::slice::from_ref(&other)
    );
    assert_eq!(found("class=OWN"), std::slice::from_ref(&id));
    assert_eq!(found("sort=code"), [other.clone(), id.clone()]);
    assert_eq!(found("sort=-code&limit=1"), std::slice::from_ref(&id));
    assert_eq!(found("q=zzz"), [""; 0]);
    seller.get("/products?colour=red").expect(400);
}

#[test]
fn only_who_manages_products_changes_them_and_a_change_of_nothing_is_none() {
    let app = TestApp::start();
    let id = product(&app);
    let path = format!("/products/{id}");
    let seller = app.salesperson();
    let read = seller.get(&path).expect(200);
    assert_eq!(read.json()["allowed_actions"], json!([]));
    seller
        .patch(&path, &read.etag(), json!({ "active": false }))
        .expect(403);
    app.stranger().get(&path).expect(403);
    let administrator = app.administrator();
    let same = administrator
        .patch(&path, &read.etag(), json!({ "name": "先录服务器 100 型" }))
        .expect(200);
    assert_eq!(same.etag(), read.etag());
    let changed = administrator
        .patch(
            &path,
            &read.etag(),
            json!({ "list_price": yuan("120.00"), "active": false }),
        )
        .expect(200)
        .json();
    assert_eq!(changed["list_price"], yuan("120.00"));
    assert_eq!(changed["allowed_actions"], json!(["UPDATE", "ACTIVATE"]));
    administrator
        .patch(&path, &read.etag(), json!({ "active": true }))
        .expect(412);
}
