//! The duplicate check and the ledger of refused attempts.

use actix_web::{get, post, web};

use crate::{
    api::customers::duplicate::{
        AttemptFilter, AttemptView, DuplicateCheck, DuplicateReport, LikelyDuplicate,
    },
    app::App,
    domain::id::kind::{Attempt, AttemptId, Customer, CustomerId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::duplicates::{self, AttemptSort},
};

/// Check for duplicates before an entry.
///
/// Over all customers, also those that the caller may not see: then only name, owner, department and time are told
/// (DUP-01, DUP-02, AMB-33). `holders` would refuse a registration: the same name without width, case, script, brackets,
/// blanks and punctuation, the same code, or by line the same phone. `candidates` refuse nothing: records that are likely
/// the same company (another legal form, a place elsewhere, one wrong character, an abbreviation, the same address) or
/// related to it (branches), with a score and reasons.
#[utoipa::path(tag = "Customers", request_body = DuplicateCheck, responses((status = 200, description = "Who holds it, if anybody.", body = DuplicateReport)))]
#[post("/customers/duplicate-checks")]
pub async fn check_duplicates(
    app: web::Data<App>,
    caller: Caller,
    body: Body<DuplicateCheck>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        duplicates::check(conn, ctx, &body.value)
    })
    .await
}

/// List likely duplicates of a customer.
///
/// Who is likely the same company as this one, or related to it, the likeliest first, over all records: for whoever
/// reviews it or works on it (DUP-01, DUP-02, AMB-33, AMB-46).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "At most as many as the policy `likeness` lists.", body = Vec<LikelyDuplicate>)))]
#[get("/customers/{id}/likely-duplicates")]
pub async fn list_likely_duplicates(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| duplicates::likely(conn, ctx, id.0))
        .await
}

/// List refused attempts to register.
///
/// One's own, those that met one's customers, and those within one's reach: evidence for a ruling (CONF-06, CONF-07).
#[utoipa::path(tag = "Customers", params(AttemptFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<AttemptView>)))]
#[get("/registration-attempts")]
pub async fn list_registration_attempts(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<AttemptFilter, AttemptSort>,
) -> AppResult<Reply> {
    app.list(caller, query, duplicates::attempts).await
}

/// Get a refused attempt to register.
///
/// With the case that was brought about it, and whether it may still be appealed (AMB-45).
#[utoipa::path(tag = "Customers", params(("id" = AttemptId, Path, description = "The attempt.")), responses((status = 200, description = "The attempt.", body = AttemptView)))]
#[get("/registration-attempts/{id}")]
pub async fn get_registration_attempt(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Attempt>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        duplicates::attempt(conn, ctx, id.0)
    })
    .await
}
