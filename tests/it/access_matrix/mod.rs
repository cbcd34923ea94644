//! Who may what (S3): a row for every operation of the document, and every cell of a row asserted. An operation
//! without a row fails; what is open to everyone is listed here, and that list only shrinks.

mod records;
mod rows;

use std::collections::BTreeSet;

use xianlu::{
    domain::vocabulary::{Capability, Scope, ShareLevel},
    policy::governance::access::{self, Access, Facts},
    services::org::templates::TEMPLATES,
};

use self::rows::{ROWS, Row};
use crate::harness::{
    Person, TestApp, Value,
    company::above,
    document::{Operation, operations},
};

/// What the person's role permits.
fn capabilities(person: Person) -> BTreeSet<Capability> {
    let Some((role, _)) = person.role() else {
        return BTreeSet::new();
    };
    let template = TEMPLATES
        .iter()
        .find(|template| template.code == role)
        .expect("a role of the regulation");
    template
        .capabilities
        .iter()
        .flat_map(|set| set.iter().copied())
        .collect()
}

/// Whether the person's role reaches a unit.
fn reaches(person: Person, unit: &str) -> bool {
    match person.role() {
        None => false,
        Some((_, Scope::Company)) => true,
        Some((_, Scope::Unit)) => person.unit() == unit,
        Some((_, Scope::Subtree)) => above(unit).any(|above| above == person.unit()),
    }
}

/// What the regulation gives this person on a record of this owner.
fn law(person: Person, owner: Person, shared: Option<ShareLevel>) -> Access {
    let mut superiors = std::iter::successors(owner.superior(), |superior| superior.superior());
    let within = reaches(person, owner.unit());
    access::decide(&Facts {
        own: person == owner,
        direct_superior: owner.superior() == Some(person),
        indirect_superior: superiors.any(|superior| superior == person),
        role_read: within && capabilities(person).contains(&Capability::ReadSales),
        role_write: within && capabilities(person).contains(&Capability::WriteSales),
        shared,
        clearance: 0,
        security_level: 0,
        administrator: person == Person::Administrator,
    })
}

/// Every operation with its row; that none lacks one is a test of its own.
fn rows() -> Vec<(Operation, Row)> {
    let with_row = |operation: Operation| {
        let row = ROWS.iter().find(|(name, _)| *name == operation.id)?.1;
        Some((operation, row))
    };
    operations().into_iter().filter_map(with_row).collect()
}

#[test]
fn every_operation_has_one_row_and_every_row_is_an_operation() {
    let documented: BTreeSet<String> = operations()
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    let listed: BTreeSet<String> = ROWS.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(listed.len(), ROWS.len(), "an operation stands twice");
    let missing: Vec<_> = documented.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "say in tests/it/access_matrix/rows.rs who may: {missing:?}"
    );
    let gone: Vec<_> = listed.difference(&documented).collect();
    assert!(gone.is_empty(), "no longer an operation: {gone:?}");
}

#[test]
fn nobody_gets_in_without_a_token_but_where_the_row_says_so() {
    let app = TestApp::start();
    for (operation, row) in rows() {
        let answer = operation.call(&app.anonymous()).send();
        match row {
            Row::Open => assert!(
                !operation.secured,
                "{} is documented as closed",
                operation.id
            ),
            _ => {
                assert!(operation.secured, "{} is documented as open", operation.id);
                assert_eq!(answer.status(), 401, "{}: {answer}", operation.id);
                assert_eq!(
                    answer.problem()["code"],
                    "UNAUTHENTICATED",
                    "{}",
                    operation.id
                );
            }
        }
    }
}

#[test]
fn whoever_has_no_role_is_refused_but_where_the_row_says_so() {
    let app = TestApp::start();
    let stranger = app.stranger();
    for (operation, row) in rows() {
        // The session of the stranger is needed to the end.
        if operation.id == "logout" {
            continue;
        }
        let answer = operation.call(&stranger).send();
        let (id, refused) = (&operation.id, [403, 404].contains(&answer.status()));
        match row {
            Row::Open => {}
            Row::Everyone => assert!(!refused, "{id} is not open to everyone any more: {answer}"),
            Row::Lists(_) => {
                assert_eq!(answer.status(), 200, "{id}: {answer}");
                assert_eq!(
                    answer.json()["items"],
                    Value::Array(Vec::new()),
                    "{id}: {answer}"
                );
            }
            _ => assert!(refused, "{id} is open to someone without a role: {answer}"),
        }
    }
}

#[test]
fn whoever_lacks_the_capability_is_refused_and_whoever_has_it_is_not() {
    let app = TestApp::start();
    let (mut refusals, mut leaves) = (0, 0);
    for (operation, row) in rows() {
        let may = |person: Person| match row {
            Row::Needs(any) => Some(any.iter().any(|one| capabilities(person).contains(one))),
            Row::NeedsOver(one) => Some(capabilities(person).contains(&one)),
            Row::NeedsAll(all) => Some(all.iter().all(|one| capabilities(person).contains(one))),
            Row::Writes(_, Some(one)) => Some(capabilities(person).contains(&one)),
            _ => None,
        };
        for person in Person::ALL.iter().copied() {
            let Some(may) = may(person) else { break };
            let client = app.client(person);
            let key = format!("{}-{person:?}", operation.id);
            let answer = operation.call(&client).key(&key).send();
            let what = format!("{} by {person:?}", operation.id);
            if may {
                let beyond = matches!(row, Row::NeedsOver(_)) && answer.status() == 403;
                assert!(
                    beyond || ![401, 403].contains(&answer.status()),
                    "{what}: {answer}"
                );
                assert!(answer.status() < 500, "{what}: {answer}");
                leaves += 1;
            } else {
                assert!([403, 404].contains(&answer.status()), "{what}: {answer}");
                refusals += 1;
            }
        }
    }
    assert!(
        refusals > 100 && leaves > 20,
        "{refusals} refusals, {leaves} leaves"
    );
}

#[test]
fn whoever_has_a_role_may_ask_what_staff_may() {
    let app = TestApp::start();
    for (operation, _) in rows().iter().filter(|(_, row)| matches!(row, Row::Staff)) {
        for person in Person::ALL.iter().copied() {
            let client = app.client(person);
            let answer = operation
                .call(&client)
                .key(&format!("{}-{person:?}", operation.id))
                .send();
            let refused = answer.status() == 403;
            assert_eq!(
                refused,
                person.role().is_none(),
                "{} by {person:?}: {answer}",
                operation.id
            );
        }
    }
}

#[test]
fn a_record_that_is_not_there_is_nobodys() {
    let app = TestApp::start();
    let about_one = |row: &Row| {
        matches!(
            row,
            Row::Hidden | Row::Reads(_) | Row::Writes(_, None) | Row::Reveals(_)
        )
    };
    for (operation, _) in rows().iter().filter(|(_, row)| about_one(row)) {
        for person in Person::ALL.iter().copied() {
            let client = app.client(person);
            let answer = operation
                .call(&client)
                .key(&format!("{}-{person:?}", operation.id))
                .send();
            assert_eq!(
                answer.status(),
                404,
                "{} by {person:?}: {answer}",
                operation.id
            );
        }
    }
}
