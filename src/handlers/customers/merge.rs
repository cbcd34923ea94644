//! Merges of customers.

use actix_web::{get, post, web};

use crate::{
    api::customers::merge::{
        MergeFilter, MergeMoveFilter, MergeMoveView, MergePreview, MergePreviewRequest, MergeView,
        NewMerge, UndoMerge,
    },
    app::App,
    domain::id::kind::{Customer, CustomerId, Merge, MergeId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::{
        merge_undo,
        merge_views::{self, MergeMoveSort, MergeSort},
        merges,
    },
};

/// Preview a merge of two customers.
///
/// What would follow the absorbed customer into the one of the path, which fields differ and what the result would be,
/// and everything that stands against it (DUP-09). Nothing is changed. By default the first registered one stays
/// (CONF-01): see `suggested_survivor_id`. For the owner of both, or with `MERGE_CUSTOMERS` and the right to change both.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer that would stay.")), request_body = MergePreviewRequest, responses((status = 200, description = "The preview.", body = MergePreview)))]
#[post("/customers/{id}/merge-previews")]
pub async fn preview_customer_merge(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<MergePreviewRequest>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        merges::preview(conn, ctx, id.0, &body.value)
    })
    .await
}

/// Merge two customers.
///
/// Exactly as previewed, or not at all (DUP-09): `If-Match` is required and is the survivor's version, `absorbed_version`
/// the other's, `fingerprint` the preview's; 412 when any of it has changed. Contacts, activities, opportunities, quotes,
/// contracts, conflict cases, attempts, shares, end customers, approvals and registration keys follow; the absorbed
/// customer stays readable with state MERGED and `merged_into`. It may be undone for 30 days unless the policy
/// `duplicates` says otherwise.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer that stays.")), request_body = NewMerge, responses((status = 200, description = "Merged.", body = MergeView)))]
#[post("/customers/{id}/merge")]
pub async fn merge_customers(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewMerge>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        merges::merge(tx, ctx, id.0, body)
    })
    .await
}

/// List merges.
///
/// Of customers that the caller may see: who, when, what (DUP-09). Sort key: `created_at`.
#[utoipa::path(tag = "Customers", params(MergeFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<MergeView>)))]
#[get("/merges")]
pub async fn list_merges(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<MergeFilter, MergeSort>,
) -> AppResult<Reply> {
    app.list(caller, query, merge_views::list).await
}

/// Get a merge.
///
/// Who merged what into what, when, why, and whether it may be undone (DUP-09).
#[utoipa::path(tag = "Customers", params(("id" = MergeId, Path, description = "The merge.")), responses((status = 200, description = "The merge.", body = MergeView)))]
#[get("/merges/{id}")]
pub async fn get_merge(app: web::Data<App>, caller: Caller, id: PathId<Merge>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| merge_views::get(conn, ctx, id.0))
        .await
}

/// List what a merge moved.
///
/// Record by record, with what the undo did with each (DUP-09). Sort key: `position`.
#[utoipa::path(tag = "Customers", params(("id" = MergeId, Path, description = "The merge."), MergeMoveFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<MergeMoveView>)))]
#[get("/merges/{id}/moves")]
pub async fn list_merge_moves(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Merge>,
    query: Listed<MergeMoveFilter, MergeMoveSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        merge_views::moves(conn, ctx, id.0, query)
    })
    .await
}

/// Undo a merge.
///
/// Within its term, the last one first (DUP-09); `If-Match` is required. Everything goes back to where it was with what
/// has been changed in it since; what is new stays with the survivor, but for what hangs on an opportunity that goes back.
#[utoipa::path(tag = "Customers", params(("id" = MergeId, Path, description = "The merge.")), request_body = UndoMerge, responses((status = 200, description = "Undone.", body = MergeView)))]
#[post("/merges/{id}/undo")]
pub async fn undo_merge(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Merge>,
    body: Body<UndoMerge>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        merge_undo::undo(tx, ctx, id.0, body)
    })
    .await
}
