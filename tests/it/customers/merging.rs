//! Two cards that are one customer become one, and two again (DUP-09).

use chrono::Duration;

use super::{complete, with};
use crate::harness::{Answer, Client, Person, TestApp, Value, json};

pub const SURVIVOR: &str = "惠普中国有限公司";
pub const ABSORBED: &str = "惠普中国投资有限公司";

/// A registered customer of this person's.
pub fn registered(owner: &Client<'_>, name: &str) -> String {
    owner.post("/customers", complete(name)).expect(201).id()
}

pub fn preview(who: &Client<'_>, survivor: &str, absorbed: &str, take: &[&str]) -> Answer {
    let body = json!({ "absorbed_id": absorbed, "take_from_absorbed": take });
    who.post(&format!("/customers/{survivor}/merge-previews"), body)
}

/// The merge as it was previewed.
pub fn body(preview: &Value, take: &[&str]) -> Value {
    json!({
        "absorbed_id": preview["absorbed"]["id"], "absorbed_version": preview["absorbed"]["version"],
        "fingerprint": preview["fingerprint"], "take_from_absorbed": take, "reason": "同一客户重复登记",
    })
}

pub fn merge(who: &Client<'_>, survivor: &str, absorbed: &str, take: &[&str]) -> Answer {
    let seen = preview(who, survivor, absorbed, take).expect(200).json();
    let etag = format!("\"{}\"", seen["survivor"]["version"]);
    who.decide(
        &format!("/customers/{survivor}/merge"),
        &etag,
        body(&seen, take),
    )
}

pub fn undo(who: &Client<'_>, merge: &str) -> Answer {
    let path = format!("/merges/{merge}");
    let etag = who.get(&path).expect(200).etag();
    who.decide(
        &format!("{path}/undo"),
        &etag,
        json!({ "reason": "经核实为两家公司" }),
    )
}

fn activity(who: &Client<'_>, customer: &str, contact: Option<&str>) -> String {
    let body = json!({
        "customer_id": customer, "kind": "CALL", "happened_at": "2026-03-02T00:30:00Z",
        "content": "电话沟通", "contact_id": contact,
    });
    who.post("/activities", body).expect(201).id()
}

fn contacts(who: &Client<'_>, customer: &str) -> Vec<(String, String)> {
    let list = who
        .get(&format!("/customers/{customer}/contacts"))
        .expect(200)
        .json();
    list["items"]
        .as_array()
        .expect("contacts")
        .iter()
        .map(|c| {
            (
                c["id"].as_str().unwrap().to_owned(),
                c["name"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn customer_of(who: &Client<'_>, path: &str) -> Value {
    who.get(path).expect(200).json()["customer_id"].clone()
}

fn codes(preview: &Value) -> Vec<String> {
    let found = preview["obstacles"].as_array().expect("obstacles");
    found
        .iter()
        .map(|o| o["code"].as_str().unwrap().to_owned())
        .collect()
}

/// A salesperson's and a later colleague's card of one customer, the latter with everything that can follow.
struct Two {
    survivor: String,
    absorbed: String,
    activity: String,
    opportunity: String,
}

fn two(app: &TestApp) -> Two {
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let survivor = registered(&seller, SURVIVOR);
    app.advance(Duration::seconds(1));
    let second = json!([
        { "name": "王 建国", "mobile": "13800138000" },
        { "name": "李四", "office_phone": "010-85201235" },
    ]);
    let other = with(
        with(complete(ABSORBED), "contacts", second),
        "industry",
        json!("制造业"),
    );
    let absorbed = colleague.post("/customers", other).expect(201).id();
    let equal = &contacts(&colleague, &absorbed)[0].0;
    let activity = activity(&colleague, &absorbed, Some(equal));
    let draft = json!({ "title": "采购", "customer_id": absorbed });
    let opportunity = colleague.post("/opportunities", draft).expect(201).id();
    let share = json!({
        "user_id": app.other_salesperson().id(), "level": "READ", "reason": "协作",
        "expires_at": app.now().plus(Duration::days(60)).to_string(),
    });
    let shares = format!("/customers/{absorbed}/shares");
    colleague.post(&shares, share).expect(201);
    Two {
        survivor,
        absorbed,
        activity,
        opportunity,
    }
}

#[test]
fn everything_follows_equal_contacts_are_not_doubled_and_the_name_leads_to_the_survivor() {
    let app = TestApp::start();
    let (seller, colleague, manager) =
        (app.salesperson(), app.colleague(), app.department_manager());
    let t = two(&app);
    let seen = preview(&manager, &t.survivor, &t.absorbed, &[])
        .expect(200)
        .json();
    assert_eq!((&seen["possible"], codes(&seen).len()), (&json!(true), 0));
    assert_eq!(seen["suggested_survivor_id"], json!(t.survivor));
    let following: Vec<_> = seen["following"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["kind"].as_str().unwrap(), f["count"].as_i64().unwrap()))
        .collect();
    assert_eq!(
        following,
        [
            ("KEY", 1),
            ("CONTACT", 1),
            ("ACTIVITY", 1),
            ("OPPORTUNITY", 1),
            ("SHARE", 1)
        ]
    );
    assert_eq!(seen["equal_contacts"].as_array().unwrap().len(), 1);
    let merged = merge(&manager, &t.survivor, &t.absorbed, &[])
        .expect(200)
        .json();
    assert_eq!(
        merged["merged_by_name"],
        json!(Person::DepartmentManager.name())
    );
    assert_eq!(merged["allowed_actions"], json!(["UNDO"]));
    assert_eq!(merged["undo_until"], "2026-04-01T01:00:01.000000Z");
    // The absorbed card is read, and leads to the survivor; nobody writes it.
    let path = format!("/customers/{}", t.absorbed);
    let card = colleague.get(&path).expect(200).json();
    assert_eq!(
        (&card["state"], &card["merged_into"]),
        (&json!("MERGED"), &json!(t.survivor))
    );
    assert_eq!(card["allowed_actions"], json!([]));
    let etag = colleague.get(&path).etag();
    let refused = colleague
        .patch(&path, &etag, json!({ "grade": 2 }))
        .expect_code(409, "RULE_REFUSED")
        .problem();
    assert_eq!(
        (&refused["reason"], &refused["merged_into"]),
        (&json!("CUSTOMER_MERGED"), &json!(t.survivor))
    );
    let visit = json!({ "customer_id": t.absorbed, "kind": "CALL", "happened_at": "2026-03-02T00:30:00Z", "content": "x" });
    colleague
        .post("/activities", visit)
        .expect_code(409, "RULE_REFUSED");
    // What was the absorbed one's is the survivor's.
    let names: Vec<_> = contacts(&seller, &t.survivor)
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    assert_eq!(names, ["王建国", "李四"]);
    let moved = manager
        .get(&format!("/activities/{}", t.activity))
        .expect(200)
        .json();
    assert_eq!(moved["customer_id"], json!(t.survivor));
    assert_eq!(
        moved["contact_id"],
        json!(contacts(&seller, &t.survivor)[0].0)
    );
    assert_eq!(
        customer_of(&colleague, &format!("/opportunities/{}", t.opportunity)),
        json!(t.survivor)
    );
    app.other_salesperson()
        .get(&format!("/customers/{}", t.survivor))
        .expect(200);
    let industry = seller
        .get(&format!("/customers/{}", t.survivor))
        .expect(200)
        .json()["industry"]
        .clone();
    assert_eq!(industry, "制造业");
    // The absorbed name is the survivor's now, also after the survivor has been edited.
    let etag = seller.get(&format!("/customers/{}", t.survivor)).etag();
    seller
        .patch(
            &format!("/customers/{}", t.survivor),
            &etag,
            json!({ "grade": 3 }),
        )
        .expect(200);
    let met = app
        .other_salesperson()
        .post("/customers", complete(ABSORBED))
        .expect(409)
        .problem();
    assert_eq!(met["winner"]["customer_name"], SURVIVOR);
    // Lists leave it out unless asked.
    assert_eq!(
        manager.get("/customers").expect(200).ids(),
        std::slice::from_ref(&t.survivor)
    );
    assert_eq!(
        manager.get("/customers?state_in=MERGED").expect(200).ids(),
        std::slice::from_ref(&t.absorbed)
    );
    let ledger = manager.get("/merges?state_in=DONE").expect(200);
    assert_eq!(ledger.ids().len(), 1);
    let rows = manager.walk(&format!(
        "/merges/{}/moves?limit=2",
        merged["id"].as_str().unwrap()
    ));
    let kinds: Vec<_> = rows
        .iter()
        .map(|r| {
            format!(
                "{} {}",
                r["kind"].as_str().unwrap(),
                r["action"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "KEY MOVED",
            "CONTACT EQUAL",
            "OPPORTUNITY MOVED",
            "CONTACT MOVED",
            "ACTIVITY MOVED",
            "SHARE MOVED"
        ]
    );
}

#[test]
fn an_undo_puts_back_what_was_and_leaves_what_changed_since() {
    let app = TestApp::start();
    let (seller, colleague, manager) =
        (app.salesperson(), app.colleague(), app.department_manager());
    let t = two(&app);
    let before = colleague
        .get(&format!("/customers/{}", t.absorbed))
        .expect(200)
        .json();
    let id = merge(&manager, &t.survivor, &t.absorbed, &["ADDRESS", "NAME"])
        .expect(200)
        .id();
    let path = format!("/customers/{}", t.survivor);
    assert_eq!(seller.get(&path).expect(200).json()["name"], ABSORBED);
    // A new contact stays with the survivor; an edited one goes back as it is; an edited field stays.
    let new = json!({ "name": "赵六", "mobile": "13900139000" });
    seller.post(&format!("{path}/contacts"), new).expect(201);
    let li = contacts(&seller, &t.survivor)
        .into_iter()
        .find(|c| c.1 == "李四")
        .unwrap()
        .0;
    let etag = seller.get(&format!("/contacts/{li}")).expect(200).etag();
    seller
        .patch(
            &format!("/contacts/{li}"),
            &etag,
            json!({ "job_title": "总监" }),
        )
        .expect(200);
    let stays = activity(&seller, &t.survivor, None);
    let etag = seller.get(&path).expect(200).etag();
    seller
        .patch(&path, &etag, json!({ "industry": "信息技术" }))
        .expect(200);
    app.advance(Duration::days(29));
    let undone = undo(&manager, &id).expect(200).json();
    assert_eq!(
        (&undone["state"], &undone["allowed_actions"]),
        (&json!("UNDONE"), &json!([]))
    );
    let survivor = seller.get(&path).expect(200).json();
    assert_eq!(
        (&survivor["name"], &survivor["industry"]),
        (&json!(SURVIVOR), &json!("信息技术"))
    );
    let after = colleague
        .get(&format!("/customers/{}", t.absorbed))
        .expect(200)
        .json();
    for member in [
        "name",
        "state",
        "industry",
        "address",
        "owner_id",
        "created_at",
    ] {
        assert_eq!(after[member], before[member], "{member}");
    }
    assert_eq!(after["merged_into"], Value::Null);
    let names = |who: &Client<'_>, id: &str| -> Vec<String> {
        contacts(who, id).into_iter().map(|c| c.1).collect()
    };
    assert_eq!(names(&seller, &t.survivor), ["王建国", "赵六"]);
    assert_eq!(names(&colleague, &t.absorbed), ["王 建国", "李四"]);
    let titled = colleague.get(&format!("/contacts/{li}")).expect(200).json();
    assert_eq!(titled["job_title"], "总监");
    let back = colleague
        .get(&format!("/activities/{}", t.activity))
        .expect(200)
        .json();
    assert_eq!(back["customer_id"], json!(t.absorbed));
    assert_eq!(
        back["contact_id"],
        json!(contacts(&colleague, &t.absorbed)[0].0)
    );
    assert_eq!(
        customer_of(&seller, &format!("/activities/{stays}")),
        json!(t.survivor)
    );
    assert_eq!(
        customer_of(&colleague, &format!("/opportunities/{}", t.opportunity)),
        json!(t.absorbed)
    );
    app.other_salesperson().get(&path).expect(404);
    app.other_salesperson()
        .get(&format!("/customers/{}", t.absorbed))
        .expect(200);
    let met = |name: &str| {
        app.trainee()
            .post("/customers", complete(name))
            .expect(409)
            .problem()["winner"]["customer_name"]
            .clone()
    };
    assert_eq!(
        (met(SURVIVOR), met(ABSORBED)),
        (json!(SURVIVOR), json!(ABSORBED))
    );
    let rows = manager.walk(&format!("/merges/{id}/moves"));
    assert!(
        rows.iter()
            .filter(|r| r["action"] != "KEPT")
            .all(|r| r["outcome"] == "RESTORED"),
        "{rows:#?}"
    );
    undo(&manager, &id).expect_code(409, "RULE_REFUSED");
}

#[test]
fn nothing_is_merged_but_what_was_previewed() {
    let app = TestApp::start();
    let (colleague, manager) = (app.colleague(), app.department_manager());
    let t = two(&app);
    let seen = preview(&manager, &t.survivor, &t.absorbed, &[])
        .expect(200)
        .json();
    let path = format!("/customers/{}/merge", t.survivor);
    manager.post(&path, body(&seen, &[])).expect(428);
    manager
        .decide(&path, "\"9\"", body(&seen, &[]))
        .expect_code(412, "STALE_VERSION");
    let etag = format!("\"{}\"", seen["survivor"]["version"]);
    let older = with(body(&seen, &[]), "absorbed_version", json!(9));
    assert_eq!(
        manager.decide(&path, &etag, older).expect(412).problem()["changed"],
        "absorbed"
    );
    let other = manager.decide(&path, &etag, body(&seen, &["ADDRESS", "INDUSTRY", "NAME"]));
    assert_eq!(other.expect(412).problem()["changed"], "preview");
    activity(&colleague, &t.absorbed, None);
    assert_eq!(
        manager
            .decide(&path, &etag, body(&seen, &[]))
            .expect(412)
            .problem()["changed"],
        "preview"
    );
    merge(&manager, &t.survivor, &t.absorbed, &[]).expect(200);
    let again = manager.decide(&path, "*", body(&seen, &[])).expect(409);
    assert_eq!(again.problem()["merged_into"], json!(t.survivor));
}

#[test]
fn who_may_not_write_both_does_not_merge_and_the_owner_of_both_does() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let mine = registered(&seller, SURVIVOR);
    let also_mine = registered(&seller, "惠普中国软件有限公司");
    let theirs = registered(&colleague, ABSORBED);
    // Not visible, not writable, without the capability.
    let unknown = preview(&seller, &mine, &theirs, &[]).expect(422);
    assert_eq!(
        unknown.failing_fields()[0],
        ("/absorbed_id".into(), "UNKNOWN_CUSTOMER".into())
    );
    preview(&app.other_manager(), &mine, &theirs, &[]).expect(404);
    preview(&app.president(), &mine, &theirs, &[]).expect(403);
    let same = preview(&seller, &mine, &mine, &[]).expect(422);
    assert_eq!(same.failing_fields()[0].1, "SAME_CUSTOMER");
    let card = seller.get(&format!("/customers/{mine}")).expect(200).json();
    assert!(card["allowed_actions"].to_string().contains("MERGE"));
    let id = merge(&seller, &mine, &also_mine, &[]).expect(200).id();
    app.other_salesperson()
        .get(&format!("/merges/{id}"))
        .expect(404);
    undo(&seller, &id).expect(200);
}

#[test]
fn what_stands_against_a_merge_is_named_in_full() {
    let app = TestApp::start();
    let (seller, colleague, manager) =
        (app.salesperson(), app.colleague(), app.department_manager());
    let survivor = registered(&seller, SURVIVOR);
    app.advance(Duration::seconds(1));
    let absorbed = registered(&colleague, ABSORBED);
    // The later one cannot survive the earlier one of another owner; a review that waits bars it.
    let other_way = preview(&manager, &absorbed, &survivor, &[])
        .expect(200)
        .json();
    assert_eq!(
        (codes(&other_way), &other_way["possible"]),
        (vec!["FIRST_REGISTERED_SURVIVES".to_owned()], &json!(false))
    );
    assert_eq!(other_way["suggested_survivor_id"], json!(survivor));
    colleague
        .command(&format!("/customers/{absorbed}/submit"))
        .expect(200);
    let waiting = preview(&manager, &survivor, &absorbed, &[])
        .expect(200)
        .json();
    assert_eq!(codes(&waiting), ["PENDING_APPROVALS"]);
    let refused = merge(&manager, &survivor, &absorbed, &[]).expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["reason"], "PENDING_APPROVALS");
    let inbox = format!("/approvals?subject_id={absorbed}&waiting_for_me=true");
    let approval = manager.get(&inbox).expect(200).ids()[0].clone();
    manager
        .decide(
            &format!("/approvals/{approval}/decisions"),
            "\"1\"",
            json!({ "opinion": "AGREE" }),
        )
        .expect(200);
    assert_eq!(
        codes(
            &preview(&manager, &survivor, &absorbed, &[])
                .expect(200)
                .json()
        ),
        ["SURVIVOR_NOT_EFFECTIVE"]
    );
}

#[test]
fn merges_are_undone_in_reverse_order_and_in_time() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let a = registered(&seller, "甲乙丙贸易有限公司");
    let b = registered(&seller, "甲乙丙商贸有限公司");
    let c = registered(&seller, "甲乙丙实业有限公司");
    let first = merge(&seller, &b, &a, &[]).expect(200).id();
    let second = merge(&seller, &c, &b, &[]).expect(200).id();
    let winner = |name: &str| {
        app.colleague()
            .post("/customers", complete(name))
            .expect(409)
            .problem()["winner"]["customer_name"]
            .clone()
    };
    for name in ["甲乙丙贸易有限公司", "甲乙丙商贸有限公司"] {
        assert_eq!(winner(name), "甲乙丙实业有限公司");
    }
    let early = undo(&seller, &first).expect_code(409, "RULE_REFUSED");
    assert_eq!(early.problem()["reason"], "LATER_MERGE");
    assert_eq!(
        seller.get(&format!("/merges/{first}")).expect(200).json()["allowed_actions"],
        json!([])
    );
    // A list says of each what the merge itself says.
    let listed = |who: &Client<'_>| -> Vec<Value> {
        let list = who.get("/merges?sort=created_at").expect(200).items();
        for row in &list {
            let path = format!("/merges/{}", row["id"].as_str().unwrap());
            let one = who.get(&path).expect(200).json();
            assert_eq!(one["allowed_actions"], row["allowed_actions"]);
        }
        list.iter()
            .map(|row| row["allowed_actions"].clone())
            .collect()
    };
    assert_eq!(listed(&seller), [json!([]), json!(["UNDO"])]);
    assert_eq!(listed(&app.department_manager()), listed(&seller));
    assert_eq!(listed(&app.president()), [json!([]), json!([])]);
    undo(&seller, &second).expect(200);
    assert_eq!(listed(&seller), [json!(["UNDO"]), json!([])]);
    assert_eq!(winner("甲乙丙贸易有限公司"), "甲乙丙商贸有限公司");
    app.advance(Duration::days(30) + Duration::microseconds(1));
    let late = undo(&seller, &first).expect_code(409, "RULE_REFUSED");
    assert_eq!(late.problem()["reason"], "UNDO_EXPIRED");
}

#[test]
fn a_deleted_and_restored_survivor_holds_the_absorbed_name_again() {
    let app = TestApp::start();
    let (seller, administrator) = (app.salesperson(), app.administrator());
    let survivor = registered(&seller, SURVIVOR);
    let absorbed = registered(&seller, ABSORBED);
    merge(&seller, &survivor, &absorbed, &[]).expect(200);
    let delete = |id: &str| {
        let reason = json!({ "reason": "测试" });
        administrator.decide(&format!("/customers/{id}/delete"), "*", reason)
    };
    delete(&absorbed).expect_code(409, "RULE_REFUSED");
    delete(&survivor).expect(200);
    administrator
        .command(&format!("/customers/{survivor}/restore"))
        .expect(200);
    app.colleague()
        .post("/customers", complete(ABSORBED))
        .expect(409);
}

#[test]
fn what_hangs_on_an_opportunity_goes_back_with_it() {
    let app = TestApp::start();
    let (seller, colleague, manager) =
        (app.salesperson(), app.colleague(), app.department_manager());
    let t = two(&app);
    let id = merge(&manager, &t.survivor, &t.absorbed, &[])
        .expect(200)
        .id();
    let visit = json!({
        "customer_id": t.survivor, "opportunity_id": t.opportunity, "kind": "VISIT",
        "happened_at": "2026-03-02T00:40:00Z", "content": "拜访",
    });
    let visit = colleague.post("/activities", visit).expect(201).id();
    undo(&manager, &id).expect(200);
    assert_eq!(
        customer_of(&colleague, &format!("/activities/{visit}")),
        json!(t.absorbed)
    );
    seller
        .get(&format!("/customers/{}", t.survivor))
        .expect(200);
}
