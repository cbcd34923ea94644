//! The demo company: believable, whole, by the services; and the README's tour stays possible on it.

use std::{collections::BTreeSet, sync::mpsc};

use xianlu::demo::{self, Present};

use crate::harness::{TestApp, Value, json};

/// An installation with nothing but the demo company, served three months after it began.
pub fn loaded() -> TestApp {
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
    registry_is_shown(&app);
    let me = |login: &str| {
        app.holder_of(&holder(&app, login))
            .get("/me")
            .expect(200)
            .json()
    };
    assert_eq!(me("li.na")["name"], "李娜");
}

/// A merge that may be undone, a departure whose handover is done in time, a dispute about a customer that was ruled on
/// with evidence of both sides, and one that waits for its ruling (DUP-09, ORG-23, ORG-25, CONF-05, CONF-06).
fn registry_is_shown(app: &TestApp) {
    let list = |login: &str, path: &str| {
        let token = holder(app, login);
        app.holder_of(&token).get(path).expect(200).items()
    };
    let read = |login: &str, path: &str, row: &Value| {
        let token = holder(app, login);
        let path = format!("{path}/{}", row["id"].as_str().unwrap());
        app.holder_of(&token).get(&path).expect(200).json()
    };
    let merges = list("zhang.wei", "/merges");
    let merge = read("zhang.wei", "/merges", &merges[0]);
    assert_eq!(merge["allowed_actions"], json!(["UNDO"]));

    let departures = list("xu.qiang", "/departures?state_in=COMPLETED");
    assert_eq!(departures.len(), 1);
    assert_eq!(departures[0]["overdue_at"], json!(null));
    let handovers = list("xu.qiang", "/handovers?state=DONE");
    let (handover, done) = (&handovers[0], &handovers[0]["done"]);
    assert_eq!(handover["departure_id"], departures[0]["id"]);
    assert_eq!(
        (&handover["assigned"], &done["customers"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(done["opportunities"], 1);
    app.login(demo::LEAVER, demo::PASSWORD).expect(401);

    let disputed = |state: &str| {
        let cases = list(
            "zheng.hao",
            &format!("/conflict-cases?state_in={state}&limit=200"),
        );
        let of_customers: Vec<_> = cases
            .into_iter()
            .filter(|case| case["attempt_id"].is_string())
            .collect();
        assert_eq!(of_customers.len(), 1, "{state}");
        let id = of_customers[0]["id"].as_str().unwrap();
        let entries = list("zheng.hao", &format!("/conflict-cases/{id}/entries"));
        let sides: BTreeSet<_> = entries.iter().map(|e| e["side"].to_string()).collect();
        assert_eq!(sides.len(), 2, "evidence of both sides");
        of_customers.into_iter().next().unwrap()
    };
    let ruled = read("xu.qiang", "/conflict-cases", &disputed("RULED"));
    assert_eq!(
        (&ruled["ruling"], &ruled["claimant_share"]),
        (&json!("COOPERATE"), &json!("0.4000"))
    );
    let waiting = read("li.na", "/conflict-cases", &disputed("UNDER_ARBITRATION"));
    assert_eq!(waiting["allowed_actions"], json!(["RULE", "ADD_ENTRY"]));
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
