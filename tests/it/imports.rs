//! Import of customers as a job (CUS, CONF-01, CONF-06; S6): its file, its rows, its progress, its end.

use crate::harness::{Person, TestApp, Value, json};
use xianlu::{
    domain::{
        id::kind::{JobId, UserId},
        vocabulary::{JobState, Line},
    },
    jobs::runner,
    services::platform::{
        import_rows::CHUNK,
        imports::{self, Told},
        jobs::{self, Progress},
        stored_files::StoredFile,
    },
};

const HEADER: &str = "name,credit_code,province,city,address\n";

fn import(app: &TestApp, path: &str, file: impl Into<Vec<u8>>) -> crate::harness::Answer {
    app.administrator()
        .request("POST", path)
        .bytes("text/csv; charset=utf-8", file)
        .send()
}

/// Imports the file and runs the job; gives the job.
fn imported(app: &TestApp, file: impl Into<Vec<u8>>) -> Value {
    let job = import(app, "/imports/customers", file).expect(202);
    runner::work_off(app.inside()).unwrap();
    app.administrator()
        .get(&format!("/jobs/{}", job.id()))
        .expect(200)
        .json()
}

fn path_of(job: &Value) -> String {
    format!("/jobs/{}", job["id"].as_str().unwrap())
}

fn row_errors(app: &TestApp, job: &Value) -> Vec<(i64, String)> {
    let rows = app
        .administrator()
        .walk(&format!("{}/row-errors?limit=2", path_of(job)));
    let told = |row: &Value| {
        (
            row["row_number"].as_i64().unwrap(),
            row["code"].as_str().unwrap().to_owned(),
        )
    };
    rows.iter().map(told).collect()
}

/// AMB-3.
#[test]
fn a_person_in_a_file_has_no_credit_code() {
    let app = TestApp::start();
    let file = "name,party,phone,credit_code\n\
         李小明,INDIVIDUAL,13900139000,91990000MA0000001B\n\
         张大山,INDIVIDUAL,13900139001,\n";
    let job = imported(&app, file);
    assert_eq!(
        row_errors(&app, &job),
        [(2, "CREDIT_CODE_NOT_ALLOWED".to_owned())]
    );
}

#[test]
fn an_import_registers_every_sound_row_as_a_draft_and_tells_every_other() {
    let app = TestApp::start();
    let file = format!(
        "\u{feff}{HEADER}\
         北京甲乙科技有限公司,91990000MA0000001B,北京,朝阳,建国路88号\n\
         惠普,,,,\n\
         上海丙丁贸易有限公司,91990000MA0000001C,上海,金山,\n\
         北京甲乙科技有限公司 ,,,,\n\
         \"广州戊己实业有限公司,,,,\n\
         深圳庚辛电子有限公司,,广东\n\
         \"成都壬癸饮食有限公司\",,四川,不存在,\"天府大道1号, 二楼\"\n\
         \n\
         北京（甲乙）科技有限公司,,,,\n"
    );
    let job = imported(&app, file);
    assert_eq!(job["state"], "SUCCEEDED");
    assert_eq!(
        (&job["done"], &job["total"], &job["failed"]),
        (&json!(8), &json!(8), &json!(6))
    );
    assert_eq!(job["message_en"], "2 customers registered, 6 rows refused.");
    assert_eq!(
        row_errors(&app, &job),
        [
            (3, "NAME_TOO_SHORT".to_owned()),
            (4, "CREDIT_CODE_WRONG_CHECK_CHARACTER".to_owned()),
            (5, "DUPLICATE_IN_FILE".to_owned()),
            (6, "BROKEN_QUOTES".to_owned()),
            (7, "WRONG_COLUMN_COUNT".to_owned()),
            (10, "DUPLICATE_IN_FILE".to_owned()),
        ]
    );
    let customers = app.administrator().walk("/customers?sort=name");
    assert_eq!(customers.len(), 2);
    let known =
        app.texts("SELECT division_code AS text FROM customers WHERE division_code IS NOT NULL");
    assert_eq!(known, ["110105"]);
    let id = app.texts("SELECT id AS text FROM customers WHERE division_code IS NULL");
    let revealed = app
        .administrator()
        .post(&format!("/customers/{}/reveal", id[0]), json!({}))
        .expect(200)
        .json();
    assert_eq!(revealed["address"], "四川不存在天府大道1号, 二楼");
    assert_eq!(app.count("registration_attempts"), 2);
}

#[test]
fn who_was_first_is_named_and_the_second_import_of_a_file_registers_nothing() {
    let app = TestApp::start();
    let file: String = (0..450)
        .map(|number| format!("山东第{number}机械有限公司,,山东,济南,\n"))
        .collect();
    let file = format!("{HEADER}{file}");
    assert_eq!(imported(&app, file.clone())["failed"], 0);
    let again = imported(&app, file);
    assert_eq!(
        (&again["done"], &again["failed"]),
        (&json!(450), &json!(450))
    );
    let first = app
        .administrator()
        .get(&format!("{}/row-errors?limit=1", path_of(&again)))
        .expect(200)
        .json();
    let first = &first["items"][0];
    assert_eq!(first["code"], "ALREADY_REGISTERED");
    assert_eq!(first["rule"], "CONF-01");
    let told = first["message_zh"].as_str().unwrap();
    assert!(
        told.contains("山东第0机械有限公司") && told.contains(Person::Administrator.name()),
        "{told}"
    );
    assert_eq!(app.count("customers"), 450);
    assert_eq!(app.count("registration_attempts"), 450);
}

#[test]
fn the_customers_belong_to_whoever_was_named_and_else_to_the_importer() {
    let app = TestApp::start();
    let owner = app.salesperson().id();
    let path = format!("/imports/customers?owner_id={owner}");
    import(&app, &path, format!("{HEADER}北京甲乙科技有限公司,,,,\n")).expect(202);
    import(
        &app,
        "/imports/customers",
        format!("{HEADER}上海丙丁贸易有限公司,,,,\n"),
    )
    .expect(202);
    // Both, and the look for duplicates among what they brought.
    assert_eq!(runner::work_off(app.inside()).unwrap(), 3);
    let mine = app.salesperson().walk("/customers");
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0]["name"], "北京甲乙科技有限公司");
    assert_eq!(
        app.count("customers WHERE owner_id = created_by"),
        1,
        "the other is the importer's"
    );
    let unknown = "/imports/customers?owner_id=01980000-0000-7000-8000-00000000ffff";
    let refused = import(&app, unknown, HEADER).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "UNKNOWN_USER");
}

#[test]
fn a_file_with_wrong_columns_is_refused_with_every_one_of_them() {
    let app = TestApp::start();
    let codes = |file: &str| -> Vec<String> {
        let refused = import(&app, "/imports/customers", file).expect(422).json();
        let errors = refused["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|e| {
                format!(
                    "{} {}",
                    e["pointer"].as_str().unwrap(),
                    e["code"].as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(codes(""), ["/file EMPTY_FILE"]);
    assert_eq!(codes("\n\n"), ["/columns MISSING_COLUMN"]);
    assert_eq!(
        codes("city,fax,city,\n"),
        [
            "/columns/1 UNKNOWN_COLUMN",
            "/columns/3 UNKNOWN_COLUMN",
            "/columns/2 COLUMN_TWICE",
            "/columns MISSING_COLUMN"
        ]
    );
    assert_eq!(codes("\"name\n"), ["/columns UNREADABLE"]);
    assert_eq!(app.count("jobs"), 0);
    let ok = import(
        &app,
        "/imports/customers",
        " City ,NAME\n西安,西安甲乙机械有限公司\n",
    );
    ok.expect(202);
}

#[test]
fn only_csv_within_the_limit_by_whoever_may_import_is_taken() {
    let app = TestApp::with(|config| config.import_limit = 1_000);
    let wrong = app
        .administrator()
        .request("POST", "/imports/customers")
        .bytes("application/json", "{}")
        .send();
    assert_eq!(wrong.expect(415).json()["code"], "UNSUPPORTED_MEDIA_TYPE");
    import(&app, "/imports/customers", vec![b'x'; 1_001]).expect(413);
    app.salesperson()
        .request("POST", "/imports/customers")
        .bytes("text/csv", HEADER)
        .send()
        .expect(403);
    assert_eq!(app.count("jobs"), 0);
}

#[test]
fn rows_that_are_not_utf_8_or_hold_nul_are_told_and_the_others_registered() {
    let app = TestApp::start();
    let mut file = HEADER.as_bytes().to_vec();
    file.extend_from_slice("北京甲乙科技有限公司,,,,\n".as_bytes());
    file.extend_from_slice(b"\xb1\xb1\xbe\xa9,,,,\n");
    file.extend_from_slice("上海丙\0丁贸易有限公司,,,,\n".as_bytes());
    file.extend_from_slice("天津戊己贸易有限公司,,,,\n".as_bytes());
    let job = imported(&app, file);
    assert_eq!(
        row_errors(&app, &job),
        [
            (3, "BAD_ENCODING".to_owned()),
            (4, "BAD_ENCODING".to_owned())
        ]
    );
    assert_eq!(app.count("customers"), 2);
}

#[test]
fn the_report_is_csv_in_which_no_cell_is_a_formula() {
    let app = TestApp::start();
    let rows: String = (0..1_100).map(|_| "=1+1,,,,\n").collect();
    let job = imported(&app, format!("{HEADER}{rows}@SUM(A1),,,,\n-2+3,,,,\n"));
    let report = app
        .administrator()
        .get(&format!("{}/row-errors.csv", path_of(&job)))
        .expect(200);
    assert_eq!(
        report.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let text = report.text();
    assert_eq!(text.lines().count(), 1_103, "a header and every row");
    let columns = "row_number,column,code,rule,message_zh,message_en";
    assert!(text.starts_with(&format!(
        "\u{feff}{columns},name,credit_code,province,city,address\r\n"
    )));
    for cell in ["'=1+1", "'@SUM(A1)", "'-2+3"] {
        assert!(text.contains(&format!(",{cell},,,,\r\n")), "{cell}");
    }
    app.salesperson()
        .get(&format!("{}/row-errors.csv", path_of(&job)))
        .expect(404);
}

#[test]
fn a_job_is_seen_by_its_owner_and_by_whoever_imports_for_the_company() {
    let app = TestApp::start();
    let job = imported(&app, format!("{HEADER}北京甲乙科技有限公司,,,,\n"));
    app.salesperson().get(&path_of(&job)).expect(404);
    assert!(app.salesperson().walk("/jobs").is_empty());
    assert_eq!(
        app.administrator()
            .walk("/jobs?state_in=SUCCEEDED,FAILED&kind=IMPORT_CUSTOMERS")
            .len(),
        1
    );
    assert!(app.administrator().walk("/jobs?state_in=QUEUED").is_empty());
    app.administrator().get("/jobs?state_in=NONE").expect(400);
}

#[test]
fn a_job_that_waits_is_cancelled_at_once_and_only_once() {
    let app = TestApp::start();
    let job = import(
        &app,
        "/imports/customers",
        format!("{HEADER}北京甲乙科技有限公司,,,,\n"),
    )
    .expect(202);
    assert_eq!(job.json()["allowed_actions"], json!(["CANCEL"]));
    let path = format!("/jobs/{}/cancel", job.id());
    let cancelled = app.administrator().command(&path).expect(200).json();
    assert_eq!(cancelled["state"], "CANCELLED");
    assert_eq!(cancelled["allowed_actions"], json!([]));
    app.administrator().command(&path).expect(409);
    assert_eq!(runner::work_off(app.inside()).unwrap(), 0);
    assert_eq!(app.count("customers"), 0);
}

/// One step of a job as another server would take it; none if the job is not that server's.
fn step(app: &TestApp, id: JobId, skip: i64) -> Option<Progress> {
    let importer: UserId = app.administrator().id().parse().unwrap();
    let job = app
        .inside()
        .db()
        .write_now(move |tx| xianlu::repositories::platform::jobs::get(tx, id))
        .unwrap();
    let told: Told = serde_json::from_str(&job.params).unwrap();
    let (file, rules) = app
        .inside()
        .write_as(importer, "job", move |tx, ctx| {
            let file = imports::file_of(tx, job.file_id)?;
            Ok((file, imports::rules(ctx, Line::General)?))
        })
        .unwrap();
    let source = StoredFile::new(app.inside(), &file);
    let findings = imports::findings(&file).unwrap();
    let mut rows = imports::open(source, &findings, None, Some(&told.columns), rules).unwrap();
    rows.skip(skip).unwrap();
    let chunk = rows.next_chunk(CHUNK).unwrap().unwrap();
    let before = Progress {
        done: skip,
        failed: 0,
    };
    app.inside()
        .write_as(importer, "job", move |tx, ctx| {
            imports::step(tx, ctx, (id, "another"), &told, before, &chunk)
        })
        .unwrap()
}

#[test]
fn a_job_whose_worker_fell_silent_is_resumed_where_it_stopped() {
    let app = TestApp::start();
    let rows: String = (0..2_500)
        .map(|number| format!("河北第{number}纺织有限公司,,,,\n"))
        .collect();
    let file = format!("{HEADER}{rows}");
    let job = import(&app, "/imports/customers", file).expect(202);
    let id: JobId = job.id().parse().unwrap();
    // Another server claims it, takes a step, and dies.
    let now = app.now();
    let claim = move |tx: &mut xianlu::db::Tx<'_>| jobs::claim(tx, id, "another", now);
    let claimed = app.inside().db().write_now(claim).unwrap();
    assert_eq!(claimed.unwrap().state, JobState::Running);
    assert_eq!(step(&app, id, 0).unwrap().done, 1_000);
    assert_eq!(
        runner::work_off(app.inside()).unwrap(),
        0,
        "it still shows life"
    );
    app.advance(chrono::Duration::seconds(61));
    // It, and the look for duplicates among what it brought.
    assert_eq!(runner::work_off(app.inside()).unwrap(), 2);
    let job = app
        .administrator()
        .get(&format!("/jobs/{id}"))
        .expect(200)
        .json();
    assert_eq!(
        (&job["state"], &job["done"], &job["failed"]),
        (&json!("SUCCEEDED"), &json!(2500), &json!(0))
    );
    assert_eq!(app.count("customers"), 2_500);
    assert_eq!(app.count("registration_attempts"), 0);
    // The one that was given up for dead comes back: its next step does nothing.
    assert_eq!(step(&app, id, 1_000), None);
    assert_eq!(app.count("customers"), 2_500);
}

#[test]
fn a_job_that_runs_stops_before_its_next_step_when_it_is_cancelled() {
    let app = TestApp::start();
    let file = format!("{HEADER}北京甲乙科技有限公司,,,,\n");
    let job = import(&app, "/imports/customers", file).expect(202);
    let id: JobId = job.id().parse().unwrap();
    let now = app.now();
    app.inside()
        .db()
        .write_now(move |tx| jobs::claim(tx, id, "another", now))
        .unwrap();
    let path = format!("/jobs/{id}/cancel");
    let asked = app.administrator().command(&path).expect(200).json();
    assert_eq!(
        (&asked["state"], &asked["cancel_requested"]),
        (&json!("RUNNING"), &json!(true))
    );
    assert_eq!(step(&app, id, 0), None);
    // Whoever looks after it once its worker is silent ends it.
    app.advance(chrono::Duration::seconds(61));
    assert_eq!(runner::work_off(app.inside()).unwrap(), 1);
    let ended = app
        .administrator()
        .get(&format!("/jobs/{id}"))
        .expect(200)
        .json();
    assert_eq!(ended["state"], "CANCELLED");
    assert_eq!(app.count("customers"), 0);
}

#[test]
fn one_job_is_claimed_by_one_of_many_workers() {
    let app = TestApp::start();
    let job = import(
        &app,
        "/imports/customers",
        format!("{HEADER}北京甲乙科技有限公司,,,,\n"),
    )
    .expect(202);
    let id: JobId = job.id().parse().unwrap();
    let claimed = crate::harness::together(8, |number| {
        let (now, worker) = (app.now(), number.to_string());
        app.inside()
            .db()
            .write_now(move |tx| jobs::claim(tx, id, &worker, now))
            .unwrap()
            .is_some()
    });
    assert_eq!(claimed.into_iter().filter(|claimed| *claimed).count(), 1);
}

#[test]
fn answers_kept_for_retries_are_forgotten_after_seven_days() {
    let app = TestApp::start();
    let file = format!("{HEADER}北京甲乙科技有限公司,,,,\n");
    let send = || {
        let request = |file: String| {
            app.administrator()
                .request("POST", "/imports/customers")
                .key("once")
                .bytes("text/csv", file)
                .send()
        };
        request(file.clone())
    };
    let first = send().expect(202);
    assert_eq!(
        send().expect(202).id(),
        first.id(),
        "a retry queues nothing"
    );
    assert_eq!(app.count("jobs"), 1);
    // The import, and the scan for duplicates that it leaves behind.
    assert_eq!(runner::work_off(app.inside()).unwrap(), 2);
    app.advance(chrono::Duration::days(7) - chrono::Duration::seconds(1));
    assert_eq!(runner::tidy_up(app.inside()).unwrap(), 0);
    app.advance(chrono::Duration::seconds(2));
    // The answer, and the file that was uploaded.
    assert_eq!(runner::tidy_up(app.inside()).unwrap(), 2);
}
