//! Conflicts about the registration of a customer itself: appeal, proceedings, rulings (CONF, AMB-45, AMB-50).

use chrono::Duration;

use super::{effective_customer, entered, registered, submitted};
use crate::harness::{Answer, Client, Person, TestApp, Value, json, statuses, together};

const NAME: &str = "惠普中国有限公司";

/// The salesperson's effective customer, and the colleague's refused attempt to register it.
fn refused(app: &TestApp) -> (String, String) {
    let customer = effective_customer(&app.salesperson(), &app.department_manager(), NAME);
    let attempt = attempt(&app.colleague());
    (customer, attempt)
}

fn attempt(who: &Client<'_>) -> String {
    let body = json!({
        "name": NAME, "party": "COMPANY", "kind": "DIRECT", "source": "SALES_VISIT", "division_code": "110105",
        "address": "北京市朝阳区建国路88号", "contacts": [{ "name": "王建国", "mobile": "13800138000" }],
    });
    let problem = who
        .post("/customers", body)
        .expect_code(409, "ALREADY_REGISTERED")
        .problem();
    problem["attempt_id"]
        .as_str()
        .expect("an attempt")
        .to_owned()
}

fn appeal(who: &Client<'_>, attempt: &str) -> Answer {
    let body = json!({ "reason": "客户有意由我方跟进" });
    who.post(&format!("/registration-attempts/{attempt}/appeal"), body)
}

fn rule(who: &Client<'_>, case: &str, body: Value) -> Answer {
    let etag = who
        .get(&format!("/conflict-cases/{case}"))
        .expect(200)
        .etag();
    who.decide(&format!("/conflict-cases/{case}/rule"), &etag, body)
}

#[test]
fn a_refused_registration_is_appealed_once_and_in_time() {
    let app = TestApp::start();
    let (customer, id) = refused(&app);
    let read = app
        .colleague()
        .get(&format!("/registration-attempts/{id}"))
        .expect(200)
        .json();
    assert_eq!(read["appeal_until"], "2026-03-05T15:59:59.999999Z");
    assert_eq!(read["allowed_actions"], json!(["APPEAL"]));
    appeal(&app.salesperson(), &id).expect(403);
    appeal(&app.other_salesperson(), &id).expect(404);
    app.advance(Duration::microseconds(
        4 * 86_400_000_000 - 9 * 3_600_000_000 - 1,
    ));
    let case = appeal(&app.colleague(), &id).expect(201).json();
    assert_eq!(
        (&case["state"], &case["attempt_id"]),
        (&json!("UNDER_ARBITRATION"), &json!(id))
    );
    assert_eq!(
        (&case["opportunity_id"], &case["customer_id"]),
        (&Value::Null, &Value::Null)
    );
    // The salesperson's department manager is to rule.
    assert_eq!(
        case["arbitrator_name"],
        json!(Person::DepartmentManager.name())
    );
    let told = app
        .department_manager()
        .get(&format!("/conflict-cases/{}", case["id"].as_str().unwrap()))
        .expect(200)
        .json();
    assert_eq!(told["customer_id"], json!(customer));
    assert_eq!(told["claimant_material"]["attempted_name"], NAME);
    let again = appeal(&app.colleague(), &id)
        .expect_code(409, "RULE_REFUSED")
        .problem();
    assert_eq!(
        (&again["reason"], &again["conflict_case_id"]),
        (&json!("ALREADY_APPEALED"), &case["id"])
    );
    // Another attempt of the same person is the same dispute.
    let second = attempt(&app.colleague());
    assert_eq!(
        appeal(&app.colleague(), &second).expect(409).problem()["reason"],
        "ALREADY_APPEALED"
    );
    let mine = app.department_manager().get(&format!(
        "/conflict-cases?arbitrator_id={}",
        app.department_manager().id()
    ));
    assert_eq!(mine.expect(200).ids().len(), 1);
}

#[test]
fn a_microsecond_later_it_is_too_late_and_a_collision_has_its_own_case() {
    let app = TestApp::start();
    let (_, id) = refused(&app);
    let opportunity = entered(&app.colleague(), NAME);
    submitted(&app.colleague(), &opportunity).expect_code(409, "COLLISION");
    let of = app
        .colleague()
        .get("/registration-attempts?subject_kind=OPPORTUNITY")
        .expect(200)
        .ids()
        .remove(0);
    assert_eq!(
        appeal(&app.colleague(), &of).expect(409).problem()["reason"],
        "APPEAL_THE_CASE"
    );
    app.advance(Duration::microseconds(
        4 * 86_400_000_000 - 9 * 3_600_000_000,
    ));
    assert_eq!(
        appeal(&app.colleague(), &id).expect(409).problem()["reason"],
        "APPEAL_EXPIRED"
    );
}

#[test]
fn the_next_superior_rules_where_the_manager_is_a_party_or_away() {
    let app = TestApp::start();
    let of_manager =
        effective_customer(&app.department_manager(), &app.department_assistant(), NAME);
    let case = appeal(&app.colleague(), &attempt(&app.colleague()))
        .expect(201)
        .json();
    assert_eq!(
        case["arbitrator_name"],
        json!(Person::BranchDirector.name())
    );
    let app = TestApp::start();
    let (_, id) = refused(&app);
    let manager = app.department_manager().id();
    app.sql(&format!(
        "UPDATE users SET employment = 'ON_TRIP' WHERE id = '{manager}'"
    ));
    let case = appeal(&app.colleague(), &id).expect(201).json();
    assert_eq!(
        case["arbitrator_name"],
        json!(Person::BranchDirector.name())
    );
    assert!(!of_manager.is_empty());
}

#[test]
fn both_sides_and_the_arbitrator_put_on_record_what_is_never_changed() {
    let app = TestApp::start();
    let (customer, id) = refused(&app);
    let case = appeal(&app.colleague(), &id).expect(201).id();
    let path = format!("/conflict-cases/{case}/entries");
    let entry = |text: &str, confidential: bool| json!({ "kind": "EVIDENCE", "text": text, "confidential": confidential });
    let with_link = json!({ "kind": "EVIDENCE", "text": "合作意向书", "link": "https://docs.example.com/1.pdf" });
    let first = app.colleague().post(&path, with_link).expect(201).json();
    assert_eq!(
        (&first["side"], &first["author_name"]),
        (&json!("CLAIMANT"), &json!(Person::Colleague.name()))
    );
    // A record is referred to by whoever may read it.
    let record = json!({ "kind": "EVIDENCE", "text": "客户卡片", "record_kind": "CUSTOMER", "record_id": customer });
    assert_eq!(
        app.colleague()
            .post(&path, record.clone())
            .expect(422)
            .failing_fields()[0]
            .0,
        "/record_id"
    );
    app.salesperson().post(&path, record).expect(201);
    let half = json!({ "kind": "EVIDENCE", "text": "x", "record_kind": "CUSTOMER" });
    assert_eq!(
        app.salesperson()
            .post(&path, half)
            .expect(422)
            .failing_fields(),
        [("/record_id".into(), "REQUIRED".into())]
    );
    app.salesperson()
        .post(
            &path,
            json!({ "kind": "EVIDENCE", "text": "x", "link": "javascript:alert(1)" }),
        )
        .expect(422);
    app.salesperson()
        .post(&path, entry("报价底稿", true))
        .expect(201);
    app.department_manager()
        .post(
            &path,
            json!({ "kind": "STATEMENT", "text": "请双方补充材料" }),
        )
        .expect(201);
    app.president().post(&path, entry("x", false)).expect(403);
    app.other_salesperson()
        .post(&path, entry("x", false))
        .expect(404);
    let seen = |who: &Client<'_>| who.walk(&format!("{path}?limit=2")).len();
    assert_eq!(
        (
            seen(&app.salesperson()),
            seen(&app.colleague()),
            seen(&app.department_manager())
        ),
        (4, 3, 4)
    );
    rule(
        &app.department_manager(),
        &case,
        json!({ "ruling": "UPHOLD", "basis": "先录先得" }),
    )
    .expect(200);
    app.colleague()
        .post(&path, entry("太晚", false))
        .expect_code(409, "RULE_REFUSED");
    let history = app
        .colleague()
        .get(&format!(
            "/history?subject_kind=CONFLICT_CASE&subject_id={case}"
        ))
        .expect(200);
    let kinds: Vec<_> = history
        .items()
        .iter()
        .map(|e| e["kind"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        kinds.contains(&"conflict_case.appealed".to_owned())
            && kinds.contains(&"conflict_case.ruled".to_owned())
    );
    assert_eq!(
        kinds
            .iter()
            .filter(|k| *k == "conflict_case.entry_added")
            .count(),
        4
    );
}

#[test]
fn a_transfer_gives_the_customer_with_its_live_opportunities_to_the_claimant() {
    let app = TestApp::start();
    let (customer, id) = refused(&app);
    let live = registered(&app.salesperson(), &app.department_manager(), NAME);
    let case = appeal(&app.colleague(), &id).expect(201).id();
    rule(
        &app.department_manager(),
        &case,
        json!({ "ruling": "TRANSFER", "basis": "最有利签约" }),
    )
    .expect(200);
    let owner = json!(app.colleague().id());
    for path in [
        format!("/customers/{customer}"),
        format!("/opportunities/{live}"),
    ] {
        assert_eq!(
            app.colleague().get(&path).expect(200).json()["owner_id"],
            owner,
            "{path}"
        );
    }
    app.salesperson()
        .get(&format!("/customers/{customer}"))
        .expect(404);
    let again = appeal(&app.colleague(), &attempt_elsewhere(&app)).expect(403);
    assert_eq!(again.problem()["rule"], "AMB-45");
}

/// The former holder's attempt, which is now the later one.
fn attempt_elsewhere(app: &TestApp) -> String {
    attempt(&app.salesperson())
}

#[test]
fn a_cooperation_opens_the_customer_for_good_and_its_split_is_on_record() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let (customer, id) = refused(&app);
    let case = appeal(&colleague, &id).expect(201).id();
    let ruling = json!({ "ruling": "COOPERATE", "basis": "客户无明确倾向", "holder_share": "0.6000", "claimant_share": "0.4000" });
    rule(&app.department_manager(), &case, ruling).expect(200);
    let path = format!("/customers/{customer}");
    let etag = colleague.get(&path).expect(200).etag();
    colleague
        .patch(&path, &etag, json!({ "grade": 3 }))
        .expect(200);
    let share = seller
        .get(&format!("{path}/shares"))
        .expect(200)
        .items()
        .remove(0);
    assert_eq!(
        (&share["origin"], &share["conflict_case_id"]),
        (&json!("COOPERATE"), &json!(case))
    );
    // The holder neither takes it back nor lessens it; a plain manager does not either; the administrator may.
    let share_path = format!("/shares/{}", share["id"].as_str().unwrap());
    for who in [&seller, &app.department_manager()] {
        let refused = who
            .request("DELETE", &share_path)
            .if_match("*")
            .send()
            .expect(403);
        assert_eq!(refused.problem()["rule"], "CONF-04");
    }
    let lesser = json!({
        "user_id": colleague.id(), "level": "READ", "reason": "收回",
        "expires_at": app.now().plus(Duration::days(1)).to_string(),
    });
    seller.post(&format!("{path}/shares"), lesser).expect(403);
    let splits = app
        .department_manager()
        .get(&format!(
            "/cooperations?customer_id={customer}&current=true"
        ))
        .expect(200)
        .items();
    let mut shares: Vec<_> = splits
        .iter()
        .map(|s| {
            (
                s["user_name"].as_str().unwrap(),
                s["share"].as_str().unwrap(),
            )
        })
        .collect();
    shares.sort_unstable();
    let mut expected = [
        (Person::Salesperson.name(), "0.6000"),
        (Person::Colleague.name(), "0.4000"),
    ];
    expected.sort_unstable();
    assert_eq!(shares, expected);
    assert_eq!(
        colleague
            .get(&format!("/cooperations?user_id={}", colleague.id()))
            .expect(200)
            .ids()
            .len(),
        1
    );
    assert!(
        app.other_salesperson()
            .get("/cooperations")
            .expect(200)
            .items()
            .is_empty()
    );
    app.administrator()
        .request("DELETE", &share_path)
        .if_match("*")
        .send()
        .expect(204);
    colleague.get(&path).expect(404);
}

#[test]
fn of_appeals_at_once_one_is_brought() {
    for _ in 0..4 {
        let app = TestApp::start();
        let (_, id) = refused(&app);
        let second = attempt(&app.colleague());
        let attempts = [id, second];
        let answers = together(8, |n| appeal(&app.colleague(), &attempts[n % 2]));
        assert_eq!(statuses(&answers), [(201, 1), (409, 7)]);
        assert_eq!(app.count("conflict_cases"), 1);
    }
}

#[test]
fn the_ledger_of_attempts_is_narrowed_by_rule_time_name_and_source() {
    let app = TestApp::start();
    let (_, id) = refused(&app);
    app.advance(Duration::hours(1));
    let opportunity = entered(&app.colleague(), NAME);
    submitted(&app.colleague(), &opportunity).expect(409);
    let found = |query: &str| {
        app.colleague()
            .get(&format!("/registration-attempts?{query}"))
            .expect(200)
            .ids()
    };
    assert_eq!(found("").len(), 2);
    assert_eq!(found("rule=CONF-01"), std::slice::from_ref(&id));
    assert_eq!(
        found("attempted_at_lt=2026-03-02T01:00:00.000001Z"),
        std::slice::from_ref(&id)
    );
    assert_eq!(
        found("attempted_at_gte=2026-03-02T01:00:00.000001Z").len(),
        1
    );
    assert_eq!(found("q=%E6%83%A0%E6%99%AE").len(), 2);
    assert_eq!(found("q=%E8%81%94%E6%83%B3").len(), 0);
    assert_eq!(found("source=127.0.0.1").len(), 2);
    assert_eq!(found("source=job").len(), 0);
    assert_eq!(found("subject_kind=CUSTOMER"), std::slice::from_ref(&id));
    app.other_salesperson()
        .get(&format!("/registration-attempts/{id}"))
        .expect(404);
}

/// CONF-06, SEC-02.
#[test]
fn who_was_first_is_not_told_from_where_a_colleague_works() {
    let app = TestApp::start();
    let (_, id) = refused(&app);
    let path = format!("/registration-attempts/{id}");
    let told = |who: &Client<'_>| {
        let read = who.get(&path).expect(200).json()["source"].clone();
        let listed = who.get("/registration-attempts").expect(200).items();
        let listed = listed.iter().find(|row| row["id"] == json!(id)).unwrap();
        assert_eq!(listed["source"], read);
        let asked = who.get("/registration-attempts?source=127.0.0.1");
        let found = asked.expect(200).ids().contains(&id);
        assert_eq!(found, !read.is_null(), "nobody finds out by asking");
        read
    };
    assert_eq!(told(&app.salesperson()), Value::Null, "the holder");
    for (who, why) in [
        (app.colleague(), "who attempted"),
        (app.department_manager(), "the arbitrator"),
        (app.president(), "who reads the audit trail"),
    ] {
        assert_eq!(told(&who), "127.0.0.1", "{why}");
    }
}
