//! Lists of customers by any of their classes, and what they add up to (CUS-32, CUS-33, CUS-46, CUS-47).

use serde_json::{Value, json};

use super::complete;
use crate::{
    commerce::{customer, signed_contract, visit},
    harness::TestApp,
};

#[test]
fn a_list_is_narrowed_by_every_class() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let mut body = complete("甲类有限公司");
    for (member, value) in [
        ("condition", json!("POTENTIAL")),
        ("grade", json!(6)),
        ("activity_state", json!("NORMAL")),
        ("source", json!("REFERRAL")),
        ("industry_code", json!("C36")),
        (
            "contacts",
            json!([{ "name": "欧阳建国", "mobile": "13800138000", "relationship": "HIGH" }]),
        ),
    ] {
        body[member] = value;
    }
    let one = seller.post("/customers", body).expect(201).id();
    app.advance(chrono::Duration::hours(1));
    let other = seller
        .post("/customers", complete("乙类有限公司"))
        .expect(201)
        .id();
    visit(&app, &one);
    let between = app.now().plus(-chrono::Duration::minutes(30)).to_string();
    let me = seller.id();
    for alone in [
        "condition_in=POTENTIAL,SUCCESSFUL".to_owned(),
        "grade_in=6,7".to_owned(),
        "activity_state_in=NORMAL".to_owned(),
        "source_in=REFERRAL".to_owned(),
        "industry_code=C36".to_owned(),
        "industry_code=C".to_owned(),
        "relationship=HIGH".to_owned(),
        "contact_q=%E6%AC%A7%E9%98%B3".to_owned(),
        format!("created_at_lt={between}"),
        "last_contact_at_lt=2026-03-01T03:00:00Z".to_owned(),
        "last_contact_at_gte=2026-03-01T02:00:00Z".to_owned(),
        "completeness_gte=1".to_owned(),
    ] {
        for rest in [
            "".to_owned(),
            format!("&owner_id={me}"),
            "&line=GENERAL".to_owned(),
        ] {
            let path = format!("/customers?{alone}{rest}");
            assert_eq!(
                seller.get(&path).expect(200).ids(),
                std::slice::from_ref(&one),
                "{path}"
            );
        }
    }
    for without in [
        "condition_in=BASIC",
        "industry_code=D",
        "source_in=SELF_DEVELOPED&contact_q=%E7%8E%8B%E5%BB%BA%E5%9B%BD",
        "needs_refresh=false&grade_in=1",
        "lacks=GRADE",
        "is_key_customer=false&activity_state_in=ACTIVE",
    ] {
        let path = format!("/customers?{without}");
        let expected = if without == "industry_code=D" {
            Vec::new()
        } else {
            vec![other.clone()]
        };
        assert_eq!(seller.get(&path).expect(200).ids(), expected, "{path}");
    }
    for refused in ["completeness_lt=101", "industry_code=Z", "grade_in=six"] {
        seller
            .get(&format!("/customers?{refused}"))
            .expect_code(400, "INVALID_PARAMETER");
    }
}

#[test]
fn contacts_are_a_paged_list() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let mut body = complete("联系人有限公司");
    body["contacts"] = (0..5)
        .map(|n| json!({ "name": format!("王建{}", ["国", "军", "华", "民", "平"][n]), "mobile": "13800138000" }))
        .collect();
    let id = seller.post("/customers", body).expect(201).id();
    let path = format!("/customers/{id}/contacts");
    let page = seller
        .get(&format!("{path}?limit=2&include_total=true"))
        .expect(200)
        .json();
    assert_eq!(page["total"]["value"], 5);
    assert_eq!(seller.walk(&format!("{path}?limit=2")).len(), 5);
    let first = seller.walk(&format!("{path}?sort=-name&limit=3"))[0].clone();
    assert_eq!(first["name"], "王建民");
}

#[test]
fn a_distribution_counts_what_the_caller_may_see() {
    let app = TestApp::start();
    let seller = app.salesperson();
    for (n, source) in ["REFERRAL", "REFERRAL", "PARTNER"].into_iter().enumerate() {
        let mut body = complete(&format!("分布{n}有限公司"));
        body["source"] = json!(source);
        body["industry_code"] = json!("I65");
        seller.post("/customers", body).expect(201);
    }
    let mut body = complete("旁人有限公司");
    body["source"] = json!("PARTNER");
    app.other_salesperson().post("/customers", body).expect(201);
    let counted = |who: &crate::harness::Client<'_>, query: &str| -> Value {
        who.get(&format!("/customers/distribution?{query}"))
            .expect(200)
            .json()
    };
    let mine = counted(&seller, "by=SOURCE");
    assert_eq!((&mine["total"], &mine["others"]), (&json!(3), &json!(0)));
    let pairs: Vec<_> = mine["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group["value"].as_str().unwrap(),
                group["count"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(pairs, [("REFERRAL", 2), ("PARTNER", 1)]);
    assert_eq!(mine["groups"][0]["label_zh"], "介绍");
    let all = counted(&app.vice_president(), "by=SOURCE");
    assert_eq!(all["total"], 4);
    for (by, first) in [
        ("VALUE_GRADE", Value::Null),
        ("INDUSTRY", json!("I65")),
        ("CONDITION", json!("BASIC")),
        ("GRADE", json!("BASIC/1")),
        ("ACTIVITY_STATE", json!("ACTIVE")),
        ("STATE", json!("DRAFT")),
        ("KIND", json!("DIRECT")),
        ("PROVINCE", json!("11")),
        ("KEY_CUSTOMER", json!("OTHER")),
        ("RELATIONSHIP", Value::Null),
        ("OWNER", json!(seller.id())),
    ] {
        let found = counted(&app.vice_president(), &format!("by={by}"));
        assert_eq!(found["groups"][0]["value"], first, "{by}");
    }
    let units = counted(&app.vice_president(), "by=UNIT");
    assert_eq!(units["groups"][0]["label_zh"], "销售一部");
    assert_eq!(counted(&app.stranger(), "by=SOURCE")["total"], 0);
}

#[test]
fn references_are_successful_customers_of_an_industry_with_their_contracts() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = customer(&app, "样板有限公司");
    let path = format!("/customers/{id}");
    visit(&app, &id);
    signed_contract(&app, &id, "HT-R-1", "1000.00");
    let success = json!({ "condition": "SUCCESSFUL", "industry_code": "C36" });
    seller.patch(&path, "*", success).expect(200);
    customer(&app, "未签有限公司");
    let found = seller
        .get("/customers/references?industry_code=C")
        .expect(200)
        .items();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], json!(id));
    assert_eq!(found[0]["contracts"][0]["title"], "服务器采购合同");
    assert_eq!(found[0]["contracts"][0]["signed_on"], "2026-03-02");
    let none = seller.get("/customers/references?industry_code=D");
    assert_eq!(none.expect(200).items(), Vec::<Value>::new());
}

#[test]
fn the_business_is_shown_by_customer_with_its_classes() {
    let app = TestApp::start();
    for (n, amount) in ["8000.00", "1500.00", "500.00"].into_iter().enumerate() {
        let id = customer(&app, &format!("业务{n}有限公司"));
        visit(&app, &id);
        signed_contract(&app, &id, &format!("HT-ABC-{n}"), amount);
    }
    let view = app
        .vice_president()
        .get("/customers/abc")
        .expect(200)
        .json();
    assert_eq!(view["total"]["amount"], "10000.00");
    assert_eq!(view["customers"], 3);
    let rows: Vec<_> = view["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["customer_name"].as_str().unwrap(),
                row["class"].as_str().unwrap(),
                row["cumulative_share"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("业务0有限公司", "A", "0.8000"),
            ("业务1有限公司", "B", "0.9500"),
            ("业务2有限公司", "C", "1.0000"),
        ]
    );
    let before = app
        .vice_president()
        .get("/customers/abc?signed_until=2026-03-01")
        .expect(200)
        .json();
    assert_eq!(before["customers"], 0);
    app.salesperson().get("/customers/abc").expect(403);
}
