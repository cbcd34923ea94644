//! Business lines with their own uniqueness (DUP-03, DUP-04, DUP-05, AMB-3).

use serde_json::{Value, json};

use super::{complete, with};
use crate::harness::{TestApp, together};

/// A person of a call-centre line.
fn person(line: &str, phone: &str) -> Value {
    json!({ "name": "欧阳恒达", "party": "INDIVIDUAL", "kind": "DIRECT", "line": line, "phone": phone })
}

#[test]
fn a_symbol_lets_a_younger_line_repeat_a_customer_of_the_strict_one() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let colleague = app.colleague();
    salesperson
        .post("/customers", person("SECURITIES", "13900139000"))
        .expect(201);
    for line in ["CONCEPT_THEME", "FLYING_STOCK", "SECURITIES"] {
        let refused = colleague
            .post("/customers", person(line, "139-0013-9000"))
            .expect_code(409, "ALREADY_REGISTERED");
        assert_eq!(refused.problem()["rule"], "DUP-05", "{line}");
    }
    let with_symbol = with(
        person("CONCEPT_THEME", "13900139000"),
        "line_symbol",
        json!("#"),
    );
    let id = colleague.post("/customers", with_symbol).expect(201).id();
    let path = format!("/customers/{id}");
    let card = colleague.get(&path).expect(200).json();
    assert_eq!(card["line_symbol"], "#");
    assert_eq!(
        card["phone"], "139****9000",
        "the symbol is kept apart from the number"
    );
    colleague
        .patch(&path, "*", json!({ "line_symbol": null }))
        .expect_code(409, "ALREADY_REGISTERED");
    let third = with(
        person("FLYING_STOCK", "13900139000"),
        "line_symbol",
        json!("*"),
    );
    app.other_salesperson()
        .post("/customers", third)
        .expect_code(409, "ALREADY_REGISTERED");
    let strict = with(
        person("SECURITIES", "13900139001"),
        "line_symbol",
        json!("#"),
    );
    let refused = salesperson.post("/customers", strict).expect(422);
    assert_eq!(refused.problem()["errors"][0]["pointer"], "/line_symbol");
    colleague
        .post("/customers", person("CALL_CENTRE", "13900139000"))
        .expect(201);
}

#[test]
fn one_phone_in_two_lines_that_exclude_each_other_has_one_winner() {
    let app = TestApp::start();
    app.salesperson().id();
    app.colleague().id();
    for round in 0..4 {
        let phone = format!("1390013900{round}");
        let answers = together(20, |i| {
            let (client, line) = if i % 2 == 0 {
                (app.salesperson(), "SECURITIES")
            } else {
                (app.colleague(), "CONCEPT_THEME")
            };
            client.post("/customers", person(line, &phone))
        });
        let won = answers
            .iter()
            .filter(|answer| answer.status() == 201)
            .count();
        assert_eq!(won, 1, "round {round}");
    }
}

#[test]
fn a_call_centre_line_takes_mobiles_and_landlines_only() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    for phone in ["400-820-1234", "+1 415 555 0100"] {
        let refused = salesperson
            .post("/customers", person("CALL_CENTRE", phone))
            .expect(422);
        let error = refused.problem()["errors"][0].clone();
        assert_eq!(error["code"], "PHONE_KIND_NOT_ALLOWED", "{phone}");
        assert_eq!(error["params"]["rule"], "DUP-04", "{phone}");
    }
    for phone in [
        "013900139000",
        "139001390001",
        "13900139000#",
        "1390013900a",
    ] {
        salesperson
            .post("/customers", person("CALL_CENTRE", phone))
            .expect(422);
    }
    let id = salesperson
        .post("/customers", person("CALL_CENTRE", "021-63539330"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    salesperson
        .patch(&path, "*", json!({ "phone": "400-820-1234" }))
        .expect(422);
    salesperson
        .post(
            &format!("{path}/contacts"),
            json!({ "name": "王建国", "mobile": "13800138000", "office_phone": "400-820-1234" }),
        )
        .expect(422);
    let general = with(complete("惠普中国有限公司"), "phone", json!("400-820-1234"));
    salesperson.post("/customers", general).expect(201);
}

/// DUP-04: digits added to a number do not make another customer of it.
#[test]
fn an_extension_is_no_way_around_the_uniqueness_of_a_phone() {
    let app = TestApp::start();
    let colleague = app.colleague();
    let id = colleague
        .post("/customers", person("CALL_CENTRE", "021-63539330转101"))
        .expect(201)
        .id();
    let reason = json!({ "reason": "电话回访" });
    let shown = colleague
        .post(&format!("/customers/{id}/reveal"), reason)
        .expect(200)
        .json();
    assert_eq!(shown["phone"], "021-63539330-101", "kept as it was entered");
    let salesperson = app.salesperson();
    for phone in [
        "021-63539330",
        "（021）63539330",
        "021-63539330-1010",
        "021-63539330 ext. 7",
    ] {
        let body = json!({ "phone": phone, "party": "INDIVIDUAL", "line": "CALL_CENTRE" });
        let check = salesperson
            .post("/customers/duplicate-checks", body)
            .expect(200)
            .json();
        assert_eq!(check["holders"][0]["key_kind"], "PHONE", "{phone}");
        let refused = salesperson
            .post("/customers", person("CALL_CENTRE", phone))
            .expect_code(409, "ALREADY_REGISTERED");
        assert_eq!(refused.problem()["rule"], "DUP-03", "{phone}");
    }
    // Another extension of one's own number is no new number, and nobody's but one's own.
    let path = format!("/customers/{id}");
    colleague
        .patch(&path, "*", json!({ "phone": "021-63539330-8" }))
        .expect(200);
    salesperson
        .post("/customers", person("CALL_CENTRE", "021-63539331"))
        .expect(201);
}

#[test]
fn a_new_phone_is_checked_again() {
    let app = TestApp::start();
    app.colleague()
        .post("/customers", person("CALL_CENTRE", "13900139000"))
        .expect(201);
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", person("CALL_CENTRE", "13900139001"))
        .expect(201)
        .id();
    let refused = salesperson
        .patch(
            &format!("/customers/{id}"),
            "*",
            json!({ "phone": "13900139000" }),
        )
        .expect_code(409, "ALREADY_REGISTERED");
    assert_eq!(refused.problem()["rule"], "DUP-03");
}
