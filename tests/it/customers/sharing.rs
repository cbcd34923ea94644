//! Who sees a customer: owner, superiors, explicit shares (ORG-10, DUP-11, DUP-12).

use chrono::Duration;
use serde_json::{Value, json};

use super::complete;
use crate::harness::{TestApp, statuses, together};

fn days_from_now(app: &TestApp, days: i64) -> String {
    app.now().plus(Duration::days(days)).to_string()
}

/// ORG-29, ORG-30.
#[test]
fn the_direct_superior_may_change_it_the_indirect_one_only_read_it_and_others_do_not_see_it() {
    let app = TestApp::start();
    let id = app
        .salesperson()
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    app.department_manager()
        .patch(&path, "\"1\"", json!({ "grade": 2 }))
        .expect(200);
    app.colleague().get(&path).expect(404);
    app.other_manager().get(&path).expect(404);
    app.stranger().get(&path).expect(404);
    let apprentice = app
        .apprentice()
        .post("/customers", complete("学徒的有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{apprentice}");
    let card = app.salesperson().get(&path).expect(200).json();
    assert_eq!(
        card["allowed_actions"],
        json!([]),
        "an indirect superior only reads"
    );
    let refused = app
        .salesperson()
        .patch(&path, "\"1\"", json!({ "grade": 2 }))
        .expect(403);
    assert_eq!(refused.problem()["rule"], "ORG-10");
    app.trainee()
        .patch(&path, "\"1\"", json!({ "grade": 2 }))
        .expect(200);
}

#[test]
fn what_is_above_ones_clearance_is_opened_by_no_role_and_no_share() {
    let app = TestApp::start();
    let cleared = |login: &str, level: i32| {
        app.sql(&format!(
            "UPDATE users SET clearance = {level} WHERE login = '{login}'"
        ));
    };
    cleared("salesperson", 3);
    let (owner, other) = (app.salesperson(), app.other_salesperson());
    let mut secret = complete("惠普中国有限公司");
    secret["security_level"] = json!(3);
    let id = owner.post("/customers", secret).expect(201).id();
    let path = format!("/customers/{id}");
    let share = json!({
        "user_id": other.id(), "level": "READ", "expires_at": days_from_now(&app, 10), "reason": "代为跟进",
    });
    owner.post(&format!("{path}/shares"), share).expect(201);
    let finds = |who: &crate::harness::Client<'_>| {
        let listed = who.get("/customers").expect(200).ids().contains(&id);
        let read = who.get(&path).status() == 200;
        assert_eq!(listed, read, "a list shows what may be read");
        read
    };
    // The owner and the superiors see it at any level; roles and shares only up to one's clearance.
    assert!(finds(&owner) && finds(&app.department_manager()) && finds(&app.branch_director()));
    assert!(!finds(&app.department_assistant()), "by a role");
    assert!(!finds(&other), "by a share");
    for login in ["department_assistant", "other_salesperson"] {
        cleared(login, 2);
    }
    assert!(!finds(&app.department_assistant()) && !finds(&other));
    for login in ["department_assistant", "other_salesperson"] {
        cleared(login, 3);
    }
    assert!(finds(&app.department_assistant()) && finds(&other));
}

/// ORG-04.
#[test]
fn a_share_opens_it_for_reading_or_writing_until_it_expires_or_is_taken_back() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let share = |level: &str, until: &str| json!({ "user_id": app.other_salesperson().id(), "level": level, "expires_at": until, "reason": "代为跟进" });
    let past = salesperson
        .post(
            &format!("{path}/shares"),
            share("READ", "2000-01-01T00:00:00Z"),
        )
        .expect(422);
    assert_eq!(past.problem()["errors"][0]["pointer"], "/expires_at");
    let until = days_from_now(&app, 10);
    salesperson
        .post(&format!("{path}/shares"), share("READ", &until))
        .expect(201);
    app.other_salesperson().get(&path).expect(200);
    app.other_salesperson()
        .patch(&path, "\"1\"", json!({ "grade": 2 }))
        .expect(403);
    let given = salesperson
        .post(&format!("{path}/shares"), share("WRITE", &until))
        .expect(201)
        .id();
    app.other_salesperson()
        .patch(&path, "\"1\"", json!({ "grade": 2 }))
        .expect(200);
    let listed = salesperson
        .get(&format!("{path}/shares"))
        .expect(200)
        .items();
    assert_eq!(listed.len(), 1, "a second share replaces the first");
    app.advance(Duration::days(11));
    app.other_salesperson().get(&path).expect(404);
    let again = salesperson
        .post(
            &format!("{path}/shares"),
            share("READ", &days_from_now(&app, 5)),
        )
        .expect(201)
        .id();
    assert_eq!(again, given);
    app.other_salesperson().get(&path).expect(200);
    salesperson
        .delete(&format!("/shares/{given}"), "*", json!({}))
        .expect(204);
    app.other_salesperson().get(&path).expect(404);
}

fn for_ten_days(app: &TestApp, with: &str, level: &str) -> Value {
    json!({
        "user_id": with, "level": level, "expires_at": days_from_now(app, 10), "reason": "协作",
    })
}

#[test]
fn sharing_is_offered_to_whom_it_is_allowed() {
    let app = TestApp::start();
    let (owner, other) = (app.salesperson(), app.other_salesperson());
    let id = owner
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let share = |with: &str| for_ten_days(&app, with, "WRITE");
    owner
        .post(&format!("{path}/shares"), share(&other.id()))
        .expect(201);
    let offered = |who: &crate::harness::Client<'_>, action: &str| {
        let card = who.get(&path).expect(200).json();
        card["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!(action))
    };
    assert!(offered(&owner, "SHARE") && offered(&app.department_manager(), "SHARE"));
    assert!(offered(&other, "EDIT") && !offered(&other, "SHARE"));
    other
        .post(&format!("{path}/shares"), share(&app.colleague().id()))
        .expect(403);
}

#[test]
fn a_share_is_changed_and_ended_as_it_was_read() {
    let app = TestApp::start();
    let (owner, other) = (app.salesperson(), app.other_salesperson());
    let id = owner
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let shares = format!("/customers/{id}/shares");
    let give = |level: &str| {
        owner
            .post(&shares, for_ten_days(&app, &other.id(), level))
            .expect(201)
    };
    let given = give("READ");
    let path = format!("/shares/{}", given.id());
    assert_eq!(
        (given.etag(), &given.json()["version"]),
        ("\"1\"".into(), &json!(1))
    );
    let same = owner.patch(&path, "\"1\"", json!({ "level": "READ" }));
    assert_eq!(same.expect(200).etag(), "\"1\"");
    let changed = owner
        .patch(&path, "\"1\"", json!({ "level": "WRITE" }))
        .expect(200);
    assert_eq!(changed.etag(), "\"2\"");
    for list in [&shares, "/shares?direction=BY_ME"] {
        assert_eq!(
            owner.get(list).expect(200).items()[0]["version"],
            2,
            "{list}"
        );
    }
    owner
        .patch(&path, "\"1\"", json!({ "level": "READ" }))
        .expect_code(412, "STALE_VERSION");
    // What is given anew is another one than was read.
    assert_eq!(give("READ").etag(), "\"3\"");
    owner
        .delete(&path, "\"2\"", json!({}))
        .expect_code(412, "STALE_VERSION");
    let answers = together(8, |n| {
        let body = json!({ "reason": format!("第{n}次延长") });
        app.salesperson().patch(&path, "\"3\"", body)
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 7)]);
    owner.delete(&path, "\"4\"", json!({})).expect(204);
}
