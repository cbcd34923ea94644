//! Appeals against the refused registration of a customer (AMB-45): the attempt becomes a conflict case. Opportunities that
//! collide have their case from the collision on, see [`super::collisions`].

use serde_json::json;

use super::conflict_cases::view;
use crate::{
    api::sales::conflict_case::{Appeal, ConflictCaseView},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{AttemptId, UserId},
        vocabulary::{Capability, CaseState, CustomerState, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    models::sales::conflict_case::ConflictCase,
    policy::{
        Setting,
        customers::conflict::{self, AppealFacts, ConflictSettings, appeal_open, appealable},
    },
    repositories::{
        customers::{attempts, customers},
        governance::approvers,
        org::names,
        sales::conflict_cases,
    },
    services::{customers::duplicates::appeal_until, org::fields::Fields},
};

/// Appeals the refused registration of a customer: the case goes to the arbitrator at once. The customer's row is locked,
/// so that two appeals of one claimant at once are one.
///
/// # Errors
/// 404; 403 for anybody but the refused registrant; 409 when the time is over, nobody else holds the customer any more, or
/// the same was appealed before.
pub fn appeal_attempt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: AttemptId,
    body: &Appeal,
) -> AppResult<ConflictCaseView> {
    let attempt = attempts::seen(tx, ctx, id)?;
    if attempt.owner_id != ctx.actor.id {
        return Err(AppError::forbidden(
            "只有被拒登记人本人可以申请裁决。",
            "Only the refused registrant may appeal.",
        )
        .rule("AMB-45"));
    }
    let settings = ctx.policy::<ConflictSettings>()?;
    let until = appeal_until(ctx, &attempt, &settings.value);
    customers::lock(tx, attempt.customer_id)?;
    // A merge moves attempts: what was read before the lock may be another customer's by now.
    let attempt = attempts::unguarded(tx, id)?;
    let customer = customers::unguarded(tx, attempt.customer_id)?;
    let before = match conflict_cases::of_attempts(tx, &[id])?.pop() {
        Some((_, case)) => Some(case),
        None => conflict_cases::between(tx, customer.id, customer.owner_id, attempt.owner_id)?
            .map(|case| case.id),
    };
    let gone = customer.deleted_at.is_some() || customer.state == CustomerState::Merged;
    appealable(AppealFacts {
        of_opportunity: attempt.subject_kind == SubjectKind::Opportunity,
        nothing_to_claim: gone || customer.owner_id == attempt.owner_id,
        before: before.is_some(),
    })
    .map_err(|refusal| AppError::from(refusal).with("conflict_case_id", before))?;
    appeal_open(
        attempt.attempted_at.date_in(ctx.zone),
        ctx.today(),
        until.date_in(ctx.zone),
    )?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let case = ConflictCase {
        id: ctx.new_id(),
        opportunity_id: None,
        attempt_id: Some(id),
        customer_id: customer.id,
        customer_name: customer.name.clone(),
        holder_id: customer.owner_id,
        claimant_id: attempt.owner_id,
        owner_id: attempt.owner_id,
        unit_id: attempt.unit_id,
        security_level: customer.security_level,
        state: CaseState::UnderArbitration,
        detected_at: attempt.attempted_at,
        appeal_until: until,
        appeal_reason: Some(reason),
        appealed_at: Some(ctx.now),
        arbitrator_id: arbitrator(tx, customer.owner_id, attempt.owner_id)?,
        ruling: None,
        basis: None,
        holder_share: None,
        claimant_share: None,
        ruled_by: None,
        ruled_at: None,
        policy_number: settings.number,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    if !conflict_cases::insert(tx, &case)? {
        return Err(AppError::lost_race("the attempt was appealed meanwhile"));
    }
    let data = json!({
        "attempt_id": id, "customer_id": case.customer_id, "holder_id": case.holder_id,
        "claimant_id": case.claimant_id, "arbitrator_id": case.arbitrator_id,
        "reason": case.appeal_reason, "appeal_until": case.appeal_until,
        "policy_key": ConflictSettings::KEY, "policy_number": case.policy_number,
    });
    let rule = Some("AMB-45");
    ctx.record(
        tx,
        SubjectKind::ConflictCase,
        case.id,
        "conflict_case.appealed",
        &data,
        rule,
    );
    let data = json!({ "conflict_case_id": case.id, "claimant_id": case.claimant_id });
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        "customer.registration_appealed",
        &data,
        rule,
    );
    view(tx, ctx, &case)
}

/// Who is to rule on a case between these two: the sales manager nearest to the holder's department who is neither of them
/// nor away (CONF-05, AMB-50); none if nobody is left, then whoever may rule does.
///
/// # Errors
/// A database fault.
pub fn arbitrator(conn: &mut Conn, holder: UserId, claimant: UserId) -> AppResult<Option<UserId>> {
    let Some(unit) = names::people(conn, [holder])?.unit(holder) else {
        return Ok(None);
    };
    let candidates = approvers::candidates(conn, unit, &[Capability::RuleConflicts], &[])?;
    let ids: Vec<UserId> = candidates.iter().map(|candidate| candidate.user).collect();
    let away = conflict_cases::away(conn, &ids)?;
    Ok(conflict::arbitrator(
        &candidates,
        &[holder, claimant],
        &away,
    ))
}

/// Whether an error says that there is no such record.
pub(super) fn is_unknown(error: &AppError) -> bool {
    matches!(error.code(), Code::NotFound | Code::Forbidden)
}
