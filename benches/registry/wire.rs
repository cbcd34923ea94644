//! A client that costs next to nothing: it shares two cores with the server that it measures.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// How much is read at once: a page of a list fits.
const ROOM: usize = 256 * 1024;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// More headers than the server sends.
const HEADERS: usize = 48;

/// What is asked.
#[derive(Debug)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    /// Each ends with a line break.
    pub headers: String,
    pub body: Vec<u8>,
    /// With which statuses it is answered.
    pub answered_by: &'static [u16],
}

/// A connection that is kept open.
pub struct Wire {
    stream: TcpStream,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Wire {
    /// Connects to `host:port`.
    pub async fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            sent: Vec::new(),
            received: vec![0; ROOM],
        }
    }

    /// Asks, and reads the answer to its end.
    pub async fn ask(&mut self, request: &Request) {
        tokio::time::timeout(PATIENCE, self.answered(request))
            .await
            .expect("an answer in time");
    }

    async fn answered(&mut self, request: &Request) {
        let Request {
            method,
            path,
            headers,
            body,
            answered_by,
        } = request;
        self.sent.clear();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {length}\r\n\r\n"
        );
        self.sent.extend_from_slice(head.as_bytes());
        self.sent.extend_from_slice(body);
        self.stream.write_all(&self.sent).await.expect("sent");
        let mut filled = 0;
        loop {
            let room = &mut self.received[filled..];
            let count = self.stream.read(room).await.expect("an answer");
            assert!(count > 0, "{method} {path}: the server hung up");
            filled += count;
            let Some((status, start, length)) = read_head(&self.received[..filled]) else {
                continue;
            };
            let whole = start + length;
            if self.received.len() < whole {
                self.received.resize(whole, 0);
            }
            let rest = &mut self.received[filled..whole];
            self.stream.read_exact(rest).await.expect("the rest");
            assert!(
                answered_by.contains(&status),
                "{method} {path}: {status} {}",
                String::from_utf8_lossy(&self.received[start..whole])
            );
            return;
        }
    }
}

/// Status, where the body begins and how long it is, once all headers are there.
fn read_head(text: &[u8]) -> Option<(u16, usize, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = answer.parse(text).expect("HTTP") else {
        return None;
    };
    let length = answer
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok())
        .expect("a length");
    Some((answer.code.expect("a status"), start, length))
}
