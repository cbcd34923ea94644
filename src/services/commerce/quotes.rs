//! Quotes: found, made, changed (QUO). What happens to them then is in [`super::quote_steps`].

use serde_json::{Value, json};

use super::{
    quote_conditions, quote_terms,
    quote_views::{self, view},
};
use crate::{
    api::{
        commerce::quote::{NewQuote, QuoteFilter, QuoteItem, QuotePatch, QuoteView},
        csv::Csv,
        patch::Patch,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{OpportunityId, QuoteId, UnitId, UserId},
        vocabulary::{ApprovalState, Capability, QuoteState, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::{
        commerce::quote::{Quote, QuoteLine},
        sales::opportunity::Opportunity,
    },
    policy::commerce::{
        discount,
        quote_state::{self, Command},
        quoting::Verdict,
    },
    repositories::{
        commerce::quotes::{self, Narrow},
        customers::customers,
        governance::access,
        sales::{cooperation, opportunities},
    },
    services::{
        governance::approvals,
        org::fields::{Changes, Fields},
    },
};

pub use crate::repositories::commerce::quotes::QuoteSort;

/// One page of the quotes that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<QuoteFilter, QuoteSort>,
) -> AppResult<Page<QuoteItem>> {
    let QuoteFilter {
        owner_id,
        customer_id,
        opportunity_id,
        state_in,
        tier_in,
        updated_at_gte,
        updated_at_lt,
    } = query.filter.clone();
    let narrow = Narrow {
        owner: owner_id,
        customer: customer_id,
        opportunity: opportunity_id,
        states: Csv::values(state_in),
        tiers: Csv::values(tier_in),
        updated_from: updated_at_gte,
        updated_before: updated_at_lt,
    };
    let page = quotes::list(conn, ctx, &narrow, &query.page)?;
    page.try_map_all(|rows| quote_views::items(conn, ctx, rows))
}

/// One quote.
///
/// # Errors
/// 404 unless the actor may see it.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> AppResult<QuoteView> {
    let quote = quotes::find(conn, ctx, id)?;
    view(conn, ctx, quote)
}

/// Makes a quote, if it may be made at all (QUO-01, QUO-04), with the list prices of this moment.
///
/// # Errors
/// 403, 409 with every refusal, 422.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewQuote) -> AppResult<QuoteView> {
    ctx.require(Capability::CreateQuotes)?;
    let NewQuote {
        opportunity_id,
        title,
        lines,
        valid_until,
        remarks,
        exception_reason,
    } = body;
    let id = ctx.new_id();
    let mut fields = Fields::default();
    let title = fields.line("/title", title);
    let remarks = remarks
        .as_deref()
        .map(|text| fields.prose("/remarks", text));
    let reason = exception_reason
        .as_deref()
        .map(|text| fields.prose("/exception_reason", text));
    check_validity(ctx, *valid_until, &mut fields);
    let opportunity = referred(tx, ctx, *opportunity_id, &mut fields)?;
    let lines = quote_terms::price(tx, ctx, id, lines, &mut fields)?;
    fields.done()?;
    let opportunity = opportunity.ok_or_else(AppError::not_found)?;
    if !opportunities::may_write(tx, ctx, opportunity.id)? {
        return Err(access::read_only());
    }
    let granted = match quote_conditions::may_quote(
        tx,
        ctx,
        &opportunity,
        quote_conditions::asked(ctx, reason),
    )? {
        Verdict::Allowed => None,
        Verdict::AllowedByException { reason, .. } => Some(reason),
        Verdict::Refused(refusals) => return Err(AppError::refused(refusals)),
    };
    let customer_id = opportunity.customer_id.ok_or_else(AppError::not_found)?;
    // A merge moves the opportunity and the quotes that it finds (DUP-09): what was read is still so, or is read again.
    customers::lock(tx, customer_id)?;
    if opportunities::unguarded(tx, opportunity.id)?.customer_id != Some(customer_id) {
        return Err(AppError::lost_race("the customer was merged meanwhile"));
    }
    let terms = quote_terms::judge(ctx, &lines)?;
    let (owner_id, unit_id) = owner(tx, ctx, &opportunity)?;
    let mut quote = Quote {
        id,
        title,
        customer_id,
        opportunity_id: opportunity.id,
        owner_id,
        unit_id,
        security_level: opportunity.security_level,
        state: QuoteState::Draft,
        list_total: terms.list_total,
        quoted_total: terms.quoted_total,
        tier: terms.tier,
        deepest_line: terms.deepest_line,
        valid_until: *valid_until,
        remarks,
        exception_by: granted.is_some().then_some(ctx.actor.id),
        exception_reason: granted,
        submitted_at: None,
        decision_comment: None,
        approved_at: None,
        sent_at: None,
        answered_at: None,
        decline_reason: None,
        policy_number: terms.policy_number,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    terms.put(&mut quote);
    quotes::insert(tx, &quote, &lines)?;
    let rule = if quote.exception_reason.is_some() {
        "QUO-04"
    } else {
        quote.tier.rule()
    };
    record(tx, ctx, &quote, "quote.created", summary(&quote), rule);
    view(tx, ctx, quote)
}

/// Changes a quote that the customer has not been told; what is or was under approval becomes a draft again.
///
/// # Errors
/// 403, 404, 409 when it is fixed, 412, 422.
pub fn patch(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId, body: &QuotePatch) -> AppResult<QuoteView> {
    let mut quote = owned(tx, ctx, id)?;
    let state = quote_state::may(quote.state, Command::Edit)?;
    let read = quote.version;
    let (mut changes, lines) = apply(tx, ctx, &mut quote, body)?;
    if changes.is_empty() {
        return view(tx, ctx, quote);
    }
    let kept = match &lines {
        Some(lines) => lines.clone(),
        None => quotes::lines(tx, id)?,
    };
    quote_terms::judge(ctx, &kept)?.put(&mut quote);
    if state != quote.state {
        changes.set("state", &mut quote.state, state);
        quote.approved_at = None;
        let because = "报价已修改 / the quote was changed";
        approvals::end_pending(
            tx,
            ctx,
            SubjectKind::Quote,
            id.cast(),
            ApprovalState::Void,
            because,
        )?;
    }
    keep(tx, ctx, &mut quote, read)?;
    if let Some(lines) = &lines {
        quotes::replace_lines(tx, id, lines)?;
    }
    record(
        tx,
        ctx,
        &quote,
        "quote.updated",
        changes.into_value(),
        "QUO-02",
    );
    view(tx, ctx, quote)
}

fn apply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    quote: &mut Quote,
    body: &QuotePatch,
) -> AppResult<(Changes, Option<Vec<QuoteLine>>)> {
    let QuotePatch {
        title,
        lines,
        valid_until,
        remarks,
    } = body;
    let mut fields = Fields::default();
    let mut changes = Changes::default();
    if let Some(title) = title {
        changes.set("title", &mut quote.title, fields.line("/title", title));
    }
    if let Some(valid_until) = valid_until {
        check_validity(ctx, *valid_until, &mut fields);
        changes.set("valid_until", &mut quote.valid_until, *valid_until);
    }
    match remarks {
        Patch::Absent => {}
        Patch::Null => changes.set("remarks", &mut quote.remarks, None),
        Patch::Value(text) => {
            changes.set(
                "remarks",
                &mut quote.remarks,
                Some(fields.prose("/remarks", text)),
            );
        }
    }
    let lines = match lines {
        None => None,
        Some(wanted) => Some(quote_terms::price(tx, ctx, quote.id, wanted, &mut fields)?),
    };
    fields.done()?;
    let Some(lines) = lines else {
        return Ok((changes, None));
    };
    let said = |lines: &[QuoteLine]| -> Vec<Value> { lines.iter().map(line_json).collect() };
    let (before, after) = (said(&quotes::lines(tx, quote.id)?), said(&lines));
    if before == after {
        return Ok((changes, None));
    }
    changes.note("lines", before, after);
    Ok((changes, Some(lines)))
}

/// A quote that the actor may change, as the caller read it.
///
/// # Errors
/// 403, 404, 412.
pub(super) fn owned(tx: &mut Tx<'_>, ctx: &Ctx, id: QuoteId) -> AppResult<Quote> {
    ctx.require(Capability::CreateQuotes)?;
    let quote = quotes::find_for_write(tx, ctx, id)?;
    ctx.check_version(quote.version)?;
    Ok(quote)
}

pub(super) fn keep(tx: &mut Tx<'_>, ctx: &Ctx, quote: &mut Quote, read: i64) -> AppResult<()> {
    ctx.keep(read, quote, |next| quotes::save(tx, next, read))
}

fn check_validity(ctx: &Ctx, valid_until: chrono::NaiveDate, fields: &mut Fields) {
    if valid_until < ctx.today() {
        fields.fail(FieldError::new(
            "/valid_until",
            "IN_THE_PAST",
            "不得早于今天。",
            "Must not lie before today.",
        ));
    }
}

fn referred(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    fields: &mut Fields,
) -> AppResult<Option<Opportunity>> {
    match opportunities::find(tx, ctx, id) {
        Ok(opportunity) => Ok(Some(opportunity)),
        Err(error) if error.code() == Code::NotFound => {
            fields.fail(FieldError::new(
                "/opportunity_id",
                "UNKNOWN_REFERENCE",
                "没有此商机，或您无权查看。",
                "There is no such opportunity, or you may not see it.",
            ));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The quote belongs to the opportunity's owner, also when a superior makes it for them; those who pursue the
/// opportunity together own what they make.
pub(super) fn owner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    opportunity: &Opportunity,
) -> AppResult<(UserId, UnitId)> {
    let parties = cooperation::parties(tx, &[opportunity.id])?;
    let own = parties.iter().any(|party| party.user_id == ctx.actor.id);
    Ok(if own {
        (ctx.actor.id, ctx.actor.unit_id)
    } else {
        (opportunity.owner_id, opportunity.unit_id)
    })
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    quote: &Quote,
    kind: &str,
    data: Value,
    rule: &'static str,
) {
    ctx.record(tx, SubjectKind::Quote, quote.id, kind, &data, Some(rule));
}

pub(super) fn summary(quote: &Quote) -> Value {
    json!({
        "customer_id": quote.customer_id,
        "opportunity_id": quote.opportunity_id,
        "list_total": quote.list_total,
        "quoted_total": quote.quoted_total,
        "ratio": discount::ratio(quote_terms::totals(quote)),
        "tier": quote.tier,
        "deepest_line": quote.deepest_line,
        "policy_number": quote.policy_number,
        "exception_reason": quote.exception_reason,
    })
}

fn line_json(line: &QuoteLine) -> Value {
    json!({
        "product_id": line.product_id,
        "quantity": line.quantity,
        "list_price": line.list_price,
        "quoted_price": line.quoted_price,
    })
}
