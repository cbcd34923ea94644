//! A manager gives a customer to another person (DUP-16, DUP-18, DUP-19, AMB-11).

use super::{customer, opportunity, path, seat_customer, transfer};
use crate::harness::{TestApp, json, statuses, together};

#[test]
fn a_manager_transfers_a_customer_and_what_is_in_work_goes_along() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let manager = app.department_manager();
    let id = customer(&seller, "惠普中国有限公司");
    let opened = opportunity(&seller, &id, "服务器采购");
    let activity = json!({
        "customer_id": id, "opportunity_id": opened, "kind": "VISIT",
        "happened_at": app.now().to_string(), "content": "面谈需求",
    });
    let activity = seller.post("/activities", activity).expect(201).id();
    let card = manager.get(&path(&id)).expect(200).json();
    let actions = card["allowed_actions"].as_array().unwrap();
    assert!(actions.contains(&json!("TRANSFER")), "{card}");
    let own = seller.get(&path(&id)).expect(200).json();
    let actions = own["allowed_actions"].as_array().unwrap();
    assert!(!actions.contains(&json!("TRANSFER")), "{own}");
    let moved = transfer(&manager, &id, &colleague.id()).expect(200).json();
    assert_eq!(
        (&moved["from_id"], &moved["to_id"], &moved["opportunities"]),
        (&json!(seller.id()), &json!(colleague.id()), &json!(1))
    );
    // The receiver has it all, the former owner nothing.
    let card = colleague.get(&path(&id)).expect(200).json();
    assert_eq!(card["owner_id"], colleague.id());
    let row = colleague.get(&format!("/opportunities/{opened}"));
    assert_eq!(row.expect(200).json()["owner_id"], colleague.id());
    colleague
        .get(&format!("/activities/{activity}"))
        .expect(200);
    let history = format!("/history?subject_kind=CUSTOMER&subject_id={id}");
    let kinds: Vec<_> = colleague.get(&history).expect(200).items();
    let kinds: Vec<_> = kinds.iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["customer.transferred", "customer.registered"]);
    seller.get(&path(&id)).expect(404);
    seller.get(&format!("/opportunities/{opened}")).expect(404);
}

#[test]
fn what_waits_for_approval_becomes_a_draft_and_what_is_closed_keeps_its_author() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let manager = app.department_manager();
    let id = customer(&seller, "惠普中国有限公司");
    let closed = opportunity(&seller, &id, "旧项目");
    app.sql(&format!(
        "UPDATE opportunities SET state = 'CONFIRMED' WHERE id = '{closed}'"
    ));
    seller.command(&format!("{}/submit", path(&id))).expect(200);
    let moved = transfer(&manager, &id, &colleague.id()).expect(200).json();
    assert_eq!(moved["opportunities"], 0);
    let card = colleague.get(&path(&id)).expect(200).json();
    assert_eq!(card["state"], "DRAFT");
    assert_eq!(app.count("approvals WHERE state = 'VOID'"), 1);
    assert_eq!(app.count("pending_approvals"), 0);
    colleague
        .command(&format!("{}/submit", path(&id)))
        .expect(200);
    let row = colleague.get(&format!("/opportunities/{closed}"));
    assert_eq!(row.expect(200).json()["owner_id"], seller.id());
    let change = json!({ "title": "改写历史" });
    colleague
        .patch(&format!("/opportunities/{closed}"), "\"1\"", change)
        .expect(403);
}

#[test]
fn owners_do_not_transfer_managers_only_within_reach_and_not_to_just_anybody() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let manager = app.department_manager();
    let id = customer(&seller, "惠普中国有限公司");
    let refused = transfer(&seller, &id, &app.colleague().id()).expect(403);
    assert_eq!(refused.problem()["rule"], "DUP-19");
    transfer(&app.other_manager(), &id, &app.other_salesperson().id()).expect(404);
    let refused = transfer(&manager, &id, &app.other_salesperson().id()).expect(403);
    assert_eq!(refused.problem()["reason"], "RECEIVER_OUT_OF_REACH");
    for (to, code) in [
        (seller.id(), "SAME_OWNER"),
        (app.integration().id(), "A_MACHINE"),
    ] {
        let refused = transfer(&manager, &id, &to).expect(422);
        assert_eq!(
            refused.failing_fields(),
            [("/to_id".to_owned(), code.to_owned())]
        );
    }
    transfer(&app.administrator(), &id, &app.other_salesperson().id()).expect(200);
    app.other_salesperson().get(&path(&id)).expect(200);
    manager.get(&path(&id)).expect(404);
}

#[test]
fn seats_do_not_transfer_to_each_other_but_the_manager_may() {
    let app = TestApp::start();
    let (seat, other) = (app.trainee(), app.apprentice());
    let id = seat_customer(&seat, "坐席甲客户有限公司", "13900000001");
    let refused = transfer(&seat, &id, &other.id()).expect(403).problem();
    assert_eq!(refused["rule"], "DUP-16");
    assert_eq!(refused["reason"], "SEAT_TO_SEAT");
    transfer(&app.department_manager(), &id, &other.id()).expect(200);
    other.get(&path(&id)).expect(200);
}

#[test]
fn a_bulk_transfer_answers_for_each_customer() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let manager = app.department_manager();
    let first = customer(&seller, "甲有限公司");
    let second = customer(&seller, "乙有限公司");
    let hidden = customer(&app.other_salesperson(), "丙有限公司");
    let body = json!({
        "to_id": colleague.id(), "reason": "区域调整",
        "items": [
            { "customer_id": second, "version": 7 },
            { "customer_id": hidden },
            { "customer_id": first, "version": 1 },
        ],
    });
    seller.post("/customer-transfers", body.clone()).expect(403);
    let done = manager.post("/customer-transfers", body).expect(200).json();
    assert_eq!(
        (&done["transferred"], &done["refused"]),
        (&json!(1), &json!(2))
    );
    let rows = done["items"].as_array().unwrap();
    let codes: Vec<_> = rows
        .iter()
        .map(|row| row["refused"]["code"].clone())
        .collect();
    assert_eq!(
        codes,
        [json!("STALE_VERSION"), json!("NOT_FOUND"), json!(null)]
    );
    colleague.get(&path(&first)).expect(200);
    seller.get(&path(&second)).expect(200);
}

#[test]
fn of_twenty_transfers_of_one_version_exactly_one_is_made() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let id = customer(&seller, "惠普中国有限公司");
    opportunity(&seller, &id, "服务器采购");
    let receivers = [app.colleague().id(), app.trainee().id()];
    let answers = together(20, |i| {
        let body = json!({ "to_id": receivers[i % 2], "reason": "同时转移" });
        manager.decide(&format!("{}/transfer", path(&id)), "\"1\"", body)
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 19)]);
    let owner = manager.get(&path(&id)).expect(200).json()["owner_id"].clone();
    let theirs = format!(
        "opportunities WHERE owner_id = '{}'",
        owner.as_str().unwrap()
    );
    assert_eq!(app.count(&theirs), 1, "its work went the same way");
}
