//! What the card says: address, industry, completeness, entry, statistics, timeline (CUS-09, CUS-16, CUS-20, CUS-29,
//! CUS-40, CUS-44).

use chrono::Duration;
use serde_json::{Value, json};

use super::{complete, with};
use crate::{
    commerce::{customer, signed_contract, visit},
    harness::{Client, TestApp, together},
};

fn card(who: &Client<'_>, id: &str) -> Value {
    who.get(&format!("/customers/{id}")).expect(200).json()
}

#[test]
fn an_address_without_city_road_or_number_is_refused_by_what_is_missing() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let mut body = with(
        complete("地址有限公司"),
        "address",
        json!("朝阳门外大街办公区"),
    );
    let refused = seller
        .post(
            "/customers",
            with(body.clone(), "address", json!("联系人自取资料")),
        )
        .expect_code(422, "VALIDATION_FAILED");
    let field = refused.problem()["errors"][0].clone();
    assert_eq!(field["pointer"], "/address");
    assert_eq!(field["code"], "ADDRESS_INCOMPLETE");
    // The division names the city.
    assert_eq!(field["params"]["missing"], json!(["ROAD", "NUMBER"]));
    assert_eq!(field["params"]["rule"], "CUS-09");
    body.as_object_mut().unwrap().remove("division_code");
    let refused = seller
        .post(
            "/customers",
            with(body.clone(), "address", json!("建国路88号")),
        )
        .expect(422);
    assert_eq!(
        refused.problem()["errors"][0]["params"]["missing"],
        json!(["CITY"])
    );
    body["address"] = json!("义乌市大陈镇新区三组");
    let made = seller.post("/customers", body).expect(201);
    let path = format!("/customers/{}", made.id());
    let edit = json!({ "address": "没有这样的地方吧" });
    seller
        .patch(&path, "\"1\"", edit)
        .expect_code(422, "VALIDATION_FAILED");
}

#[test]
fn an_industry_is_one_of_the_standard() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let list = seller.get("/metadata/industries").expect(200).items();
    assert_eq!(list.len(), 117);
    let body = with(complete("行业有限公司"), "industry_code", json!("A99"));
    assert_eq!(
        seller.post("/customers", body).failing_fields(),
        [("/industry_code".to_owned(), "UNKNOWN_INDUSTRY".to_owned())]
    );
    let body = with(complete("行业有限公司"), "industry_code", json!("C36"));
    let made = seller.post("/customers", body).expect(201).json();
    assert_eq!(made["industry_code"], "C36");
    assert_eq!(made["standing"]["industry_name_zh"], "制造业 / 汽车制造业");
}

#[test]
fn the_profile_is_complete_when_intro_needs_grade_actions_and_emails_are_there() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = seller
        .post("/customers", complete("资料有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let standing = || card(&seller, &id)["standing"].clone();
    assert_eq!(standing()["completeness"], 0);
    assert_eq!(standing()["lacking"].as_array().unwrap().len(), 9);
    let fill = json!({
        "business_scope": "服务器销售", "former_systems": "手工台账", "operations": "三班制",
        "basic_needs": "需要进销存", "grade": 3,
    });
    seller.patch(&path, "\"1\"", fill).expect(200);
    assert_eq!(standing()["completeness"], 60);
    let activity = json!({
        "customer_id": id, "kind": "EMAIL", "happened_at": "2026-03-01T02:00:00Z",
        "content": "发送方案", "result": "客户已收到", "remind_at": "2026-03-09T02:00:00Z",
    });
    let activity = seller.post("/activities", activity).expect(201);
    assert_eq!(standing()["completeness"], 100);
    assert_eq!(standing()["lacking"], json!([]));
    let undone = json!({ "result": null });
    seller
        .patch(
            &format!("/activities/{}", activity.id()),
            &activity.etag(),
            undone,
        )
        .expect(200);
    assert_eq!(standing()["lacking"], json!(["ACTIONS_NOW"]));
    let lacking = |query: &str| seller.get(&format!("/customers?{query}")).expect(200).ids();
    assert_eq!(lacking("lacks=ACTIONS_NOW"), std::slice::from_ref(&id));
    assert_eq!(lacking("completeness_gte=93"), [id]);
    assert!(lacking("completeness_lt=93").is_empty());
}

#[test]
fn activities_and_edits_at_once_leave_the_profile_as_it_is() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = seller
        .post("/customers", complete("并发资料有限公司"))
        .expect(201)
        .id();
    let fields = [
        "business_scope",
        "former_systems",
        "operations",
        "basic_needs",
    ];
    together(8, |n| {
        if let Some(field) = fields.get(n) {
            let body = json!({ *field: "已了解" });
            app.salesperson()
                .patch(&format!("/customers/{id}"), "*", body)
                .expect(200);
        } else {
            visit(&app, &id);
        }
    });
    let standing = card(&seller, &id)["standing"].clone();
    assert_eq!(
        standing["lacking"],
        json!(["GRADE", "ACTIONS_NOW", "ACTIONS_NEXT", "EMAILS"])
    );
}

#[test]
fn an_entry_is_warned_of_after_seven_days_and_late_after_ten() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let today = app.now().date_in(chrono_tz::Asia::Shanghai);
    let entered = |name: &str, days: i64| {
        let first = today - Duration::days(days);
        let body = with(complete(name), "first_contact_on", json!(first.to_string()));
        seller.post("/customers", body).expect(201).id()
    };
    let ids: Vec<_> = [7, 8, 10, 11]
        .into_iter()
        .map(|days| entered(&format!("第{days}天有限公司"), days))
        .collect();
    let states: Vec<_> = ids
        .iter()
        .map(|id| card(&seller, id)["standing"]["entry_state"].clone())
        .collect();
    assert_eq!(states, ["PENDING", "WARNING", "WARNING", "LATE"]);
    let listed = |states: &str| {
        let path = format!("/customers?entry_state_in={states}&sort=created_at,name");
        let mut found = seller.get(&path).expect(200).ids();
        found.sort();
        found
    };
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort();
        ids
    };
    assert_eq!(listed("PENDING"), sorted(&ids[..1]));
    assert_eq!(listed("WARNING"), sorted(&ids[1..3]));
    assert_eq!(listed("LATE"), sorted(&ids[3..]));
    // Submission judges once; a day later nothing has changed.
    let submit = format!("/customers/{}/submit", ids[0]);
    seller.command(&submit).expect(200);
    app.advance(Duration::days(1));
    assert_eq!(card(&seller, &ids[0])["standing"]["entry_state"], "IN_TIME");
    assert_eq!(listed("IN_TIME"), sorted(&ids[..1]));
    assert_eq!(listed("PENDING"), Vec::<String>::new());
    assert_eq!(listed("WARNING,LATE"), sorted(&ids[1..]));
}

/// AMB-5.
#[test]
fn an_entry_between_the_limits_is_submitted_with_its_special_reason() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let today = app.now().date_in(chrono_tz::Asia::Shanghai);
    let entered = |days: i64| {
        let first = today - Duration::days(days);
        let name = format!("第{days}天有限公司");
        let body = with(
            complete(&name),
            "first_contact_on",
            json!(first.to_string()),
        );
        seller.post("/customers", body).expect(201).id()
    };
    let special = entered(8);
    let path = format!("/customers/{special}");
    let submit = format!("{path}/submit");
    let refused = seller.command(&submit).expect(422);
    assert_eq!(refused.problem()["rule"], "CUS-20");
    assert_eq!(
        refused.failing_fields(),
        [("/entry_special_reason".into(), "REQUIRED".into())]
    );
    let reason = json!({ "entry_special_reason": "出差期间无法录入" });
    seller.patch(&path, "*", reason).expect(200);
    seller.command(&submit).expect(200);
    // Sent back or withdrawn, it is not judged again.
    seller.command(&format!("{path}/withdraw")).expect(200);
    seller
        .patch(&path, "*", json!({ "entry_special_reason": null }))
        .expect(200);
    seller.command(&submit).expect(200);
    for days in [7, 11] {
        let id = entered(days);
        seller
            .command(&format!("/customers/{id}/submit"))
            .expect(200);
    }
}

#[test]
fn only_who_has_signed_is_successful_and_the_change_has_a_history() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let body = with(complete("未签有限公司"), "condition", json!("SUCCESSFUL"));
    let refused = seller
        .post("/customers", body)
        .expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["rule"], "CUS-29");
    let id = customer(&app, "签约有限公司");
    let path = format!("/customers/{id}");
    let success = json!({ "condition": "SUCCESSFUL", "grade": 6 });
    let refused = seller.patch(&path, "*", success.clone()).expect(409);
    assert_eq!(refused.problem()["reason"], "NO_SIGNED_CONTRACT");
    visit(&app, &id);
    signed_contract(&app, &id, "HT-CARD-1", "1000.00");
    let statistics = seller.get(&format!("{path}/statistics")).expect(200).json();
    assert_eq!(statistics["proposed_condition"], "SUCCESSFUL");
    assert_eq!(
        seller.patch(&path, "*", success).expect(200).json()["condition"],
        "SUCCESSFUL"
    );
    let changed = seller
        .get(&format!("{path}/timeline?kind_in=CUSTOMER"))
        .expect(200)
        .items()
        .into_iter()
        .find(|entry| entry["event"] == "customer.condition_changed")
        .expect("the change of condition");
    assert_eq!(changed["data"]["from"]["condition"], "BASIC");
    assert_eq!(
        changed["data"]["to"],
        json!({ "condition": "SUCCESSFUL", "grade": 6 })
    );
    assert_eq!(changed["actor"]["name"], "销售癸");
}

#[test]
fn the_statistics_count_what_is_linked() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = customer(&app, "统计有限公司");
    visit(&app, &id);
    signed_contract(&app, &id, "HT-S-1", "1000.00");
    signed_contract(&app, &id, "HT-S-2", "500.50");
    app.colleague()
        .post("/customers", complete("统计有限公司"))
        .expect(409);
    let documents = ["合作意向书", "作废的方案"].map(|name| {
        let body = json!({
            "subject_kind": "CUSTOMER", "subject_id": id, "kind": "OTHER",
            "name": name, "url": "https://docs.example.com/1.pdf",
        });
        seller.post("/documents", body).expect(201).id()
    });
    let remove = format!("/documents/{}/delete", documents[1]);
    app.administrator()
        .decide(&remove, "*", json!({ "reason": "作废" }))
        .expect(200);
    let path = format!("/customers/{id}/statistics");
    let statistics = seller.get(&path).expect(200).json();
    assert_eq!(statistics["documents"], 1, "a deleted one is none");
    assert_eq!(
        statistics["contracts"],
        json!([{ "state": "SIGNED", "count": 2, "amount": { "amount": "1500.50", "currency": "CNY" } }])
    );
    assert_eq!(statistics["activities"], 1);
    assert_eq!(
        statistics["last_activity_at"],
        "2026-03-01T02:00:00.000000Z"
    );
    assert_eq!(statistics["contacts"], 1);
    assert_eq!(statistics["decision_makers"], 0);
    assert_eq!(statistics["decision_maker_met_at"], Value::Null);
    assert_eq!(statistics["registration_attempts"], 1);
    assert_eq!(statistics["opportunities"], json!([]));
    app.colleague().get(&path).expect(404);
}

#[test]
fn the_statistics_tell_when_the_decision_maker_was_met() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = seller
        .post("/customers", complete("决策有限公司"))
        .expect(201)
        .id();
    let boss = json!({ "name": "赵国平", "mobile": "13800138001", "is_decision_maker": true });
    let boss = seller
        .post(&format!("/customers/{id}/contacts"), boss)
        .expect(201)
        .id();
    visit(&app, &id);
    let path = format!("/customers/{id}/statistics");
    let statistics = seller.get(&path).expect(200).json();
    assert_eq!(statistics["decision_makers"], 1);
    assert_eq!(statistics["decision_maker_met_at"], Value::Null);
    let activity = json!({
        "customer_id": id, "kind": "VISIT", "happened_at": "2026-02-27T02:00:00Z",
        "content": "与总经理面谈", "contact_id": boss,
    });
    seller.post("/activities", activity).expect(201);
    let statistics = seller.get(&path).expect(200).json();
    assert_eq!(
        statistics["decision_maker_met_at"],
        "2026-02-27T02:00:00.000000Z"
    );
}

/// CUS-17.
#[test]
fn the_timeline_has_everything_once_in_the_order_of_time_and_only_for_whoever_sees_it() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = customer(&app, "时间线有限公司");
    app.advance(Duration::hours(1));
    visit(&app, &id);
    signed_contract(&app, &id, "HT-T-1", "1000.00");
    let path = format!("/customers/{id}/timeline");
    let whole = seller.walk(&format!("{path}?limit=200"));
    let kinds: std::collections::BTreeSet<_> = whole
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["ACTIVITY", "APPROVAL", "CONTRACT", "CUSTOMER"]
    );
    let ids = |rows: &[Value]| -> Vec<String> {
        rows.iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for limit in [1, 2, 3] {
        let walked = seller.walk(&format!("{path}?limit={limit}"));
        assert_eq!(ids(&walked), ids(&whole), "limit {limit}");
    }
    let mut upwards = seller.walk(&format!("{path}?limit=2&sort=at"));
    upwards.reverse();
    assert_eq!(ids(&upwards), ids(&whole));
    let times: Vec<_> = whole.iter().map(|e| e["at"].as_str().unwrap()).collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]));
    let activities = seller.walk(&format!("{path}?kind_in=ACTIVITY"));
    assert_eq!(activities.len(), 1);
    assert_eq!(activities[0]["data"]["content"], "拜访采购部，介绍产品方案");
    let early = seller.walk(&format!("{path}?at_lt=2026-03-01T03:00:00Z"));
    assert_eq!(ids(&early), ids(&activities));
    app.colleague().get(&path).expect(404);
    assert_eq!(
        ids(&app.department_manager().walk(&path)).len(),
        whole.len()
    );
}
