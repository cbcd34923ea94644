//! Delegations: who decides for whom while absent (ORG-33), and who works whose records meanwhile (DUP-17). The approval engine reads them; nobody decides on their
//! own record by way of one (AMB-13).

use serde_json::json;

use crate::{
    api::org::delegation::{
        DelegationAction, DelegationFilter, DelegationView, NewDelegation, WorkInStead,
        WorkInSteadFilter,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{DelegationId, UserId},
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::org::delegation::Delegation,
    policy::org::delegation::{self, DelegationSettings, Facts},
    repositories::{
        governance::{
            access::{Reach, Verb},
            audit,
        },
        org::{
            delegations::{self, Narrow},
            names, reporting, units, users,
        },
    },
    services::org::{fields::Fields, scope, users::enabled},
};

pub use crate::repositories::{governance::audit::EventSort, org::delegations::DelegationSort};

fn reach(ctx: &Ctx) -> Reach {
    Reach::by(ctx, Verb::Read, Capability::ManageUsers)
}

/// One page of delegations: one's own, given or taken, and those of the people whom one manages.
///
/// # Errors
/// 403 without any role.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<DelegationFilter, DelegationSort>,
) -> AppResult<Page<DelegationView>> {
    scope::require_staff(ctx)?;
    let DelegationFilter {
        delegator_id,
        delegate_id,
        in_force,
        works_records,
    } = query.filter;
    let (reach, narrow) = (
        reach(ctx),
        Narrow {
            delegator_id,
            delegate_id,
            in_force,
            works_records,
        },
    );
    delegations::page(conn, &query.page, || delegations::narrowed(&reach, &narrow))?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// One delegation.
///
/// # Errors
/// 403 without any role, 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: DelegationId) -> AppResult<DelegationView> {
    scope::require_staff(ctx)?;
    let row = delegations::find(conn, &reach(ctx), id)?.ok_or_else(AppError::not_found)?;
    view(conn, ctx, row)
}

/// Names someone who stands in, for oneself or for someone whom one manages.
///
/// # Errors
/// 403; 409 when the same person stands in already in the same way within this time; 422 with every failing field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewDelegation) -> AppResult<DelegationView> {
    scope::require_staff(ctx)?;
    let NewDelegation {
        delegator_id,
        delegate_id,
        starts_at,
        ends_at,
        reason,
        works_records,
    } = body;
    let delegator = delegator_id.unwrap_or(ctx.actor.id);
    let works_records = works_records.unwrap_or(false);
    let direct = leads(tx, ctx, delegator)?;
    if delegator != ctx.actor.id && !direct {
        ctx.require(Capability::ManageUsers)?;
    } else if delegator == ctx.actor.id && works_records {
        ctx.refuse_leaver()?;
    }
    let starts_at = starts_at.unwrap_or(ctx.now);
    let mut fields = Fields::default();
    let reason = fields.line("/reason", reason);
    let absent = enabled(tx, "/delegator_id", delegator, &mut fields)?;
    let delegate = enabled(tx, "/delegate_id", *delegate_id, &mut fields)?;
    let settings = ctx.policy::<DelegationSettings>()?.value;
    let facts = Facts {
        now: ctx.now.utc(),
        starts_at: starts_at.utc(),
        ends_at: ends_at.utc(),
        to_oneself: delegator == *delegate_id,
        to_machine: delegate.is_some_and(|user| user.service_account),
    };
    for objection in delegation::check(&facts, &settings) {
        let refusal = objection.refusal;
        fields.fail(FieldError::new(
            objection.pointer,
            refusal.code,
            refusal.zh,
            refusal.en,
        ));
    }
    fields.done().map_err(|error| error.rule("ORG-33"))?;
    if let Some(absent) = absent.filter(|user| user.id != ctx.actor.id && !direct) {
        scope::require_in(tx, ctx, Capability::ManageUsers, absent.unit_id)?;
    }
    let row = Delegation {
        id: ctx.new_id(),
        delegator_id: delegator,
        delegate_id: *delegate_id,
        starts_at,
        ends_at: *ends_at,
        reason,
        revoked_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        works_records,
    };
    delegations::lock(tx, delegator)?;
    if let Some(other) = delegations::overlapping(tx, &row)? {
        return Err(AppError::new(
            Code::Duplicate,
            "同一代理人在该期间已有相同的代理；请先结束原代理，或另选期间。",
            "The same person stands in already within this time: end that delegation first, or choose another time.",
        )
        .rule("ORG-33")
        .with("delegation_id", other));
    }
    delegations::insert(tx, &row)?;
    let data = json!({
        "delegator_id": row.delegator_id, "delegate_id": row.delegate_id,
        "starts_at": row.starts_at, "ends_at": row.ends_at, "works_records": row.works_records,
    });
    ctx.record(
        tx,
        SubjectKind::Delegation,
        row.id,
        "delegation.created",
        &data,
        Some("ORG-33"),
    );
    view(tx, ctx, row)
}

/// Ends a delegation early: the absent person, or whoever manages that person.
///
/// # Errors
/// 403 for the delegate; 404; 409 when it is over; 412.
pub fn revoke(tx: &mut Tx<'_>, ctx: &Ctx, id: DelegationId) -> AppResult<DelegationView> {
    scope::require_staff(ctx)?;
    let mut row = delegations::find(tx, &reach(ctx), id)?.ok_or_else(AppError::not_found)?;
    if row.delegator_id != ctx.actor.id && !leads(tx, ctx, row.delegator_id)? {
        let unit = users::get(tx, row.delegator_id)?.unit_id;
        scope::require_in(tx, ctx, Capability::ManageUsers, unit)?;
    }
    ctx.check_version(row.version)?;
    if row.revoked_at.is_some() || row.ends_at <= ctx.now {
        return Err(AppError::new(
            Code::StateConflict,
            "该代理已结束。",
            "The delegation is over.",
        )
        .rule("ORG-33"));
    }
    if !delegations::revoke(tx, id, row.version, ctx.now)? {
        return Err(ctx.lost_update());
    }
    row.revoked_at = Some(ctx.now);
    row.updated_at = ctx.now;
    row.version += 1;
    let data = json!({ "delegator_id": row.delegator_id, "delegate_id": row.delegate_id });
    ctx.record(
        tx,
        SubjectKind::Delegation,
        id,
        "delegation.revoked",
        &data,
        Some("ORG-33"),
    );
    view(tx, ctx, row)
}

/// Whether someone reports to the actor directly: the manager names the stand-in too (DUP-17).
fn leads(conn: &mut Conn, ctx: &Ctx, user: UserId) -> AppResult<bool> {
    Ok(users::find(conn, user)?.is_some_and(|user| user.superior_id == Some(ctx.actor.id)))
}

/// One page of what the stand-in did in the absent person's stead under a delegation (DUP-17).
///
/// # Errors
/// 403 without any role; 404; `INVALID_CURSOR`.
pub fn work(
    conn: &mut Conn,
    ctx: &Ctx,
    id: DelegationId,
    query: &Listed<WorkInSteadFilter, EventSort>,
) -> AppResult<Page<WorkInStead>> {
    scope::require_staff(ctx)?;
    let row = delegations::find(conn, &reach(ctx), id)?.ok_or_else(AppError::not_found)?;
    let narrow = audit::Narrow {
        subject_kind: query.filter.subject_kind,
        actor_id: Some(row.delegate_id),
        on_behalf_of: Some(row.delegator_id),
        at_gte: Some(row.starts_at),
        at_lt: Some(row.revoked_at.map_or(row.ends_at, |at| at.min(row.ends_at))),
        ..audit::Narrow::default()
    };
    let page = audit::list(conn, &narrow, &query.page)?;
    Ok(page.map(|event| WorkInStead {
        data: serde_json::from_str(&event.data).unwrap_or_default(),
        id: event.id,
        at: event.at,
        kind: event.kind,
        subject_kind: event.subject_kind,
        subject_id: event.subject_id,
    }))
}

fn view(conn: &mut Conn, ctx: &Ctx, row: Delegation) -> AppResult<DelegationView> {
    views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Delegation>) -> AppResult<Vec<DelegationView>> {
    let mut people: Vec<UserId> = rows
        .iter()
        .flat_map(|row| [row.delegator_id, row.delegate_id])
        .collect();
    people.sort_unstable();
    people.dedup();
    let names = names::people(conn, people.iter().copied())?;
    let managed = managed(conn, ctx, &people)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let open = row.revoked_at.is_none() && row.ends_at > ctx.now;
            let mine = row.delegator_id == ctx.actor.id || managed.contains(&row.delegator_id);
            let Delegation {
                id,
                delegator_id,
                delegate_id,
                starts_at,
                ends_at,
                reason,
                works_records,
                ..
            } = row;
            DelegationView {
                id,
                delegator: names.get(delegator_id),
                delegate: names.get(delegate_id),
                starts_at,
                ends_at,
                reason,
                works_records,
                revoked_at: row.revoked_at,
                in_force: open && starts_at <= ctx.now,
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
                allowed_actions: if open && mine {
                    vec![DelegationAction::Revoke]
                } else {
                    Vec::new()
                },
            }
        })
        .collect())
}

/// Those of the people whom the actor manages or leads.
fn managed(conn: &mut Conn, ctx: &Ctx, people: &[UserId]) -> AppResult<Vec<UserId>> {
    let led = reporting::direct_subordinates(conn, ctx.actor.id)?;
    let led: Vec<UserId> = people
        .iter()
        .copied()
        .filter(|id| led.contains(id))
        .collect();
    if !ctx.has(Capability::ManageUsers) {
        return Ok(led);
    }
    let places = users::units_of(conn, people)?;
    let unit_ids: Vec<_> = places.iter().map(|(_, unit)| *unit).collect();
    let paths = units::paths(conn, &unit_ids)?;
    let covered = |unit| {
        let path: Vec<_> = paths
            .get(unit)
            .into_iter()
            .flatten()
            .map(|(id, _)| *id)
            .collect();
        scope::covers(ctx, Capability::ManageUsers, &path)
    };
    Ok(places
        .iter()
        .filter(|(_, unit)| covered(unit))
        .map(|(user, _)| *user)
        .chain(led)
        .collect())
}
