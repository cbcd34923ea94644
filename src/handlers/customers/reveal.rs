//! Personal data of customers and contacts in clear.

use actix_web::{post, web};

use crate::{
    api::customers::reveal::{ContactRevealed, CustomerRevealed, RevealContact, RevealCustomer},
    app::App,
    domain::id::kind::{Contact, ContactId, Customer, CustomerId},
    error::AppResult,
    http::{Body, Caller, PathId, Reply},
    services::customers::reveals,
};

/// Reveal a customer's personal data.
///
/// Phone, address, e-mail and way there in clear, which every other answer masks (SEC-02, SEC-18). For whoever may
/// change the customer, is asked to review it now (CUS-21), or holds `REVEAL_PERSONAL_DATA` over its unit; each time is an
/// event (SEC-06). So many a person and day as the policy `personal_data` says, then 429. Never for whoever is leaving
/// (ORG-23).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = RevealCustomer, responses((status = 200, description = "In clear.", body = CustomerRevealed)))]
#[post("/customers/{id}/reveal")]
pub async fn reveal_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<RevealCustomer>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        reveals::customer(tx, ctx, id.0, body)
    })
    .await
}

/// Reveal a contact's personal data.
///
/// Phones and e-mail in clear, for whom its customer's may be revealed to, and counted with those (SEC-02, SEC-06).
#[utoipa::path(tag = "Customers", params(("id" = ContactId, Path, description = "The contact.")), request_body = RevealContact, responses((status = 200, description = "In clear.", body = ContactRevealed)))]
#[post("/contacts/{id}/reveal")]
pub async fn reveal_contact(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contact>,
    body: Body<RevealContact>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        reveals::contact(tx, ctx, id.0, body)
    })
    .await
}
