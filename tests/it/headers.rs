//! Headers of every answer (S17), methods, languages, trace ids, conditional reads.

use std::collections::BTreeSet;

use crate::harness::{
    TestApp, Value,
    company::PASSWORD,
    document::{NOBODY, operations},
    json,
};

#[test]
fn no_answer_of_the_api_is_kept_sniffed_or_framed() {
    let app = TestApp::start();
    let client = app.administrator();
    for operation in operations() {
        let answer = operation.call(&client).send();
        let header = |name: &str| answer.header(name);
        let name = &operation.id;
        assert_eq!(
            header("cache-control"),
            Some("no-store"),
            "{name}: {answer}"
        );
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{name}");
        assert_eq!(header("x-frame-options"), Some("DENY"), "{name}");
        assert_eq!(header("referrer-policy"), Some("no-referrer"), "{name}");
        assert!(
            header("x-request-id").is_some_and(|id| id.len() >= 8),
            "{name}"
        );
        assert_eq!(header("server"), None, "{name}");
        assert_eq!(header("x-powered-by"), None, "{name}");
        let content_type = header("content-type").unwrap_or_default();
        let charset =
            content_type.contains("charset=utf-8") || content_type == "application/problem+json";
        assert!(
            answer.bytes().is_empty() || charset,
            "{name}: {content_type}"
        );
    }
}

#[test]
fn json_is_said_to_be_utf8_and_written_as_it() {
    let app = TestApp::start();
    let me = app.salesperson().get("/me").expect(200);
    assert_eq!(
        me.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert!(me.text().contains("销售癸"), "{me}");
}

#[test]
fn trace_and_methods_that_nobody_knows_are_refused() {
    let app = TestApp::start();
    for method in ["TRACE", "TRACK", "PROPFIND", "FOO", "CONNECT"] {
        for path in ["/me", "/auth/login", "/health/live", "/nowhere"] {
            let answer = app
                .administrator()
                .request(method, path)
                .header("x-secret", "canary")
                .send();
            assert!([400, 404, 405].contains(&answer.status()), "{answer}");
            assert!(!answer.text().contains("canary"), "{answer}");
        }
    }
}

/// Whether an address is one of a path with places.
fn is_of(address: &str, path: &str) -> bool {
    let (address, path) = (address.split('/'), path.split('/'));
    address.clone().count() == path.clone().count()
        && address
            .zip(path)
            .all(|(part, place)| place.starts_with('{') || part == place)
}

#[test]
fn a_method_that_an_address_does_not_support_is_answered_with_those_it_does() {
    let app = TestApp::start();
    let client = app.administrator();
    let all: Vec<_> = operations()
        .into_iter()
        .filter(|o| o.path.starts_with("/api/"))
        .collect();
    let mut addresses: Vec<_> = all
        .iter()
        .map(|operation| operation.path_to(NOBODY))
        .collect();
    addresses.dedup();
    for address in addresses {
        // `/customers/duplicate-checks` is also one of `/customers/{id}`.
        let supported: BTreeSet<_> = all
            .iter()
            .filter(|o| is_of(&address, &o.path))
            .map(|o| o.method.as_str())
            .collect();
        let own: BTreeSet<_> = all
            .iter()
            .filter(|o| o.path_to(NOBODY) == address)
            .map(|o| o.method.as_str())
            .collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if supported.contains(method) {
                continue;
            }
            let answer = client
                .request(method, &address)
                .send()
                .expect_code(405, "METHOD_NOT_ALLOWED");
            let allow = answer
                .header("allow")
                .unwrap_or_else(|| panic!("no Allow: {answer}"));
            let mut allowed: BTreeSet<_> = allow.split(',').map(str::trim).collect();
            allowed.retain(|method| !["HEAD", "OPTIONS"].contains(method));
            assert!(
                !allowed.is_empty() && allowed.is_subset(&supported),
                "{method} {address}: {allow}"
            );
            assert!(own.is_subset(&allowed), "{method} {address}: {allow}");
        }
    }
}

#[test]
fn head_answers_as_get_does_but_for_the_body() {
    let app = TestApp::start();
    let client = app.administrator();
    let me = client.id();
    for path in [
        "/customers".to_owned(),
        format!("/users/{me}"),
        "/health/live".to_owned(),
    ] {
        let read = client.get(&path).expect(200);
        let head = client.request("HEAD", &path).send().expect(200);
        assert!(head.bytes().is_empty(), "{path}");
        assert_eq!(head.header("etag"), read.header("etag"), "{path}");
        assert_eq!(
            head.header("content-type"),
            read.header("content-type"),
            "{path}"
        );
    }
    for (path, status) in [("/nowhere", 404), ("/auth/login", 405)] {
        let head = client.request("HEAD", path).send().expect(status);
        assert!(head.bytes().is_empty(), "{path}");
    }
    app.anonymous()
        .request("HEAD", "/customers")
        .send()
        .expect(401);
}

#[test]
fn an_address_without_anything_is_a_problem_too() {
    let app = TestApp::start();
    for path in [
        "/nowhere",
        "/customers/",
        "/me/",
        "/api/v2/me",
        "/api/",
        "/health/",
    ] {
        app.administrator().get(path).refused(json!({
            "type": "/problems/not-found",
            "title": "Not found",
            "status": 404,
            "detail": "There is nothing at this address.",
            "code": "NOT_FOUND",
            "errors": [],
        }));
    }
}

#[test]
fn a_trace_id_is_echoed_if_it_is_one() {
    let app = TestApp::start();
    let echoed = |id: &str| {
        let answer = app
            .salesperson()
            .request("GET", "/me")
            .header("x-request-id", id)
            .send()
            .expect(200);
        answer.header("x-request-id").unwrap().to_owned()
    };
    for good in ["abcdef12-3456", "01980000-0000-7000-8000-000000000001"] {
        assert_eq!(echoed(good), good);
    }
    for bad in [
        "short",
        "13800138000",
        "021-63539330-1010",
        &"x".repeat(65),
        "with a blank in it",
        "<script>alert(1)</script>",
        "a\"b\"c\"d\"e",
    ] {
        let given = echoed(bad);
        assert!(given != bad && given.len() == 32, "{bad} became {given}");
    }
    assert_ne!(echoed("short"), echoed("short"));
}

#[test]
fn the_trace_id_of_a_request_is_in_its_problem_and_in_its_events() {
    let app = TestApp::start();
    let trace = "trace-0123456789";
    let body = json!({ "login": "salesperson", "password": PASSWORD });
    app.anonymous()
        .request("POST", "/auth/login")
        .header("x-request-id", trace)
        .json(&body)
        .send()
        .expect(200);
    assert_eq!(
        app.count(&format!(
            "events WHERE trace_id = '{trace}' AND kind = 'session.opened'"
        )),
        1
    );
    let refused = app
        .anonymous()
        .request("GET", "/me")
        .header("x-request-id", trace)
        .send()
        .expect(401);
    assert_eq!(refused.json()["trace_id"], trace);
}

#[test]
fn problems_speak_the_language_that_is_asked_for() {
    let app = TestApp::start();
    let told = |language: &str| {
        let answer = app
            .anonymous()
            .request("GET", "/me")
            .header("accept-language", language)
            .send()
            .expect(401);
        (
            answer.header("content-language").unwrap().to_owned(),
            answer.json()["title"].as_str().unwrap().to_owned(),
        )
    };
    let zh = ("zh-CN".to_owned(), "未登录或登录已失效".to_owned());
    let en = ("en".to_owned(), "Not signed in, or no longer".to_owned());
    for chinese in [
        "zh-CN",
        "zh",
        "zh-Hant-TW",
        "",
        "*",
        "fr",
        "fr-FR, de;q=0.5",
        "en;q=0.5, zh;q=0.9",
        "en;q=0",
        "x;q=y",
    ] {
        assert_eq!(told(chinese), zh, "{chinese}");
    }
    for english in [
        "en",
        "en-GB",
        "EN",
        "fr, en;q=0.5",
        "zh;q=0.1, en;q=0.2",
        "en, zh",
    ] {
        assert_eq!(told(english), en, "{english}");
    }
    let silent = app
        .anonymous()
        .request("GET", "/me")
        .header("accept-language", "")
        .send();
    assert_eq!(silent.header("content-language"), Some("zh-CN"));
}

#[test]
fn failing_fields_speak_the_language_that_is_asked_for() {
    let app = TestApp::start();
    let said = |language: &str| {
        let answer = app
            .anonymous()
            .request("POST", "/auth/login")
            .header("accept-language", language)
            .json(&json!({}))
            .send();
        answer.expect(422).json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (said("zh-CN"), said("en")),
        ("必填项。".to_owned(), "Required.".to_owned())
    );
}

#[test]
fn browsers_of_other_origins_get_no_leave() {
    let app = TestApp::with(|config| config.cors_origins = vec!["https://crm.example".into()]);
    let preflight = |origin: &str| {
        app.anonymous()
            .request("OPTIONS", "/me")
            .header("origin", origin)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization")
            .send()
    };
    let ours = preflight("https://crm.example").expect(200);
    assert_eq!(
        ours.header("access-control-allow-origin"),
        Some("https://crm.example")
    );
    assert_eq!(
        preflight("https://evil.example").header("access-control-allow-origin"),
        None
    );
    let simple = app
        .anonymous()
        .request("GET", "/health/live")
        .header("origin", "https://evil.example")
        .send();
    assert_eq!(simple.header("access-control-allow-origin"), None);
}

#[test]
fn a_header_that_makes_no_sense_is_refused_in_the_one_form() {
    let app = TestApp::start();
    let client = app.salesperson();
    let with = |name: &str, value: &str| {
        client
            .request("POST", "/auth/logout")
            .header(name, value)
            .json(&json!({}))
            .send()
    };
    for key in ["", "with blank", &"x".repeat(129), "名"] {
        let refused = with("idempotency-key", key).expect_code(400, "MALFORMED_REQUEST");
        assert_eq!(refused.failing_fields()[0].1, "INVALID_HEADER");
    }
    client.get("/me").expect(200);
}

#[test]
fn metrics_count_what_was_asked_and_name_no_record() {
    let app = TestApp::start();
    app.administrator()
        .get(&format!("/users/{NOBODY}"))
        .expect(404);
    let metrics = app.anonymous().get("/metrics").expect(200);
    assert!(
        metrics.text().contains(
            "http_requests_total{method=\"GET\",route=\"/api/v1/users/{id}\",status=\"404\"} 1"
        ),
        "{metrics}"
    );
    assert!(!metrics.text().contains(NOBODY));
}

/// SEC-09.
#[test]
fn health_is_told_without_a_token_and_tells_nothing_else() {
    let app = TestApp::start();
    for path in ["/health/live", "/health/ready"] {
        let body: Value = app.anonymous().get(path).expect(200).json();
        assert_eq!(body, json!({ "status": "ok" }));
    }
}
