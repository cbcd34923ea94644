//! The outermost layer: trace id, language, problems, headers, access log, metrics.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::{JsonPayloadError, PayloadError},
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use uuid::Uuid;

use super::problem::{self, Locale};
use crate::{
    app::App,
    error::{AppError, Code},
};

/// What the edge found out about a request; extractors read it.
#[derive(Debug, Clone)]
pub struct Edge {
    /// For logs, problems and events.
    pub trace_id: String,
    /// The language of answers.
    pub locale: Locale,
    /// The client's address.
    pub source: String,
}

/// How long a phone with its separators and extension may be.
const LONGEST_PHONE: usize = 24;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps every request.
///
/// # Errors
/// Only what fails outside of every handler; whatever fails inside leaves as a problem.
#[expect(
    clippy::disallowed_methods,
    reason = "durations for metrics; no rule depends on them"
)]
pub async fn around<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let started = Instant::now();
    let app = request.app_data::<web::Data<App>>().cloned();
    let edge = edge_of(
        &request,
        app.as_ref().is_some_and(|app| app.config().trust_proxy),
    );
    request.extensions_mut().insert(edge.clone());
    let method = request.method().to_string();
    // HEAD is GET without a body (RFC 9110, 9.3.2): it is routed as GET, and the codec, which has read HEAD, sends none.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    if let Some(app) = &app {
        app.metrics().in_flight.inc();
    }
    // The request itself must not be kept: actix routes it only while nobody else holds it.
    let outcome = next.call(request).await;
    if let Some(app) = &app {
        app.metrics().in_flight.dec();
    }
    let response = outcome?;
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".into());
    let mut response = match failure(&response) {
        Some(error) => {
            report(&error, &edge);
            let answer = problem::response(&error, edge.locale, &edge.trace_id);
            with_headers_of(response, answer)
        }
        None => response.map_into_left_body(),
    };
    finish(&mut response, &edge);
    if let Some(app) = &app {
        let status = response.status().as_str().to_owned();
        let metrics = app.metrics();
        metrics
            .requests
            .with_label_values(&[&method, &route, &status])
            .inc();
        metrics
            .seconds
            .with_label_values(&[&method, &route])
            .observe(started.elapsed().as_secs_f64());
    }
    log::info!(
        target: "xianlu::access",
        method = method.as_str(), route = route.as_str(), status = response.status().as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX), trace_id = edge.trace_id.as_str();
        "request"
    );
    Ok(response)
}

fn edge_of(request: &ServiceRequest, trust_proxy: bool) -> Edge {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (8..=64).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                // A few digits and nothing else may be a phone, and trace ids are logged.
                && (id.len() > LONGEST_PHONE || id.bytes().any(|b| b.is_ascii_alphabetic()))
        });
    #[expect(clippy::disallowed_methods, reason = "a trace id, not a record id")]
    let trace_id = given.map_or_else(|| Uuid::new_v4().simple().to_string(), str::to_owned);
    let accept = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let source = if trust_proxy {
        let info = request.connection_info();
        info.realip_remote_addr().map(str::to_owned)
    } else {
        request.peer_addr().map(|peer| peer.ip().to_string())
    };
    Edge {
        trace_id,
        locale: Locale::negotiate(accept),
        source: source.unwrap_or_else(|| "unknown".to_owned()),
    }
}

/// The error that a response carries, if it has to be rendered (again) as a problem.
fn failure<B>(response: &ServiceResponse<B>) -> Option<AppError> {
    let status = response.status();
    if let Some(error) = response.response().error() {
        return Some(as_app_error(error, status));
    }
    match status {
        StatusCode::NOT_FOUND if response.headers().get(header::CONTENT_TYPE).is_none() => {
            Some(no_route())
        }
        StatusCode::METHOD_NOT_ALLOWED => Some(no_method()),
        _ => None,
    }
}

fn no_route() -> AppError {
    AppError::new(
        Code::NotFound,
        "没有这个地址。",
        "There is nothing at this address.",
    )
}

fn no_method() -> AppError {
    AppError::new(
        Code::MethodNotAllowed,
        "该地址不支持此方法，见 Allow 头。",
        "This address does not support the method: see Allow.",
    )
}

/// An error inside actix as one of ours.
fn as_app_error(error: &Error, status: StatusCode) -> AppError {
    if let Some(own) = error.as_error::<AppError>() {
        return copy(own);
    }
    let overflow = matches!(
        error.as_error::<PayloadError>(),
        Some(PayloadError::Overflow)
    ) || matches!(
        error.as_error::<JsonPayloadError>(),
        Some(JsonPayloadError::Overflow { .. })
    );
    match status {
        _ if overflow => AppError::new(
            Code::TooLarge,
            "请求内容超过上限。",
            "The body exceeds the limit.",
        ),
        StatusCode::NOT_FOUND => no_route(),
        StatusCode::METHOD_NOT_ALLOWED => no_method(),
        StatusCode::PAYLOAD_TOO_LARGE => AppError::new(
            Code::TooLarge,
            "请求内容超过上限。",
            "The body exceeds the limit.",
        ),
        status if status.is_client_error() => AppError::new(
            Code::Malformed,
            "请求无法读取。",
            "The request cannot be read.",
        )
        .with_cause(error),
        _ => AppError::internal(error),
    }
}

fn copy(error: &AppError) -> AppError {
    let mut copy = AppError::new(
        error.code(),
        error.detail().zh.clone(),
        error.detail().en.clone(),
    )
    .with_errors(error.errors().to_vec());
    if let Some(rule) = error.rule_id() {
        copy = copy.rule(rule);
    }
    for (member, value) in error.extra() {
        copy = copy.with(member, value);
    }
    if let Some(seconds) = error.retry_after() {
        copy = copy.wait(seconds);
    }
    if let Some(cause) = error.cause() {
        copy = copy.with_cause(cause);
    }
    copy
}

fn report(error: &AppError, edge: &Edge) {
    let status = error.code().status();
    if status >= 500 {
        log::error!(
            target: "xianlu::fault", trace_id = edge.trace_id.as_str(), code = error.code().as_str(),
            cause = error.cause().unwrap_or("");
            "request failed"
        );
    }
}

fn with_headers_of<B: MessageBody>(
    response: ServiceResponse<B>,
    mut answer: HttpResponse,
) -> ServiceResponse<EitherBody<B>> {
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response.into_response(answer).map_into_right_body()
}

fn finish<B>(response: &mut ServiceResponse<B>, edge: &Edge) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&edge.trace_id) {
        headers.insert(REQUEST_ID, value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
}
