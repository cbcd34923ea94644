//! Policy versions.

use diesel::prelude::*;

use crate::{
    api::governance::policy::PolicyVersionFilter,
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{approval_holders, approvals, policy_versions},
        violates,
    },
    domain::{
        id::kind::PolicyVersionId,
        timestamp::Timestamp,
        vocabulary::{Capability, PolicyState, SubjectKind},
    },
    error::{AppError, AppResult},
    models::governance::policy::PolicyVersion,
};

crate::sortable! {
    policy_versions, PolicyVersion, PolicyVersionSort {
        Number = "number" => number: i64,
    } default Number Down
}

const NUMBER: Unique = Unique {
    name: "policy_versions_number",
    columns: "policy_versions.policy_key, policy_versions.number",
};

/// All approved versions, of one policy or of all, the latest to take effect first.
///
/// # Errors
/// A database fault.
pub fn approved(conn: &mut Conn, key: Option<&str>) -> AppResult<Vec<PolicyVersion>> {
    let mut rows = PolicyVersion::query()
        .into_boxed()
        .filter(policy_versions::state.eq(PolicyState::Approved));
    if let Some(key) = key {
        rows = rows.filter(policy_versions::policy_key.eq(key.to_owned()));
    }
    Ok(rows
        .order((
            policy_versions::effective_from.desc(),
            policy_versions::number.desc(),
        ))
        .load(conn)?)
}

type Predicate = Box<
    dyn diesel::BoxableExpression<
            policy_versions::table,
            MultiBackend,
            SqlType = diesel::sql_types::Bool,
        >,
>;

/// What is or was in force is known to everybody; what is proposed, or was refused, to those who propose, approve or
/// audit, and to whoever it waits for.
fn visible(ctx: &Ctx) -> Predicate {
    let insiders = [
        Capability::ManagePolicies,
        Capability::ApprovePolicies,
        Capability::ReadAudit,
    ];
    if insiders.into_iter().any(|capability| ctx.has(capability)) {
        return Box::new(policy_versions::id.is_not_null());
    }
    let users: Vec<_> = ctx
        .actor
        .stands_in_for
        .iter()
        .copied()
        .chain([ctx.actor.id])
        .collect();
    let waiting = approvals::table
        .inner_join(approval_holders::table.on(approval_holders::approval_id.eq(approvals::id)))
        .filter(approvals::subject_kind.eq(SubjectKind::Policy))
        .filter(approval_holders::user_id.eq_any(users))
        .filter(approval_holders::waiting.eq(true))
        .select(approvals::subject_id);
    Box::new(
        policy_versions::state
            .eq(PolicyState::Approved)
            .or(policy_versions::proposed_by.eq(ctx.actor.id))
            .or(policy_versions::id.eq_any(waiting)),
    )
}

/// The versions of a policy that the actor may see and that pass the filter.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &str,
    filter: &PolicyVersionFilter,
    request: &PageRequest<PolicyVersionSort>,
) -> AppResult<Page<PolicyVersion>> {
    page(conn, request, || {
        let rows = policy_versions::table
            .filter(policy_versions::policy_key.eq(key.to_owned()))
            .filter(visible(ctx))
            .into_boxed();
        match filter.state {
            Some(state) => rows.filter(policy_versions::state.eq(state)),
            None => rows,
        }
    })
}

/// A version that the actor may see.
///
/// # Errors
/// 404.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: PolicyVersionId) -> AppResult<PolicyVersion> {
    PolicyVersion::query()
        .filter(policy_versions::id.eq(id))
        .filter(visible(ctx))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// A version.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, id: PolicyVersionId) -> AppResult<PolicyVersion> {
    PolicyVersion::query()
        .filter(policy_versions::id.eq(id))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// The highest number of a policy so far.
///
/// # Errors
/// A database fault.
pub fn last_number(conn: &mut Conn, key: &str) -> AppResult<i64> {
    let last: Option<i64> = policy_versions::table
        .filter(policy_versions::policy_key.eq(key))
        .select(diesel::dsl::max(policy_versions::number))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

/// Keeps a proposed version.
///
/// # Errors
/// A lost race when another proposal took the number: the unit of work runs again.
pub fn insert(tx: &mut Tx<'_>, row: &PolicyVersion) -> AppResult<()> {
    match diesel::insert_into(policy_versions::table)
        .values(row)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &NUMBER) => {
            Err(AppError::lost_race("the number was taken meanwhile"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Settles a proposed version. `false` when it changed meanwhile.
///
/// # Errors
/// A database fault.
pub fn settle(
    tx: &mut Tx<'_>,
    row: &PolicyVersion,
    state: PolicyState,
    effective_from: Timestamp,
    now: Timestamp,
) -> AppResult<bool> {
    let changed = diesel::update(policy_versions::table.find(row.id))
        .filter(policy_versions::version.eq(row.version))
        .filter(policy_versions::state.eq(PolicyState::Proposed))
        .set((
            policy_versions::state.eq(state),
            policy_versions::effective_from.eq(effective_from),
            policy_versions::version.eq(row.version + 1),
            policy_versions::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}
