//! Files that come in and go out (INT-08, INT-09, SEC-06, SEC-18; S6, S12).

mod command_line;
mod exports;
mod files;
mod hostile;
mod owners;
mod races;

use crate::harness::{Answer, TestApp, Value};
use rust_xlsxwriter::{Format, Workbook};
use xianlu::jobs::runner;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Uploads a file as the administrator.
fn upload(app: &TestApp, content_type: &str, file: impl Into<Vec<u8>>) -> Answer {
    app.administrator()
        .request("POST", "/imports/files?file_name=x")
        .bytes(content_type, file)
        .send()
}

/// Starts an import of an uploaded file and runs it to its end; gives the job.
fn started(app: &TestApp, file: &str, body: Value) -> Value {
    let path = format!("/imports/files/{file}/start");
    let job = app.administrator().post(&path, body).expect(202);
    runner::work_off(app.inside()).unwrap();
    job_of(app, &job.id())
}

fn job_of(app: &TestApp, id: &str) -> Value {
    app.administrator()
        .get(&format!("/jobs/{id}"))
        .expect(200)
        .json()
}

fn codes(app: &TestApp, job: &Value) -> Vec<(i64, String)> {
    let path = format!("/jobs/{}/row-errors", job["id"].as_str().unwrap());
    app.administrator()
        .walk(&path)
        .iter()
        .map(|row| {
            (
                row["row_number"].as_i64().unwrap(),
                row["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

/// A workbook with one sheet of these rows; a cell of digits alone is a number.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            match (cell.parse::<f64>(), cell.strip_prefix("day ")) {
                (_, Some(serial)) => sheet
                    .write_number_with_format(row, column, serial.parse::<f64>().unwrap(), &day)
                    .unwrap(),
                (Ok(number), _) => sheet.write_number(row, column, number).unwrap(),
                _ => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}
