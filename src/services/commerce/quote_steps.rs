//! A quote's way: approved by its discount's tier, sent, answered (QUO-02..07).

use serde_json::{Value, json};

use super::{
    quote_conditions, quote_terms,
    quote_views::view,
    quotes::{keep, owned, record, summary},
};
use crate::{
    api::commerce::quote::{DeclineQuote, QuoteView},
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::QuoteId,
        vocabulary::{ApprovalState, QuoteState, SubjectKind},
    },
    error::{AppError, AppResult},
    models::commerce::quote::Quote,
    policy::{
        Setting,
        commerce::{
            discount::{self, DiscountSettings},
            quote_state::{self, Command},
            seats,
        },
    },
    repositories::{commerce::quotes, customers::customers},
    services::{
        governance::{
            approvals::{self, Submission},
            settlement::Outcome,
        },
        org::fields::Fields,
    },
};

/// Hands a quote in for approval: its conditions are checked again, its tier by the policy in force (QUO-02..07).
///
/// # Errors
/// 403, 404, 409 with every refusal, 412.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId) -> AppResult<QuoteView> {
    let mut quote = owned(tx, ctx, id)?;
    let state = quote_state::may(quote.state, Command::Submit)?;
    let read = quote.version;
    let lines = quotes::lines(tx, id)?;
    // Whoever deletes the customer counts what is under way (CUS-48): one of the two sees the other.
    customers::lock(tx, quote.customer_id)?;
    let refusals = quote_conditions::against_submission(tx, ctx, &quote, &lines)?;
    if !refusals.is_empty() {
        return Err(AppError::refused(refusals));
    }
    quote_terms::judge(ctx, &lines)?.put(&mut quote);
    quote.state = state;
    quote.submitted_at = Some(ctx.now);
    quote.decision_comment = None;
    keep(tx, ctx, &mut quote, read)?;
    record(
        tx,
        ctx,
        &quote,
        "quote.submitted",
        summary(&quote),
        quote.tier.rule(),
    );
    let customer = customers::unguarded(tx, quote.customer_id)?;
    let ratio = discount::ratio(quote_terms::totals(&quote));
    let submission = Submission {
        subject_kind: SubjectKind::Quote,
        subject_id: id.cast(),
        subject_version: quote.version,
        title: format!(
            "报价：{} · {} · {} 元 · {ratio}",
            quote.title, customer.name, quote.quoted_total
        ),
        rule: quote.tier.rule(),
        policy: Some((DiscountSettings::KEY, quote.policy_number)),
        owner_id: quote.owner_id,
        unit_id: quote.unit_id,
        security_level: quote.security_level,
        route: seats::quote_route(quote.tier),
    };
    approvals::submit(tx, ctx, submission)?;
    view(tx, ctx, quote)
}

/// Takes a submitted quote back.
///
/// # Errors
/// 403, 404, 409 when it is not submitted, 412.
pub fn withdraw(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId) -> AppResult<QuoteView> {
    let quote = owned(tx, ctx, id)?;
    let state = quote_state::may(quote.state, Command::Withdraw)?;
    approvals::end_pending(
        tx,
        ctx,
        SubjectKind::Quote,
        id.cast(),
        ApprovalState::Withdrawn,
        "提交人撤回 / withdrawn",
    )?;
    moved(tx, ctx, quote, state, "quote.withdrawn", json!({}))
}

/// Tells the customer: only what is approved, and still valid (QUO-02).
///
/// # Errors
/// 403, 404, 409, 412.
pub fn send(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId) -> AppResult<QuoteView> {
    let mut quote = owned(tx, ctx, id)?;
    let state = quote_state::may(quote.state, Command::Send)?;
    quote_state::in_validity(quote.valid_until, ctx.today())?;
    quote.sent_at = Some(ctx.now);
    let data = summary(&quote);
    moved(tx, ctx, quote, state, "quote.sent", data)
}

/// Records that the customer accepts, while the quote is valid.
///
/// # Errors
/// 403, 404, 409, 412.
pub fn accept(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId) -> AppResult<QuoteView> {
    let mut quote = owned(tx, ctx, id)?;
    let state = quote_state::may(quote.state, Command::Accept)?;
    quote_state::in_validity(quote.valid_until, ctx.today())?;
    quote.answered_at = Some(ctx.now);
    moved(tx, ctx, quote, state, "quote.accepted", json!({}))
}

/// Records that the customer declines, and why.
///
/// # Errors
/// 403, 404, 409, 412, 422.
pub fn decline(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: QuoteId,
    body: &DeclineQuote,
) -> AppResult<QuoteView> {
    let mut quote = owned(tx, ctx, id)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let state = quote_state::may(quote.state, Command::Decline)?;
    quote.answered_at = Some(ctx.now);
    quote.decline_reason = Some(reason.clone());
    moved(
        tx,
        ctx,
        quote,
        state,
        "quote.declined",
        json!({ "reason": reason }),
    )
}

/// What its approval's end means for a quote.
///
/// # Errors
/// A database fault, or a race that is run again.
pub fn settle(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId, outcome: &Outcome) -> AppResult<()> {
    let mut quote = quotes::unguarded(tx, id)?;
    let (command, kind) = match outcome.state {
        ApprovalState::Approved => (Command::Approve, "quote.approved"),
        ApprovalState::Rejected => (Command::Reject, "quote.rejected"),
        ApprovalState::Returned => (Command::Return, "quote.returned"),
        ApprovalState::Withdrawn => (Command::Withdraw, "quote.withdrawn"),
        // Whoever voided it, or has not decided it, sees to the quote.
        ApprovalState::Pending | ApprovalState::Void => return Ok(()),
    };
    let read = quote.version;
    quote.state = quote_state::may(quote.state, command)?;
    quote.approved_at = Some(ctx.now).filter(|_| quote.state == QuoteState::Approved);
    quote.decision_comment = outcome.comment.clone();
    quote.version += 1;
    quote.updated_at = ctx.now;
    if !quotes::save(tx, &quote, read)? {
        return Err(AppError::lost_race(
            "the quote changed while it was decided",
        ));
    }
    let data = json!({ "approval_id": outcome.approval_id, "comment": outcome.comment });
    record(tx, ctx, &quote, kind, data, quote.tier.rule());
    Ok(())
}

fn moved(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut quote: Quote,
    state: QuoteState,
    kind: &str,
    data: Value,
) -> AppResult<QuoteView> {
    let read = quote.version;
    quote.state = state;
    keep(tx, ctx, &mut quote, read)?;
    record(tx, ctx, &quote, kind, data, "QUO-02");
    view(tx, ctx, quote)
}
