//! The search inside names: what `q` finds in a list of customers (CUS-06, DUP-01).

use std::collections::BTreeSet;

use super::{
    complete,
    merging::{merge, registered},
};
use crate::harness::{Backend, Client, TestApp, Value, backend, document::encoded, json};

fn found(who: &Client<'_>, q: &str) -> Vec<String> {
    names(who, &format!("/customers?q={}&sort=name", encoded(q)))
}

fn names(who: &Client<'_>, path: &str) -> Vec<String> {
    let text = |row: Value| row["name"].as_str().unwrap().to_owned();
    who.walk(path).into_iter().map(text).collect()
}

const HENGDA: &str = "上海恒达贸易有限公司";

#[test]
fn a_name_is_found_by_whatever_stands_together_in_it() {
    let app = TestApp::start();
    let seller = app.salesperson();
    registered(&seller, HENGDA);
    registered(&seller, "北京恒大（ABC）科技有限公司");
    registered(&seller, "西安瑞贝嘉科技有限公司");
    for q in [
        "恒达",
        "达贸",
        "海恒",
        "贸易有限",
        "上海恒达",
        "恒達貿易",
        "恒（达）",
        "恒 达",
        HENGDA,
    ] {
        assert_eq!(found(&seller, q), [HENGDA], "{q}");
    }
    for q in ["abc", "Ａｂ", "大AB", "京恒", "c科"] {
        assert_eq!(found(&seller, q), ["北京恒大（ABC）科技有限公司"], "{q}");
    }
    assert_eq!(found(&seller, "科技").len(), 2);
    assert_eq!(found(&seller, "有限公司").len(), 3);
    for q in ["恒贸", "达恒", "恒达科技", "囍囍", "acb"] {
        assert!(found(&seller, q).is_empty(), "{q}");
    }
    // One character is the beginning of the present name.
    assert_eq!(found(&seller, "上"), [HENGDA]);
    assert!(found(&seller, "恒").is_empty());
    // Nothing is left of it: it narrows nothing.
    assert_eq!(found(&seller, "（）").len(), 3);
}

#[test]
fn former_names_and_aliases_are_searched_while_they_stand() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = registered(&seller, HENGDA);
    let path = format!("/customers/{id}/names");
    let former = json!({ "name": "上海金盛宏業有限公司", "kind": "FORMER" });
    let alias = json!({ "name": "恒通达集团", "kind": "ALIAS" });
    let former = seller.post(&path, former).expect(201).id();
    seller.post(&path, alias).expect(201);
    for q in ["盛宏", "宏业", "通达"] {
        assert_eq!(found(&seller, q), [HENGDA], "{q}");
    }
    // The end of one name and the beginning of the next stand together nowhere.
    assert!(found(&seller, "公司上海").is_empty());
    seller
        .delete(&format!("/customer-names/{former}"), "*", json!({}))
        .expect(204);
    assert!(found(&seller, "盛宏").is_empty());
    assert_eq!(found(&seller, "通达"), [HENGDA]);
    seller
        .patch(
            &format!("/customers/{id}"),
            "*",
            json!({ "name": "上海瑞云贸易有限公司" }),
        )
        .expect(200);
    assert_eq!(found(&seller, "瑞云"), ["上海瑞云贸易有限公司"]);
    // What it was called before is a former name now.
    assert_eq!(found(&seller, "恒达"), ["上海瑞云贸易有限公司"]);
}

#[test]
fn a_person_is_found_by_a_part_of_the_name_also_of_a_new_one() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let person = json!({ "name": "欧阳建国", "party": "INDIVIDUAL", "kind": "DIRECT",
        "phone": "13900139000", "address": "北京市朝阳区建国路88号" });
    let id = seller.post("/customers", person).expect(201).id();
    assert_eq!(found(&seller, "阳建"), ["欧阳建国"]);
    seller
        .patch(
            &format!("/customers/{id}"),
            "*",
            json!({ "name": "欧阳卫民" }),
        )
        .expect(200);
    assert_eq!(found(&seller, "卫民"), ["欧阳卫民"]);
    assert!(found(&seller, "阳建").is_empty());
}

#[test]
fn what_one_may_not_see_is_not_found() {
    let app = TestApp::start();
    registered(&app.salesperson(), HENGDA);
    assert_eq!(found(&app.salesperson(), "恒达"), [HENGDA]);
    assert_eq!(found(&app.department_manager(), "恒达"), [HENGDA]);
    assert_eq!(found(&app.president(), "恒达"), [HENGDA]);
    assert!(found(&app.other_salesperson(), "恒达").is_empty());
    assert!(found(&app.colleague(), "恒达").is_empty());
}

#[test]
fn deleted_customers_are_not_found_until_they_are_restored() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let id = registered(&seller, HENGDA);
    let administrator = app.administrator();
    let path = format!("/customers/{id}");
    administrator
        .decide(&format!("{path}/delete"), "*", json!({ "reason": "测试" }))
        .expect(200);
    assert!(found(&seller, "恒达").is_empty());
    let deleted = format!("/customers?deleted=true&q={}", encoded("恒达"));
    assert_eq!(names(&administrator, &deleted), [HENGDA]);
    administrator
        .command(&format!("{path}/restore"))
        .expect(200);
    assert_eq!(found(&seller, "恒达"), [HENGDA]);
}

#[test]
fn what_was_merged_away_is_found_when_it_is_asked_for() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let survivor = registered(&seller, HENGDA);
    let absorbed = registered(&seller, "上海恒达信贸易有限公司");
    merge(&app.administrator(), &survivor, &absorbed, &[]).expect(200);
    assert_eq!(found(&seller, "恒达"), [HENGDA]);
    let merged = format!("/customers?state_in=MERGED&q={}", encoded("达信"));
    assert_eq!(names(&seller, &merged), ["上海恒达信贸易有限公司"]);
}

/// So many others have the piece that a list goes through its own order.
fn make_frequent(app: &TestApp, piece: &str) {
    match backend() {
        Backend::Sqlite => app.sql(&format!(
            "INSERT INTO match_pieces WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4100)
             SELECT n, '{piece}' FROM n"
        )),
        Backend::Postgres => app.sql(&format!(
            "INSERT INTO match_names (number, subject_id, position, subject_kind, name, pieces)
             SELECT n, '00000000-0000-7000-8000-' || lpad(n::text, 12, '0'), 0, 'CUSTOMER', '', '{piece}'
             FROM generate_series(1, 4100) n"
        )),
    }
}

#[test]
fn rare_and_frequent_pieces_are_narrowed_and_paged_alike() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let sources = ["SELF_DEVELOPED", "REFERRAL"];
    for (n, place) in ["上海", "北京", "杭州", "西安", "广州", "成都", "武汉"]
        .into_iter()
        .enumerate()
    {
        let mut body = complete(&format!("{place}云帆科技有限公司"));
        body["source"] = json!(sources[n % 2]);
        seller.post("/customers", body).expect(201);
        app.advance(chrono::Duration::minutes(1));
    }
    registered(&seller, HENGDA);
    registered(&app.other_salesperson(), "苏州云帆科技有限公司");
    let q = encoded("云帆");
    let asked = || {
        let mut answers = Vec::new();
        for sort in [
            "name",
            "-name",
            "updated_at",
            "-updated_at",
            "created_at,-name",
        ] {
            for rest in [
                "".to_owned(),
                "&source_in=REFERRAL".to_owned(),
                format!("&owner_id={}", seller.id()),
                format!("&division_code=110105&contact_q={}", encoded("王")),
                "&updated_at_gte=2030-01-01T00:00:00Z".to_owned(),
            ] {
                let whole = names(&seller, &format!("/customers?q={q}&sort={sort}{rest}"));
                let paged = names(
                    &seller,
                    &format!("/customers?q={q}&limit=2&sort={sort}{rest}"),
                );
                assert_eq!(paged, whole, "{sort} {rest}");
                answers.push(whole);
            }
        }
        for who in [
            app.department_manager(),
            app.branch_director(),
            app.president(),
        ] {
            let path = format!("/customers?q={q}&limit=3&sort=-updated_at");
            answers.push(names(&who, &path));
        }
        let counted = seller.get(&format!("/customers?q={q}&limit=1&include_total=true"));
        assert_eq!(counted.expect(200).json()["total"]["value"], 7);
        answers
    };
    let rare = asked();
    let of_seller: BTreeSet<&String> = rare[0].iter().collect();
    assert_eq!(of_seller.len(), 7);
    assert_eq!(rare[1].len(), 3);
    assert_eq!(rare[4].len(), 0);
    let mut backwards = rare[5].clone();
    backwards.reverse();
    assert_eq!(backwards, rare[0]);
    assert_eq!(rare.last().unwrap().len(), 8, "the president sees all");
    make_frequent(&app, "云帆");
    assert_eq!(asked(), rare);
}
