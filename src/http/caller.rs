//! Who calls: the bearer token, and the headers that every command understands.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName},
    web,
};

use super::{addresses, edge::Edge};
use crate::{
    app::App,
    auth::tokens::Claims,
    context::Origin,
    error::{AppError, AppResult, Code, FieldError},
};

/// An authenticated caller, as far as the headers tell; the session itself is checked with the database.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The token's claims.
    pub claims: Claims,
    /// Where the request comes from.
    pub origin: Origin,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// `If-Match`: the version that the caller read.
    pub if_match: Option<IfMatch>,
    /// `If-None-Match`, as sent.
    pub if_none_match: Option<String>,
    /// Method and path: part of an idempotent request's fingerprint.
    pub target: String,
    /// The path alone, for links.
    pub path: String,
    /// The query string, for links.
    pub query: String,
    /// Whether the command is open to someone who must change the password first.
    pub before_password_change: bool,
}

/// What `If-Match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever is there.
    Any,
    /// This version.
    Version(i64),
    /// A tag that can never be ours (weak, or not a version).
    Nothing,
}

impl Caller {
    /// Opens the command to someone who must change the password first (ORG-19).
    pub fn before_password_change(mut self) -> Self {
        self.before_password_change = true;
        self
    }
}

/// The address, trace and language of any request, signed in or not.
pub fn edge(request: &HttpRequest) -> Option<Edge> {
    request.extensions().get::<Edge>().cloned()
}

/// 401.
pub fn unauthenticated() -> AppError {
    AppError::new(
        Code::Unauthenticated,
        "请先登录，或用刷新令牌换取新的访问令牌。",
        "Sign in, or exchange the refresh token for a new access token.",
    )
    .rule("SEC-01")
}

impl FromRequest for Caller {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(extract(request))
    }
}

fn extract(request: &HttpRequest) -> AppResult<Caller> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| AppError::internal("no application"))?;
    let token = text(request, &header::AUTHORIZATION)?
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(unauthenticated)?;
    let claims = app
        .tokens()
        .check(token, app.now())
        .ok_or_else(unauthenticated)?;
    addresses::known_parameters_only(request)?;
    let edge = edge(request).ok_or_else(|| AppError::internal("no edge"))?;
    Ok(Caller {
        claims,
        origin: Origin {
            source: edge.source,
            trace_id: edge.trace_id,
        },
        idempotency_key: idempotency_key(request)?,
        if_match: text(request, &header::IF_MATCH)?.map(if_match),
        if_none_match: text(request, &header::IF_NONE_MATCH)?.map(str::to_owned),
        target: format!("{} {}", request.method(), request.path()),
        path: request.path().to_owned(),
        query: request.query_string().to_owned(),
        before_password_change: false,
    })
}

fn if_match(value: &str) -> IfMatch {
    match value.trim() {
        "*" => IfMatch::Any,
        tag => tag
            .strip_prefix('"')
            .and_then(|tag| tag.strip_suffix('"'))
            .and_then(|version| version.parse().ok())
            .map_or(IfMatch::Nothing, IfMatch::Version),
    }
}

fn idempotency_key(request: &HttpRequest) -> AppResult<Option<String>> {
    let Some(key) = text(request, &HeaderName::from_static("idempotency-key"))? else {
        return Ok(None);
    };
    if (1..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(Some(key.to_owned()));
    }
    Err(bad_header(
        "Idempotency-Key",
        "须为 1–128 个可见 ASCII 字符。",
        "Must be 1–128 visible ASCII characters.",
    ))
}

fn text<'r>(request: &'r HttpRequest, name: &HeaderName) -> AppResult<Option<&'r str>> {
    match request.headers().get(name) {
        None => Ok(None),
        Some(value) => value.to_str().map(Some).map_err(|_| {
            bad_header(
                name.as_str(),
                "请求头含有非 ASCII 字符。",
                "The header has non-ASCII characters.",
            )
        }),
    }
}

fn bad_header(name: &str, zh: &str, en: &str) -> AppError {
    AppError::new(
        Code::Malformed,
        format!("请求头 {name} 不正确。"),
        format!("The header {name} is not valid."),
    )
    .with_errors(vec![FieldError::new(
        format!("/{name}"),
        "INVALID_HEADER",
        zh,
        en,
    )])
}
