//! The worklist of likely duplicates (DUP-10).

use xianlu::jobs::runner;

use super::{
    complete,
    merging::{merge, registered, undo},
    with,
};
use crate::harness::{Client, Person, TestApp, Value, json, statuses, together};

const ONE: &str = "惠普中国有限公司";
const OTHER: &str = "惠普中国股份有限公司";

fn open(who: &Client<'_>) -> Vec<Value> {
    who.walk("/duplicate-pairs?state_in=OPEN&sort=-score")
}

fn dismiss(who: &Client<'_>, pair: &Value) -> crate::harness::Answer {
    let path = format!("/duplicate-pairs/{}", pair["id"].as_str().unwrap());
    let etag = who.get(&path).expect(200).etag();
    who.decide(
        &format!("{path}/dismiss"),
        &etag,
        json!({ "reason": "集团内两家法人" }),
    )
}

fn rename(who: &Client<'_>, customer: &str, name: &str) {
    let path = format!("/customers/{customer}");
    let etag = who.get(&path).expect(200).etag();
    who.patch(&path, &etag, json!({ "name": name })).expect(200);
}

fn forget_further_names(app: &TestApp, customer: &str) {
    let administrator = app.administrator();
    let path = format!("/customers/{customer}/names");
    let names = administrator.get(&path).expect(200).json();
    for name in names.as_array().unwrap() {
        let path = format!("/customer-names/{}", name["id"].as_str().unwrap());
        administrator.delete(&path, "*", json!({})).expect(204);
    }
}

#[test]
fn a_registration_that_is_likely_another_is_on_the_worklist_and_tells_no_more_than_may_be_told() {
    let app = TestApp::start();
    let (seller, stranger) = (app.salesperson(), app.other_salesperson());
    let mine = registered(&seller, ONE);
    let theirs = with(complete(OTHER), "phone", json!("021-63539330"));
    stranger
        .post(
            "/customers",
            with(theirs, "address", json!("上海市黄浦区中山东一路1号")),
        )
        .expect(201);
    registered(&stranger, "联想北京有限公司");
    registered(&stranger, "惠普中国有限公司上海分公司");
    let pairs = open(&seller);
    assert_eq!(pairs.len(), 1, "{pairs:#?}");
    let pair = &pairs[0];
    assert_eq!(
        (&pair["score"], &pair["reasons"]),
        (&json!(97), &json!(["SAME_CORE", "FORM_EXCHANGED"]))
    );
    // Ten working days from Monday, 2 March, to the end of the day in Shanghai.
    assert_eq!(pair["due_at"], "2026-03-16T15:59:59.999999Z");
    let (own, other) = if pair["left"]["customer_id"] == json!(mine) {
        (&pair["left"], &pair["right"])
    } else {
        (&pair["right"], &pair["left"])
    };
    assert_eq!(own["customer_id"], json!(mine));
    assert_eq!(other["customer_id"], Value::Null);
    assert_eq!(
        (&other["customer_name"], &other["owner_name"]),
        (&json!(OTHER), &json!(Person::OtherSalesperson.name()))
    );
    assert_eq!(other["department"], "销售二部");
    assert!(
        app.channel_salesperson()
            .get("/duplicate-pairs")
            .expect(200)
            .items()
            .is_empty()
    );
    let found = |query: &str| {
        app.president()
            .get(&format!("/duplicate-pairs?{query}"))
            .expect(200)
            .ids()
            .len()
    };
    assert_eq!(found("state_in=OPEN&score_gte=97"), 1);
    assert_eq!(found("score_gte=98"), 0);
    assert_eq!(found(&format!("owner_id={}", seller.id())), 1);
    assert_eq!(found(&format!("owner_id={}", app.trainee().id())), 0);
    assert_eq!(
        found(&format!(
            "customer_id={mine}&due_at_lt=2026-03-17T00:00:00Z"
        )),
        1
    );
    assert_eq!(found("due_at_lt=2026-03-16T15:59:59.999999Z"), 0);
}

#[test]
fn what_was_dismissed_is_not_proposed_again_until_a_name_changes() {
    let app = TestApp::start();
    let seller = app.salesperson();
    registered(&seller, ONE);
    let other = registered(&seller, OTHER);
    let pair = open(&seller).remove(0);
    app.president()
        .decide(
            &format!("/duplicate-pairs/{}/dismiss", pair["id"].as_str().unwrap()),
            "*",
            json!({ "reason": "x" }),
        )
        .expect(403);
    // A list says of each pair what the pair itself says.
    assert_eq!(pair["allowed_actions"], json!(["DISMISS", "MERGE"]));
    assert_eq!(open(&app.president())[0]["allowed_actions"], json!([]));
    let dismissed = dismiss(&seller, &pair).expect(200).json();
    assert_eq!(
        (&dismissed["state"], &dismissed["decision_reason"]),
        (&json!("DISMISSED"), &json!("集团内两家法人"))
    );
    assert_eq!(dismissed["allowed_actions"], json!(["REOPEN", "MERGE"]));
    dismiss(&seller, &pair).expect_code(409, "RULE_REFUSED");
    // Another edit does not bring it back, a new name does.
    let path = format!("/customers/{other}");
    let etag = seller.get(&path).expect(200).etag();
    seller
        .patch(&path, &etag, json!({ "grade": 4 }))
        .expect(200);
    assert_eq!(open(&seller).len(), 0);
    rename(&seller, &other, "惠普中国集团有限公司");
    assert_eq!(open(&seller).len(), 1);
    // A name that is not alike settles it, once no former name speaks for it any more.
    rename(&seller, &other, "联想北京有限公司");
    let still = open(&seller).remove(0);
    let reasons = still["reasons"].as_array().unwrap();
    assert!(reasons.contains(&json!("OTHER_NAME")), "{still:#?}");
    forget_further_names(&app, &other);
    assert_eq!(open(&seller).len(), 0);
    assert_eq!(app.count("duplicate_pairs WHERE state = 'RESOLVED'"), 1);
    rename(&seller, &other, OTHER);
    let again = open(&seller).remove(0);
    dismiss(&seller, &again).expect(200);
    let path = format!("/duplicate-pairs/{}/reopen", again["id"].as_str().unwrap());
    assert_eq!(seller.command(&path).expect(200).json()["state"], "OPEN");
}

#[test]
fn a_merge_settles_the_pair_and_its_undo_says_that_they_are_two() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let (one, other) = (registered(&seller, ONE), registered(&seller, OTHER));
    let third = registered(&seller, "惠普中国集团有限公司");
    assert_eq!(open(&seller).len(), 3);
    let id = merge(&seller, &one, &other, &[]).expect(200).id();
    let left = open(&seller);
    assert_eq!(left.len(), 1, "{left:#?}");
    let sides = [
        &left[0]["left"]["customer_id"],
        &left[0]["right"]["customer_id"],
    ];
    assert!(sides.contains(&&json!(one)) && sides.contains(&&json!(third)));
    let merged = seller
        .get("/duplicate-pairs?state_in=MERGED")
        .expect(200)
        .items();
    assert_eq!(merged[0]["merge_id"], json!(id));
    undo(&seller, &id).expect(200);
    assert_eq!(open(&seller).len(), 2);
    assert_eq!(app.count("duplicate_pairs WHERE state = 'DISMISSED'"), 1);
}

#[test]
fn an_alias_is_looked_up_from_both_sides() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let one = registered(&seller, ONE);
    let other = registered(&seller, "联想北京有限公司");
    assert_eq!(open(&seller).len(), 0);
    let alias = json!({ "name": OTHER, "kind": "ALIAS" });
    seller
        .post(&format!("/customers/{other}/names"), alias)
        .expect(201);
    assert_eq!(open(&seller).len(), 1);
    // Neither side's next look settles what the other still says.
    for customer in [&one, &other] {
        let path = format!("/customers/{customer}");
        let etag = seller.get(&path).expect(200).etag();
        seller
            .patch(&path, &etag, json!({ "website": "example.com.cn" }))
            .expect(200);
        assert_eq!(open(&seller).len(), 1);
    }
    forget_further_names(&app, &other);
    assert_eq!(open(&seller).len(), 0);
}

#[test]
fn of_more_alike_than_are_listed_none_is_settled_by_a_look_from_one_side() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let first = registered(&seller, "甲乙贸易有限公司");
    let cities = [
        "上海", "北京", "天津", "重庆", "广州", "深圳", "杭州", "南京", "武汉", "成都", "西安",
        "苏州",
    ];
    for city in cities {
        registered(&seller, &format!("{city}甲乙贸易有限公司"));
    }
    let of_first = || {
        seller.walk(&format!(
            "/duplicate-pairs?state_in=OPEN&customer_id={first}"
        ))
    };
    assert_eq!(of_first().len(), cities.len());
    let path = format!("/customers/{first}");
    let etag = seller.get(&path).expect(200).etag();
    seller
        .patch(&path, &etag, json!({ "website": "example.com.cn" }))
        .expect(200);
    assert_eq!(of_first().len(), cities.len());
}

#[test]
fn a_scan_finds_what_an_import_brought_and_goes_on_where_it_stopped() {
    let app = TestApp::start();
    let administrator = app.administrator();
    app.salesperson()
        .command("/customers/duplicate-scans")
        .expect(403);
    let mut file = "name,credit_code,province,city,address\n".to_owned();
    for n in 0..120 {
        file.push_str(&format!(
            "第{n}号甲乙贸易有限公司,,,,\n第{n}号甲乙贸易股份有限公司,,,,\n"
        ));
    }
    administrator
        .request("POST", "/imports/customers")
        .bytes("text/csv; charset=utf-8", file)
        .send()
        .expect(202);
    // The import, and the scan that it leaves behind. Numbers that are alike make further pairs, of a lower score.
    assert_eq!(runner::work_off(app.inside()).unwrap(), 2);
    assert_eq!(
        app.count("duplicate_pairs WHERE state = 'OPEN' AND score = 97"),
        120
    );
    let scan = administrator
        .get("/jobs?kind=SCAN_DUPLICATES")
        .expect(200)
        .items()
        .remove(0);
    assert_eq!(
        (&scan["state"], &scan["done"]),
        (&json!("SUCCEEDED"), &json!(240))
    );
    // Another scan finds nothing new; one that was interrupted after the first step does the rest.
    app.sql("DELETE FROM duplicate_pairs");
    let id = administrator
        .command("/customers/duplicate-scans")
        .expect(201)
        .id();
    app.sql(&format!("UPDATE jobs SET done = 200 WHERE id = '{id}'"));
    assert_eq!(runner::work_off(app.inside()).unwrap(), 1);
    let done = administrator.get(&format!("/jobs/{id}")).expect(200).json();
    assert_eq!(
        (&done["state"], &done["done"]),
        (&json!("SUCCEEDED"), &json!(240))
    );
    assert_eq!(app.count("duplicate_pairs WHERE score = 97"), 20);
}

#[test]
fn a_pair_that_is_found_from_both_sides_at_once_is_one() {
    for _ in 0..4 {
        let app = TestApp::start();
        let names = [ONE, OTHER, "惠普中国集团有限公司", "惠普中国有限责任公司"];
        let answers = together(4, |n| {
            app.salesperson().post("/customers", complete(names[n]))
        });
        assert_eq!(statuses(&answers), [(201, 4)]);
        let administrator = app.administrator();
        administrator
            .command("/customers/duplicate-scans")
            .expect(201);
        runner::work_off(app.inside()).unwrap();
        assert_eq!(app.count("duplicate_pairs"), 6);
    }
}

#[test]
fn of_two_who_dismiss_at_once_one_does() {
    let app = TestApp::start();
    let seller = app.salesperson();
    registered(&seller, ONE);
    registered(&seller, OTHER);
    let pair = open(&seller).remove(0);
    let path = format!("/duplicate-pairs/{}/dismiss", pair["id"].as_str().unwrap());
    let answers = together(6, |_| {
        seller.decide(&path, "\"1\"", json!({ "reason": "两家" }))
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 5)]);
}
