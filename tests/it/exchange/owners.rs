//! An import says of each row who will own it (CUS-34): one file with customers of many salespeople.

use std::io::Cursor;

use super::{codes, hostile::kill_after, hostile::revive, job_of, started, upload};
use crate::harness::{Client, Person, TestApp, Value, json};
use xianlu::{
    domain::{id::kind::UserId, vocabulary::Line},
    jobs::runner,
    services::platform::{
        import_chunks, import_files,
        import_rows::{CHUNK, Chunk},
        imports,
    },
};

fn disable(app: &TestApp, person: Person) {
    let path = format!("/users/{}/disable", app.client(person).id());
    app.administrator().command(&path).expect(200);
}

/// Uploads a file and starts its import, without running it; gives the job's id.
fn queued(app: &TestApp, file: &str, body: Value) -> String {
    let file = upload(app, "text/csv", file).expect(201);
    let path = format!("/imports/files/{}/start", file.id());
    app.administrator().post(&path, body).expect(202).id()
}

/// The customers that somebody owns, by name.
fn owned(app: &TestApp, person: Person) -> Vec<String> {
    let login = person.login();
    app.texts(&format!(
        "SELECT c.name AS text FROM customers c JOIN users u ON u.id = c.owner_id WHERE u.login = '{login}' ORDER BY c.name"
    ))
}

/// The names on somebody's list.
fn listed(client: &Client<'_>) -> Vec<Value> {
    let rows = client.walk("/customers?sort=name");
    rows.iter().map(|row| row["name"].clone()).collect()
}

fn told(found: &[(i64, &str)]) -> Vec<(i64, String)> {
    let told = |(line, code): &(i64, &str)| (*line, (*code).to_owned());
    found.iter().map(told).collect()
}

#[test]
fn each_row_belongs_to_whom_it_names_and_who_cannot_be_named_costs_that_row_alone() {
    let app = TestApp::start();
    disable(&app, Person::Auditor);
    let file = "客户名称,负责人账号\n\
        北京甲乙科技有限公司, ＳalesPerson \n\
        上海丙丁贸易有限公司,colleague\n\
        广州戊己实业有限公司,other_salesperson\n\
        深圳庚辛电子有限公司,\n\
        成都壬癸饮食有限公司,销售癸\n\
        成都壬癸饮食有限公司,colleague\n\
        重庆子丑机械有限公司,auditor\n\
        惠普,nobody\n";
    let file = upload(&app, "text/csv", file).expect(201);
    let preview = format!("/imports/files/{}/preview", file.id());
    let preview = app.administrator().get(&preview).expect(200).json();
    assert_eq!(preview["columns"], json!(["NAME", "OWNER_LOGIN"]));
    assert_eq!(preview["rows"][3]["errors"], json!([]));
    assert_eq!(preview["rows"][4]["errors"][0]["code"], "UNKNOWN_OWNER");
    assert_eq!(preview["rows"][5]["errors"], json!([]), "it is the first");
    let refused = told(&[
        (6, "UNKNOWN_OWNER"),
        (8, "UNKNOWN_OWNER"),
        (9, "NAME_TOO_SHORT"),
        (9, "UNKNOWN_OWNER"),
    ]);
    let owner = app.channel_salesperson().id();
    let tried = json!({ "owner_id": owner, "dry_run": true });
    let tried = started(&app, &file.id(), tried);
    assert_eq!(codes(&app, &tried), refused);
    assert_eq!(app.count("customers"), 0);
    let job = started(&app, &file.id(), json!({ "owner_id": owner }));
    assert_eq!(codes(&app, &job), refused);
    assert_eq!((&job["done"], &job["failed"]), (&json!(8), &json!(3)));

    assert_eq!(listed(&app.salesperson()), [json!("北京甲乙科技有限公司")]);
    assert_eq!(
        listed(&app.colleague()),
        [json!("上海丙丁贸易有限公司"), json!("成都壬癸饮食有限公司")]
    );
    assert_eq!(
        listed(&app.other_salesperson()),
        [json!("广州戊己实业有限公司")]
    );
    assert_eq!(
        listed(&app.channel_salesperson()),
        [json!("深圳庚辛电子有限公司")]
    );
    let elsewhere = "customers c JOIN users u ON u.id = c.owner_id WHERE u.unit_id <> c.unit_id";
    assert_eq!(app.count(elsewhere), 0, "each stands in its owner's unit");
    assert_eq!(app.count("registration_attempts"), 0);

    let path = format!("/jobs/{}/row-errors", job["id"].as_str().unwrap());
    let first = app.administrator().walk(&path)[0].clone();
    assert_eq!(
        (&first["column"], &first["rule"]),
        (&json!("负责人账号"), &Value::Null)
    );
    let (zh, en) = (&first["message_zh"], &first["message_en"]);
    assert!(zh.as_str().unwrap().contains("登录名"), "{zh}");
    assert!(en.as_str().unwrap().contains("login"), "{en}");
    // Corrected, the report is imported as it is.
    let report = app.administrator().get(&format!("{path}.csv")).expect(200);
    let corrected = report.text().replace(",auditor", ",trainee");
    let again = upload(&app, "text/csv", corrected).expect(201);
    started(&app, &again.id(), json!({}));
    assert_eq!(owned(&app, Person::Trainee), ["重庆子丑机械有限公司"]);
}

/// ORG-07.
#[test]
fn an_owner_beyond_the_reach_of_the_importers_role_costs_the_row() {
    let app = TestApp::start();
    let unit = app.texts("SELECT id AS text FROM units WHERE name = '销售一部'");
    let importer = app.branch_director();
    let grant = json!({ "role_code": "INTEGRATION", "scope": "SUBTREE", "scope_unit_id": unit[0] });
    app.administrator()
        .post(&format!("/users/{}/grants", importer.id()), grant)
        .expect(201);
    let file = "name,owner_login\n\
        北京甲乙科技有限公司,salesperson\n\
        上海丙丁贸易有限公司,trainee\n\
        广州戊己实业有限公司,channel_salesperson\n\
        深圳庚辛电子有限公司,other_salesperson\n\
        成都壬癸饮食有限公司,branch_director\n\
        重庆子丑机械有限公司,\n";
    let file = importer
        .request("POST", "/imports/files")
        .bytes("text/csv", file)
        .send()
        .expect(201);
    let path = format!("/imports/files/{}", file.id());
    let preview = importer.get(&format!("{path}/preview")).expect(200).json();
    let found = &preview["rows"][2]["errors"][0];
    assert_eq!(
        (&found["code"], &found["column"], &found["rule"]),
        (
            &json!("OWNER_BEYOND_REACH"),
            &json!("owner_login"),
            &json!("ORG-07")
        )
    );
    let run = |body: Value| {
        let job = importer.post(&format!("{path}/start"), body).expect(202);
        runner::work_off(app.inside()).unwrap();
        job_of(&app, &job.id())
    };
    let refused = told(&[(4, "OWNER_BEYOND_REACH"), (5, "OWNER_BEYOND_REACH")]);
    assert_eq!(codes(&app, &run(json!({ "dry_run": true }))), refused);
    assert_eq!(codes(&app, &run(json!({}))), refused);
    assert_eq!(owned(&app, Person::Salesperson), ["北京甲乙科技有限公司"]);
    assert_eq!(owned(&app, Person::Trainee), ["上海丙丁贸易有限公司"]);
    assert_eq!(
        owned(&app, Person::BranchDirector),
        ["成都壬癸饮食有限公司", "重庆子丑机械有限公司"]
    );
    assert_eq!(app.count("customers"), 4);
}

#[test]
fn owners_hold_through_many_chunks_an_interruption_and_whatever_happens_meanwhile() {
    let app = TestApp::start();
    let logins = ["salesperson", "colleague", "other_salesperson"];
    let row = |n: usize| format!("河北第{n}纺织有限公司,{}\n", logins[n % 3]);
    let rows: String = (0..2_400).map(row).collect();
    // What nobody can own claims nothing: the later row is the first, in another chunk too.
    let file =
        format!("name,owner_login\n山西甲乙煤炭有限公司,ghost\n{rows}山西甲乙煤炭有限公司,\n");
    let tried = queued(&app, &file, json!({ "dry_run": true }));
    runner::work_off(app.inside()).unwrap();
    let tried = job_of(&app, &tried);
    assert_eq!(codes(&app, &tried), told(&[(2, "UNKNOWN_OWNER")]));

    let job = queued(&app, &file, json!({}));
    app.sql(&kill_after(999));
    runner::work_off(app.inside()).unwrap();
    assert_eq!(job_of(&app, &job)["done"], 1_000);
    assert_eq!(owned(&app, Person::Colleague).len(), 333);
    // As after a restart. Somebody's account was closed in between.
    app.sql(&revive());
    disable(&app, Person::Colleague);
    app.sql("UPDATE jobs SET state = 'QUEUED', worker = NULL, message = NULL, finished_at = NULL WHERE kind = 'IMPORT_CUSTOMERS' AND state = 'FAILED'");
    runner::work_off(app.inside()).unwrap();
    let job = job_of(&app, &job);
    assert_eq!(
        (&job["state"], &job["done"], &job["failed"]),
        (&json!("SUCCEEDED"), &json!(2_402), &json!(468))
    );
    let found = codes(&app, &job);
    assert!(found.iter().all(|(_, code)| code == "UNKNOWN_OWNER"));
    assert_eq!(owned(&app, Person::Salesperson).len(), 800);
    assert_eq!(owned(&app, Person::Colleague).len(), 333);
    assert_eq!(owned(&app, Person::OtherSalesperson).len(), 800);
    assert_eq!(owned(&app, Person::Administrator), ["山西甲乙煤炭有限公司"]);
}

#[test]
fn an_owner_who_is_disabled_between_upload_and_run_owns_nothing() {
    let app = TestApp::start();
    let file =
        "name,owner_login\n北京甲乙科技有限公司,salesperson\n上海丙丁贸易有限公司,colleague\n";
    let job = queued(&app, file, json!({}));
    disable(&app, Person::Salesperson);
    runner::work_off(app.inside()).unwrap();
    let job = job_of(&app, &job);
    assert_eq!(codes(&app, &job), told(&[(2, "UNKNOWN_OWNER")]));
    assert_eq!(owned(&app, Person::Colleague), ["上海丙丁贸易有限公司"]);
    assert_eq!(app.count("customers"), 1);
}

/// A chunk of a file, made ready ahead of its transaction.
fn ahead(app: &TestApp, importer: UserId, text: &str) -> Chunk {
    let inside = app.inside();
    let source = Cursor::new(text.as_bytes().to_vec());
    let findings = import_files::look_at(source.clone()).unwrap();
    let rules = inside
        .read_as(importer, "cli", |_, ctx| imports::rules(ctx, Line::General))
        .unwrap();
    let ask = import_chunks::asking(inside, (importer, "cli"), Line::General, importer);
    let mut rows = imports::open(source, &findings, None, None, rules)
        .unwrap()
        .asking(ask);
    let mut chunk = rows.next_chunk(CHUNK).unwrap().unwrap();
    inside
        .read_as(importer, "cli", |conn, ctx| {
            import_chunks::draft_ahead(conn, ctx, Line::General, importer, &mut chunk)
        })
        .unwrap();
    assert!(chunk.drafted.is_some());
    chunk
}

#[test]
fn what_was_drafted_ahead_is_drafted_anew_when_its_owners_are_others_by_then() {
    let app = TestApp::start();
    let importer: UserId = app.administrator().id().parse().unwrap();
    let chunk = ahead(
        &app,
        importer,
        "name,owner_login\n北京甲乙科技有限公司,salesperson\n\
         上海丙丁贸易有限公司,colleague\n广州戊己实业有限公司,newcomer\n",
    );
    disable(&app, Person::Salesperson);
    app.sql("UPDATE users SET unit_id = (SELECT id FROM units WHERE name = '渠道部') WHERE login = 'colleague'");
    app.sql("UPDATE users SET login = 'newcomer', login_key = 'newcomer' WHERE login = 'stranger'");
    let registered = app
        .inside()
        .write_as(importer, "cli", move |tx, ctx| {
            import_chunks::register(tx, ctx, Line::General, importer, &chunk)
        })
        .unwrap();
    let lines: Vec<_> = registered.problems.iter().map(|p| p.line).collect();
    assert_eq!((registered.refused, lines), (1, vec![2]));
    let placed = app.texts(
        "SELECT c.name || ' ' || u.login || ' ' || n.name AS text FROM customers c JOIN users u ON u.id = c.owner_id JOIN units n ON n.id = c.unit_id ORDER BY u.login",
    );
    assert_eq!(
        placed,
        [
            "上海丙丁贸易有限公司 colleague 渠道部",
            "广州戊己实业有限公司 newcomer 总部"
        ]
    );
}

#[test]
fn what_was_exported_with_logins_comes_in_with_its_owners() {
    let app = TestApp::start();
    let file =
        "name,owner_login\n北京甲乙科技有限公司,salesperson\n上海丙丁贸易有限公司,colleague\n";
    queued(&app, file, json!({}));
    runner::work_off(app.inside()).unwrap();
    let export = json!({ "format": "CSV", "columns": ["NAME", "OWNER_LOGIN"] });
    let president = app.president();
    let exported = || {
        let job = president
            .post("/exports/customers?sort=-name", export.clone())
            .expect(202);
        runner::work_off(app.inside()).unwrap();
        let result = format!("/jobs/{}/result", job.id());
        president.get(&result).expect(200).text().to_owned()
    };
    assert_eq!(
        exported(),
        "\u{feff}客户名称,负责人账号\r\n北京甲乙科技有限公司,\r\n上海丙丁贸易有限公司,\r\n",
        "logins are for those who import or manage users"
    );
    let grant = json!({ "role_code": "INTEGRATION", "scope": "COMPANY" });
    let grants = format!("/users/{}/grants", president.id());
    app.administrator().post(&grants, grant).expect(201);
    let exported = exported();
    assert_eq!(
        exported,
        "\u{feff}客户名称,负责人账号\r\n北京甲乙科技有限公司,salesperson\r\n上海丙丁贸易有限公司,colleague\r\n"
    );
    let other = TestApp::start();
    queued(&other, &exported, json!({}));
    runner::work_off(other.inside()).unwrap();
    assert_eq!(owned(&other, Person::Salesperson), ["北京甲乙科技有限公司"]);
    assert_eq!(owned(&other, Person::Colleague), ["上海丙丁贸易有限公司"]);
}
