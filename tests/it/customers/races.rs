//! Races that the database settles.

use serde_json::json;

use super::complete;
use crate::harness::{Person, TestApp, statuses, together};

/// R1 at the size of the suite: everyone at once, many names, one winner each.
/// ORG-40.
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

/// How many names everybody runs for in the suite; `scripts/races.sh` runs the full 200.
const NAMES: usize = 20;
const CLIENTS: usize = 50;

/// R1: so many clients, released together, register so many names, over two servers on one database where the database
/// allows it. Each name has one winner, every loser is told the winner, and every attempt is on record.
fn everybody_runs_for(names: usize) {
    let app = TestApp::start();
    let servers = [app.address(), app.another_server()];
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
    let answers = together(CLIENTS, |i| {
        let client = app.client(people[i % people.len()]).at(servers[i % 2]);
        (0..names)
            .map(|n| {
                let name = match i % 3 {
                    0 => format!("争抢第{n}号有限公司"),
                    1 => format!("争抢（第{n}号）有限公司"),
                    _ => format!("爭搶 第{n}號 有限公司"),
                };
                let answer = client.post("/customers", complete(&name));
                (n, answer)
            })
            .collect::<Vec<_>>()
    });
    let mut winners = vec![0; names];
    for (name, answer) in answers.into_iter().flatten() {
        match answer.status() {
            201 => winners[name] += 1,
            409 => assert!(
                answer.problem()["winner"]["owner_name"].is_string(),
                "{answer}"
            ),
            _ => panic!("{answer}"),
        }
    }
    assert_eq!(winners, vec![1; names]);
    let count = |number: usize| i64::try_from(number).expect("a small number");
    assert_eq!(app.count("customers"), count(names));
    assert_eq!(
        app.count("registration_attempts"),
        count(names * (CLIENTS - 1))
    );
    assert_eq!(
        app.count("registration_keys WHERE key_kind = 'NAME'"),
        count(names)
    );
}

#[test]
fn of_fifty_clients_on_two_servers_exactly_one_gets_each_name() {
    everybody_runs_for(NAMES);
}

#[test]
#[ignore = "R1 in full takes minutes: scripts/races.sh"]
fn of_fifty_clients_on_two_servers_exactly_one_gets_each_of_two_hundred_names() {
    everybody_runs_for(200);
}

/// R11: a lost update is impossible, whichever of two servers is asked.
#[test]
fn of_fifty_edits_with_one_etag_on_two_servers_exactly_one_is_made() {
    let app = TestApp::start();
    let servers = [app.address(), app.another_server()];
    let id = app
        .salesperson()
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let answers = together(CLIENTS, |i| {
        let body = json!({ "industry": format!("行业{i}") });
        app.salesperson()
            .at(servers[i % 2])
            .patch(&path, "\"1\"", body)
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, CLIENTS - 1)]);
    assert_eq!(
        app.salesperson().get(&path).expect(200).json()["version"],
        2
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
