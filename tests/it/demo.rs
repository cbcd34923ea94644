//! The demo company: believable, whole, by the services; and the README's tour stays possible on it.

use std::{collections::BTreeSet, sync::mpsc};

use xianlu::demo::{self, Present};

use crate::harness::{TestApp, Value, json};

/// An installation with nothing but the demo company, served three months after it began.
fn loaded() -> TestApp {
    let app = TestApp::unfounded();
    let (sender, scenes) = mpsc::channel();
    demo::load(
        app.inside().config(),
        crate::harness::SECRET,
        app.now(),
        move |played, count| sender.send((played, count)).unwrap_or_default(),
    )
    .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", error.errors(), error.extra()));
    let (played, count) = scenes.into_iter().last().unwrap();
    assert!(played == count && count > 900, "{played} of {count}");
    app
}

fn holder(app: &TestApp, login: &str) -> String {
    let pair = app.login(login, demo::PASSWORD).expect(200).json();
    pair["access_token"].as_str().unwrap().to_owned()
}

/// The first column's values over a table.
fn values(app: &TestApp, query: &str) -> BTreeSet<String> {
    app.texts(query).into_iter().collect()
}

fn all<T: Copy>(of: &[T], text: impl Fn(&T) -> &'static str, but: &[&str]) -> BTreeSet<String> {
    let texts = of.iter().map(text).filter(|text| !but.contains(text));
    texts.map(str::to_owned).collect()
}

#[test]
fn the_demo_shows_every_state_and_can_be_gone_on_with() {
    use xianlu::domain::vocabulary as v;
    let app = loaded();
    assert!(app.count("customers") >= 300);
    let states = |table: &str| values(&app, &format!("SELECT DISTINCT state AS text FROM {table}"));
    assert_eq!(
        states("customers"),
        all(v::CustomerState::ALL, v::CustomerState::as_str, &[])
    );
    assert_eq!(
        states("opportunities"),
        all(v::OpportunityState::ALL, v::OpportunityState::as_str, &[])
    );
    assert_eq!(
        states("conflict_cases"),
        all(v::CaseState::ALL, v::CaseState::as_str, &["WITHDRAWN"])
    );
    assert_eq!(
        states("quotes"),
        all(v::QuoteState::ALL, v::QuoteState::as_str, &[])
    );
    assert_eq!(
        values(&app, "SELECT DISTINCT tier AS text FROM quotes"),
        all(v::QuoteTier::ALL, v::QuoteTier::as_str, &[])
    );
    assert_eq!(
        states("contracts"),
        all(
            v::ContractState::ALL,
            v::ContractState::as_str,
            &["RETURNED"]
        )
    );
    assert_eq!(
        values(&app, "SELECT DISTINCT route AS text FROM contracts"),
        all(v::ContractRoute::ALL, v::ContractRoute::as_str, &[])
    );
    // Everybody who is printed can log in and read something.
    for login in demo::logins() {
        let token = holder(&app, login.login);
        app.holder_of(&token).get("/me").expect(200);
    }
    // What the README needs is free, and the examples of the document are there.
    let zhang = app.holder_of(&holder(&app, "zhang.wei"));
    let body = json!({ "name": "惠普中国有限公司", "credit_code": "91990000MA0000001B" });
    let found = zhang.post("/customers/duplicate-checks", body).expect(200);
    assert_eq!(found.json()["registered"], false);
    let example = |kind: u64| format!("01980000-0000-7000-8000-{:012x}", kind << 32);
    for (kind, path) in [
        (1, "products"),
        (2, "customers"),
        (3, "opportunities"),
        (4, "quotes"),
        (5, "contracts"),
    ] {
        zhang.get(&format!("/{path}/{}", example(kind))).expect(200);
    }
    let me = |login: &str| {
        app.holder_of(&holder(&app, login))
            .get("/me")
            .expect(200)
            .json()
    };
    assert_eq!(me("li.na")["name"], "李娜");
}

#[test]
fn the_newcomer_must_change_the_initial_password_and_nobody_founds_twice() {
    let app = loaded();
    let initial = xianlu::policy::org::password::PasswordSettings::default().initial_password;
    let pair: Value = app.login(demo::NEWCOMER, &initial).expect(200).json();
    assert_eq!(pair["must_change_password"], true);
    let present = app.inside().db().read_now(demo::present).unwrap();
    assert_eq!(present, Present::Demo);
    let config = app.inside().config();
    let again = demo::load(config, crate::harness::SECRET, app.now(), |_, _| ());
    assert_eq!(again.unwrap_err().code().as_str(), "STATE_CONFLICT");
    let other = TestApp::start();
    let present = other.inside().db().read_now(demo::present).unwrap();
    assert_eq!(present, Present::Other);
}
