//! Conflict cases.

use actix_web::{get, post, web};

use crate::{
    api::sales::{
        case_entry::{CaseEntryFilter, CaseEntryView, NewCaseEntry},
        conflict_case::{Appeal, ConflictCaseFilter, ConflictCaseSummary, ConflictCaseView, Rule},
        cooperation::{CooperationFilter, CooperationView},
    },
    app::App,
    domain::id::kind::{Attempt, AttemptId, ConflictCase, ConflictCaseId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::sales::{
        appeals,
        case_entries::{self, CaseEntrySort},
        conflict_cases::{self, ConflictCaseSort},
        cooperations::{self, CooperationSort},
        rulings,
    },
};

/// List conflict cases.
///
/// The cases that the caller may see: as claimant or holder, by reach over either, or as the arbitrator of either's
/// department (CONF-05). Sort key: `created_at`.
#[utoipa::path(tag = "Conflicts", params(ConflictCaseFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ConflictCaseSummary>)))]
#[get("/conflict-cases")]
pub async fn list_conflict_cases(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ConflictCaseFilter, ConflictCaseSort>,
) -> AppResult<Reply> {
    app.list(caller, query, conflict_cases::list).await
}

/// Get a conflict case.
///
/// For whoever may rule on it with what both sides registered, when, and how completely (CONF-05, CONF-06).
#[utoipa::path(tag = "Conflicts", params(("id" = ConflictCaseId, Path, description = "The case.")), responses((status = 200, description = "The case.", body = ConflictCaseView)))]
#[get("/conflict-cases/{id}")]
pub async fn get_conflict_case(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ConflictCase>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        conflict_cases::get(conn, ctx, id.0)
    })
    .await
}

/// Appeal a refused registration.
///
/// By the refused registrant, until the end of the last day of the term, three working days unless the policy `conflict`
/// says otherwise (AMB-45); then the sales manager rules.
#[utoipa::path(tag = "Conflicts", params(("id" = ConflictCaseId, Path, description = "The case.")), request_body = Appeal, responses((status = 200, description = "Under arbitration.", body = ConflictCaseView)))]
#[post("/conflict-cases/{id}/appeal")]
pub async fn appeal_conflict_case(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ConflictCase>,
    body: Body<Appeal>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        conflict_cases::appeal(tx, ctx, id.0, body)
    })
    .await
}

/// Withdraw a conflict case.
///
/// By the refused registrant: the first registration stands (CONF-01).
#[utoipa::path(tag = "Conflicts", params(("id" = ConflictCaseId, Path, description = "The case.")), responses((status = 200, description = "Withdrawn.", body = ConflictCaseView)))]
#[post("/conflict-cases/{id}/withdraw")]
pub async fn withdraw_conflict_case(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ConflictCase>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        conflict_cases::withdraw(tx, ctx, id.0)
    })
    .await
}

/// Rule on a conflict case.
///
/// By the sales manager over either party's department who is neither party (CONF-05); `If-Match` is required. UPHOLD:
/// the first registration stands (CONF-01). TRANSFER: customer and live opportunities go to the claimant, who may submit
/// again. COOPERATE: both pursue it with a split that sums to exactly 1 (CONF-04, AMB-4). Basis, parties, time, outcome
/// and policy version are kept (CONF-07).
#[utoipa::path(tag = "Conflicts", params(("id" = ConflictCaseId, Path, description = "The case.")), request_body = Rule, responses((status = 200, description = "Ruled.", body = ConflictCaseView)))]
#[post("/conflict-cases/{id}/rule")]
pub async fn rule_conflict_case(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ConflictCase>,
    body: Body<Rule>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        rulings::rule(tx, ctx, id.0, body)
    })
    .await
}

/// Appeal a refused registration of a customer.
///
/// By the refused registrant, once, until the end of the last day of the term, three working days unless the policy
/// `conflict` says otherwise (AMB-45): the attempt becomes a conflict case, which goes to the sales manager over the
/// holder's department (CONF-05, AMB-50). An opportunity's collision has a case already: appeal that one.
#[utoipa::path(tag = "Conflicts", params(("id" = AttemptId, Path, description = "The refused attempt.")), request_body = Appeal, responses((status = 201, description = "Under arbitration.", body = ConflictCaseView)))]
#[post("/registration-attempts/{id}/appeal")]
pub async fn appeal_registration_attempt(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Attempt>,
    body: Body<Appeal>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        appeals::appeal_attempt(tx, ctx, id.0, body)
    })
    .await
}

/// List the proceedings of a conflict case.
///
/// Statements and evidence in their order (CONF-06). What is confidential is read by its author and by who may rule. Sort
/// key: `created_at`.
#[utoipa::path(tag = "Conflicts", params(("id" = ConflictCaseId, Path, description = "The case."), Paging), responses((status = 200, description = "A page.", body = ListOf<CaseEntryView>)))]
#[get("/conflict-cases/{id}/entries")]
pub async fn list_conflict_case_entries(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ConflictCase>,
    query: Listed<CaseEntryFilter, CaseEntrySort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        case_entries::list(conn, ctx, id.0, query)
    })
    .await
}

/// Put something on record in a conflict case.
///
/// A statement or evidence by a party or by who may rule, while the case is open; it is never changed (CONF-06, CONF-07).
#[utoipa::path(tag = "Conflicts", params(("id" = ConflictCaseId, Path, description = "The case.")), request_body = NewCaseEntry, responses((status = 201, description = "On record.", body = CaseEntryView)))]
#[post("/conflict-cases/{id}/entries")]
pub async fn add_conflict_case_entry(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ConflictCase>,
    body: Body<NewCaseEntry>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        case_entries::add(tx, ctx, id.0, body)
    })
    .await
}

/// List cooperations by ruling.
///
/// Who pursues which customer or opportunity with which share, by which ruling, since when (CONF-04, CONF-07): one's own,
/// and those of customers that one may see. Sort key: `since`.
#[utoipa::path(tag = "Conflicts", params(CooperationFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<CooperationView>)))]
#[get("/cooperations")]
pub async fn list_cooperations(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<CooperationFilter, CooperationSort>,
) -> AppResult<Reply> {
    app.list(caller, query, cooperations::list).await
}
