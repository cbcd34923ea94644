//! One record of each noun, and everyone's rights on it: own, direct and indirect subordinate's, shared for reading
//! and for writing, a stranger's, and whatever a role gives. The law is `policy::governance::access::decide`.

use std::collections::BTreeMap;

use chrono::Duration;
use xianlu::domain::vocabulary::{Capability, ShareLevel};

use super::{
    capabilities, law, reaches, rows,
    rows::{Noun, Row},
};
use crate::{
    customers::complete,
    harness::{Person, TestApp, json},
};

/// Whose records they are: superiors all the way up, and no role that reads sales.
const OWNER: Person = Person::Apprentice;
const READER: Person = Person::OtherSalesperson;
const WRITER: Person = Person::ChannelSalesperson;

fn shared(person: Person) -> Option<ShareLevel> {
    match person {
        READER => Some(ShareLevel::Read),
        WRITER => Some(ShareLevel::Write),
        _ => None,
    }
}

/// Makes the records, and shares the customer.
fn records(app: &TestApp) -> BTreeMap<Noun, String> {
    let owner = app.client(OWNER);
    let customer = owner
        .post("/customers", complete("权限矩阵有限公司"))
        .expect(201)
        .id();
    let contact = owner
        .get(&format!("/customers/{customer}/contacts"))
        .expect(200)
        .json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let opportunity = json!({ "title": "权限矩阵采购", "customer_id": customer });
    let opportunity = owner.post("/opportunities", opportunity).expect(201).id();
    let manager = app.department_manager();
    for (person, level) in [(READER, "READ"), (WRITER, "WRITE")] {
        let until = app.now().plus(Duration::days(10)).to_string();
        let with = app.client(person).id();
        let share =
            json!({ "user_id": with, "level": level, "expires_at": until, "reason": "矩阵" });
        manager
            .post(&format!("/customers/{customer}/shares"), share)
            .expect(201);
    }
    BTreeMap::from([
        (Noun::Customer, customer),
        (Noun::Contact, contact),
        (Noun::Opportunity, opportunity),
    ])
}

#[test]
fn everyone_reads_exactly_what_the_law_lets_them_read() {
    let app = TestApp::start();
    let records = records(&app);
    let mut cells = 0;
    for (operation, row) in rows() {
        let Row::Reads(noun) = row else {
            continue;
        };
        for person in Person::ALL.iter().copied() {
            let client = app.client(person);
            let status = operation.call_on(&client, &records[&noun]).send().status();
            let expected = if law(person, OWNER, shared(person)).read {
                200
            } else {
                404
            };
            assert_eq!(status, expected, "{} by {person:?}", operation.id);
            cells += 1;
        }
    }
    assert!(cells > 50);
}

#[test]
fn everyone_changes_exactly_what_the_law_lets_them_change() {
    let app = TestApp::start();
    let records = records(&app);
    let mut cells = 0;
    for (operation, row) in rows() {
        let Row::Writes(noun, needed) = row else {
            continue;
        };
        for person in Person::ALL.iter().copied() {
            let client = app.client(person);
            // A version that was never there, so that nobody changes anything.
            let request = operation
                .call_without_version(&client, &records[&noun])
                .if_match("\"999\"");
            let answer = request.key(&format!("{}-{person:?}", operation.id)).send();
            let (law, status) = (law(person, OWNER, shared(person)), answer.status());
            let capable = needed.is_none_or(|needed| capabilities(person).contains(&needed));
            let what = format!("{} by {person:?}: {answer}", operation.id);
            match (law.read, law.write && capable) {
                (false, _) if needed.is_some() => assert!([403, 404].contains(&status), "{what}"),
                (false, _) => assert_eq!(status, 404, "{what}"),
                (true, false) => assert_eq!(status, 403, "{what}"),
                // What is made under the record has no version yet.
                (true, true) if operation.raw["responses"]["201"].is_object() => {
                    assert!(![401, 403, 404].contains(&status), "{what}");
                }
                (true, true) => assert_eq!(status, 412, "{what}"),
            }
            cells += 1;
        }
    }
    assert!(cells > 50);
}

#[test]
fn personal_data_is_revealed_to_those_who_may_change_it_and_to_those_with_the_capability() {
    let app = TestApp::start();
    let records = records(&app);
    let (mut revealed, mut refused) = (0, 0);
    for (operation, row) in rows() {
        let Row::Reveals(noun) = row else {
            continue;
        };
        for person in Person::ALL.iter().copied() {
            let client = app.client(person);
            let request = operation.call_on(&client, &records[&noun]);
            let answer = request.key(&format!("{}-{person:?}", operation.id)).send();
            let law = law(person, OWNER, shared(person));
            let capable = reaches(person, OWNER.unit())
                && capabilities(person).contains(&Capability::RevealPersonalData);
            let expected = match (law.read, law.write || capable) {
                (false, _) => 404,
                (true, false) => 403,
                (true, true) => 200,
            };
            let what = format!("{} by {person:?}: {answer}", operation.id);
            assert_eq!(answer.status(), expected, "{what}");
            revealed += usize::from(expected == 200);
            refused += usize::from(expected == 403);
        }
    }
    assert!(revealed > 5 && refused > 5, "{revealed}, {refused}");
}

/// ORG-09.
#[test]
fn everyone_finds_in_lists_exactly_what_the_law_lets_them_read() {
    let app = TestApp::start();
    let records = records(&app);
    let mut cells = 0;
    for (operation, row) in rows() {
        let Row::Lists(Some(noun)) = row else {
            continue;
        };
        for person in Person::ALL.iter().copied() {
            let list = format!("{}?include_total=true", operation.path);
            let answer = app.client(person).get(&list).expect(200);
            let expected = law(person, OWNER, shared(person)).read;
            assert_eq!(
                answer.ids().contains(&records[&noun]),
                expected,
                "{} by {person:?}",
                operation.id
            );
            assert_eq!(
                answer.json()["total"]["value"],
                i64::from(expected),
                "{} by {person:?}",
                operation.id
            );
            cells += 1;
        }
    }
    assert!(cells > 30);
}

#[test]
fn the_owners_own_and_the_subordinates_records_are_told_apart_at_every_distance() {
    let app = TestApp::start();
    // From the salesperson's seat: own, direct and indirect subordinate's, a colleague's, a superior's.
    for owner in [
        Person::Salesperson,
        Person::Trainee,
        Person::Apprentice,
        Person::Colleague,
        Person::DepartmentManager,
    ] {
        let made = app
            .client(owner)
            .post(
                "/customers",
                complete(&format!("{}的有限公司", owner.name())),
            )
            .expect(201);
        for person in Person::ALL.iter().copied() {
            let (law, path) = (
                law(person, owner, None),
                format!("/customers/{}", made.id()),
            );
            let client = app.client(person);
            let read = client.get(&path).status();
            assert_eq!(
                read,
                if law.read { 200 } else { 404 },
                "{owner:?}'s by {person:?}"
            );
            // A version that was never there, so that nobody changes anything.
            let change = client
                .request("PATCH", &path)
                .if_match("\"999\"")
                .key("a-key");
            let written = change.json(&json!({ "grade": 2 })).send().status();
            let expected = match (law.read, law.write) {
                (false, _) => 404,
                (true, false) => 403,
                (true, true) => 412,
            };
            assert_eq!(written, expected, "{owner:?}'s by {person:?}");
        }
    }
}
