//! Registration of opportunities: submission with its collision check, withdrawal, what the review decides
//! (OPP-04..OPP-08, AMB-4, AMB-44..46).

use serde_json::json;

use super::{
    collisions::{self, Verdict},
    opportunities::save,
    opportunity_views::{facts, view},
};
use crate::{
    api::sales::opportunity::OpportunityView,
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::OpportunityId,
        vocabulary::{
            ApprovalState, Capability, OpportunityState, SeatMode, SeatScope, SubjectKind,
        },
    },
    error::{AppError, AppResult},
    models::sales::opportunity::Opportunity,
    policy::{
        Setting,
        governance::approval::{Route, Seat, Step},
        sales::{
            opportunity::OpportunitySettings,
            opportunity_items::missing,
            opportunity_state::{Command, may},
        },
    },
    repositories::sales::opportunities,
    services::governance::{
        approvals::{self, Submission},
        settlement::Outcome,
    },
};

/// Submits an opportunity: complete (OPP-05), of a registered customer (OPP-12), not colliding (OPP-07); then it goes to
/// the review of its unit (OPP-04).
///
/// # Errors
/// 404, 403; 422 with every missing item; 409 `RULE_REFUSED` when the customer is not registered or not effective: it
/// stays a draft; 409 `COLLISION` when a colleague was first: then it has failed, the attempt is kept, and a conflict
/// case is open.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityId) -> AppResult<OpportunityView> {
    ctx.require(Capability::RegisterOpportunities)?;
    let read = opportunities::find_for_write(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let state = may(read.state, Command::Submit)?;
    let lacking = missing(&facts(&read));
    if !lacking.is_empty() {
        return Err(AppError::incomplete(lacking));
    }
    let customer = match collisions::judge(tx, ctx, &read)? {
        Verdict::Clear(customer) => customer,
        Verdict::Collision(met) => return Err(collisions::fail(tx, ctx, &read, &met)?.recorded()),
    };
    let mut next = read.clone();
    next.state = state;
    next.submitted_at = Some(ctx.now);
    next.customer_id = Some(customer.id);
    next.customer_name = customer.name;
    next.security_level = customer.security_level;
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "customer_id": next.customer_id, "from": read.state, "to": next.state });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.submitted",
        &data,
        Some("OPP-02"),
    );
    ask_for_review(tx, ctx, &next)?;
    view(tx, ctx, &next)
}

fn ask_for_review(tx: &mut Tx<'_>, ctx: &Ctx, row: &Opportunity) -> AppResult<()> {
    let settings = ctx.policy::<OpportunitySettings>()?;
    let seat = Seat {
        capability: Capability::ReviewOpportunities,
        scope: SeatScope::SubmitterUnit,
    };
    approvals::submit(
        tx,
        ctx,
        Submission {
            subject_kind: SubjectKind::Opportunity,
            subject_id: row.id.cast(),
            subject_version: row.version,
            title: format!("商机审核：{}｜{}", row.customer_name, row.title),
            rule: "OPP-04",
            policy: Some((OpportunitySettings::KEY, settings.number)),
            owner_id: row.owner_id,
            unit_id: row.unit_id,
            security_level: row.security_level,
            route: Route {
                steps: vec![Step {
                    mode: SeatMode::AnyOf,
                    seats: vec![seat],
                }],
            },
        },
    )?;
    Ok(())
}

/// Takes an opportunity back from its review: it is a draft again.
///
/// # Errors
/// 404, 403; 409 unless it is under review.
pub fn withdraw(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityId) -> AppResult<OpportunityView> {
    ctx.require(Capability::RegisterOpportunities)?;
    let read = opportunities::find_for_write(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    next.state = may(read.state, Command::Withdraw)?;
    let kind = SubjectKind::Opportunity;
    // The approval's row before the opportunity's, as a decision takes them: the two never wait for each other.
    approvals::end_pending(
        tx,
        ctx,
        kind,
        id.cast(),
        ApprovalState::Withdrawn,
        "opportunity withdrawn",
    )?;
    let next = save(tx, ctx, &read, next)?;
    ctx.record(
        tx,
        kind,
        id,
        "opportunity.withdrawn",
        &json!({"to": next.state}),
        Some("OPP-04"),
    );
    view(tx, ctx, &next)
}

/// What the review's end does: passed means registered, unless somebody was first meanwhile (OPP-06, OPP-07); returned
/// or disapproved means back for correction with the comment (OPP-08); withdrawn means a draft again.
///
/// # Errors
/// 409 when the customer is no longer effective, or when an earlier submission waits (AMB-4); a lost race.
pub fn settle(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityId, outcome: &Outcome) -> AppResult<()> {
    let read = opportunities::unguarded(tx, id)?;
    match outcome.state {
        ApprovalState::Approved => register(tx, ctx, &read, outcome),
        ApprovalState::Returned | ApprovalState::Rejected => {
            let state = may(read.state, Command::Return)?;
            move_to(
                tx,
                ctx,
                &read,
                state,
                "opportunity.returned",
                "OPP-08",
                outcome,
            )
        }
        ApprovalState::Withdrawn | ApprovalState::Void => {
            match may(read.state, Command::Withdraw) {
                Ok(state) => move_to(
                    tx,
                    ctx,
                    &read,
                    state,
                    "opportunity.withdrawn",
                    "OPP-04",
                    outcome,
                ),
                // It has been taken back already: nothing waits for this.
                Err(_) => Ok(()),
            }
        }
        ApprovalState::Pending => Err(AppError::internal("a pending approval settles nothing")),
    }
}

fn register(tx: &mut Tx<'_>, ctx: &Ctx, read: &Opportunity, outcome: &Outcome) -> AppResult<()> {
    let state = may(read.state, Command::Register)?;
    match collisions::judge(tx, ctx, read)? {
        Verdict::Clear(customer) => {
            collisions::earliest(tx, ctx, read, &customer)?;
            move_to(
                tx,
                ctx,
                read,
                state,
                "opportunity.registered",
                "OPP-06",
                outcome,
            )
        }
        // The reviewer agreed, but the customer became a colleague's while it waited: the case is the answer.
        Verdict::Collision(met) => collisions::fail(tx, ctx, read, &met).map(drop),
    }
}

fn move_to(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &Opportunity,
    state: OpportunityState,
    kind: &str,
    rule: &'static str,
    outcome: &Outcome,
) -> AppResult<()> {
    let mut next = read.clone();
    next.state = state;
    next.version = read.version + 1;
    next.updated_at = ctx.now;
    if state == OpportunityState::Registered {
        next.registered_at = Some(ctx.now);
        next.stage_since = ctx.now;
    }
    // The version that the caller read is the approval's: a lost race is run again.
    if !opportunities::save(tx, &next, read.version)? {
        return Err(AppError::lost_race("the opportunity changed meanwhile"));
    }
    let data = json!({
        "from": read.state,
        "to": state,
        "approval_id": outcome.approval_id,
        "opinion": outcome.state,
        "comment": outcome.comment,
    });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        read.id,
        kind,
        &data,
        Some(rule),
    );
    Ok(())
}
