//! Versions: nobody overwrites what they have not read (R11), and nobody reads again what they have.

use super::{root, unit};
use crate::harness::{
    TestApp,
    document::{NOBODY, operations},
    json, statuses, together,
};

#[test]
fn of_fifty_changes_of_one_version_at_once_one_is_made() {
    let app = TestApp::start();
    let client = app.administrator();
    let made = unit(&client, &root(&app), "旧名部");
    let (path, etag) = (format!("/units/{}", made.id()), made.etag());
    let answers = together(50, |n| {
        client.patch(&path, &etag, json!({ "name": format!("新名{n}部") }))
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 49)]);
    let won = answers
        .iter()
        .find(|answer| answer.status() == 200)
        .unwrap();
    let now = client.get(&path).expect(200);
    assert_eq!(
        (now.json()["name"].clone(), now.etag()),
        (won.json()["name"].clone(), won.etag())
    );
    let lost = answers
        .iter()
        .find(|answer| answer.status() == 412)
        .unwrap();
    lost.clone().refused(json!({
        "type": "/problems/stale-version",
        "title": "The record has changed since it was read",
        "status": 412,
        "detail": "The record changed after you read it: read it again and retry.",
        "code": "STALE_VERSION",
        "errors": [],
    }));
}

#[test]
fn whatever_requires_if_match_says_so() {
    let app = TestApp::start();
    let client = app.administrator();
    let mut count = 0;
    for operation in operations().iter().filter(|o| o.secured && o.writes()) {
        let parameters = operation.raw["parameters"].as_array().into_iter().flatten();
        let required = parameters
            .clone()
            .any(|p| p["name"] == "If-Match" && p["required"] == true);
        let honoured = parameters.clone().any(|p| p["name"] == "If-Match");
        assert!(honoured, "{} does not know If-Match", operation.id);
        if matches!(operation.method.as_str(), "PATCH" | "DELETE") {
            assert!(required, "{} must require If-Match", operation.id);
        }
        let answer = operation.call_without_version(&client, NOBODY).send();
        if required {
            let answer = answer.expect_code(428, "PRECONDITION_REQUIRED");
            assert_eq!(
                answer.problem()["detail"],
                "Say in If-Match which version (ETag) you read.",
                "{}",
                operation.id
            );
            count += 1;
        } else if operation.id != "logout" {
            assert_ne!(
                answer.status(),
                428,
                "{} requires If-Match and does not say so: {answer}",
                operation.id
            );
        }
    }
    assert!(count > 3);
}

#[test]
fn only_the_current_version_or_any_version_matches() {
    let app = TestApp::start();
    let client = app.administrator();
    let made = unit(&client, &root(&app), "版本部");
    let path = format!("/units/{}", made.id());
    let etag = made.etag();
    assert_eq!(etag, "\"1\"");
    assert_eq!(made.json()["version"], 1);
    for other in [
        "\"2\"",
        "\"0\"",
        "\"-1\"",
        "W/\"1\"",
        "1",
        "\"01x\"",
        "\"\"",
        "\"9223372036854775808\"",
        "'1'",
        "\"2\", \"1\"",
    ] {
        client
            .patch(&path, other, json!({ "name": "不该有" }))
            .expect_code(412, "STALE_VERSION");
    }
    let second = client
        .patch(&path, &etag, json!({ "name": "版本二部" }))
        .expect(200);
    assert_eq!(second.etag(), "\"2\"");
    client
        .patch(&path, &etag, json!({ "name": "不该有" }))
        .expect(412);
    client
        .patch(&path, "*", json!({ "name": "版本三部" }))
        .expect(200);
}

#[test]
fn whoever_has_the_version_is_told_so_and_sent_nothing() {
    let app = TestApp::start();
    let client = app.administrator();
    let made = unit(&client, &root(&app), "条件部");
    let path = format!("/units/{}", made.id());
    let ask = |tags: &str| {
        client
            .request("GET", &path)
            .header("if-none-match", tags)
            .send()
    };
    for known in ["\"1\"", "W/\"1\"", "*", "\"7\", \"1\"", "\"7\",W/\"1\""] {
        let answer = ask(known).expect(304);
        assert!(answer.bytes().is_empty(), "{known}: {answer}");
        assert_eq!(answer.etag(), "\"1\"");
    }
    for unknown in ["\"2\"", "1", "\"\"", "x"] {
        assert_eq!(
            ask(unknown).expect(200).json()["name"],
            "条件部",
            "{unknown}"
        );
    }
    client
        .patch(&path, "\"1\"", json!({ "name": "条件二部" }))
        .expect(200);
    ask("\"1\"").expect(200);
}
