//! An answer of the server, and what a test says about it.

use serde_json::Value;

/// Status, headers and body.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `POST /customers`: what was asked.
    pub asked: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// What came back.
    pub fn new(asked: String, status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self {
            asked,
            status,
            headers,
            body,
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The answer itself if it has this status; else the test ends with all of it.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}, got {self}");
        self
    }

    /// A refusal with this status and code.
    #[track_caller]
    pub fn expect_code(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert!(
            answer.problem()["code"] == code,
            "expected {code}, got {answer}"
        );
        answer
    }

    /// A refusal with exactly this body, but for `trace_id`.
    #[track_caller]
    pub fn refused(self, body: Value) -> Self {
        let problem = self.problem();
        same_body(&problem, &body, &self.asked);
        assert_eq!(
            problem["status"], self.status,
            "the body's status is the answer's"
        );
        self
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body)
            .unwrap_or_else(|_| panic!("{}: the body is not UTF-8", self.asked))
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {self}"))
    }

    /// The problem in the body, without its `trace_id`, which is that of the header.
    #[track_caller]
    pub fn problem(&self) -> Value {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self}"
        );
        let mut problem = self.json();
        let trace = problem
            .as_object_mut()
            .and_then(|members| members.remove("trace_id"));
        let trace = trace.as_ref().and_then(Value::as_str);
        assert!(
            trace.is_some_and(|trace| !trace.is_empty()),
            "no trace_id: {self}"
        );
        assert_eq!(trace, self.header("x-request-id"), "{self}");
        problem
    }

    /// `code` of every failing field by its pointer, in the order given.
    #[track_caller]
    pub fn failing_fields(&self) -> Vec<(String, String)> {
        let problem = self.problem();
        let fields = problem["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors: {self}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        fields
            .iter()
            .map(|field| (text(&field["pointer"]), text(&field["code"])))
            .collect()
    }

    /// The record's id.
    #[track_caller]
    pub fn id(&self) -> String {
        self.json()["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no id: {self}"))
            .to_owned()
    }

    /// The record's version as `If-Match` takes it.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag")
            .unwrap_or_else(|| panic!("no ETag: {self}"))
            .to_owned()
    }

    /// The rows of a list.
    #[track_caller]
    pub fn items(&self) -> Vec<Value> {
        self.json()["items"]
            .as_array()
            .unwrap_or_else(|| panic!("no list: {self}"))
            .clone()
    }

    /// The ids of a list's rows.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        let id = |row: &Value| {
            row["id"]
                .as_str()
                .unwrap_or_else(|| panic!("a row without id: {row}"))
                .to_owned()
        };
        self.items().iter().map(id).collect()
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} to {}", self.status, self.asked)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(json) => write!(f, "\n{json:#}"),
            Err(_) => write!(f, "\n{}", String::from_utf8_lossy(&self.body)),
        }
    }
}

/// Both bodies in full where they differ.
#[track_caller]
fn same_body(found: &Value, expected: &Value, asked: &str) {
    assert!(
        found == expected,
        "{asked}\nexpected {expected:#}\nfound {found:#}"
    );
}
