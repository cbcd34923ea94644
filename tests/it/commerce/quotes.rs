//! Who may be quoted to, and whose approval a discount takes (QUO-01..07, QUO-12, AMB-9, AMB-29).

use serde_json::{Value, json};

use super::{
    Deal, approval_of, approved_quote, customer, deal, decide, opportunity, product, quote, visit,
    yuan,
};
use crate::harness::{Client, TestApp, together};

fn codes(problem: &Value) -> Vec<String> {
    problem["refusals"]
        .as_array()
        .expect("refusals")
        .iter()
        .map(|refusal| refusal["code"].as_str().unwrap().to_owned())
        .collect()
}

fn state(who: &Client<'_>, id: &str) -> String {
    let read = who.get(&format!("/quotes/{id}")).expect(200).json();
    read["state"].as_str().unwrap().to_owned()
}

#[test]
fn everything_that_stands_against_a_quote_is_said_at_once() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let opportunity = opportunity(&app, &customer, 2);
    let deal = Deal {
        product: product(&app),
        customer,
        opportunity,
    };
    let seller = app.salesperson();
    let refused = seller
        .post("/quotes", quote(&deal, 1, "50.00"))
        .expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["rule"], "QUO-01");
    assert_eq!(
        codes(&refused.problem()),
        ["STAGE_TOO_EARLY", "VISIT_REQUIRED"]
    );
    visit(&app, &deal.customer);
    let refused = seller.post("/quotes", quote(&deal, 1, "50.00")).expect(409);
    assert_eq!(codes(&refused.problem()), ["STAGE_TOO_EARLY"]);
    assert_eq!(app.count("quotes"), 0);
}

#[test]
fn without_a_meeting_only_a_granted_exception_helps() {
    let app = TestApp::start();
    let customer = customer(&app, "惠普中国有限公司");
    let opportunity = opportunity(&app, &customer, 3);
    let deal = Deal {
        product: product(&app),
        customer,
        opportunity,
    };
    let seller = app.salesperson();
    let refused = seller.post("/quotes", quote(&deal, 1, "50.00")).expect(409);
    assert_eq!(refused.problem()["rule"], "QUO-04");
    assert_eq!(codes(&refused.problem()), ["VISIT_REQUIRED"]);
    let mut body = quote(&deal, 1, "50.00");
    body["exception_reason"] = json!("招标文件要求先行报价");
    let refused = seller.post("/quotes", body.clone()).expect(409);
    assert_eq!(
        codes(&refused.problem()),
        ["VISIT_REQUIRED", "EXCEPTION_NOT_PERMITTED"]
    );
    let made = app
        .department_manager()
        .post("/quotes", body)
        .expect(201)
        .json();
    assert_eq!(made["exception_reason"], "招标文件要求先行报价");
    assert_eq!(made["owner_name"], "销售癸");
    let id = made["id"].as_str().unwrap();
    seller.command(&format!("/quotes/{id}/submit")).expect(200);
}

#[test]
fn the_discount_says_who_approves_it() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    for (price, ratio, tier, rule) in [
        ("50.00", "0.5000", "DEPARTMENT_MANAGER", "QUO-05"),
        ("49.99", "0.4999", "PRESIDENT_ASSISTANT", "QUO-06"),
        ("45.00", "0.4500", "PRESIDENT_ASSISTANT", "QUO-06"),
        ("44.99", "0.4499", "EXECUTIVE", "QUO-07"),
    ] {
        let made = seller.post("/quotes", quote(&deal, 3, price)).expect(201);
        let id = made.id();
        let made = made.json();
        assert_eq!(
            (
                &made["ratio"],
                &made["tier"],
                &made["rule"],
                &made["policy_number"]
            ),
            (&json!(ratio), &json!(tier), &json!(rule), &json!(0)),
        );
        assert_eq!(made["list_total"], yuan("300.00"));
        assert_eq!(made["allowed_actions"], json!(["UPDATE", "SUBMIT"]));
        let path = format!("/quotes/{id}");
        let sent = seller.command(&format!("{path}/submit")).expect(200).json();
        assert_eq!(sent["allowed_actions"], json!(["UPDATE", "WITHDRAW"]));
        let (right, wrong) = match tier {
            "DEPARTMENT_MANAGER" => (app.department_manager(), app.president()),
            "PRESIDENT_ASSISTANT" => (app.president_assistant(), app.department_manager()),
            _ => (app.president(), app.president_assistant()),
        };
        let approval = approval_of(&sent);
        let etag = right
            .get(&format!("/approvals/{approval}"))
            .expect(200)
            .etag();
        let refused = wrong.decide(
            &format!("/approvals/{approval}/decisions"),
            &etag,
            json!({ "opinion": "AGREE" }),
        );
        assert!(matches!(refused.status(), 403 | 404), "{}", refused.text());
        decide(&right, &approval, "AGREE").expect(200);
        let read = seller.get(&path).expect(200).json();
        assert_eq!(read["state"], "APPROVED");
        assert!(read["approved_at"].is_string());
        assert_eq!(read["approval_id"], Value::Null);
        assert_eq!(read["allowed_actions"], json!(["UPDATE", "SEND"]));
    }
}

#[test]
fn one_deep_line_lifts_the_whole_quote() {
    let app = TestApp::start();
    let deal = deal(&app);
    let mut body = quote(&deal, 9, "90.00");
    let deep = json!({ "product_id": deal.product, "quantity": 1, "quoted_price": yuan("44.00") });
    body["lines"].as_array_mut().unwrap().push(deep);
    let made = app.salesperson().post("/quotes", body).expect(201).json();
    assert_eq!(made["tier"], "EXECUTIVE");
    assert_eq!(made["deepest_line"], 2);
    assert_eq!(made["ratio"], "0.8540");
    assert_eq!(made["lines"][1]["ratio"], "0.4400");
}

#[test]
fn nothing_is_sent_before_its_approval() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let id = seller
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(201)
        .id();
    let send = format!("/quotes/{id}/send");
    for submitted in [false, true] {
        if submitted {
            seller.command(&format!("/quotes/{id}/submit")).expect(200);
        }
        let refused = seller.command(&send).expect_code(409, "RULE_REFUSED");
        assert_eq!(refused.problem()["rule"], "QUO-02");
    }
    let id = approved_quote(&app, &deal, 1, "60.00");
    let sent = seller
        .command(&format!("/quotes/{id}/send"))
        .expect(200)
        .json();
    assert_eq!(sent["state"], "SENT");
    assert_eq!(sent["allowed_actions"], json!(["ACCEPT", "DECLINE"]));
    let etag = seller.get(&format!("/quotes/{id}")).expect(200).etag();
    let refused = seller
        .patch(&format!("/quotes/{id}"), &etag, json!({ "title": "改" }))
        .expect(409);
    assert_eq!(refused.problem()["rule"], "QUO-02");
    let accepted = seller
        .command(&format!("/quotes/{id}/accept"))
        .expect(200)
        .json();
    assert_eq!(accepted["state"], "ACCEPTED");
    assert_eq!(accepted["allowed_actions"], json!([]));
}

#[test]
fn an_expired_quote_is_neither_sent_nor_accepted_but_may_be_declined() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let kept = approved_quote(&app, &deal, 1, "60.00");
    let sent = approved_quote(&app, &deal, 1, "60.00");
    seller.command(&format!("/quotes/{sent}/send")).expect(200);
    app.advance(chrono::Duration::days(305));
    for path in [
        format!("/quotes/{kept}/send"),
        format!("/quotes/{sent}/accept"),
    ] {
        let refused = seller.command(&path).expect(409);
        assert_eq!(refused.problem()["reason"], "VALIDITY_PAST");
    }
    let read = seller.get(&format!("/quotes/{sent}")).expect(200).json();
    assert_eq!(read["expired"], true);
    assert_eq!(read["allowed_actions"], json!(["DECLINE"]));
    let body = json!({ "reason": "预算取消" });
    let declined = seller
        .post(&format!("/quotes/{sent}/decline"), body)
        .expect(200)
        .json();
    assert_eq!(declined["decline_reason"], "预算取消");
}

#[test]
fn an_edit_voids_the_approval() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let id = seller
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(201)
        .id();
    let path = format!("/quotes/{id}");
    let sent = seller.command(&format!("{path}/submit")).expect(200);
    let approval = approval_of(&sent.json());
    let manager = app.department_manager();
    let seen = manager
        .get(&format!("/approvals/{approval}"))
        .expect(200)
        .etag();
    let lines =
        json!([{ "product_id": deal.product, "quantity": 1, "quoted_price": yuan("44.00") }]);
    let edited = seller
        .patch(&path, &sent.etag(), json!({ "lines": lines }))
        .expect(200)
        .json();
    assert_eq!(
        (&edited["state"], &edited["tier"]),
        (&json!("DRAFT"), &json!("EXECUTIVE"))
    );
    let late = manager.decide(
        &format!("/approvals/{approval}/decisions"),
        &seen,
        json!({ "opinion": "AGREE" }),
    );
    assert!(matches!(late.status(), 404 | 409 | 412), "{}", late.text());
    assert_eq!(state(&seller, &id), "DRAFT");
    let approved = approved_quote(&app, &deal, 1, "60.00");
    let path = format!("/quotes/{approved}");
    let etag = seller.get(&path).expect(200).etag();
    let edited = seller
        .patch(&path, &etag, json!({ "remarks": "含三年质保" }))
        .expect(200)
        .json();
    assert_eq!(
        (&edited["state"], &edited["approved_at"]),
        (&json!("DRAFT"), &Value::Null)
    );
    let same = seller.get(&path).expect(200).etag();
    let unchanged = seller.patch(&path, &same, json!({})).expect(200);
    assert_eq!(unchanged.etag(), same);
}

#[test]
fn rejected_and_returned_quotes_are_corrected_and_submitted_again() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let id = seller
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(201)
        .id();
    let path = format!("/quotes/{id}");
    for (opinion, becomes) in [("DISAGREE", "REJECTED"), ("RETURN", "RETURNED")] {
        let sent = seller.command(&format!("{path}/submit")).expect(200).json();
        decide(&app.department_manager(), &approval_of(&sent), opinion).expect(200);
        let read = seller.get(&path).expect(200).json();
        assert_eq!(read["state"], becomes);
        assert_eq!(read["decision_comment"], "价格过低");
        assert_eq!(read["allowed_actions"], json!(["UPDATE", "SUBMIT"]));
    }
    seller.command(&format!("{path}/submit")).expect(200);
    let back = seller
        .command(&format!("{path}/withdraw"))
        .expect(200)
        .json();
    assert_eq!(
        (&back["state"], &back["approval_id"]),
        (&json!("DRAFT"), &Value::Null)
    );
}

#[test]
fn list_prices_are_those_of_the_moment() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let made = seller.post("/quotes", quote(&deal, 1, "60.00")).expect(201);
    let administrator = app.administrator();
    let path = format!("/products/{}", deal.product);
    let etag = administrator.get(&path).expect(200).etag();
    let change = json!({ "list_price": yuan("200.00"), "active": false });
    administrator.patch(&path, &etag, change).expect(200);
    let read = seller
        .get(&format!("/quotes/{}", made.id()))
        .expect(200)
        .json();
    assert_eq!(read["ratio"], "0.6000");
    let refused = seller.post("/quotes", quote(&deal, 1, "60.00")).expect(422);
    assert_eq!(
        refused.failing_fields(),
        [(
            "/lines/0/product_id".to_owned(),
            "INACTIVE_PRODUCT".to_owned()
        )]
    );
}

#[test]
fn amounts_no_money_can_hold_and_unknown_things_are_failing_fields() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let mut body = quote(&deal, 1_000_000, "9999999999999.99");
    body["valid_until"] = json!("2026-03-01");
    body["opportunity_id"] = json!(deal.customer);
    let refused = seller.post("/quotes", body).expect(422);
    let found: Vec<_> = refused.failing_fields().into_iter().map(|f| f.0).collect();
    for pointer in ["/lines/0/quantity", "/opportunity_id", "/valid_until"] {
        assert!(
            found.iter().any(|found| found == pointer),
            "{pointer}: {found:?}"
        );
    }
    seller.post("/quotes", quote(&deal, 0, "1.00")).expect(422);
    seller.post("/quotes", quote(&deal, 1, "-1.00")).expect(422);
}

#[test]
fn colleagues_do_not_see_a_quote_and_strangers_make_none() {
    let app = TestApp::start();
    let deal = deal(&app);
    let id = app
        .salesperson()
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(201)
        .id();
    let path = format!("/quotes/{id}");
    app.colleague().get(&path).expect(404);
    app.colleague()
        .command(&format!("{path}/submit"))
        .expect(404);
    app.stranger()
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(403);
    app.colleague()
        .post("/quotes", quote(&deal, 1, "60.00"))
        .expect(422);
    let manager = app
        .department_manager()
        .get("/quotes?state_in=DRAFT,SENT")
        .expect(200);
    assert_eq!(manager.ids(), [id]);
    assert_eq!(manager.items()[0]["customer_name"], "惠普中国有限公司");
    app.salesperson().get("/quotes?state_in=SOLD").expect(400);
    let none = app
        .salesperson()
        .get("/quotes?tier_in=EXECUTIVE")
        .expect(200);
    assert_eq!(none.ids(), [""; 0]);
}

#[test]
fn of_an_edit_and_an_approval_at_once_one_wins() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    for round in 0..5 {
        let id = seller
            .post("/quotes", quote(&deal, 1, "60.00"))
            .expect(201)
            .id();
        let path = format!("/quotes/{id}");
        let sent = seller.command(&format!("{path}/submit")).expect(200);
        let approval = approval_of(&sent.json());
        let manager = app.department_manager();
        let etag = manager
            .get(&format!("/approvals/{approval}"))
            .expect(200)
            .etag();
        let answers = together(2, |n| match n {
            0 => seller
                .patch(
                    &path,
                    &sent.etag(),
                    json!({ "title": format!("第 {round} 轮") }),
                )
                .status(),
            _ => manager
                .decide(
                    &format!("/approvals/{approval}/decisions"),
                    &etag,
                    json!({ "opinion": "AGREE" }),
                )
                .status(),
        });
        let wanted = match answers.as_slice() {
            [200, 404 | 409 | 412] => "DRAFT",
            [412, 200] => "APPROVED",
            other => panic!("{other:?}"),
        };
        assert_eq!(state(&seller, &id), wanted);
    }
}

#[test]
fn a_partner_that_lets_its_customers_lapse_gets_no_special_price() {
    let app = TestApp::start();
    let deal = deal(&app);
    app.sql("UPDATE units SET kind = 'JOINT_VENTURE' WHERE name = '华东分公司'");
    let seller = app.salesperson();
    let special = seller
        .post("/quotes", quote(&deal, 1, "49.99"))
        .expect(201)
        .id();
    let ordinary = seller
        .post("/quotes", quote(&deal, 1, "50.00"))
        .expect(201)
        .id();
    app.advance(chrono::Duration::days(31));
    let refused = seller
        .command(&format!("/quotes/{special}/submit"))
        .expect(409);
    assert_eq!(refused.problem()["rule"], "QUO-12");
    assert_eq!(codes(&refused.problem()), ["PARTNER_DATA_LAPSED"]);
    let read = seller.get(&format!("/quotes/{special}")).expect(200).json();
    assert_eq!(read["allowed_actions"], json!(["UPDATE"]));
    seller
        .command(&format!("/quotes/{ordinary}/submit"))
        .expect(200);
    let call = json!({
        "customer_id": deal.customer,
        "kind": "CALL",
        "happened_at": app.now().to_string(),
        "content": "电话确认交货期",
    });
    seller.post("/activities", call).expect(201);
    seller
        .command(&format!("/quotes/{special}/submit"))
        .expect(200);
}
