//! The approval engine: one for every sign-off (AMB-13, AMB-28, AMB-50).
//!
//! What a subject's service owes the engine: [`submit`] in the transaction that puts the subject into its submitted
//! state; [`end_pending`] with VOID in the transaction that changes a subject while its approval is pending, so that
//! nothing is approved but what was shown; an arm in [`super::settlement::settle`], which is called in the transaction
//! that ends the approval by a decision or by [`withdraw`].
//!
//! Races: every decision takes the approval's row lock first and reads the seats under it. The version rises when a
//! step is done or the approval ends, so parallel approvers of an all-of step do not turn each other away, and of two
//! who decide an any-of step the second is refused.

use serde_json::json;

pub use super::approval_seating::{replace_holders, replace_holders_of_role};
use super::{
    approval_seating::{described, holder_rows, new_seats, seat_everybody},
    approval_seats::speaking,
    approval_views,
    settlement::{self, Outcome},
};
use crate::{
    api::governance::approval::{ApprovalView, Decide, Withdraw},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{AnyId, ApprovalId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{ApprovalState, Opinion, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    models::governance::approval::{Approval, ApprovalSeat},
    policy::governance::approval::{Progress, Route, Said, Seat, Step, progress},
    repositories::governance::approvals,
};

/// What is submitted for approval.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Kind of the subject.
    pub subject_kind: SubjectKind,
    /// The subject.
    pub subject_id: AnyId,
    /// Its version after the submission: a change of the subject voids the approval.
    pub subject_version: i64,
    /// What approvers read in their inbox.
    pub title: String,
    /// The requirement that demands the approval.
    pub rule: &'static str,
    /// Key and version of the policy that chose the route.
    pub policy: Option<(&'static str, i64)>,
    /// The subject's owner, who may not decide either.
    pub owner_id: UserId,
    /// The subject's unit: seats with scope SUBMITTER_UNIT are looked for from here upwards.
    pub unit_id: UnitId,
    /// The subject's security level.
    pub security_level: i32,
    /// Steps and seats.
    pub route: Route,
}

/// Submits a subject: the first step's seats open and their holders find it in their inbox. The actor is the submitter.
///
/// # Errors
/// 409 when an approval of the subject is pending already, or when nobody is left who could hold a seat of any step.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, submission: Submission) -> AppResult<ApprovalId> {
    submission.route.check()?;
    let id: ApprovalId = ctx.new_id();
    let approval = Approval {
        id,
        subject_kind: submission.subject_kind,
        subject_id: submission.subject_id,
        subject_version: submission.subject_version,
        title: submission.title,
        rule: submission.rule.to_owned(),
        policy_key: submission.policy.map(|(key, _)| key.to_owned()),
        policy_number: submission.policy.map(|(_, number)| number),
        submitter_id: ctx.actor.id,
        owner_id: submission.owner_id,
        unit_id: submission.unit_id,
        security_level: submission.security_level,
        state: ApprovalState::Pending,
        step: 0,
        ended_because: None,
        ended_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    let seats = new_seats(ctx, id, &submission.route);
    approvals::insert(tx, &approval, &seats)?;
    // Every step is looked through, so that a submission that could not end is refused at once.
    let seatings = seat_everybody(tx, &approval, &seats)?;
    let first: Vec<_> = seatings
        .into_iter()
        .filter(|(seat, _)| seat.step == 0)
        .collect();
    approvals::open(tx, id, 0, &holder_rows(&first))?;
    ctx.record(
        tx,
        SubjectKind::Approval,
        id,
        "approval.submitted",
        &json!({
            "subject_kind": approval.subject_kind,
            "subject_id": approval.subject_id,
            "subject_version": approval.subject_version,
            "policy_key": approval.policy_key,
            "policy_number": approval.policy_number,
            "steps": submission.route.steps.len(),
            "seats": described(&first),
        }),
        Some(submission.rule),
    );
    Ok(id)
}

/// The subject's pending approval.
///
/// # Errors
/// A database fault.
pub fn pending(conn: &mut Conn, kind: SubjectKind, id: AnyId) -> AppResult<Option<ApprovalId>> {
    approvals::pending(conn, kind, id)
}

/// Ends the subject's pending approval, if there is one: the subject changed (VOID) or was withdrawn (WITHDRAWN). The
/// subject's service calls it and settles the subject itself. `false` when none was pending.
///
/// # Errors
/// A lost race with a decision, or a database fault.
pub fn end_pending(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: SubjectKind,
    id: AnyId,
    state: ApprovalState,
    because: &str,
) -> AppResult<bool> {
    let Some(approval) = approvals::pending(tx, kind, id)? else {
        return Ok(false);
    };
    let approval = approvals::get(tx, approval)?;
    // The version that the caller read is the subject's, not the approval's: a lost race is run again.
    if !approvals::end(tx, &approval, state, Some(because), ctx.now)? {
        return Err(AppError::lost_race("the approval was decided meanwhile"));
    }
    record_end(tx, ctx, &approval, state);
    Ok(true)
}

fn record_end(tx: &mut Tx<'_>, ctx: &Ctx, approval: &Approval, state: ApprovalState) {
    let kind = format!("approval.{}", state.as_str().to_lowercase());
    let data = json!({
        "subject_kind": approval.subject_kind,
        "subject_id": approval.subject_id,
        "subject_version": approval.subject_version,
        "step": approval.step + 1,
        "rule": approval.rule,
    });
    ctx.record(tx, SubjectKind::Approval, approval.id, &kind, &data, None);
}

/// Gives an opinion on every open seat of the current step that the actor may speak for.
///
/// # Errors
/// 404 unless visible; 412 when the step or the approval went on; 403 for outsiders and on one's own record; 409 when
/// it is not pending or the seat has spoken; 422 without the comment that a refusal needs.
pub fn decide(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ApprovalId,
    body: &Decide,
) -> AppResult<ApprovalView> {
    let approval = approvals::find(tx, ctx, id)?;
    ctx.check_version(approval.version)?;
    require_pending(&approval)?;
    let comment = comment(body)?;
    if !approvals::lock(tx, &approval, ctx.now)? {
        return Err(ctx.lost_update());
    }
    let seats = approvals::seats(tx, &[id])?;
    let mine = speaking(tx, ctx, &approval, &seats)?;
    let mut said: Vec<_> = seats
        .iter()
        .filter(|seat| seat.step == approval.step)
        .filter_map(|seat| Some((seat.decided_at?, seat.seat, seat.opinion?)))
        .collect();
    said.sort_unstable_by_key(|(at, seat, _)| (*at, *seat));
    for (seat, on_behalf_of) in &mine {
        let spoken = approvals::Spoken {
            opinion: body.opinion,
            comment,
            by: ctx.actor.id,
            on_behalf_of: *on_behalf_of,
            at: ctx.now,
        };
        if !approvals::speak(tx, seat.id, &spoken)? {
            return Err(AppError::lost_race("the seat spoke meanwhile"));
        }
        said.push((ctx.now, seat.seat, body.opinion));
    }
    let spoken: Vec<_> = mine
        .iter()
        .map(|(seat, for_whom)| {
            json!({ "seat": seat.seat + 1, "capability": seat.capability, "on_behalf_of": for_whom })
        })
        .collect();
    let data = json!({
        "subject_kind": approval.subject_kind,
        "subject_id": approval.subject_id,
        "step": approval.step + 1,
        "opinion": body.opinion,
        "seats": spoken,
        "rule": approval.rule,
    });
    ctx.record(
        tx,
        SubjectKind::Approval,
        id,
        "approval.decided",
        &data,
        Some("CON-03"),
    );
    match stands(&approval, &seats, &said) {
        Progress::Waiting => {}
        Progress::StepDone => next_step(tx, ctx, &approval, &seats)?,
        Progress::Approved => finish(tx, ctx, &approval, ApprovalState::Approved, comment)?,
        Progress::Rejected => finish(tx, ctx, &approval, ApprovalState::Rejected, comment)?,
        Progress::Returned => finish(tx, ctx, &approval, ApprovalState::Returned, comment)?,
    }
    approval_views::one(tx, ctx, id)
}

fn require_pending(approval: &Approval) -> AppResult<()> {
    if approval.state == ApprovalState::Pending {
        return Ok(());
    }
    let label = approval.state.label();
    Err(AppError::new(
        Code::StateConflict,
        format!(
            "审批已结束（{}），不能再操作；如需重新审批请重新提交。",
            label.zh
        ),
        format!(
            "The approval has ended ({}): submit again for a new one.",
            approval.state
        ),
    )
    .rule("AMB-28"))
}

/// The comment, trimmed; whoever does not agree says why.
fn comment(body: &Decide) -> AppResult<Option<&str>> {
    let comment = body
        .comment
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let error = match (&body.comment, comment, body.opinion) {
        (_, Some(_), _) | (None, None, Opinion::Agree) => return Ok(comment),
        (Some(_), None, Opinion::Agree) => {
            FieldError::new("/comment", "BLANK", "不能为空。", "Must not be empty.")
        }
        (_, None, Opinion::Disagree | Opinion::Return) => FieldError::new(
            "/comment",
            "REQUIRED",
            "不同意或退回时须说明理由。",
            "Say why one disagrees or returns it.",
        ),
    };
    Err(AppError::invalid(vec![error]).rule("CON-03"))
}

/// Where the approval stands after these opinions on its current step.
fn stands(
    approval: &Approval,
    seats: &[ApprovalSeat],
    said: &[(Timestamp, i32, Opinion)],
) -> Progress {
    let mut route = Route { steps: Vec::new() };
    for step in seats.chunk_by(|a, b| a.step == b.step) {
        let Some(first) = step.first() else { continue };
        let seats = step
            .iter()
            .map(|s| Seat {
                capability: s.capability,
                scope: s.scope,
            })
            .collect();
        route.steps.push(Step {
            mode: first.mode,
            seats,
        });
    }
    let index = |number: i32| usize::try_from(number).unwrap_or(usize::MAX);
    let said: Vec<_> = said
        .iter()
        .map(|(_, seat, opinion)| Said {
            seat: index(*seat),
            opinion: *opinion,
        })
        .collect();
    progress(&route, index(approval.step), &said)
}

fn next_step(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval: &Approval,
    seats: &[ApprovalSeat],
) -> AppResult<()> {
    approvals::advance(tx, approval)?;
    let next = approval.step + 1;
    let seated = seat_everybody(tx, approval, seats.iter().filter(|seat| seat.step == next))?;
    approvals::open(tx, approval.id, next, &holder_rows(&seated))?;
    let data = json!({ "step": next + 1, "seats": described(&seated) });
    ctx.record(
        tx,
        SubjectKind::Approval,
        approval.id,
        "approval.step_opened",
        &data,
        None,
    );
    Ok(())
}

fn finish(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval: &Approval,
    state: ApprovalState,
    comment: Option<&str>,
) -> AppResult<()> {
    if !approvals::end(tx, approval, state, comment, ctx.now)? {
        return Err(ctx.lost_update());
    }
    record_end(tx, ctx, approval, state);
    let outcome = Outcome {
        approval_id: approval.id,
        state,
        comment: comment.map(str::to_owned),
    };
    settlement::settle(
        tx,
        ctx,
        approval.subject_kind,
        approval.subject_id,
        &outcome,
    )
}

/// Takes a submission back before it is decided.
///
/// # Errors
/// 404 unless visible; 403 for anyone but submitter and owner; 409 when it has ended.
pub fn withdraw(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ApprovalId,
    body: &Withdraw,
) -> AppResult<ApprovalView> {
    let approval = approvals::find(tx, ctx, id)?;
    if ![approval.submitter_id, approval.owner_id].contains(&ctx.actor.id) {
        return Err(AppError::forbidden(
            "只有提交人或归属人可以撤回审批。",
            "Only the submitter or the owner can withdraw it.",
        )
        .rule("AMB-28"));
    }
    ctx.check_version(approval.version)?;
    require_pending(&approval)?;
    let reason = reason(body)?;
    finish(tx, ctx, &approval, ApprovalState::Withdrawn, reason)?;
    approval_views::one(tx, ctx, id)
}

/// The reason of a withdrawal, trimmed.
///
/// # Errors
/// 422 when it is blank.
pub fn reason(body: &Withdraw) -> AppResult<Option<&str>> {
    match body.reason.as_deref().map(str::trim) {
        Some("") => {
            let error = FieldError::new("/reason", "BLANK", "不能为空。", "Must not be empty.");
            Err(AppError::invalid(vec![error]))
        }
        reason => Ok(reason),
    }
}
