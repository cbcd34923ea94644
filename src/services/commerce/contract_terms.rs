//! What a contract rests on, and who decides it (CON-01, CON-02, CON-04, AMB-47).

use super::{quote_conditions, quote_terms};
use crate::{
    context::Ctx,
    db::Conn,
    domain::{
        id::kind::{CustomerId, OpportunityId, QuoteId},
        vocabulary::{CustomerState, QuoteTier},
    },
    error::{AppError, AppResult, Code, FieldError},
    models::{
        commerce::{contract::Contract, quote::Quote},
        customers::customer::Customer,
        sales::opportunity::Opportunity,
    },
    policy::{
        Refusal,
        commerce::{
            contract_state,
            discount::{self, DiscountSettings, Line},
            seats,
            signoff::{self, Cover, Facts, Route, SignoffSettings, check_against_quote},
        },
    },
    repositories::{commerce::quotes, customers::customers, sales::opportunities},
    services::org::fields::Fields,
};

/// What a contract rests on.
#[derive(Debug)]
pub struct Basis {
    /// The customer, unless it is unknown to the actor.
    pub customer: Option<Customer>,
    /// The opportunity, if it names one.
    pub opportunity: Option<Opportunity>,
    /// The quote, if it names one.
    pub quote: Option<Quote>,
}

impl Basis {
    /// Everything that stands against it: the customer is not in the system (CON-01), the quote is not approved
    /// (QUO-02), the opportunity is not followed (CON-09).
    pub fn refusals(&self) -> Vec<Refusal> {
        let quote = self
            .quote
            .as_ref()
            .map(|quote| contract_state::quote_stands(quote.state));
        let opportunity = self
            .opportunity
            .as_ref()
            .map(|opportunity| contract_state::opportunity_stands(opportunity.state));
        [
            Some(contract_state::customer_in_system(self.in_effect())),
            quote,
            opportunity,
        ]
        .into_iter()
        .flatten()
        .filter_map(Result::err)
        .collect()
    }

    /// Whether the customer is known and in effect (CON-01).
    pub fn in_effect(&self) -> bool {
        self.customer.as_ref().is_some_and(|customer| {
            customer.deleted_at.is_none() && customer.state == CustomerState::Effective
        })
    }

    /// The quote, as long as it is an approved one.
    pub fn approved_quote(&self) -> Option<&Quote> {
        self.quote
            .as_ref()
            .filter(|quote| contract_state::quote_stands(quote.state).is_ok())
    }
}

/// What a new or changed contract names. What it names already needs not be seen again; what it names anew is found as
/// the actor may see it, and must belong together.
///
/// # Errors
/// A database fault.
pub fn named(
    conn: &mut Conn,
    ctx: &Ctx,
    customer_id: CustomerId,
    opportunity_id: Option<OpportunityId>,
    quote_id: Option<QuoteId>,
    known: Option<&Contract>,
    fields: &mut Fields,
) -> AppResult<Basis> {
    let quote = match quote_id {
        None => None,
        Some(id) if known.is_some_and(|contract| contract.quote_id == Some(id)) => {
            Some(quotes::unguarded(conn, id)?)
        }
        Some(id) => seen(quotes::find(conn, ctx, id), "/quote_id", fields)?,
    };
    let opportunity_id = opportunity_id.or(quote.as_ref().map(|quote| quote.opportunity_id));
    let named_by_quote = quote.as_ref().map(|quote| quote.opportunity_id) == opportunity_id;
    let opportunity = match opportunity_id {
        None => None,
        Some(id)
            if named_by_quote
                || known.is_some_and(|contract| contract.opportunity_id == Some(id)) =>
        {
            Some(opportunities::unguarded(conn, id)?)
        }
        Some(id) => seen(
            opportunities::find(conn, ctx, id),
            "/opportunity_id",
            fields,
        )?,
    };
    // Locked, so that nothing is entered under a customer that is merged into another at this moment (DUP-09).
    customers::lock(conn, customer_id)?;
    let through = known.is_some()
        || quote
            .as_ref()
            .is_some_and(|quote| quote.customer_id == customer_id)
        || opportunity
            .as_ref()
            .is_some_and(|o| o.customer_id == Some(customer_id));
    let customer = if through {
        Some(customers::unguarded(conn, customer_id)?)
    } else {
        customers::find(conn, ctx, customer_id).map_or_else(unknown, |found| Ok(Some(found)))?
    };
    if customer
        .as_ref()
        .is_some_and(|customer| customer.state == CustomerState::Merged)
    {
        return Err(customers::merged(conn, customer_id)?);
    }
    let basis = Basis {
        customer,
        opportunity,
        quote,
    };
    belong_together(&basis, customer_id, fields);
    Ok(basis)
}

fn unknown<T>(error: AppError) -> AppResult<Option<T>> {
    if error.code() == Code::NotFound {
        Ok(None)
    } else {
        Err(error)
    }
}

fn seen<T>(found: AppResult<T>, pointer: &str, fields: &mut Fields) -> AppResult<Option<T>> {
    match found {
        Ok(row) => Ok(Some(row)),
        Err(error) => {
            let none = unknown(error)?;
            fields.fail(FieldError::new(
                pointer,
                "UNKNOWN_REFERENCE",
                "没有此记录，或您无权查看。",
                "There is no such record, or you may not see it.",
            ));
            Ok(none)
        }
    }
}

fn belong_together(basis: &Basis, customer_id: CustomerId, fields: &mut Fields) {
    let mut other = |pointer, code, zh, en| fields.fail(FieldError::new(pointer, code, zh, en));
    if let Some(quote) = &basis.quote
        && quote.customer_id != customer_id
    {
        other(
            "/quote_id",
            "OTHER_CUSTOMER",
            "该报价属于另一客户。",
            "The quote is another customer's.",
        );
    }
    let Some(opportunity) = &basis.opportunity else {
        return;
    };
    if let Some(quote) = &basis.quote
        && quote.opportunity_id != opportunity.id
    {
        other(
            "/opportunity_id",
            "OTHER_OPPORTUNITY",
            "该报价属于另一商机。",
            "The quote was made for another opportunity.",
        );
    } else if basis.quote.is_none() && opportunity.customer_id != Some(customer_id) {
        other(
            "/opportunity_id",
            "OTHER_CUSTOMER",
            "该商机属于另一客户。",
            "The opportunity is another customer's.",
        );
    }
}

/// Who decides a contract, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The route.
    pub route: Route,
    /// What covers the discount.
    pub cover: Cover,
    /// The tier that speaks before the department manager.
    pub discount_tier: Option<QuoteTier>,
    /// Version of the sign-off policy.
    pub policy_number: i64,
}

impl Terms {
    /// Writes the terms into a contract.
    ///
    /// # Errors
    /// Never in practice: the reasons are written as JSON.
    pub fn put(&self, contract: &mut Contract) -> AppResult<()> {
        let because = match &self.route {
            Route::DepartmentManager => &[][..],
            Route::Countersign { because } => because,
        };
        contract.route = self.route.kind();
        contract.route_reasons = serde_json::to_string(because).map_err(AppError::internal)?;
        contract.discount_tier = self.discount_tier;
        contract.policy_number = self.policy_number;
        Ok(())
    }
}

/// Judges a contract by the policies in force.
///
/// # Errors
/// 409 when the discount is deeper than the approved quote's (AMB-47).
pub fn judge(ctx: &Ctx, contract: &Contract, approved_quote: Option<&Quote>) -> AppResult<Terms> {
    let signing = ctx.policy::<SignoffSettings>()?;
    let tiers = ctx.policy::<DiscountSettings>()?.value;
    let facts = Facts {
        product_sale: contract.product_sale,
        amount: contract.amount,
        list_total: contract.list_amount,
        quoted_total: contract.amount,
        standard_text: contract.standard_text,
        approved_quote: approved_quote.map(quote_terms::totals),
    };
    let cover = check_against_quote(&facts, &tiers)?;
    let route = signoff::route(&facts, &signing.value)?;
    let discount_tier = seats::tier_before(&route, cover);
    Ok(Terms {
        route,
        cover,
        discount_tier,
        policy_number: signing.number,
    })
}

/// Everything that stands against submitting a contract now, but for its discount.
///
/// # Errors
/// A database fault.
pub fn against_submission(
    conn: &mut Conn,
    ctx: &Ctx,
    contract: &Contract,
    basis: &Basis,
) -> AppResult<Vec<Refusal>> {
    let mut refusals = basis.refusals();
    let ratio = discount::ratio(totals(contract));
    refusals.extend(quote_conditions::against_special_price(
        conn,
        ctx,
        contract.unit_id,
        ratio,
    )?);
    Ok(refusals)
}

/// What a contract rests on now, to be judged again.
///
/// # Errors
/// A database fault.
pub fn basis(conn: &mut Conn, contract: &Contract) -> AppResult<Basis> {
    let opportunity = match contract.opportunity_id {
        None => None,
        Some(id) => Some(opportunities::unguarded(conn, id)?),
    };
    let quote = match contract.quote_id {
        None => None,
        Some(id) => Some(quotes::unguarded(conn, id)?),
    };
    let customer = Some(customers::unguarded(conn, contract.customer_id)?);
    Ok(Basis {
        customer,
        opportunity,
        quote,
    })
}

/// A contract's amounts as the policy judges them.
pub fn totals(contract: &Contract) -> Line {
    Line {
        list: contract.list_amount,
        quoted: contract.amount,
    }
}
