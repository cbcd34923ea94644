//! RFC 9457 problems, in the caller's language.

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde_json::{Map, Value, json};

use super::addresses::ALLOW;
use crate::error::{AppError, Code, FieldError, Text};

/// The languages that problems are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// 简体中文, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Locale {
    /// The first language of `Accept-Language` that we speak; its weights order it.
    pub fn negotiate(accept: Option<&str>) -> Self {
        let mut wanted: Vec<(f32, Self)> = accept
            .unwrap_or_default()
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.trim().split(';');
                let tag = pieces.next()?.trim().to_ascii_lowercase();
                let weight = pieces
                    .find_map(|piece| {
                        piece
                            .trim()
                            .strip_prefix("q=")
                            .map(|q| q.parse().unwrap_or(0.0))
                    })
                    .unwrap_or(1.0);
                match tag.split('-').next()? {
                    "zh" => Some((weight, Self::Zh)),
                    "en" => Some((weight, Self::En)),
                    _ => None,
                }
            })
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map_or(Self::Zh, |(_, locale)| *locale)
    }

    /// The tag for `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    fn of(self, text: &Text) -> &str {
        match self {
            Self::Zh => &text.zh,
            Self::En => &text.en,
        }
    }
}

/// The problem's JSON.
pub fn body(error: &AppError, locale: Locale, trace_id: &str) -> Value {
    let code = error.code();
    let (zh, en) = code.titles();
    let mut members = Map::new();
    members.insert(
        "type".into(),
        format!(
            "/problems/{}",
            code.as_str().to_ascii_lowercase().replace('_', "-")
        )
        .into(),
    );
    members.insert(
        "title".into(),
        if locale == Locale::Zh { zh } else { en }.into(),
    );
    members.insert("status".into(), code.status().into());
    members.insert("detail".into(), locale.of(error.detail()).into());
    members.insert("code".into(), code.as_str().into());
    if let Some(rule) = error.rule_id() {
        members.insert("rule".into(), rule.into());
    }
    members.insert(
        "errors".into(),
        error
            .errors()
            .iter()
            .map(|field| field_body(field, locale))
            .collect(),
    );
    members.insert("trace_id".into(), trace_id.into());
    for (member, value) in error.extra() {
        members
            .entry(member.clone())
            .or_insert_with(|| value.clone());
    }
    Value::Object(members)
}

fn field_body(field: &FieldError, locale: Locale) -> Value {
    json!({
        "pointer": field.pointer,
        "code": field.code,
        "params": field.params,
        "message": locale.of(&field.message),
    })
}

/// The response that carries a problem.
pub fn response(error: &AppError, locale: Locale, trace_id: &str) -> HttpResponse {
    let mut response = HttpResponseBuilder::new(status(error.code()));
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::CONTENT_LANGUAGE, locale.tag()));
    if let Some(seconds) = error.retry_after() {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if let Some(allow) = error.extra().get(ALLOW).and_then(Value::as_str) {
        response.insert_header((header::ALLOW, allow));
    }
    if error.code().status() == 401 {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"xianlu\""));
    }
    response.body(body(error, locale, trace_id).to_string())
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        status(self.code())
    }

    /// The edge renders the problem again, in the caller's language and with the trace id.
    fn error_response(&self) -> HttpResponse {
        response(self, Locale::default(), "")
    }
}
