//! Strategy and care plans for contacts, and birthdays.

use actix_web::{delete, get, patch, post, web};

use crate::{
    api::customers::contact_plan::{
        BirthdayFilter, BirthdayView, ContactPlanFilter, ContactPlanPatch, ContactPlanSummary,
        ContactPlanView, NewContactPlan,
    },
    app::App,
    domain::id::kind::{Contact, ContactId, ContactPlan, ContactPlanId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::contact_plans::{self, BirthdaySort, ContactPlanSort},
};

/// List birthdays of contacts.
///
/// In a span of at most 92 days, across the year's end too, of contacts of customers that the caller may see; whoever
/// was born on 29 February has it on the 28th in a common year (CUS-39). Sort key: `celebrated_on`.
#[utoipa::path(tag = "Customers", params(BirthdayFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<BirthdayView>)))]
#[get("/contacts/birthdays")]
pub async fn list_birthdays(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<BirthdayFilter, BirthdaySort>,
) -> AppResult<Reply> {
    app.list(caller, query, contact_plans::birthdays).await
}

/// List care that is due.
///
/// Plans with a date, for contacts of customers that the caller may see (CUS-37). Sort key: `care_due_on`.
#[utoipa::path(tag = "Customers", params(ContactPlanFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ContactPlanSummary>)))]
#[get("/contact-plans")]
pub async fn list_due_care(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ContactPlanFilter, ContactPlanSort>,
) -> AppResult<Reply> {
    app.list(caller, query, contact_plans::due).await
}

/// List the plans for a contact.
///
/// Strategy and care plan by stage of the sale (CUS-37).
#[utoipa::path(tag = "Customers", params(("id" = ContactId, Path, description = "The contact.")), responses((status = 200, description = "The plans.", body = Vec<ContactPlanView>)))]
#[get("/contacts/{id}/plans")]
pub async fn list_contact_plans(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contact>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        contact_plans::list(conn, ctx, id.0)
    })
    .await
}

/// Make a plan for a contact.
///
/// One for each stage of the sale: strategy, care plan, and when care is due (CUS-37).
#[utoipa::path(tag = "Customers", params(("id" = ContactId, Path, description = "The contact.")), request_body = NewContactPlan, responses((status = 201, description = "Made.", body = ContactPlanView)))]
#[post("/contacts/{id}/plans")]
pub async fn create_contact_plan(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contact>,
    body: Body<NewContactPlan>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        contact_plans::create(tx, ctx, id.0, body)
    })
    .await
}

/// Get a plan for a contact.
///
/// Visible with the contact's customer (CUS-37).
#[utoipa::path(tag = "Customers", params(("id" = ContactPlanId, Path, description = "The plan.")), responses((status = 200, description = "The plan.", body = ContactPlanView)))]
#[get("/contact-plans/{id}")]
pub async fn get_contact_plan(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ContactPlan>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| contact_plans::get(conn, ctx, id.0))
        .await
}

/// Change a plan for a contact.
///
/// A merge-patch; once care was given, the next date replaces the last one (CUS-37). `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = ContactPlanId, Path, description = "The plan.")), request_body = ContactPlanPatch, responses((status = 200, description = "Changed.", body = ContactPlanView)))]
#[patch("/contact-plans/{id}")]
pub async fn update_contact_plan(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ContactPlan>,
    body: Body<ContactPlanPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        contact_plans::update(tx, ctx, id.0, body)
    })
    .await
}

/// Remove a plan for a contact.
///
/// What it said stays in the customer's history (CUS-37). `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = ContactPlanId, Path, description = "The plan.")), responses((status = 204, description = "Removed.")))]
#[delete("/contact-plans/{id}")]
pub async fn remove_contact_plan(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ContactPlan>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        contact_plans::remove(tx, ctx, id.0)
    })
    .await
}
