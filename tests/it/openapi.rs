//! The OpenAPI document as a whole: current, sound, and the same that is served.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::harness::{
    TestApp, Value,
    document::{document, operations},
};

/// Calls `visit` on every value of the document, with its place.
fn walk(value: &Value, place: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(place, value);
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| {
            walk(
                inner,
                &format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")),
                visit,
            );
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(i, inner)| walk(inner, &format!("{place}/{i}"), visit)),
        _ => {}
    }
}

fn is_json_schema_place(place: &str) -> bool {
    place.contains("/schemas/") || place.contains("/schema")
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let current = xianlu::openapi::document().to_pretty_json().unwrap();
    let same = committed.trim_end() == current.trim_end();
    assert!(
        same,
        "openapi/openapi.json is not what the code says: run `make openapi` and commit it"
    );
}

#[test]
fn the_served_document_is_the_same() {
    let app = TestApp::start();
    let served = app.anonymous().get("/api-docs/openapi.json").expect(200);
    assert_eq!(
        served.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert!(
        served.json() == *document(),
        "what is served is not what the code says"
    );
}

#[test]
fn the_page_that_shows_the_document_is_served_with_all_it_needs() {
    let app = TestApp::start();
    let anyone = app.anonymous();
    assert_eq!(
        anyone
            .request("GET", "/swagger-ui")
            .send()
            .expect(307)
            .header("location"),
        Some("/swagger-ui/")
    );
    let page = anyone.get("/swagger-ui/").expect(200);
    for part in page
        .text()
        .split(['"', '\''])
        .filter(|part| part.starts_with("./") || part.ends_with(".js"))
    {
        let part = part.trim_start_matches("./");
        anyone.get(&format!("/swagger-ui/{part}")).expect(200);
    }
    assert!(
        !page.text().contains("https://"),
        "the page loads nothing from elsewhere: {}",
        page.text()
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let (mut lost, mut count) = (Vec::new(), 0);
    walk(document, "", &mut |place, value| {
        if let Some(reference) = value
            .as_object()
            .and_then(|members| members.get("$ref"))
            .and_then(Value::as_str)
        {
            count += 1;
            if reference
                .strip_prefix('#')
                .and_then(|pointer| document.pointer(pointer))
                .is_none()
            {
                lost.push(format!("{place}: {reference}"));
            }
        }
    });
    assert!(count > 10, "the walk sees references");
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn every_operation_has_a_name_of_its_own_in_camel_case() {
    let mut names = BTreeMap::new();
    for operation in operations() {
        let place = format!("{} {}", operation.method, operation.path);
        let id = operation.id;
        assert!(
            id.starts_with(|c: char| c.is_ascii_lowercase())
                && id.bytes().all(|b| b.is_ascii_alphanumeric()),
            "{id}"
        );
        if let Some(other) = names.insert(id.clone(), place.clone()) {
            panic!("{id} is both {other} and {place}");
        }
    }
}

#[test]
fn every_operation_says_what_it_is_for() {
    let document = document();
    let tags: BTreeSet<_> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    for operation in operations() {
        let raw = &operation.raw;
        let text = |member: &str| {
            raw[member]
                .as_str()
                .map(str::trim)
                .unwrap_or_default()
                .to_owned()
        };
        let summary = text("summary");
        assert!(
            (5..=80).contains(&summary.len()),
            "{}: summary {summary:?}",
            operation.id
        );
        assert!(
            text("description").len() >= 20,
            "{}: description {:?}",
            operation.id,
            text("description")
        );
        let named: Vec<_> = raw["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(named.len(), 1, "{}: {named:?}", operation.id);
        assert!(
            tags.contains(named[0]),
            "{}: {named:?} is not declared",
            operation.id
        );
    }
}

#[test]
fn every_operation_documents_how_it_answers() {
    for operation in operations().iter().filter(|o| o.path.starts_with("/api/")) {
        let responses = operation.raw["responses"].as_object().unwrap();
        let has = |status: &str| responses.contains_key(status);
        let name = &operation.id;
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}: no success"
        );
        assert!(
            has("400") && has("500") && has("503"),
            "{name}: 400, 500, 503"
        );
        assert!(
            !operation.secured || has("401") && has("403"),
            "{name}: 401, 403"
        );
        assert!(!operation.path.contains('{') || has("404"), "{name}: 404");
        assert!(
            operation.body.is_none() || has("413") && has("415") && has("422"),
            "{name}: 413, 415, 422"
        );
        let created = operation.raw["responses"]["201"].is_object();
        assert!(
            !created || operation.method == "POST" || operation.path.contains("by-external-id"),
            "{name}: 201"
        );
    }
}

#[test]
fn paths_and_names_follow_the_conventions() {
    for operation in operations()
        .iter()
        .filter(|o| o.path.starts_with("/api/v1/"))
    {
        for part in operation
            .path
            .split('/')
            .skip(3)
            .filter(|part| !part.starts_with('{'))
        {
            // A report to download says so by its end.
            let kebab = part
                .trim_end_matches(".csv")
                .trim_end_matches(".xlsx")
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            assert!(kebab, "{}: {part}", operation.path);
        }
        for parameter in &operation.query {
            let snake = parameter
                .name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(snake, "{}: {}", operation.id, parameter.name);
        }
    }
    walk(document(), "", &mut |place, value| {
        if let Some(properties) = value["properties"]
            .as_object()
            .filter(|_| is_json_schema_place(place))
        {
            for name in properties.keys() {
                let snake = name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                assert!(snake, "{place}: {name}");
            }
        }
    });
}

/// Every schema that a request body reaches.
fn request_schemas() -> BTreeMap<String, Value> {
    let mut reached: BTreeMap<String, Value> = BTreeMap::new();
    let mut waiting: Vec<(String, Value)> = operations()
        .into_iter()
        .filter_map(|o| o.body.map(|body| (format!("body of {}", o.id), body)))
        .collect();
    while let Some((name, schema)) = waiting.pop() {
        walk(&schema, "", &mut |_, value| {
            if let Some(reference) = value["$ref"].as_str()
                && !reached.contains_key(reference)
                && let Some(target) = document().pointer(reference.trim_start_matches('#'))
            {
                reached.insert(reference.to_owned(), Value::Null);
                waiting.push((reference.to_owned(), target.clone()));
            }
        });
        reached.insert(name, schema);
    }
    reached
}

fn is_of(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind
        || schema["type"]
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|k| k == kind))
}

#[test]
fn every_member_of_a_request_is_bounded() {
    let mut unbounded = Vec::new();
    for (name, schema) in request_schemas() {
        walk(&schema, "", &mut |place, value| {
            let place = format!("{name}{place}");
            let has = |keyword: &str| value.get(keyword).is_some();
            let closed = has("enum") || has("const") || has("format") || has("pattern");
            if is_of(value, "string") && !closed && !(has("minLength") && has("maxLength")) {
                unbounded.push(format!("{place}: a text needs minLength and maxLength"));
            }
            if is_of(value, "array") && !has("maxItems") {
                unbounded.push(format!("{place}: a list needs maxItems"));
            }
            if (is_of(value, "integer") || is_of(value, "number"))
                && !(has("minimum") && has("maximum"))
                && !has("enum")
            {
                unbounded.push(format!("{place}: a number needs minimum and maximum"));
            }
            if is_of(value, "object") && has("properties") && value["additionalProperties"] != false
            {
                unbounded.push(format!("{place}: a request has no unknown members"));
            }
        });
    }
    assert!(unbounded.is_empty(), "{}", unbounded.join("\n"));
}

#[test]
fn every_value_of_an_enumeration_is_documented_as_it_is_sent() {
    walk(document(), "", &mut |place, value| {
        for word in value["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let upper = word
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
            assert!(upper, "{place}: {word}");
        }
    });
    let schemas = &document()["components"]["schemas"];
    let documented = |(name, _): &(&str, _)| {
        schemas
            .get(*name)
            .is_some_and(|schema| schema["enum"].is_array())
    };
    let glossary: Vec<_> = xianlu::domain::vocabulary::catalogue()
        .into_iter()
        .filter(documented)
        .collect();
    assert!(
        !glossary.is_empty(),
        "no enumeration of the glossary is in the document"
    );
    for (name, labels) in glossary {
        let values: Vec<_> = labels
            .iter()
            .map(|label| Value::from(label.value))
            .collect();
        assert_eq!(schemas[name]["enum"], Value::from(values), "{name}");
    }
}

#[test]
fn every_enumeration_of_the_document_is_labelled_in_chinese_and_english() {
    let app = TestApp::start();
    let listed = app.stranger().get("/metadata/enums").expect(200).json()["items"].clone();
    let labelled: BTreeMap<String, Vec<Value>> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let values = item["values"].as_array().unwrap();
            for value in values {
                assert!(!value["zh"].as_str().unwrap().is_empty(), "{item}");
                assert!(!value["en"].as_str().unwrap().is_empty(), "{item}");
            }
            (
                item["name"].as_str().unwrap().to_owned(),
                values.iter().map(|value| value["value"].clone()).collect(),
            )
        })
        .collect();
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    let enumerated = schemas
        .iter()
        .filter(|(_, schema)| schema["enum"].is_array());
    let mut count = 0;
    for (name, schema) in enumerated {
        count += 1;
        assert_eq!(
            labelled.get(name).map(|values| Value::from(values.clone())),
            Some(schema["enum"].clone()),
            "{name}: add its words to src/domain/vocabulary/words.rs"
        );
    }
    assert!(count > 50, "{count} enumerations");
}
