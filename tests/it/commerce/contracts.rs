//! Who signs a contract off (CON-01..05, CON-08, AMB-7, AMB-28, AMB-47).

use serde_json::{Value, json};

use super::{Deal, approval_of, approved_quote, customer, deal, decide, opportunity, quote, yuan};
use crate::{
    customers::complete,
    harness::{Client, TestApp, together},
};

/// A contract of a customer, without a quote.
fn contract(customer: &str, number: &str, amount: &str, list_amount: &str) -> Value {
    json!({
        "number": number,
        "title": "服务器采购合同",
        "customer_id": customer,
        "amount": yuan(amount),
        "list_amount": yuan(list_amount),
        "product_sale": true,
        "standard_text": true,
    })
}

/// A contract on an approved quote.
fn on_quote(deal: &Deal, quote: &str, number: &str, amount: &str) -> Value {
    let mut body = contract(&deal.customer, number, amount, "1.00");
    body.as_object_mut().unwrap().remove("list_amount");
    body["quote_id"] = json!(quote);
    body
}

fn read(who: &Client<'_>, id: &str) -> Value {
    who.get(&format!("/contracts/{id}")).expect(200).json()
}

/// 444,444.44 yuan list price quoted so that 200,000.00 is at most as deep as it.
fn corner(app: &TestApp) -> (Deal, String) {
    let deal = deal(app);
    let administrator = app.administrator();
    let path = format!("/products/{}", deal.product);
    let etag = administrator.get(&path).expect(200).etag();
    let change = json!({ "list_price": yuan("444444.44") });
    administrator.patch(&path, &etag, change).expect(200);
    let quote = approved_quote(app, &deal, 1, "200000.00");
    (deal, quote)
}

#[test]
fn a_small_standard_contract_is_decided_by_the_department_manager_alone() {
    let app = TestApp::start();
    let (deal, quote) = corner(&app);
    let seller = app.salesperson();
    let made = seller
        .post("/contracts", on_quote(&deal, &quote, "HT-1", "200000.00"))
        .expect(201);
    let id = made.id();
    let made = made.json();
    assert_eq!(made["ratio"], "0.4500");
    assert_eq!(made["list_amount"], yuan("444444.44"));
    assert_eq!(made["opportunity_id"], json!(deal.opportunity));
    assert_eq!(
        (&made["route"], &made["rule"]),
        (&json!("DEPARTMENT_MANAGER"), &json!("CON-02"))
    );
    assert_eq!(made["route_reasons"], json!([]));
    assert_eq!(
        made["allowed_actions"],
        json!(["UPDATE", "SUBMIT", "CANCEL"])
    );
    let sent = seller
        .command(&format!("/contracts/{id}/submit"))
        .expect(200)
        .json();
    let approval = approval_of(&sent);
    let refused = decide(&app.department_manager(), &approval, "RETURN").expect(409);
    assert_eq!(refused.problem()["rule"], "CON-03");
    decide(&app.department_manager(), &approval, "AGREE").expect(200);
    assert_eq!(read(&seller, &id)["state"], "APPROVED");
    let signed = seller
        .post(
            &format!("/contracts/{id}/sign"),
            json!({ "signed_on": "2026-03-02" }),
        )
        .expect(200)
        .json();
    assert_eq!(
        (&signed["state"], &signed["signed_on"]),
        (&json!("SIGNED"), &json!("2026-03-02"))
    );
    assert_eq!(signed["allowed_actions"], json!([]));
    let etag = seller.get(&format!("/contracts/{id}")).expect(200).etag();
    seller
        .patch(&format!("/contracts/{id}"), &etag, json!({ "title": "改" }))
        .expect_code(409, "RULE_REFUSED");
}

#[test]
fn one_fen_more_deeper_or_another_text_is_countersigned() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let seller = app.salesperson();
    let base = contract(&customer, "HT-0", "200000.00", "400000.00");
    let with = |number: &str, member: &str, value: Value| {
        let mut body = base.clone();
        body["number"] = json!(number);
        body[member] = value;
        body
    };
    for (body, reasons) in [
        (
            with("HT-1", "amount", yuan("200000.01")),
            json!(["AMOUNT_ABOVE_LIMIT"]),
        ),
        (
            with("HT-2", "list_amount", yuan("445434.30")),
            json!(["DISCOUNT_BELOW_FLOOR"]),
        ),
        (
            with("HT-3", "standard_text", json!(false)),
            json!(["NOT_STANDARD_TEXT"]),
        ),
        (
            with("HT-4", "product_sale", json!(false)),
            json!(["NOT_PRODUCT_SALE"]),
        ),
        (base.clone(), json!([])),
    ] {
        let made = seller.post("/contracts", body).expect(201).json();
        let route = if reasons == json!([]) {
            "DEPARTMENT_MANAGER"
        } else {
            "COUNTERSIGN"
        };
        assert_eq!(
            (&made["route"], &made["route_reasons"]),
            (&json!(route), &reasons)
        );
    }
}

#[test]
fn countersigning_takes_the_preliminary_opinion_and_then_all_three() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let seller = app.salesperson();
    let submitted = |number: &str| {
        let body = contract(&customer, number, "200000.01", "200000.01");
        let id = seller.post("/contracts", body).expect(201).id();
        let sent = seller
            .command(&format!("/contracts/{id}/submit"))
            .expect(200)
            .json();
        (id, approval_of(&sent))
    };
    let (id, approval) = submitted("HT-1");
    assert!(matches!(
        app.president()
            .get(&format!("/approvals/{approval}"))
            .status(),
        200 | 404
    ));
    decide(&app.sales_management_manager(), &approval, "AGREE").expect(200);
    for who in [
        app.rd_vice_president(),
        app.service_vice_president(),
        app.president(),
    ] {
        assert_eq!(read(&seller, &id)["state"], "SUBMITTED");
        decide(&who, &approval, "AGREE").expect(200);
    }
    assert_eq!(read(&seller, &id)["state"], "APPROVED");
    let (id, approval) = submitted("HT-2");
    decide(&app.sales_management_manager(), &approval, "AGREE").expect(200);
    decide(&app.service_vice_president(), &approval, "DISAGREE").expect(200);
    let ended = read(&seller, &id);
    assert_eq!(
        (&ended["state"], &ended["approval_id"]),
        (&json!("REJECTED"), &Value::Null)
    );
}

#[test]
fn a_customer_that_is_not_in_the_system_gets_one_answer_however_it_is_missing() {
    let app = TestApp::start();
    let (seller, other) = (app.salesperson(), app.other_salesperson());
    let hidden = customer(&app, "惠普中国有限公司");
    let draft = seller
        .post("/customers", complete("联想北京有限公司"))
        .expect(201)
        .id();
    let unknown = "01980000-0000-7000-8000-00000fffffff".to_owned();
    let mut details = Vec::new();
    for (who, customer) in [(&seller, &unknown), (&seller, &draft), (&other, &hidden)] {
        let body = contract(customer, "HT-1", "1000.00", "1000.00");
        let refused = who
            .post("/contracts", body)
            .expect_code(409, "RULE_REFUSED")
            .problem();
        assert_eq!(refused["rule"], "CON-01");
        details.push(refused["detail"].clone());
    }
    assert!(details.iter().all(|detail| *detail == details[0]));
    assert_eq!(app.count("contracts"), 0);
}

#[test]
fn a_contract_is_at_most_as_deep_as_its_quote() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let quoted = approved_quote(&app, &deal, 100, "60.00");
    let refused = seller
        .post("/contracts", on_quote(&deal, &quoted, "HT-1", "5999.99"))
        .expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["reason"], "DISCOUNT_DEEPER_THAN_QUOTE");
    let id = seller
        .post("/contracts", on_quote(&deal, &quoted, "HT-1", "6000.00"))
        .expect(201)
        .id();
    let draft = seller
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(201)
        .id();
    let refused = seller
        .post("/contracts", on_quote(&deal, &draft, "HT-2", "100.00"))
        .expect(409);
    assert_eq!(refused.problem()["reason"], "QUOTE_NOT_APPROVED");
    let mut body = on_quote(&deal, &quoted, "HT-2", "6000.00");
    body["list_amount"] = yuan("1.00");
    let refused = seller.post("/contracts", body).expect(422);
    assert_eq!(refused.failing_fields()[0].0, "/list_amount");
    // The quote is changed: it is no longer an approved one, so the contract cannot rest on it.
    let path = format!("/quotes/{quoted}");
    let etag = seller.get(&path).expect(200).etag();
    seller
        .patch(&path, &etag, json!({ "title": "改" }))
        .expect(200);
    let shown = read(&seller, &id);
    assert_eq!(shown["allowed_actions"], json!(["UPDATE", "CANCEL"]));
    let refused = seller
        .command(&format!("/contracts/{id}/submit"))
        .expect(409);
    assert_eq!(refused.problem()["rule"], "QUO-02");
}

#[test]
fn without_a_quote_the_tier_speaks_before_the_department_manager() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let seller = app.salesperson();
    let body = contract(&customer, "HT-1", "180000.00", "400000.00");
    let made = seller.post("/contracts", body).expect(201);
    assert_eq!(made.json()["route"], "DEPARTMENT_MANAGER");
    assert_eq!(made.json()["discount_tier"], "PRESIDENT_ASSISTANT");
    let id = made.id();
    let sent = seller
        .command(&format!("/contracts/{id}/submit"))
        .expect(200)
        .json();
    let approval = approval_of(&sent);
    decide(&app.president_assistant(), &approval, "AGREE").expect(200);
    assert_eq!(read(&seller, &id)["state"], "SUBMITTED");
    decide(&app.department_manager(), &approval, "AGREE").expect(200);
    assert_eq!(read(&seller, &id)["state"], "APPROVED");
    let half = contract(&customer, "HT-2", "200000.00", "400000.00");
    assert_eq!(
        seller.post("/contracts", half).expect(201).json()["discount_tier"],
        Value::Null
    );
    let mut body = contract(&customer, "HT-3", "1.00", "1.00");
    body.as_object_mut().unwrap().remove("list_amount");
    let refused = seller.post("/contracts", body).expect(422);
    assert_eq!(
        refused.failing_fields(),
        [("/list_amount".to_owned(), "REQUIRED".to_owned())]
    );
}

#[test]
fn an_edit_voids_what_was_approved_and_a_cancellation_ends_what_is_pending() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let seller = app.salesperson();
    let body = contract(&customer, "HT-1", "1000.00", "1000.00");
    let id = seller.post("/contracts", body).expect(201).id();
    let path = format!("/contracts/{id}");
    let sent = seller.command(&format!("{path}/submit")).expect(200).json();
    decide(&app.department_manager(), &approval_of(&sent), "AGREE").expect(200);
    let etag = seller.get(&path).expect(200).etag();
    let edited = seller
        .patch(&path, &etag, json!({ "standard_text": false }))
        .expect(200)
        .json();
    assert_eq!(
        (&edited["state"], &edited["route"], &edited["approved_at"]),
        (&json!("DRAFT"), &json!("COUNTERSIGN"), &Value::Null)
    );
    seller.command(&format!("{path}/submit")).expect(200);
    let sign = json!({ "signed_on": "2026-03-02" });
    seller
        .post(&format!("{path}/sign"), sign)
        .expect_code(409, "RULE_REFUSED");
    seller
        .post(&format!("{path}/cancel"), json!({ "reason": " " }))
        .expect(422);
    let reason = json!({ "reason": "客户取消采购" });
    let ended = seller
        .post(&format!("{path}/cancel"), reason)
        .expect(200)
        .json();
    assert_eq!(
        (
            &ended["state"],
            &ended["approval_id"],
            &ended["cancel_reason"]
        ),
        (&json!("CANCELLED"), &Value::Null, &json!("客户取消采购"))
    );
    assert_eq!(app.count("pending_approvals"), 0);
}

#[test]
fn a_number_is_taken_once_whoever_comes_first() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let seller = app.salesperson();
    let answers = together(10, |_| {
        seller
            .post(
                "/contracts",
                contract(&customer, "HT-1", "1000.00", "1000.00"),
            )
            .status()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 9);
    seller
        .post(
            "/contracts",
            contract(&customer, "ht－1", "1000.00", "1000.00"),
        )
        .expect_code(409, "DUPLICATE");
}

#[test]
fn an_approved_contract_concludes_its_opportunity() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let opportunity = opportunity(&app, &customer, 3);
    let seller = app.salesperson();
    let mut body = contract(&customer, "HT-1", "1000.00", "1000.00");
    body["opportunity_id"] = json!(opportunity);
    let id = seller.post("/contracts", body).expect(201).id();
    let close = format!("/opportunities/{opportunity}/close-won");
    seller.command(&close).expect(422);
    let sent = seller
        .command(&format!("/contracts/{id}/submit"))
        .expect(200)
        .json();
    decide(&app.department_manager(), &approval_of(&sent), "AGREE").expect(200);
    seller.command(&close).expect(200);
}
