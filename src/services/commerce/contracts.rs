//! Contracts: found, entered, changed (CON). What happens to them then is in [`super::contract_steps`].

use serde_json::{Value, json};

use super::{
    contract_terms::{self, Basis},
    contract_views::{self, rule, view},
    quotes::owner,
};
use crate::{
    api::{
        commerce::contract::{
            ContractFilter, ContractItem, ContractPatch, ContractView, NewContract,
        },
        csv::Csv,
        patch::Patch,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        Money, code_key,
        id::kind::{ContractId, UnitId, UserId},
        vocabulary::{ApprovalState, Capability, ContractRoute, ContractState, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::{
        commerce::{contract::Contract, quote::Quote},
        customers::customer::Customer,
    },
    policy::commerce::{
        contract_state::{self, Command},
        discount,
    },
    repositories::{
        commerce::{
            contracts::{self, Narrow},
            quotes,
        },
        customers::customers,
        governance::access,
        sales::opportunities,
    },
    services::{
        governance::approvals,
        org::fields::{Changes, Fields},
    },
};

pub use crate::repositories::commerce::contracts::ContractSort;

/// One page of the contracts that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ContractFilter, ContractSort>,
) -> AppResult<Page<ContractItem>> {
    let ContractFilter {
        owner_id,
        customer_id,
        opportunity_id,
        quote_id,
        state_in,
        route_in,
        number,
        updated_at_gte,
        updated_at_lt,
    } = query.filter.clone();
    let narrow = Narrow {
        owner: owner_id,
        customer: customer_id,
        opportunity: opportunity_id,
        quote: quote_id,
        states: Csv::values(state_in),
        routes: Csv::values(route_in),
        number_prefix: number.as_deref().map(code_key),
        updated_from: updated_at_gte,
        updated_before: updated_at_lt,
    };
    let page = contracts::list(conn, ctx, &narrow, &query.page)?;
    page.try_map_all(|rows| contract_views::items(conn, rows))
}

/// One contract.
///
/// # Errors
/// 404 unless the actor may see it.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> AppResult<ContractView> {
    let contract = contracts::find(conn, ctx, id)?;
    view(conn, ctx, contract)
}

/// Enters a contract of a customer in the system (CON-01, CUS-41), at most as deep as its approved quote (AMB-47).
///
/// # Errors
/// 403, 409 with every refusal, 422.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewContract) -> AppResult<ContractView> {
    ctx.require(Capability::CreateContracts)?;
    let mut fields = Fields::default();
    let number = fields.line("/number", &body.number);
    let title = fields.line("/title", &body.title);
    let remarks = body
        .remarks
        .as_deref()
        .map(|text| fields.prose("/remarks", text));
    let basis = contract_terms::named(
        tx,
        ctx,
        body.customer_id,
        body.opportunity_id,
        body.quote_id,
        None,
        &mut fields,
    )?;
    // First of all: an unknown and an invisible customer get the same answer.
    contract_state::customer_in_system(basis.in_effect())?;
    let list_amount = list_amount(basis.quote.as_ref(), body.list_amount, None, &mut fields);
    fields.done()?;
    let customer = basis.customer.as_ref().ok_or_else(AppError::not_found)?;
    require_write(tx, ctx, &basis, customer)?;
    let refusals = basis.refusals();
    if !refusals.is_empty() {
        return Err(AppError::refused(refusals));
    }
    let (owner_id, unit_id) = belongs_to(tx, ctx, &basis, customer)?;
    let mut contract = Contract {
        id: ctx.new_id(),
        number_key: code_key(&number),
        number,
        title,
        customer_id: customer.id,
        opportunity_id: basis.opportunity.as_ref().map(|opportunity| opportunity.id),
        quote_id: body.quote_id,
        owner_id,
        unit_id,
        security_level: customer.security_level,
        state: ContractState::Draft,
        amount: body.amount,
        list_amount,
        product_sale: body.product_sale,
        standard_text: body.standard_text,
        route: ContractRoute::Countersign,
        route_reasons: String::new(),
        discount_tier: None,
        remarks,
        submitted_at: None,
        decision_comment: None,
        approved_at: None,
        signed_on: None,
        cancel_reason: None,
        policy_number: 0,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    contract_terms::judge(ctx, &contract, basis.approved_quote())?.put(&mut contract)?;
    contracts::insert(tx, &contract)?;
    record(
        tx,
        ctx,
        &contract,
        "contract.created",
        summary(&contract),
        "CON-01",
    );
    view(tx, ctx, contract)
}

/// Changes a contract that is not signed; what is or was under approval becomes a draft again.
///
/// # Errors
/// 403, 404, 409 when it is fixed or its discount is deeper than the quote's, 412, 422.
pub fn patch(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContractId,
    body: &ContractPatch,
) -> AppResult<ContractView> {
    let mut contract = owned(tx, ctx, id)?;
    let state = contract_state::may(contract.state, Command::Edit)?;
    let read = contract.version;
    let mut changes = apply(tx, ctx, &mut contract, body)?;
    if changes.is_empty() {
        return view(tx, ctx, contract);
    }
    let basis = contract_terms::basis(tx, &contract)?;
    contract_terms::judge(ctx, &contract, basis.approved_quote())?.put(&mut contract)?;
    if state != contract.state {
        changes.set("state", &mut contract.state, state);
        contract.approved_at = None;
        let because = "合同已修改 / the contract was changed";
        approvals::end_pending(
            tx,
            ctx,
            SubjectKind::Contract,
            id.cast(),
            ApprovalState::Void,
            because,
        )?;
    }
    keep(tx, ctx, &mut contract, read)?;
    record(
        tx,
        ctx,
        &contract,
        "contract.updated",
        changes.into_value(),
        rule(contract.route),
    );
    view(tx, ctx, contract)
}

fn apply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    contract: &mut Contract,
    body: &ContractPatch,
) -> AppResult<Changes> {
    let ContractPatch {
        number,
        title,
        opportunity_id,
        quote_id,
        amount,
        list_amount: list,
        product_sale,
        standard_text,
        remarks,
    } = body;
    let mut fields = Fields::default();
    let mut changes = Changes::default();
    let quote_id = quote_id.clone().applied(contract.quote_id);
    let opportunity_id = opportunity_id.clone().applied(contract.opportunity_id);
    let customer = contract.customer_id;
    let known = Some(&*contract);
    let basis = contract_terms::named(
        tx,
        ctx,
        customer,
        opportunity_id,
        quote_id,
        known,
        &mut fields,
    )?;
    refuse_new(&basis, contract)?;
    if let Some(number) = number {
        changes.set(
            "number",
            &mut contract.number,
            fields.line("/number", number),
        );
        contract.number_key = code_key(&contract.number);
    }
    if let Some(title) = title {
        changes.set("title", &mut contract.title, fields.line("/title", title));
    }
    match remarks {
        Patch::Absent => {}
        Patch::Null => changes.set("remarks", &mut contract.remarks, None),
        Patch::Value(text) => {
            changes.set(
                "remarks",
                &mut contract.remarks,
                Some(fields.prose("/remarks", text)),
            );
        }
    }
    let current = contract.list_amount;
    let list = list_amount(basis.quote.as_ref(), *list, Some(current), &mut fields);
    fields.done()?;
    let opportunity_id = basis.opportunity.as_ref().map(|opportunity| opportunity.id);
    changes.set(
        "opportunity_id",
        &mut contract.opportunity_id,
        opportunity_id,
    );
    changes.set("quote_id", &mut contract.quote_id, quote_id);
    changes.set("list_amount", &mut contract.list_amount, list);
    let amount = amount.unwrap_or(contract.amount);
    changes.set("amount", &mut contract.amount, amount);
    let sale = product_sale.unwrap_or(contract.product_sale);
    changes.set("product_sale", &mut contract.product_sale, sale);
    let standard = standard_text.unwrap_or(contract.standard_text);
    changes.set("standard_text", &mut contract.standard_text, standard);
    Ok(changes)
}

/// A quote or opportunity that the contract did not name before must stand; the others are judged on submission.
fn refuse_new(basis: &Basis, contract: &Contract) -> AppResult<()> {
    if let Some(quote) = &basis.quote
        && contract.quote_id != Some(quote.id)
    {
        contract_state::quote_stands(quote.state)?;
    }
    if let Some(opportunity) = &basis.opportunity
        && contract.opportunity_id != Some(opportunity.id)
    {
        contract_state::opportunity_stands(opportunity.state)?;
    }
    Ok(())
}

/// The list amount is the quote's; without one it is given, or stays.
fn list_amount(
    quote: Option<&Quote>,
    given: Option<Money>,
    current: Option<Money>,
    fields: &mut Fields,
) -> Money {
    match (quote, given.or(current)) {
        (Some(quote), _) => {
            if given.is_some_and(|given| given != quote.list_total) {
                fields.fail(FieldError::new(
                    "/list_amount",
                    "DIFFERS_FROM_QUOTE",
                    "有报价时目录价合计以报价为准；请省略或填写相同金额。",
                    "With a quote the list amount is the quote's: leave it out or give the same.",
                ));
            }
            quote.list_total
        }
        (None, Some(amount)) => amount,
        (None, None) => {
            fields.fail(FieldError::new(
                "/list_amount",
                "REQUIRED",
                "没有报价时须填写目录价合计。",
                "Required without a quote.",
            ));
            Money::ZERO
        }
    }
}

fn require_write(tx: &mut Tx<'_>, ctx: &Ctx, basis: &Basis, customer: &Customer) -> AppResult<()> {
    let writable = match (&basis.quote, &basis.opportunity) {
        (Some(quote), _) => quotes::may_write(tx, ctx, quote.id)?,
        (None, Some(opportunity)) => opportunities::may_write(tx, ctx, opportunity.id)?,
        (None, None) => customers::may_write(tx, ctx, customer.id)?,
    };
    if writable {
        Ok(())
    } else {
        Err(access::read_only())
    }
}

/// A contract belongs to whoever owns the quote, the opportunity or the customer that it is made for.
fn belongs_to(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    basis: &Basis,
    customer: &Customer,
) -> AppResult<(UserId, UnitId)> {
    match (&basis.quote, &basis.opportunity) {
        (Some(quote), _) => Ok((quote.owner_id, quote.unit_id)),
        (None, Some(opportunity)) => owner(tx, ctx, opportunity),
        (None, None) => Ok((customer.owner_id, customer.unit_id)),
    }
}

/// A contract that the actor may change, as the caller read it.
///
/// # Errors
/// 403, 404, 412.
pub(super) fn owned(tx: &mut Tx<'_>, ctx: &Ctx, id: ContractId) -> AppResult<Contract> {
    ctx.require(Capability::CreateContracts)?;
    let contract = contracts::find_for_write(tx, ctx, id)?;
    ctx.check_version(contract.version)?;
    Ok(contract)
}

pub(super) fn keep(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    contract: &mut Contract,
    read: i64,
) -> AppResult<()> {
    ctx.keep(read, contract, |next| contracts::save(tx, next, read))
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    contract: &Contract,
    kind: &str,
    data: Value,
    rule: &'static str,
) {
    ctx.record(
        tx,
        SubjectKind::Contract,
        contract.id,
        kind,
        &data,
        Some(rule),
    );
}

pub(super) fn summary(contract: &Contract) -> Value {
    json!({
        "number": contract.number,
        "customer_id": contract.customer_id,
        "opportunity_id": contract.opportunity_id,
        "quote_id": contract.quote_id,
        "amount": contract.amount,
        "list_amount": contract.list_amount,
        "ratio": discount::ratio(contract_terms::totals(contract)),
        "route": contract.route,
        "route_reasons": serde_json::from_str::<Value>(&contract.route_reasons).unwrap_or_default(),
        "discount_tier": contract.discount_tier,
        "policy_number": contract.policy_number,
    })
}
