//! Input that is malformed, hostile or simply wrong, against every operation of the document (R7, R8, S4, S5): the
//! answer is a refusal in the one form, never a fault, and nothing is written.

use crate::harness::{
    Answer, Client, TestApp, Value,
    document::{NOBODY, Operation, encoded, operations, resolve},
    json,
};

/// Operations with a JSON body.
pub fn writers() -> Vec<Operation> {
    operations()
        .into_iter()
        .filter(|operation| operation.body.is_some())
        .collect()
}

pub fn send(
    client: &Client<'_>,
    operation: &Operation,
    content_type: &str,
    body: impl Into<Vec<u8>>,
) -> Answer {
    client
        .request(&operation.method, &operation.path_to(NOBODY))
        .if_match("\"1\"")
        .bytes(content_type, body)
        .send()
}

/// A refusal by a 4xx in the one form.
#[track_caller]
pub fn is_refused(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status()), "{what}: {answer}");
    let problem = answer.problem();
    assert!(
        problem["code"]
            .as_str()
            .is_some_and(|code| !code.is_empty()),
        "{what}: {answer}"
    );
    assert_eq!(problem["status"], answer.status(), "{what}: {answer}");
}

/// Bodies that are not what JSON is, or say what no request of ours says: name, bytes, the status if it is certain.
fn cases() -> Vec<(&'static str, Vec<u8>, Option<u16>)> {
    let text = |name, body: &str, status| (name, body.as_bytes().to_vec(), status);
    let malformed = Some(400);
    let mut cases = vec![
        text("nothing", "", malformed),
        text("a blank", "  \n", malformed),
        text("half an object", "{\"name\":", malformed),
        text("an open string", "{\"name\":\"x}", malformed),
        text("a comma at the end", "{\"name\":\"x\",}", malformed),
        text("single quotes", "{'name':'x'}", malformed),
        text("a comment", "{/* x */}", malformed),
        text("two objects", "{}{}", malformed),
        text("something behind", "{} x", malformed),
        text("not a number", "{\"name\":NaN}", malformed),
        text("infinity", "{\"name\":Infinity}", malformed),
        text("a leading zero", "{\"name\":01}", malformed),
        text("a plus", "{\"name\":+1}", malformed),
        text("a form", "name=x&login=y", malformed),
        text("XML", "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>", malformed),
        text("YAML", "name: x\n", malformed),
        text("a byte order mark", "\u{feff}{}", malformed),
        text("a member twice", "{\"name\":\"x\",\"name\":\"y\"}", malformed),
        text("a member twice, once escaped", "{\"name\":\"x\",\"n\\u0061me\":\"y\"}", malformed),
        text("a member twice, below", "{\"a\":[{\"b\":1,\"b\":2}]}", malformed),
        text("NUL in a value", "{\"name\":\"x\\u0000y\"}", malformed),
        text("NUL in a name", "{\"na\\u0000me\":\"x\"}", malformed),
        text("a lone high surrogate", "{\"name\":\"\\ud83d\"}", malformed),
        text("a lone low surrogate", "{\"name\":\"\\ude00\"}", malformed),
        text("surrogates in the wrong order", "{\"name\":\"\\ude00\\ud83d\"}", malformed),
        text("a bad escape", "{\"name\":\"\\x41\"}", malformed),
        text("a control character", "{\"name\":\"a\u{1}b\"}", malformed),
        text("a number beyond all bounds", "{\"name\":1e999}", malformed),
        ("bytes that are not UTF-8", b"{\"name\":\"\xff\xfe\"}".to_vec(), malformed),
        ("an overlong UTF-8 form", b"{\"name\":\"\xc0\xaf\"}".to_vec(), malformed),
        ("a UTF-8 surrogate", b"{\"name\":\"\xed\xa0\x80\"}".to_vec(), malformed),
        ("UTF-16", "{}".encode_utf16().flat_map(u16::to_le_bytes).collect(), malformed),
        ("raw NUL", b"{\"name\":\"x\0y\"}".to_vec(), malformed),
        ("compressed data", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00".to_vec(), malformed),
        text("null", "null", Some(422)),
        text("an array", "[]", Some(422)),
        text("an array of objects", "[{}]", Some(422)),
        text("a string", "\"x\"", Some(422)),
        text("a number", "42", Some(422)),
        text("true", "true", Some(422)),
        text("an unknown member", "{\"surely_unknown\":1}", Some(422)),
        text("a prototype", "{\"__proto__\":{\"admin\":true},\"constructor\":{}}", Some(422)),
        text("a huge integer", "{\"surely_unknown\":123456789012345678901234567890123456789}", Some(422)),
        text("a tiny fraction", "{\"surely_unknown\":1e-400}", Some(422)),
        ("deep arrays", [vec![b'['; 10_000], vec![b']'; 10_000]].concat(), malformed),
        ("deep objects", [b"{\"a\":".repeat(10_000), b"1".to_vec(), vec![b'}'; 10_000]].concat(), malformed),
        ("deep arrays without an end", vec![b'['; 10_000], malformed),
    ];
    let member = |(name, value): (&'static str, &str)| {
        (
            name,
            format!("{{\"surely_unknown\":{value}}}").into_bytes(),
            Some(422),
        )
    };
    cases.extend(
        [
            (
                "a long name",
                format!("\"{}\"", "x".repeat(100_000)).as_str(),
            ),
            ("emoji", "\"👨‍👩‍👧‍👦\""),
        ]
        .map(member),
    );
    cases
}

#[test]
fn what_no_request_says_is_refused_by_every_operation() {
    let app = TestApp::start();
    let client = app.administrator();
    let cases = cases();
    let mut count = 0;
    for operation in writers() {
        let alone = operation
            .body
            .as_ref()
            .is_some_and(|body| resolve(body)["type"] == "object");
        for (name, body, status) in &cases {
            let what = format!("{name} to {}", operation.id);
            let answer = send(&client, &operation, "application/json", body.clone());
            is_refused(&answer, &what);
            if let Some(status) = status.filter(|_| alone) {
                assert_eq!(answer.status(), status, "{what}: {answer}");
            }
            count += 1;
        }
    }
    assert!(count >= 500, "{count} cases only");
    client.get("/me").expect(200);
}

#[test]
fn commands_without_a_body_take_none() {
    let app = TestApp::start();
    let client = app.administrator();
    for operation in operations()
        .iter()
        .filter(|o| o.method == "POST" && o.body.is_none() && !o.other_body)
    {
        for body in ["{\"a\":1}", "[]", "null", "{", "x"] {
            let answer = send(&client, operation, "application/json", body);
            assert_eq!(answer.status(), 400, "{body} to {}: {answer}", operation.id);
            is_refused(&answer, &operation.id);
        }
    }
}

#[test]
fn another_content_type_than_json_is_refused_by_every_operation() {
    let app = TestApp::start();
    let client = app.administrator();
    for operation in writers() {
        let body = operation.sample().unwrap().to_string();
        for content_type in [
            "text/plain",
            "text/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/jsonx",
            "application/problem+json",
            "application",
            "",
            "application/json, text/plain",
            "ａpplication/json",
        ] {
            let answer = send(&client, &operation, content_type, body.clone());
            let what = format!("{content_type:?} to {}", operation.id);
            is_refused(&answer, &what);
            assert_eq!(answer.status(), 415, "{what}: {answer}");
        }
    }
}

#[test]
fn json_with_parameters_and_in_any_case_is_json() {
    let app = TestApp::start();
    for content_type in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/json ;charset=UTF-8",
    ] {
        let body = json!({ "login": "salesperson", "password": "wrong" }).to_string();
        app.anonymous()
            .request("POST", "/auth/login")
            .bytes(content_type, body)
            .send()
            .expect(401);
    }
}

/// Values of every kind but the right one, for a member with this schema.
fn wrong_values(schema: &Value) -> Vec<Value> {
    let schema = resolve(schema);
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        // Alternatives: what is wrong for all of them is told by the object below.
        _ => return vec![json!({ "surely_unknown": [] })],
    };
    let mut wrong = Vec::new();
    for (kind, values) in [
        ("string", vec![json!(""), json!("x".repeat(100_000))]),
        (
            "integer",
            vec![
                json!(i64::MAX),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(1e300),
                json!(0.5),
            ],
        ),
        ("boolean", vec![json!(true)]),
        ("array", vec![json!([]), json!([[[]]])]),
        ("object", vec![json!({}), json!({ "surely_unknown": 1 })]),
        ("null", vec![Value::Null]),
    ] {
        let integer_where_number = kind == "integer" && kinds.contains(&"number");
        if !(kinds.contains(&kind) || integer_where_number) {
            wrong.extend(values);
        }
    }
    if kinds.contains(&"string") {
        wrong.retain(|value| !value.is_string());
        wrong.push(json!("x".repeat(300_000)));
        if schema.get("enum").is_some()
            || schema
                .get("format")
                .is_some_and(|format| format != "password")
        {
            wrong.extend([json!("surely not"), json!("' OR 1=1 --"), json!("\u{202e}")]);
        }
    }
    if kinds.contains(&"integer") {
        wrong.extend([json!(i64::MAX), json!(i64::MIN), json!(1e300), json!(0.5)]);
    }
    if kinds.contains(&"array") {
        wrong.push(Value::from(vec![Value::Null; 5_000]));
    }
    wrong
}

#[test]
fn every_member_of_every_body_is_refused_with_a_value_of_another_kind() {
    let app = TestApp::start();
    let client = app.administrator();
    let mut count = 0;
    for operation in writers() {
        let schema = operation.body.clone().unwrap();
        let Some(properties) = schema["properties"].as_object() else {
            continue;
        };
        for (name, member) in properties {
            for value in wrong_values(member) {
                let mut body = operation.sample().unwrap();
                body[name] = value.clone();
                let answer = send(&client, &operation, "application/json", body.to_string());
                let what = format!("{}: {name} = {:.80}", operation.id, value.to_string());
                is_refused(&answer, &what);
                assert_eq!(answer.status(), 422, "{what}: {answer}");
                let named = answer
                    .failing_fields()
                    .iter()
                    .any(|(pointer, _)| pointer.starts_with(&format!("/{name}")));
                assert!(named, "{what} is not named: {answer}");
                count += 1;
            }
        }
    }
    assert!(count >= 500, "{count} cases only");
    client.get("/me").expect(200);
}

#[test]
fn every_missing_member_is_named_at_once() {
    let app = TestApp::start();
    let client = app.administrator();
    for operation in writers() {
        let schema = operation.body.clone().unwrap();
        let required: Vec<_> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if required.is_empty() {
            continue;
        }
        let answer = send(&client, &operation, "application/json", "{}");
        assert_eq!(answer.status(), 422, "{}: {answer}", operation.id);
        let mut wanted: Vec<_> = required
            .iter()
            .map(|name| (format!("/{name}"), "REQUIRED".to_owned()))
            .collect();
        wanted.sort();
        assert_eq!(answer.failing_fields(), wanted, "{}", operation.id);
    }
}

#[test]
fn what_the_server_decides_cannot_be_said_in_a_body() {
    let app = TestApp::start();
    let client = app.administrator();
    let forbidden = [
        ("id", json!(NOBODY)),
        ("owner_id", json!(NOBODY)),
        ("state", json!("APPROVED")),
        ("version", json!(99)),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("updated_at", json!("2020-01-01T00:00:00Z")),
        ("created_by", json!(NOBODY)),
        ("security_level", json!(0)),
        ("must_change_password", json!(false)),
        ("password_hash", json!("x")),
        ("allowed_actions", json!(["DELETE"])),
        ("is_admin", json!(true)),
    ];
    let mut count = 0;
    for operation in writers() {
        let schema = operation.body.clone().unwrap();
        for (member, value) in &forbidden {
            // A command that is about this very member declares it: what it does with it is the command's own test.
            if schema["properties"].get(member).is_some() {
                continue;
            }
            let mut body = operation.sample().unwrap();
            body[member] = value.clone();
            let answer = send(&client, &operation, "application/json", body.to_string());
            assert_eq!(
                answer.status(),
                422,
                "{member} to {}: {answer}",
                operation.id
            );
            let unknown = (format!("/{member}"), "UNKNOWN_MEMBER".to_owned());
            assert!(
                answer.failing_fields().contains(&unknown),
                "{member} to {}: {answer}",
                operation.id
            );
            count += 1;
        }
    }
    assert!(count > 0);
}

/// What people try in query strings.
const INJECTIONS: [&str; 14] = [
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    "1) UNION SELECT password_hash FROM users --",
    "\" OR \"\"=\"",
    "%' AND 1=CAST((SELECT password_hash FROM users LIMIT 1) AS INTEGER) --",
    "\\",
    "%",
    "_",
    "id DESC, (SELECT 1)",
    "-id; SELECT pg_sleep(10)",
    "../../etc/passwd",
    "{\"$gt\":\"\"}",
    "\u{202e}\u{200b}",
    "𝒳",
];

#[test]
fn injections_in_any_parameter_are_values_or_refused() {
    let app = TestApp::start();
    let client = app.administrator();
    let users = app.count("users");
    let mut count = 0;
    for operation in operations()
        .iter()
        .filter(|o| o.method == "GET" && o.path.starts_with("/api/"))
    {
        let path = operation.path_to(NOBODY);
        let names = operation
            .query
            .iter()
            .map(|parameter| parameter.name.clone())
            .chain(["surely_unknown".into()]);
        for name in names {
            for injection in INJECTIONS {
                let answer = client.get(&format!("{path}?{name}={}", encoded(injection)));
                let what = format!("{name}={injection} to {}", operation.id);
                match answer.status() {
                    200 => assert_ne!(name, "surely_unknown", "{what}"),
                    _ => is_refused(&answer, &what),
                }
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} cases only");
    assert_eq!(app.count("users"), users);
}

#[test]
fn injections_in_paths_find_nothing() {
    let app = TestApp::start();
    let client = app.administrator();
    for operation in operations()
        .iter()
        .filter(|o| o.method == "GET" && o.path.ends_with("{id}"))
    {
        for injection in INJECTIONS {
            client
                .get(&operation.path_to(&encoded(injection).replace('+', "%20")))
                .expect_code(404, "NOT_FOUND");
        }
    }
}

#[test]
fn a_record_has_one_address_only() {
    let app = TestApp::start();
    let client = app.administrator();
    let id = client.id();
    client.get(&format!("/users/{id}")).expect(200);
    for spelling in [
        id.to_uppercase() + "/",
        id.replace('-', ""),
        format!("{{{id}}}"),
        format!("urn:uuid:{id}"),
        format!("{id}%00"),
        format!(" {id}"),
    ] {
        let answer = client.get(&format!(
            "/users/{}",
            encoded(&spelling).replace('+', "%20")
        ));
        assert!(
            [400, 404].contains(&answer.status()),
            "{spelling}: {answer}"
        );
    }
}

#[test]
fn a_text_parameter_that_is_not_text_is_refused() {
    let app = TestApp::start();
    let client = app.administrator();
    let mut count = 0;
    for operation in operations().iter().filter(|o| o.method == "GET") {
        let text = |schema: &Value| schema["type"] == "string" || schema["type"][0] == "string";
        for parameter in operation
            .query
            .iter()
            .filter(|parameter| text(&parameter.schema))
        {
            for bytes in ["%ff", "a%00b", "%c3%28", "%ed%a0%80"] {
                let address = format!("{}?{}={bytes}", operation.path_to(NOBODY), parameter.name);
                let answer = client.get(&address);
                assert_eq!(answer.status(), 400, "{address}: {answer}");
                is_refused(&answer, &address);
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

#[test]
fn a_query_that_is_not_text_is_refused() {
    let app = TestApp::start();
    let client = app.administrator();
    for operation in operations()
        .iter()
        .filter(|o| o.method == "GET" && !o.query.is_empty())
    {
        for query in [
            "limit=%ff",
            "limit=%00",
            "%00=1",
            "limit=5&limit=6",
            "limit",
            "=",
            "limit=5&",
            "sort=%c3%28",
        ] {
            let answer = client.get(&format!("{}?{query}", operation.path_to(NOBODY)));
            if answer.status() != 200 || query != "limit=5&" {
                is_refused(&answer, &format!("{query} to {}", operation.id));
            }
        }
    }
}
