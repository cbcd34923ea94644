//! Quotes and their discount.

use actix_web::{get, patch, post, web};

use crate::{
    api::commerce::quote::{DeclineQuote, NewQuote, QuoteFilter, QuoteItem, QuotePatch, QuoteView},
    app::App,
    domain::id::kind::{Quote, QuoteId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::commerce::{
        quote_steps,
        quotes::{self, QuoteSort},
    },
};

/// List quotes.
///
/// The quotes within the caller's reach: one's own, one's subordinates', by role, shared, or waiting for one's approval
/// (ORG-10); sorted by `updated_at` or `created_at`.
#[utoipa::path(tag = "Quotes", params(QuoteFilter, Paging), responses((status = 200, description = "A page of quotes.", body = ListOf<QuoteItem>)))]
#[get("/quotes")]
pub async fn list_quotes(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<QuoteFilter, QuoteSort>,
) -> AppResult<Reply> {
    app.list(caller, query, quotes::list).await
}

/// Make a quote.
///
/// Refused, with every reason at once, unless the opportunity is registered and far enough along (QUO-01), the customer
/// is in effect and was visited (QUO-04; whoever holds `GRANT_QUOTE_EXCEPTION` may waive the visit with a reason,
/// AMB-29). List prices are the products' at this moment; the discount, quoted ÷ list, per line and in total, says who
/// must approve it: the department manager (QUO-05), the president's assistant (QUO-06), or a vice president or the
/// president (QUO-07, AMB-9). Needs `CREATE_QUOTES`.
#[utoipa::path(tag = "Quotes", request_body = NewQuote, responses((status = 201, description = "Made: a draft.", body = QuoteView)))]
#[post("/quotes")]
pub async fn create_quote(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewQuote>,
) -> AppResult<Reply> {
    app.create(caller, body, quotes::create).await
}

/// Get a quote.
///
/// The quote with its lines, discount, tier and the rule and policy version that gave it (QUO-05..07).
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), responses((status = 200, description = "The quote.", body = QuoteView)))]
#[get("/quotes/{id}")]
pub async fn get_quote(app: web::Data<App>, caller: Caller, id: PathId<Quote>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| quotes::get(conn, ctx, id.0))
        .await
}

/// Change a quote.
///
/// Until the customer has been told. An edit of what is or was under approval voids the approval, and the quote is a
/// draft again (QUO-02, QUO-03). New lines replace the old ones and take the list prices anew. `If-Match` is required.
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), request_body = QuotePatch, responses((status = 200, description = "The quote after the change.", body = QuoteView)))]
#[patch("/quotes/{id}")]
pub async fn update_quote(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Quote>,
    body: Body<QuotePatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        quotes::patch(tx, ctx, id.0, body)
    })
    .await
}

/// Submit a quote for approval.
///
/// The conditions of quoting are checked again (QUO-01, QUO-04), a partner unit must have maintained its customers for a
/// special price (QUO-12), and the tier is that of the policy in force: QUO-05, QUO-06 or QUO-07.
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), responses((status = 200, description = "Submitted; `approval_id` names the approval.", body = QuoteView)))]
#[post("/quotes/{id}/submit")]
pub async fn submit_quote(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Quote>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        quote_steps::submit(tx, ctx, id.0)
    })
    .await
}

/// Withdraw a submitted quote.
///
/// It is a draft again; its approval ends as withdrawn (QUO-02).
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), responses((status = 200, description = "Withdrawn.", body = QuoteView)))]
#[post("/quotes/{id}/withdraw")]
pub async fn withdraw_quote(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Quote>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        quote_steps::withdraw(tx, ctx, id.0)
    })
    .await
}

/// Send an approved quote to the customer.
///
/// The customer may be told only after the approval (QUO-02), and while the quote is valid. From then on it is fixed.
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), responses((status = 200, description = "Sent.", body = QuoteView)))]
#[post("/quotes/{id}/send")]
pub async fn send_quote(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Quote>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        quote_steps::send(tx, ctx, id.0)
    })
    .await
}

/// Record that the customer accepted a quote.
///
/// Of a sent quote, while it is valid (QUO-02).
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), responses((status = 200, description = "Accepted.", body = QuoteView)))]
#[post("/quotes/{id}/accept")]
pub async fn accept_quote(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Quote>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        quote_steps::accept(tx, ctx, id.0)
    })
    .await
}

/// Record that the customer declined a quote.
///
/// Of a sent quote, with the reason (QUO-02).
#[utoipa::path(tag = "Quotes", params(("id" = QuoteId, Path, description = "The quote.")), request_body = DeclineQuote, responses((status = 200, description = "Declined.", body = QuoteView)))]
#[post("/quotes/{id}/decline")]
pub async fn decline_quote(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Quote>,
    body: Body<DeclineQuote>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        quote_steps::decline(tx, ctx, id.0, body)
    })
    .await
}
