//! A customer takes effect only when the department's review passes (CUS-21, CUS-22, AMB-13).

use serde_json::{Value, json};

use super::complete;
use crate::harness::{Client, TestApp};

fn submitted(salesperson: &Client<'_>, name: &str) -> (String, String) {
    let id = salesperson
        .post("/customers", complete(name))
        .expect(201)
        .id();
    let card = salesperson
        .command(&format!("/customers/{id}/submit"))
        .expect(200)
        .json();
    assert_eq!(card["state"], "SUBMITTED");
    // Who manages the unit may also transfer it.
    let actions = card["allowed_actions"].as_array().expect("actions");
    assert_eq!(actions[..2], [json!("WITHDRAW"), json!("SHARE")]);
    assert!(!actions.contains(&json!("EDIT")));
    (
        id,
        card["approval_id"]
            .as_str()
            .expect("a pending review")
            .to_owned(),
    )
}

fn decide(
    who: &Client<'_>,
    approval: &str,
    opinion: &str,
    comment: Option<&str>,
) -> crate::harness::Answer {
    let read = who.get(&format!("/approvals/{approval}")).expect(200);
    let etag = read.header("etag").unwrap().to_owned();
    let mut body = json!({ "opinion": opinion });
    if let Some(comment) = comment {
        body["comment"] = json!(comment);
    }
    who.decide(&format!("/approvals/{approval}/decisions"), &etag, body)
}

#[test]
fn the_department_manager_passes_it_and_only_then_is_it_effective() {
    let app = TestApp::start();
    let (id, approval) = submitted(&app.salesperson(), "惠普中国有限公司");
    let inbox = app
        .department_manager()
        .get("/approvals?waiting_for_me=true")
        .expect(200)
        .json();
    assert_eq!(inbox["items"][0]["id"], approval);
    decide(&app.department_manager(), &approval, "AGREE", None).expect(200);
    let card = app
        .salesperson()
        .get(&format!("/customers/{id}"))
        .expect(200)
        .json();
    assert_eq!(card["state"], "EFFECTIVE");
    assert!(card["effective_at"].is_string());
    assert_eq!(card["approval_id"], Value::Null);
    let inbox = app
        .department_manager()
        .get("/approvals?waiting_for_me=true")
        .expect(200)
        .json();
    assert_eq!(inbox["items"], json!([]));
}

#[test]
fn the_assistant_returns_it_with_reasons_and_it_comes_back_corrected() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let (id, approval) = submitted(&salesperson, "惠普中国有限公司");
    decide(&app.department_assistant(), &approval, "RETURN", None).expect(422);
    decide(
        &app.department_assistant(),
        &approval,
        "RETURN",
        Some("电话打不通"),
    )
    .expect(200);
    let read = salesperson.get(&format!("/customers/{id}")).expect(200);
    assert_eq!(read.json()["state"], "RETURNED");
    let etag = read.header("etag").unwrap().to_owned();
    salesperson
        .patch(
            &format!("/customers/{id}"),
            &etag,
            json!({ "phone": "010-85209999" }),
        )
        .expect(200);
    let card = salesperson
        .command(&format!("/customers/{id}/submit"))
        .expect(200)
        .json();
    let second = card["approval_id"].as_str().unwrap().to_owned();
    assert_ne!(second, approval);
    decide(&app.department_manager(), &second, "AGREE", None).expect(200);
    let history = salesperson
        .get(&format!("/history?subject_kind=CUSTOMER&subject_id={id}"))
        .expect(200)
        .json();
    let kinds: Vec<_> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap().to_owned())
        .collect();
    for kind in [
        "customer.registered",
        "customer.submitted",
        "customer.returned",
        "customer.changed",
        "customer.effective",
    ] {
        assert!(
            kinds.iter().any(|k| k == kind),
            "{kind} is in the history: {kinds:?}"
        );
    }
    let text = history.to_string();
    assert!(
        !text.contains("85209999"),
        "phones are masked in the history"
    );
}

#[test]
fn nobody_reviews_their_own_and_nobody_outside_the_department_does() {
    let app = TestApp::start();
    let (_, approval) = submitted(&app.department_manager(), "经理自己的有限公司");
    let manager = app.department_manager();
    let etag = manager
        .get(&format!("/approvals/{approval}"))
        .expect(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let path = format!("/approvals/{approval}/decisions");
    manager
        .decide(&path, &etag, json!({ "opinion": "AGREE" }))
        .expect(403);
    app.other_manager()
        .decide(&path, &etag, json!({ "opinion": "AGREE" }))
        .expect(404);
    decide(&app.department_assistant(), &approval, "AGREE", None).expect(200);
}

#[test]
fn under_review_it_is_neither_edited_nor_submitted_again_until_withdrawn() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let (id, approval) = submitted(&salesperson, "惠普中国有限公司");
    let path = format!("/customers/{id}");
    let etag = salesperson
        .get(&path)
        .expect(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let refused = salesperson
        .patch(&path, &etag, json!({ "grade": 3 }))
        .expect(409);
    assert_eq!(refused.problem()["rule"], "CUS-21");
    salesperson.command(&format!("{path}/submit")).expect(409);
    let card = salesperson
        .command(&format!("{path}/withdraw"))
        .expect(200)
        .json();
    assert_eq!(card["state"], "DRAFT");
    let ended = app
        .department_manager()
        .get(&format!("/approvals/{approval}"))
        .expect(200)
        .json();
    assert_eq!(ended["state"], "WITHDRAWN");
    let etag = salesperson
        .get(&path)
        .expect(200)
        .header("etag")
        .unwrap()
        .to_owned();
    salesperson
        .patch(&path, &etag, json!({ "grade": 3 }))
        .expect(200);
}

#[test]
fn of_two_reviewers_who_decide_at_once_exactly_one_decides() {
    let app = TestApp::start();
    let (id, approval) = submitted(&app.salesperson(), "惠普中国有限公司");
    let statuses = std::thread::scope(|scope| {
        let deciders = [
            scope.spawn(|| decide(&app.department_manager(), &approval, "AGREE", None).status()),
            scope.spawn(|| {
                decide(
                    &app.department_assistant(),
                    &approval,
                    "RETURN",
                    Some("请补充"),
                )
                .status()
            }),
        ];
        deciders.map(|decider| decider.join().unwrap())
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    let state = app
        .salesperson()
        .get(&format!("/customers/{id}"))
        .expect(200)
        .json()["state"]
        .clone();
    assert!(state == "EFFECTIVE" || state == "RETURNED", "{state}");
}
