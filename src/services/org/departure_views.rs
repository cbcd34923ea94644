//! Departures as the caller sees them.

use super::scope;
use crate::{
    api::org::departure::{DepartureAction, DepartureView},
    context::Ctx,
    db::Conn,
    domain::vocabulary::{Capability, DepartureState},
    error::{AppError, AppResult},
    models::org::{departure::Departure, user::User},
    repositories::{
        customers::successions,
        org::{departures, names, units},
    },
};

/// One departure as the caller sees it.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, row: Departure) -> AppResult<DepartureView> {
    views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// Departures as the caller sees them: a few queries, however many there are.
///
/// # Errors
/// A database fault.
pub fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Departure>) -> AppResult<Vec<DepartureView>> {
    let ids: Vec<_> = rows
        .iter()
        .flat_map(|row| [row.user_id, row.responsible_id])
        .collect();
    let names = names::people(conn, ids.iter().copied())?;
    let people = departures::people(conn, &ids)?;
    let unit_ids: Vec<_> = people.values().map(|user| user.unit_id).collect();
    let paths = units::paths(conn, &unit_ids)?;
    let open: Vec<_> = rows
        .iter()
        .filter(|row| row.state == DepartureState::Announced)
        .map(|row| row.user_id)
        .collect();
    let left = successions::left_of(conn, &open)?;
    // As `departures::handles`, for many.
    let handles = |user: &User| {
        let path = paths.get(&user.unit_id).into_iter().flatten();
        let path: Vec<_> = path.map(|(id, _)| *id).collect();
        let covered = scope::covers(ctx, Capability::HandleDepartures, &path);
        let direct = user.superior_id == Some(ctx.actor.id);
        user.id != ctx.actor.id && ctx.has(Capability::HandleDepartures) && (direct || covered)
    };
    let view = |row: Departure| {
        let open = row.state == DepartureState::Announced;
        let left = open.then(|| left.get(&row.user_id).copied().unwrap_or_default());
        let handled = people.get(&row.user_id).is_some_and(handles);
        DepartureView {
            id: row.id,
            user: names.get(row.user_id),
            unit_id: row.unit_id,
            last_day: row.last_day,
            responsible: names.get(row.responsible_id),
            due_at: row.due_at,
            overdue_at: row.overdue_at,
            records_left: left,
            ended_at: row.ended_at,
            state: row.state,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: if handled {
                actions(ctx, row.state, left)
            } else {
                Vec::new()
            },
            reason: row.reason,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

fn actions(ctx: &Ctx, state: DepartureState, left: Option<i64>) -> Vec<DepartureAction> {
    let mut actions = Vec::new();
    match state {
        DepartureState::Announced => {
            if ctx.has(Capability::TransferCustomers) {
                actions.push(DepartureAction::HandOver);
            }
            if left == Some(0) {
                actions.push(DepartureAction::Complete);
            }
            actions.push(DepartureAction::Cancel);
        }
        DepartureState::Completed if ctx.has(Capability::ManageUsers) => {
            actions.push(DepartureAction::Reinstate);
        }
        DepartureState::Completed | DepartureState::Cancelled | DepartureState::Reinstated => {}
    }
    actions
}
