//! Correcting what a customer was registered as: company or person, kind, business line (CUS-27, CUS-02, CUS-07, DUP-05).

use serde_json::{Value, json};

use super::{complete, merging::registered, with};
use crate::{
    commerce::customer,
    harness::{Answer, Client, Person, TestApp, statuses, together},
};

fn correct(who: &Client<'_>, id: &str, body: Value) -> Answer {
    let read = who.get(&format!("/customers/{id}")).expect(200);
    let body = with(body, "reason", json!("登记时选错"));
    who.decide(&format!("/customers/{id}/correct"), &read.etag(), body)
}

fn offered(who: &Client<'_>, id: &str) -> bool {
    let card = who.get(&format!("/customers/{id}")).expect(200).json();
    let actions = card["allowed_actions"].as_array().unwrap().clone();
    actions.contains(&json!("CORRECT"))
}

fn person(phone: &str) -> Value {
    json!({
        "name": "李小明", "party": "INDIVIDUAL", "kind": "DIRECT", "phone": phone,
        "address": "上海市浦东新区世纪大道1号",
    })
}

#[test]
fn a_person_taken_for_a_company_is_told_apart_by_phone_from_then_on() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let mut body = with(
        complete("欧阳恒达贸易有限公司"),
        "phone",
        json!("13900139000"),
    );
    body["credit_code"] = json!("91990000MA0000001B");
    let id = seller.post("/customers", body).expect(201).id();
    assert!(offered(&seller, &id));
    let wrong = correct(&seller, &id, json!({ "party": "INDIVIDUAL" })).expect(422);
    let fields: Vec<String> = wrong.failing_fields().into_iter().map(|f| f.0).collect();
    assert_eq!(fields, ["/credit_code"]);
    let right = json!({ "party": "INDIVIDUAL", "name": "欧阳恒达", "credit_code": null });
    let card = correct(&seller, &id, right.clone()).expect(200).json();
    assert_eq!(
        (&card["party"], &card["name"], &card["version"]),
        (&json!("INDIVIDUAL"), &json!("欧阳恒达"), &json!(2))
    );
    let names = seller.get(&format!("/customers/{id}/names")).expect(200);
    assert_eq!(names.json(), json!([]), "a mistake is no former name");
    assert_eq!(correct(&seller, &id, right).expect(200).etag(), "\"2\"");
    // The keys of the company are free, that of the person is taken.
    let company = with(
        complete("欧阳恒达贸易有限公司"),
        "credit_code",
        json!("91990000MA0000001B"),
    );
    colleague.post("/customers", company).expect(201);
    let refused = colleague
        .post("/customers", person("139-0013-9000"))
        .expect_code(409, "ALREADY_REGISTERED");
    assert_eq!(refused.problem()["winner"]["customer_name"], "欧阳恒达");
    let history = format!("/history?subject_kind=CUSTOMER&subject_id={id}");
    let history = seller.get(&history).expect(200).items();
    let event = history
        .iter()
        .find(|event| event["kind"] == "customer.corrected")
        .expect("an event");
    assert_eq!(event["rule"], "CUS-27");
    assert_eq!(event["data"]["reason"], "登记时选错");
    let party = json!({ "from": "COMPANY", "to": "INDIVIDUAL" });
    assert_eq!(event["data"]["changes"]["party"], party);
}

#[test]
fn what_took_effect_is_corrected_by_a_reviewer_who_does_not_own_it() {
    let app = TestApp::start();
    let (owner, manager) = (app.salesperson(), app.department_manager());
    let id = customer(&app, "惠普中国有限公司");
    let line = json!({ "line": "CALL_CENTRE" });
    assert!(!offered(&owner, &id) && offered(&manager, &id));
    let refused = correct(&owner, &id, line.clone()).expect(403);
    assert_eq!(refused.problem()["rule"], "CUS-21");
    assert!(offered(&app.department_assistant(), &id));
    let branch = app.branch_director();
    if !offered(&branch, &id) {
        correct(&branch, &id, line.clone()).expect(403);
    }
    let stranger = app.stranger();
    let body = with(line.clone(), "reason", json!("登记时选错"));
    stranger
        .decide(&format!("/customers/{id}/correct"), "*", body.clone())
        .expect(404);
    manager
        .post(&format!("/customers/{id}/correct"), body)
        .expect_code(428, "PRECONDITION_REQUIRED");
    let card = correct(&manager, &id, line).expect(200).json();
    assert_eq!(
        (&card["line"], &card["state"]),
        (&json!("CALL_CENTRE"), &json!("EFFECTIVE"))
    );
    let submitted = registered(&owner, "待审有限公司");
    owner
        .command(&format!("/customers/{submitted}/submit"))
        .expect(200);
    let refused = correct(&owner, &submitted, json!({ "line": "CALL_CENTRE" }))
        .expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["reason"], "UNDER_REVIEW");
    assert!(!offered(&owner, &submitted));
}

#[test]
fn a_line_in_which_another_holds_the_key_is_refused_and_the_attempt_recorded() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let strict = json!({
        "name": "欧阳恒达", "party": "INDIVIDUAL", "kind": "DIRECT", "line": "SECURITIES", "phone": "13900139000",
    });
    colleague.post("/customers", strict).expect(201);
    let general = seller.post("/customers", person("13900139000")).expect(201);
    let id = general.id();
    let refused = correct(&seller, &id, json!({ "line": "CONCEPT_THEME" }))
        .expect_code(409, "ALREADY_REGISTERED")
        .problem();
    assert_eq!(refused["rule"], "DUP-05");
    assert_eq!(app.count("registration_attempts"), 1);
    let card = seller.get(&format!("/customers/{id}")).expect(200).json();
    assert_eq!(
        (&card["line"], &card["version"]),
        (&json!("GENERAL"), &json!(1))
    );
    let with_symbol = json!({ "line": "CONCEPT_THEME", "line_symbol": "#" });
    let card = correct(&seller, &id, with_symbol).expect(200).json();
    assert_eq!(card["line_symbol"], "#");
    // The line that it left is free; a symbol goes with the line.
    colleague
        .post("/customers", person("13900139000"))
        .expect(201);
    let other = correct(&seller, &id, json!({ "line": "CALL_CENTRE" })).expect(422);
    assert_eq!(other.failing_fields()[0].0, "/line_symbol");
    let service = with(complete("热线有限公司"), "phone", json!("400-820-1234"));
    let service = seller.post("/customers", service).expect(201).id();
    let refused = correct(&seller, &service, json!({ "line": "CALL_CENTRE" })).expect(422);
    assert_eq!(
        refused.failing_fields(),
        [("/phone".into(), "PHONE_KIND_NOT_ALLOWED".into())]
    );
}

#[test]
fn a_kind_is_corrected_by_who_may_enter_it_and_an_agent_stays_one_for_its_end_customers() {
    let app = TestApp::start();
    let channel = app.channel_salesperson();
    let direct = registered(&app.salesperson(), "惠普中国有限公司");
    let refused = correct(&app.salesperson(), &direct, json!({ "kind": "AGENT" })).expect(403);
    assert_eq!(refused.problem()["rule"], "CUS-03");
    let enter = |name: &str, kind: &str, agent: Value| {
        let body = with(complete(name), "kind", json!(kind));
        channel.post("/customers", with(body, "agent_id", agent))
    };
    let agent = enter("渠道代理有限公司", "AGENT", Value::Null)
        .expect(201)
        .id();
    let end = enter("终端客户有限公司", "AGENT_END", json!(agent))
        .expect(201)
        .id();
    let refused = correct(
        &channel,
        &agent,
        json!({ "kind": "AGENT_END", "agent_id": agent }),
    )
    .expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["reason"], "HAS_END_CUSTOMERS");
    let lacks = correct(&channel, &end, json!({ "kind": "AGENT" })).expect(422);
    assert_eq!(lacks.failing_fields()[0].0, "/agent_id");
    let agent_too = json!({ "kind": "AGENT", "agent_id": null });
    let card = correct(&channel, &end, agent_too).expect(200).json();
    assert_eq!(
        (&card["kind"], &card["agent_id"]),
        (&json!("AGENT"), &Value::Null)
    );
    let back = correct(&channel, &agent, json!({ "kind": "AGENT_END" })).expect(422);
    assert_eq!(back.failing_fields()[0].0, "/agent_id");
    let under_it = json!({ "kind": "AGENT_END", "agent_id": end });
    correct(&channel, &agent, under_it).expect(200);
    let alias = json!({ "name": "惠普中国科技有限公司", "kind": "ALIAS" });
    let seller = app.salesperson();
    seller
        .post(&format!("/customers/{direct}/names"), alias)
        .expect(201);
    let named = correct(
        &seller,
        &direct,
        json!({ "party": "INDIVIDUAL", "name": "欧阳恒达" }),
    )
    .expect_code(409, "RULE_REFUSED");
    assert_eq!(named.problem()["reason"], "HAS_FURTHER_NAMES");
}

/// Two with one phone, of which the line bears one: the database says which.
#[test]
fn of_two_corrected_into_one_key_at_once_one_gets_it() {
    let app = TestApp::start();
    let servers = [app.address(), app.another_server()];
    let people = [Person::Salesperson, Person::Colleague];
    for round in 0..5 {
        let ids: Vec<String> = people
            .iter()
            .enumerate()
            .map(|(n, who)| registered(&app.client(*who), &format!("总机{round}之{n}有限公司")))
            .collect();
        let answers = together(2, |n| {
            let body = json!({ "line": "CALL_CENTRE", "reason": "登记时选错" });
            let client = app.client(people[n]).at(servers[n]);
            client.decide(&format!("/customers/{}/correct", ids[n]), "\"1\"", body)
        });
        let won = usize::from(round == 0);
        let expected = [(200, won), (409, 2 - won)];
        let expected: Vec<_> = expected.into_iter().filter(|(_, n)| *n > 0).collect();
        assert_eq!(statuses(&answers), expected, "round {round}");
    }
    let held = "registration_keys WHERE key_kind = 'PHONE' AND line = 'CALL_CENTRE'";
    assert_eq!(app.count(held), 1);
    assert_eq!(app.count("customers WHERE line = 'CALL_CENTRE'"), 1);
}

/// An agent is not corrected away while somebody names it: either the one or the other.
#[test]
fn an_agent_is_corrected_or_named_by_an_end_customer_but_not_both() {
    let app = TestApp::start();
    let channel = app.channel_salesperson();
    for round in 0..5 {
        let body = with(
            complete(&format!("代理{round}有限公司")),
            "kind",
            json!("AGENT"),
        );
        let agent = channel.post("/customers", body).expect(201).id();
        let other = with(
            complete(&format!("上级{round}有限公司")),
            "kind",
            json!("AGENT"),
        );
        let other = channel.post("/customers", other).expect(201).id();
        let answers = together(2, |n| {
            if n == 0 {
                let body =
                    json!({ "kind": "AGENT_END", "agent_id": other, "reason": "登记时选错" });
                channel.decide(&format!("/customers/{agent}/correct"), "\"1\"", body)
            } else {
                let body = with(
                    complete(&format!("终端{round}有限公司")),
                    "kind",
                    json!("AGENT_END"),
                );
                channel.post("/customers", with(body, "agent_id", json!(agent)))
            }
        });
        let ended: Vec<u16> = answers.iter().map(Answer::status).collect();
        assert!(ended == [200, 422] || ended == [409, 201], "{ended:?}");
    }
}
