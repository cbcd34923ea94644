//! Documents and competitors' files.

mod competitors;
mod documents;
mod uploads;

use crate::{
    customers::complete,
    harness::{Answer, Client, TestApp, document::encoded},
};

/// The beginning of a PDF, and something.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{text}\n").into_bytes()
}

/// A customer of the salesperson.
fn customer(app: &TestApp) -> String {
    customer_named(app, "文档客户有限公司")
}

fn customer_named(app: &TestApp, name: &str) -> String {
    app.salesperson()
        .post("/customers", complete(name))
        .expect(201)
        .id()
}

/// Where a file of this kind and name is uploaded to.
fn place(subject: (&str, &str), kind: &str, file_name: &str) -> String {
    let (subject_kind, subject_id) = subject;
    let file_name = encoded(file_name);
    format!(
        "/documents/uploads?subject_kind={subject_kind}&subject_id={subject_id}&kind={kind}&file_name={file_name}"
    )
}

/// Uploads a file.
fn upload(
    client: &Client<'_>,
    subject: (&str, &str),
    kind: &str,
    file_name: &str,
    content: impl Into<Vec<u8>>,
) -> Answer {
    client
        .request("POST", &place(subject, kind, file_name))
        .bytes("application/octet-stream", content)
        .send()
}

/// Uploads a new version of a file.
fn replace(
    client: &Client<'_>,
    id: &str,
    etag: &str,
    file_name: &str,
    content: impl Into<Vec<u8>>,
) -> Answer {
    let file_name = encoded(file_name);
    client
        .request(
            "POST",
            &format!("/documents/{id}/versions?file_name={file_name}"),
        )
        .if_match(etag)
        .bytes("application/octet-stream", content)
        .send()
}
