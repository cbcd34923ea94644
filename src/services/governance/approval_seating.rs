//! The seats of a route, and who is given them (AMB-13, AMB-50).

use serde_json::{Value, json};

use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{ApprovalId, UserId},
        vocabulary::{Capability, SeatScope, SeatState, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    models::governance::approval::{Approval, ApprovalHolder, ApprovalSeat},
    policy::governance::{
        approval::{Route, Seat},
        seating,
    },
    repositories::governance::{approvals, approvers},
};

/// The seats of a new approval, none of them open yet.
pub(super) fn new_seats(ctx: &Ctx, approval_id: ApprovalId, route: &Route) -> Vec<ApprovalSeat> {
    let mut rows = Vec::new();
    for (step, asked) in (0_i32..).zip(&route.steps) {
        for (seat, place) in (0_i32..).zip(&asked.seats) {
            rows.push(ApprovalSeat {
                id: ctx.new_id(),
                approval_id,
                step,
                seat,
                mode: asked.mode,
                capability: place.capability,
                scope: place.scope,
                state: SeatState::Future,
                opinion: None,
                comment: None,
                decided_by: None,
                on_behalf_of: None,
                decided_at: None,
            });
        }
    }
    rows
}

/// A seat, and who holds it.
pub(super) type Seated<'s> = (&'s ApprovalSeat, seating::Seating<UserId>);

/// Who holds each of these seats now: one query for all of them.
pub(super) fn seat_everybody<'s>(
    conn: &mut Conn,
    approval: &Approval,
    seats: impl IntoIterator<Item = &'s ApprovalSeat>,
) -> AppResult<Vec<Seated<'s>>> {
    let seats: Vec<_> = seats.into_iter().collect();
    let of = |scope| seats.iter().filter(move |seat| seat.scope == scope);
    let near: Vec<_> = of(SeatScope::SubmitterUnit)
        .map(|seat| seat.capability)
        .collect();
    let mut anywhere: Vec<_> = of(SeatScope::Company).map(|seat| seat.capability).collect();
    anywhere.push(Capability::SubstituteApprover);
    let candidates = approvers::candidates(conn, approval.unit_id, &near, &anywhere)?;
    let barred = [approval.submitter_id, approval.owner_id];
    seats
        .into_iter()
        .map(|seat| {
            let place = Seat {
                capability: seat.capability,
                scope: seat.scope,
            };
            Ok((seat, seating::holders(&place, &candidates, &barred)?))
        })
        .collect()
}

/// The holders as they are kept: the approval waits for each.
pub(super) fn holder_rows(seated: &[Seated<'_>]) -> Vec<ApprovalHolder> {
    let rows = seated.iter().flat_map(|(seat, seating)| {
        seating.holders.iter().map(|user| ApprovalHolder {
            seat_id: seat.id,
            user_id: *user,
            approval_id: seat.approval_id,
            waiting: true,
        })
    });
    rows.collect()
}

/// Who was given each seat, for the audit trail: nobody is left out silently.
pub(super) fn described(seated: &[Seated<'_>]) -> Value {
    let seats = seated.iter().map(|(seat, seating)| {
        json!({
            "step": seat.step + 1,
            "seat": seat.seat + 1,
            "capability": seat.capability,
            "scope": seat.scope,
            "holders": seating.holders,
            "substitutes": seating.substitutes,
        })
    });
    seats.collect()
}

/// Looks for new holders of the seats that waited for somebody who is leaving or has lost the right (AMB-50): to be
/// called in the transaction that disables a user or takes a role away. Seats that others still hold stay as they are.
///
/// # Errors
/// A database fault.
pub fn replace_holder(tx: &mut Tx<'_>, ctx: &Ctx, user: UserId) -> AppResult<()> {
    for approval in approvals::waiting_for(tx, user)? {
        if !approvals::lock(tx, &approval, ctx.now)? {
            return Err(AppError::lost_race("the approval was decided meanwhile"));
        }
        approvals::release(tx, user, approval.id)?;
        let seats = approvals::seats(tx, &[approval.id])?;
        let holders = approvals::holders(tx, &[approval.id])?;
        let held = |seat: &ApprovalSeat| holders.iter().any(|h| h.waiting && h.seat_id == seat.id);
        let empty = seats
            .iter()
            .filter(|s| s.state == SeatState::Open && !held(s));
        let data = match seat_everybody(tx, &approval, empty) {
            Ok(seated) => {
                approvals::add_holders(tx, &holder_rows(&seated))?;
                json!({ "released": user, "seats": described(&seated) })
            }
            // Nobody is left: the submitter can still withdraw, and the trail says why nothing moves.
            Err(error) if error.code() == Code::RuleRefused => {
                json!({ "released": user, "seats": [] })
            }
            Err(error) => return Err(error),
        };
        ctx.record(
            tx,
            SubjectKind::Approval,
            approval.id,
            "approval.holders_replaced",
            &data,
            Some("AMB-50"),
        );
    }
    Ok(())
}
