//! Rulings on conflict cases: uphold, transfer, cooperate (CONF-04..CONF-07, AMB-4).

use serde_json::json;

use super::{
    conflict_cases::{save, view},
    cooperation::share_customer,
};
use crate::{
    api::sales::conflict_case::{ConflictCaseView, Rule},
    context::Ctx,
    db::Tx,
    domain::{
        Ratio,
        id::kind::{ConflictCaseId, OpportunityId, UnitId, UserId},
        vocabulary::{Capability, OpportunityState, SubjectKind},
    },
    error::{AppError, AppResult},
    models::sales::{
        conflict_case::ConflictCase,
        cooperation::CooperationSplit,
        opportunity::{Opportunity, OpportunityParty},
    },
    policy::{
        Refusal, Setting,
        customers::conflict::{ConflictSettings, Outcome, check_ruling},
        sales::conflict_state::{Command, may},
    },
    repositories::{
        customers::customers,
        org::actors,
        sales::{conflict_cases, cooperation, opportunities},
    },
    services::org::fields::Fields,
};

/// Rules on a case. The ruling keeps its basis, parties, time, outcome and policy version (CONF-07).
///
/// # Errors
/// 404; 403 for a party, and for whoever may not rule in either department (CONF-05); 409 unless under arbitration, or
/// when the holder holds nothing any more; 412 when somebody else was first; 422 for half a split.
pub fn rule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ConflictCaseId,
    body: &Rule,
) -> AppResult<ConflictCaseView> {
    ctx.require(Capability::RuleConflicts)?;
    let read = conflict_cases::find(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    if !conflict_cases::may_rule(tx, ctx, id)? {
        return Err(not_the_arbitrator());
    }
    let state = may(read.state, Command::Rule)?;
    let settings = ctx.policy::<ConflictSettings>()?;
    let split = split(body)?;
    let basis = body.basis.trim();
    let outcome = check_ruling(body.ruling, split, basis, &settings.value)?;
    let mut next = read.clone();
    next.state = state;
    next.ruling = Some(body.ruling);
    next.basis = Some(basis.to_owned());
    next.ruled_by = Some(ctx.actor.id);
    next.ruled_at = Some(ctx.now);
    next.policy_number = settings.number;
    if let Outcome::Cooperate { first, later } = outcome {
        next.holder_share = Some(first);
        next.claimant_share = Some(later);
    }
    // The case first: of two who rule at once the second finds another version, before anything has moved.
    let next = save(tx, ctx, &read, next)?;
    let data = json!({
        "ruling": next.ruling,
        "basis": next.basis,
        "holder_id": next.holder_id,
        "claimant_id": next.claimant_id,
        "customer_id": next.customer_id,
        "opportunity_id": next.opportunity_id,
        "holder_share": next.holder_share,
        "claimant_share": next.claimant_share,
        "policy_key": ConflictSettings::KEY,
        "policy_number": next.policy_number,
    });
    ctx.record(
        tx,
        SubjectKind::ConflictCase,
        id,
        "conflict_case.ruled",
        &data,
        Some("CONF-07"),
    );
    match outcome {
        Outcome::Uphold => uphold(tx, ctx, &next),
        Outcome::Transfer => transfer(tx, ctx, &next)?,
        Outcome::Cooperate { first, later } => cooperate(tx, ctx, &next, first, later)?,
    }
    view(tx, ctx, &next)
}

fn not_the_arbitrator() -> AppError {
    AppError::forbidden(
        "须由管辖任一方部门、且非当事人的销售部经理裁决。",
        "A case is ruled by the sales manager over either party's department, who is neither party.",
    )
    .rule("CONF-05")
}

fn split(body: &Rule) -> AppResult<Option<(Ratio, Ratio)>> {
    let absent = match (body.holder_share, body.claimant_share) {
        (Some(holder), Some(claimant)) => return Ok(Some((holder, claimant))),
        (None, None) => return Ok(None),
        (None, Some(_)) => "/holder_share",
        (Some(_), None) => "/claimant_share",
    };
    let mut fields = Fields::default();
    fields.refuse(
        absent,
        "REQUIRED",
        "分配比例须双方同时填写。",
        "Give both shares or neither.",
    );
    fields.done().map(|()| None)
}

/// The first registration stands: nothing moves, and the losing side's record says so.
fn uphold(tx: &mut Tx<'_>, ctx: &Ctx, case: &ConflictCase) {
    let data = json!({ "conflict_case_id": case.id, "ruling": case.ruling });
    let rule = Some("CONF-01");
    match case.opportunity_id {
        Some(id) => {
            let kind = SubjectKind::Opportunity;
            ctx.record(tx, kind, id, "opportunity.failure_upheld", &data, rule);
        }
        None => {
            let (kind, id) = (SubjectKind::Customer, case.customer_id);
            ctx.record(tx, kind, id, "customer.registration_upheld", &data, rule);
        }
    }
}

/// What the holder has of the customer goes to the claimant, who may submit again.
fn transfer(tx: &mut Tx<'_>, ctx: &Ctx, case: &ConflictCase) -> AppResult<()> {
    let unit = claimants_unit(tx, case)?;
    let customer = customers::unguarded(tx, case.customer_id)?;
    // This takes the lock of the customer's row: registrations on it are either seen below or wait (see `collisions`).
    let moves = customer.owner_id == case.holder_id;
    let held = if moves {
        customers::set_owner(tx, &customer, case.claimant_id, unit, ctx.now)?
    } else {
        opportunities::hold_customer(tx, &customer)?
    };
    if !held {
        return Err(AppError::lost_race("the customer changed meanwhile"));
    }
    let live = holders_live(tx, case)?;
    if !moves && live.is_empty() {
        return Err(holds_nothing().into());
    }
    let data = json!({
        "from": case.holder_id, "to": case.claimant_id, "conflict_case_id": case.id,
    });
    if moves {
        let kind = SubjectKind::Customer;
        ctx.record(
            tx,
            kind,
            customer.id,
            "customer.transferred",
            &data,
            Some("CONF-04"),
        );
    }
    for row in live {
        let next = Opportunity {
            owner_id: case.claimant_id,
            unit_id: unit,
            ..row.clone()
        };
        keep(tx, ctx, &row, next)?;
        let kind = SubjectKind::Opportunity;
        ctx.record(
            tx,
            kind,
            row.id,
            "opportunity.transferred",
            &data,
            Some("CONF-04"),
        );
    }
    reinstate(tx, ctx, case, OpportunityState::Returned)
}

fn claimants_unit(tx: &mut Tx<'_>, case: &ConflictCase) -> AppResult<UnitId> {
    let claimant = actors::enabled_user(tx, case.claimant_id)?.ok_or_else(|| {
        Refusal::new(
            "CONF-04",
            "CLAIMANT_DISABLED",
            "申请人账号已停用,不能接手客户;请维持先录",
            "the claimant's account is disabled and cannot take the customer: uphold the first registration",
        )
    })?;
    Ok(claimant.unit_id)
}

fn holders_live(tx: &mut Tx<'_>, case: &ConflictCase) -> AppResult<Vec<Opportunity>> {
    let mut live = opportunities::live(tx, case.customer_id)?;
    live.retain(|row| row.owner_id == case.holder_id);
    Ok(live)
}

fn holds_nothing() -> Refusal {
    Refusal::new(
        "CONF-05",
        "HOLDER_HOLDS_NOTHING",
        "先录人已不再持有该客户或其商机,无可移交或合作;请维持先录,申请人可重新提交",
        "the holder no longer holds the customer or an opportunity on it: uphold, and let the claimant submit again",
    )
}

fn keep(tx: &mut Tx<'_>, ctx: &Ctx, read: &Opportunity, mut next: Opportunity) -> AppResult<()> {
    next.version = read.version + 1;
    next.updated_at = ctx.now;
    if opportunities::save(tx, &next, read.version)? {
        return Ok(());
    }
    // The version that the caller read is the case's: a lost race is run again.
    Err(AppError::lost_race("the opportunity changed meanwhile"))
}

/// The claimant's failed opportunity lives again: only a ruling brings one back, so the state machine has no way for it.
fn reinstate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: &ConflictCase,
    state: OpportunityState,
) -> AppResult<()> {
    let Some(id) = case.opportunity_id else {
        return Ok(());
    };
    let read = opportunities::unguarded(tx, id)?;
    if read.state != OpportunityState::Failed {
        return Ok(());
    }
    let mut next = Opportunity {
        state,
        ..read.clone()
    };
    if state == OpportunityState::Registered {
        next.registered_at = Some(ctx.now);
        next.stage_since = ctx.now;
    }
    keep(tx, ctx, &read, next)?;
    let data = json!({ "from": read.state, "to": state, "conflict_case_id": case.id });
    let (kind, id) = (SubjectKind::Opportunity, read.id);
    ctx.record(
        tx,
        kind,
        id,
        "opportunity.reinstated",
        &data,
        Some("CONF-04"),
    );
    Ok(())
}

/// Both follow and sign it together: on the holder's live opportunity, else on the claimant's, which is registered by
/// this; whichever of the two does not own the customer may work on it from now on.
fn cooperate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: &ConflictCase,
    first: Ratio,
    later: Ratio,
) -> AppResult<()> {
    claimants_unit(tx, case)?;
    let customer = customers::unguarded(tx, case.customer_id)?;
    if !opportunities::hold_customer(tx, &customer)? {
        return Err(AppError::lost_race("the customer changed meanwhile"));
    }
    let held = customer.owner_id == case.holder_id;
    let joint = match (
        holders_live(tx, case)?.into_iter().next(),
        case.opportunity_id,
    ) {
        (Some(row), _) => Some(row.id),
        (None, Some(id)) if held => {
            reinstate(tx, ctx, case, OpportunityState::Registered)?;
            Some(id)
        }
        (None, None) if held => None,
        (None, _) => return Err(holds_nothing().into()),
    };
    if let Some(joint) = joint {
        pursue_together(tx, ctx, case, joint, (first, later))?;
    }
    if case.opportunity_id.is_none() {
        let shares = [(case.holder_id, first), (case.claimant_id, later)];
        keep_splits(tx, ctx, case, None, &shares)?;
        let split: Vec<_> = shares
            .iter()
            .map(|(user, share)| json!({ "user_id": user, "share": share }))
            .collect();
        let data = json!({ "parties": split, "conflict_case_id": case.id });
        let (kind, id) = (SubjectKind::Customer, case.customer_id);
        ctx.record(
            tx,
            kind,
            id,
            "customer.shared_by_ruling",
            &data,
            Some("CONF-04"),
        );
    }
    for user in [case.holder_id, case.claimant_id] {
        let reason = format!("冲突裁决 {}：双方合作（CONF-04）", case.id);
        let ruling = Some(case.id);
        share_customer(tx, ctx, &customer, user, reason, "CONF-04", ruling)?;
    }
    Ok(())
}

/// Both are parties of the joint opportunity, with the split.
fn pursue_together(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: &ConflictCase,
    joint: OpportunityId,
    (first, later): (Ratio, Ratio),
) -> AppResult<()> {
    let present = cooperation::parties(tx, &[joint])?;
    let rows = joined(ctx, case, joint, present, first, later);
    cooperation::set_parties(tx, joint, &rows)?;
    let shares: Vec<_> = rows.iter().map(|row| (row.user_id, row.share)).collect();
    keep_splits(tx, ctx, case, Some(joint), &shares)?;
    let split: Vec<_> = rows
        .iter()
        .map(|row| json!({ "user_id": row.user_id, "share": row.share }))
        .collect();
    let data = json!({ "parties": split, "conflict_case_id": case.id });
    let kind = SubjectKind::Opportunity;
    ctx.record(
        tx,
        kind,
        joint,
        "opportunity.shared_by_ruling",
        &data,
        Some("CONF-04"),
    );
    Ok(())
}

/// The split as statistics read it (CONF-07): the subject's former one ends.
fn keep_splits(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: &ConflictCase,
    opportunity_id: Option<OpportunityId>,
    shares: &[(UserId, Ratio)],
) -> AppResult<()> {
    cooperation::end_splits(tx, case.customer_id, opportunity_id, ctx.now)?;
    let rows: Vec<_> = shares
        .iter()
        .map(|(user_id, share)| CooperationSplit {
            id: ctx.new_id(),
            case_id: case.id,
            customer_id: case.customer_id,
            opportunity_id,
            user_id: *user_id,
            share: *share,
            since: ctx.now,
            ended_at: None,
        })
        .collect();
    cooperation::insert_splits(tx, &rows)
}

/// The two divide what the holder has had of the credit; what others have by earlier rulings stays theirs.
fn joined(
    ctx: &Ctx,
    case: &ConflictCase,
    opportunity_id: OpportunityId,
    present: Vec<OpportunityParty>,
    first: Ratio,
    later: Ratio,
) -> Vec<OpportunityParty> {
    let (two, mut rows): (Vec<_>, Vec<_>) = present
        .into_iter()
        .partition(|row| row.user_id == case.holder_id || row.user_id == case.claimant_id);
    let whole = if two.is_empty() && rows.is_empty() {
        Ratio::ONE.ten_thousandths()
    } else {
        two.iter().map(|row| row.share.ten_thousandths()).sum()
    };
    let claimants = whole * later.ten_thousandths() / Ratio::ONE.ten_thousandths();
    for (user_id, share, fallback) in [
        (case.holder_id, whole - claimants, first),
        (case.claimant_id, claimants, later),
    ] {
        let share = Ratio::from_ten_thousandths(share).unwrap_or(fallback);
        rows.push(OpportunityParty {
            opportunity_id,
            user_id,
            share,
            since: ctx.now,
        });
    }
    rows
}
