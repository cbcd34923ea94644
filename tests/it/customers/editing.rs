//! Editing, deletion, restoration (CUS-24..26, AMB-46, AMB-10).

use serde_json::{Value, json};

use super::{complete, with};
use crate::{
    commerce::{approved_quote, customer, deal, signed_contract, yuan},
    harness::{TestApp, together},
};

#[test]
fn a_new_name_is_claimed_and_the_old_one_kept_as_a_former_name() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("旧名字有限公司"))
        .expect(201)
        .id();
    salesperson
        .patch(
            &format!("/customers/{id}"),
            "\"1\"",
            json!({ "name": "新名字有限公司" }),
        )
        .expect(200);
    app.colleague()
        .post("/customers", complete("新名字（有限）公司"))
        .expect_code(409, "ALREADY_REGISTERED");
    app.colleague()
        .post("/customers", complete("旧名字有限公司"))
        .expect_code(409, "ALREADY_REGISTERED");
}

#[test]
fn a_new_name_that_belongs_to_another_is_refused_and_nothing_changes() {
    let app = TestApp::start();
    app.colleague()
        .post("/customers", complete("同事的有限公司"))
        .expect(201);
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("我自己的有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let body = json!({ "name": "同事的有限公司", "grade": 5 });
    salesperson
        .patch(&path, "\"1\"", body)
        .expect_code(409, "ALREADY_REGISTERED");
    let card = salesperson.get(&path).expect(200).json();
    assert_eq!(
        (&card["name"], &card["grade"], &card["version"]),
        (&json!("我自己的有限公司"), &json!(1), &json!(1))
    );
    app.colleague()
        .post("/customers", complete("我自己的有限公司"))
        .expect_code(409, "ALREADY_REGISTERED");
    let attempts = app
        .colleague()
        .get("/registration-attempts")
        .expect(200)
        .json();
    assert_eq!(
        attempts["items"].as_array().unwrap().len(),
        2,
        "the attempt by edit is recorded too"
    );
}

#[test]
fn a_merge_patch_tells_absent_from_null() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let body = with(
        with(complete("惠普中国有限公司"), "industry", json!("制造业")),
        "remarks",
        json!("重要"),
    );
    let id = salesperson.post("/customers", body).expect(201).id();
    let card = salesperson
        .patch(
            &format!("/customers/{id}"),
            "\"1\"",
            json!({ "industry": null }),
        )
        .expect(200)
        .json();
    assert_eq!(
        (&card["industry"], &card["remarks"]),
        (&json!(null), &json!("重要"))
    );
    let refused = salesperson.patch(
        &format!("/customers/{id}"),
        "\"2\"",
        json!({ "state": "EFFECTIVE" }),
    );
    refused.expect_code(422, "VALIDATION_FAILED");
}

#[test]
fn an_empty_merge_patch_changes_no_version() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    let same = json!({ "address": "北京市朝阳区建国路88号", "grade": 1 });
    for body in [json!({}), same] {
        let answer = salesperson.patch(&path, "\"1\"", body).expect(200);
        assert_eq!(answer.etag(), "\"1\"");
    }
    let contact = salesperson
        .get(&format!("{path}/contacts"))
        .expect(200)
        .ids()
        .remove(0);
    let answer = salesperson
        .patch(&format!("/contacts/{contact}"), "\"1\"", json!({}))
        .expect(200);
    assert_eq!(answer.etag(), "\"1\"");
    let history = format!("/history?subject_kind=CUSTOMER&subject_id={id}");
    assert_eq!(salesperson.get(&history).expect(200).items().len(), 1);
}

/// SEC-14.
#[test]
fn only_the_administrator_deletes_with_a_reason_and_may_restore() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let delete = format!("/customers/{id}/delete");
    let reason = json!({ "reason": "重复录入" });
    for who in [
        app.salesperson(),
        app.department_manager(),
        app.branch_director(),
    ] {
        let refused = who.decide(&delete, "\"1\"", reason.clone()).expect(403);
        assert_eq!(refused.problem()["rule"], "ORG-12");
    }
    app.administrator()
        .decide(&delete, "\"1\"", json!({}))
        .expect(422);
    let blank = app
        .administrator()
        .decide(&delete, "\"1\"", json!({ "reason": " " }))
        .expect(422);
    assert_eq!(blank.failing_fields(), [("/reason".into(), "BLANK".into())]);
    app.administrator()
        .decide(&delete, "\"1\"", reason)
        .expect(200);
    salesperson.get(&format!("/customers/{id}")).expect(404);
    let second = app
        .colleague()
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let restore = format!("/customers/{id}/restore");
    let collides = app
        .administrator()
        .command(&restore)
        .expect_code(409, "ALREADY_REGISTERED")
        .problem();
    assert_eq!(collides["winner"]["customer_name"], "惠普中国有限公司");
    assert!(
        collides.get("attempt_id").is_none(),
        "nobody tried to register"
    );
    assert_eq!(app.count("registration_attempts"), 0);
    let history = format!("/history?subject_kind=CUSTOMER&subject_id={second}");
    let history = app.administrator().get(&history).expect(200).items();
    assert_eq!(history.len(), 1, "the winner's history tells of no attempt");
    app.administrator()
        .decide(
            &format!("/customers/{second}/delete"),
            "\"1\"",
            json!({ "reason": "测试" }),
        )
        .expect(200);
    app.administrator().command(&restore).expect(200);
    salesperson.get(&format!("/customers/{id}")).expect(200);
}

/// CUS-35.
#[test]
fn a_person_stands_once_on_a_card() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let customer = seller
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{customer}/contacts");
    let first = seller.get(&path).expect(200).ids().remove(0);
    let again = json!({ "name": "王 建国", "office_phone": "138 0013 8000" });
    let refused = seller.post(&path, again).expect_code(409, "DUPLICATE");
    let problem = refused.problem();
    assert_eq!(
        (&problem["rule"], &problem["contact_id"]),
        (&json!("CUS-35"), &json!(first))
    );
    // Namesakes behind one switchboard.
    let namesake =
        |mobile: &str| json!({ "name": "李强", "office_phone": "010-85201234", "mobile": mobile });
    seller.post(&path, namesake("13700137001")).expect(201);
    seller.post(&path, namesake("13700137002")).expect(201);
    let namesake = json!({ "name": "王建国", "mobile": "13900139000" });
    let other = seller.post(&path, namesake).expect(201).id();
    let colleague = json!({ "name": "李明", "mobile": "13800138000" });
    seller.post(&path, colleague).expect(201);
    let contact = format!("/contacts/{other}");
    seller
        .patch(&contact, "*", json!({ "mobile": "13800138000" }))
        .expect_code(409, "DUPLICATE");
    seller
        .patch(&contact, "*", json!({ "job_title": "采购部经理" }))
        .expect(200);
    let answers = together(6, |_| {
        seller.post(&path, json!({ "name": "赵敏", "mobile": "13700137000" }))
    });
    let added = answers.iter().filter(|a| a.status() == 201).count();
    assert_eq!(added, 1);
    let twice = json!({ "name": "王建国", "mobile": "13800138000" });
    let body = with(
        complete("联想北京有限公司"),
        "contacts",
        json!([twice, twice]),
    );
    let refused = seller.post("/customers", body).expect(422);
    assert_eq!(
        refused.failing_fields(),
        [("/contacts/1".into(), "REPEATED".into())]
    );
}

/// CUS-48, AMB-10.
#[test]
fn a_customer_with_work_under_way_is_deleted_only_by_whoever_says_to_know_it() {
    let app = TestApp::start();
    let deal = deal(&app);
    approved_quote(&app, &deal, 1, "100.00");
    signed_contract(&app, &deal.customer, "HT-2026-001", "1000.00");
    let administrator = app.administrator();
    let path = format!("/customers/{}/delete", deal.customer);
    let refused = administrator
        .decide(&path, "*", json!({ "reason": "重复录入" }))
        .expect_code(409, "RULE_REFUSED")
        .problem();
    assert_eq!(
        (&refused["rule"], &refused["reason"]),
        (&json!("CUS-48"), &json!("STILL_ALIVE"))
    );
    assert_eq!(
        refused["alive"],
        json!({ "opportunities": 1, "quotes": 1, "contracts": 1, "conflict_cases": 0 })
    );
    for acknowledge in [json!(false), json!(null)] {
        let body = json!({ "reason": "重复录入", "acknowledge": acknowledge });
        administrator
            .decide(&path, "*", body)
            .expect_code(409, "RULE_REFUSED");
    }
    let body = json!({ "reason": "重复录入", "acknowledge": true });
    administrator.decide(&path, "*", body).expect(200);
    administrator
        .command(&format!("/customers/{}/restore", deal.customer))
        .expect(200);
    let contracts = app
        .salesperson()
        .get(&format!("/contracts?customer_id={}", deal.customer))
        .expect(200);
    assert_eq!(contracts.items().len(), 1);
}

/// CUS-48: either the deletion sees the submission, or the submission sees the deletion.
#[test]
fn a_deletion_and_a_submission_at_once_do_not_miss_each_other() {
    let app = TestApp::start();
    let seller = app.salesperson();
    for round in 0..6 {
        let customer = customer(&app, &format!("赛跑{round}号有限公司"));
        let body = json!({
            "number": format!("HT-{round}"), "title": "服务器采购合同", "customer_id": customer,
            "amount": yuan("1000.00"), "list_amount": yuan("1000.00"),
            "product_sale": true, "standard_text": true,
        });
        let contract = seller.post("/contracts", body).expect(201).id();
        let answers = together(2, |i| {
            if i == 0 {
                seller.command(&format!("/contracts/{contract}/submit"))
            } else {
                let path = format!("/customers/{customer}/delete");
                app.administrator()
                    .decide(&path, "*", json!({ "reason": "重复录入" }))
            }
        });
        let done = answers
            .iter()
            .filter(|answer| answer.status() == 200)
            .count();
        assert_eq!(done, 1, "round {round}");
    }
}

/// AMB-10, SEC-14.
#[test]
fn the_administrator_finds_what_was_deleted_and_nobody_else_does() {
    let app = TestApp::start();
    let (salesperson, administrator) = (app.salesperson(), app.administrator());
    let add = |name: &str| {
        salesperson
            .post("/customers", complete(name))
            .expect(201)
            .id()
    };
    let id = add("惠普中国有限公司");
    let kept = add("联想北京有限公司");
    let path = format!("/customers/{id}");
    administrator
        .decide(
            &format!("{path}/delete"),
            "*",
            json!({ "reason": "重复录入" }),
        )
        .expect(200);
    let list = "/customers?deleted=true";
    for who in [&salesperson, &app.department_manager(), &app.president()] {
        assert_eq!(who.get(list).expect(403).problem()["rule"], "ORG-12");
        who.get(&path).expect(404);
    }
    assert_eq!(
        administrator
            .get("/customers?deleted=false")
            .expect(200)
            .ids(),
        [kept]
    );
    let found = administrator.get(list).expect(200);
    assert_eq!(found.ids(), std::slice::from_ref(&id));
    assert!(found.items()[0]["deleted_at"].is_string());
    let card = administrator.get(&path).expect(200);
    assert_eq!(card.json()["delete_reason"], "重复录入");
    assert_eq!(card.json()["allowed_actions"], json!(["RESTORE"]));
    administrator
        .request("POST", &format!("{path}/restore"))
        .if_match(&card.etag())
        .send()
        .expect(200);
    assert!(administrator.get(list).expect(200).ids().is_empty());
    let card = salesperson.get(&path).expect(200).json();
    assert_eq!(
        (&card["deleted_at"], &card["delete_reason"]),
        (&json!(null), &json!(null))
    );
}

/// CUS-36.
#[test]
fn contacts_are_added_changed_and_removed_but_for_the_last() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .id();
    let contacts = format!("/customers/{id}/contacts");
    let first = salesperson.get(&contacts).expect(200).items()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    salesperson
        .delete(&format!("/contacts/{first}"), "\"1\"", json!({}))
        .expect_code(409, "RULE_REFUSED");
    salesperson
        .post(
            &contacts,
            json!({ "name": "李经理", "mobile": "13800138001" }),
        )
        .expect(422);
    salesperson
        .post(
            &contacts,
            json!({ "name": "李红霞", "mobile": "13800138001" }),
        )
        .expect(201);
    salesperson
        .patch(
            &format!("/contacts/{first}"),
            "\"1\"",
            json!({ "mobile": null }),
        )
        .expect_code(422, "VALIDATION_FAILED");
    salesperson
        .patch(
            &format!("/contacts/{first}"),
            "\"1\"",
            json!({ "job_title": "总监" }),
        )
        .expect(200);
    salesperson
        .delete(&format!("/contacts/{first}"), "\"1\"", json!({}))
        .expect_code(412, "STALE_VERSION");
    salesperson
        .delete(&format!("/contacts/{first}"), "\"2\"", json!({}))
        .expect(204);
    app.colleague().get(&contacts).expect(404);
}

/// Each grade of each condition too.
/// CUS-18, CUS-19, CUS-28, CUS-30, CUS-31.
#[test]
fn every_source_condition_grade_and_activity_state_is_taken_and_no_other() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let made = seller
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201);
    let path = format!("/customers/{}", made.id());
    let set = |patch: serde_json::Value| seller.patch(&path, "*", patch);
    let sources = [
        "MARKET_RESEARCH",
        "SALES_VISIT",
        "SELF_FILLED",
        "PARTNER",
        "DOOR_CALL",
        "MARKETING_EVENT",
        "REFERRAL",
        "ASSIGNED",
        "SELF_DEVELOPED",
    ];
    for source in sources {
        let card = set(json!({ "source": source })).expect(200).json();
        assert_eq!(card["source"], source);
    }
    for condition in ["INVALID", "BASIC", "POTENTIAL"] {
        for grade in 1..=7 {
            let patch = json!({ "condition": condition, "grade": grade });
            let card = set(patch).expect(200).json();
            assert_eq!(
                (&card["condition"], &card["grade"]),
                (&json!(condition), &json!(grade))
            );
        }
    }
    for state in ["ACTIVE", "NORMAL", "ARCHIVED"] {
        let card = set(json!({ "activity_state": state })).expect(200).json();
        assert_eq!(card["activity_state"], state);
    }
    let none = [
        ("source", json!("HEARSAY")),
        ("condition", json!("LOST")),
        ("grade", json!(0)),
        ("grade", json!(8)),
        ("activity_state", json!("ASLEEP")),
    ];
    for (field, value) in none {
        let refused = set(json!({ field: value })).expect(422);
        assert_eq!(refused.failing_fields()[0].0, format!("/{field}"));
    }
}

#[test]
fn what_cannot_be_cleared_is_refused_not_ignored() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let created = seller
        .post("/customers", complete("惠普中国有限公司"))
        .expect(201)
        .json();
    let refused = |path: &str, member: &str| {
        let mut body = json!({});
        body[member] = Value::Null;
        let problem = seller.patch(path, "\"1\"", body).expect(422).problem();
        assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"));
    };
    let path = format!("/customers/{}", created["id"].as_str().unwrap());
    for member in [
        "name",
        "security_level",
        "condition",
        "grade",
        "activity_state",
    ] {
        refused(&path, member);
    }
    let contact = created["contacts"][0]["id"].as_str().unwrap();
    for member in ["name", "is_key", "is_decision_maker"] {
        refused(&format!("/contacts/{contact}"), member);
    }
}
