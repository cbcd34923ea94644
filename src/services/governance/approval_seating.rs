//! The seats of a route, and who is given them (AMB-13, AMB-50).

use serde_json::{Value, json};

use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{ApprovalId, RoleId, UserId},
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

/// Looks for new holders of the seats that wait for somebody who may no longer hold them (AMB-50): to be called in the
/// transaction that disables users or takes capabilities from them, when that is done. Seats that others still hold
/// stay as they are, but for whoever lost the right.
///
/// # Errors
/// A lost race with a decision, or a database fault.
pub fn replace_holders(tx: &mut Tx<'_>, ctx: &Ctx, users: &[UserId]) -> AppResult<()> {
    for approval in approvals::waiting_for(tx, users)? {
        replace_in(tx, ctx, &approval, users)?;
    }
    Ok(())
}

fn replace_in(tx: &mut Tx<'_>, ctx: &Ctx, approval: &Approval, users: &[UserId]) -> AppResult<()> {
    if !approvals::lock(tx, approval, ctx.now)? {
        return Err(AppError::lost_race("the approval was decided meanwhile"));
    }
    let seats = approvals::seats(tx, &[approval.id])?;
    let open: Vec<_> = seats
        .iter()
        .filter(|seat| seat.state == SeatState::Open)
        .collect();
    let mut capabilities: Vec<_> = open.iter().map(|seat| seat.capability).collect();
    capabilities.push(Capability::SubstituteApprover);
    let entitled = approvers::entitled(tx, users, &capabilities)?;
    let may_hold = |user: UserId, seat: &ApprovalSeat| {
        let enough = [seat.capability, Capability::SubstituteApprover];
        entitled
            .iter()
            .any(|(who, what)| *who == user && enough.contains(what))
    };
    let (mut released, mut empty) = (Vec::new(), Vec::new());
    let waiting: Vec<ApprovalHolder> = approvals::holders(tx, &[approval.id])?
        .into_iter()
        .filter(|h| h.waiting)
        .collect();
    for seat in open {
        let (lost, kept): (Vec<ApprovalHolder>, Vec<ApprovalHolder>) = waiting
            .iter()
            .copied()
            .filter(|holder| holder.seat_id == seat.id)
            .partition(|h| users.contains(&h.user_id) && !may_hold(h.user_id, seat));
        if !lost.is_empty() && kept.is_empty() {
            empty.push(seat);
        }
        released.extend(lost);
    }
    if released.is_empty() {
        return Ok(());
    }
    for holder in &released {
        approvals::release(tx, holder)?;
    }
    let found = match seat_everybody(tx, approval, empty) {
        Ok(seated) => {
            approvals::add_holders(tx, &holder_rows(&seated))?;
            described(&seated)
        }
        // Nobody is left: the submitter can still withdraw, and the trail says why nothing moves.
        Err(error) if error.code() == Code::RuleRefused => json!([]),
        Err(error) => return Err(error),
    };
    let released: Vec<_> = released.iter().map(|holder| holder.user_id).collect();
    let data = json!({ "released": released, "seats": found });
    let (kind, id, what) = (
        SubjectKind::Approval,
        approval.id,
        "approval.holders_replaced",
    );
    ctx.record(tx, kind, id, what, &data, Some("AMB-50"));
    Ok(())
}

/// [`replace_holders`] for everybody who has a role: to be called when a capability was taken from it.
///
/// # Errors
/// As [`replace_holders`].
pub fn replace_holders_of_role(tx: &mut Tx<'_>, ctx: &Ctx, role: RoleId) -> AppResult<()> {
    let users = approvers::of_role(tx, role)?;
    replace_holders(tx, ctx, &users)
}
