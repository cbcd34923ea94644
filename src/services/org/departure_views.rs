//! Departures as the caller sees them.

use super::departures::handles;
use crate::{
    api::org::departure::{DepartureAction, DepartureView},
    context::Ctx,
    db::Conn,
    domain::vocabulary::{Capability, DepartureState},
    error::{AppError, AppResult},
    models::org::departure::Departure,
    repositories::{
        customers::successions,
        org::{names, users},
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

/// Departures as the caller sees them. They are few, and only the open ones are counted.
///
/// # Errors
/// A database fault.
pub fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Departure>) -> AppResult<Vec<DepartureView>> {
    let people = rows
        .iter()
        .flat_map(|row| [row.user_id, row.responsible_id])
        .collect::<Vec<_>>();
    let names = names::people(conn, people)?;
    rows.into_iter()
        .map(|row| {
            let open = row.state == DepartureState::Announced;
            let left = if open {
                let counts = successions::counts(conn, row.user_id)?;
                Some(counts.sum() - counts.conflict_cases)
            } else {
                None
            };
            Ok(DepartureView {
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
                allowed_actions: actions(conn, ctx, &row, left)?,
                reason: row.reason,
            })
        })
        .collect()
}

fn actions(
    conn: &mut Conn,
    ctx: &Ctx,
    row: &Departure,
    left: Option<i64>,
) -> AppResult<Vec<DepartureAction>> {
    let mut actions = Vec::new();
    let user = users::get(conn, row.user_id)?;
    if !handles(conn, ctx, &user)? {
        return Ok(actions);
    }
    match row.state {
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
    Ok(actions)
}
