//! Which company is it? Likely duplicates and related records (DUP-01, DUP-02, AMB-33, AMB-46).

use serde_json::{Value, json};

use super::{complete, with};
use crate::harness::{Client, TestApp};

fn check(client: &Client<'_>, body: Value) -> Value {
    client
        .post("/customers/duplicate-checks", body)
        .expect(200)
        .json()
}

fn candidates(client: &Client<'_>, name: &str) -> Vec<Value> {
    let report = check(client, json!({ "name": name }));
    report["candidates"].as_array().unwrap().clone()
}

fn names(found: &[Value]) -> Vec<&str> {
    found.iter().map(|c| c["name"].as_str().unwrap()).collect()
}

#[test]
fn every_disturbance_of_a_name_is_listed_and_none_refused() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    salesperson
        .post("/customers", complete("上海恒达贸易有限公司"))
        .expect(201);
    for (name, reason) in [
        ("上海恒达贸易有限责任公司", "FORM_EXCHANGED"),
        ("上海恒达贸易股份有限公司", "FORM_EXCHANGED"),
        ("上海恒达贸易", "FORM_MISSING"),
        ("上海市恒达贸易有限公司", "REGION_MOVED"),
        ("恒达（上海）贸易有限公司", "REGION_MOVED"),
        ("恒达贸易（上海）有限公司", "REGION_MOVED"),
        ("恒达贸易上海有限公司", "REGION_MOVED"),
        ("恒达贸易有限公司", "REGION_ADDED_OR_DROPPED"),
        ("上海浦东恒达贸易有限公司", "REGION_WITHIN"),
        ("上海衡达贸易有限公司", "SAME_SOUND"),
        ("上海恒达货易有限公司", "SIMILAR_SHAPE"),
        ("上海恒贸易有限公司", "CHARACTER_MISSING"),
        ("上海恒达达贸易有限公司", "CHARACTER_DOUBLED"),
        ("上海达恒贸易有限公司", "CHARACTERS_TRANSPOSED"),
        ("上诲恒达贸易有限公司", "SIMILAR_SHAPE"),
        ("上海恒达贸易有限公可", "SIMILAR_SHAPE"),
        ("上海恒达有限公司", "ABBREVIATION"),
    ] {
        let found = candidates(&app.other_salesperson(), name);
        assert_eq!(names(&found), ["上海恒达贸易有限公司"], "{name}");
        let first = &found[0];
        assert_eq!(first["relation"], "LIKELY", "{name}");
        let reasons = first["reasons"].as_array().unwrap();
        assert!(reasons.contains(&json!(reason)), "{name}: {reasons:?}");
        let score: f64 = first["score"].as_str().unwrap().parse().unwrap();
        assert!((0.7..=1.0).contains(&score), "{name}: {score}");
        let answer = app.other_salesperson().post("/customers", complete(name));
        assert_ne!(answer.status(), 409, "{name}");
        // The next name meets the first customer only.
        break_up(&app, name);
    }
}

/// Deletes what was registered under a name.
fn break_up(app: &TestApp, name: &str) {
    let administrator = app.administrator();
    let mine = app.other_salesperson().get("/customers").expect(200).json();
    for customer in mine["items"].as_array().unwrap() {
        if customer["name"] == name {
            administrator
                .decide(
                    &format!("/customers/{}/delete", customer["id"].as_str().unwrap()),
                    "*",
                    json!({ "reason": "测试" }),
                )
                .expect(200);
        }
    }
}

#[test]
fn other_companies_stay_quiet() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    for name in ["上海恒达贸易有限公司", "常州市第一机械厂"] {
        salesperson.post("/customers", complete(name)).expect(201);
    }
    for name in [
        "北京恒达贸易有限公司",
        "上海恒兴贸易有限公司",
        "上海金桥贸易有限公司",
        "上海恒达电子有限公司",
        "西安瑞贝嘉科技有限公司",
        "常州市第二机械厂",
    ] {
        let report = check(&salesperson, json!({ "name": name }));
        assert_eq!(report["registered"], false, "{name}");
        assert_eq!(report["candidates"], json!([]), "{name}");
    }
}

#[test]
fn a_branch_is_related_to_its_company_and_the_other_way_round() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    salesperson
        .post("/customers", complete("上海恒达贸易有限公司"))
        .expect(201);
    for name in [
        "上海恒达贸易有限公司北京分公司",
        "上海恒达贸易有限公司分公司",
        "上海恒达贸易有限公司徐汇营业部",
        "上海恒达贸易北京分公司",
    ] {
        let found = candidates(&salesperson, name);
        assert_eq!(found[0]["relation"], "RELATED", "{name}");
        assert_eq!(found[0]["name"], "上海恒达贸易有限公司", "{name}");
    }
    salesperson
        .post("/customers", complete("西安瑞贝嘉科技有限公司宝鸡分公司"))
        .expect(201);
    let found = candidates(&salesperson, "西安瑞贝嘉科技有限公司");
    assert_eq!(found[0]["relation"], "RELATED");
    assert_eq!(
        candidates(&salesperson, "西安瑞贝嘉科技有限公司延安分公司"),
        Vec::<Value>::new(),
        "two branches of one company are two"
    );
}

#[test]
fn of_a_record_that_one_may_not_see_only_name_owner_and_department_are_told() {
    let app = TestApp::start();
    let id = app
        .salesperson()
        .post("/customers", complete("上海恒达贸易有限公司"))
        .expect(201)
        .id();
    let mine = &candidates(&app.salesperson(), "上海衡达贸易有限公司")[0];
    assert_eq!(mine["customer_id"], json!(id));
    let theirs = &candidates(&app.other_salesperson(), "上海衡达贸易有限公司")[0];
    assert_eq!(theirs["customer_id"], Value::Null);
    assert_eq!(theirs["owner_name"], "销售癸");
    assert_eq!(theirs["department"], "销售一部");
    let mut told: Vec<&String> = theirs.as_object().unwrap().keys().collect();
    told.sort();
    assert_eq!(
        told,
        [
            "customer_id",
            "department",
            "matched_name",
            "name",
            "opportunity_id",
            "owner_name",
            "reasons",
            "relation",
            "score",
            "subject_kind",
        ]
    );
}

#[test]
fn the_same_address_or_website_makes_a_similar_name_likely() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let body = with(
        complete("上海恒达国际贸易有限公司"),
        "website",
        json!("www.hengda.example.com"),
    );
    salesperson.post("/customers", body).expect(201);
    let name = "上海恒兴国际贸易发展有限公司";
    assert_eq!(candidates(&salesperson, name), Vec::<Value>::new());
    for (member, value, reason) in [
        ("address", "朝阳区建国路８８号", "SAME_ADDRESS"),
        ("address", "北京朝阳建国路88号", "SAME_ADDRESS"),
        ("website", "http://hengda.example.com/about", "SAME_WEBSITE"),
    ] {
        let found = check(&salesperson, json!({ "name": name, member: value }));
        let reasons = &found["candidates"][0]["reasons"];
        assert!(
            reasons.as_array().unwrap().contains(&json!(reason)),
            "{found}"
        );
    }
    let other = json!({ "name": "西安瑞贝嘉科技有限公司", "address": "北京市朝阳区建国路88号" });
    assert_eq!(check(&salesperson, other)["candidates"], json!([]));
}

/// AMB-33.
#[test]
fn of_a_record_that_one_may_not_see_neither_reasons_nor_score_tell_its_address_or_website() {
    let app = TestApp::start();
    let body = with(
        complete("上海恒达国际贸易有限公司"),
        "website",
        json!("www.hengda.example.com"),
    );
    app.salesperson().post("/customers", body).expect(201);
    let stranger = app.other_salesperson();
    let same = json!({ "address": "朝阳区建国路８８号", "website": "hengda.example.com" });
    let asked = |name: &str, beside: &Value| {
        let mut body = beside.clone();
        body["name"] = json!(name);
        check(&stranger, body)["candidates"][0].clone()
    };
    let near = "上海恒达国际贸易股份有限公司";
    assert_eq!(asked(near, &same), asked(near, &json!({})));
    // It exists, and is likely the same: that much is told, not why.
    let far = asked("上海恒兴国际贸易发展有限公司", &same);
    assert_eq!(far["name"], "上海恒达国际贸易有限公司");
    assert_eq!(
        (&far["reasons"], &far["score"]),
        (&json!(["SIMILAR_NAME"]), &json!("0.7000"))
    );
    let phone = asked("常州市第一机械厂", &json!({ "phone": "010-85201234" }));
    assert_eq!(phone["reasons"], json!(["SAME_PHONE"]), "AMB-3");
}

#[test]
fn who_registers_and_who_reviews_see_likely_duplicates() {
    let app = TestApp::start();
    app.colleague()
        .post("/customers", complete("上海恒达贸易有限公司"))
        .expect(201);
    let created = app
        .salesperson()
        .post("/customers", complete("上海恒达贸易有限责任公司"))
        .expect(201);
    let likely = created.json()["likely_duplicates"].clone();
    assert_eq!(likely[0]["name"], "上海恒达贸易有限公司");
    assert_eq!(likely.as_array().unwrap().len(), 1, "not itself");
    let path = format!("/customers/{}/likely-duplicates", created.id());
    let seen = app.department_manager().get(&path).expect(200).json();
    assert_eq!(seen[0]["name"], "上海恒达贸易有限公司");
    app.other_salesperson().get(&path).expect(404);
}

#[test]
fn the_index_follows_edits_deletion_and_restoration() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("上海恒达贸易有限公司"))
        .expect(201)
        .id();
    let path = format!("/customers/{id}");
    salesperson
        .patch(&path, "\"1\"", json!({ "name": "西安瑞贝嘉科技有限公司" }))
        .expect(200);
    let new = candidates(&salesperson, "西安瑞贝佳科技有限公司");
    assert_eq!(names(&new), ["西安瑞贝嘉科技有限公司"]);
    let former = candidates(&salesperson, "上海衡达贸易有限公司");
    assert_eq!(names(&former), ["西安瑞贝嘉科技有限公司"]);
    assert_eq!(former[0]["matched_name"], "上海恒达贸易有限公司");
    let hidden = candidates(&app.other_salesperson(), "上海衡达贸易有限公司");
    assert_eq!(hidden[0]["matched_name"], Value::Null);
    let administrator = app.administrator();
    administrator
        .decide(&format!("{path}/delete"), "*", json!({ "reason": "测试" }))
        .expect(200);
    for name in ["西安瑞贝佳科技有限公司", "上海衡达贸易有限公司"] {
        assert!(candidates(&salesperson, name).is_empty(), "{name}");
    }
    administrator
        .command(&format!("{path}/restore"))
        .expect(200);
    for name in ["西安瑞贝佳科技有限公司", "上海衡达贸易有限公司"] {
        assert_eq!(candidates(&salesperson, name).len(), 1, "{name}");
    }
}

#[test]
fn an_opportunity_is_found_as_long_as_no_customer_stands_behind_it() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let id = salesperson
        .post(
            "/opportunities",
            json!({ "title": "视频会议", "customer_name": "上海恒达贸易有限公司", "source": "SELF_DEVELOPED" }),
        )
        .expect(201)
        .id();
    let found = candidates(&salesperson, "上海衡达贸易有限公司");
    assert_eq!(found[0]["subject_kind"], "OPPORTUNITY");
    assert_eq!(found[0]["opportunity_id"], json!(id));
    let hidden = candidates(&app.other_salesperson(), "上海衡达贸易有限公司");
    assert_eq!(hidden[0]["opportunity_id"], Value::Null);
    assert_eq!(hidden[0]["name"], "上海恒达贸易有限公司");
}

#[test]
fn persons_are_told_apart_by_phone_not_by_likeness() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let person = |name: &str, phone: &str| {
        json!({ "name": name, "party": "INDIVIDUAL", "kind": "DIRECT", "phone": phone,
                "address": "北京市朝阳区建国路88号" })
    };
    let first = salesperson
        .post("/customers", person("欧阳恒达", "13900139000"))
        .expect(201);
    assert_eq!(first.json()["likely_duplicates"], json!([]));
    let again = salesperson
        .post("/customers", person("欧阳恒达", "13900139001"))
        .expect(201);
    assert_eq!(again.json()["likely_duplicates"], json!([]));
}

/// CUS-10.
#[test]
fn the_brand_in_pinyin_is_suggested_as_long_as_there_is_no_short_name() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    let created = salesperson
        .post("/customers", complete("金科电子有限公司"))
        .expect(201);
    assert_eq!(created.json()["suggested_short_name"], "Jinke");
    let path = format!("/customers/{}", created.id());
    let card = salesperson
        .patch(&path, "\"1\"", json!({ "english_short_name": "GoldTech" }))
        .expect(200)
        .json();
    assert_eq!(card["suggested_short_name"], Value::Null);
}

/// AMB-3: outside the lines where it is a unique key.
#[test]
fn the_same_phone_is_a_warning_whatever_the_name() {
    let app = TestApp::start();
    let (seller, stranger) = (app.salesperson(), app.other_salesperson());
    let phoned = |name: &str, phone: &str| {
        let body = with(
            complete(name),
            "address",
            json!("上海市长宁区愚园路1088弄10号"),
        );
        with(body, "phone", json!(phone))
    };
    let first = seller
        .post(
            "/customers",
            phoned("上海恒达贸易有限公司", "021-63539330-1010"),
        )
        .expect(201);
    assert_eq!(first.json()["likely_duplicates"], json!([]));
    let other = with(
        phoned("西安瑞贝嘉科技有限公司", "021-63539330-1020"),
        "address",
        json!("西安市长安路18号"),
    );
    let created = stranger.post("/customers", other).expect(201);
    let warned = &created.json()["likely_duplicates"];
    assert_eq!(warned.as_array().unwrap().len(), 1, "{warned}");
    assert_eq!(warned[0]["name"], "上海恒达贸易有限公司");
    assert_eq!(warned[0]["relation"], "LIKELY");
    assert_eq!(warned[0]["reasons"], json!(["SAME_PHONE"]));
    assert_eq!(warned[0]["customer_id"], Value::Null, "AMB-33");
    let pairs = app.administrator().get("/duplicate-pairs").expect(200);
    assert_eq!(pairs.json()["items"], json!([]), "too little to tidy");

    let asked = |phone: &str| {
        let report = check(&seller, json!({ "phone": phone }));
        assert_eq!(report["registered"], false);
        report["candidates"].as_array().unwrap().clone()
    };
    assert_eq!(asked("021-63539330").len(), 2);
    assert_eq!(asked("021-63539331").len(), 0);
    let path = format!("/customers/{}", created.id());
    stranger
        .patch(&path, "\"1\"", json!({ "phone": "029-85201234" }))
        .expect(200);
    assert_eq!(names(&asked("021-63539330")), ["上海恒达贸易有限公司"]);
    assert_eq!(names(&asked("029-85201234")), ["西安瑞贝嘉科技有限公司"]);
    let seen = seller.get(&format!("/customers/{}/likely-duplicates", first.id()));
    assert_eq!(seen.expect(200).json(), json!([]));
    app.administrator()
        .decide(&format!("{path}/delete"), "*", json!({ "reason": "测试" }))
        .expect(200);
    assert_eq!(asked("029-85201234").len(), 0);
}

/// AMB-3: a person is found by phone from another line, and from a company; never by name.
#[test]
fn a_person_with_the_same_phone_is_listed_too() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let person = json!({ "name": "欧阳恒达", "party": "INDIVIDUAL", "kind": "DIRECT",
        "phone": "13900139000", "address": "北京市朝阳区建国路88号" });
    let created = seller.post("/customers", person.clone()).expect(201);
    let company = with(
        complete("西安瑞贝嘉科技有限公司"),
        "phone",
        json!("13900139000"),
    );
    let found = seller.post("/customers", company).expect(201).json();
    assert_eq!(found["likely_duplicates"][0]["name"], "欧阳恒达");
    let path = format!("/customers/{}/likely-duplicates", created.id());
    let seen = seller.get(&path).expect(200).json();
    assert_eq!(seen[0]["name"], "西安瑞贝嘉科技有限公司");
    assert_eq!(seen[0]["reasons"], json!(["SAME_PHONE"]));
    assert!(candidates(&seller, "欧阳恒达").is_empty());
    // In its own line the phone is a key: whoever holds it is told once.
    let held = check(
        &seller,
        json!({ "party": "INDIVIDUAL", "phone": "13900139000" }),
    );
    assert_eq!(held["holders"][0]["customer_name"], "欧阳恒达");
    let others = held["candidates"].as_array().unwrap();
    assert_eq!(names(others), ["西安瑞贝嘉科技有限公司"]);
    seller
        .post("/customers", person)
        .expect_code(409, "ALREADY_REGISTERED");
}
