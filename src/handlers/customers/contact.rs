//! Contacts.

use actix_web::{delete, get, patch, post, web};

use crate::{
    api::customers::{
        contact::{ContactPatch, ContactView, NewContact},
        standing::NoFilter,
    },
    app::App,
    domain::id::kind::{Contact, ContactId, Customer, CustomerId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::contacts::{self, ContactSort},
};

/// List a customer's contacts.
///
/// In the order of entry, page by page (CUS-35). Sort keys: `created_at`, `name`.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer."), Paging), responses((status = 200, description = "A page.", body = ListOf<ContactView>)))]
#[get("/customers/{id}/contacts")]
pub async fn list_contacts(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    query: Listed<NoFilter, ContactSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        contacts::list(conn, ctx, id.0, query)
    })
    .await
}

/// Add a contact.
///
/// With full name and at least one phone (CUS-35, CUS-36).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewContact, responses((status = 201, description = "Added.", body = ContactView)))]
#[post("/customers/{id}/contacts")]
pub async fn add_contact(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewContact>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        contacts::add(tx, ctx, id.0, body)
    })
    .await
}

/// Get a contact.
///
/// Visible with its customer (DUP-11).
#[utoipa::path(tag = "Customers", params(("id" = ContactId, Path, description = "The contact.")), responses((status = 200, description = "The contact.", body = ContactView)))]
#[get("/contacts/{id}")]
pub async fn get_contact(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contact>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| contacts::view(conn, ctx, id.0))
        .await
}

/// Change a contact.
///
/// A merge-patch; `If-Match` is required (CUS-26).
#[utoipa::path(tag = "Customers", params(("id" = ContactId, Path, description = "The contact.")), request_body = ContactPatch, responses((status = 200, description = "Changed.", body = ContactView)))]
#[patch("/contacts/{id}")]
pub async fn update_contact(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contact>,
    body: Body<ContactPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        contacts::edit(tx, ctx, id.0, body)
    })
    .await
}

/// Remove a contact.
///
/// The row is kept for the history; a company keeps at least one contact (CUS-06). `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = ContactId, Path, description = "The contact.")), responses((status = 204, description = "Removed.")))]
#[delete("/contacts/{id}")]
pub async fn remove_contact(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contact>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        contacts::remove(tx, ctx, id.0)
    })
    .await
}
