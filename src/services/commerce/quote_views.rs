//! Quotes as callers see them.

use crate::{
    api::commerce::quote::{QuoteAction, QuoteItem, QuoteLineView, QuoteView},
    context::Ctx,
    db::Conn,
    domain::vocabulary::{Capability, SubjectKind},
    error::AppResult,
    models::commerce::quote::{Quote, QuoteLine},
    policy::commerce::{
        discount,
        quote_state::{self, Command},
    },
    repositories::commerce::{
        quotes,
        related::{self, Related},
    },
    services::commerce::{quote_conditions, quote_terms},
};

/// A page of quotes, with what they refer to in one query a kind.
///
/// # Errors
/// A database fault.
pub fn items(conn: &mut Conn, ctx: &Ctx, quotes: Vec<Quote>) -> AppResult<Vec<QuoteItem>> {
    let subjects: Vec<_> = quotes.iter().map(|quote| quote.id.cast()).collect();
    let customers: Vec<_> = quotes.iter().map(|quote| quote.customer_id).collect();
    let owners: Vec<_> = quotes
        .iter()
        .map(|quote| (quote.owner_id, quote.unit_id))
        .collect();
    let related = related::read(conn, SubjectKind::Quote, &subjects, &customers, &owners)?;
    Ok(quotes
        .into_iter()
        .map(|quote| item(ctx, quote, &related))
        .collect())
}

/// One quote with its lines and what the caller may do with it.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, quote: Quote) -> AppResult<QuoteView> {
    let lines = quotes::lines(conn, quote.id)?;
    let allowed_actions = allowed_actions(conn, ctx, &quote, &lines)?;
    let (subject, customer) = ([quote.id.cast()], [quote.customer_id]);
    let owner = [(quote.owner_id, quote.unit_id)];
    let related = related::read(conn, SubjectKind::Quote, &subject, &customer, &owner)?;
    Ok(QuoteView {
        item: item(ctx, quote, &related),
        lines: lines.into_iter().map(line_view).collect(),
        allowed_actions,
    })
}

fn allowed_actions(
    conn: &mut Conn,
    ctx: &Ctx,
    quote: &Quote,
    lines: &[QuoteLine],
) -> AppResult<Vec<QuoteAction>> {
    if !ctx.has(Capability::CreateQuotes) || !quotes::may_write(conn, ctx, quote.id)? {
        return Ok(Vec::new());
    }
    let valid = quote_state::in_validity(quote.valid_until, ctx.today()).is_ok();
    let mut actions = Vec::new();
    for command in quote_state::admitted(quote.state) {
        let action = match command {
            Command::Edit => Some(QuoteAction::Update),
            Command::Submit => quote_conditions::against_submission(conn, ctx, quote, lines)?
                .is_empty()
                .then_some(QuoteAction::Submit),
            Command::Withdraw => Some(QuoteAction::Withdraw),
            Command::Send => valid.then_some(QuoteAction::Send),
            Command::Accept => valid.then_some(QuoteAction::Accept),
            Command::Decline => Some(QuoteAction::Decline),
            // Said in the approval, by its holders.
            Command::Approve | Command::Reject | Command::Return => None,
        };
        actions.extend(action);
    }
    Ok(actions)
}

fn item(ctx: &Ctx, quote: Quote, related: &Related) -> QuoteItem {
    let ratio = discount::ratio(quote_terms::totals(&quote));
    let Quote {
        id,
        title,
        customer_id,
        opportunity_id,
        owner_id,
        unit_id,
        security_level: _,
        state,
        list_total,
        quoted_total,
        tier,
        deepest_line,
        valid_until,
        remarks,
        exception_reason,
        exception_by,
        submitted_at,
        decision_comment,
        approved_at,
        sent_at,
        answered_at,
        decline_reason,
        policy_number,
        version,
        created_at,
        updated_at,
    } = quote;
    QuoteItem {
        id,
        title,
        customer_id,
        customer_name: related
            .customers
            .get(&customer_id)
            .cloned()
            .unwrap_or_default(),
        opportunity_id,
        owner_id,
        owner_name: related.directory.user(owner_id),
        unit_id,
        unit_name: related.directory.unit(unit_id),
        state,
        list_total,
        quoted_total,
        ratio,
        deepest_line,
        tier,
        rule: tier.rule().to_owned(),
        policy_number,
        valid_until,
        expired: valid_until < ctx.today(),
        remarks,
        exception_reason,
        exception_by,
        approval_id: related.approvals.get(&id.cast()).copied(),
        submitted_at,
        decision_comment,
        approved_at,
        sent_at,
        answered_at,
        decline_reason,
        version,
        created_at,
        updated_at,
    }
}

fn line_view(line: QuoteLine) -> QuoteLineView {
    let ratio = discount::ratio(quote_terms::extended(&line));
    let QuoteLine {
        id: _,
        quote_id: _,
        position,
        product_id,
        product_name,
        quantity,
        list_price,
        quoted_price,
        list_amount,
        quoted_amount,
    } = line;
    QuoteLineView {
        position,
        product_id,
        product_name,
        quantity,
        list_price,
        quoted_price,
        list_amount,
        quoted_amount,
        ratio,
    }
}
