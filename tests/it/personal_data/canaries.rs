//! Canaries: values that are searched for afterwards where they must not be (S12: the database; S13: the log).

use std::sync::{Mutex, OnceLock, PoisonError};

use super::{individual, nowhere};
use crate::{
    customers::complete,
    harness::{Backend, Client, TestApp, Value, backend, json},
};
use xianlu::jobs::runner;

const MOBILE: &str = "13987654321";
const LANDLINE: &str = "021-87653219-4711";
const EMAIL: &str = "canary.zebra@example.com";
const ADDRESS: &str = "北京市朝阳区金丝雀胡同77号";
const ROUTE: &str = "金丝雀站下车";
/// What would give them away, however they are written.
const TRACES: [&str; 5] = [
    "13987654321",
    "87653219",
    "139-8765",
    "canary.zebra",
    "金丝雀",
];

fn company() -> Value {
    let mut body = complete("惠普中国有限公司");
    body["phone"] = json!(LANDLINE);
    body["address"] = json!(ADDRESS);
    body["email"] = json!(EMAIL);
    body["transport_route"] = json!(ROUTE);
    let contact = &mut body["contacts"][0];
    contact["mobile"] = json!(MOBILE);
    contact["home_phone"] = json!(LANDLINE);
    contact["email"] = json!(EMAIL);
    body
}

/// Every operation that takes personal data, and some that fail with it.
fn sing(app: &TestApp) {
    let (salesperson, keyed) = (
        app.salesperson(),
        |client: &Client<'_>, path: &str, body: Value| {
            client
                .request("POST", path)
                .key(&format!("key-{path}"))
                .json(&body)
                .send()
        },
    );
    let made = keyed(&salesperson, "/customers", company()).expect(201);
    let path = format!("/customers/{}", made.id());
    salesperson
        .post("/customers", individual("李小明", MOBILE))
        .expect(201);
    app.colleague()
        .post("/customers", individual("张大山", MOBILE))
        .expect(409);
    app.colleague().post("/customers", company()).expect(409);
    let check = json!({ "party": "INDIVIDUAL", "phone": MOBILE });
    let found = app.colleague().post("/customers/duplicate-checks", check);
    assert_eq!(found.expect(200).json()["registered"], true);
    let changed = salesperson
        .patch(
            &path,
            &made.etag(),
            json!({ "phone": null, "address": format!("{ADDRESS}乙"), "email": null }),
        )
        .expect(200);
    let changed = salesperson
        .patch(
            &path,
            &changed.etag(),
            json!({ "phone": LANDLINE, "email": EMAIL }),
        )
        .expect(200);
    let contact = json!({ "name": "李建国", "mobile": MOBILE, "email": EMAIL });
    let contact = keyed(&salesperson, &format!("{path}/contacts"), contact).expect(201);
    let contact_path = format!("/contacts/{}", contact.id());
    let both = json!({ "office_phone": LANDLINE, "email": format!("x{EMAIL}") });
    salesperson
        .patch(&contact_path, &contact.etag(), both)
        .expect(200);
    let opportunity = json!({ "customer_name": "惠普中国有限公司", "phone": MOBILE });
    let opportunity = keyed(&salesperson, "/opportunities", opportunity).expect(201);
    let opportunity_path = format!("/opportunities/{}", opportunity.id());
    salesperson
        .patch(
            &opportunity_path,
            &opportunity.etag(),
            json!({ "phone": LANDLINE }),
        )
        .expect(200);
    for path in [&path, &contact_path, &opportunity_path] {
        keyed(&salesperson, &format!("{path}/reveal"), json!({})).expect(200);
    }
    salesperson.command(&format!("{path}/submit")).expect(200);
    let file = format!(
        "name,credit_code,province,city,address\n\
         上海甲乙贸易有限公司,,上海,,{ADDRESS}\n\
         上海丙丁贸易有限公司,91990000MA0000001C,上海,,{ADDRESS}\n\
         {ADDRESS}\n"
    );
    let import = |file: String| {
        app.administrator()
            .request("POST", "/imports/customers")
            .bytes("text/csv; charset=utf-8", file)
            .send()
            .expect(202)
    };
    let job = import(file.clone());
    runner::work_off(app.inside()).unwrap();
    let errors = app
        .administrator()
        .walk(&format!("/jobs/{}/row-errors", job.id()));
    assert!(errors[0].to_string().contains("金丝雀"), "{errors:?}");
    // And one that nobody has worked on yet.
    import(file);
    fail(app, &path, &changed.etag());
}

/// What is refused holds canaries in bodies, paths, queries and headers.
fn fail(app: &TestApp, path: &str, etag: &str) {
    let client = app.salesperson();
    let refuse = |answer: crate::harness::Answer| {
        assert!((400..500).contains(&answer.status()), "{answer}");
    };
    for body in [
        json!({ "phone": format!("{MOBILE}0") }),
        json!({ "email": format!("{EMAIL}@{EMAIL}"), "address": ADDRESS, "phone": 7 }),
        json!({ "phone": MOBILE, MOBILE: EMAIL }),
    ] {
        refuse(client.patch(path, etag, body.clone()));
        refuse(client.post("/customers", body.clone()));
        refuse(client.post("/opportunities/reveal", body));
    }
    let broken = format!("{{\"phone\": \"{MOBILE}\", \"address\": \"{ADDRESS}\"");
    refuse(
        client
            .request("POST", "/customers")
            .bytes("application/json", broken)
            .send(),
    );
    refuse(client.get(&format!("/customers/{MOBILE}")));
    refuse(client.get(&format!("/customers?cursor={EMAIL}")));
    refuse(client.get(&format!("/customers?phone={MOBILE}&sort={EMAIL}")));
    client.get(&format!("/customers?q={MOBILE}")).expect(200);
    let found = client.get(&format!("/customers?phone={MOBILE}&include_total=true"));
    assert_eq!(found.expect(200).items().len(), 1);
    refuse(client.post(
        &format!("/exports/customers?phone={MOBILE}"),
        json!({ "format": "CSV" }),
    ));
    refuse(client.patch(path, &format!("\"{MOBILE}\""), json!({ "grade": 2 })));
    let with_headers = client
        .request("GET", "/customers")
        .header("x-request-id", MOBILE)
        .header("user-agent", EMAIL)
        .header("if-none-match", MOBILE)
        .header(
            "referer",
            &format!("https://crm.example.com/?phone={MOBILE}"),
        )
        .send()
        .expect(200);
    assert_ne!(with_headers.header("x-request-id"), Some(MOBILE));
    let nobody = app.anonymous();
    let forged = nobody.request("GET", "/customers");
    refuse(forged.header("authorization", EMAIL).send());
}

#[test]
fn no_canary_is_in_the_database_whatever_was_done_with_it() {
    let app = TestApp::start();
    sing(&app);
    nowhere(&app, &TRACES);
    if backend() == Backend::Sqlite {
        // Also what no row shows: free pages and the write-ahead log.
        let file = app.database().url.trim_start_matches("sqlite:").to_owned();
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
        assert!(
            contains(&bytes, "惠普中国有限公司"),
            "what is not personal is found"
        );
        for trace in TRACES {
            assert!(!contains(&bytes, trace), "{trace} is in the file");
        }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Everything that anybody logs in this process, as far as it holds a canary.
struct Listener {
    heard: Mutex<Vec<String>>,
    lines: Mutex<usize>,
}

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        // The tests' own client.
        if record.target().starts_with("ureq") {
            return;
        }
        let line = xianlu::logging::line(record);
        *self.lines.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        if TRACES.iter().any(|trace| line.contains(trace)) {
            self.heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    }

    fn flush(&self) {}
}

#[test]
fn no_canary_is_in_the_log_at_any_level() {
    static LISTENER: OnceLock<Listener> = OnceLock::new();
    let listener = LISTENER.get_or_init(|| Listener {
        heard: Mutex::default(),
        lines: Mutex::default(),
    });
    log::set_logger(listener).expect("the only logger of the tests");
    log::set_max_level(log::LevelFilter::Trace);
    log::info!("{MOBILE}");
    let app = TestApp::start();
    sing(&app);
    // Faults are logged with their causes.
    app.sql("UPDATE customers SET phone = 'v1.0.damaged' WHERE phone IS NOT NULL");
    let id = app.salesperson().get("/customers").expect(200).ids()[0].clone();
    app.salesperson()
        .get(&format!("/customers/{id}"))
        .expect(500);
    log::set_max_level(log::LevelFilter::Off);
    let heard = listener
        .heard
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let lines = *listener
        .lines
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    assert!(lines > 50, "{lines} lines");
    assert_eq!(heard.len(), 1, "only the test's own: {heard:?}");
}
