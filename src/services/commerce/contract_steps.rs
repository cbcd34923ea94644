//! A contract's way: signed off by the department manager or countersigned, signed, or given up (CON-02..05, CON-08).

use serde_json::{Value, json};

use super::{
    contract_terms,
    contract_views::{rule, view},
    contracts::{keep, owned, record, summary},
};
use crate::{
    api::commerce::contract::{CancelContract, ContractView, SignContract},
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::ContractId,
        vocabulary::{ApprovalState, ContractState, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    models::commerce::contract::Contract,
    policy::{
        Setting,
        commerce::{
            contract_state::{self, Command},
            discount, seats,
            signoff::SignoffSettings,
        },
    },
    repositories::{
        commerce::{contracts, quotes},
        customers::customers,
    },
    services::{
        governance::{
            approvals::{self, Submission},
            settlement::Outcome,
        },
        org::fields::Fields,
    },
};

/// Hands a contract in: what it rests on is checked again, its route chosen by the policy in force (CON-01..05).
///
/// # Errors
/// 403, 404, 409 with every refusal, 412.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, id: ContractId) -> AppResult<ContractView> {
    let mut contract = owned(tx, ctx, id)?;
    let state = contract_state::may(contract.state, Command::Submit)?;
    let read = contract.version;
    // Whoever deletes the customer counts what is under way (CUS-48): one of the two sees the other.
    customers::lock(tx, contract.customer_id)?;
    let basis = contract_terms::basis(tx, &contract)?;
    let refusals = contract_terms::against_submission(tx, ctx, &contract, &basis)?;
    if !refusals.is_empty() {
        return Err(AppError::refused(refusals));
    }
    if let Some(quote) = basis.approved_quote() {
        if !quotes::hold(tx, quote)? {
            return Err(AppError::lost_race(
                "the quote changed while the contract was submitted",
            ));
        }
        contract.list_amount = quote.list_total;
    }
    let terms = contract_terms::judge(ctx, &contract, basis.approved_quote())?;
    terms.put(&mut contract)?;
    contract.state = state;
    contract.submitted_at = Some(ctx.now);
    contract.decision_comment = None;
    keep(tx, ctx, &mut contract, read)?;
    record(
        tx,
        ctx,
        &contract,
        "contract.submitted",
        summary(&contract),
        terms.route.rule(),
    );
    let customer = basis
        .customer
        .map(|customer| customer.name)
        .unwrap_or_default();
    let ratio = discount::ratio(contract_terms::totals(&contract));
    let submission = Submission {
        subject_kind: SubjectKind::Contract,
        subject_id: id.cast(),
        subject_version: contract.version,
        title: format!(
            "合同：{} {} · {customer} · {} 元 · {ratio}",
            contract.number, contract.title, contract.amount
        ),
        rule: terms.route.rule(),
        policy: Some((SignoffSettings::KEY, contract.policy_number)),
        owner_id: contract.owner_id,
        unit_id: contract.unit_id,
        security_level: contract.security_level,
        route: seats::contract_route(&terms.route, terms.cover),
    };
    approvals::submit(tx, ctx, submission)?;
    view(tx, ctx, contract)
}

/// Takes a submitted contract back.
///
/// # Errors
/// 403, 404, 409 when it is not submitted, 412.
pub fn withdraw(tx: &mut Tx<'_>, ctx: &Ctx, id: ContractId) -> AppResult<ContractView> {
    let contract = owned(tx, ctx, id)?;
    let state = contract_state::may(contract.state, Command::Withdraw)?;
    end_pending(tx, ctx, id, "提交人撤回 / withdrawn")?;
    moved(tx, ctx, contract, state, "contract.withdrawn", json!({}))
}

/// Records that both parties have signed an approved contract (CON-08).
///
/// # Errors
/// 403, 404, 409 unless it is approved, 412, 422 when the day lies in the future.
pub fn sign(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContractId,
    body: &SignContract,
) -> AppResult<ContractView> {
    let mut contract = owned(tx, ctx, id)?;
    let state = contract_state::may(contract.state, Command::Sign)?;
    let mut fields = Fields::default();
    if body.signed_on > ctx.today() {
        let (zh, en) = ("签订日期不得晚于今天。", "Must not lie in the future.");
        fields.fail(FieldError::new("/signed_on", "IN_THE_FUTURE", zh, en));
    }
    fields.done()?;
    contract.signed_on = Some(body.signed_on);
    let data = json!({ "signed_on": body.signed_on, "amount": contract.amount });
    moved(tx, ctx, contract, state, "contract.signed", data)
}

/// Gives a contract up before it is signed, and says why. Its number stays taken.
///
/// # Errors
/// 403, 404, 409 when it is signed or cancelled, 412, 422.
pub fn cancel(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContractId,
    body: &CancelContract,
) -> AppResult<ContractView> {
    let mut contract = owned(tx, ctx, id)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let state = contract_state::may(contract.state, Command::Cancel)?;
    end_pending(tx, ctx, id, "合同作废 / cancelled")?;
    contract.cancel_reason = Some(reason.clone());
    moved(
        tx,
        ctx,
        contract,
        state,
        "contract.cancelled",
        json!({ "reason": reason }),
    )
}

/// What its approval's end means for a contract. The department manager says yes or no (CON-03).
///
/// # Errors
/// 409 for a return where a definite opinion is due; a race that is run again.
pub fn settle(tx: &mut Tx<'_>, ctx: &Ctx, id: ContractId, outcome: &Outcome) -> AppResult<()> {
    let mut contract = contracts::unguarded(tx, id)?;
    let (command, kind) = match outcome.state {
        ApprovalState::Approved => (Command::Approve, "contract.approved"),
        ApprovalState::Rejected => (Command::Reject, "contract.rejected"),
        ApprovalState::Returned => (Command::Return, "contract.returned"),
        ApprovalState::Withdrawn => (Command::Withdraw, "contract.withdrawn"),
        // Whoever voided it, or has not decided it, sees to the contract.
        ApprovalState::Pending | ApprovalState::Void => return Ok(()),
    };
    if command == Command::Return {
        contract_state::may_return(contract.route)?;
    }
    let read = contract.version;
    contract.state = contract_state::may(contract.state, command)?;
    contract.approved_at = Some(ctx.now).filter(|_| contract.state == ContractState::Approved);
    contract.decision_comment = outcome.comment.clone();
    contract.version += 1;
    contract.updated_at = ctx.now;
    if !contracts::save(tx, &contract, read)? {
        return Err(AppError::lost_race(
            "the contract changed while it was decided",
        ));
    }
    let data = json!({ "approval_id": outcome.approval_id, "comment": outcome.comment });
    record(tx, ctx, &contract, kind, data, rule(contract.route));
    Ok(())
}

fn end_pending(tx: &mut Tx<'_>, ctx: &Ctx, id: ContractId, because: &str) -> AppResult<()> {
    let (kind, state) = (SubjectKind::Contract, ApprovalState::Withdrawn);
    approvals::end_pending(tx, ctx, kind, id.cast(), state, because)?;
    Ok(())
}

fn moved(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut contract: Contract,
    state: ContractState,
    kind: &str,
    data: Value,
) -> AppResult<ContractView> {
    let read = contract.version;
    contract.state = state;
    keep(tx, ctx, &mut contract, read)?;
    let rule = if state == ContractState::Signed {
        "CON-08"
    } else {
        "CON-07"
    };
    record(tx, ctx, &contract, kind, data, rule);
    view(tx, ctx, contract)
}
