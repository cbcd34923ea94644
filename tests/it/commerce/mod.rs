//! Products, quotes and contracts: what may be quoted, who approves which discount, who signs off which contract.

mod contracts;
mod placements;
mod products;
mod quotes;
mod suppliers;

use serde_json::{Value, json};

use crate::{
    customers::complete,
    harness::{Answer, Client, TestApp},
};

/// A customer in effect, visited, and an opportunity of it at stage 3: ready to be quoted.
pub struct Deal {
    pub customer: String,
    pub opportunity: String,
    pub product: String,
}

/// An amount of money.
pub fn yuan(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "CNY" })
}

/// Decides a pending approval as somebody.
pub fn decide(who: &Client<'_>, approval: &str, opinion: &str) -> Answer {
    let etag = who
        .get(&format!("/approvals/{approval}"))
        .expect(200)
        .etag();
    let mut body = json!({ "opinion": opinion });
    if opinion != "AGREE" {
        body["comment"] = json!("价格过低");
    }
    who.decide(&format!("/approvals/{approval}/decisions"), &etag, body)
}

/// The approval that a record waits for.
pub fn approval_of(record: &Value) -> String {
    record["approval_id"]
        .as_str()
        .expect("a pending approval")
        .to_owned()
}

/// A customer of the salesperson that passed its review.
pub fn customer(app: &TestApp, name: &str) -> String {
    let seller = app.salesperson();
    let id = seller.post("/customers", complete(name)).expect(201).id();
    let card = seller
        .command(&format!("/customers/{id}/submit"))
        .expect(200);
    decide(
        &app.department_manager(),
        &approval_of(&card.json()),
        "AGREE",
    )
    .expect(200);
    id
}

/// An opportunity of the salesperson that passed its review.
pub fn opportunity(app: &TestApp, customer: &str, stage: i32) -> String {
    let seller = app.salesperson();
    let body = json!({
        "customer_id": customer,
        "contact_name": "王建国",
        "phone": "13800138000",
        "source": "SELF_DEVELOPED",
        "region_code": "110105",
        "description": "客户计划本季度采购服务器",
    });
    let id = seller.post("/opportunities", body).expect(201).id();
    let path = format!("/opportunities/{id}");
    let card = seller.command(&format!("{path}/submit")).expect(200);
    decide(
        &app.department_manager(),
        &approval_of(&card.json()),
        "AGREE",
    )
    .expect(200);
    let etag = seller.get(&path).expect(200).etag();
    seller
        .patch(&path, &etag, json!({ "stage": stage }))
        .expect(200);
    id
}

/// Records a face-to-face visit.
pub fn visit(app: &TestApp, customer: &str) {
    let body = json!({
        "customer_id": customer,
        "kind": "VISIT",
        "happened_at": "2026-03-01T02:00:00Z",
        "content": "拜访采购部，介绍产品方案",
    });
    app.salesperson().post("/activities", body).expect(201);
}

/// A product of 100.00 yuan list price.
pub fn product(app: &TestApp) -> String {
    let body = json!({
        "code": "XL-100",
        "name": "先录服务器 100 型",
        "class": "OWN",
        "product_line": "服务器",
        "unit_name": "台",
        "list_price": yuan("100.00"),
    });
    app.administrator().post("/products", body).expect(201).id()
}

/// Everything that a quote needs.
pub fn deal(app: &TestApp) -> Deal {
    let customer = customer(app, "惠普中国有限公司");
    let opportunity = opportunity(app, &customer, 3);
    visit(app, &customer);
    Deal {
        customer,
        opportunity,
        product: product(app),
    }
}

/// A quote of some pieces at one price each.
pub fn quote(deal: &Deal, quantity: i64, price: &str) -> Value {
    json!({
        "opportunity_id": deal.opportunity,
        "title": "服务器采购报价",
        "valid_until": "2026-12-31",
        "lines": [{ "product_id": deal.product, "quantity": quantity, "quoted_price": yuan(price) }],
    })
}

/// A quote at this price that was approved by whoever must.
pub fn approved_quote(app: &TestApp, deal: &Deal, quantity: i64, price: &str) -> String {
    let seller = app.salesperson();
    let id = seller
        .post("/quotes", quote(deal, quantity, price))
        .expect(201)
        .id();
    let sent = seller
        .command(&format!("/quotes/{id}/submit"))
        .expect(200)
        .json();
    let approver = match sent["tier"].as_str() {
        Some("DEPARTMENT_MANAGER") => app.department_manager(),
        Some("PRESIDENT_ASSISTANT") => app.president_assistant(),
        _ => app.vice_president(),
    };
    decide(&approver, &approval_of(&sent), "AGREE").expect(200);
    id
}

/// A signed contract with a customer of the salesperson, decided by the department manager.
pub fn signed_contract(app: &TestApp, customer: &str, number: &str, amount: &str) -> String {
    let seller = app.salesperson();
    let body = json!({
        "number": number,
        "title": "服务器采购合同",
        "customer_id": customer,
        "amount": yuan(amount),
        "list_amount": yuan(amount),
        "product_sale": true,
        "standard_text": true,
    });
    let id = seller.post("/contracts", body).expect(201).id();
    let path = format!("/contracts/{id}");
    let sent = seller.command(&format!("{path}/submit")).expect(200).json();
    decide(&app.department_manager(), &approval_of(&sent), "AGREE").expect(200);
    let sign = json!({ "signed_on": "2026-03-02" });
    seller.post(&format!("{path}/sign"), sign).expect(200);
    id
}
