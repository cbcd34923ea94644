//! Data keys rotate (S12): before, meanwhile and afterwards everything can be read and phones stay taken.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{NEW_KEY, individual, nowhere};
use crate::{
    customers::complete,
    harness::{Backend, Person, SECRET, TestApp, backend, json, together},
};
use xianlu::jobs::sealing::{self, Rotated};

const PHONE: &str = "13900139000";

/// A company and an individual with this phone.
fn fill(app: &TestApp) -> String {
    let salesperson = app.salesperson();
    salesperson
        .post("/customers", individual("李小明", PHONE))
        .expect(201);
    let keyed = salesperson
        .request("POST", "/customers")
        .key("kept-for-its-retry");
    let company = keyed.json(&complete("惠普中国有限公司")).send().expect(201);
    let body = json!({ "customer_name": "惠普中国有限公司", "phone": "13912345678" });
    salesperson.post("/opportunities", body).expect(201);
    company.id()
}

/// Everything reads as it did, and the phone is taken.
fn whole(app: &TestApp, company: &str) {
    let salesperson = app.salesperson();
    let revealed = salesperson
        .post(&format!("/customers/{company}/reveal"), json!({}))
        .expect(200)
        .json();
    assert_eq!(revealed["phone"], "010-85201234");
    assert_eq!(revealed["address"], "北京市朝阳区建国路88号");
    let card = salesperson
        .get(&format!("/customers/{company}"))
        .expect(200)
        .json();
    assert_eq!(card["contacts"][0]["mobile"], "138****8000");
    assert_eq!(
        salesperson.get("/opportunities").expect(200).items()[0]["phone"],
        "139****5678"
    );
    let refused = app
        .colleague()
        .post("/customers", individual("张大山", "139 0013 9000"))
        .expect_code(409, "ALREADY_REGISTERED");
    assert_eq!(refused.problem()["winner"]["key_kind"], "PHONE");
    let again = salesperson
        .request("POST", "/customers")
        .key("kept-for-its-retry");
    let again = again.json(&complete("惠普中国有限公司")).send().expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn key_id(app: &TestApp) -> String {
    app.inside().vault().current_id().to_owned()
}

#[test]
fn after_a_rotation_everything_reads_phones_stay_taken_and_the_old_key_is_nowhere() {
    let mut app = TestApp::start();
    sealing::prepare(app.inside()).unwrap();
    let company = fill(&app);
    let old = key_id(&app);

    app.restart(|config| config.data_keys = keys(&[NEW_KEY, SECRET]));
    sealing::prepare(app.inside()).unwrap();
    whole(&app, &company);
    assert!(sealing::to_rotate(app.inside()).unwrap() > 5);
    assert_eq!(
        sealing::rotate(app.inside(), |_| {}).unwrap(),
        Rotated::Done
    );
    assert_eq!(sealing::to_rotate(app.inside()).unwrap(), 0);
    whole(&app, &company);
    nowhere(&app, &[&old]);
    // Until it is restarted the server claims phones under both keys.
    app.salesperson()
        .post("/customers", individual("赵六六", "13900139006"))
        .expect(201);

    app.restart(|config| config.data_keys = keys(&[NEW_KEY]));
    sealing::prepare(app.inside()).unwrap();
    whole(&app, &company);
    nowhere(&app, &[&old]);
    app.colleague()
        .post("/customers", individual("孙七七", "13900139006"))
        .expect(409);

    app.restart(|config| config.data_keys = keys(&[SECRET]));
    let refused = sealing::prepare(app.inside()).unwrap_err();
    assert!(
        refused.cause().unwrap().contains("XIANLU_DATA_KEYS"),
        "{refused:?}"
    );
}

#[test]
fn a_rotation_that_crashed_in_the_middle_is_read_from_and_goes_on() {
    let mut app = TestApp::start();
    sealing::prepare(app.inside()).unwrap();
    let company = fill(&app);
    let old = key_id(&app);
    app.restart(|config| config.data_keys = keys(&[NEW_KEY, SECRET]));
    sealing::prepare(app.inside()).unwrap();
    let batches = std::cell::Cell::new(0);
    let crash = catch_unwind(AssertUnwindSafe(|| {
        sealing::rotate(app.inside(), |_| {
            batches.set(batches.get() + 1);
            assert!(batches.get() < 3, "the power fails");
        })
    }));
    assert!(crash.is_err());
    let rest = sealing::to_rotate(app.inside()).unwrap();
    assert!(rest > 0);
    whole(&app, &company);
    assert_eq!(
        sealing::rotate(app.inside(), |_| {}).unwrap(),
        Rotated::Done
    );
    whole(&app, &company);
    nowhere(&app, &[&old]);
}

#[test]
fn while_people_register_and_change_phones_a_rotation_loses_nothing() {
    let mut app = TestApp::start();
    sealing::prepare(app.inside()).unwrap();
    let company = fill(&app);
    let old = key_id(&app);
    let phone = |number: usize| format!("1380000{number:04}");
    let ids: Vec<_> = (0..6)
        .map(|i| {
            let body = individual("钱多多", &phone(i));
            app.salesperson().post("/customers", body).expect(201).id()
        })
        .collect();
    app.restart(|config| config.data_keys = keys(&[NEW_KEY, SECRET]));
    sealing::prepare(app.inside()).unwrap();
    app.client(Person::Salesperson).id();
    together(7, |i| {
        let Some(id) = ids.get(i) else {
            for _ in 0..3 {
                assert_eq!(
                    sealing::rotate(app.inside(), |_| {}).unwrap(),
                    Rotated::Done
                );
            }
            return;
        };
        let path = format!("/customers/{id}");
        for round in 1..=5 {
            let patch = json!({ "phone": phone(100 * round + i) });
            let etag = app.salesperson().get(&path).expect(200).etag();
            app.salesperson().patch(&path, &etag, patch).expect(200);
        }
    });
    assert_eq!(
        sealing::rotate(app.inside(), |_| {}).unwrap(),
        Rotated::Done
    );
    nowhere(&app, &[&old]);
    whole(&app, &company);
    app.restart(|config| config.data_keys = keys(&[NEW_KEY]));
    sealing::prepare(app.inside()).unwrap();
    for (i, id) in ids.iter().enumerate() {
        let taken = individual("周吴吴", &phone(500 + i));
        app.colleague().post("/customers", taken).expect(409);
        // What was let go of is free, under every key.
        let free = individual("郑王王", &phone(400 + i));
        app.colleague().post("/customers", free).expect(201);
        let revealed = app
            .salesperson()
            .post(&format!("/customers/{id}/reveal"), json!({}));
        assert_eq!(revealed.expect(200).json()["phone"], json!(phone(500 + i)));
    }
    assert_eq!(
        app.count("registration_keys WHERE key_kind = 'PHONE'"),
        1 + 6 + 6
    );
}

#[test]
fn what_an_older_version_kept_in_clear_is_sealed_at_the_start() {
    let mut app = TestApp::start();
    let company = fill(&app);
    let address = "北京市朝阳区建国路88号";
    app.sql(&format!(
        "UPDATE customers SET phone = '010-85201234', address = '{address}' WHERE id = '{company}';
         UPDATE customers SET phone = '{PHONE}', address = '{address}' WHERE id <> '{company}';
         UPDATE contacts SET mobile = '13800138000';
         UPDATE opportunities SET phone = '13912345678';
         UPDATE registration_keys SET key_value = '{PHONE}' WHERE key_kind = 'PHONE';"
    ));
    app.restart(|_| {});
    let converted = sealing::prepare(app.inside()).unwrap();
    assert_eq!(
        converted, 7,
        "phones, addresses, a mobile, an opportunity, a key"
    );
    whole(&app, &company);
    let clear = [PHONE, "85201234", "建国路", "13800138000", "13912345678"];
    nowhere(&app, &clear);
    if backend() == Backend::Sqlite {
        let file = app.database().url.trim_start_matches("sqlite:").to_owned();
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
        for text in clear {
            let found = bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes());
            assert!(!found, "{text} is in a free page");
        }
    }
    assert_eq!(sealing::prepare(app.inside()).unwrap(), 0, "once is enough");
}
