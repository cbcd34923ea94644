//! JSON bodies: read whole, checked against the schema that the document shows, every failing field reported.

use std::{fmt, future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use futures_util::StreamExt;
use serde::{
    Deserialize,
    de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use utoipa::ToSchema;

use super::explain;
use crate::{
    app::App,
    auth::keys,
    error::{AppError, AppResult, Code, FieldError},
};

/// A validated JSON body and the digest of its bytes.
pub struct Body<T> {
    /// The value.
    pub value: T,
    /// SHA-256 of the bytes, for idempotency.
    pub digest: [u8; 32],
}

/// For commands without a body: an empty one, or `{}`.
pub struct NoBody {
    /// SHA-256 of nothing.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = AppResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        json(request, payload, |value, digest| {
            let value = typed(value)?;
            Ok(Self { value, digest })
        })
    }
}

impl FromRequest for NoBody {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = AppResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let bytes = read(&request, &mut payload, limit(&request)).await?;
            if !bytes.is_empty() {
                require_json(&request)?;
                if strict(&bytes)? != Value::Object(Map::new()) {
                    return Err(malformed(
                        "此命令不接受请求体。",
                        "This command takes no body.",
                    ));
                }
            }
            Ok(Self {
                digest: keys::digest(&[b""]),
            })
        })
    }
}

/// Reads a JSON body and makes something of its value and the digest of its bytes.
///
/// # Errors
/// 400, 413, 415, and what `make` refuses.
pub fn json<T: 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    make: fn(&Value, [u8; 32]) -> AppResult<T>,
) -> Pin<Box<dyn Future<Output = AppResult<T>>>> {
    let request = request.clone();
    let mut payload = payload.take();
    Box::pin(async move {
        let bytes = read(&request, &mut payload, limit(&request)).await?;
        require_json(&request)?;
        make(&strict(&bytes)?, keys::digest(&[&bytes]))
    })
}

/// Checks a JSON value against the schema of `T` and turns it into one.
///
/// # Errors
/// 422 with every failing field.
pub fn typed<T: DeserializeOwned + ToSchema + 'static>(value: &Value) -> AppResult<T> {
    let errors = explain::failing_fields::<T>(value)?;
    if !errors.is_empty() {
        return Err(AppError::invalid(errors));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer(error.path());
        let reason = error.into_inner().to_string();
        AppError::invalid(vec![FieldError::new(
            pointer,
            "INVALID_VALUE",
            format!("取值不正确：{reason}"),
            reason,
        )])
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .fold(String::new(), |pointer, segment| match segment {
            Segment::Seq { index } => format!("{pointer}/{index}"),
            Segment::Map { key } => format!("{pointer}/{key}"),
            Segment::Enum { .. } | Segment::Unknown => pointer,
        })
}

/// Reads the whole body, up to a limit.
///
/// # Errors
/// 413, or 400 when the connection breaks.
pub async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> AppResult<Vec<u8>> {
    let announced = announced(request, limit)?;
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(limit));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(broken_off)?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// How long the body says it is.
///
/// # Errors
/// 413 if that is too long.
pub fn announced(request: &HttpRequest, limit: usize) -> AppResult<Option<usize>> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    match announced {
        Some(length) if length > limit => Err(too_large(limit)),
        announced => Ok(announced),
    }
}

/// 413.
pub fn too_large(limit: usize) -> AppError {
    AppError::new(
        Code::TooLarge,
        format!("请求内容超过 {limit} 字节。"),
        format!("The body exceeds {limit} bytes."),
    )
    .with("limit_bytes", limit)
}

/// 400: the connection broke before the end.
pub fn broken_off(cause: actix_web::error::PayloadError) -> AppError {
    malformed("请求内容未能读完。", "The body broke off.").with_cause(cause)
}

fn limit(request: &HttpRequest) -> usize {
    request
        .app_data::<web::Data<App>>()
        .map_or(1_048_576, |app| app.config().body_limit)
}

fn require_json(request: &HttpRequest) -> AppResult<()> {
    if request.method() == "PATCH" {
        require_type(
            request,
            &["application/json", "application/merge-patch+json"],
        )
    } else {
        require_type(request, &["application/json"])
    }
}

/// Refuses a body of another content type than these; the first is what the caller is told to use.
///
/// # Errors
/// 415.
pub fn require_type(request: &HttpRequest, wanted: &[&str]) -> AppResult<()> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if wanted.contains(&essence.as_str()) {
        return Ok(());
    }
    let first = wanted.first().copied().unwrap_or_default();
    Err(AppError::new(
        Code::UnsupportedMediaType,
        format!("请使用 Content-Type: {first}。"),
        format!("Use Content-Type: {first}."),
    ))
}

fn malformed(zh: impl Into<String>, en: impl Into<String>) -> AppError {
    AppError::new(Code::Malformed, zh, en)
}

/// Parses JSON that means one thing only: no duplicate members, no NUL (PostgreSQL cannot keep it), bounded depth.
///
/// # Errors
/// 400 with the place.
pub fn strict(bytes: &[u8]) -> AppResult<Value> {
    serde_json::from_slice::<Strict>(bytes)
        .map(|strict| strict.0)
        .map_err(|error| {
            malformed(
                format!(
                    "JSON 无法解析（第 {} 行第 {} 列）。",
                    error.line(),
                    error.column()
                ),
                format!(
                    "The JSON cannot be read at line {}, column {}: {error}.",
                    error.line(),
                    error.column()
                ),
            )
        })
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        if value.contains('\0') {
            return Err(E::custom("the character U+0000 is not allowed"));
        }
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if name.contains('\0') {
                return Err(de::Error::custom("the character U+0000 is not allowed"));
            }
            let Strict(value) = entries.next_value()?;
            if members.contains_key(&name) {
                return Err(de::Error::custom(format_args!(
                    "the member {name:?} stands twice"
                )));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}
