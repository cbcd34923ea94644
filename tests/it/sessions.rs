//! Login, refresh, logout, passwords (ORG-17, ORG-19, ORG-20, ORG-22, SEC-01; S2, S7, S9).

use chrono::Duration;

use crate::harness::{Answer, Person, TestApp, Value, company::PASSWORD, json, statuses, together};

fn bad_credentials() -> Value {
    json!({
        "type": "/problems/bad-credentials",
        "title": "Login or password is wrong",
        "status": 401,
        "detail": "Login or password is wrong.",
        "code": "BAD_CREDENTIALS",
        "rule": "SEC-01",
        "errors": [],
    })
}

fn unauthenticated() -> Value {
    json!({
        "type": "/problems/unauthenticated",
        "title": "Not signed in, or no longer",
        "status": 401,
        "detail": "Sign in, or exchange the refresh token for a new access token.",
        "code": "UNAUTHENTICATED",
        "rule": "SEC-01",
        "errors": [],
    })
}

fn refresh(app: &TestApp, pair: &Answer) -> Answer {
    app.anonymous().post(
        "/auth/refresh",
        json!({ "refresh_token": pair.json()["refresh_token"] }),
    )
}

fn access_token(pair: &Answer) -> String {
    pair.json()["access_token"].as_str().unwrap().to_owned()
}

fn change_password(app: &TestApp, token: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    app.holder_of(token).post("/auth/change-password", body)
}

#[test]
fn a_login_gives_a_token_that_opens_the_api() {
    let app = TestApp::start();
    let pair = app.login("salesperson", PASSWORD).expect(200);
    assert_eq!(pair.json()["token_type"], "Bearer");
    assert_eq!(pair.json()["expires_in"], 15 * 60);
    assert_eq!(pair.json()["must_change_password"], false);
    let me = app
        .holder_of(&access_token(&pair))
        .get("/me")
        .expect(200)
        .json();
    assert_eq!(me["name"], Person::Salesperson.name());
}

#[test]
fn width_and_case_of_a_login_do_not_matter() {
    let app = TestApp::start();
    app.login("ＳＡＬＥＳＰＥＲＳＯＮ", PASSWORD).expect(200);
    app.login(" SalesPerson ", PASSWORD).expect(200);
}

#[test]
fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let app = TestApp::start();
    app.login("salesperson", "not the password")
        .refused(bad_credentials());
    app.login("nobody.at.all", "not the password")
        .refused(bad_credentials());
}

#[test]
fn guessing_ends_after_ten_attempts_even_of_thirty_at_once() {
    let app = TestApp::start();
    let answers = together(30, |n| {
        app.login("salesperson", &format!("guess number {n}"))
    });
    assert_eq!(statuses(&answers), [(401, 10), (429, 20)]);
    let refused = app.login("salesperson", PASSWORD).expect(429);
    assert_eq!(refused.header("retry-after"), Some("900"));
    refused.refused(json!({
        "type": "/problems/too-many-requests",
        "title": "Too many requests",
        "status": 429,
        "detail": "Too many login attempts for this account: wait, and tell the administrator if it was not you.",
        "code": "TOO_MANY_REQUESTS",
        "rule": "ORG-22",
        "errors": [],
    }));
    assert_eq!(app.count("login_attempts WHERE succeeded = FALSE"), 10);
}

#[test]
fn the_victim_of_guessing_is_locked_out_no_longer_than_the_window() {
    let app = TestApp::start();
    for _ in 0..10 {
        app.login("salesperson", "a guess").expect(401);
    }
    app.advance(Duration::minutes(10));
    let refused = app.login("salesperson", "another guess").expect(429);
    assert_eq!(
        refused.header("retry-after"),
        Some("300"),
        "a refused attempt does not prolong the window"
    );
    app.login("colleague", PASSWORD).expect(200);
    app.advance(Duration::minutes(5));
    app.login("salesperson", PASSWORD).expect(200);
}

#[test]
fn a_success_gives_all_attempts_back() {
    let app = TestApp::start();
    for _ in 0..3 {
        for _ in 0..9 {
            app.login("salesperson", "a typing error").expect(401);
        }
        app.login("salesperson", PASSWORD).expect(200);
    }
}

#[test]
fn an_access_token_lasts_fifteen_minutes_and_a_refresh_token_gives_the_next() {
    let app = TestApp::start();
    let pair = app.login("salesperson", PASSWORD).expect(200);
    app.advance(Duration::minutes(15) - Duration::seconds(1));
    app.holder_of(&access_token(&pair)).get("/me").expect(200);
    app.advance(Duration::seconds(1));
    app.holder_of(&access_token(&pair))
        .get("/me")
        .refused(unauthenticated());
    let next = refresh(&app, &pair).expect(200);
    assert_ne!(next.json()["refresh_token"], pair.json()["refresh_token"]);
    app.holder_of(&access_token(&next)).get("/me").expect(200);
}

#[test]
fn a_refresh_token_used_twice_ends_the_whole_session() {
    let app = TestApp::start();
    let stolen = app.login("salesperson", PASSWORD).expect(200);
    let elsewhere = app.login("salesperson", PASSWORD).expect(200);
    let next = refresh(&app, &stolen).expect(200);
    let mut reused = unauthenticated();
    reused["rule"] = json!("ORG-22");
    refresh(&app, &stolen).refused(reused);
    refresh(&app, &next).expect(401);
    app.holder_of(&access_token(&next)).get("/me").expect(401);
    app.holder_of(&access_token(&elsewhere))
        .get("/me")
        .expect(200);
    assert_eq!(
        app.count("events WHERE kind = 'session.token_reused'"),
        1,
        "the theft is on record"
    );
}

#[test]
fn of_twenty_exchanges_of_one_refresh_token_at_once_at_most_one_succeeds() {
    let app = TestApp::start();
    let pair = app.login("salesperson", PASSWORD).expect(200);
    let answers = together(20, |_| refresh(&app, &pair));
    assert_eq!(statuses(&answers), [(200, 1), (401, 19)]);
}

#[test]
fn a_refresh_token_ends_after_fourteen_days() {
    let app = TestApp::start();
    let pair = app.login("salesperson", PASSWORD).expect(200);
    app.advance(Duration::days(14));
    refresh(&app, &pair).refused(unauthenticated());
}

#[test]
fn a_session_ends_fourteen_days_after_the_login_however_often_it_is_refreshed() {
    let app = TestApp::start();
    let first = app.login("salesperson", PASSWORD).expect(200);
    app.advance(Duration::days(13));
    let second = refresh(&app, &first).expect(200);
    app.advance(Duration::days(1));
    refresh(&app, &second).refused(unauthenticated());
}

#[test]
fn a_refresh_token_that_was_never_given_is_refused() {
    let app = TestApp::start();
    app.anonymous()
        .post("/auth/refresh", json!({ "refresh_token": "0".repeat(64) }))
        .refused(unauthenticated());
}

#[test]
fn logout_ends_this_session_and_no_other() {
    let app = TestApp::start();
    let here = app.login("salesperson", PASSWORD).expect(200);
    let there = app.login("salesperson", PASSWORD).expect(200);
    app.holder_of(&access_token(&here))
        .post("/auth/logout", json!({}))
        .expect(200);
    app.holder_of(&access_token(&here))
        .get("/me")
        .refused(unauthenticated());
    refresh(&app, &here).refused(unauthenticated());
    app.holder_of(&access_token(&there)).get("/me").expect(200);
}

#[test]
fn logout_everywhere_ends_all_of_ones_sessions_and_nobody_elses() {
    let app = TestApp::start();
    let here = app.login("salesperson", PASSWORD).expect(200);
    let there = app.login("salesperson", PASSWORD).expect(200);
    let other = app.login("colleague", PASSWORD).expect(200);
    app.holder_of(&access_token(&here))
        .post("/auth/logout", json!({ "everywhere": true }))
        .expect(200);
    app.holder_of(&access_token(&there)).get("/me").expect(401);
    app.holder_of(&access_token(&other)).get("/me").expect(200);
}

#[test]
fn while_the_initial_password_is_in_place_nothing_but_its_change_is_open() {
    let app = TestApp::start();
    app.sql("UPDATE users SET must_change_password = TRUE WHERE login_key = 'salesperson'");
    let pair = app.login("salesperson", PASSWORD).expect(200);
    assert_eq!(pair.json()["must_change_password"], true);
    let token = access_token(&pair);
    let client = app.holder_of(&token);
    assert_eq!(
        client.get("/me").expect(200).json()["must_change_password"],
        true
    );
    for operation in crate::harness::document::operations()
        .iter()
        .filter(|o| o.secured)
    {
        if ["me", "logout", "changePassword"].contains(&operation.id.as_str()) {
            continue;
        }
        let answer = operation.call(&client).send();
        assert!(
            answer.status() == 403,
            "{} is open before the change: {answer}",
            operation.id
        );
        assert_eq!(
            answer.problem()["code"],
            "PASSWORD_CHANGE_REQUIRED",
            "{answer}"
        );
        assert_eq!(answer.problem()["rule"], "ORG-19");
    }
    change_password(&app, &token, PASSWORD, "a much better password").expect(200);
    assert_eq!(
        client.get("/me").expect(200).json()["must_change_password"],
        false
    );
    assert_eq!(
        app.login("salesperson", "a much better password")
            .expect(200)
            .json()["must_change_password"],
        false
    );
}

#[test]
fn a_password_change_ends_all_other_sessions_and_the_old_password() {
    let app = TestApp::start();
    let here = app.login("salesperson", PASSWORD).expect(200);
    let there = app.login("salesperson", PASSWORD).expect(200);
    change_password(
        &app,
        &access_token(&here),
        PASSWORD,
        "a much better password",
    )
    .expect(200);
    app.holder_of(&access_token(&here)).get("/me").expect(200);
    app.holder_of(&access_token(&there)).get("/me").expect(401);
    refresh(&app, &there).expect(401);
    app.login("salesperson", PASSWORD)
        .refused(bad_credentials());
    assert_eq!(app.count("events WHERE kind = 'user.password_changed'"), 1);
}

#[test]
fn a_password_change_needs_the_current_password() {
    let app = TestApp::start();
    let token = access_token(&app.login("salesperson", PASSWORD).expect(200));
    change_password(&app, &token, "a guess", "a much better password")
        .expect_code(401, "BAD_CREDENTIALS");
    app.login("salesperson", PASSWORD).expect(200);
}

#[test]
fn guessing_the_current_password_with_a_stolen_token_ends_like_guessing_at_login() {
    let app = TestApp::start();
    let token = access_token(&app.login("salesperson", PASSWORD).expect(200));
    let answers = together(15, |n| {
        change_password(
            &app,
            &token,
            &format!("guess {n}"),
            "a much better password",
        )
    });
    assert_eq!(statuses(&answers), [(401, 10), (429, 5)]);
}

#[test]
fn every_reason_against_a_password_is_said_at_once() {
    let app = TestApp::start();
    let token = access_token(&app.login("salesperson", PASSWORD).expect(200));
    let pointer = |code: &str| ("/new_password".to_owned(), code.to_owned());
    let refused =
        change_password(&app, &token, PASSWORD, "111111").expect_code(422, "VALIDATION_FAILED");
    let codes = [
        pointer("PASSWORD_TOO_SHORT"),
        pointer("PASSWORD_IS_INITIAL"),
        pointer("PASSWORD_TOO_COMMON"),
    ];
    assert_eq!(refused.failing_fields(), codes);
    let named = change_password(&app, &token, PASSWORD, "the salesperson").expect(422);
    assert_eq!(named.failing_fields(), [pointer("PASSWORD_CONTAINS_NAME")]);
    let same = change_password(&app, &token, PASSWORD, PASSWORD).expect(422);
    assert_eq!(same.failing_fields(), [pointer("PASSWORD_REUSED")]);
    let long = change_password(&app, &token, PASSWORD, &"long word ".repeat(13)).expect(422);
    assert_eq!(long.failing_fields(), [pointer("PASSWORD_TOO_LONG")]);
    app.login("salesperson", PASSWORD).expect(200);
}

#[test]
fn none_of_the_last_five_passwords_comes_back() {
    let app = TestApp::start();
    let token = access_token(&app.login("salesperson", PASSWORD).expect(200));
    let passwords: Vec<String> = (0..7).map(|n| format!("spring rain number {n}")).collect();
    let mut current = PASSWORD.to_owned();
    for next in &passwords {
        change_password(&app, &token, &current, next).expect(200);
        app.advance(Duration::seconds(1));
        current.clone_from(next);
    }
    for former in &passwords[1..] {
        change_password(&app, &token, &current, former).expect_code(422, "VALIDATION_FAILED");
    }
    change_password(&app, &token, &current, &passwords[0]).expect(200);
}

#[test]
fn a_password_must_be_changed_after_ninety_days() {
    let app = TestApp::start();
    let token = access_token(&app.login("salesperson", PASSWORD).expect(200));
    change_password(&app, &token, PASSWORD, "a much better password").expect(200);
    app.advance(Duration::days(90) - Duration::seconds(1));
    assert_eq!(
        app.login("salesperson", "a much better password")
            .expect(200)
            .json()["must_change_password"],
        false
    );
    app.advance(Duration::seconds(1));
    let expired = app
        .login("salesperson", "a much better password")
        .expect(200);
    assert_eq!(expired.json()["must_change_password"], true);
    assert_eq!(
        app.holder_of(&access_token(&expired))
            .get("/me")
            .expect(200)
            .json()["must_change_password"],
        true
    );
}

#[test]
fn a_disabled_account_is_cut_off_at_once() {
    let app = TestApp::start();
    let pair = app.login("salesperson", PASSWORD).expect(200);
    app.sql("UPDATE users SET disabled_at = '2026-03-02 01:00:00' WHERE login_key = 'salesperson'");
    app.holder_of(&access_token(&pair))
        .get("/me")
        .refused(unauthenticated());
    refresh(&app, &pair).refused(unauthenticated());
    app.login("salesperson", PASSWORD)
        .refused(bad_credentials());
}

#[test]
fn of_two_password_changes_at_once_one_wins() {
    let app = TestApp::start();
    let token = access_token(&app.login("salesperson", PASSWORD).expect(200));
    let answers = together(2, |n| {
        change_password(
            &app,
            &token,
            PASSWORD,
            &format!("a much better password {n}"),
        )
    });
    assert_eq!(
        statuses(&answers).first(),
        Some(&(200, 1)),
        "{} {}",
        answers[0],
        answers[1]
    );
}

#[test]
fn passwords_are_kept_as_argon2id() {
    let app = TestApp::start();
    let hashes = app.texts("SELECT password_hash AS text FROM users");
    assert_eq!(hashes.len(), Person::ALL.len());
    assert!(
        hashes.iter().all(|hash| hash.starts_with("$argon2id$")),
        "{hashes:?}"
    );
}

#[test]
fn neither_tokens_nor_passwords_are_kept_in_clear() {
    let app = TestApp::start();
    let pair = app.login("salesperson", PASSWORD).expect(200);
    let token = pair.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(
        app.count(&format!("refresh_tokens WHERE token_hash = '{token}'")),
        0
    );
    assert_eq!(app.count("refresh_tokens"), 1);
}
