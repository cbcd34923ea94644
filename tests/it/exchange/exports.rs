//! Export (SEC-06, SEC-18, AMB-20; S6): what one may read, as one may see it, for oneself alone, noted, bounded.

use std::io::Cursor;

use super::{XLSX, job_of, started, upload};
use crate::harness::{Answer, Client, TestApp, Value, json};
use xianlu::{jobs::runner, services::platform::workbook::Workbook};

/// Imports what the exports find.
fn with_customers(app: &TestApp) {
    let file = "name,credit_code,province,city,address,phone,remarks,contact_name,contact_mobile,contact_email,industry\n\
                北京甲乙科技有限公司,91990000MA0000001B,北京,朝阳,北京市朝阳区建国路88号,010-65001234,\"'=HYPERLINK(\"\"http://x\"\")\",王建国,13800138000,wang@example.com,'@SUM(A1)\n\
                上海丙丁贸易有限公司,,上海,,,,'+86 138-0013-8000,,,,'-2+3\n";
    let file = upload(app, "text/csv", file).expect(201);
    let owner = app.salesperson().id();
    let job = started(app, &file.id(), json!({"owner_id": owner}));
    assert_eq!(job["failed"], 0, "{job}");
}

fn export(client: &Client<'_>, query: &str, body: Value) -> Answer {
    client.post(&format!("/exports/customers{query}"), body)
}

/// Runs an export to its end; gives its file.
fn exported(app: &TestApp, client: &Client<'_>, query: &str, body: Value) -> Answer {
    let job = export(client, query, body).expect(202);
    runner::work_off(app.inside()).unwrap();
    client
        .get(&format!("/jobs/{}/result", job.id()))
        .expect(200)
}

fn columns(names: &[&str]) -> Value {
    json!({"format": "CSV", "columns": names})
}

#[test]
fn an_export_has_the_rows_of_the_list_labelled_and_masked() {
    let app = TestApp::start();
    with_customers(&app);
    let manager = app.department_manager();
    let wanted = columns(&[
        "NAME",
        "STATE",
        "PROVINCE",
        "CITY",
        "COUNTY",
        "ADDRESS",
        "PHONE",
        "OWNER",
        "CONTACT_NAME",
        "CONTACT_MOBILE",
        "CONTACT_EMAIL",
    ]);
    let file = exported(&app, &manager, "?sort=name&q=%E5%8C%97%E4%BA%AC", wanted);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    assert!(
        file.header("content-disposition")
            .unwrap()
            .contains("customers.csv")
    );
    assert_eq!(
        file.text(),
        "\u{feff}客户名称,审核状态,省,市,区县,详细地址,电话,客户经理,联系人姓名,联系人手机,联系人电子邮件\r\n\
         北京甲乙科技有限公司,草稿,北京市,北京市,朝阳区,北京市****,010-****1234,销售癸,王建国,138****8000,w***@example.com\r\n"
            .replace("w***@example.com", &masked_email())
    );
    let english = json!({"format": "CSV", "columns": ["NAME", "STATE"], "language": "EN"});
    let file = exported(&app, &manager, "?sort=name", english);
    assert_eq!(
        file.text().lines().next(),
        Some("\u{feff}Name,Review state")
    );
    assert_eq!(file.text().lines().count(), 3);
    assert!(file.text().contains("Draft"));
}

fn masked_email() -> String {
    xianlu::domain::Email::parse("wang@example.com")
        .unwrap()
        .masked()
}

#[test]
fn whoever_may_see_personal_data_exports_it_unmasked() {
    let app = TestApp::start();
    with_customers(&app);
    let wanted = columns(&["ADDRESS", "PHONE", "CONTACT_MOBILE", "CONTACT_EMAIL"]);
    let file = exported(&app, &app.president(), "?q=%E5%8C%97%E4%BA%AC", wanted);
    assert!(
        file.text()
            .contains("北京市朝阳区建国路88号,010-65001234,13800138000,wang@example.com"),
        "{}",
        file.text()
    );
}

#[test]
fn no_cell_of_an_export_is_a_formula_and_phones_survive() {
    let app = TestApp::start();
    with_customers(&app);
    let names = ["NAME", "REMARKS", "INDUSTRY"];
    let file = exported(&app, &app.president(), "?sort=name", columns(&names));
    let text = file.text();
    for cell in [
        "\"'=HYPERLINK(\"\"http://x\"\")\"",
        "'@SUM(A1)",
        "'-2+3",
        ",+86 138-0013-8000,",
    ] {
        assert!(text.contains(cell), "{cell}: {text}");
    }
    let body = json!({"format": "XLSX", "columns": names});
    let file = exported(&app, &app.president(), "?sort=name", body);
    assert_eq!(file.header("content-type"), Some(XLSX));
    let book = Workbook::open(Cursor::new(file.bytes().to_vec())).unwrap();
    assert_eq!(book.sheets(), ["客户 Customers"]);
    let mut rows = book.rows(None).unwrap();
    let mut cells = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        cells.extend(row.fields.unwrap());
    }
    for cell in [
        "'=HYPERLINK(\"http://x\")",
        "'@SUM(A1)",
        "'-2+3",
        "+86 138-0013-8000",
        "客户名称",
    ] {
        assert!(cells.iter().any(|c| c == cell), "{cell}: {cells:?}");
    }
    // What went out comes in again as it was.
    let again = upload(&app, XLSX, file.bytes().to_vec()).expect(201);
    let tried = started(&app, &again.id(), json!({"dry_run": true}));
    assert_eq!((&tried["done"], &tried["failed"]), (&json!(2), &json!(2)));
}

/// SEC-05.
#[test]
fn only_what_one_may_read_is_exported_by_whoever_may_export() {
    let app = TestApp::start();
    with_customers(&app);
    let body = columns(&["NAME"]);
    export(&app.salesperson(), "", body.clone()).expect(403);
    let file = exported(&app, &app.channel_manager(), "", body.clone());
    assert_eq!(file.text(), "\u{feff}客户名称\r\n");
    export(&app.president(), "?nonsense=1", body.clone()).expect(400);
    export(&app.president(), "", json!({"format": "PDF"})).expect(422);
    app.sql("UPDATE users SET employment = 'LEAVING' WHERE login = 'department_manager'");
    let refused = export(&app.department_manager(), "", body)
        .expect(403)
        .json();
    assert_eq!(refused["rule"], "ORG-23");
}

#[test]
fn a_result_is_for_the_exporter_alone_once_it_is_done_and_as_long_as_it_is_kept() {
    let app = TestApp::start();
    with_customers(&app);
    let job = export(&app.president(), "", columns(&["NAME"])).expect(202);
    let path = format!("/jobs/{}/result", job.id());
    app.president()
        .get(&path)
        .expect_code(409, "STATE_CONFLICT");
    export(&app.president(), "", columns(&["NAME"])).expect(409);
    runner::work_off(app.inside()).unwrap();
    app.administrator().get(&path).expect(404);
    assert_eq!(job_of(&app, &job.id())["result"], Value::Null);
    let seen = app
        .president()
        .get(&format!("/jobs/{}", job.id()))
        .expect(200)
        .json();
    assert_eq!(seen["result"], format!("/api/v1{path}"));
    app.president().get(&path).expect(200);
    // Leaving after the export: not even the file that is there.
    app.sql("UPDATE users SET employment = 'LEAVING' WHERE login = 'president'");
    app.president().get(&path).expect(403);
    app.sql("UPDATE users SET employment = 'ACTIVE' WHERE login = 'president'");
    for text in app.texts("SELECT content AS text FROM blob_parts") {
        assert!(text.starts_with("v1."));
    }
    app.advance(chrono::Duration::days(8));
    runner::tidy_up(app.inside()).unwrap();
    assert_eq!(app.count("blob_parts"), 0);
    app.president().get(&path).expect(404);
}

#[test]
fn every_export_is_noted_with_filter_format_and_count_and_never_with_data() {
    let app = TestApp::start();
    with_customers(&app);
    exported(
        &app,
        &app.president(),
        "?state_in=DRAFT&sort=name",
        columns(&["NAME", "PHONE"]),
    );
    let noted: Vec<Value> = app
        .texts("SELECT data AS text FROM events WHERE kind LIKE 'export.%' ORDER BY kind")
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    assert_eq!(noted.len(), 3, "downloaded, requested, written: {noted:?}");
    assert_eq!(noted[1]["filter"], "state_in=DRAFT&sort=name");
    assert_eq!(
        (&noted[1]["format"], &noted[1]["unmasked"]),
        (&json!("CSV"), &json!(true))
    );
    assert_eq!(noted[2]["rows"], 2);
    for text in app.texts("SELECT data AS text FROM events WHERE kind LIKE 'export.%'") {
        assert!(
            !text.contains("甲乙") && !text.contains("65001234"),
            "{text}"
        );
    }
}

#[test]
fn exports_are_bounded_each_and_by_day() {
    let app = TestApp::start();
    with_customers(&app);
    let limits = |rows: u32, day: u32| {
        app.sql("DELETE FROM policy_versions WHERE policy_key = 'exchange'");
        app.sql(&format!(
            "INSERT INTO policy_versions (id, policy_key, number, value, state, reason, effective_from, proposed_by, version, created_at, updated_at)
             SELECT '01980000-0000-7000-8000-0000000000aa', 'exchange', 1, '{{\"export_rows\":{rows},\"export_rows_per_day\":{day}}}', 'APPROVED', 'x', u.created_at, u.id, 1, u.created_at, u.created_at
             FROM users u WHERE u.login = 'administrator'"
        ));
    };
    let run = || {
        let job = export(&app.president(), "", columns(&["NAME"])).expect(202);
        runner::work_off(app.inside()).unwrap();
        app.president()
            .get(&format!("/jobs/{}", job.id()))
            .expect(200)
            .json()
    };
    limits(1, 10);
    let ended = run();
    assert_eq!(ended["state"], "FAILED");
    assert!(
        ended["message_zh"]
            .as_str()
            .unwrap()
            .contains("最多导出 1 行"),
        "{ended}"
    );
    assert_eq!(app.count("blob_parts WHERE blob_id NOT IN (SELECT id FROM exchange_files WHERE purpose = 'IMPORT')"), 0);
    limits(2, 3);
    assert_eq!(run()["state"], "SUCCEEDED");
    assert_eq!(run()["state"], "FAILED", "two of three are gone");
    limits(2, 2);
    export(&app.president(), "", columns(&["NAME"])).expect_code(409, "RULE_REFUSED");
}

#[test]
fn one_person_exports_one_file_at_a_time_however_many_ask_at_once() {
    let app = TestApp::start();
    with_customers(&app);
    let answers = crate::harness::together(8, |number| {
        let client = app.president();
        client
            .request("POST", "/exports/customers")
            .key(&format!("k{number}"))
            .json(&columns(&["NAME"]))
            .send()
    });
    let statuses = crate::harness::statuses(&answers);
    assert_eq!(statuses, [(202, 1), (409, 7)]);
    assert_eq!(app.count("jobs WHERE kind = 'EXPORT_CUSTOMERS'"), 1);
}

#[test]
fn a_row_for_each_contact_if_that_is_wanted() {
    let app = TestApp::start();
    with_customers(&app);
    let customer = app.administrator().walk("/customers?q=%E5%8C%97%E4%BA%AC")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let contact = json!({"name": "李建军", "mobile": "13900139000", "is_key": true});
    app.administrator()
        .post(&format!("/customers/{customer}/contacts"), contact)
        .expect(201);
    let body = |by_contact: bool| json!({"format": "CSV", "columns": ["NAME", "CONTACT_NAME"], "by_contact": by_contact});
    let file = exported(&app, &app.president(), "?sort=name", body(true));
    assert_eq!(file.text().lines().count(), 4, "{}", file.text());
    let file = exported(&app, &app.president(), "?sort=name", body(false));
    assert!(
        file.text().contains("北京甲乙科技有限公司,李建军"),
        "the key contact: {}",
        file.text()
    );
}

/// CUS-11.
#[test]
fn places_go_out_as_province_city_and_county_and_come_in_again() {
    let app = TestApp::start();
    let codes = [
        "110105", "11", "1101", "500229", "610102", "320302", "429004",
    ];
    for (n, code) in codes.iter().enumerate() {
        let mut body = crate::customers::complete(&format!("第{n}号有限公司"));
        body["division_code"] = json!(code);
        app.salesperson().post("/customers", body).expect(201);
    }
    let wanted = columns(&["NAME", "PROVINCE", "CITY", "COUNTY"]);
    let file = exported(&app, &app.president(), "?sort=name", wanted);
    assert_eq!(
        file.text().trim_start_matches('\u{feff}'),
        "客户名称,省,市,区县\r\n\
         第0号有限公司,北京市,北京市,朝阳区\r\n\
         第1号有限公司,北京市,北京市,\r\n\
         第2号有限公司,北京市,北京市,\r\n\
         第3号有限公司,重庆市,重庆市,城口县\r\n\
         第4号有限公司,陕西省,西安市,新城区\r\n\
         第5号有限公司,江苏省,徐州市,鼓楼区\r\n\
         第6号有限公司,湖北省,仙桃市,\r\n"
    );
    // The same file, of companies that are not there yet.
    let again = file.text().replace("号有限公司", "号贸易有限公司");
    app.administrator()
        .request("POST", "/imports/customers")
        .bytes("text/csv; charset=utf-8", again)
        .send()
        .expect(202);
    runner::work_off(app.inside()).unwrap();
    let listed = app
        .president()
        .walk("/customers?sort=name&q=%E5%8F%B7%E8%B4%B8%E6%98%93");
    let read: Vec<_> = listed
        .iter()
        .map(|row| row["division_code"].as_str().unwrap())
        .collect();
    // 市辖区 is no city that anybody writes: the municipality is left.
    assert_eq!(
        read,
        ["110105", "11", "11", "500229", "610102", "320302", "429004"]
    );
}
