//! Files in and out (CUS-42): part by part, what they really are, how large they may be, versions, retries.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use xianlu::jobs::runner;

use super::{customer, pdf, place, replace, upload};
use crate::harness::{TestApp, company::PASSWORD, document::encoded, json, statuses, together};

#[test]
fn a_file_comes_back_as_it_went_in_and_is_only_to_be_saved() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let mut content = pdf("");
    // Several parts and a piece, no two alike.
    content.extend((0..2_500_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8));
    let name = "2026 年\"介绍\"; 第1版.pdf";
    let made = upload(
        &seller,
        ("CUSTOMER", &customer),
        "PROPOSAL",
        name,
        content.clone(),
    );
    let document = made.clone().expect(201).json();
    assert_eq!(document["file"]["size"], content.len());
    assert_eq!(document["file"]["media_type"], "application/pdf");
    assert_eq!(document["file"]["number"], 1);
    assert_eq!(document["name"], "2026 年_介绍_; 第1版");
    assert_eq!(made.etag(), "\"1\"");
    assert_eq!(app.count("blob_parts"), 10);
    let kept = app.texts("SELECT SUBSTR(content, 1, 3) AS text FROM blob_parts");
    assert!(kept.iter().all(|part| part == "v1."), "sealed at rest");

    let answer = seller
        .get(&format!("/documents/{}/content", made.id()))
        .expect(200);
    assert!(answer.bytes() == content, "{} bytes", answer.bytes().len());
    let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-length"), content.len().to_string());
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    let disposition = header("content-disposition");
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    assert!(
        disposition.contains("filename=\"2026 ______ _1_.pdf\""),
        "{disposition}"
    );
    assert!(
        disposition.contains("filename*=UTF-8''2026%20%E5%B9%B4_%E4%BB%8B%E7%BB%8D_%3B"),
        "{disposition}"
    );
}

#[test]
fn what_a_file_is_is_decided_by_its_name_and_its_content_together() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let subject = ("CUSTOMER", customer.as_str());
    for (name, content, reason) in [
        ("介绍.exe", pdf(""), "FILE_TYPE_NOT_ALLOWED"),
        ("介绍.html", b"<html>".to_vec(), "FILE_TYPE_NOT_ALLOWED"),
        (
            "介绍.pdf.zip",
            b"PK\x03\x04".to_vec(),
            "FILE_TYPE_NOT_ALLOWED",
        ),
        (
            "介绍.pdf",
            b"MZ\x90\0".to_vec(),
            "FILE_IS_NOT_WHAT_ITS_NAME_SAYS",
        ),
        (
            "介绍.txt",
            b"<!DOCTYPE html><script>".to_vec(),
            "FILE_IS_NOT_WHAT_ITS_NAME_SAYS",
        ),
        ("照片.png", pdf(""), "FILE_IS_NOT_WHAT_ITS_NAME_SAYS"),
    ] {
        let refused = upload(&seller, subject, "OTHER", name, content).expect(409);
        assert_eq!(refused.problem()["reason"], reason, "{name}: {refused}");
        assert_eq!(refused.problem()["rule"], "CUS-42");
    }
    for (name, code) in [("介绍", "NO_EXTENSION"), ("../", "BLANK")] {
        let refused = upload(&seller, subject, "OTHER", name, pdf("")).expect(422);
        assert_eq!(
            refused.failing_fields(),
            [("/file_name".to_owned(), code.to_owned())]
        );
    }
    let refused = upload(&seller, subject, "OTHER", "空.pdf", "").expect(422);
    assert_eq!(refused.failing_fields()[0].1, "EMPTY_FILE");
    let wrong_type = seller
        .request("POST", &place(subject, "OTHER", "介绍.pdf"))
        .bytes("application/json", "{}")
        .send();
    wrong_type.expect_code(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!((app.count("documents"), app.count("blobs")), (0, 0));
    upload(
        &seller,
        subject,
        "OTHER",
        "../../etc/记录.TXT",
        "先录先得\n",
    )
    .expect(201);
}

#[test]
fn a_file_beyond_the_limit_is_refused_announced_or_not_and_nothing_of_it_is_kept() {
    let app = TestApp::with(|config| config.document_limit = 20_000);
    let (seller, customer) = (app.salesperson(), customer(&app));
    let subject = ("CUSTOMER", customer.as_str());
    let of = |size: usize| {
        let mut content = pdf("");
        content.resize(size, b' ');
        content
    };
    upload(&seller, subject, "OTHER", "刚好.pdf", of(20_000)).expect(201);
    let refused = upload(&seller, subject, "OTHER", "超过.pdf", of(20_001));
    let refused = refused.expect_code(413, "BODY_TOO_LARGE");
    assert_eq!(refused.problem()["limit_bytes"], 20_000);
    assert_eq!(app.count("blobs"), 1);

    let answer = chunked(&app, &place(subject, "OTHER", "超过.pdf"), &of(200_000));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!((app.count("blobs"), app.count("documents")), (1, 1));
}

/// Sends a body whose length nobody announced, and gives the beginning of the answer.
fn chunked(app: &TestApp, path: &str, content: &[u8]) -> String {
    let pair = app.login("salesperson", PASSWORD).expect(200).json();
    let token = pair["access_token"].as_str().unwrap();
    let mut stream = TcpStream::connect(app.address()).unwrap();
    let head = format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    for part in content.chunks(5_000) {
        let size = format!("{:x}\r\n", part.len());
        let chunk = [size.as_bytes(), part, b"\r\n"].concat();
        // The server may stop reading as soon as it knows.
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    let mut answer = vec![0; 100];
    let read = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[test]
fn whoever_may_not_is_refused_before_the_file_is_read() {
    let app = TestApp::start();
    let customer = customer(&app);
    let subject = ("CUSTOMER", customer.as_str());
    upload(&app.colleague(), subject, "OTHER", "介绍.pdf", pdf("")).expect(404);
    upload(
        &app.branch_director(),
        ("CUSTOMER", "no-id"),
        "OTHER",
        "介绍.pdf",
        pdf(""),
    )
    .expect_code(400, "INVALID_PARAMETER");
    upload(&app.president(), subject, "OTHER", "介绍.pdf", pdf("")).expect_code(403, "FORBIDDEN");
    upload(&app.stranger(), subject, "OTHER", "介绍.exe", "x").expect(404);
    assert_eq!(app.count("blobs"), 0);
}

#[test]
fn a_new_version_keeps_the_old_ones_and_of_ten_at_once_one_is_the_next() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let made = upload(
        &seller,
        ("CUSTOMER", &customer),
        "PROPOSAL",
        "方案.pdf",
        pdf("一"),
    );
    let (id, etag) = (made.clone().expect(201).id(), made.etag());
    let without = seller
        .request(
            "POST",
            &format!("/documents/{id}/versions?file_name={}", encoded("方案.pdf")),
        )
        .bytes("application/octet-stream", pdf("二"))
        .send();
    without.expect_code(428, "PRECONDITION_REQUIRED");
    let answers = together(10, |n| {
        replace(
            &seller,
            &id,
            &etag,
            &format!("方案{n}.pdf"),
            pdf(&format!("二{n}")),
        )
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 9)]);
    let won = answers
        .iter()
        .find(|answer| answer.status() == 200)
        .unwrap();
    assert_eq!(won.json()["file"]["number"], 2);
    replace(&seller, &id, "*", "方案.txt", "三").expect(200);
    let versions = seller.get(&format!("/documents/{id}/versions")).expect(200);
    let numbers: Vec<_> = versions
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|version| version["number"].clone())
        .collect();
    assert_eq!(numbers, [3, 2, 1]);
    let content = |query: &str| {
        let path = format!("/documents/{id}/content{query}");
        seller.get(&path).expect(200).bytes().to_vec()
    };
    assert_eq!(content("?number=1"), pdf("一"));
    assert_eq!(content(""), "三".as_bytes());
    seller
        .get(&format!("/documents/{id}/content?number=4"))
        .expect(404);
    // Every loser's upload is gone.
    assert_eq!(app.count("blobs"), 3);
    assert_eq!(app.count("events WHERE kind = 'document.uploaded'"), 3);
}

#[test]
fn a_retry_of_an_upload_is_the_same_upload() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let send = |name: &str, content: Vec<u8>| {
        seller
            .request("POST", &place(("CUSTOMER", &customer), "OTHER", name))
            .key("retry")
            .bytes("application/octet-stream", content)
            .send()
    };
    let answers = together(5, |_| send("介绍.pdf", pdf("同一")));
    assert_eq!(statuses(&answers), [(201, 5)]);
    assert!(
        answers
            .iter()
            .all(|answer| answer.bytes() == answers[0].bytes())
    );
    assert_eq!((app.count("documents"), app.count("blobs")), (1, 1));
    send("介绍.pdf", pdf("另一")).expect_code(422, "IDEMPOTENCY_KEY_REUSED");
    send("另一.pdf", pdf("同一")).expect_code(422, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!((app.count("documents"), app.count("blobs")), (1, 1));
}

#[test]
fn an_upload_that_broke_off_is_forgotten_after_a_day() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let owner = seller.id();
    app.sql(&format!(
        "INSERT INTO blobs (id, owner_id, kept, created_at) VALUES ('01970000-0000-7000-8000-00000000000a', '{owner}', FALSE, '2026-03-02 01:00:00')"
    ));
    app.advance(chrono::Duration::hours(23));
    upload(
        &seller,
        ("CUSTOMER", &customer),
        "OTHER",
        "介绍.pdf",
        pdf(""),
    )
    .expect(201);
    runner::tidy_up(app.inside()).unwrap();
    assert_eq!(app.count("blobs"), 2);
    app.advance(chrono::Duration::hours(2));
    runner::tidy_up(app.inside()).unwrap();
    assert_eq!(app.count("blobs WHERE kept = FALSE"), 0);
    app.advance(chrono::Duration::days(40));
    runner::tidy_up(app.inside()).unwrap();
    assert_eq!((app.count("blobs"), app.count("blob_parts")), (1, 1));
}

#[test]
fn a_link_has_no_versions_and_no_content() {
    let app = TestApp::start();
    let (seller, customer) = (app.salesperson(), customer(&app));
    let body = json!({
        "subject_kind": "CUSTOMER", "subject_id": customer, "kind": "OTHER",
        "name": "网盘", "url": "https://docs.example.com/a",
    });
    let made = seller.post("/documents", body).expect(201);
    let id = made.id();
    replace(&seller, &id, &made.etag(), "介绍.pdf", pdf("")).expect_code(409, "STATE_CONFLICT");
    seller.get(&format!("/documents/{id}/content")).expect(404);
    assert_eq!(
        seller
            .get(&format!("/documents/{id}/versions"))
            .expect(200)
            .json(),
        json!([])
    );
    assert_eq!(app.count("blobs"), 0);
}
