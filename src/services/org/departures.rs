//! Departures: announced, completed within one working day by the responsible manager, or held against that manager
//! (ORG-23, ORG-24, SEC-17, AMB-50). While somebody is leaving, what could be taken along is closed.

use serde_json::json;

use super::{departure_views::view, fields::Fields, scope, users::store};
use crate::{
    api::org::departure::{DepartureFilter, DepartureReason, DepartureView, NewDeparture},
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{DepartureId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, DepartureState, Employment, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::org::{departure::Departure, user::User},
    policy::org::departure::{Command, DepartureSettings, due_on, may, nothing_left},
    repositories::{
        customers::successions,
        governance::{
            access::{Reach, Verb, covers},
            approvers,
        },
        org::{
            departures::{self, Narrow},
            grants, sessions, units, users,
        },
    },
    services::governance::approvals,
};

pub use crate::repositories::org::departures::DepartureSort;

const RULE: &str = "ORG-23";
const KIND: SubjectKind = SubjectKind::Departure;

fn reach(ctx: &Ctx) -> Reach {
    Reach::by(ctx, Verb::Read, Capability::HandleDepartures)
}

/// One page of departures: one's own, those one answers for, those of the people within HANDLE_DEPARTURES.
///
/// # Errors
/// 403 without any role; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<DepartureFilter, DepartureSort>,
) -> AppResult<Page<DepartureView>> {
    scope::require_staff(ctx)?;
    let filter = query.filter.clone();
    let narrow = Narrow {
        states: crate::api::csv::Csv::values(filter.state_in),
        overdue: filter.overdue,
        user: filter.user_id,
        responsible: filter.responsible_id,
    };
    let reach = reach(ctx);
    departures::page(conn, &query.page, || departures::narrowed(&reach, &narrow))?
        .try_map_all(|rows| super::departure_views::views(conn, ctx, rows))
}

/// A departure.
///
/// # Errors
/// 403 without any role; 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: DepartureId) -> AppResult<DepartureView> {
    scope::require_staff(ctx)?;
    let row = departures::find(conn, &reach(ctx), id)?.ok_or_else(AppError::not_found)?;
    view(conn, ctx, row)
}

/// Whether the actor may handle the departure of someone: by office over the unit, or as the direct superior.
///
/// # Errors
/// A database fault.
pub fn handles(conn: &mut Conn, ctx: &Ctx, user: &User) -> AppResult<bool> {
    if user.id == ctx.actor.id || !ctx.has(Capability::HandleDepartures) {
        return Ok(false);
    }
    Ok(user.superior_id == Some(ctx.actor.id)
        || covers(conn, ctx, Capability::HandleDepartures, user.unit_id)?)
}

fn require(conn: &mut Conn, ctx: &Ctx, user: &User) -> AppResult<()> {
    ctx.require(Capability::HandleDepartures)?;
    scope::not_oneself(user.id == ctx.actor.id)?;
    if handles(conn, ctx, user)? {
        return Ok(());
    }
    Err(AppError::forbidden(
        "您的“办理离职”权限不覆盖该人员所在单位，您也不是其直接上司。",
        "Your right to handle departures does not cover this person's unit, nor are you the direct superior.",
    )
    .rule(RULE))
}

/// Announces a departure: the person is LEAVING from now on, and somebody answers for its completion.
///
/// # Errors
/// 403; 409 when one is open, or the person has left; 422.
pub fn announce(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewDeparture) -> AppResult<DepartureView> {
    ctx.require(Capability::HandleDepartures)?;
    scope::lock(tx, ctx, Capability::HandleDepartures)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    let user = super::users::enabled(tx, "/user_id", body.user_id, &mut fields)?;
    if user.as_ref().is_some_and(|user| user.service_account) {
        let (zh, en) = ("接口账号不会离职。", "A service account does not leave.");
        fields.fail(FieldError::new("/user_id", "A_MACHINE", zh, en));
    }
    if (body.last_day - ctx.today()).num_days().abs() > 366 {
        let (zh, en) = ("须在前后一年之内。", "Must lie within a year.");
        fields.fail(FieldError::new("/last_day", "OUT_OF_RANGE", zh, en));
    }
    fields.done()?;
    let mut user = user.ok_or_else(AppError::not_found)?;
    require(tx, ctx, &user)?;
    let settings = ctx.policy::<DepartureSettings>()?;
    let due = due_on(&ctx.calendar, body.last_day, ctx.today(), &settings.value);
    let row = Departure {
        id: ctx.new_id(),
        user_id: user.id,
        unit_id: user.unit_id,
        last_day: body.last_day,
        reason,
        state: DepartureState::Announced,
        responsible_id: responsible(tx, user.id, ctx.actor.id)?,
        announced_by: ctx.actor.id,
        due_at: Timestamp::end_of(due, ctx.zone),
        overdue_at: None,
        ended_by: None,
        ended_at: None,
        policy_number: settings.number,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    if !departures::insert(tx, &row)? {
        return Err(AppError::new(
            Code::StateConflict,
            "该人员的离职已宣布，尚未办结。",
            "This person's departure is announced already.",
        )
        .rule(RULE));
    }
    let read = user.version;
    user.employment = Employment::Leaving;
    store(tx, ctx, &mut user, read)?;
    let data = json!({
        "user_id": user.id, "last_day": row.last_day, "due_at": row.due_at,
        "responsible_id": row.responsible_id,
        "policy_key": "departure", "policy_number": row.policy_number,
    });
    ctx.record(tx, KIND, row.id, "departure.announced", &data, Some(RULE));
    let data = json!({ "departure_id": row.id });
    ctx.record(
        tx,
        SubjectKind::User,
        user.id,
        "user.leaving",
        &data,
        Some(RULE),
    );
    view(tx, ctx, row)
}

/// The nearest superior who may handle departures; else whoever announced it, who may (AMB-50).
fn responsible(conn: &mut Conn, user: UserId, announcer: UserId) -> AppResult<UserId> {
    let above = departures::superiors(conn, user)?;
    let entitled = approvers::entitled(conn, &above, &[Capability::HandleDepartures])?;
    let nearest = above
        .into_iter()
        .find(|superior| entitled.iter().any(|(who, _)| who == superior));
    Ok(nearest.unwrap_or(announcer))
}

/// The departure that a command is about, under the organisation's lock, with the person.
fn handled(tx: &mut Tx<'_>, ctx: &Ctx, id: DepartureId) -> AppResult<(Departure, User)> {
    scope::lock(tx, ctx, Capability::HandleDepartures)?;
    let row = departures::find(tx, &reach(ctx), id)?.ok_or_else(AppError::not_found)?;
    let user = users::get(tx, row.user_id)?;
    require(tx, ctx, &user)?;
    ctx.check_version(row.version)?;
    Ok((row, user))
}

/// Completes a departure: every right of the person is cancelled at once (ORG-23, SEC-17).
///
/// # Errors
/// 403, 404; 409 while records are left, or when it is over; 412.
pub fn complete(tx: &mut Tx<'_>, ctx: &Ctx, id: DepartureId) -> AppResult<DepartureView> {
    ctx.require(Capability::HandleDepartures)?;
    let (row, user) = handled(tx, ctx, id)?;
    let row = close(tx, ctx, row, user)?;
    view(tx, ctx, row)
}

/// Cancels every right of a leaver who holds nothing any more. The last step of a handover calls it too.
///
/// # Errors
/// 409 while records are left, or when it is over; a lost race.
pub fn close(tx: &mut Tx<'_>, ctx: &Ctx, read: Departure, mut user: User) -> AppResult<Departure> {
    let state = may(read.state, Command::Complete)?;
    let counts = successions::counts(tx, user.id)?;
    nothing_left(counts.sum() - counts.conflict_cases)?;
    let version = user.version;
    user.employment = Employment::Left;
    user.disabled_at = user.disabled_at.or(Some(ctx.now));
    store(tx, ctx, &mut user, version)?;
    let sessions = sessions::end_all(tx, user.id, None, "left the company", ctx.now)?;
    let (shares, delegations) = departures::end_ties(tx, user.id, ctx.now)?;
    let held = grants::all_of(tx, user.id)?;
    for grant in &held {
        grants::delete(tx, grant.id)?;
    }
    approvals::replace_holders(tx, ctx, &[user.id])?;
    let ended = end(tx, ctx, read, state)?;
    let roles: Vec<_> = held
        .iter()
        .map(|grant| {
            json!({ "role_id": grant.role_id, "scope": grant.scope, "unit_id": grant.scope_unit_id })
        })
        .collect();
    let data = json!({
        "departure_id": ended.id, "sessions_ended": sessions, "shares_ended": shares,
        "delegations_ended": delegations, "roles_revoked": roles,
    });
    ctx.record(
        tx,
        SubjectKind::User,
        user.id,
        "user.left",
        &data,
        Some(RULE),
    );
    let in_time = ended.overdue_at.is_none() && ctx.now <= ended.due_at;
    let data = json!({ "user_id": user.id, "in_time": in_time });
    ctx.record(tx, KIND, ended.id, "departure.completed", &data, Some(RULE));
    Ok(ended)
}

fn end(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut row: Departure,
    state: DepartureState,
) -> AppResult<Departure> {
    let read = row.version;
    row.state = state;
    row.ended_by = Some(ctx.actor.id);
    row.ended_at = Some(ctx.now);
    row.version += 1;
    row.updated_at = ctx.now;
    if departures::save(tx, &row, read)? {
        Ok(row)
    } else {
        Err(ctx.lost_update())
    }
}

/// Cancels an announced departure: the person stays. What was handed over comes back by another handover only.
///
/// # Errors
/// 403, 404; 409 when it is over; 412; 422.
pub fn cancel(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DepartureId,
    body: &DepartureReason,
) -> AppResult<DepartureView> {
    ctx.require(Capability::HandleDepartures)?;
    let (row, mut user) = handled(tx, ctx, id)?;
    let state = may(row.state, Command::Cancel)?;
    let reason = reason(body)?;
    if user.employment == Employment::Leaving {
        let read = user.version;
        user.employment = Employment::Active;
        store(tx, ctx, &mut user, read)?;
    }
    let row = end(tx, ctx, row, state)?;
    let data = json!({ "user_id": user.id, "reason": reason });
    ctx.record(tx, KIND, row.id, "departure.cancelled", &data, Some(RULE));
    view(tx, ctx, row)
}

/// Takes somebody back who had left: the account is open again. Roles are given anew, records come back by another
/// handover.
///
/// # Errors
/// 403 without MANAGE_USERS over the unit; 404; 409 unless it is completed, or while the unit is out of use; 412; 422.
pub fn reinstate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DepartureId,
    body: &DepartureReason,
) -> AppResult<DepartureView> {
    ctx.require(Capability::ManageUsers)?;
    ctx.require(Capability::HandleDepartures)?;
    let (row, mut user) = handled(tx, ctx, id)?;
    scope::require_in(tx, ctx, Capability::ManageUsers, user.unit_id)?;
    let state = may(row.state, Command::Reinstate)?;
    let reason = reason(body)?;
    if !units::find(tx, user.unit_id)?.is_some_and(|unit| unit.active) {
        return Err(AppError::new(
            Code::StateConflict,
            "该人员所在单元已停用；请先启用单元或把人员移到在用的单元。",
            "The person's unit is out of use: put it in use or move the person first.",
        )
        .rule("ORG-01"));
    }
    let read = user.version;
    user.employment = Employment::Active;
    user.disabled_at = None;
    store(tx, ctx, &mut user, read)?;
    let row = end(tx, ctx, row, state)?;
    let data = json!({ "user_id": user.id, "reason": reason });
    ctx.record(tx, KIND, row.id, "departure.reinstated", &data, Some(RULE));
    let data = json!({ "departure_id": row.id });
    ctx.record(
        tx,
        SubjectKind::User,
        user.id,
        "user.reinstated",
        &data,
        Some(RULE),
    );
    view(tx, ctx, row)
}

fn reason(body: &DepartureReason) -> AppResult<String> {
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    Ok(reason)
}

/// Departures whose time is over and that are not yet held against anybody, with who announced them.
///
/// # Errors
/// A database fault.
pub fn newly_overdue(conn: &mut Conn, now: Timestamp) -> AppResult<Vec<(DepartureId, UserId)>> {
    departures::newly_overdue(conn, now, 100)
}

/// Holds an overdue departure against whoever answers for it now (ORG-24). Does nothing if it was completed, or noted,
/// meanwhile.
///
/// # Errors
/// A lost race, or a database fault.
pub fn flag(tx: &mut Tx<'_>, ctx: &Ctx, id: DepartureId) -> AppResult<()> {
    let mut row = departures::get(tx, id)?;
    let open = row.state == DepartureState::Announced && row.overdue_at.is_none();
    if !open || row.due_at >= ctx.now {
        return Ok(());
    }
    let read = row.version;
    row.responsible_id = responsible(tx, row.user_id, row.announced_by)?;
    row.overdue_at = Some(ctx.now);
    row.version += 1;
    row.updated_at = ctx.now;
    if !departures::save(tx, &row, read)? {
        return Err(AppError::lost_race("the departure changed meanwhile"));
    }
    let data = json!({
        "user_id": row.user_id, "responsible_id": row.responsible_id, "due_at": row.due_at,
    });
    ctx.record(tx, KIND, id, "departure.overdue", &data, Some("ORG-24"));
    let data = json!({ "departure_id": id, "due_at": row.due_at });
    let (kind, who) = (SubjectKind::User, row.responsible_id);
    ctx.record(
        tx,
        kind,
        who,
        "user.departure_overdue",
        &data,
        Some("ORG-24"),
    );
    Ok(())
}
