//! Departures: within one working day, or held against the manager (ORG-23, ORG-24, SEC-17, AMB-50).

use chrono::Duration;
use xianlu::{domain::timestamp::Timestamp, jobs::runner};

use super::{customer, handed_over, path};
use crate::harness::{Answer, Client, TestApp, Value, json};

fn announce(who: &Client<'_>, user: &str, last_day: &str) -> Answer {
    let body = json!({ "user_id": user, "last_day": last_day, "reason": "个人原因辞职" });
    who.post("/departures", body)
}

fn today(app: &TestApp) -> String {
    app.now().date_in(chrono_tz::Asia::Shanghai).to_string()
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_leaver_gives_nothing_away_and_is_cut_off_when_everything_is_handed_over() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let (user, colleague) = (seller.id(), app.colleague().id());
    let id = customer(&seller, "甲有限公司");
    let until = app.now().plus(Duration::days(10)).to_string();
    let share = json!({ "user_id": app.other_salesperson().id(), "level": "READ", "expires_at": until, "reason": "协助" });
    let shared = customer(&app.colleague(), "乙有限公司");
    let to_leaver =
        json!({ "user_id": user, "level": "READ", "expires_at": until, "reason": "协助" });
    app.colleague()
        .post(&format!("{}/shares", path(&shared)), to_leaver)
        .expect(201);
    seller
        .post(
            "/departures",
            json!({ "user_id": user, "last_day": today(&app), "reason": "自己" }),
        )
        .expect(403);
    announce(&app.other_manager(), &user, &today(&app)).expect(403);
    let departure = announce(&manager, &user, &today(&app)).expect(201);
    announce(&manager, &user, &today(&app)).expect(409);
    assert_eq!(departure.json()["responsible"]["id"], manager.id());
    assert_eq!(departure.json()["records_left"], 1);
    assert_eq!(
        departure.json()["allowed_actions"],
        json!(["HAND_OVER", "CANCEL"])
    );
    let person = manager.get(&format!("/users/{user}")).expect(200).json();
    assert_eq!(person["employment"], "LEAVING");
    // Still at work, but nothing leaves with the leaver.
    seller.get(&path(&id)).expect(200);
    let refused = seller
        .post(&format!("{}/shares", path(&id)), share)
        .expect(403);
    assert_eq!(refused.problem()["rule"], "ORG-23");
    let complete = format!("/departures/{}/complete", departure.id());
    let refused = manager.command(&complete).expect(409).problem();
    assert_eq!(refused["reason"], "RECORDS_LEFT");
    let body = json!({
        "from_id": user, "to_id": colleague, "reason": "离职交接", "departure_id": departure.id(),
    });
    let token_holder = app.holder_of(&token(&app, "salesperson"));
    token_holder.get("/me").expect(200);
    let done = handed_over(&app, &manager, body);
    assert_eq!(done["state"], "DONE");
    let departure = manager
        .get(&format!("/departures/{}", departure.id()))
        .expect(200);
    assert_eq!(departure.json()["state"], "COMPLETED");
    assert_eq!(departure.json()["overdue_at"], json!(null));
    // S2: every session at once, every right with it.
    token_holder.get("/me").expect(401);
    app.login("salesperson", crate::harness::company::PASSWORD)
        .expect(401);
    assert_eq!(
        app.count(&format!("user_roles WHERE user_id = '{user}'")),
        0
    );
    assert_eq!(app.count(&format!("shares WHERE user_id = '{user}'")), 0);
    let person = manager.get(&format!("/users/{user}")).expect(200).json();
    assert_eq!(person["employment"], "LEFT");
    app.colleague().get(&path(&id)).expect(200);
    // The administrator takes the person back; rights are given anew.
    let back = json!({ "reason": "返聘" });
    let reinstate = format!("/departures/{}/reinstate", departure.id());
    manager.post(&reinstate, back.clone()).expect(403);
    let again = app.administrator().post(&reinstate, back).expect(200);
    assert_eq!(again.json()["state"], "REINSTATED");
    app.login("salesperson", crate::harness::company::PASSWORD)
        .expect(200);
}

fn token(app: &TestApp, login: &str) -> String {
    let pair = app
        .login(login, crate::harness::company::PASSWORD)
        .expect(200)
        .json();
    pair["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn at_the_end_of_the_next_working_day_it_is_held_against_the_manager() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    customer(&seller, "甲有限公司");
    let departure = announce(&manager, &seller.id(), &today(&app)).expect(201);
    let path = format!("/departures/{}", departure.id());
    let due = instant(&departure.json()["due_at"]);
    // Announced on Monday, 2 March: due at the end of Tuesday in the company's zone.
    assert_eq!(due.to_string(), "2026-03-03T15:59:59.999999Z");
    let left = due.utc() - app.now().utc();
    // The last instant is in time.
    app.advance(left);
    assert_eq!(runner::tick(app.inside()).unwrap(), 0);
    app.advance(Duration::microseconds(1));
    assert_eq!(runner::tick(app.inside()).unwrap(), 1);
    assert_eq!(runner::tick(app.inside()).unwrap(), 0, "once");
    let overdue = manager.get(&path).expect(200).json();
    assert_eq!(instant(&overdue["overdue_at"]), app.now());
    let listed = manager
        .get("/departures?overdue=true&state_in=ANNOUNCED")
        .expect(200)
        .ids();
    assert_eq!(listed, [departure.id()]);
    let against = format!(
        "events WHERE kind = 'user.departure_overdue' AND subject_id = '{}'",
        manager.id()
    );
    assert_eq!(app.count(&against), 1);
}

#[test]
fn where_the_manager_leaves_the_next_superior_answers_and_whoever_stays_stays() {
    let app = TestApp::start();
    let (manager, director) = (app.department_manager(), app.branch_director());
    announce(&manager, &manager.id(), &today(&app)).expect(403);
    let departure = announce(&director, &manager.id(), &today(&app)).expect(201);
    assert_eq!(departure.json()["responsible"]["id"], director.id());
    let cancel = format!("/departures/{}/cancel", departure.id());
    let reason = json!({ "reason": "员工决定留任" });
    manager.post(&cancel, reason.clone()).expect(403);
    let cancelled = director.post(&cancel, reason.clone()).expect(200);
    assert_eq!(cancelled.json()["state"], "CANCELLED");
    director.post(&cancel, reason).expect(409);
    let person = director.get(&format!("/users/{}", manager.id()));
    assert_eq!(person.expect(200).json()["employment"], "ACTIVE");
    // Nothing to hand over: it is completed at once.
    let departure = announce(&director, &manager.id(), &today(&app)).expect(201);
    let complete = format!("/departures/{}/complete", departure.id());
    director.command(&complete).expect(200);
    assert_eq!(
        app.login("department_manager", crate::harness::company::PASSWORD)
            .status(),
        401
    );
}
