//! A client of the API: a person of the company, the holder of a token, or nobody.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use ureq::http;

use super::{Answer, Person, TestApp};

/// The paths that are not of the versioned API.
const ROOT: [&str; 5] = ["/api/", "/api-docs/", "/health/", "/metrics", "/swagger-ui"];

/// Someone who sends requests.
#[derive(Clone)]
pub struct Client<'a> {
    app: &'a TestApp,
    who: Who,
    at: SocketAddr,
}

#[derive(Clone)]
enum Who {
    Nobody,
    Person(Person),
    Holder(String),
}

/// A request in the making.
pub struct Request<'a> {
    client: &'a Client<'a>,
    asked: String,
    request: http::request::Builder,
    body: Option<Vec<u8>>,
    speaks: bool,
}

/// Blocking, patient, without proxies; every status is an answer.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(60)))
        .max_idle_connections_per_host(100)
        .build()
        .into()
}

impl<'a> Client<'a> {
    pub(super) fn person(app: &'a TestApp, person: Person) -> Self {
        Self {
            app,
            at: app.address(),
            who: Who::Person(person),
        }
    }

    pub(super) fn holder(app: &'a TestApp, token: &str) -> Self {
        Self {
            app,
            at: app.address(),
            who: Who::Holder(token.to_owned()),
        }
    }

    pub(super) fn anonymous(app: &'a TestApp) -> Self {
        Self {
            app,
            at: app.address(),
            who: Who::Nobody,
        }
    }

    /// The same person, asking another server.
    pub fn at(mut self, server: SocketAddr) -> Self {
        self.at = server;
        self
    }

    /// Who this is; tests ask it only of people.
    pub fn id(&self) -> String {
        self.get("/me").expect(200).id()
    }

    /// A request to a path under `/api/v1`.
    pub fn request(&'a self, method: &str, path: &str) -> Request<'a> {
        let place = if ROOT.iter().any(|root| path.starts_with(root)) {
            String::new()
        } else {
            "/api/v1".into()
        };
        let uri = format!("http://{}{place}{path}", self.at);
        let mut request = http::Request::builder().method(method).uri(uri);
        match &self.who {
            Who::Nobody => {}
            Who::Person(person) => {
                request = request.header(
                    "authorization",
                    format!("Bearer {}", self.app.token_of(*person)),
                )
            }
            Who::Holder(token) => {
                request = request.header("authorization", format!("Bearer {token}"))
            }
        }
        Request {
            client: self,
            asked: format!("{method} {path}"),
            request,
            body: None,
            speaks: false,
        }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// Creates, or gives a command with a body.
    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path).json(&body).send()
    }

    /// Gives a command that has no body.
    pub fn command(&self, path: &str) -> Answer {
        self.request("POST", path).send()
    }

    /// Gives a command about the version that was read.
    pub fn decide(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.request("POST", path).if_match(etag).json(&body).send()
    }

    /// Changes the version that was read.
    pub fn patch(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.request("PATCH", path)
            .if_match(etag)
            .json(&body)
            .send()
    }

    /// Takes away the version that was read.
    pub fn delete(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.request("DELETE", path)
            .if_match(etag)
            .json(&body)
            .send()
    }

    /// Every row of a list, page by page.
    pub fn walk(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = path.to_owned();
        loop {
            let page = self.get(&next).expect(200);
            rows.extend(page.items());
            match page.json()["next_cursor"].as_str() {
                None => return rows,
                Some(cursor) => {
                    let separator = if path.contains('?') { '&' } else { '?' };
                    next = format!("{path}{separator}cursor={cursor}");
                }
            }
        }
    }
}

impl Request<'_> {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.speaks |= name.eq_ignore_ascii_case("accept-language");
        self.request = self.request.header(name, value);
        self
    }

    /// Which version was read.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// A key that makes a retry safe.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// A JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    /// Any body.
    pub fn bytes(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Sends it. Answers are in English unless the test says otherwise.
    pub fn send(self) -> Answer {
        let request = if self.speaks {
            self.request
        } else {
            self.request.header("accept-language", "en")
        };
        let agent = &self.client.app.agent;
        let sent = match self.body {
            Some(body) => agent.run(request.body(body).expect("a request")),
            None => agent.run(request.body(()).expect("a request")),
        };
        let mut response = sent.unwrap_or_else(|error| panic!("{}: {error}", self.asked));
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        let body = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec();
        let body = body.unwrap_or_else(|error| panic!("{}: {error}", self.asked));
        Answer::new(self.asked, response.status().as_u16(), headers, body)
    }
}
