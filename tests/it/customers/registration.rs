//! First registered wins (CONF-01), whatever the spelling (DUP-08), over records that one may not see (AMB-33).

use serde_json::{Value, json};

use super::{complete, with};
use crate::harness::TestApp;

/// CUS-04, CUS-34.
#[test]
fn a_registration_is_a_draft_of_its_registrant_with_everything_that_was_sent() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let created = salesperson
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201);
    let card = created.json();
    assert_eq!(
        created.header("location").unwrap(),
        format!("/api/v1/customers/{}", created.id())
    );
    assert_eq!(created.header("etag"), Some("\"1\""));
    assert_eq!(card["state"], "DRAFT");
    assert_eq!(card["owner_id"], salesperson.id());
    assert_eq!(card["owner_name"], "销售癸");
    assert_eq!(card["unit_name"], "销售一部");
    assert_eq!(card["division_name"], "北京市朝阳区");
    assert_eq!(card["contacts"][0]["name"], "王建国");
    assert_eq!(card["missing"], json!([]));
    assert_eq!(
        card["allowed_actions"],
        json!([
            "EDIT",
            "SUBMIT",
            "SHARE",
            "MERGE",
            "ASSESS_VALUE",
            "CONFIRM_CURRENT",
            "RECORD_MAJOR_CHANGE",
            "CORRECT",
            "REVEAL"
        ])
    );
    let mut read = salesperson
        .get(&format!("/customers/{}", created.id()))
        .expect(200)
        .json();
    read["likely_duplicates"] = json!([]);
    assert_eq!(read, card, "what is read is what was answered");
}

/// CONF-08.
/// CUS-05: what fails the schema does not hide what the rules refuse.
#[test]
fn faults_of_form_and_of_rule_are_told_together() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let fields = |body: Value| seller.post("/customers", body).expect(422).failing_fields();
    let named = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = |(pointer, code): &(&str, &str)| ((*pointer).to_owned(), (*code).to_owned());
        pairs.iter().map(owned).collect()
    };
    // A malformed phone, an unknown member, an address without road; a person's agent is not judged without a kind.
    let body = with(complete("惠普中国有限公司"), "phone", json!("12345"));
    let body = with(
        with(body, "address", json!("北京市朝阳区")),
        "fax",
        json!("1"),
    );
    assert_eq!(
        fields(body),
        named(&[
            ("/fax", "UNKNOWN_MEMBER"),
            ("/phone", "INVALID_PHONE"),
            ("/address", "ADDRESS_INCOMPLETE"),
        ])
    );
    let mut body = with(complete("惠普"), "agent_id", json!(seller.id()));
    body.as_object_mut().unwrap().remove("kind");
    assert_eq!(
        fields(body),
        named(&[("/kind", "REQUIRED"), ("/name", "TOO_SHORT")])
    );
    // Of members that fail, and of what hangs on them, nothing more is said.
    let body = with(
        complete("惠普中国有限公司"),
        "contacts",
        json!([{ "mobile": "12345" }]),
    );
    let body = with(body, "credit_code", json!("X"));
    assert_eq!(
        fields(body),
        named(&[
            ("/contacts/0/mobile", "INVALID_PHONE"),
            ("/contacts/0/name", "REQUIRED"),
            ("/credit_code", "INVALID_CREDIT_CODE"),
        ])
    );
    let mut body = complete("惠普");
    body.as_object_mut().unwrap().remove("party");
    assert_eq!(fields(body), named(&[("/party", "REQUIRED")]));
    assert_eq!(app.count("customers"), 0);
}

#[test]
fn another_spelling_of_a_registered_name_is_refused_with_the_winner_and_recorded() {
    let app = TestApp::start();
    app.salesperson()
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201);
    let report = app
        .other_salesperson()
        .post(
            "/customers/duplicate-checks",
            json!({ "name": "惠普（中国）有限公司 " }),
        )
        .expect(200)
        .json();
    assert_eq!(report["registered"], true);
    assert_eq!(report["holders"][0]["owner_name"], "销售癸");
    assert_eq!(report["holders"][0]["department"], "销售一部");
    assert_eq!(
        report["holders"][0]["customer_id"],
        Value::Null,
        "the colleague may not see it"
    );
    assert_eq!(report["holders"][0]["registered_at"], Value::Null);
    let own = app
        .salesperson()
        .post(
            "/customers/duplicate-checks",
            json!({ "name": "惠普中国有限公司" }),
        )
        .expect(200)
        .json();
    let since = own["holders"][0]["registered_at"].as_str().unwrap();
    assert!(since.ends_with('Z'), "{own}");

    for spelling in [
        "惠普（中国）有限公司 ",
        "惠普\u{3000}中国 有限公司",
        "惠普(中國)有限公司",
        "「惠普」中国有限公司",
    ] {
        let refused = app
            .other_salesperson()
            .post("/customers", complete(spelling))
            .expect_code(409, "ALREADY_REGISTERED");
        let problem = refused.problem();
        assert_eq!(problem["rule"], "CONF-01", "{spelling}");
        let winner = &problem["winner"];
        assert_eq!(winner["customer_name"], "惠普中国有限公司", "{spelling}");
        assert_eq!(winner["owner_name"], "销售癸", "{spelling}");
        assert_eq!(winner["department"], "销售一部", "{spelling}");
        assert_eq!(winner["key_kind"], "NAME", "{spelling}");
        assert_eq!(winner["registered_at"], Value::Null, "{spelling}: AMB-33");
        assert_eq!(winner["customer_id"], Value::Null, "{spelling}");
    }

    let attempts = app
        .salesperson()
        .get("/registration-attempts")
        .expect(200)
        .json();
    assert_eq!(
        attempts["items"].as_array().unwrap().len(),
        4,
        "the winner learns of every attempt"
    );
    assert_eq!(attempts["items"][0]["attempted_by_name"], "销售卯");
    assert_eq!(
        attempts["items"][3]["attempted_name"],
        "惠普（中国）有限公司 ".trim()
    );
    let own = app
        .other_salesperson()
        .get("/registration-attempts")
        .expect(200)
        .json();
    assert_eq!(own["items"].as_array().unwrap().len(), 4);
    let others = app
        .channel_salesperson()
        .get("/registration-attempts")
        .expect(200)
        .json();
    assert_eq!(others["items"], json!([]));
    assert_eq!(
        app.other_salesperson().get("/customers").expect(200).json()["items"],
        json!([])
    );
}

#[test]
fn a_registered_credit_code_is_refused_under_any_name() {
    let app = TestApp::start();
    let first = with(
        complete("惠普中国有限公司"),
        "credit_code",
        json!("91990000MA0000001B"),
    );
    app.salesperson().post("/customers", first).expect(201);
    let second = with(
        complete("完全不同贸易有限公司"),
        "credit_code",
        json!("91990000ma0000001b"),
    );
    let problem = app
        .colleague()
        .post("/customers", second)
        .expect_code(409, "ALREADY_REGISTERED")
        .problem();
    assert_eq!(problem["winner"]["key_kind"], "CREDIT_CODE");
    assert_eq!(problem["winner"]["customer_name"], "惠普中国有限公司");
}

#[test]
fn a_branch_of_a_company_and_a_company_of_another_name_are_not_the_company() {
    let app = TestApp::start();
    for name in [
        "惠普中国有限公司",
        "惠普中国有限公司上海分公司",
        "惠普贸易有限公司",
        "惠善中国有限公司",
    ] {
        app.salesperson()
            .post("/customers", complete(name))
            .expect(201);
    }
}

#[test]
fn individuals_are_told_apart_by_phone_and_companies_of_the_general_line_are_not() {
    let app = TestApp::start();
    let person = |name: &str, phone: &str| {
        json!({
            "name": name, "party": "INDIVIDUAL", "kind": "DIRECT",
            "address": "上海市浦东新区世纪大道1号", "phone": phone,
        })
    };
    app.salesperson()
        .post("/customers", person("李小明", "13900139000"))
        .expect(201);
    app.salesperson()
        .post("/customers", person("李小明", "13900139001"))
        .expect(201);
    let problem = app
        .colleague()
        .post("/customers", person("张大山", "139-0013-9000"))
        .expect_code(409, "ALREADY_REGISTERED")
        .problem();
    assert_eq!(problem["winner"]["key_kind"], "PHONE");
    app.salesperson()
        .post("/customers", complete("甲乙丙丁有限公司"))
        .expect(201);
    app.salesperson()
        .post("/customers", complete("戊己庚辛有限公司"))
        .expect(201);
}

/// AMB-3.
#[test]
fn a_person_has_no_credit_code() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let code = "91990000MA0000001B";
    let person = json!({
        "name": "李小明", "party": "INDIVIDUAL", "kind": "DIRECT",
        "address": "上海市浦东新区世纪大道1号", "phone": "13900139000",
    });
    let refused = |answer: crate::harness::Answer| {
        let fields = answer.expect(422).failing_fields();
        assert_eq!(fields, [("/credit_code".into(), "NOT_ALLOWED".into())]);
    };
    let coded = with(person.clone(), "credit_code", json!(code));
    refused(salesperson.post("/customers", coded));
    let id = salesperson.post("/customers", person).expect(201).id();
    let path = format!("/customers/{id}");
    refused(salesperson.patch(&path, "\"1\"", json!({ "credit_code": code })));
    salesperson
        .patch(&path, "\"1\"", json!({ "credit_code": null, "grade": 2 }))
        .expect(200);
}

/// CUS-08, CUS-11, CUS-12, CUS-54.
#[test]
fn everything_that_is_missing_or_wrong_is_said_at_once_and_nothing_is_kept() {
    let app = TestApp::start();
    let bad = json!({
        "name": "惠普", "party": "COMPANY", "kind": "AGENT_END", "division_code": "999999",
        "security_level": 9, "contacts": [{ "name": "王经理" }],
    });
    let problem = app
        .channel_salesperson()
        .post("/customers", bad)
        .expect_code(422, "VALIDATION_FAILED")
        .problem();
    let mut failing: Vec<(String, String)> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            (
                e["pointer"].as_str().unwrap().to_owned(),
                e["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    failing.sort();
    let expected = [
        ("/address", "REQUIRED"),
        ("/agent_id", "REQUIRED"),
        ("/contacts/0/mobile", "REQUIRED"),
        ("/contacts/0/name", "NOT_FULL_NAME"),
        ("/division_code", "UNKNOWN_DIVISION"),
        ("/name", "TOO_SHORT"),
        ("/security_level", "ABOVE_CLEARANCE"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(p, c)| ((*p).to_owned(), (*c).to_owned()))
        .collect();
    assert_eq!(failing, expected);
    assert_eq!(
        app.channel_salesperson()
            .get("/customers")
            .expect(200)
            .json()["items"],
        json!([])
    );
    let unknown = with(complete("惠普中国有限公司"), "owner_id", json!("x"));
    let problem = app
        .salesperson()
        .post("/customers", unknown)
        .expect(422)
        .problem();
    assert_eq!(problem["errors"][0]["code"], "UNKNOWN_MEMBER");
    let padded = with(complete("惠普中国有限公司"), "phone", json!("013800138000"));
    let problem = app
        .salesperson()
        .post("/customers", padded)
        .expect(422)
        .problem();
    assert_eq!(problem["errors"][0]["code"], "INVALID_PHONE");
}

/// CUS-03.
#[test]
fn who_may_enter_which_kind_is_a_matter_of_role() {
    let app = TestApp::start();
    let agent = with(complete("代理商甲有限公司"), "kind", json!("AGENT"));
    let refused = app
        .salesperson()
        .post("/customers", agent.clone())
        .expect_code(403, "FORBIDDEN");
    assert_eq!(refused.problem()["rule"], "ORG-08");
    let agent_id = app
        .channel_salesperson()
        .post("/customers", agent)
        .expect(201)
        .id();
    let end = with(
        with(complete("终端客户乙有限公司"), "kind", json!("AGENT_END")),
        "agent_id",
        json!(agent_id),
    );
    let card = app
        .channel_salesperson()
        .post("/customers", end)
        .expect(201)
        .json();
    assert_eq!(card["agent_id"], agent_id);
    app.channel_salesperson()
        .post("/customers", complete("直销客户丙有限公司"))
        .expect_code(403, "FORBIDDEN");
    app.stranger()
        .post("/customers", complete("直销客户丙有限公司"))
        .expect_code(403, "FORBIDDEN");
}

#[test]
fn the_check_refuses_to_look_for_nothing_and_finds_nothing_where_nothing_is() {
    let app = TestApp::start();
    app.salesperson()
        .post("/customers/duplicate-checks", json!({}))
        .expect_code(422, "VALIDATION_FAILED");
    let report = app
        .salesperson()
        .post(
            "/customers/duplicate-checks",
            json!({ "name": "某某有限公司" }),
        )
        .expect(200)
        .json();
    assert_eq!(
        report,
        json!({ "registered": false, "holders": [], "candidates": [] })
    );
    app.stranger()
        .post(
            "/customers/duplicate-checks",
            json!({ "name": "某某有限公司" }),
        )
        .expect(403);
}
