//! Races that the database settles.

use serde_json::json;

use super::complete;
use crate::harness::{Person, TestApp, statuses, together};

/// R1 at the size of the suite: everyone at once, many names, one winner each.
#[test]
fn of_fifty_who_register_one_name_at_the_same_instant_exactly_one_wins() {
    let app = TestApp::start();
    let people = [
        Person::Salesperson,
        Person::Colleague,
        Person::OtherSalesperson,
        Person::Trainee,
        Person::Apprentice,
    ];
    for person in people {
        app.client(person).id();
    }
    for round in 0..4 {
        let spellings = [
            format!("抢注第{round}号有限公司"),
            format!("抢注（第{round}号）有限公司"),
            format!("抢注 第{round}号 有限公司\u{3000}"),
            format!("搶注第{round}號有限公司"),
        ];
        let answers = together(50, |i| {
            let body = complete(&spellings[i % spellings.len()]);
            app.client(people[i % people.len()])
                .post("/customers", body)
        });
        for answer in answers.iter().filter(|answer| answer.status() == 409) {
            let problem = answer.problem();
            assert_eq!(problem["code"], "ALREADY_REGISTERED", "{answer}");
            assert!(problem["winner"]["owner_name"].is_string(), "{answer}");
        }
        assert_eq!(statuses(&answers), [(201, 1), (409, 49)], "round {round}");
    }
    let total = app
        .president()
        .get("/customers?include_total=true")
        .expect(200)
        .json()["total"]["value"]
        .clone();
    assert_eq!(total, 4);
    let attempts = app
        .president()
        .get("/registration-attempts?include_total=true")
        .expect(200)
        .json();
    assert_eq!(
        attempts["total"]["value"],
        4 * 49,
        "every loser's attempt is on record"
    );
}

/// R11: a lost update is impossible.
#[test]
fn of_fifty_edits_with_one_etag_exactly_one_is_made() {
    let app = TestApp::start();
    let id = app
        .salesperson()
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let answers = together(50, |i| {
        app.salesperson()
            .patch(&path, "\"1\"", json!({ "industry": format!("行业{i}") }))
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 49)]);
    assert_eq!(
        app.salesperson().get(&path).expect(200).json()["version"],
        2
    );
}
