//! Contracts as callers see them.

use crate::{
    api::commerce::contract::{ContractAction, ContractItem, ContractView},
    context::Ctx,
    db::Conn,
    domain::vocabulary::{Capability, ContractRoute, SubjectKind},
    error::{AppError, AppResult, Code},
    models::commerce::contract::Contract,
    policy::commerce::{
        contract_state::{self, Command},
        discount,
    },
    repositories::commerce::{
        contracts,
        related::{self, Related},
    },
    services::commerce::contract_terms,
};

/// A page of contracts, with what they refer to in one query a kind.
///
/// # Errors
/// A database fault.
pub fn items(conn: &mut Conn, contracts: Vec<Contract>) -> AppResult<Vec<ContractItem>> {
    let subjects: Vec<_> = contracts
        .iter()
        .map(|contract| contract.id.cast())
        .collect();
    let customers: Vec<_> = contracts
        .iter()
        .map(|contract| contract.customer_id)
        .collect();
    let owners: Vec<_> = contracts.iter().map(|c| (c.owner_id, c.unit_id)).collect();
    let related = related::read(conn, SubjectKind::Contract, &subjects, &customers, &owners)?;
    contracts
        .into_iter()
        .map(|contract| item(contract, &related))
        .collect()
}

/// One contract with what the caller may do with it.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, contract: Contract) -> AppResult<ContractView> {
    let allowed_actions = allowed_actions(conn, ctx, &contract)?;
    let subject = [contract.id.cast()];
    let customer = [contract.customer_id];
    let owner = [(contract.owner_id, contract.unit_id)];
    let related = related::read(conn, SubjectKind::Contract, &subject, &customer, &owner)?;
    Ok(ContractView {
        item: item(contract, &related)?,
        allowed_actions,
    })
}

fn allowed_actions(
    conn: &mut Conn,
    ctx: &Ctx,
    contract: &Contract,
) -> AppResult<Vec<ContractAction>> {
    if !ctx.has(Capability::CreateContracts) || !contracts::may_write(conn, ctx, contract.id)? {
        return Ok(Vec::new());
    }
    let mut actions = Vec::new();
    for command in contract_state::admitted(contract.state) {
        let action = match command {
            Command::Edit => Some(ContractAction::Update),
            Command::Submit => may_submit(conn, ctx, contract)?.then_some(ContractAction::Submit),
            Command::Withdraw => Some(ContractAction::Withdraw),
            Command::Sign => Some(ContractAction::Sign),
            Command::Cancel => Some(ContractAction::Cancel),
            // Said in the approval, by its holders.
            Command::Approve | Command::Reject | Command::Return => None,
        };
        actions.extend(action);
    }
    Ok(actions)
}

fn may_submit(conn: &mut Conn, ctx: &Ctx, contract: &Contract) -> AppResult<bool> {
    let basis = contract_terms::basis(conn, contract)?;
    if !contract_terms::against_submission(conn, ctx, contract, &basis)?.is_empty() {
        return Ok(false);
    }
    let mut contract = contract.clone();
    if let Some(quote) = basis.approved_quote() {
        contract.list_amount = quote.list_total;
    }
    match contract_terms::judge(ctx, &contract, basis.approved_quote()) {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Code::RuleRefused => Ok(false),
        Err(error) => Err(error),
    }
}

fn item(contract: Contract, related: &Related) -> AppResult<ContractItem> {
    let ratio = discount::ratio(contract_terms::totals(&contract));
    let Contract {
        id,
        number,
        number_key: _,
        title,
        customer_id,
        opportunity_id,
        quote_id,
        owner_id,
        unit_id,
        security_level: _,
        state,
        amount,
        list_amount,
        product_sale,
        standard_text,
        route,
        route_reasons,
        discount_tier,
        remarks,
        submitted_at,
        decision_comment,
        approved_at,
        signed_on,
        cancel_reason,
        policy_number,
        version,
        created_at,
        updated_at,
    } = contract;
    Ok(ContractItem {
        id,
        number,
        title,
        customer_id,
        customer_name: related
            .customers
            .get(&customer_id)
            .cloned()
            .unwrap_or_default(),
        opportunity_id,
        quote_id,
        owner_id,
        owner_name: related.directory.user(owner_id),
        unit_id,
        unit_name: related.directory.unit(unit_id),
        state,
        amount,
        list_amount,
        ratio,
        product_sale,
        standard_text,
        route,
        route_reasons: serde_json::from_str(&route_reasons).map_err(AppError::internal)?,
        discount_tier,
        rule: rule(route).to_owned(),
        policy_number,
        remarks,
        approval_id: related.approvals.get(&id.cast()).copied(),
        submitted_at,
        decision_comment,
        approved_at,
        signed_on,
        cancel_reason,
        version,
        created_at,
        updated_at,
    })
}

/// The requirement behind a kept route.
pub fn rule(route: ContractRoute) -> &'static str {
    match route {
        ContractRoute::DepartmentManager => "CON-02",
        ContractRoute::Countersign => "CON-04",
    }
}
