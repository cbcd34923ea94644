//! Keeping customers up: value, key mark, confirmation, major changes, supplements (CUS-23, CUS-25, CUS-26, CUS-43,
//! CUS-46).

use chrono::Duration;
use serde_json::{Value, json};

use super::complete;
use crate::{
    commerce::{customer, signed_contract, visit},
    harness::{TestApp, statuses, together},
};

fn scores(size: u8, benefit: u8, investment: u8) -> Value {
    json!({ "scores": [
        { "criterion": "COMPANY_SIZE", "score": size },
        { "criterion": "BENEFIT", "score": benefit },
        { "criterion": "PROJECT_INVESTMENT", "score": investment },
    ] })
}

#[test]
fn scores_give_a_value_and_a_grade_and_all_are_kept() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = seller
        .post("/customers", complete("价值有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}/value-assessments");
    let first = seller.post(&path, scores(3, 4, 5)).expect(201).json();
    assert_eq!(
        (&first["value"], &first["grade"]),
        (&json!("77.50"), &json!("B"))
    );
    assert_eq!(first["policy_number"], 0);
    app.advance(Duration::days(1));
    seller.post(&path, scores(5, 5, 5)).expect(201);
    let card = seller.get(&format!("/customers/{id}")).expect(200).json();
    assert_eq!(
        (&card["value_grade"], &card["version"]),
        (&json!("A"), &json!(3))
    );
    let grades: Vec<_> = seller
        .get(&path)
        .expect(200)
        .items()
        .into_iter()
        .map(|row| row["grade"].clone())
        .collect();
    assert_eq!(grades, ["A", "B"]);
    let found = seller.get("/customers?value_grade_in=A").expect(200).ids();
    assert_eq!(found, std::slice::from_ref(&id));
    let wrong = json!({ "scores": [
        { "criterion": "COMPANY_SIZE", "score": 5 },
        { "criterion": "LUCK", "score": 5 },
    ] });
    let fields = seller.post(&path, wrong).expect(422).failing_fields();
    assert_eq!(
        fields,
        [
            ("/scores/1/criterion".to_owned(), "REQUIRED".to_owned()),
            ("/scores".to_owned(), "REQUIRED".to_owned())
        ]
    );
    seller.post(&path, scores(0, 3, 3)).expect(422);
    app.colleague().post(&path, scores(1, 1, 1)).expect(404);
}

#[test]
fn of_many_assessments_of_one_version_one_is_kept() {
    let app = TestApp::start();
    let id = app
        .salesperson()
        .post("/customers", complete("同时评估有限公司"))
        .expect(201)
        .id();
    let answers = together(8, |n| {
        let score = 1 + u8::try_from(n % 5).unwrap();
        app.salesperson()
            .request("POST", &format!("/customers/{id}/value-assessments"))
            .if_match("\"1\"")
            .json(&scores(score, score, score))
            .send()
    });
    assert_eq!(statuses(&answers), [(201, 1), (412, 7)]);
    assert_eq!(app.count("value_assessments"), 1);
}

#[test]
fn a_key_customer_is_marked_by_the_manager_with_a_reason() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = seller
        .post("/customers", complete("重点有限公司"))
        .expect(201)
        .id();
    let mark = format!("/customers/{id}/mark-key");
    let reason = json!({ "reason": "年度采购额最大" });
    seller
        .post(&mark, reason.clone())
        .expect_code(403, "FORBIDDEN");
    let manager = app.department_manager();
    manager.post(&mark, json!({ "reason": " " })).expect(422);
    let card = manager.post(&mark, reason.clone()).expect(200).json();
    assert_eq!(card["is_key_customer"], true);
    assert_eq!(card["standing"]["key_reason"], "年度采购额最大");
    let refused = manager.post(&mark, reason).expect(409);
    assert_eq!(refused.problem()["rule"], "CUS-46");
    let listed = app
        .vice_president()
        .get("/customers?is_key_customer=true")
        .expect(200)
        .ids();
    assert_eq!(listed, std::slice::from_ref(&id));
    let card = manager
        .command(&format!("/customers/{id}/unmark-key"))
        .expect(200)
        .json();
    assert_eq!(card["standing"]["key_reason"], Value::Null);
}

#[test]
fn data_is_due_for_confirmation_after_ninety_days_and_its_owner_is_reminded_once() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = customer(&app, "更新有限公司");
    let path = format!("/customers/{id}");
    let needs = || seller.get(&path).expect(200).json()["standing"]["needs_refresh"].clone();
    let reminders = || {
        seller
            .walk(&format!("{path}/timeline?kind_in=CUSTOMER"))
            .into_iter()
            .filter(|entry| entry["event"] == "customer.refresh_due")
            .count()
    };
    let remind = || xianlu::jobs::runner::remind_due(app.inside()).unwrap();
    app.advance(Duration::days(90));
    remind();
    assert_eq!((needs(), reminders()), (json!(false), 0));
    app.advance(Duration::microseconds(1));
    assert_eq!(needs(), true);
    let due = seller
        .get("/customers?needs_refresh=true")
        .expect(200)
        .ids();
    assert_eq!(due, std::slice::from_ref(&id));
    remind();
    remind();
    assert_eq!(reminders(), 1);
    let confirmed = seller
        .command(&format!("{path}/confirm-current"))
        .expect(200);
    assert_eq!(confirmed.json()["standing"]["needs_refresh"], false);
    assert!(
        seller
            .get("/customers?needs_refresh=true")
            .expect(200)
            .ids()
            .is_empty()
    );
    app.advance(Duration::days(91));
    remind();
    assert_eq!(reminders(), 2);
    app.colleague()
        .command(&format!("{path}/confirm-current"))
        .expect(404);
}

#[test]
fn of_many_reminders_at_once_one_is_written() {
    let app = TestApp::start();
    let id = customer(&app, "提醒有限公司");
    app.advance(Duration::days(91));
    together(6, |_| {
        xianlu::jobs::runner::remind_due(app.inside()).unwrap();
    });
    let history = format!("/customers/{id}/timeline?kind_in=CUSTOMER");
    let reminded = app
        .salesperson()
        .walk(&history)
        .into_iter()
        .filter(|entry| entry["event"] == "customer.refresh_due")
        .count();
    assert_eq!(reminded, 1);
}

#[test]
fn a_major_change_is_judged_by_how_soon_it_was_entered() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = seller
        .post("/customers", complete("变动有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}/major-changes");
    let today = app.now().date_in(chrono_tz::Asia::Shanghai);
    let change = |days: i64| {
        json!({
            "kind": "ORGANISATION", "note": "部门合并",
            "occurred_on": (today - Duration::days(days)).to_string(),
        })
    };
    for (days, in_time) in [(0, true), (1, true), (2, false)] {
        let entered = seller.post(&path, change(days)).expect(201).json();
        assert_eq!(
            (&entered["days"], &entered["in_time"]),
            (&json!(days), &json!(in_time))
        );
    }
    assert_eq!(
        seller.post(&path, change(-1)).expect(422).failing_fields(),
        [("/occurred_on".to_owned(), "IN_FUTURE".to_owned())]
    );
    assert_eq!(seller.walk(&format!("{path}?limit=2")).len(), 3);
    let statistics = seller
        .get(&format!("/customers/{id}/statistics"))
        .expect(200)
        .json();
    assert_eq!(
        (
            &statistics["major_changes"],
            &statistics["late_major_changes"]
        ),
        (&json!(3), &json!(1))
    );
    app.colleague().post(&path, change(0)).expect(404);
}

#[test]
fn customer_service_supplements_only_who_has_signed_and_only_what_is_about_the_company() {
    let app = TestApp::start();
    let id = customer(&app, "成交有限公司");
    let administrator = app.administrator();
    let service = app.stranger();
    let grant = json!({ "role_code": "CUSTOMER_SERVICE", "scope": "COMPANY" });
    administrator
        .post(&format!("/users/{}/grants", service.id()), grant)
        .expect(201);
    let path = format!("/customers/{id}/supplement");
    let body = json!({ "workflow": "先审批后采购", "operations": "两家工厂" });
    let refused = service
        .patch(&path, "*", body.clone())
        .expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["rule"], "CUS-23");
    visit(&app, &id);
    signed_contract(&app, &id, "HT-CS-1", "1000.00");
    let card = service.patch(&path, "*", body.clone()).expect(200).json();
    assert_eq!(card["workflow"], "先审批后采购");
    let version = card["version"].clone();
    let again = service.patch(&path, "*", body).expect(200).json();
    assert_eq!(again["version"], version);
    service
        .patch(&path, "*", json!({ "remarks": "不归客服" }))
        .expect_code(422, "VALIDATION_FAILED");
    service
        .patch(&format!("/customers/{id}"), "*", json!({ "grade": 7 }))
        .expect(403);
    app.salesperson()
        .patch(&path, "*", json!({ "workflow": "不归销售" }))
        .expect(403);
}
