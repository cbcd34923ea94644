use chrono::Duration;

use super::{decide, effective_customer, entered, registered, state, submitted};
use crate::harness::{Person, TestApp, Value, json, statuses, together};

const NAME: &str = "惠普中国有限公司";

/// A colleague's refused opportunity on the salesperson's customer: customer, opportunity, case.
fn collided(app: &TestApp) -> (String, String, String) {
    let customer = effective_customer(&app.salesperson(), &app.department_manager(), NAME);
    let opportunity = entered(&app.colleague(), NAME);
    let problem = submitted(&app.colleague(), &opportunity)
        .expect(409)
        .problem();
    let case = problem["conflict_case_id"]
        .as_str()
        .expect("a case")
        .to_owned();
    (customer, opportunity, case)
}

fn appealed(app: &TestApp, case: &str) {
    let body = json!({ "reason": "客户有意由我方跟进" });
    app.colleague()
        .post(&format!("/conflict-cases/{case}/appeal"), body)
        .expect(200);
}

fn ruled(app: &TestApp, case: &str, body: Value) -> crate::harness::Answer {
    let manager = app.department_manager();
    let etag = manager
        .get(&format!("/conflict-cases/{case}"))
        .expect(200)
        .etag();
    manager.decide(&format!("/conflict-cases/{case}/rule"), &etag, body)
}

#[test]
fn the_appeal_is_open_until_the_end_of_the_third_working_day() {
    let app = TestApp::start();
    let (_, _, case) = collided(&app);
    let path = format!("/conflict-cases/{case}");
    let read = app.colleague().get(&path).expect(200).json();
    // Refused on Monday, 2 March: the third working day is Thursday, in Shanghai.
    assert_eq!(read["appeal_until"], "2026-03-05T15:59:59.999999Z");
    assert_eq!(
        read["allowed_actions"],
        json!(["APPEAL", "WITHDRAW", "ADD_ENTRY"])
    );
    // The other party, too, may put evidence on record.
    let held = app.salesperson().get(&path).expect(200).json();
    assert_eq!(held["allowed_actions"], json!(["ADD_ENTRY"]));
    assert_eq!(read["holder_material"], json!(null));
    let body = json!({ "reason": "客户优势" });
    app.salesperson()
        .post(&format!("{path}/appeal"), body.clone())
        .expect(403);
    app.other_salesperson()
        .post(&format!("{path}/appeal"), body.clone())
        .expect(404);
    app.advance(Duration::microseconds(
        4 * 86_400_000_000 - 9 * 3_600_000_000 - 1,
    ));
    let open = app
        .colleague()
        .post(&format!("{path}/appeal"), body)
        .expect(200)
        .json();
    assert_eq!(open["state"], "UNDER_ARBITRATION");
}

#[test]
fn a_microsecond_later_the_first_registration_stands() {
    let app = TestApp::start();
    let (_, _, case) = collided(&app);
    app.advance(Duration::microseconds(
        4 * 86_400_000_000 - 9 * 3_600_000_000,
    ));
    let late = app
        .colleague()
        .post(
            &format!("/conflict-cases/{case}/appeal"),
            json!({ "reason": "客户优势" }),
        )
        .expect_code(409, "RULE_REFUSED");
    assert_eq!(late.problem()["reason"], "APPEAL_EXPIRED");
    let unasked = ruled(
        &app,
        &case,
        json!({ "ruling": "UPHOLD", "basis": "先录先得" }),
    )
    .expect(409);
    assert_eq!(unasked.problem()["reason"], "NOT_APPEALED");
}

/// CONF-06.
#[test]
fn the_arbitrator_reads_both_sides_and_upholds_with_a_basis() {
    let app = TestApp::start();
    let (_, opportunity, case) = collided(&app);
    appealed(&app, &case);
    let read = app
        .department_manager()
        .get(&format!("/conflict-cases/{case}"))
        .expect(200)
        .json();
    assert_eq!(read["holder_name"], Person::Salesperson.name());
    assert!(read["holder_material"]["customer_effective_at"].is_string());
    assert_eq!(
        read["claimant_material"]["opportunity_id"],
        json!(opportunity)
    );
    assert_eq!(read["claimant_material"]["missing"], json!([]));
    assert_eq!(read["allowed_actions"], json!(["RULE", "ADD_ENTRY"]));
    ruled(&app, &case, json!({ "ruling": "UPHOLD", "basis": "　" })).expect(409);
    let upheld = ruled(
        &app,
        &case,
        json!({ "ruling": "UPHOLD", "basis": "资料更详实" }),
    )
    .expect(200)
    .json();
    assert_eq!(
        (&upheld["state"], &upheld["ruling"]),
        (&json!("RULED"), &json!("UPHOLD"))
    );
    assert_eq!(upheld["ruled_by_name"], Person::DepartmentManager.name());
    assert_eq!(state(&app.colleague(), &opportunity), "FAILED");
}

/// CONF-05.
#[test]
fn nobody_rules_without_reach_or_as_a_party() {
    let app = TestApp::start();
    let (_, _, case) = collided(&app);
    appealed(&app, &case);
    let path = format!("/conflict-cases/{case}/rule");
    let body = json!({ "ruling": "UPHOLD", "basis": "先录先得" });
    app.other_manager()
        .decide(&path, "\"2\"", body.clone())
        .expect(404);
    app.salesperson()
        .decide(&path, "\"2\"", body.clone())
        .expect(403);
    app.president()
        .decide(&path, "\"2\"", body.clone())
        .expect(403);
    app.department_manager().post(&path, body).expect(428);
}

#[test]
fn a_transfer_gives_customer_and_live_opportunities_to_the_claimant_who_submits_again() {
    let app = TestApp::start();
    let (seller, colleague, manager) =
        (app.salesperson(), app.colleague(), app.department_manager());
    let (customer, opportunity, case) = collided(&app);
    let live = registered(&seller, &manager, NAME);
    appealed(&app, &case);
    ruled(
        &app,
        &case,
        json!({ "ruling": "TRANSFER", "basis": "最有利签约" }),
    )
    .expect(200);
    assert_eq!(
        colleague
            .get(&format!("/customers/{customer}"))
            .expect(200)
            .json()["owner_id"],
        json!(colleague.id())
    );
    assert_eq!(
        colleague
            .get(&format!("/opportunities/{live}"))
            .expect(200)
            .json()["owner_id"],
        json!(colleague.id())
    );
    seller.get(&format!("/customers/{customer}")).expect(404);
    assert_eq!(state(&colleague, &opportunity), "RETURNED");
    submitted(&colleague, &opportunity).expect(200);
    decide(&manager, &opportunity, "AGREE").expect(200);
    assert_eq!(state(&colleague, &opportunity), "REGISTERED");
    let again = entered(&seller, NAME);
    submitted(&seller, &again).expect_code(409, "COLLISION");
}

#[test]
fn cooperation_joins_the_claimant_to_the_holders_opportunity_with_the_split() {
    let app = TestApp::start();
    let (seller, colleague, manager) =
        (app.salesperson(), app.colleague(), app.department_manager());
    let (customer, opportunity, case) = collided(&app);
    let live = registered(&seller, &manager, NAME);
    appealed(&app, &case);
    let half =
        json!({ "ruling": "COOPERATE", "basis": "客户无明确倾向", "holder_share": "0.7000" });
    assert_eq!(
        ruled(&app, &case, half).expect(422).failing_fields()[0].0,
        "/claimant_share"
    );
    let wrong = json!({ "ruling": "COOPERATE", "basis": "x", "holder_share": "0.7000", "claimant_share": "0.3001" });
    assert_eq!(
        ruled(&app, &case, wrong).expect(409).problem()["reason"],
        "SPLIT_INVALID"
    );
    let body = json!({ "ruling": "COOPERATE", "basis": "客户无明确倾向", "holder_share": "0.7000", "claimant_share": "0.3000" });
    ruled(&app, &case, body).expect(200);
    let joint = colleague
        .get(&format!("/opportunities/{live}"))
        .expect(200)
        .json();
    let shares: Vec<_> = joint["parties"]
        .as_array()
        .expect("parties")
        .iter()
        .map(|p| (p["name"].clone(), p["share"].clone()))
        .collect();
    assert!(shares.contains(&(json!(Person::Salesperson.name()), json!("0.7000"))));
    assert!(shares.contains(&(json!(Person::Colleague.name()), json!("0.3000"))));
    assert!(joint["allowed_actions"].to_string().contains("EDIT"));
    colleague.get(&format!("/customers/{customer}")).expect(200);
    assert_eq!(state(&colleague, &opportunity), "FAILED");
    let visit = json!({ "customer_id": customer, "opportunity_id": live, "kind": "VISIT", "happened_at": "2026-03-02T01:00:00Z", "content": "共同拜访" });
    colleague.post("/activities", visit).expect(201);
}

#[test]
fn cooperation_without_a_live_opportunity_registers_the_claimants_with_the_default_split() {
    let app = TestApp::start();
    let (_, opportunity, case) = collided(&app);
    appealed(&app, &case);
    let ruling = ruled(
        &app,
        &case,
        json!({ "ruling": "COOPERATE", "basis": "客户无明确倾向" }),
    )
    .expect(200)
    .json();
    assert_eq!(
        (&ruling["holder_share"], &ruling["claimant_share"]),
        (&json!("0.5000"), &json!("0.5000"))
    );
    assert_eq!(state(&app.salesperson(), &opportunity), "REGISTERED");
    // Both go on: an opportunity of the holder does not collide with the joint one.
    registered(&app.salesperson(), &app.department_manager(), NAME);
}

#[test]
fn of_two_who_rule_at_once_one_rules() {
    let app = TestApp::start();
    let (_, _, case) = collided(&app);
    appealed(&app, &case);
    let rulers = [Person::DepartmentManager, Person::BranchDirector];
    let rulings = ["UPHOLD", "TRANSFER"];
    let path = format!("/conflict-cases/{case}/rule");
    let answers = together(8, |n| {
        let body = json!({ "ruling": rulings[n % 2], "basis": "先后裁决" });
        app.client(rulers[n % 2]).decide(&path, "\"2\"", body)
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 7)]);
    assert_eq!(app.count("events WHERE kind = 'conflict_case.ruled'"), 1);
}

#[test]
fn a_withdrawn_case_is_over() {
    let app = TestApp::start();
    let (_, _, case) = collided(&app);
    appealed(&app, &case);
    let path = format!("/conflict-cases/{case}");
    let over = app
        .colleague()
        .command(&format!("{path}/withdraw"))
        .expect(200)
        .json();
    assert_eq!(
        (&over["state"], &over["allowed_actions"]),
        (&json!("WITHDRAWN"), &json!([]))
    );
    ruled(
        &app,
        &case,
        json!({ "ruling": "UPHOLD", "basis": "已撤回" }),
    )
    .expect(409);
    let found = app
        .salesperson()
        .get("/conflict-cases?state_in=WITHDRAWN")
        .expect(200)
        .ids();
    assert_eq!(found, [case]);
    assert!(
        app.other_salesperson()
            .get("/conflict-cases")
            .expect(200)
            .items()
            .is_empty()
    );
}

#[test]
fn a_transfer_at_the_moment_of_the_review_leaves_nothing_live_with_the_former_owner() {
    for _ in 0..6 {
        let app = TestApp::start();
        let (_, _, case) = collided(&app);
        appealed(&app, &case);
        let mine = entered(&app.salesperson(), NAME);
        submitted(&app.salesperson(), &mine).expect(200);
        let manager = app.department_manager();
        let inbox = format!("/approvals?subject_id={mine}&waiting_for_me=true");
        let approval = format!("/approvals/{}", manager.get(&inbox).expect(200).ids()[0]);
        let approval_etag = manager.get(&approval).expect(200).etag();
        let ruling = json!({ "ruling": "TRANSFER", "basis": "最有利签约" });
        let answers = together(2, |n| match n {
            0 => manager.decide(
                &format!("/conflict-cases/{case}/rule"),
                "\"2\"",
                ruling.clone(),
            ),
            _ => {
                let body = json!({ "opinion": "AGREE" });
                manager.decide(&format!("{approval}/decisions"), &approval_etag, body)
            }
        });
        assert_eq!(statuses(&answers), [(200, 2)]);
        let (seller, colleague) = (app.salesperson().id(), app.colleague().id());
        // Registered first and transferred with the customer, or transferred first and then a collision.
        let live = "opportunities WHERE state = 'REGISTERED' AND owner_id =";
        assert_eq!(app.count(&format!("{live} '{seller}'")), 0);
        let moved = app.count(&format!("{live} '{colleague}'"));
        let failed = app.count("opportunities WHERE state = 'FAILED'");
        assert_eq!(moved + failed, 1);
    }
}
