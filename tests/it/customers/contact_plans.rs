//! Strategy and care plans for contacts (CUS-37), and their birthdays (CUS-39).

use super::complete;
use crate::harness::{Answer, Client, TestApp, Value, json, statuses, together};

fn customer(client: &Client<'_>, name: &str) -> Answer {
    client.post("/customers", complete(name)).expect(201)
}

fn contact(customer: &Answer) -> String {
    customer.json()["contacts"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn born(client: &Client<'_>, customer: &str, name: &str, birthday: &str) {
    let body = json!({ "name": name, "mobile": "13900139000", "birthday_on": birthday });
    client
        .post(&format!("/customers/{customer}/contacts"), body)
        .expect(201);
}

fn days(rows: &[Value]) -> Vec<(String, String)> {
    let text = |row: &Value, member: &str| row[member].as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(row, "contact_name"), text(row, "celebrated_on")))
        .collect()
}

#[test]
fn birthdays_come_in_the_order_of_the_days_across_the_years_end() {
    let app = TestApp::start();
    let (seller, colleague) = (app.salesperson(), app.colleague());
    let id = customer(&seller, "生日客户有限公司").id();
    for (name, birthday) in [
        ("王元旦", "1980-01-01"),
        ("王除夕", "1975-12-31"),
        ("王圣诞", "1990-12-25"),
        ("王十日", "1985-01-10"),
        ("王闰日", "1984-02-29"),
        ("王廿八", "1991-02-28"),
    ] {
        born(&seller, &id, name, birthday);
    }
    let theirs = customer(&colleague, "同事客户有限公司").id();
    born(&colleague, &theirs, "王同事", "1980-12-30");
    let span = "/contacts/birthdays?from=2026-12-20&to=2027-01-10";
    let expected = [
        ("王圣诞".to_owned(), "2026-12-25".to_owned()),
        ("王除夕".to_owned(), "2026-12-31".to_owned()),
        ("王元旦".to_owned(), "2027-01-01".to_owned()),
        ("王十日".to_owned(), "2027-01-10".to_owned()),
    ];
    assert_eq!(days(&seller.get(span).expect(200).items()), expected);
    assert_eq!(days(&seller.walk(&format!("{span}&limit=1"))), expected);
    let mut backwards = days(&seller.walk(&format!("{span}&limit=1&sort=-celebrated_on")));
    backwards.reverse();
    assert_eq!(backwards, expected);
    let total = seller
        .get(&format!("{span}&include_total=true&limit=2"))
        .expect(200);
    assert_eq!(total.json()["total"]["value"], 4);
    // One sees those of the customers that one may see.
    let seen =
        |client: &Client<'_>, query: &str| days(&client.walk(&format!("{span}{query}"))).len();
    assert_eq!(
        (seen(&colleague, ""), seen(&app.department_manager(), "")),
        (1, 5)
    );
    assert_eq!(
        (seen(&app.president(), ""), seen(&app.stranger(), "")),
        (5, 0)
    );
    let mine = format!("&owner_id={}", seller.id());
    assert_eq!(
        (
            seen(&app.president(), &mine),
            seen(&app.president(), "&key_only=true")
        ),
        (4, 0)
    );

    let february = "/contacts/birthdays?from=2027-02-28&to=2027-02-28";
    let two = days(&seller.get(february).expect(200).items());
    assert_eq!(two.len(), 2, "{two:?}");
    assert!(two.iter().all(|(_, day)| day == "2027-02-28"));
    let leap = days(
        &seller
            .get("/contacts/birthdays?from=2028-02-29&to=2028-03-01")
            .expect(200)
            .items(),
    );
    assert_eq!(leap, [("王闰日".to_owned(), "2028-02-29".to_owned())]);
    for bad in [
        "from=2026-03-02&to=2026-03-01",
        "from=2026-03-02&to=2026-06-03",
    ] {
        seller
            .get(&format!("/contacts/birthdays?{bad}"))
            .expect_code(400, "INVALID_PARAMETER");
    }
    seller
        .get("/contacts/birthdays?from=2026-03-02&to=2026-06-02")
        .expect(200);
}

#[test]
fn a_birthday_that_changes_is_found_where_it_is_and_one_that_goes_nowhere() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let made = customer(&seller, "生日客户有限公司");
    let path = format!("/contacts/{}", contact(&made));
    let found = |from: &str| {
        let list = format!("/contacts/birthdays?from={from}&to={from}");
        seller.get(&list).expect(200).items().len()
    };
    seller
        .patch(&path, "\"1\"", json!({ "birthday_on": "1980-05-01" }))
        .expect(200);
    assert_eq!((found("2026-05-01"), found("2026-06-01")), (1, 0));
    seller
        .patch(&path, "\"2\"", json!({ "birthday_on": "1980-06-01" }))
        .expect(200);
    assert_eq!((found("2026-05-01"), found("2026-06-01")), (0, 1));
    // Another change leaves it; null takes it away.
    seller
        .patch(&path, "\"3\"", json!({ "job_title": "总监" }))
        .expect(200);
    assert_eq!(found("2026-06-01"), 1);
    seller
        .patch(&path, "\"4\"", json!({ "birthday_on": null }))
        .expect(200);
    assert_eq!(found("2026-06-01"), 0);
}

#[test]
fn a_contact_has_one_plan_for_a_stage_and_care_that_is_due_is_found() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let made = customer(&seller, "关怀客户有限公司");
    let plans = format!("/contacts/{}/plans", contact(&made));
    let body = json!({
        "stage": 2, "strategy": "先由技术负责人建立信任", "care": "季度回访", "care_due_on": "2026-04-01",
    });
    let answers = together(10, |_| seller.post(&plans, body.clone()));
    assert_eq!(statuses(&answers), [(201, 1), (409, 9)]);
    let plan = answers
        .iter()
        .find(|answer| answer.status() == 201)
        .unwrap();
    assert_eq!(plan.json()["customer_name"], "关怀客户有限公司");
    let second = seller
        .post(&plans, json!({ "stage": 3, "strategy": "邀请参观" }))
        .expect(201);
    for (bad, code) in [
        (json!({ "stage": 7, "strategy": "无" }), "STAGE_UNKNOWN"),
        (json!({ "stage": 1 }), "NOTHING_PLANNED"),
        (
            json!({ "stage": 1, "strategy": "有", "care_due_on": "2026-04-01" }),
            "REQUIRED",
        ),
    ] {
        let refused = seller.post(&plans, bad).expect(422);
        assert_eq!(refused.failing_fields()[0].1, code);
    }
    app.vice_president().post(&plans, body.clone()).expect(403);
    app.colleague().post(&plans, body).expect(404);
    assert_eq!(
        seller
            .get(&plans)
            .expect(200)
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let path = format!("/contact-plans/{}", plan.id());
    let due = |client: &Client<'_>, query: &str| {
        client
            .get(&format!("/contact-plans?{query}"))
            .expect(200)
            .ids()
    };
    assert_eq!(due(&seller, "care_due_on_lte=2026-04-01"), [plan.id()]);
    assert_eq!(due(&seller, "care_due_on_lte=2026-03-31"), [""; 0]);
    assert_eq!(due(&app.colleague(), ""), [""; 0]);
    assert_eq!(
        due(&app.president(), "care_due_on_gte=2026-04-01"),
        [plan.id()]
    );
    // Care was given: the next date.
    let done = seller
        .patch(&path, &plan.etag(), json!({ "care_due_on": "2026-07-01" }))
        .expect(200);
    seller
        .patch(&path, &plan.etag(), json!({ "care": "无" }))
        .expect(412);
    assert_eq!(due(&seller, "care_due_on_lte=2026-04-01"), [""; 0]);
    seller
        .patch(
            &path,
            &done.etag(),
            json!({ "care_due_on": null, "care": null }),
        )
        .expect(200);
    assert_eq!(due(&seller, "include_total=true"), [""; 0]);
    let other = format!("/contact-plans/{}", second.id());
    seller.delete(&other, &second.etag(), json!({})).expect(204);
    seller.get(&other).expect(404);
}

#[test]
fn care_that_is_due_is_paged_by_its_day() {
    let app = TestApp::start();
    let seller = app.salesperson();
    for n in 1..=5 {
        let made = customer(&seller, &format!("第{n}关怀客户有限公司"));
        let body = json!({ "stage": 1, "care": "回访", "care_due_on": format!("2026-04-{:02}", (n * 7) % 5 + 1) });
        seller
            .post(&format!("/contacts/{}/plans", contact(&made)), body)
            .expect(201);
    }
    let all = |sort: &str| -> Vec<String> {
        let rows = seller.walk(&format!("/contact-plans?limit=2&sort={sort}"));
        rows.iter()
            .map(|row| row["care_due_on"].as_str().unwrap().to_owned())
            .collect()
    };
    let up = all("care_due_on");
    let mut sorted = up.clone();
    sorted.sort();
    assert_eq!((up.len(), &up), (5, &sorted));
    let mut down = all("-care_due_on");
    down.reverse();
    assert_eq!(down, sorted);
}

/// CUS-39.
#[test]
fn nobody_was_born_in_the_future_or_before_1900() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let created = customer(&seller, "惠普中国有限公司");
    let contacts = format!("/customers/{}/contacts", created.id());
    let path = format!("/contacts/{}", contact(&created));
    for birthday in ["2999-01-01", "1899-12-31"] {
        let new = json!({ "name": "李梅花", "mobile": "13900139000", "birthday_on": birthday });
        for refused in [
            seller.post(&contacts, new),
            seller.patch(&path, "\"1\"", json!({ "birthday_on": birthday })),
        ] {
            let problem = refused.expect(422).problem();
            assert_eq!(
                problem["errors"][0]["pointer"], "/birthday_on",
                "{birthday}"
            );
        }
        let mut body = complete("联想北京有限公司");
        body["contacts"][0]["birthday_on"] = json!(birthday);
        let refused = seller.post("/customers", body).expect(422).problem();
        let pointer = &refused["errors"][0]["pointer"];
        assert_eq!(*pointer, "/contacts/0/birthday_on", "{birthday}");
    }
}
