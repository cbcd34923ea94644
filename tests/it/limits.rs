//! Bodies beyond the limit and bodies that are made to cost much (R7).

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::{
    bad_input::{is_refused, send, writers},
    harness::{
        TestApp,
        company::PASSWORD,
        document::{NOBODY, Operation, operation_named},
    },
};

#[test]
fn a_body_beyond_the_limit_is_refused_by_every_operation() {
    let app = TestApp::start();
    for operation in writers() {
        let answer = raw(
            &app,
            &operation,
            &format!("Content-Length: {}\r\n", 10 << 20),
            0,
        );
        assert!(
            answer.starts_with("HTTP/1.1 413 "),
            "announced, {}: {answer}",
            operation.id
        );
        assert!(
            answer.contains("\"code\":\"BODY_TOO_LARGE\"")
                && answer.contains("\"limit_bytes\":1048576"),
            "{answer}"
        );
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_even_if_nobody_announced_it() {
    let app = TestApp::start();
    let login = operation_named("login");
    let answer = raw(&app, &login, "Transfer-Encoding: chunked\r\n", 10 << 20);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    app.anonymous().get("/health/live").expect(200);
}

#[test]
fn ten_megabytes_and_a_million_keys_do_not_grow_the_process() {
    let app = TestApp::start();
    let client = app.administrator();
    client.get("/me").expect(200);
    let mut keys = String::from("{");
    for n in 0..1_000_000 {
        keys.push_str(&format!("\"k{n}\":0,"));
    }
    keys.push_str("\"last\":0}");
    let just_below = format!("{{\"surely_unknown\":\"{}\"}}", "x".repeat(1_000_000));
    let few_keys = format!(
        "{{{}\"last\":0}}",
        (0..100_000)
            .map(|n| format!("\"{n}\":0,"))
            .collect::<String>()
    );
    assert!(few_keys.len() < 1_048_576 && keys.len() > 10 << 20);
    let before = resident();
    for operation in writers() {
        for (body, status) in [(&just_below, 422), (&few_keys, 422)] {
            let answer = send(&client, &operation, "application/json", body.clone());
            is_refused(&answer, &operation.id);
            assert_eq!(answer.status(), status, "{}", operation.id);
            let named = answer.failing_fields().len();
            assert!(named <= 100, "{}: {named} failing fields", operation.id);
            assert!(
                answer.bytes().len() < 64 << 10,
                "{}: {} bytes",
                operation.id,
                answer.bytes().len()
            );
        }
    }
    let login = operation_named("login");
    let answer = raw(
        &app,
        &login,
        &format!("Content-Length: {}\r\n", keys.len()),
        0,
    );
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let grown = resident().saturating_sub(before);
    // Other tests run in this process too, so this only finds growth with every request.
    assert!(grown < 400 << 20, "grew by {} MB", grown >> 20);
}

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap()
        * 4096
}

/// Sends a head and, in chunks, as many bytes as the server takes, and gives the answer.
fn raw(app: &TestApp, operation: &Operation, framing: &str, bytes: usize) -> String {
    let mut stream = TcpStream::connect(app.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream
        .set_write_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let token = if operation.secured {
        let pair = app.login("administrator", PASSWORD).expect(200).json();
        format!(
            "Authorization: Bearer {}\r\nIf-Match: \"1\"\r\n",
            pair["access_token"].as_str().unwrap()
        )
    } else {
        String::new()
    };
    let head = format!(
        "{} {} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nConnection: close\r\n{token}{framing}\r\n",
        operation.method,
        operation.path_to(NOBODY)
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"2000\r\n".as_slice(), &[b' '; 0x2000], b"\r\n"].concat();
    for _ in 0..bytes / 0x2000 {
        // The server may stop reading as soon as it knows.
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    answer_of(stream)
}

/// One answer: its head and as much as it announces.
fn answer_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&answer).into_owned();
        let length = |head: &str| {
            let line = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            line.and_then(|length| length.parse::<usize>().ok())
                .unwrap_or(0)
        };
        if text
            .split_once("\r\n\r\n")
            .is_some_and(|(head, body)| body.len() >= length(head))
        {
            return text;
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return text,
            Ok(count) => answer.extend_from_slice(&part[..count]),
        }
    }
}
