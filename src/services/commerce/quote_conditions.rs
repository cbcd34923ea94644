//! Whether a quote may be made, and submitted, at all (QUO-01, QUO-04, QUO-12).

use crate::{
    context::Ctx,
    db::Conn,
    domain::{
        Ratio,
        id::kind::UnitId,
        vocabulary::{Capability, CustomerState, OpportunityState},
    },
    error::AppResult,
    models::{
        commerce::quote::{Quote, QuoteLine},
        sales::opportunity::Opportunity,
    },
    policy::{
        Refusal,
        commerce::{
            discount, quote_state,
            quoting::{
                self, Exception, Facts, QuotingSettings, SpecialPriceFacts, Verdict, special_price,
            },
        },
    },
    repositories::{
        commerce::partners,
        customers::customers,
        sales::{activities, opportunities},
    },
    services::commerce::quote_terms,
};

/// Whether a quote may be made for this opportunity (QUO-01, QUO-04).
///
/// # Errors
/// A database fault.
pub fn may_quote(
    conn: &mut Conn,
    ctx: &Ctx,
    opportunity: &Opportunity,
    exception: Option<Exception>,
) -> AppResult<Verdict> {
    let settings = ctx.policy::<QuotingSettings>()?.value;
    let (customer_effective, visits) = match opportunity.customer_id {
        None => (false, 0),
        Some(id) => {
            let customer = customers::unguarded(conn, id)?;
            let effective =
                customer.deleted_at.is_none() && customer.state == CustomerState::Effective;
            (effective, activities::visits(conn, id)?)
        }
    };
    let facts = Facts {
        customer_effective,
        visits: u32::try_from(visits).unwrap_or(u32::MAX),
        opportunity: Some(quoting::Opportunity {
            live: opportunity.state == OpportunityState::Registered,
            stage: u8::try_from(opportunity.stage).unwrap_or(0),
        }),
        exception,
    };
    Ok(quoting::may_quote(&facts, &settings))
}

/// Everything that stands against submitting a quote now: the conditions of quoting again, its validity, and a
/// partner's lapse (QUO-12).
///
/// # Errors
/// A database fault.
pub fn against_submission(
    conn: &mut Conn,
    ctx: &Ctx,
    quote: &Quote,
    lines: &[QuoteLine],
) -> AppResult<Vec<Refusal>> {
    let opportunity = opportunities::unguarded(conn, quote.opportunity_id)?;
    // It was granted by a holder of the right when the quote was made.
    let exception = quote.exception_reason.as_ref().map(|reason| Exception {
        reason: reason.clone(),
        capable: true,
    });
    let mut refusals = match may_quote(conn, ctx, &opportunity, exception)? {
        Verdict::Allowed | Verdict::AllowedByException { .. } => Vec::new(),
        Verdict::Refused(refusals) => refusals,
    };
    refusals.extend(quote_state::in_validity(quote.valid_until, ctx.today()).err());
    let lowest = lines
        .iter()
        .map(quote_terms::extended)
        .chain([quote_terms::totals(quote)])
        .map(discount::ratio)
        .min()
        .unwrap_or(Ratio::MAX);
    refusals.extend(against_special_price(conn, ctx, quote.unit_id, lowest)?);
    Ok(refusals)
}

/// What stands against a partner unit's special price: its customers were not maintained (QUO-12, CUS-51, AMB-40).
///
/// # Errors
/// A database fault.
pub fn against_special_price(
    conn: &mut Conn,
    ctx: &Ctx,
    unit: UnitId,
    ratio: Ratio,
) -> AppResult<Option<Refusal>> {
    let Some((partner, unit_kind)) = partners::nearest(conn, unit)? else {
        return Ok(None);
    };
    let settings = ctx.policy::<QuotingSettings>()?.value;
    let facts = SpecialPriceFacts {
        unit_kind,
        ratio,
        last_maintained_at: partners::last_maintained_at(conn, partner)?.map(|at| at.utc()),
        now: ctx.now.utc(),
    };
    Ok(special_price(&facts, &settings).err())
}

/// An exception that the actor asks for, and whether the actor may grant it (AMB-29).
pub fn asked(ctx: &Ctx, reason: Option<String>) -> Option<Exception> {
    reason.map(|reason| Exception {
        reason,
        capable: ctx.has(Capability::GrantQuoteException),
    })
}
