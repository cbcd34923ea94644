//! One-key handover with preview (ORG-25, DUP-18).

use xianlu::{
    domain::id::kind::{JobId, UserId},
    jobs::runner,
    services::{
        customers::handover_runs::{self, Step, Told},
        platform::jobs,
    },
};

use super::{customer, handed_over, opportunity, path};
use crate::{
    customers::complete,
    harness::{Client, TestApp, json, together},
};

#[test]
fn a_preview_counts_everything_and_changes_nothing() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let id = customer(&seller, "甲有限公司");
    customer(&seller, "乙有限公司");
    opportunity(&seller, &id, "服务器采购");
    seller.command(&format!("{}/submit", path(&id))).expect(200);
    let body = json!({ "from_id": seller.id(), "to_id": app.colleague().id() });
    seller.post("/handovers/preview", body.clone()).expect(403);
    app.other_manager()
        .post("/handovers/preview", body.clone())
        .expect(403);
    let shown = manager.post("/handovers/preview", body).expect(200).json();
    assert_eq!(
        shown["counts"],
        json!({ "customers": 2, "opportunities": 1, "quotes": 0, "contracts": 0, "conflict_cases": 0 })
    );
    assert_eq!(shown["ties"]["approvals_submitted"], 1);
    assert_eq!(shown["ties"]["roles"], 1);
    assert_eq!(shown["ties"]["subordinates"], 1);
    assert_eq!(shown["customers"].as_array().unwrap().len(), 2);
    assert_eq!(shown["opportunities"][0]["title"], "服务器采购");
    seller.get(&path(&id)).expect(200);
}

/// CONF-07: nobody is left to dispute with, and nothing to rule on.
#[test]
fn a_conflict_between_giver_and_receiver_ends_with_the_handover() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let case_over = |name: &str, claimant: &Client<'_>| {
        let id = customer(&seller, name);
        let refused = claimant.post("/customers", complete(name)).expect(409);
        let attempt = refused.problem()["attempt_id"].as_str().unwrap().to_owned();
        let reason = json!({ "reason": "客户有意由我方跟进" });
        let path = format!("/registration-attempts/{attempt}/appeal");
        (id, claimant.post(&path, reason).expect(201).id())
    };
    let (_, settled) = case_over("甲有限公司", &colleague);
    let (_, goes_on) = case_over("乙有限公司", &app.trainee());
    let body = json!({ "from_id": seller.id(), "to_id": colleague.id(), "reason": "岗位调整" });
    let done = handed_over(&app, &app.department_manager(), body);
    assert_eq!(done["state"], "DONE", "{done}");
    assert_eq!(done["done"]["conflict_cases"], 2);
    let case = |id: &str| {
        let path = format!("/conflict-cases/{id}");
        colleague.get(&path).expect(200).json()
    };
    assert_eq!(case(&settled)["state"], "WITHDRAWN");
    let other = case(&goes_on);
    assert_eq!(
        (&other["state"], &other["holder_id"]),
        (&json!("UNDER_ARBITRATION"), &json!(colleague.id()))
    );
}

#[test]
fn everything_goes_to_the_receiver_but_what_is_assigned_to_others() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let (colleague, trainee) = (app.colleague(), app.trainee());
    // More than one step of the job.
    let ids: Vec<_> = (0..60)
        .map(|number| customer(&seller, &format!("第{number}号有限公司")))
        .collect();
    let work = opportunity(&seller, &ids[7], "服务器采购");
    // An opportunity with somebody else's customer: it has no customer of the leaver to go along with.
    let loose = seller
        .post(
            "/opportunities",
            json!({ "title": "待定客户", "customer_name": "未登记的公司" }),
        )
        .expect(201)
        .id();
    let body = json!({
        "from_id": seller.id(), "to_id": colleague.id(), "reason": "岗位调整",
        "assignments": [{ "customer_id": ids[7], "to_id": trainee.id() }],
    });
    let ordered = manager.post("/handovers", body.clone()).expect(202);
    assert_eq!(
        ordered.header("location"),
        Some(format!("/api/v1/handovers/{}", ordered.id()).as_str())
    );
    let again = manager.post("/handovers", body).expect(409).problem();
    assert_eq!(again["rule"], "ORG-25");
    runner::work_off(app.inside()).unwrap();
    let done = manager
        .get(&format!("/handovers/{}", ordered.id()))
        .expect(200)
        .json();
    assert_eq!(done["state"], "DONE");
    assert_eq!(
        done["done"],
        json!({ "customers": 60, "opportunities": 2, "quotes": 0, "contracts": 0, "conflict_cases": 0 })
    );
    let job = manager
        .get(&format!("/jobs/{}", done["job_id"].as_str().unwrap()))
        .expect(200)
        .json();
    assert_eq!(
        (&job["state"], &job["done"], &job["total"]),
        (&json!("SUCCEEDED"), &json!(62), &json!(62))
    );
    let owners = format!("customers WHERE owner_id = '{}'", colleague.id());
    assert_eq!(app.count(&owners), 59);
    trainee.get(&path(&ids[7])).expect(200);
    let row = trainee.get(&format!("/opportunities/{work}")).expect(200);
    assert_eq!(row.json()["owner_id"], trainee.id());
    colleague
        .get(&format!("/opportunities/{loose}"))
        .expect(200);
    seller.get(&path(&ids[0])).expect(404);
    let listed = colleague.get("/handovers").expect(200).ids();
    assert_eq!(listed, [ordered.id()]);
    // It is undone by a handover in the other direction.
    let body = json!({ "from_id": colleague.id(), "to_id": seller.id(), "reason": "撤回交接" });
    assert_eq!(handed_over(&app, &manager, body)["done"]["customers"], 59);
    seller.get(&path(&ids[0])).expect(200);
}

#[test]
fn a_customer_is_assigned_once_and_must_be_the_givers() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let own = customer(&seller, "甲有限公司");
    let others = customer(&app.colleague(), "乙有限公司");
    let to = app.colleague().id();
    let assign = |id: &str| json!({ "customer_id": id, "to_id": app.trainee().id() });
    let body = json!({
        "from_id": seller.id(), "to_id": to, "reason": "岗位调整",
        "assignments": [assign(&own), assign(&others), assign(&own)],
    });
    let refused = manager.post("/handovers", body).expect(422);
    let pointers: Vec<_> = refused.failing_fields();
    let pointers: Vec<_> = pointers.into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        ["/assignments/1/customer_id", "/assignments/2/customer_id"]
    );
    let far =
        json!({ "from_id": seller.id(), "to_id": app.other_salesperson().id(), "reason": "跨区" });
    manager.post("/handovers", far).expect(403);
}

#[test]
fn an_interrupted_handover_goes_on_with_what_is_left_and_takes_along_what_is_new() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    for number in 0..55 {
        customer(&seller, &format!("第{number}号有限公司"));
    }
    let body =
        json!({ "from_id": seller.id(), "to_id": app.colleague().id(), "reason": "岗位调整" });
    let ordered = manager.post("/handovers", body).expect(202).json();
    let job: JobId = ordered["job_id"].as_str().unwrap().parse().unwrap();
    let by: UserId = manager.id().parse().unwrap();
    let told = Told {
        handover_id: ordered["id"].as_str().unwrap().parse().unwrap(),
    };
    let inside = app.inside();
    let now = app.now();
    inside
        .db()
        .write_now(move |tx| jobs::claim(tx, job, "first", now))
        .unwrap();
    let step = |worker: &'static str| {
        inside
            .write_as(by, "job", move |tx, ctx| {
                handover_runs::step(tx, ctx, (job, worker), told)
            })
            .unwrap()
    };
    assert_eq!(step("first"), Step::More);
    assert_eq!(step("another"), Step::Released, "one worker at a time");
    let theirs = format!("customers WHERE owner_id = '{}'", seller.id());
    assert_eq!(app.count(&theirs), 5);
    // The first worker dies; the giver goes on working; a second one takes over.
    customer(&seller, "中途新增有限公司");
    app.advance(chrono::Duration::minutes(2));
    runner::work_off(inside).unwrap();
    assert_eq!(app.count(&theirs), 0);
    let done = manager
        .get(&format!("/handovers/{}", ordered["id"].as_str().unwrap()))
        .expect(200)
        .json();
    assert_eq!(
        (&done["state"], &done["done"]["customers"]),
        (&json!("DONE"), &json!(56))
    );
}

#[test]
fn a_cancelled_handover_is_stopped_and_another_one_may_be_ordered() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    customer(&seller, "甲有限公司");
    let body =
        json!({ "from_id": seller.id(), "to_id": app.colleague().id(), "reason": "岗位调整" });
    let ordered = manager.post("/handovers", body.clone()).expect(202).json();
    let job = ordered["job_id"].as_str().unwrap();
    manager.command(&format!("/jobs/{job}/cancel")).expect(200);
    let stopped = manager.get(&format!("/handovers/{}", ordered["id"].as_str().unwrap()));
    assert_eq!(stopped.expect(200).json()["state"], "STOPPED");
    assert_eq!(handed_over(&app, &manager, body)["state"], "DONE");
}

#[test]
fn edits_at_the_same_moment_are_made_before_or_refused_and_nothing_is_lost() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let ids: Vec<_> = (0..12)
        .map(|number| customer(&seller, &format!("第{number}号有限公司")))
        .collect();
    let body =
        json!({ "from_id": seller.id(), "to_id": app.colleague().id(), "reason": "岗位调整" });
    manager.post("/handovers", body).expect(202);
    let answers = together(13, |i| {
        if i == 12 {
            runner::work_off(app.inside()).unwrap();
            return None;
        }
        Some(seller.patch(&path(&ids[i]), "\"1\"", json!({ "industry": "制造" })))
    });
    let theirs = format!("customers WHERE owner_id = '{}'", seller.id());
    assert_eq!(app.count(&theirs), 0);
    for (id, answer) in ids.iter().zip(answers.iter().flatten()) {
        let card = app.colleague().get(&path(id)).expect(200).json();
        match answer.status() {
            200 => assert_eq!(
                (&card["industry"], &card["version"]),
                (&json!("制造"), &json!(3))
            ),
            404 | 412 => assert_eq!(
                (&card["industry"], &card["version"]),
                (&json!(null), &json!(2))
            ),
            other => panic!("{other}: {answer}"),
        }
    }
}
