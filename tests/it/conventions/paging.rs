//! Lists: every row once, in order, whatever happens meanwhile; every parameter checked.

use std::collections::BTreeSet;

use xianlu::{
    api::org::unit::NewUnit,
    domain::{id::kind::UserId, vocabulary::UnitKind},
    services::org::units,
};

use super::{root, unit};
use crate::harness::{
    Client, TestApp, Value,
    document::{NOBODY, Operation, operations},
    json,
};

/// Creates units below the root, as the administrator, in one transaction.
fn units_named(app: &TestApp, names: Vec<String>) {
    let administrator: UserId = app.administrator().id().parse().unwrap();
    let parent_id = root(app).parse().unwrap();
    app.inside()
        .write_as(administrator, "test", move |tx, ctx| {
            for name in &names {
                units::create(
                    tx,
                    ctx,
                    &NewUnit {
                        parent_id,
                        kind: UnitKind::Group,
                        name: name.clone(),
                    },
                )?;
            }
            Ok(())
        })
        .unwrap();
}

fn names(rows: &[Value]) -> Vec<String> {
    rows.iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The keys that a list may be sorted by, as its refusal of an unknown one names them.
fn sort_keys(client: &Client<'_>, path: &str) -> Vec<String> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let refused = client
        .get(&format!("{path}{separator}sort=surely_unknown"))
        .expect_code(400, "INVALID_PARAMETER");
    let told = refused.problem()["errors"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    let keys = told
        .strip_prefix("Sort keys are ")
        .and_then(|rest| rest.strip_suffix(", each at most once."));
    keys.unwrap_or_else(|| panic!("{told}"))
        .split(", ")
        .map(str::to_owned)
        .collect()
}

/// Lists that a test can ask without knowing a record.
fn lists() -> Vec<(Operation, String)> {
    let paged = |operation: &Operation| {
        operation
            .query
            .iter()
            .any(|parameter| parameter.name == "cursor")
    };
    let lists: Vec<_> = operations()
        .into_iter()
        .filter(|o| paged(o) && !o.path.contains('{'))
        .collect();
    assert!(!lists.is_empty());
    lists
        .into_iter()
        .map(|list| (list.clone(), list.address(NOBODY)))
        .collect()
}

fn and(address: &str, query: &str) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{query}")
}

#[test]
fn a_walk_sees_every_row_once_though_others_come_meanwhile() {
    let app = TestApp::start();
    let client = app.administrator();
    units_named(
        &app,
        (0..250)
            .map(|n| format!("小组{:03}", (n * 37) % 250))
            .collect(),
    );
    for sort in [
        "",
        "&sort=name",
        "&sort=-name",
        "&sort=-created_at",
        "&sort=created_at,-name",
    ] {
        let path = format!("/units?kind=GROUP&limit=7{sort}");
        let before: BTreeSet<_> = names(&client.walk(&path)).into_iter().collect();
        let mut seen = Vec::new();
        let mut next = path.clone();
        let mut page = 0;
        loop {
            let answer = client.get(&next).expect(200);
            let rows = answer.items();
            seen.extend(names(&rows));
            page += 1;
            if page % 9 == 0 {
                // Before, between and behind what was seen, and at the present moment.
                app.advance(chrono::Duration::seconds(1));
                let tag = format!("{}{page}", sort.len());
                units_named(
                    &app,
                    [
                        format!("一{tag}"),
                        format!("小组1{tag}新"),
                        format!("龥{tag}"),
                    ]
                    .into(),
                );
            }
            match answer.json()["next_cursor"].as_str() {
                Some(cursor) => {
                    assert_eq!(rows.len(), 7, "only the last page is short");
                    next = format!("{path}&cursor={cursor}");
                }
                None => break,
            }
        }
        let (distinct, count): (BTreeSet<_>, _) = (seen.iter().cloned().collect(), seen.len());
        assert_eq!(distinct.len(), count, "{sort}: no row twice");
        assert!(before.is_subset(&distinct), "{sort}: none is missed");
        assert!(before.len() >= 250);
    }
}

#[test]
fn the_order_is_the_one_that_was_asked_for() {
    let app = TestApp::start();
    let client = app.administrator();
    units_named(
        &app,
        (0..40).map(|n| format!("g{:02}", (n * 7) % 40)).collect(),
    );
    let up = names(&client.walk("/units?kind=GROUP&limit=3&sort=name"));
    let mut sorted = up.clone();
    sorted.sort();
    assert_eq!(up, sorted);
    let mut down = names(&client.walk("/units?kind=GROUP&limit=200&sort=-name"));
    down.reverse();
    assert_eq!(down, sorted);
}

#[test]
fn the_link_header_leads_to_the_next_page() {
    let app = TestApp::start();
    let client = app.administrator();
    units_named(&app, (0..5).map(|n| format!("链{n}")).collect());
    let first = client
        .get("/units?kind=GROUP&limit=3&sort=name")
        .expect(200);
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let link =
        format!("</api/v1/units?kind=GROUP&limit=3&sort=name&cursor={cursor}>; rel=\"next\"");
    assert_eq!(first.header("link"), Some(link.as_str()));
    let last = client
        .get(&format!(
            "/units?kind=GROUP&limit=3&sort=name&cursor={cursor}"
        ))
        .expect(200);
    assert_eq!(last.header("link"), None);
    assert_eq!(last.json()["next_cursor"], Value::Null);
    assert_eq!(first.items().len() + last.items().len(), 5);
}

#[test]
fn the_total_is_told_when_asked_for() {
    let app = TestApp::start();
    let client = app.administrator();
    units_named(&app, (0..30).map(|n| format!("数{n}")).collect());
    let counted = client
        .get("/units?kind=GROUP&limit=7&include_total=true")
        .expect(200);
    assert_eq!(
        counted.json()["total"],
        json!({ "value": 30, "capped": false })
    );
    assert!(
        client
            .get("/units?kind=GROUP&limit=7")
            .expect(200)
            .json()
            .get("total")
            .is_none()
    );
    let next = counted.json()["next_cursor"].as_str().unwrap().to_owned();
    let second = client
        .get(&format!(
            "/units?kind=GROUP&limit=7&include_total=true&cursor={next}"
        ))
        .expect(200);
    assert_eq!(
        second.json()["total"]["value"],
        30,
        "of all pages, not of those that follow"
    );
}

#[test]
fn a_cursor_is_bound_to_its_list_filter_and_sort() {
    let app = TestApp::start();
    let client = app.administrator();
    units_named(&app, (0..9).map(|n| format!("界{n}")).collect());
    let first = client
        .get("/units?kind=GROUP&limit=3&sort=name")
        .expect(200);
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    for other in [
        format!("/units?limit=3&sort=name&cursor={cursor}"),
        format!("/units?kind=BRANCH&limit=3&sort=name&cursor={cursor}"),
        format!("/units?kind=GROUP&active=true&limit=3&sort=name&cursor={cursor}"),
        format!("/units?kind=GROUP&limit=3&cursor={cursor}"),
        format!("/units?kind=GROUP&limit=3&sort=-name&cursor={cursor}"),
        format!("/units?kind=GROUP&limit=3&sort=name,created_at&cursor={cursor}"),
        format!("/users?limit=3&sort=name&cursor={cursor}"),
    ] {
        client.get(&other).refused(json!({
            "type": "/problems/invalid-cursor",
            "title": "The cursor is not valid for this query",
            "status": 400,
            "detail": "The cursor does not belong to this query: start again from the first page.",
            "code": "INVALID_CURSOR",
            "errors": [],
        }));
    }
    // The size of the page and the order of the parameters are not what a cursor is about.
    let rest = client
        .get(&format!(
            "/units?cursor={cursor}&sort=name&limit=50&kind=GROUP"
        ))
        .expect(200);
    assert_eq!(rest.items().len(), 6);
}

#[test]
fn a_cursor_that_was_tampered_with_is_refused() {
    let app = TestApp::start();
    let client = app.administrator();
    units_named(&app, (0..9).map(|n| format!("改{n}")).collect());
    let path = "/units?kind=GROUP&limit=3&sort=name";
    let cursor = client.get(path).expect(200).json()["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    client.get(&format!("{path}&cursor={cursor}")).expect(200);
    for place in 0..cursor.len() {
        let mut letters = cursor.clone().into_bytes();
        letters[place] = if letters[place] == b'0' { b'1' } else { b'0' };
        let tampered = String::from_utf8(letters).unwrap();
        client
            .get(&format!("{path}&cursor={tampered}"))
            .expect_code(400, "INVALID_CURSOR");
    }
    for other in [
        "",
        "x",
        "00",
        &cursor[..32],
        &cursor[..cursor.len() - 2],
        &format!("{cursor}00"),
        &"0".repeat(2000),
        "%F0%9F%98%80",
    ] {
        client
            .get(&format!("{path}&cursor={other}"))
            .expect_code(400, "INVALID_CURSOR");
    }
}

#[test]
fn every_list_checks_its_paging_parameters() {
    let app = TestApp::start();
    let client = app.administrator();
    for (list, address) in lists() {
        for query in [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=1.5",
            "limit=x",
            "limit=",
            "limit=99999999999999999999",
            "include_total=maybe",
            "include_total=",
            "sort=name,name",
            "sort=-",
            "sort=,",
            "sort=NAME",
            "unknown=1",
            "limit=5&limit=6",
            "offset=0",
            "page=1",
        ] {
            let refused = client.get(&and(&address, query));
            assert_eq!(refused.status(), 400, "{query} to {}: {refused}", list.id);
            assert_eq!(
                refused.problem()["code"],
                "INVALID_PARAMETER",
                "{query} to {}: {refused}",
                list.id
            );
        }
        client
            .get(&and(&address, "cursor=x"))
            .expect_code(400, "INVALID_CURSOR");
        for query in [
            "limit=1",
            "limit=200",
            "include_total=true",
            "include_total=false",
        ] {
            let answer = client.get(&and(&address, query)).expect(200);
            let body = answer.json();
            assert!(
                body["items"].is_array() && body.get("next_cursor").is_some(),
                "{}: {answer}",
                list.id
            );
        }
    }
}

#[test]
fn every_list_can_be_sorted_by_each_of_its_keys_page_by_page() {
    let app = TestApp::start();
    let client = app.administrator();
    unit(&client, &root(&app), "又一部");
    for (list, address) in lists() {
        let keys = sort_keys(&client, &address);
        let mut sorts: Vec<_> = keys
            .iter()
            .flat_map(|key| [key.clone(), format!("-{key}")])
            .collect();
        sorts.push(keys.join(",-"));
        sorts.push(format!("-{}", keys.join(",")));
        let all = client.walk(&and(&address, "limit=200"));
        for sort in sorts {
            let rows = client.walk(&and(&address, &format!("limit=3&sort={sort}")));
            assert_eq!(rows.len(), all.len(), "{} by {sort}", list.id);
        }
    }
}

#[test]
fn what_is_wrong_with_a_parameter_is_said_in_the_language_asked_for() {
    let app = TestApp::start();
    let seller = app.salesperson();
    for (query, name, zh) in [
        ("limit=x", "limit", "须为整数。"),
        (
            "include_total=maybe",
            "include_total",
            "须为 true 或 false。",
        ),
        ("party=LOST", "party", "须为下列之一：COMPANY、INDIVIDUAL。"),
        ("state_in=LOST", "state_in", "列表中有不允许的取值。"),
        ("owner_id=x", "owner_id", "须为标识（UUID）。"),
        ("unknown=1", "unknown", "未知的查询参数。"),
    ] {
        let refused = seller
            .request("GET", &format!("/customers?{query}"))
            .header("accept-language", "zh-CN")
            .send()
            .expect_code(400, "INVALID_PARAMETER")
            .problem();
        assert_eq!(
            refused["errors"][0]["pointer"],
            format!("/{name}"),
            "{refused}"
        );
        assert_eq!(refused["errors"][0]["message"], zh, "{query}: {refused}");
    }
}
