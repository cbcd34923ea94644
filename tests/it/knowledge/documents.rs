//! Documents (CUS-15, CUS-42, CUS-55): what they belong to, who sees them, the one introduction, deletion.

use super::{customer, customer_named, pdf, upload};
use crate::{
    commerce::{deal, quote},
    harness::{Client, Person, TestApp, Value, json, statuses, together},
};

fn link(subject: (&str, &str), kind: &str, name: &str) -> Value {
    json!({
        "subject_kind": subject.0, "subject_id": subject.1, "kind": kind,
        "name": name, "url": "https://docs.example.com/intro",
    })
}

fn of(client: &Client<'_>, subject: (&str, &str), query: &str) -> Vec<String> {
    let (kind, id) = subject;
    let path = format!("/documents?subject_kind={kind}&subject_id={id}{query}");
    client.get(&path).expect(200).ids()
}

#[test]
fn a_document_is_seen_and_changed_by_whoever_may_see_and_change_its_customer() {
    let app = TestApp::start();
    let customer = customer(&app);
    let subject = ("CUSTOMER", customer.as_str());
    let id = upload(&app.salesperson(), subject, "PROPOSAL", "方案.pdf", pdf(""))
        .expect(201)
        .id();
    let path = format!("/documents/{id}");
    let tries = |person: Person| {
        let client = app.client(person);
        let change = client.patch(&path, "*", json!({ "description": format!("{person:?}") }));
        (client.get(&path).status(), change.status())
    };
    assert_eq!(tries(Person::Salesperson), (200, 200));
    assert_eq!(tries(Person::DepartmentManager), (200, 200));
    assert_eq!(tries(Person::VicePresident), (200, 403), "only reads");
    assert_eq!(tries(Person::Colleague), (404, 404));
    assert_eq!(tries(Person::Stranger), (404, 404));
    assert_eq!(of(&app.colleague(), subject, ""), [""; 0]);
    let content = format!("{path}/content");
    app.colleague().get(&content).expect(404);
    let until = app.now().plus(chrono::Duration::days(3)).to_string();
    let share = json!({
        "user_id": app.colleague().id(), "level": "READ", "expires_at": until, "reason": "协助",
    });
    app.salesperson()
        .post(&format!("/customers/{customer}/shares"), share)
        .expect(201);
    assert_eq!(tries(Person::Colleague), (200, 403));
    app.colleague().get(&content).expect(200);
    assert_eq!(of(&app.colleague(), subject, ""), std::slice::from_ref(&id));
    let actions =
        |client: &Client<'_>| client.get(&path).expect(200).json()["allowed_actions"].clone();
    assert_eq!(actions(&app.colleague()), json!([]));
    assert_eq!(
        actions(&app.salesperson()),
        json!(["EDIT", "UPLOAD_VERSION", "LINK", "UNLINK"])
    );
    // The history goes with the record.
    let history = format!("/history?subject_kind=DOCUMENT&subject_id={id}");
    app.colleague().get(&history).expect(200);
    app.other_salesperson().get(&history).expect(404);
}

#[test]
fn of_twenty_who_introduce_a_customer_at_once_one_does() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let subject = ("CUSTOMER", customer.as_str());
    seller.get("/me").expect(200);
    let answers = together(20, |n| {
        seller.post(
            "/documents",
            link(subject, "INTRODUCTION", &format!("介绍{n}")),
        )
    });
    assert_eq!(statuses(&answers), [(201, 1), (409, 19)]);
    let won = answers
        .iter()
        .find(|answer| answer.status() == 201)
        .unwrap()
        .id();
    for lost in answers.iter().filter(|answer| answer.status() == 409) {
        let problem = lost.problem();
        assert_eq!(
            (&problem["code"], &problem["rule"]),
            (&json!("DUPLICATE"), &json!("CUS-55"))
        );
        assert_eq!(problem["document_id"], won.as_str());
    }
    assert_eq!(of(&seller, subject, "&kind_in=INTRODUCTION"), [won]);
    // A refused upload leaves nothing behind.
    upload(&seller, subject, "INTRODUCTION", "介绍.pdf", pdf("")).expect_code(409, "DUPLICATE");
    assert_eq!(app.count("blobs"), 0);
}

#[test]
fn an_introduction_is_a_customers_one_and_its_place_becomes_free() {
    let app = TestApp::start();
    let deal = deal(&app);
    let (seller, administrator) = (app.salesperson(), app.administrator());
    let subject = ("CUSTOMER", deal.customer.as_str());
    let refused = seller
        .post(
            "/documents",
            link(("OPPORTUNITY", &deal.opportunity), "INTRODUCTION", "介绍"),
        )
        .expect(422);
    assert_eq!(refused.failing_fields()[0].1, "NOT_OF_A_CUSTOMER");
    let first = seller
        .post("/documents", link(subject, "INTRODUCTION", "介绍一"))
        .expect(201);
    let second = seller
        .post("/documents", link(subject, "OTHER", "介绍二"))
        .expect(201);
    let path = |id: &str| format!("/documents/{id}");
    let promote = |id: &str, kind: &str| seller.patch(&path(id), "*", json!({ "kind": kind }));
    promote(&second.id(), "INTRODUCTION").expect_code(409, "DUPLICATE");
    promote(&first.id(), "REMARKS").expect(200);
    promote(&second.id(), "INTRODUCTION").expect(200);
    // Deleted, it leaves its place; restored, it wants it back.
    let delete = |id: &str, etag: &str| {
        let path = format!("{}/delete", path(id));
        administrator.decide(&path, etag, json!({ "reason": "重复" }))
    };
    delete(&second.id(), "*").expect(200);
    promote(&first.id(), "INTRODUCTION").expect(200);
    let restore = |id: &str| administrator.command(&format!("{}/restore", path(id)));
    restore(&second.id()).expect_code(409, "DUPLICATE");
    delete(&first.id(), "*").expect(200);
    restore(&second.id()).expect(200);
    restore(&second.id()).expect_code(409, "STATE_CONFLICT");
}

#[test]
fn what_is_given_with_an_opportunity_or_a_quote_is_the_customers_document_too() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let quoted = seller
        .post("/quotes", quote(&deal, 1, "90.00"))
        .expect(201)
        .id();
    let contact = seller
        .get(&format!("/customers/{}/contacts", deal.customer))
        .expect(200)
        .json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut made: Vec<_> = [
        ("OPPORTUNITY", deal.opportunity.as_str()),
        ("QUOTE", quoted.as_str()),
        ("CONTACT", contact.as_str()),
    ]
    .into_iter()
    .map(|subject| {
        let id = upload(&seller, subject, "PROPOSAL", "方案.pdf", pdf(""))
            .expect(201)
            .id();
        assert_eq!(of(&seller, subject, ""), std::slice::from_ref(&id));
        id
    })
    .collect();
    let mut all = of(&seller, ("CUSTOMER", &deal.customer), "");
    made.sort();
    all.sort();
    assert_eq!(all, made);
}

#[test]
fn a_document_is_linked_to_what_its_reader_may_change_and_keeps_one_link() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let (mine, other) = (customer(&app), customer_named(&app, "第二客户有限公司"));
    let theirs = colleague
        .post("/customers", crate::customers::complete("同事客户有限公司"))
        .expect(201)
        .id();
    let made = seller
        .post("/documents", link(("CUSTOMER", &mine), "OTHER", "资料"))
        .expect(201);
    let path = format!("/documents/{}", made.id());
    let to = |id: &str| json!({ "subject_kind": "CUSTOMER", "subject_id": id });
    let linked = seller.post(&format!("{path}/link"), to(&other)).expect(200);
    assert_eq!(linked.json()["subjects"].as_array().unwrap().len(), 2);
    seller
        .post(&format!("{path}/link"), to(&other))
        .expect_code(409, "DUPLICATE");
    let refused = seller
        .post(&format!("{path}/link"), to(&theirs))
        .expect(422);
    assert_eq!(refused.failing_fields()[0].1, "UNKNOWN_REFERENCE");
    // The manager of both links it; the salesperson does not learn of the colleague's customer.
    app.department_manager()
        .post(&format!("{path}/link"), to(&theirs))
        .expect(200);
    let seen = |client: &Client<'_>| {
        let subjects = client.get(&path).expect(200).json()["subjects"].clone();
        subjects.as_array().unwrap().len()
    };
    assert_eq!((seen(&seller), seen(&colleague)), (2, 1));
    assert_eq!(seen(&app.department_manager()), 3);
    let unlink =
        |client: &Client<'_>, id: &str| client.decide(&format!("{path}/unlink"), "*", to(id));
    unlink(&seller, &theirs).expect(404);
    for id in [&other, &mine] {
        unlink(&seller, id).expect(200);
    }
    seller.get(&path).expect(404);
    let last = unlink(&colleague, &theirs).expect_code(409, "RULE_REFUSED");
    assert_eq!(last.problem()["reason"], "LAST_LINK");
}

#[test]
fn a_link_leads_to_an_https_address_and_nowhere_else() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    for url in [
        "https://",
        "https://nohost",
        "https://user:pw@docs.example.com/",
        "https://docs.example.com/a b",
        "https://docs.example.com/<script>",
    ] {
        let mut body = link(("CUSTOMER", &customer), "OTHER", "资料");
        body["url"] = json!(url);
        let refused = seller.post("/documents", body).expect(422);
        assert_eq!(refused.failing_fields()[0].0, "/url", "{url}");
    }
    for url in [
        "http://docs.example.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ] {
        let mut body = link(("CUSTOMER", &customer), "OTHER", "资料");
        body["url"] = json!(url);
        seller.post("/documents", body).expect(422);
    }
    let mut body = link(("CUSTOMER", &customer), "OTHER", " 资料\u{3000}一 ");
    body["url"] = json!("https://Docs.Example.com/A?b=c");
    body["given_on"] = json!("2026-03-01");
    let made = seller.post("/documents", body).expect(201).json();
    assert_eq!(made["url"], "https://docs.example.com/A?b=c");
    assert_eq!(
        (&made["name"], &made["file"]),
        (&json!("资料 一"), &Value::Null)
    );
    let path = format!("/documents/{}", made["id"].as_str().unwrap());
    let changed = seller
        .patch(
            &path,
            "\"1\"",
            json!({ "url": "https://b.example.com/", "given_on": null }),
        )
        .expect(200)
        .json();
    assert_eq!(
        (&changed["url"], &changed["given_on"]),
        (&json!("https://b.example.com"), &Value::Null)
    );
    seller
        .patch(&path, "\"1\"", json!({ "name": "旧" }))
        .expect(412);
    // Nothing changes: no new version.
    let same = seller
        .patch(&path, "\"2\"", json!({ "name": "资料 一" }))
        .expect(200);
    assert_eq!(same.etag(), "\"2\"");
}

#[test]
fn only_who_may_delete_records_deletes_and_finds_what_was_deleted() {
    let app = TestApp::start();
    let (seller, administrator) = (app.salesperson(), app.administrator());
    let customer = customer(&app);
    let subject = ("CUSTOMER", customer.as_str());
    let made = upload(&seller, subject, "OTHER", "介绍.pdf", pdf("")).expect(201);
    let path = format!("/documents/{}", made.id());
    let reason = json!({ "reason": "传错了" });
    seller
        .decide(&format!("{path}/delete"), "*", reason.clone())
        .expect_code(403, "FORBIDDEN");
    administrator
        .decide(&format!("{path}/delete"), "\"9\"", reason.clone())
        .expect(412);
    let gone = administrator
        .decide(&format!("{path}/delete"), &made.etag(), reason)
        .expect(200);
    assert_eq!(gone.json()["allowed_actions"], json!(["RESTORE"]));
    seller.get(&path).expect(404);
    seller.get(&format!("{path}/content")).expect(404);
    assert_eq!(of(&seller, subject, ""), [""; 0]);
    assert_eq!(of(&administrator, subject, "&deleted=true"), [made.id()]);
    seller
        .get(&format!(
            "/documents?subject_kind=CUSTOMER&subject_id={customer}&deleted=true"
        ))
        .expect(403);
    administrator
        .patch(&path, "*", json!({ "name": "新" }))
        .expect_code(409, "STATE_CONFLICT");
    administrator
        .command(&format!("{path}/restore"))
        .expect(200);
    assert_eq!(
        seller.get(&format!("{path}/content")).expect(200).bytes(),
        pdf("")
    );
}

#[test]
fn the_list_of_a_record_is_narrowed_sorted_and_paged() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let subject = ("CUSTOMER", customer.as_str());
    let names = ["丙方案", "甲合同", "乙邮件", "ＡＢ方案"];
    let kinds = ["PROPOSAL", "CONTRACT_TEXT", "CORRESPONDENCE", "PROPOSAL"];
    let ids: Vec<_> = names
        .iter()
        .zip(kinds)
        .map(|(name, kind)| {
            seller
                .post("/documents", link(subject, kind, name))
                .expect(201)
                .id()
        })
        .collect();
    assert_eq!(
        of(&seller, subject, "&kind_in=CORRESPONDENCE"),
        [ids[2].clone()]
    );
    assert_eq!(of(&seller, subject, "&q=ab"), [ids[3].clone()]);
    assert_eq!(
        of(
            &seller,
            subject,
            "&kind_in=PROPOSAL,CONTRACT_TEXT&sort=created_at"
        )
        .len(),
        3
    );
    let path = format!("/documents?subject_kind=CUSTOMER&subject_id={customer}&sort=name&limit=1");
    assert_eq!(seller.walk(&path).len(), 4);
    let total = seller
        .get(&format!("{path}&include_total=true"))
        .expect(200);
    assert_eq!(total.json()["total"]["value"], 4);
    seller.get("/documents?subject_kind=CUSTOMER").expect(400);
    seller
        .get(&format!(
            "/documents?subject_kind=PRODUCT&subject_id={customer}"
        ))
        .expect(400);
}
