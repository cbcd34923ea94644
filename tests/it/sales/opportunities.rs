use chrono::Duration;

use super::{decide, effective_customer, entered, registered, six_items, state, submitted};
use crate::harness::{Person, TestApp, json, statuses, together};

const NAME: &str = "惠普中国有限公司";

#[test]
fn a_draft_may_lack_items_and_its_submission_names_every_one() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let draft = seller.post("/opportunities", json!({})).expect(201);
    assert_eq!(draft.json()["missing"].as_array().map(Vec::len), Some(6));
    assert_eq!(draft.json()["allowed_actions"], json!(["EDIT", "SUBMIT"]));
    let refused = submitted(&seller, &draft.id()).expect_code(422, "VALIDATION_FAILED");
    assert_eq!(refused.problem()["rule"], "OPP-03");
    let pointers: Vec<_> = refused
        .failing_fields()
        .into_iter()
        .map(|field| field.0)
        .collect();
    assert_eq!(
        pointers,
        [
            "/customer_name",
            "/contact_name",
            "/phone",
            "/source",
            "/region_code",
            "/description"
        ]
    );
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let app = TestApp::start();
    let mut body = six_items(NAME);
    body["title"] = json!("　");
    body["region_code"] = json!("999999");
    body["expected_amount"] = json!({ "amount": "-1.00", "currency": "CNY" });
    body["customer_id"] = json!("01980000-0000-7000-8000-000000000009");
    let fields = app
        .salesperson()
        .post("/opportunities", body)
        .expect(422)
        .failing_fields();
    let pointers: Vec<_> = fields.into_iter().map(|field| field.0).collect();
    assert_eq!(
        pointers,
        ["/customer_id", "/title", "/region_code", "/expected_amount"]
    );
}

#[test]
fn the_customer_is_registered_and_effective_first() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = entered(&seller, NAME);
    let refused = submitted(&seller, &id).expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["rule"], "OPP-12");
    let body = json!({ "name": NAME, "party": "COMPANY", "kind": "DIRECT", "address": "北京市朝阳区建国路88号",
        "phone": "010-65001234", "contacts": [{ "name": "王建国", "mobile": "13800138000" }] });
    seller.post("/customers", body).expect(201);
    let refused = submitted(&seller, &id).expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["rule"], "CUS-22");
    assert_eq!(state(&seller, &id), "DRAFT");
}

#[test]
fn a_reviewed_opportunity_is_registered_and_a_returned_one_may_be_corrected() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    effective_customer(&seller, &manager, NAME);
    // Full-width brackets and blanks make no other company of it.
    let id = entered(&seller, " 惠普（中国）有限公司　");
    submitted(&seller, &id).expect(200);
    let path = format!("/opportunities/{id}");
    let read = seller.get(&path).expect(200);
    assert_eq!(read.json()["state"], "SUBMITTED");
    assert_eq!(read.json()["allowed_actions"], json!(["WITHDRAW"]));
    assert!(read.json()["approval_id"].is_string() && read.json()["customer_id"].is_string());
    let refused = seller
        .patch(&path, &read.etag(), json!({ "needs": "服务器" }))
        .expect(409);
    assert_eq!(refused.problem()["rule"], "OPP-04");
    decide(&manager, &id, "RETURN").expect(200);
    assert_eq!(state(&seller, &id), "RETURNED");
    submitted(&seller, &id).expect(200);
    decide(&manager, &id, "AGREE").expect(200);
    let read = seller.get(&path).expect(200).json();
    assert_eq!(
        (&read["state"], &read["stage"], &read["idle"]),
        (&json!("REGISTERED"), &json!(1), &json!(false))
    );
}

#[test]
fn a_withdrawn_submission_is_a_draft_that_waits_for_nobody() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    effective_customer(&seller, &manager, NAME);
    let id = entered(&seller, NAME);
    submitted(&seller, &id).expect(200);
    let draft = seller
        .command(&format!("/opportunities/{id}/withdraw"))
        .expect(200)
        .json();
    assert_eq!(
        (&draft["state"], &draft["approval_id"]),
        (&json!("DRAFT"), &json!(null))
    );
    let inbox = format!("/approvals?subject_id={id}&waiting_for_me=true");
    assert!(manager.get(&inbox).expect(200).items().is_empty());
    submitted(&seller, &id).expect(200);
}

/// DUP-07.
#[test]
fn a_colleagues_opportunity_on_my_customer_fails_and_names_me() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    effective_customer(&seller, &app.department_manager(), NAME);
    let id = entered(&colleague, NAME);
    let refused = submitted(&colleague, &id).expect_code(409, "COLLISION");
    let problem = refused.problem();
    assert_eq!(problem["rule"], "OPP-07");
    assert_eq!(
        problem["winner"],
        json!({ "customer_name": NAME, "owner_name": Person::Salesperson.name(),
            "department": "销售一部", "registered_at": null })
    );
    assert_eq!(problem["opportunity_id"], json!(id));
    let failed = colleague
        .get(&format!("/opportunities/{id}"))
        .expect(200)
        .json();
    assert_eq!(failed["state"], "FAILED");
    assert_eq!(failed["customer_id"], json!(null), "only the name is told");
    assert_eq!(failed["allowed_actions"], json!([]));
    assert_eq!(failed["conflict_case_id"], problem["conflict_case_id"]);
    assert_eq!(
        app.count("registration_attempts WHERE subject_kind = 'OPPORTUNITY'"),
        1
    );
    // Once more changes nothing.
    submitted(&colleague, &id).expect_code(409, "RULE_REFUSED");
    assert_eq!(app.count("conflict_cases"), 1);
}

#[test]
fn of_all_who_submit_at_once_exactly_the_owner_goes_to_review() {
    let app = TestApp::start();
    let owner = app.salesperson();
    effective_customer(&owner, &app.department_manager(), NAME);
    let people = [
        Person::Salesperson,
        Person::Colleague,
        Person::OtherSalesperson,
        Person::Trainee,
    ];
    let ids: Vec<_> = people
        .iter()
        .map(|who| entered(&app.client(*who), NAME))
        .collect();
    let answers = together(people.len(), |n| submitted(&app.client(people[n]), &ids[n]));
    assert_eq!(statuses(&answers), [(200, 1), (409, 3)]);
    assert_eq!(app.count("conflict_cases"), 3);
}

#[test]
fn of_two_who_may_both_pursue_a_customer_the_earlier_submission_wins() {
    for _ in 0..3 {
        let app = TestApp::start();
        let (seller, colleague, manager) =
            (app.salesperson(), app.colleague(), app.department_manager());
        let customer = effective_customer(&seller, &manager, NAME);
        let share = json!({ "user_id": colleague.id(), "level": "WRITE",
            "expires_at": "2026-06-01T00:00:00Z", "reason": "协助跟进" });
        seller
            .post(&format!("/customers/{customer}/shares"), share)
            .expect(201);
        let first = entered(&seller, NAME);
        submitted(&seller, &first).expect(200);
        app.advance(Duration::microseconds(1));
        let later = entered(&colleague, NAME);
        submitted(&colleague, &later).expect(200);
        let ids = [&first, &later];
        let answers = together(2, |n| decide(&manager, ids[n], "AGREE"));
        answers[0].clone().expect(200);
        if answers[1].status() == 409 {
            assert_eq!(answers[1].problem()["reason"], "EARLIER_SUBMISSION_WAITS");
            decide(&manager, &later, "AGREE").expect(200);
        }
        assert_eq!(
            (state(&seller, &first), state(&colleague, &later)),
            (json!("REGISTERED"), json!("FAILED"))
        );
    }
}

#[test]
fn the_stage_and_the_expected_date_move_while_it_is_followed() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    effective_customer(&seller, &manager, NAME);
    let id = registered(&seller, &manager, NAME);
    let path = format!("/opportunities/{id}");
    let etag = seller.get(&path).expect(200).etag();
    let beyond = seller
        .patch(&path, &etag, json!({ "stage": 7 }))
        .expect(409);
    assert_eq!(beyond.problem()["rule"], "OPP-14");
    app.advance(Duration::hours(1));
    let moved = seller
        .patch(
            &path,
            &etag,
            json!({ "stage": 3, "expected_sign_on": "2026-06-30" }),
        )
        .expect(200);
    assert_eq!(moved.json()["stage_code"], "PROPOSAL");
    assert_eq!(moved.json()["stage_since"], "2026-03-02T02:00:00.000000Z");
    seller
        .patch(&path, &etag, json!({ "needs": "旧版本" }))
        .expect(412);
    let etag = moved.etag();
    let renamed = seller
        .patch(&path, &etag, json!({ "customer_name": "另一家有限公司" }))
        .expect(409);
    assert_eq!(renamed.problem()["reason"], "CUSTOMER_FIXED");
    let cleared = seller
        .patch(&path, &etag, json!({ "phone": null }))
        .expect(422);
    assert_eq!(cleared.problem()["rule"], "OPP-03");
}

#[test]
fn a_lost_close_needs_reason_and_amount_and_is_final_once_another_confirms_it() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    effective_customer(&seller, &manager, NAME);
    let id = registered(&seller, &manager, NAME);
    let path = format!("/opportunities/{id}");
    let won = seller.command(&format!("{path}/close-won")).expect(422);
    assert_eq!(won.problem()["rule"], "OPP-21");
    let bare = seller
        .post(&format!("{path}/close-lost"), json!({}))
        .expect(422);
    assert_eq!(bare.failing_fields().len(), 2);
    assert_eq!(bare.problem()["rule"], "OPP-29");
    let body = json!({ "failure_reason": "预算取消", "failed_amount": { "amount": "50000.00", "currency": "CNY" } });
    seller
        .post(&format!("{path}/close-lost"), body.clone())
        .expect(200);
    seller
        .post(&format!("{path}/reopen"), json!({ "reason": "客户重启" }))
        .expect(200);
    let closed = seller.post(&format!("{path}/close-lost"), body).expect(200);
    assert_eq!(closed.json()["allowed_actions"], json!(["EDIT", "REOPEN"]));
    manager
        .command(&format!("{path}/confirm-close"))
        .expect(428);
    let own = seller
        .decide(&format!("{path}/confirm-close"), &closed.etag(), json!({}))
        .expect(403);
    assert_eq!(own.problem()["rule"], "ORG-08");
    let etag = manager.get(&path).expect(200).etag();
    let confirmed = manager
        .decide(&format!("{path}/confirm-close"), &etag, json!({}))
        .expect(200);
    assert_eq!(
        confirmed.json()["confirmed_by_name"],
        Person::DepartmentManager.name()
    );
    let late = seller
        .patch(&path, &confirmed.etag(), json!({ "needs": "无" }))
        .expect(409);
    assert_eq!(late.problem()["rule"], "OPP-27");
}

#[test]
fn only_after_more_than_thirty_idle_days_the_manager_gives_it_to_another() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    effective_customer(&seller, &manager, NAME);
    let id = registered(&seller, &manager, NAME);
    let path = format!("/opportunities/{id}");
    let body = json!({ "owner_id": app.colleague().id(), "reason": "超过30天无销售活动" });
    app.advance(Duration::days(30));
    let early = manager
        .post(&format!("{path}/reassign"), body.clone())
        .expect(409);
    assert_eq!(early.problem()["rule"], "OPP-32");
    assert!(
        manager
            .get("/opportunities?idle=true")
            .expect(200)
            .items()
            .is_empty()
    );
    app.advance(Duration::microseconds(1));
    assert_eq!(
        manager.get("/opportunities?idle=true").expect(200).ids(),
        std::slice::from_ref(&id)
    );
    assert!(
        manager
            .get("/opportunities?idle=false")
            .expect(200)
            .items()
            .is_empty()
    );
    let given = manager
        .post(&format!("{path}/reassign"), body)
        .expect(200)
        .json();
    assert_eq!(given["owner_name"], Person::Colleague.name());
    assert!(
        app.colleague().get(&path).expect(200).json()["allowed_actions"]
            .to_string()
            .contains("CLOSE_LOST")
    );
    seller.get(&path).expect(404);
}

#[test]
fn lists_are_narrowed_by_every_filter_and_show_only_what_one_may_see() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let customer = effective_customer(&seller, &manager, NAME);
    let id = registered(&seller, &manager, NAME);
    entered(&app.other_salesperson(), "华南某某科技有限公司");
    let me = seller.id();
    for filter in [
        format!("owner_id={me}"),
        format!("customer_id={customer}"),
        "state_in=REGISTERED,SUBMITTED".to_owned(),
        "stage_in=1,2".to_owned(),
        "source_in=REFERRAL".to_owned(),
        "updated_at_gte=2026-03-02T00:00:00Z".to_owned(),
        format!("q={}", "%E6%83%A0%E6%99%AE"),
    ] {
        assert_eq!(
            manager
                .get(&format!("/opportunities?{filter}"))
                .expect(200)
                .ids(),
            std::slice::from_ref(&id),
            "{filter}"
        );
    }
    for filter in [
        "state_in=DRAFT",
        "product_line=x",
        "importance=HIGH",
        "expected_sign_on_gte=2026-01-01",
        "q=100%25",
    ] {
        assert!(
            manager
                .get(&format!("/opportunities?{filter}"))
                .expect(200)
                .items()
                .is_empty(),
            "{filter}"
        );
    }
    manager.get("/opportunities?state_in=NO_SUCH").expect(400);
    assert_eq!(
        app.other_salesperson()
            .get("/opportunities")
            .expect(200)
            .items()
            .len(),
        1
    );
    assert_eq!(
        app.president()
            .get("/opportunities?sort=created_at")
            .expect(200)
            .items()
            .len(),
        2
    );
}
