//! A client that costs next to nothing: it shares two cores with the server that it measures.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// How much is read at once: a page of a list fits.
const ROOM: usize = 256 * 1024;
/// More headers than the server sends.
const HEADERS: usize = 48;

/// A connection that is kept open.
pub struct Wire {
    stream: TcpStream,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Wire {
    /// Connects to `host:port`.
    pub fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .expect("a socket");
        Self {
            stream,
            sent: Vec::new(),
            received: vec![0; ROOM],
        }
    }

    /// Asks, and reads the answer to its end: status and body.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, &[u8]) {
        self.sent.clear();
        write!(
            self.sent,
            "{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        )
        .expect("room");
        self.sent.extend_from_slice(body);
        self.stream.write_all(&self.sent).expect("sent");
        let mut filled = 0;
        loop {
            let count = self
                .stream
                .read(&mut self.received[filled..])
                .expect("an answer");
            assert!(count > 0, "{method} {path}: the server hung up");
            filled += count;
            if let Some((status, start, length)) = head(&self.received[..filled]) {
                if self.received.len() < start + length {
                    self.received.resize(start + length, 0);
                }
                self.stream
                    .read_exact(&mut self.received[filled..start + length])
                    .expect("the rest of the answer");
                return (status, &self.received[start..start + length]);
            }
        }
    }
}

/// Status, where the body begins and how long it is, once all headers are there.
fn head(text: &[u8]) -> Option<(u16, usize, usize)> {
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
