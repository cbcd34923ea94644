//! For which seats somebody may speak now: as holder, or in the place of one (AMB-13, ORG-33).

use crate::{
    context::Ctx,
    db::Conn,
    domain::{
        id::kind::UserId,
        vocabulary::{Capability, SeatState},
    },
    error::{AppError, AppResult},
    models::governance::approval::{Approval, ApprovalSeat},
    policy::{
        Refusal,
        governance::decider::{DeciderFacts, may_decide},
    },
    repositories::governance::{approvals, approvers},
};

/// The open seats of the current step that the actor may speak for, each with whom the actor stands in for.
///
/// Whoever was given a seat but has lost the capability since, or is disabled, holds it no more.
///
/// # Errors
/// 403 for outsiders and on one's own record, 409 when the seat has spoken.
pub fn speaking<'s>(
    conn: &mut Conn,
    ctx: &Ctx,
    approval: &Approval,
    seats: &'s [ApprovalSeat],
) -> AppResult<Vec<(&'s ApprovalSeat, Option<UserId>)>> {
    let me = ctx.actor.id;
    let asked: Vec<_> = seats
        .iter()
        .filter(|seat| seat.step == approval.step)
        .collect();
    let mut people = ctx.actor.stands_in_for.clone();
    people.sort_unstable();
    people.push(me);
    let mut capabilities: Vec<_> = asked.iter().map(|seat| seat.capability).collect();
    capabilities.push(Capability::SubstituteApprover);
    let entitled = approvers::entitled(conn, &people, &capabilities)?;
    let holders = approvals::holders(conn, &[approval.id])?;
    let holds = |seat: &ApprovalSeat, user: UserId| {
        let given = holders.iter().any(|holder| {
            let counts = holder.waiting || seat.state == SeatState::Decided;
            holder.seat_id == seat.id && holder.user_id == user && counts
        });
        given
            && entitled.iter().any(|(who, what)| {
                *who == user && [seat.capability, Capability::SubstituteApprover].contains(what)
            })
    };
    let mut facts = DeciderFacts {
        is_submitter: approval.submitter_id == me,
        is_owner: approval.owner_id == me,
        ..Default::default()
    };
    let mut open = Vec::new();
    let (mut spoken, mut entitled_by_delegation) = (false, false);
    for seat in asked {
        let own = holds(seat, me);
        let absent: Vec<UserId> = ctx
            .actor
            .stands_in_for
            .iter()
            .copied()
            .filter(|user| holds(seat, *user))
            .collect();
        let barred = [approval.submitter_id, approval.owner_id];
        let for_whom = absent
            .iter()
            .copied()
            .filter(|user| !barred.contains(user))
            .min();
        facts.holds_seat |= own;
        facts.delegate_of_holder |= !absent.is_empty();
        entitled_by_delegation |= for_whom.is_some();
        match seat.state {
            SeatState::Open if own => open.push((seat, None)),
            SeatState::Open if for_whom.is_some() => open.push((seat, for_whom)),
            SeatState::Decided => spoken |= own || for_whom.is_some(),
            SeatState::Open | SeatState::Future | SeatState::Skipped => {}
        }
    }
    facts.holder_is_submitter_or_owner = facts.delegate_of_holder && !entitled_by_delegation;
    facts.already = open.is_empty() && spoken;
    may_decide(&facts).map_err(refused)?;
    Ok(open)
}

/// Having spoken is a state (409); anything else is a missing right (403).
fn refused(refusal: Refusal) -> AppError {
    if refusal.code == "ALREADY_DECIDED" {
        return refusal.into();
    }
    AppError::forbidden(refusal.zh, refusal.en)
        .rule(refusal.rule)
        .with("reason", refusal.code)
}
