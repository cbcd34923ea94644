//! What belongs to a customer follows it when it is merged, and comes back when the merge is undone (DUP-09): products,
//! documents, applications for shares, feedback, value assessments, major changes. What a customer has once stays with
//! the absorbed card where the survivor has its own.

use chrono::Duration;

use super::{
    complete,
    merging::{ABSORBED, SURVIVOR, body, merge, preview, registered, undo},
    with,
};
use crate::{
    commerce::{product, yuan},
    harness::{Client, TestApp, Value, json, statuses, together},
};

/// Two cards of one owner.
fn two(seller: &Client<'_>) -> (String, String) {
    (registered(seller, SURVIVOR), registered(seller, ABSORBED))
}

fn count(preview: &Value, member: &str, kind: &str) -> Value {
    let rows = preview[member].as_array().expect("rows");
    let row = rows.iter().find(|row| row["kind"] == kind);
    row.map_or(json!(0), |row| row["count"].clone())
}

/// What the ledger says of the records of a kind: action and outcome, in its order.
fn ledger(who: &Client<'_>, merge: &str, kind: &str) -> Vec<String> {
    let rows = who.walk(&format!("/merges/{merge}/moves?kind_in={kind}"));
    let said = |row: &Value| {
        let (action, outcome) = (&row["action"], &row["outcome"]);
        format!(
            "{} {}",
            action.as_str().unwrap(),
            outcome.as_str().unwrap_or("-")
        )
    };
    rows.iter().map(said).collect()
}

fn link(customer: &str, kind: &str, name: &str) -> Value {
    json!({
        "subject_kind": "CUSTOMER", "subject_id": customer, "kind": kind, "name": name,
        "url": "https://docs.example.com/intro",
    })
}

fn document(who: &Client<'_>, customer: &str, kind: &str, name: &str) -> String {
    who.post("/documents", link(customer, kind, name))
        .expect(201)
        .id()
}

/// The names of a customer's documents, sorted.
fn documents(who: &Client<'_>, customer: &str, query: &str) -> Vec<String> {
    let path = format!("/documents?subject_kind=CUSTOMER&subject_id={customer}{query}");
    let found = who.get(&path).expect(200).items();
    let mut names: Vec<_> = found
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn feedback_assessments_and_major_changes_follow_and_come_back() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let (survivor, absorbed) = two(&seller);
    let of = |id: &str, what: &str| format!("/customers/{id}/{what}");
    let feedback = json!({ "received_on": "2026-03-01", "channel": "SURVEY", "satisfaction": 4 });
    seller
        .post(&of(&absorbed, "feedback"), feedback)
        .expect(201);
    let scores: Vec<_> = ["COMPANY_SIZE", "BENEFIT", "PROJECT_INVESTMENT"]
        .map(|criterion| json!({ "criterion": criterion, "score": 4 }))
        .into();
    seller
        .post(
            &of(&absorbed, "value-assessments"),
            json!({ "scores": scores }),
        )
        .expect(201);
    let change = json!({ "kind": "ORGANISATION", "note": "部门合并", "occurred_on": "2026-03-01" });
    seller
        .post(&of(&absorbed, "major-changes"), change)
        .expect(201);
    let lists = [
        ("feedback", "FEEDBACK"),
        ("value-assessments", "VALUE_ASSESSMENT"),
        ("major-changes", "MAJOR_CHANGE"),
    ];
    let ids = |id: &str, what: &str| seller.get(&of(id, what)).expect(200).ids();
    let before = lists.map(|(what, _)| ids(&absorbed, what));
    let seen = preview(&seller, &survivor, &absorbed, &[])
        .expect(200)
        .json();
    for (_, kind) in lists {
        assert_eq!(count(&seen, "following", kind), 1, "{kind}");
    }
    let id = merge(&seller, &survivor, &absorbed, &[]).expect(200).id();
    assert_eq!(lists.map(|(what, _)| ids(&survivor, what)), before);
    assert_eq!(lists.map(|(what, _)| ids(&absorbed, what).len()), [0; 3]);
    undo(&seller, &id).expect(200);
    assert_eq!(lists.map(|(what, _)| ids(&absorbed, what)), before);
    assert_eq!(lists.map(|(what, _)| ids(&survivor, what).len()), [0; 3]);
    for (_, kind) in lists {
        assert_eq!(ledger(&seller, &id, kind), ["MOVED RESTORED"], "{kind}");
    }
}

#[test]
fn products_follow_but_those_that_the_survivor_has() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let (survivor, absorbed) = two(&seller);
    let first = product(&app);
    let other = json!({
        "code": "XL-200", "name": "先录服务器 200 型", "class": "OWN", "product_line": "服务器",
        "unit_name": "台", "list_price": yuan("200.00"),
    });
    let second = app
        .administrator()
        .post("/products", other)
        .expect(201)
        .id();
    let list = |id: &str| format!("/customers/{id}/products");
    let relate = |id: &str, product: &str, relation: &str| {
        let body = json!({ "product_id": product, "relation": relation });
        seller.post(&list(id), body).expect(201).id()
    };
    let own = relate(&survivor, &first, "OWNED");
    let stays = relate(&absorbed, &first, "INTERESTED");
    let moves = relate(&absorbed, &second, "INTERESTED");
    let entries = |id: &str| -> Vec<Value> {
        let rows = seller.get(&list(id)).expect(200).json();
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].clone())
            .collect()
    };
    let seen = preview(&seller, &survivor, &absorbed, &[])
        .expect(200)
        .json();
    assert_eq!(count(&seen, "following", "PRODUCT"), 1);
    assert_eq!(
        seen["staying"],
        json!([{ "kind": "PRODUCT", "count": 1, "first": [{ "record_id": stays, "survivors_id": own }] }])
    );
    let id = merge(&seller, &survivor, &absorbed, &[]).expect(200).id();
    assert_eq!(entries(&survivor), [json!(own), json!(moves)]);
    assert_eq!(entries(&absorbed), [json!(stays)]);
    assert_eq!(ledger(&seller, &id, "PRODUCT"), ["MOVED -", "STAYED -"]);
    undo(&seller, &id).expect(200);
    assert_eq!(entries(&survivor), [json!(own)]);
    assert_eq!(entries(&absorbed), [json!(stays), json!(moves)]);
    assert_eq!(
        ledger(&seller, &id, "PRODUCT"),
        ["MOVED RESTORED", "STAYED RESTORED"]
    );
}

#[test]
fn documents_follow_with_the_one_introduction_and_come_back() {
    let app = TestApp::start();
    let (seller, administrator) = (app.salesperson(), app.administrator());
    let (survivor, absorbed) = two(&seller);
    let introduction = document(&seller, &absorbed, "INTRODUCTION", "介绍");
    document(&seller, &absorbed, "PROPOSAL", "方案");
    let deleted = document(&seller, &absorbed, "OTHER", "已删除");
    let reason = json!({ "reason": "作废" });
    administrator
        .decide(&format!("/documents/{deleted}/delete"), "*", reason)
        .expect(200);
    let both = document(&seller, &absorbed, "OTHER", "共有");
    let target = json!({ "subject_kind": "CUSTOMER", "subject_id": survivor });
    seller
        .decide(&format!("/documents/{both}/link"), "*", target)
        .expect(200);
    let seen = preview(&seller, &survivor, &absorbed, &[])
        .expect(200)
        .json();
    assert_eq!(count(&seen, "following", "DOCUMENT"), 3);
    assert_eq!(
        seen["staying"],
        json!([{ "kind": "DOCUMENT", "count": 1, "first": [{ "record_id": both, "survivors_id": both }] }])
    );
    let path = format!("/documents/{introduction}");
    let read = seller.get(&path).expect(200).etag();
    let id = merge(&seller, &survivor, &absorbed, &[]).expect(200).id();
    assert_eq!(documents(&seller, &survivor, ""), ["介绍", "共有", "方案"]);
    assert_eq!(documents(&seller, &absorbed, ""), ["共有"]);
    // It is the survivor's introduction now, and another version than was read before.
    seller
        .post("/documents", link(&survivor, "INTRODUCTION", "另一"))
        .expect_code(409, "DUPLICATE");
    seller
        .patch(&path, &read, json!({ "name": "新介绍" }))
        .expect(412);
    seller
        .patch(&path, "*", json!({ "name": "新介绍" }))
        .expect(200);
    administrator
        .command(&format!("/documents/{deleted}/restore"))
        .expect(200);
    assert_eq!(documents(&seller, &survivor, "").len(), 4);
    undo(&seller, &id).expect(200);
    assert_eq!(documents(&seller, &survivor, ""), ["共有"]);
    assert_eq!(
        documents(&seller, &absorbed, ""),
        ["共有", "已删除", "新介绍", "方案"]
    );
    seller
        .post("/documents", link(&absorbed, "INTRODUCTION", "另一"))
        .expect_code(409, "DUPLICATE");
    document(&seller, &survivor, "INTRODUCTION", "自己的");
    assert_eq!(
        ledger(&seller, &id, "DOCUMENT"),
        [
            "MOVED RESTORED",
            "MOVED RESTORED",
            "MOVED RESTORED",
            "STAYED RESTORED"
        ]
    );
}

#[test]
fn a_second_introduction_stays_and_one_that_became_it_since_is_left_by_the_undo() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let (survivor, absorbed) = two(&seller);
    let own = document(&seller, &survivor, "INTRODUCTION", "保留介绍");
    let theirs = document(&seller, &absorbed, "INTRODUCTION", "并入介绍");
    let plain = document(&seller, &absorbed, "OTHER", "资料");
    let seen = preview(&seller, &survivor, &absorbed, &[])
        .expect(200)
        .json();
    assert_eq!(count(&seen, "following", "DOCUMENT"), 1);
    let stays = json!([{ "record_id": theirs, "survivors_id": own }]);
    assert_eq!(
        seen["staying"],
        json!([{ "kind": "DOCUMENT", "count": 1, "first": stays }])
    );
    let id = merge(&seller, &survivor, &absorbed, &[]).expect(200).id();
    assert_eq!(
        documents(&seller, &survivor, "&kind_in=INTRODUCTION"),
        ["保留介绍"]
    );
    assert_eq!(documents(&seller, &absorbed, ""), ["并入介绍"]);
    // What followed becomes the survivor's introduction: the absorbed card has its own, so it stays with the survivor.
    let become_kind = |id: &str, kind: &str| {
        seller
            .patch(&format!("/documents/{id}"), "*", json!({ "kind": kind }))
            .expect(200);
    };
    become_kind(&own, "OTHER");
    become_kind(&plain, "INTRODUCTION");
    undo(&seller, &id).expect(200);
    assert_eq!(documents(&seller, &survivor, ""), ["保留介绍", "资料"]);
    assert_eq!(documents(&seller, &absorbed, ""), ["并入介绍"]);
    assert_eq!(
        ledger(&seller, &id, "DOCUMENT"),
        ["MOVED CHANGED_SINCE", "STAYED RESTORED"]
    );
}

#[test]
fn applications_for_a_share_are_decided_first_and_follow() {
    let app = TestApp::start();
    let (seat, administrator) = (app.trainee(), app.administrator());
    // In the call centre a phone is a customer's key too.
    let card = |name: &str, phone: &str| {
        let card = with(complete(name), "line", json!("CALL_CENTRE"));
        let contacts = json!([{ "name": "王建国", "mobile": phone, "is_key": true }]);
        let card = with(with(card, "phone", json!(phone)), "contacts", contacts);
        seat.post("/customers", card).expect(201).id()
    };
    let survivor = card(SURVIVOR, "13800138001");
    let absorbed = card(ABSORBED, "13800138002");
    let wanted = json!({
        "user_id": app.other_salesperson().id(), "level": "READ", "reason": "协助",
        "expires_at": app.now().plus(Duration::days(10)).to_string(),
    });
    let path = format!("/customers/{absorbed}/share-applications");
    let application = seat.post(&path, wanted).expect(201);
    let refused = merge(&seat, &survivor, &absorbed, &[]).expect_code(409, "RULE_REFUSED");
    assert_eq!(refused.problem()["reason"], "PENDING_APPROVALS");
    let approval = format!(
        "/approvals/{}",
        application.json()["approval_id"].as_str().unwrap()
    );
    let etag = administrator.get(&approval).expect(200).etag();
    let agreed = json!({ "opinion": "AGREE", "comment": "依据申请。" });
    administrator
        .decide(&format!("{approval}/decisions"), &etag, agreed)
        .expect(200);
    let about = |id: &str| {
        let path = format!("/share-applications?customer_id={id}");
        seat.get(&path).expect(200).ids()
    };
    let id = merge(&seat, &survivor, &absorbed, &[]).expect(200).id();
    assert_eq!(
        (about(&survivor), about(&absorbed).len()),
        (vec![application.id()], 0)
    );
    app.other_salesperson()
        .get(&format!("/customers/{survivor}"))
        .expect(200);
    undo(&seat, &id).expect(200);
    assert_eq!(
        (about(&absorbed), about(&survivor).len()),
        (vec![application.id()], 0)
    );
    assert_eq!(ledger(&seat, &id, "SHARE_APPLICATION"), ["MOVED RESTORED"]);
}

#[test]
fn a_merge_and_another_introduction_at_once_leave_one() {
    for _ in 0..4 {
        let app = TestApp::start();
        let seller = app.salesperson();
        let (survivor, absorbed) = two(&seller);
        document(&seller, &absorbed, "INTRODUCTION", "并入介绍");
        let plain = document(&seller, &survivor, "OTHER", "资料");
        let seen = preview(&seller, &survivor, &absorbed, &[])
            .expect(200)
            .json();
        let answers = together(2, |n| match n {
            0 => seller.decide(
                &format!("/customers/{survivor}/merge"),
                "\"1\"",
                body(&seen, &[]),
            ),
            _ => seller.patch(
                &format!("/documents/{plain}"),
                "*",
                json!({ "kind": "INTRODUCTION" }),
            ),
        });
        let found = (answers[0].status(), answers[1].status());
        assert!(
            [(200, 409), (412, 200)].contains(&found),
            "{:?}",
            statuses(&answers)
        );
        assert_eq!(
            documents(&seller, &survivor, "&kind_in=INTRODUCTION").len(),
            1
        );
        let of = format!("document_links WHERE introduction_of = '{survivor}'");
        assert_eq!(app.count(&of), 1);
    }
}

#[test]
fn what_the_survivor_lacks_is_filled_and_its_completeness_follows_both_ways() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let survivor = registered(&seller, SURVIVOR);
    let texts = ["basic_needs", "former_systems", "operations", "workflow"];
    let mut other = complete(ABSORBED);
    for member in texts {
        other[member] = json!("如所述");
    }
    let absorbed = seller.post("/customers", other).expect(201).id();
    let call = json!({
        "customer_id": absorbed, "kind": "CALL", "happened_at": "2026-03-02T00:30:00Z", "content": "电话",
    });
    seller.post("/activities", call).expect(201);
    let scores: Vec<_> = ["COMPANY_SIZE", "BENEFIT", "PROJECT_INVESTMENT"]
        .map(|criterion| json!({ "criterion": criterion, "score": 5 }))
        .into();
    let assessments = format!("/customers/{absorbed}/value-assessments");
    seller
        .post(&assessments, json!({ "scores": scores }))
        .expect(201);
    let card = |id: &str| seller.get(&format!("/customers/{id}")).expect(200).json();
    let standing = |id: &str| {
        let card = card(id);
        let standing = &card["standing"];
        (
            standing["completeness"].clone(),
            standing["lacking"].clone(),
            card["value_grade"].clone(),
        )
    };
    let before = (standing(&survivor), standing(&absorbed));
    assert_ne!(before.0, before.1);
    let id = merge(&seller, &survivor, &absorbed, &[]).expect(200).id();
    assert_eq!(
        standing(&survivor),
        before.1,
        "as much is known of it as of the absorbed one"
    );
    let merged = card(&survivor);
    assert!(
        texts.iter().all(|member| merged[*member] == "如所述"),
        "{merged:#}"
    );
    undo(&seller, &id).expect(200);
    assert_eq!((standing(&survivor), standing(&absorbed)), before);
    assert_eq!(card(&survivor)["workflow"], Value::Null);
}

/// The rule of one card holds between two (CUS-35).
#[test]
fn namesakes_behind_one_switchboard_stay_two_contacts() {
    let app = TestApp::start();
    let (seller, manager) = (app.salesperson(), app.department_manager());
    let with_contact = |name: &str, contact: Value| {
        let body = with(complete(name), "contacts", json!([contact]));
        seller.post("/customers", body).expect(201).id()
    };
    let at_switchboard = |mobile: Value| {
        let mut contact = json!({ "name": "李明", "office_phone": "021-63539330" });
        contact["mobile"] = mobile;
        contact
    };
    let survivor = with_contact(SURVIVOR, at_switchboard(json!("13800138000")));
    let namesake = with_contact(ABSORBED, at_switchboard(json!("13900139000")));
    let same = with_contact("惠普中国科技有限公司", at_switchboard(Value::Null));
    let equal = |absorbed: &str| {
        let seen = preview(&manager, &survivor, absorbed, &[]).expect(200);
        seen.json()["equal_contacts"].as_array().unwrap().len()
    };
    assert_eq!((equal(&namesake), equal(&same)), (0, 1));
    merge(&manager, &survivor, &namesake, &[]).expect(200);
    let contacts = seller.get(&format!("/customers/{survivor}/contacts"));
    assert_eq!(contacts.expect(200).items().len(), 2);
}
