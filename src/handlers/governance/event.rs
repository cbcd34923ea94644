//! The audit trail and histories.

use actix_web::{get, web};

use crate::{
    api::governance::event::{EventFilter, EventView, HistoryEntry, HistoryFilter},
    app::App,
    error::AppResult,
    http::{
        Caller, Listed, Reply,
        query::{ListOf, Paging},
    },
    services::governance::history::{self, EventSort},
};

/// List events.
///
/// The whole audit trail, append-only and chained (SEC-15, S11); needs READ_AUDIT. Sorted by `at`, the latest first.
#[utoipa::path(tag = "Audit", params(EventFilter, Paging), responses((status = 200, description = "A page of events.", body = ListOf<EventView>)))]
#[get("/events")]
pub async fn list_events(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<EventFilter, EventSort>,
) -> AppResult<Reply> {
    app.list(caller, query, history::events).await
}

/// Read a record's history.
///
/// For whoever may read the record: who did what, when, by which requirement (SEC-15). Sorted by `at`, the latest
/// first.
#[utoipa::path(tag = "Audit", params(HistoryFilter, Paging), responses((status = 200, description = "A page of the history.", body = ListOf<HistoryEntry>)))]
#[get("/history")]
pub async fn list_history(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<HistoryFilter, EventSort>,
) -> AppResult<Reply> {
    app.list(caller, query, history::of_record).await
}
