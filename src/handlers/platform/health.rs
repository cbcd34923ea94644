//! Liveness, readiness, metrics (SEC-09, SEC-16): outside of the versioned API, without authentication, for probes.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    db::Database,
    error::{AppError, AppResult},
    http::{Reply, View},
};

/// State of a probe.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: String,
}

impl View for Health {}

/// Is the process alive?
///
/// Answers without touching the database.
#[utoipa::path(tag = "Operations", security(()), responses((status = 200, description = "Alive.", body = Health)))]
#[get("/health/live")]
pub async fn live() -> AppResult<Reply> {
    let status = "ok".into();
    Reply::of(200, &Health { status })
}

/// Can it serve?
///
/// 503 while the database is away or not migrated.
#[utoipa::path(tag = "Operations", security(()), responses((status = 200, description = "Ready.", body = Health)))]
#[get("/health/ready")]
pub async fn ready(app: web::Data<App>) -> AppResult<Reply> {
    let migrated = app
        .db()
        .read(Database::is_migrated)
        .await
        .map_err(|e| AppError::unavailable(5, e))?;
    if !migrated {
        return Err(AppError::unavailable(5, "migrations are pending"));
    }
    let status = "ok".into();
    Reply::of(200, &Health { status })
}

/// Prometheus metrics.
///
/// In the text exposition format.
#[utoipa::path(tag = "Operations", security(()), responses((status = 200, description = "Metrics.", body = String, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn metrics(app: web::Data<App>) -> AppResult<HttpResponse> {
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(app.metrics().render()?))
}
