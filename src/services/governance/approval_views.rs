//! Approvals as they are shown: seats, holders and names of a whole page in one query each.

use std::collections::{BTreeMap, BTreeSet};

pub use crate::repositories::governance::approvals::ApprovalSort;

use crate::{
    api::governance::approval::{
        ApprovalAction, ApprovalFilter, ApprovalSeatView, ApprovalStepView, ApprovalView,
    },
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        id::kind::{ApprovalId, SeatId, UserId},
        vocabulary::ApprovalState,
    },
    error::AppResult,
    http::Listed,
    models::governance::approval::{Approval, ApprovalSeat},
    repositories::{
        governance::approvals,
        org::names::{self, People, UnitNames},
    },
};

/// The approvals that the actor may see and that pass the filter.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ApprovalFilter, ApprovalSort>,
) -> AppResult<Page<ApprovalView>> {
    let page = approvals::list(conn, ctx, &query.filter, &query.page)?;
    page.try_map_all(|rows| views(conn, ctx, rows))
}

/// An approval that the actor may see.
///
/// # Errors
/// 404.
pub fn read(conn: &mut Conn, ctx: &Ctx, id: ApprovalId) -> AppResult<ApprovalView> {
    let row = approvals::find(conn, ctx, id)?;
    view(conn, ctx, row)
}

/// An approval after a command on it; whoever could run the command may see its result.
///
/// # Errors
/// A database fault.
pub fn one(conn: &mut Conn, ctx: &Ctx, id: ApprovalId) -> AppResult<ApprovalView> {
    let row = approvals::get(conn, id)?;
    view(conn, ctx, row)
}

fn view(conn: &mut Conn, ctx: &Ctx, row: Approval) -> AppResult<ApprovalView> {
    let view = views(conn, ctx, vec![row])?.pop();
    view.ok_or_else(crate::error::AppError::not_found)
}

struct Related {
    seats: BTreeMap<ApprovalId, Vec<ApprovalSeat>>,
    holders: BTreeMap<SeatId, Vec<UserId>>,
    waiting: BTreeSet<ApprovalId>,
    people: People,
    units: UnitNames,
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Approval>) -> AppResult<Vec<ApprovalView>> {
    let ids: Vec<ApprovalId> = rows.iter().map(|row| row.id).collect();
    let mut seats: BTreeMap<ApprovalId, Vec<ApprovalSeat>> = BTreeMap::new();
    for seat in approvals::seats(conn, &ids)? {
        seats.entry(seat.approval_id).or_default().push(seat);
    }
    let mut holders: BTreeMap<SeatId, Vec<UserId>> = BTreeMap::new();
    let mut waiting = BTreeSet::new();
    let me = ctx.actor.id;
    for holder in approvals::holders(conn, &ids)? {
        let mine = holder.user_id == me || ctx.actor.stands_in_for.contains(&holder.user_id);
        if holder.waiting && mine {
            waiting.insert(holder.approval_id);
        }
        holders
            .entry(holder.seat_id)
            .or_default()
            .push(holder.user_id);
    }
    let people = rows.iter().flat_map(|row| [row.submitter_id, row.owner_id]);
    let deciders = seats
        .values()
        .flatten()
        .flat_map(|seat| [seat.decided_by, seat.on_behalf_of]);
    let people = people
        .chain(deciders.flatten())
        .chain(holders.values().flatten().copied());
    let people = names::people(conn, people)?;
    let units = names::units(conn, rows.iter().map(|row| row.unit_id))?;
    let related = Related {
        seats,
        holders,
        waiting,
        people,
        units,
    };
    Ok(rows
        .into_iter()
        .map(|row| shown(ctx, row, &related))
        .collect())
}

fn shown(ctx: &Ctx, row: Approval, related: &Related) -> ApprovalView {
    let mut allowed_actions = Vec::new();
    let own = [row.submitter_id, row.owner_id].contains(&ctx.actor.id);
    if row.state == ApprovalState::Pending {
        if own {
            allowed_actions.push(ApprovalAction::Withdraw);
        } else if related.waiting.contains(&row.id) {
            allowed_actions.push(ApprovalAction::Decide);
        }
    }
    ApprovalView {
        steps: steps(
            related.seats.get(&row.id).map_or(&[], Vec::as_slice),
            related,
        ),
        submitter: related.people.get(row.submitter_id),
        owner: related.people.get(row.owner_id),
        unit: related.units.get(row.unit_id),
        id: row.id,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        subject_version: row.subject_version,
        title: row.title,
        rule: row.rule,
        policy_key: row.policy_key,
        policy_number: row.policy_number,
        state: row.state,
        step: row.step + 1,
        ended_because: row.ended_because,
        ended_at: row.ended_at,
        allowed_actions,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn steps(seats: &[ApprovalSeat], related: &Related) -> Vec<ApprovalStepView> {
    let person = |id: UserId| related.people.get(id);
    let seat = |seat: &ApprovalSeat| {
        let holders = related.holders.get(&seat.id).into_iter().flatten();
        ApprovalSeatView {
            capability: seat.capability,
            scope: seat.scope,
            state: seat.state,
            holders: holders.map(|id| person(*id)).collect(),
            opinion: seat.opinion,
            comment: seat.comment.clone(),
            decided_by: seat.decided_by.map(person),
            on_behalf_of: seat.on_behalf_of.map(person),
            decided_at: seat.decided_at,
        }
    };
    let steps = seats.chunk_by(|a, b| a.step == b.step).filter_map(|step| {
        let first = step.first()?;
        Some(ApprovalStepView {
            number: first.step + 1,
            mode: first.mode,
            seats: step.iter().map(seat).collect(),
        })
    });
    steps.collect()
}
