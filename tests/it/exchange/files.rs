//! Uploading, looking, assigning columns, trying out, importing, correcting.

use super::{
    XLSX, codes,
    hostile::{kill_after, revive},
    started, upload, workbook,
};
use crate::harness::{TestApp, Value, json};
use xianlu::jobs::runner;

#[test]
fn a_file_is_uploaded_looked_at_tried_out_and_imported() {
    let app = TestApp::start();
    let file =
        gbk("单位全名;手机;联系人;不要\n北京甲乙科技有限公司;+86 13800138000;王建国;x\n惠普;;;\n");
    let file = upload(&app, "text/csv", file).expect(201);
    assert!(file.header("location").unwrap().ends_with(&file.id()));
    let view = file.json();
    assert_eq!(
        (
            &view["format"],
            &view["encoding"],
            &view["delimiter"],
            &view["rows"]
        ),
        (
            &json!("CSV"),
            &json!("GB18030"),
            &json!("SEMICOLON"),
            &json!(2)
        )
    );
    let path = format!("/imports/files/{}", file.id());
    let preview = app
        .administrator()
        .get(&format!("{path}/preview"))
        .expect(200)
        .json();
    assert_eq!(
        preview["header"],
        json!(["单位全名", "手机", "联系人", "不要"])
    );
    assert_eq!(
        preview["columns"],
        json!(["IGNORE", "CONTACT_MOBILE", "CONTACT_NAME", "IGNORE"])
    );
    assert_eq!(preview["column_errors"][0]["code"], "MISSING_COLUMN");
    let columns = "NAME,CONTACT_MOBILE,CONTACT_NAME";
    let preview = app
        .administrator()
        .get(&format!("{path}/preview?columns={columns}"))
        .expect(200)
        .json();
    assert_eq!(preview["column_errors"], json!([]));
    assert_eq!(preview["rows"][0]["errors"], json!([]));
    assert_eq!(preview["rows"][1]["errors"][0]["code"], "NAME_TOO_SHORT");
    assert_eq!(preview["rows"][1]["errors"][0]["column"], "单位全名");
    assert_eq!(app.count("customers"), 0);

    let columns = json!(["NAME", "CONTACT_MOBILE", "CONTACT_NAME"]);
    let tried = started(
        &app,
        &file.id(),
        json!({"columns": columns, "dry_run": true}),
    );
    assert_eq!(
        (&tried["dry_run"], &tried["state"]),
        (&json!(true), &json!("SUCCEEDED"))
    );
    assert_eq!((&tried["done"], &tried["failed"]), (&json!(2), &json!(1)));
    assert!(
        tried["message_en"]
            .as_str()
            .unwrap()
            .contains("nothing was written")
    );
    for table in [
        "customers",
        "registration_keys",
        "registration_attempts",
        "contacts",
    ] {
        assert_eq!(app.count(table), 0, "{table}");
    }
    let job = started(&app, &file.id(), json!({"columns": columns}));
    assert_eq!((&job["done"], &job["failed"]), (&json!(2), &json!(1)));
    let customers = app.administrator().walk("/customers");
    assert_eq!(customers.len(), 1);
    let card = app
        .administrator()
        .get(&format!(
            "/customers/{}",
            customers[0]["id"].as_str().unwrap()
        ))
        .expect(200)
        .json();
    assert_eq!(card["contacts"][0]["mobile"], "138****8000");
    assert_eq!(revealed_mobile(&app, &card), "13800138000");
    assert_eq!(card["contacts"][0]["name"], "王建国");
}

/// The mobile of a card's first contact, in clear.
fn revealed_mobile(app: &TestApp, card: &Value) -> Value {
    let contact = card["contacts"][0]["id"].as_str().unwrap();
    let revealed = app.administrator().post(
        &format!("/contacts/{contact}/reveal"),
        json!({ "fields": ["MOBILE"], "reason": "核对导入的号码" }),
    );
    revealed.expect(200).json()["mobile"].clone()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

#[test]
fn a_dry_run_finds_duplicates_in_the_file_and_in_the_registry_and_claims_nothing() {
    let app = TestApp::start();
    let first = upload(&app, "text/csv", "name\n北京甲乙科技有限公司\n").expect(201);
    started(&app, &first.id(), json!({}));
    let rows: String = (0..1_500)
        .map(|n| format!("山东第{n}机械有限公司\n"))
        .collect();
    let file = format!("name\n北京甲乙科技有限公司\n{rows}山东第7机械有限公司\n");
    let file = upload(&app, "text/csv", file).expect(201);
    let tried = started(&app, &file.id(), json!({"dry_run": true}));
    assert_eq!(
        codes(&app, &tried),
        [
            (2, "ALREADY_REGISTERED".to_owned()),
            (1_503, "DUPLICATE_IN_FILE".to_owned())
        ]
    );
    assert_eq!(app.count("customers"), 1);
    assert_eq!(app.count("registration_keys"), 1);
    assert_eq!(app.count("registration_attempts"), 0);
    let real = started(&app, &file.id(), json!({}));
    assert_eq!(codes(&app, &real), codes(&app, &tried));
    assert_eq!(app.count("customers"), 1_501);
}

#[test]
fn a_workbook_is_read_with_its_numbers_and_days_as_people_see_them() {
    let app = TestApp::start();
    let file = workbook(&[
        &["客户名称", "联系人", "手机", "首次接触日期"],
        &["北京甲乙科技有限公司", "王建国", "13800138000", "day 45000"],
        &["惠普", "", "", ""],
    ]);
    let file = upload(&app, XLSX, file).expect(201);
    assert_eq!(file.json()["sheets"], json!(["Sheet1"]));
    let job = started(&app, &file.id(), json!({"sheet": "Sheet1"}));
    assert_eq!(codes(&app, &job), [(3, "NAME_TOO_SHORT".to_owned())]);
    let customers = app.administrator().walk("/customers");
    let card = app
        .administrator()
        .get(&format!(
            "/customers/{}",
            customers[0]["id"].as_str().unwrap()
        ))
        .expect(200)
        .json();
    assert_eq!(card["first_contact_on"], "2023-03-15");
    assert_eq!(card["contacts"][0]["mobile"], "138****8000");
    assert_eq!(revealed_mobile(&app, &card), "13800138000");
    let missing = format!("/imports/files/{}/start", file.id());
    let refused = app
        .administrator()
        .post(&missing, json!({"sheet": "x"}))
        .expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "UNKNOWN_SHEET");
}

#[test]
fn the_report_of_refused_rows_is_corrected_and_imported_as_it_is() {
    let app = TestApp::start();
    let file = "name,remarks,city\n惠普,\"=1+1, x\",\n,,\n北京甲乙科技有限公司,+86 13800138000,\n";
    let file = upload(&app, "text/csv", file).expect(201);
    let job = started(&app, &file.id(), json!({}));
    let path = format!("/jobs/{}/row-errors", job["id"].as_str().unwrap());
    let report = app.administrator().get(&format!("{path}.csv")).expect(200);
    let text = report.text().to_owned();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("2,name,NAME_TOO_SHORT,CUS-08,"), "{text}");
    assert!(text.contains("\"'=1+1, x\""), "{text}");
    let corrected = text.replace(",惠普,", ",惠普中国有限公司,");
    let again = upload(&app, "text/csv", corrected).expect(201);
    let job = started(&app, &again.id(), json!({}));
    assert_eq!((&job["done"], &job["failed"]), (&json!(2), &json!(1)));
    assert_eq!(
        app.texts("SELECT remarks AS text FROM customer_profiles WHERE remarks LIKE '=%'"),
        ["=1+1, x"]
    );
    // As a workbook, the same.
    let book = app.administrator().get(&format!("{path}.xlsx")).expect(200);
    assert_eq!(book.header("content-type"), Some(XLSX));
    assert_eq!(book.header("cache-control"), Some("no-store"));
    let book = upload(&app, XLSX, book.bytes().to_vec()).expect(201);
    let preview = format!("/imports/files/{}/preview", book.id());
    let preview = app.administrator().get(&preview).expect(200).json();
    assert_eq!(preview["rows"][0]["cells"][6], "惠普");
    app.salesperson().get(&format!("{path}.xlsx")).expect(404);
}

#[test]
fn files_are_seen_and_removed_by_their_owner_alone_and_forgotten_in_time() {
    let app = TestApp::start();
    let file = upload(&app, "text/csv", "name\n惠普\n").expect(201);
    let path = format!("/imports/files/{}", file.id());
    for (method, end) in [("GET", ""), ("GET", "/preview"), ("DELETE", "")] {
        let client = app.integration();
        let request = client.request(method, &format!("{path}{end}")).key("k");
        request.if_match("\"1\"").send().expect(404);
    }
    assert_eq!(app.administrator().walk("/imports/files").len(), 1);
    assert!(app.integration().walk("/imports/files").is_empty());
    // Not while an import reads it.
    let start = format!("{path}/start");
    let job = app.administrator().post(&start, json!({})).expect(202);
    let remove = || {
        app.administrator()
            .request("DELETE", &path)
            .if_match("\"1\"")
            .send()
    };
    remove().expect(409);
    app.advance(chrono::Duration::days(8));
    assert_eq!(
        runner::tidy_up(app.inside()).unwrap(),
        0,
        "an import waits for it"
    );
    runner::work_off(app.inside()).unwrap();
    assert_eq!(app.count("job_row_errors"), 1);
    assert_eq!(runner::tidy_up(app.inside()).unwrap(), 1);
    for table in ["exchange_files", "blobs", "blob_parts", "job_row_errors"] {
        assert_eq!(app.count(table), 0, "{table}");
    }
    app.administrator().get(&path).expect(404);
    app.administrator()
        .get(&format!("/jobs/{}", job.id()))
        .expect(200);

    let file = upload(&app, "text/csv", "name\n惠普\n").expect(201);
    let path = format!("/imports/files/{}", file.id());
    app.administrator()
        .request("DELETE", &path)
        .if_match("\"1\"")
        .send()
        .expect(204);
    assert_eq!(app.count("blob_parts"), 0);
}

#[test]
fn what_was_uploaded_and_what_was_refused_is_sealed_at_rest() {
    let app = TestApp::start();
    let file = upload(&app, "text/csv", "name,手机\n惠普,13912345678\n").expect(201);
    let job = started(&app, &file.id(), json!({}));
    assert_eq!(job["failed"], 1);
    for text in app.texts("SELECT content AS text FROM blob_parts") {
        assert!(text.starts_with("v1.") && !text.contains("13912345678"));
    }
    for text in app.texts("SELECT input AS text FROM job_row_errors") {
        assert!(text.starts_with("v1.") && !text.contains("13912345678"));
    }
    let shown = app
        .administrator()
        .walk(&format!("/jobs/{}/row-errors", job["id"].as_str().unwrap()));
    assert_eq!(shown[0]["input"], "惠普,13912345678");
}

#[test]
fn refused_rows_are_in_clear_for_whoever_uploaded_them_alone() {
    let app = TestApp::start();
    let rows = "name,手机,地址,电子邮件,乘车路线,内部编号\n\
        惠普,13912345678,北京市朝阳区建国路88号,a@example.com,地铁1号线,13700001111\n\
        一个 13912345678\n";
    let columns = "NAME,CONTACT_MOBILE,ADDRESS,EMAIL,TRANSPORT_ROUTE,IGNORE";
    let columns: Vec<_> = columns.split(',').collect();
    let file = app
        .integration()
        .request("POST", "/imports/files")
        .key("upload")
        .bytes("text/csv", rows)
        .send()
        .expect(201);
    let start = format!("/imports/files/{}/start", file.id());
    let job = app
        .integration()
        .request("POST", &start)
        .key("start")
        .json(&json!({ "columns": columns }))
        .send()
        .expect(202)
        .id();
    runner::work_off(app.inside()).unwrap();
    let path = format!("/jobs/{job}/row-errors");
    let secrets = ["13912345678", "建国路", "a@example", "地铁", "13700001111"];
    let whole = app.integration().walk(&path);
    assert_eq!(whole.last().unwrap()["input"], "一个 13912345678");
    let clear = whole[0]["input"].as_str().unwrap().to_owned();
    assert!(
        secrets.iter().all(|secret| clear.contains(secret)),
        "{clear}"
    );
    // The administrator may see every job, but these are not the administrator's rows.
    let administrator = app.administrator();
    let shown = administrator.walk(&path);
    assert_eq!(
        shown[0]["input"],
        "惠普,139****5678,北京市****,a****@example.com,****,****"
    );
    let unfit = &shown.last().unwrap()["input"];
    assert_eq!(unfit, "****", "nobody knows which cell is what");
    let report = administrator.get(&format!("{path}.csv")).expect(200);
    assert!(report.text().contains("惠普,139****5678,"));
    let book = administrator.get(&format!("{path}.xlsx")).expect(200);
    let book = upload(&app, XLSX, book.bytes().to_vec()).expect(201);
    let preview = format!("/imports/files/{}/preview", book.id());
    let preview = administrator.get(&preview).expect(200).text().to_owned();
    for secret in secrets {
        assert!(!report.text().contains(secret), "{secret} in the report");
        assert!(!preview.contains(secret), "{secret} in the workbook");
    }
    assert!(preview.contains("139****5678"));
    // While leaving, one's own rows are masked too.
    app.sql("UPDATE users SET employment = 'LEAVING' WHERE login = 'integration'");
    let leaver = app.integration().walk(&path);
    assert_eq!(leaver[0]["input"], shown[0]["input"]);
    app.sql("UPDATE users SET employment = 'ACTIVE' WHERE login = 'integration'");
    assert_eq!(app.integration().walk(&path)[0]["input"], clear.as_str());
}

#[test]
fn what_was_masked_does_not_come_back_as_a_value() {
    let app = TestApp::start();
    let rows = "name,地址,乘车路线,手机,电子邮件\n\
        北京甲乙科技有限公司,北京市****,****,138****8000,a****@example.com\n";
    let file = upload(&app, "text/csv", rows).expect(201);
    let job = started(&app, &file.id(), json!({}));
    assert_eq!((&job["done"], &job["failed"]), (&json!(1), &json!(1)));
    let found: Vec<_> = codes(&app, &job)
        .into_iter()
        .map(|(_, code)| code)
        .collect();
    for code in ["ADDRESS_MASKED_VALUE", "TRANSPORT_ROUTE_MASKED_VALUE"] {
        assert!(found.iter().any(|it| it == code), "{code}: {found:?}");
    }
    for field in ["CONTACT_MOBILE_", "EMAIL_"] {
        assert!(found.iter().any(|it| it.starts_with(field)), "{found:?}");
    }
    assert_eq!(app.count("customers"), 0);
}

#[test]
fn presets_are_kept_by_name_for_oneself() {
    let app = TestApp::start();
    let preset = json!({"name": "展会名单", "columns": ["NAME", "IGNORE", "PHONE"]});
    let kept = app
        .administrator()
        .post("/imports/presets", preset.clone())
        .expect(201);
    app.administrator()
        .post("/imports/presets", preset)
        .expect_code(409, "DUPLICATE");
    let listed = app
        .administrator()
        .get("/imports/presets")
        .expect(200)
        .json();
    assert_eq!(listed[0]["columns"], json!(["NAME", "IGNORE", "PHONE"]));
    let path = format!("/imports/presets/{}", kept.id());
    let others = app.integration();
    let others = others.request("DELETE", &path).key("k").if_match("\"1\"");
    others.send().expect(404);
    let remove = |etag: &str| {
        app.administrator()
            .request("DELETE", &path)
            .if_match(etag)
            .send()
    };
    remove("\"2\"").expect(412);
    remove("\"1\"").expect(204);
    assert_eq!(app.count("import_presets"), 0);
}

#[test]
fn an_import_that_is_cancelled_keeps_what_was_imported_and_says_so() {
    let app = TestApp::start();
    let rows: String = (0..2_500)
        .map(|n| format!("河北第{n}纺织有限公司\n"))
        .collect();
    let file = upload(&app, "text/csv", format!("name\n{rows}")).expect(201);
    let path = format!("/imports/files/{}/start", file.id());
    let job = app.administrator().post(&path, json!({})).expect(202);
    // The first chunk is done; then somebody cancels, and the worker is gone.
    app.sql(&kill_after(1_000));
    runner::work_off(app.inside()).unwrap();
    app.sql(&revive());
    app.sql("UPDATE jobs SET state = 'RUNNING', cancel_requested = TRUE, heartbeat_at = created_at, finished_at = NULL WHERE kind = 'IMPORT_CUSTOMERS'");
    app.advance(chrono::Duration::seconds(61));
    // The import, and the scan of what it has brought.
    assert_eq!(runner::work_off(app.inside()).unwrap(), 2);
    let ended = super::job_of(&app, &job.id());
    assert_eq!(
        (&ended["state"], &ended["done"]),
        (&json!("CANCELLED"), &json!(1_000))
    );
    let told = ended["message_zh"].as_str().unwrap();
    assert!(
        told.contains("已取消") && told.contains("已登记 1000 个客户"),
        "{told}"
    );
    assert_eq!(app.count("customers"), 1_000);
}
