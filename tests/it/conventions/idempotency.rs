//! A retry with the same `Idempotency-Key` is the same request (R10).

use super::{new_unit, root};
use crate::harness::{
    Answer, Client, TestApp, Value,
    document::{NOBODY, operations},
    json, statuses, together,
};

fn create(client: &Client<'_>, key: &str, body: &Value) -> Answer {
    client.request("POST", "/units").key(key).json(body).send()
}

#[test]
fn twenty_retries_at_once_make_one_record_and_get_one_answer() {
    let app = TestApp::start();
    let client = app.administrator();
    let (parent, before) = (root(&app), app.count("units"));
    let answers = together(20, |_| {
        create(&client, "retry-1", &new_unit(&parent, "并发部"))
    });
    assert_eq!(statuses(&answers), [(201, 20)]);
    assert_eq!(app.count("units"), before + 1);
    let first = &answers[0];
    for answer in &answers {
        assert_eq!(answer.bytes(), first.bytes());
        assert_eq!(
            (answer.etag(), answer.header("location")),
            (first.etag(), first.header("location"))
        );
    }
    let fresh = answers
        .iter()
        .filter(|answer| answer.header("idempotency-replayed").is_none());
    assert_eq!(fresh.count(), 1, "all others say that they are replays");
    assert_eq!(
        app.count("events WHERE kind = 'unit.created' AND trace_id NOT IN ('founding', 'test')"),
        1
    );
}

#[test]
fn a_later_retry_gets_the_first_answer_though_the_record_has_changed() {
    let app = TestApp::start();
    let client = app.administrator();
    let body = new_unit(&root(&app), "重试部");
    let first = create(&client, "retry-2", &body).expect(201);
    client
        .patch(
            &format!("/units/{}", first.id()),
            &first.etag(),
            json!({ "name": "改名部" }),
        )
        .expect(200);
    app.advance(chrono::Duration::days(6));
    let again = create(&client, "retry-2", &body).expect(201);
    assert_eq!(again.bytes(), first.bytes());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(
        (again.etag(), again.header("location")),
        (first.etag(), first.header("location"))
    );
}

#[test]
fn a_key_belongs_to_one_request() {
    let app = TestApp::start();
    let client = app.administrator();
    let parent = root(&app);
    create(&client, "one-request", &new_unit(&parent, "甲部")).expect(201);
    let reused = json!({
        "type": "/problems/idempotency-key-reused",
        "title": "The idempotency key belongs to another request",
        "status": 422,
        "detail": "This Idempotency-Key belongs to another request: use a new one.",
        "code": "IDEMPOTENCY_KEY_REUSED",
        "errors": [],
    });
    create(&client, "one-request", &new_unit(&parent, "乙部")).refused(reused.clone());
    let elsewhere = client
        .request("POST", "/auth/logout")
        .key("one-request")
        .json(&new_unit(&parent, "甲部"));
    elsewhere.send().expect(422);
    let elsewhere = client
        .request("POST", "/auth/logout")
        .key("one-request")
        .json(&json!({}));
    elsewhere.send().refused(reused);
    assert_eq!(app.count("units WHERE name = '乙部'"), 0);
}

#[test]
fn a_key_is_its_callers_own() {
    let app = TestApp::start();
    let key = "shared-by-chance";
    let logout = |client: &Client<'_>| {
        client
            .request("POST", "/auth/logout")
            .key(key)
            .json(&json!({}))
            .send()
    };
    let one = logout(&app.salesperson()).expect(200);
    let other = logout(&app.colleague()).expect(200);
    assert_eq!(
        (
            one.header("idempotency-replayed"),
            other.header("idempotency-replayed")
        ),
        (None, None)
    );
}

#[test]
fn a_refused_request_leaves_its_key_free() {
    let app = TestApp::start();
    let client = app.administrator();
    let parent = root(&app);
    create(&client, "second-try", &new_unit(NOBODY, "丙部")).expect(422);
    create(&client, "second-try", &new_unit(&parent, "丙部")).expect(201);
}

#[test]
fn a_service_account_must_send_a_key_with_every_write() {
    let app = TestApp::start();
    let machine = app.integration();
    let mut count = 0;
    // A question that is too long for a query string writes nothing; of a password the present one is compared first.
    let others = ["checkDuplicates", "previewCustomerMerge", "changePassword"];
    for operation in operations()
        .iter()
        .filter(|o| o.secured && o.writes() && !others.contains(&o.id.as_str()))
    {
        let answer = operation.call(&machine).send();
        // Some need to look something up first, and refuse whoever may not see it.
        if answer.status() == 403 {
            continue;
        }
        let answer = answer.expect_code(428, "PRECONDITION_REQUIRED");
        let told = &answer.problem()["detail"];
        assert_eq!(
            told, "Service accounts must send an Idempotency-Key.",
            "{}",
            operation.id
        );
        count += 1;
        if operation.id == "logout" {
            continue;
        }
        let keyed = operation.call(&machine).key("a-key").send();
        assert_ne!(keyed.status(), 428, "{}: {keyed}", operation.id);
        app.sql("DELETE FROM idempotency_keys");
    }
    assert!(count > 30, "{count} operations only");
}

#[test]
fn a_refusal_that_is_recorded_leaves_its_key_free_too() {
    let app = TestApp::start();
    let (winner, loser) = (app.salesperson(), app.colleague());
    let body = crate::customers::complete("先录先得有限公司");
    winner.post("/customers", body.clone()).expect(201);
    let register = |body: &Value| {
        loser
            .request("POST", "/customers")
            .key("recorded")
            .json(body)
            .send()
    };
    register(&body).expect_code(409, "ALREADY_REGISTERED");
    register(&body).expect_code(409, "ALREADY_REGISTERED");
    assert_eq!(
        app.count("registration_attempts"),
        2,
        "each attempt is evidence"
    );
    register(&crate::customers::complete("后来居上有限公司")).expect(201);
}
