//! What bad files get: a clear refusal, nothing lost silently, nothing left behind (R7).

use std::io::{Cursor, Write};

use super::{XLSX, codes, job_of, started, upload};
use crate::harness::{
    TestApp,
    database::{Backend, backend},
    json,
};
use xianlu::jobs::runner;
use zip::{ZipWriter, write::SimpleFileOptions};

fn refused_as(app: &TestApp, file: impl Into<Vec<u8>>) -> String {
    let refused = upload(app, "application/octet-stream", file)
        .expect(422)
        .json();
    for table in ["exchange_files", "blobs", "blob_parts", "jobs"] {
        assert_eq!(app.count(table), 0, "{table}");
    }
    refused["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_no_table_is_refused_and_leaves_nothing() {
    let app = TestApp::start();
    let garbage: Vec<u8> = (0..600_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    assert_eq!(refused_as(&app, garbage), "NOT_A_TABLE");
    assert_eq!(
        refused_as(&app, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        "OLD_WORKBOOK"
    );
    assert_eq!(refused_as(&app, Vec::new()), "EMPTY_FILE");
    assert_eq!(
        refused_as(&app, b"PK\x03\x04xxxxxxxx".to_vec()),
        "NOT_A_WORKBOOK"
    );
}

#[test]
fn a_file_beyond_the_limit_leaves_nothing_however_long_it_says_it_is() {
    let app = TestApp::with(|config| config.import_limit = 600_000);
    upload(&app, "text/csv", vec![b'x'; 600_001]).expect(413);
    assert_eq!(app.count("exchange_files"), 0);
    upload(&app, "application/json", "{}").expect(415);
    app.salesperson()
        .request("POST", "/imports/files")
        .bytes("text/csv", "name\n")
        .send()
        .expect(403);
    assert_eq!(app.count("exchange_files"), 0);
}

#[test]
fn a_bomb_is_refused() {
    let app = TestApp::start();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let parts = [
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"a\" id=\"r\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r\" Target=\"s.xml\"/></Relationships>",
        ),
    ];
    for (path, text) in parts {
        zip.start_file(path, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/s.xml", options).unwrap();
    zip.write_all(b"<worksheet><sheetData>").unwrap();
    let row = format!("<row>{}</row>", " ".repeat(1_000));
    for _ in 0..40_000 {
        zip.write_all(row.as_bytes()).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 200_000, "forty megabytes in {}", bomb.len());
    let file = upload(&app, XLSX, bomb).expect(201);
    let path = format!("/imports/files/{}/start", file.id());
    let refused = app
        .administrator()
        .post(&path, json!({}))
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["code"], "WORKBOOK_TOO_LARGE");
    assert_eq!(app.count("jobs"), 0);
}

/// Sets the most rows of an import as the regulation would.
fn most_rows(app: &TestApp, rows: u32) {
    app.sql(&format!(
        "INSERT INTO policy_versions (id, policy_key, number, value, state, reason, effective_from, proposed_by, version, created_at, updated_at)
         SELECT '01980000-0000-7000-8000-0000000000aa', 'exchange', 1, '{{\"import_rows\":{rows}}}', 'APPROVED', 'x', u.created_at, u.id, 1, u.created_at, u.created_at
         FROM users u WHERE u.login = 'administrator'"
    ));
}

#[test]
fn one_row_too_many_is_refused_before_anything_is_imported() {
    let app = TestApp::start();
    most_rows(&app, 3);
    let rows = |count: usize| -> String {
        (0..count)
            .map(|n| format!("河北第{n}纺织有限公司\n"))
            .collect()
    };
    let file = upload(&app, "text/csv", format!("name\n{}", rows(4))).expect(201);
    let path = format!("/imports/files/{}/start", file.id());
    let refused = app
        .administrator()
        .post(&path, json!({}))
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["code"], "TOO_MANY_ROWS");
    let file = upload(&app, "text/csv", format!("name\n{}", rows(3))).expect(201);
    assert_eq!(started(&app, &file.id(), json!({}))["state"], "SUCCEEDED");
    assert_eq!(app.count("customers"), 3);
}

#[test]
fn rows_that_were_not_counted_end_the_job_when_they_are_met_and_what_came_before_stays() {
    let app = TestApp::start();
    most_rows(&app, 3);
    let rows: Vec<Vec<String>> = std::iter::once(vec!["name".to_owned()])
        .chain((0..5).map(|n| vec![format!("河北第{n}纺织有限公司")]))
        .collect();
    let cells: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    // The rows of a workbook are counted while they are read.
    let file = upload(&app, XLSX, super::workbook(&cells)).expect(201);
    let job = started(&app, &file.id(), json!({}));
    assert_eq!((&job["state"], &job["done"]), (&json!("FAILED"), &json!(3)));
    assert!(
        job["message_zh"].as_str().unwrap().contains("超过 3 行"),
        "{job}"
    );
    assert_eq!(app.count("customers"), 3);
}

#[test]
fn broken_quotes_and_missing_columns_are_told_with_their_place() {
    let app = TestApp::start();
    let file = upload(
        &app,
        "text/csv",
        "name,city\n北京甲乙科技有限公司,\"朝\"阳\n上海丙丁贸易有限公司,\n",
    )
    .expect(201);
    let job = started(&app, &file.id(), json!({}));
    assert_eq!(codes(&app, &job), [(2, "BROKEN_QUOTES".to_owned())]);
    let rows = app
        .administrator()
        .walk(&format!("/jobs/{}/row-errors", job["id"].as_str().unwrap()));
    let told = rows[0]["message_en"].as_str().unwrap();
    assert!(told.contains("character 15"), "{told}");
    let file = upload(&app, "text/csv", "city\n北京\n").expect(201);
    let path = format!("/imports/files/{}/start", file.id());
    let refused = app
        .administrator()
        .post(&path, json!({}))
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["code"], "MISSING_COLUMN");
    let refused = app
        .administrator()
        .post(&path, json!({"columns": ["NAME", "NAME"]}))
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["code"], "TOO_MANY_COLUMNS");
}

#[test]
fn a_job_that_was_interrupted_between_chunks_goes_on_exactly_once() {
    let app = TestApp::start();
    let rows: String = (0..3_200)
        .map(|n| format!("河南第{n}食品有限公司\n"))
        .collect();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            format!("name\n{rows}惠普\n")
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let file = upload(&app, "text/csv", utf16).expect(201);
    assert_eq!(file.json()["encoding"], "UTF_16LE");
    let path = format!("/imports/files/{}/start", file.id());
    let job = app.administrator().post(&path, json!({})).expect(202);
    // The database goes away for good after the first chunk: every further step fails.
    app.sql(&kill_after(1_000));
    runner::work_off(app.inside()).unwrap();
    let broken = job_of(&app, &job.id());
    assert_eq!(
        (&broken["state"], &broken["done"]),
        (&json!("FAILED"), &json!(1_000)),
        "{broken}"
    );
    assert_eq!(app.count("customers"), 1_000);
    // As after a restart: the job is still there, its worker is not.
    app.sql(&revive());
    app.sql("UPDATE jobs SET state = 'QUEUED', worker = NULL, message = NULL, finished_at = NULL");
    runner::work_off(app.inside()).unwrap();
    let done = job_of(&app, &job.id());
    assert_eq!(
        (&done["state"], &done["done"], &done["failed"]),
        (&json!("SUCCEEDED"), &json!(3_201), &json!(1))
    );
    assert_eq!(app.count("customers"), 3_200);
    assert_eq!(app.count("registration_attempts"), 0);
    assert_eq!(codes(&app, &done), [(3_202, "NAME_TOO_SHORT".to_owned())]);
}

/// Refuses every customer beyond so many.
pub fn kill_after(most: u32) -> String {
    match backend() {
        Backend::Sqlite => format!(
            "CREATE TRIGGER kill BEFORE INSERT ON customers WHEN (SELECT COUNT(*) FROM customers) >= {most}
             BEGIN SELECT RAISE(ABORT, 'killed'); END;"
        ),
        Backend::Postgres => format!(
            "CREATE FUNCTION kill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               IF (SELECT COUNT(*) FROM customers) >= {most} THEN RAISE EXCEPTION 'killed'; END IF; RETURN NEW; END $$;
             CREATE TRIGGER kill BEFORE INSERT ON customers FOR EACH STATEMENT EXECUTE FUNCTION kill();"
        ),
    }
}

pub fn revive() -> String {
    match backend() {
        Backend::Sqlite => "DROP TRIGGER kill".to_owned(),
        Backend::Postgres => "DROP TRIGGER kill ON customers".to_owned(),
    }
}
