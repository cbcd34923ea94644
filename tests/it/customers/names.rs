//! Former names and aliases: each claims the name's key (DUP-08, CUS-06, CONF-01).

use serde_json::{Value, json};

use super::{
    complete,
    merging::{merge, undo},
};
use crate::harness::{Client, TestApp, statuses, together};

fn registered(client: &Client<'_>, name: &str) -> String {
    client.post("/customers", complete(name)).expect(201).id()
}

fn listed(client: &Client<'_>, id: &str) -> Vec<(String, String)> {
    let rows = client
        .get(&format!("/customers/{id}/names"))
        .expect(200)
        .json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["name"]), text(&row["kind"])))
        .collect()
}

#[test]
fn an_alias_is_unique_like_the_name_until_it_is_removed() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = registered(&salesperson, "惠普中国有限公司");
    let path = format!("/customers/{id}/names");
    let alias = json!({ "name": "惠普（中国）科技有限公司", "kind": "ALIAS" });
    let added = salesperson.post(&path, alias.clone()).expect(201);
    assert_eq!(added.json()["recorded_by_name"], "销售癸");
    let refused = app
        .colleague()
        .post("/customers", complete("惠普中国科技有限公司"))
        .expect_code(409, "ALREADY_REGISTERED");
    assert_eq!(
        refused.problem()["winner"]["customer_name"],
        "惠普中国有限公司"
    );
    salesperson
        .post(&path, alias)
        .expect_code(422, "VALIDATION_FAILED");
    salesperson
        .post(&path, json!({ "name": "惠普", "kind": "ALIAS" }))
        .expect_code(422, "VALIDATION_FAILED");
    let name = format!("/customer-names/{}", added.id());
    app.other_salesperson()
        .delete(&name, "*", json!({}))
        .expect(404);
    let etag = added.etag();
    let shown = salesperson.get(&path).expect(200).json();
    assert_eq!(
        json!(etag.trim_matches('"')),
        shown[0]["version"].to_string()
    );
    salesperson
        .delete(&name, "\"2\"", json!({}))
        .expect_code(412, "STALE_VERSION");
    salesperson.delete(&name, &etag, json!({})).expect(204);
    assert!(listed(&salesperson, &id).is_empty());
    salesperson.delete(&name, "*", json!({})).expect(404);
    registered(&app.colleague(), "惠普中国科技有限公司");
}

#[test]
fn a_name_of_another_is_no_alias_and_the_attempt_is_recorded() {
    let app = TestApp::start();
    registered(&app.colleague(), "同事的有限公司");
    let salesperson = app.salesperson();
    let id = registered(&salesperson, "我自己的有限公司");
    let body = json!({ "name": "同事的有限公司", "kind": "FORMER" });
    salesperson
        .post(&format!("/customers/{id}/names"), body)
        .expect_code(409, "ALREADY_REGISTERED");
    assert!(listed(&salesperson, &id).is_empty());
    let attempts = app
        .colleague()
        .get("/registration-attempts")
        .expect(200)
        .json();
    assert_eq!(attempts["items"][0]["attempted_name"], "同事的有限公司");
}

#[test]
fn a_company_that_takes_its_old_name_back_has_the_newer_one_as_a_former_name() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = registered(&salesperson, "旧名字有限公司");
    let path = format!("/customers/{id}");
    let rename = |name: &str| {
        salesperson
            .patch(&path, "*", json!({ "name": name }))
            .expect(200);
    };
    rename("新名字有限公司");
    assert_eq!(
        listed(&salesperson, &id),
        [("旧名字有限公司".into(), "FORMER".into())]
    );
    rename("旧名字（有限）公司");
    assert_eq!(
        listed(&salesperson, &id),
        [("新名字有限公司".into(), "FORMER".into())]
    );
    for name in ["旧名字有限公司", "新名字有限公司"] {
        app.colleague()
            .post("/customers", complete(name))
            .expect_code(409, "ALREADY_REGISTERED");
    }
    app.administrator()
        .decide(&format!("{path}/delete"), "*", json!({ "reason": "测试" }))
        .expect(200);
    registered(&app.colleague(), "新名字有限公司");
    app.administrator()
        .command(&format!("{path}/restore"))
        .expect_code(409, "ALREADY_REGISTERED");
}

#[test]
fn an_alias_and_a_registration_of_one_name_at_the_same_instant_have_one_winner() {
    let app = TestApp::start();
    let id = registered(&app.salesperson(), "惠普中国有限公司");
    app.colleague().id();
    let answers = together(20, |i| {
        if i % 2 == 0 {
            app.salesperson().post(
                &format!("/customers/{id}/names"),
                json!({ "name": "惠普电脑有限公司", "kind": "ALIAS" }),
            )
        } else {
            app.colleague()
                .post("/customers", complete("惠普电脑有限公司"))
        }
    });
    let won = answers
        .iter()
        .filter(|answer| answer.status() == 201)
        .count();
    assert_eq!(won, 1, "{:?}", statuses(&answers));
    assert!(
        answers
            .iter()
            .all(|a| [201, 409, 422].contains(&a.status())),
        "{:?}",
        statuses(&answers)
    );
}

#[test]
fn names_do_not_change_under_review() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = registered(&salesperson, "惠普中国有限公司");
    let path = format!("/customers/{id}");
    salesperson.command(&format!("{path}/submit")).expect(200);
    let alias = json!({ "name": "惠普中国科技有限公司", "kind": "ALIAS" });
    salesperson
        .post(&format!("{path}/names"), alias.clone())
        .expect_code(409, "RULE_REFUSED");
    salesperson.command(&format!("{path}/withdraw")).expect(200);
    salesperson
        .post(&format!("{path}/names"), alias)
        .expect(201);
}

#[test]
fn the_names_of_merged_customers_are_shown_until_the_undo_and_are_not_removed_singly() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let first = registered(&seller, "甲乙丙贸易有限公司");
    let second = registered(&seller, "戊己庚实业有限公司");
    let survivor = registered(&seller, "惠普中国有限公司");
    let alias = |customer: &str, name: &str| {
        let body = json!({ "name": name, "kind": "ALIAS" });
        let path = format!("/customers/{customer}/names");
        seller.post(&path, body).expect(201).id()
    };
    let moved = alias(&first, "甲乙丙商贸有限公司");
    let one = merge(&seller, &second, &first, &[]).expect(200).id();
    let two = merge(&seller, &survivor, &second, &[]).expect(200).id();
    alias(&survivor, "惠普科技有限公司");
    let rows = seller
        .get(&format!("/customers/{survivor}/names"))
        .expect(200)
        .json();
    let row = |at: usize| {
        let row = &rows[at];
        (&row["name"], &row["kind"], &row["merge_id"])
    };
    assert_eq!(rows.as_array().unwrap().len(), 4, "{rows:#}");
    assert_eq!(
        row(0),
        (&json!("惠普科技有限公司"), &json!("ALIAS"), &Value::Null)
    );
    for (at, name, merge) in [
        (1, "戊己庚实业有限公司", &two),
        (2, "甲乙丙贸易有限公司", &one),
        (3, "甲乙丙商贸有限公司", &one),
    ] {
        assert_eq!(row(at), (&json!(name), &json!("ABSORBED"), &json!(merge)));
        assert_eq!(rows[at]["id"], Value::Null);
        // Each still bars others, also after the survivor has taken an alias.
        let met = app
            .colleague()
            .post("/customers", complete(name))
            .expect_code(409, "ALREADY_REGISTERED");
        assert_eq!(met.problem()["winner"]["customer_name"], "惠普中国有限公司");
    }
    seller
        .delete(&format!("/customer-names/{moved}"), "*", json!({}))
        .expect(409);
    let absorbed = json!({ "name": "另外一家有限公司", "kind": "ABSORBED" });
    seller
        .post(&format!("/customers/{survivor}/names"), absorbed)
        .expect(422);
    undo(&seller, &two).expect(200);
    let own = [("惠普科技有限公司".to_owned(), "ALIAS".to_owned())];
    assert_eq!(listed(&seller, &survivor), own);
    assert_eq!(listed(&seller, &second).len(), 2);
}

/// Puts so many further names in force.
fn at_most(app: &TestApp, most: u16) {
    let path = "/policies/customer_registration";
    let mut value = app.administrator().get(path).expect(200).json()["value"].clone();
    value["further_names_at_most"] = json!(most);
    let proposed = app
        .administrator()
        .post(
            &format!("{path}/versions"),
            json!({ "value": value, "reason": "防止占名" }),
        )
        .expect(201);
    let approval = proposed.json()["approval_id"].as_str().unwrap().to_owned();
    crate::commerce::decide(&app.president(), &approval, "AGREE").expect(200);
}

#[test]
fn so_many_further_names_as_the_policy_says_and_a_rename_keeps_the_old_name_regardless() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = registered(&salesperson, "惠普中国有限公司");
    let path = format!("/customers/{id}/names");
    let add = |number: usize| {
        let name = format!("惠普第{number}科技有限公司");
        salesperson.post(&path, json!({ "name": name, "kind": "ALIAS" }))
    };
    for number in 0..10 {
        add(number).expect(201);
    }
    let refused = add(10).expect_code(409, "STATE_CONFLICT");
    assert_eq!(refused.problem()["rule"], "DUP-08");
    salesperson
        .patch(
            &format!("/customers/{id}"),
            "*",
            json!({ "name": "惠普集团有限公司" }),
        )
        .expect(200);
    assert_eq!(listed(&salesperson, &id).len(), 11);
    at_most(&app, 12);
    add(10).expect(201);
    add(11).expect_code(409, "STATE_CONFLICT");
}

#[test]
fn who_reviews_customers_removes_an_alias_that_bars_others() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = registered(&salesperson, "惠普中国有限公司");
    let named = |name: &str, kind: &str| {
        let body = json!({ "name": name, "kind": kind });
        let path = format!("/customers/{id}/names");
        let added = salesperson.post(&path, body).expect(201).id();
        format!("/customer-names/{added}")
    };
    let alias = named("他人的有限公司", "ALIAS");
    let former = named("从前的有限公司", "FORMER");
    let remove = |who: &Client<'_>, name: &str| who.delete(name, "*", json!({}));
    // Whoever only reads does not; the reviewer, who changes nothing else, does.
    remove(&app.president(), &alias).expect(403);
    remove(&app.colleague(), &alias).expect(404);
    let assistant = app.department_assistant();
    remove(&assistant, &former).expect(403);
    remove(&assistant, &alias).expect(204);
    assert_eq!(listed(&salesperson, &id).len(), 1);
    registered(&app.colleague(), "他人的有限公司");
}
