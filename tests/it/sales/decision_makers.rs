//! Important stages are communicated with the decision-maker (CUS-38).

use crate::{
    commerce::{customer, opportunity},
    harness::{TestApp, json},
};

/// Puts a value of the policy in force.
fn demand(app: &TestApp, required: bool) {
    let body = json!({
        "value": { "important_stage": 4, "required": required },
        "reason": "重要阶段须见决策人",
    });
    let proposed = app
        .administrator()
        .post("/policies/decision_maker/versions", body)
        .expect(201);
    let approval = proposed.json()["approval_id"].as_str().unwrap().to_owned();
    crate::commerce::decide(&app.president(), &approval, "AGREE").expect(200);
}

#[test]
fn an_important_stage_without_the_decision_maker_is_warned_of() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let customer = customer(&app, "决策客户有限公司");
    let path = format!("/opportunities/{}", opportunity(&app, &customer, 3));
    let warnings = || -> Vec<String> {
        let warnings = seller.get(&path).expect(200).json()["warnings"].clone();
        let code = |warning: &serde_json::Value| warning["code"].as_str().unwrap().to_owned();
        warnings.as_array().unwrap().iter().map(code).collect()
    };
    assert_eq!(warnings(), [""; 0]);
    seller.patch(&path, "*", json!({ "stage": 4 })).expect(200);
    assert_eq!(warnings(), ["DECISION_MAKER_UNKNOWN"]);
    let contacts = format!("/customers/{customer}/contacts");
    let body = json!({ "name": "赵国强", "mobile": "13900139000", "is_decision_maker": true });
    let decider = seller.post(&contacts, body).expect(201).id();
    assert_eq!(warnings(), ["DECISION_MAKER_NOT_MET"]);
    let activity = |contact: Option<&str>| {
        let body = json!({
            "customer_id": customer, "kind": "CALL", "happened_at": "2026-03-01T02:00:00Z",
            "content": "沟通方案", "contact_id": contact,
        });
        seller.post("/activities", body).expect(201);
    };
    activity(None);
    assert_eq!(warnings(), ["DECISION_MAKER_NOT_MET"]);
    activity(Some(&decider));
    assert_eq!(warnings(), [""; 0]);
}

#[test]
fn where_the_policy_demands_it_the_stage_is_refused_until_the_decision_maker_was_met() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let customer = customer(&app, "决策客户有限公司");
    let id = opportunity(&app, &customer, 3);
    let path = format!("/opportunities/{id}");
    demand(&app, true);
    let reach = |stage: i32| seller.patch(&path, "*", json!({ "stage": stage }));
    let refused = reach(4).expect_code(409, "RULE_REFUSED");
    assert_eq!(
        (&refused.problem()["rule"], &refused.problem()["reason"]),
        (&json!("CUS-38"), &json!("DECISION_MAKER_UNKNOWN"))
    );
    reach(2).expect(200);
    let body = json!({ "name": "赵国强", "mobile": "13900139000", "is_decision_maker": true });
    let decider = seller
        .post(&format!("/customers/{customer}/contacts"), body)
        .expect(201)
        .id();
    assert_eq!(
        reach(6).expect(409).problem()["reason"],
        "DECISION_MAKER_NOT_MET"
    );
    let met = json!({
        "customer_id": customer, "opportunity_id": id, "kind": "VISIT",
        "happened_at": "2026-03-01T02:00:00Z", "content": "当面沟通方案", "contact_id": decider,
    });
    seller.post("/activities", met).expect(201);
    assert_eq!(reach(4).expect(200).json()["warnings"], json!([]));
}
