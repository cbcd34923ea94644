//! A customer is found by its exact credit code or phone, on the list, within what the caller may see (CUS-47, DUP-03,
//! DUP-08, AMB-3).

use chrono::Duration;
use serde_json::{Value, json};

use super::{
    complete,
    merging::{merge, registered},
    with,
};
use crate::harness::{Client, TestApp, document::encoded};

const CODE: &str = "91990000MA0000001B";

fn found(who: &Client<'_>, query: &str) -> Vec<String> {
    who.get(&format!("/customers?{query}")).expect(200).ids()
}

fn coded(name: &str) -> Value {
    with(complete(name), "credit_code", json!(CODE))
}

#[test]
fn a_credit_code_in_any_writing_finds_who_holds_it_and_is_checked() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    registered(&salesperson, "旁人有限公司");
    let id = salesperson
        .post("/customers", coded("惠普中国有限公司"))
        .expect(201)
        .id();
    for written in [CODE, "91990000ma0000001b", "91-990000-MA0000001-B"] {
        assert_eq!(
            found(&salesperson, &format!("credit_code={}", encoded(written))),
            [id.as_str()],
            "{written}"
        );
    }
    for beside in ["&party=COMPANY", "&q=%E6%83%A0", "&q=%E6%83%A0%E6%99%AE"] {
        assert_eq!(
            found(&salesperson, &format!("credit_code={CODE}{beside}")),
            [id.as_str()]
        );
    }
    assert!(found(&salesperson, &format!("credit_code={CODE}&kind_in=AGENT")).is_empty());
    assert!(found(&salesperson, &format!("credit_code={CODE}&q=%E6%97%81")).is_empty());
    assert!(found(&app.stranger(), &format!("credit_code={CODE}")).is_empty());
    for malformed in ["91990000MA0000001C", "9199", "X"] {
        let refused = salesperson
            .get(&format!("/customers?credit_code={malformed}"))
            .expect_code(400, "INVALID_PARAMETER");
        assert_eq!(refused.problem()["errors"][0]["pointer"], "/credit_code");
    }
    let other = "91350100M000100Y43";
    assert!(found(&salesperson, &format!("credit_code={other}")).is_empty());
    let both = |phone: &str| found(&salesperson, &format!("credit_code={CODE}&phone={phone}"));
    assert_eq!(both("010-85201234"), [id.as_str()]);
    assert!(both("010-85201235").is_empty());
    let etag = salesperson
        .get(&format!("/customers/{id}"))
        .expect(200)
        .etag();
    app.administrator()
        .decide(
            &format!("/customers/{id}/delete"),
            &etag,
            json!({ "reason": "登记错误" }),
        )
        .expect(200);
    let deleted = format!("credit_code={CODE}&deleted=true");
    assert!(found(&salesperson, &format!("credit_code={CODE}")).is_empty());
    assert_eq!(found(&app.administrator(), &deleted), [id.as_str()]);
}

#[test]
fn a_phone_finds_everybody_who_has_it_whether_it_is_a_unique_key_or_not() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let phoned = |name: &str, phone: &str| {
        app.advance(Duration::minutes(1));
        let body = with(complete(name), "phone", json!(phone));
        salesperson.post("/customers", body).expect(201).id()
    };
    let one = phoned("甲有限公司", "021-63539330-1010");
    let two = phoned("乙有限公司", "021-63539330");
    phoned("丙有限公司", "021-63539331");
    let person = json!({
        "name": "欧阳恒达", "party": "INDIVIDUAL", "kind": "DIRECT", "phone": "13900139000",
        "address": "上海市浦东新区世纪大道1号",
    });
    let person = salesperson.post("/customers", person).expect(201).id();
    let called = json!({
        "name": "欧阳建国", "party": "INDIVIDUAL", "kind": "DIRECT", "line": "CALL_CENTRE", "phone": "13900139000",
    });
    let called = salesperson.post("/customers", called).expect(201).id();
    for written in [
        "021-63539330",
        "(021)63539330",
        "02163539330-9",
        "＋86 21 63539330",
    ] {
        assert_eq!(
            found(&salesperson, &format!("phone={}", encoded(written))),
            [two.as_str(), one.as_str()],
            "{written}"
        );
    }
    assert_eq!(
        found(&salesperson, "phone=139-0013-9000&sort=name").len(),
        2
    );
    let general = found(&salesperson, "phone=13900139000&line=GENERAL");
    assert_eq!(general, [person.as_str()]);
    let strict = found(&salesperson, "phone=13900139000&line=CALL_CENTRE");
    assert_eq!(strict, [called.as_str()]);
    assert!(found(&salesperson, "phone=13900139001").is_empty());
    assert!(found(&app.stranger(), "phone=13900139000").is_empty());
    for malformed in ["013900139000", "63539330", "x"] {
        let refused = salesperson
            .get(&format!("/customers?phone={malformed}"))
            .expect_code(400, "INVALID_PARAMETER");
        assert_eq!(refused.problem()["errors"][0]["pointer"], "/phone");
        assert!(!refused.text().contains(malformed) || malformed == "x");
    }
    // A number that was changed is found no longer.
    let path = format!("/customers/{one}");
    salesperson
        .patch(&path, "*", json!({ "phone": "021-63539332" }))
        .expect(200);
    assert_eq!(found(&salesperson, "phone=021-63539330"), [two.as_str()]);
    assert_eq!(found(&salesperson, "phone=021-63539332"), [one.as_str()]);
}

#[test]
fn what_is_found_by_phone_is_paged_sorted_and_counted() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    for n in 0..5 {
        app.advance(Duration::minutes(1));
        registered(&salesperson, &format!("总机{n}有限公司"));
    }
    let path = "/customers?phone=010-85201234&sort=-name&limit=2&include_total=true";
    let page = salesperson.get(path).expect(200).json();
    assert_eq!(page["total"]["value"], 5);
    let names: Vec<String> = salesperson
        .walk(path)
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<String> = (0..5).rev().map(|n| format!("总机{n}有限公司")).collect();
    assert_eq!(names, expected);
    let cursor = page["next_cursor"].as_str().unwrap();
    assert!(!cursor.contains("85201234"));
    for other in ["phone=010-85201235&", ""] {
        salesperson
            .get(&format!(
                "/customers?{other}sort=-name&cursor={cursor}&limit=2"
            ))
            .expect_code(400, "INVALID_CURSOR");
    }
}

#[test]
fn a_phone_of_thousands_still_finds_those_whom_one_may_see() {
    let app = TestApp::start();
    let one = registered(&app.salesperson(), "总机一有限公司");
    registered(&app.other_salesperson(), "总机二有限公司");
    let term = app
        .texts("SELECT CAST(phone_term AS TEXT) AS text FROM match_names")
        .remove(0);
    app.sql(&format!(
        "INSERT INTO match_terms (term, name_number, sketch)
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4001)
         SELECT {term}, n, 0 FROM n"
    ));
    let path = "/customers?phone=010-85201234&include_total=true";
    for (who, count) in [
        (app.salesperson(), 1),
        (app.president(), 2),
        (app.stranger(), 0),
    ] {
        let page = who.get(path).expect(200).json();
        assert_eq!(page["total"]["value"], count);
    }
    assert_eq!(
        found(&app.salesperson(), "phone=010-85201234"),
        [one.as_str()]
    );
    assert!(found(&app.president(), "phone=010-85201235").is_empty());
}

#[test]
fn what_was_merged_is_found_as_what_it_was_merged_into() {
    let app = TestApp::start();
    let manager = app.department_manager();
    let survivor = registered(&app.salesperson(), "惠普中国有限公司");
    let absorbed = app
        .salesperson()
        .post("/customers", coded("惠普中国投资有限公司"))
        .expect(201)
        .id();
    merge(&manager, &survivor, &absorbed, &[]).expect(200);
    let by_code = format!("credit_code={CODE}");
    assert_eq!(found(&manager, &by_code), [survivor.as_str()]);
    let merged = found(&manager, &format!("{by_code}&state_in=MERGED"));
    assert_eq!(merged, [absorbed.as_str()]);
    for beside in ["state_in=DRAFT,MERGED", "deleted=true"] {
        app.administrator()
            .get(&format!("/customers?phone=010-85201234&{beside}"))
            .expect_code(400, "INVALID_PARAMETER");
    }
}

#[test]
fn no_phone_stands_in_what_an_export_was_asked_for() {
    let app = TestApp::start();
    let refused = app
        .department_manager()
        .post(
            "/exports/customers?phone=13900139000",
            json!({ "format": "CSV" }),
        )
        .expect_code(400, "INVALID_PARAMETER");
    assert_eq!(refused.problem()["errors"][0]["pointer"], "/phone");
    assert_eq!(app.count("jobs"), 0);
}
