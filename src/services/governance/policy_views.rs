//! Policies and their versions as they are shown.

use super::policies::{described, parsed};
pub use crate::repositories::governance::policies::PolicyVersionSort;
use crate::{
    api::governance::policy::{
        PolicyAction, PolicyList, PolicyVersionAction, PolicyVersionFilter, PolicyVersionView,
        PolicyView, UpcomingPolicy,
    },
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        id::kind::PolicyVersionId,
        vocabulary::{Capability, PolicyState},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::governance::policy::PolicyVersion,
    policy::{self, Described},
    repositories::{governance::policies, org::names},
};

/// Every policy with the settings in force.
///
/// # Errors
/// A database fault.
pub fn catalogue(conn: &mut Conn, ctx: &Ctx) -> AppResult<PolicyList> {
    let approved = policies::approved(conn, None)?;
    let items = policy::catalogue()
        .into_iter()
        .map(|described| shown(ctx, described, &approved));
    Ok(PolicyList {
        items: items.collect::<AppResult<_>>()?,
    })
}

/// One policy with the settings in force.
///
/// # Errors
/// 404 for an unknown key.
pub fn read(conn: &mut Conn, ctx: &Ctx, key: &str) -> AppResult<PolicyView> {
    let described = described(key)?;
    let approved = policies::approved(conn, Some(key))?;
    shown(ctx, described, &approved)
}

fn shown(ctx: &Ctx, described: Described, approved: &[PolicyVersion]) -> AppResult<PolicyView> {
    let of_key = || {
        approved
            .iter()
            .filter(|row| row.policy_key == described.key)
    };
    // The latest to take effect comes first.
    let in_force = of_key().find(|row| row.effective_from <= ctx.now);
    let mut upcoming: Vec<_> = of_key()
        .filter(|row| row.effective_from > ctx.now)
        .map(|row| UpcomingPolicy {
            id: row.id,
            number: row.number,
            effective_from: row.effective_from,
        })
        .collect();
    upcoming.reverse();
    let may_propose = ctx.has(Capability::ManagePolicies);
    Ok(PolicyView {
        key: described.key.to_owned(),
        title_zh: described.title_zh.to_owned(),
        title_en: described.title_en.to_owned(),
        rules: described
            .rules
            .iter()
            .map(|rule| (*rule).to_owned())
            .collect(),
        value: match in_force {
            Some(row) => parsed(&row.value)?,
            None => described.default.clone(),
        },
        number: in_force.map_or(0, |row| row.number),
        effective_from: in_force.map(|row| row.effective_from),
        default: described.default,
        upcoming,
        allowed_actions: may_propose
            .then_some(PolicyAction::Propose)
            .into_iter()
            .collect(),
    })
}

/// The versions of a policy.
///
/// # Errors
/// 404 for an unknown key.
pub fn versions(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &str,
    query: &Listed<PolicyVersionFilter, PolicyVersionSort>,
) -> AppResult<Page<PolicyVersionView>> {
    described(key)?;
    let page = policies::list(conn, ctx, key, &query.filter, &query.page)?;
    page.try_map_all(|rows| version_views(conn, ctx, rows))
}

/// A version of a policy.
///
/// # Errors
/// 404.
pub fn version(conn: &mut Conn, ctx: &Ctx, id: PolicyVersionId) -> AppResult<PolicyVersionView> {
    let row = policies::find(conn, ctx, id)?;
    version_view(conn, ctx, row)
}

/// A version that was just written.
///
/// # Errors
/// A database fault.
pub(super) fn version_view(
    conn: &mut Conn,
    ctx: &Ctx,
    row: PolicyVersion,
) -> AppResult<PolicyVersionView> {
    version_views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn version_views(
    conn: &mut Conn,
    ctx: &Ctx,
    rows: Vec<PolicyVersion>,
) -> AppResult<Vec<PolicyVersionView>> {
    let people = names::people(conn, rows.iter().map(|row| row.proposed_by))?;
    rows.into_iter()
        .map(|row| {
            let may_withdraw =
                row.state == PolicyState::Proposed && row.proposed_by == ctx.actor.id;
            Ok(PolicyVersionView {
                value: parsed(&row.value)?,
                proposed_by: people.get(row.proposed_by),
                allowed_actions: may_withdraw
                    .then_some(PolicyVersionAction::Withdraw)
                    .into_iter()
                    .collect(),
                id: row.id,
                key: row.policy_key,
                number: row.number,
                state: row.state,
                effective_from: row.effective_from,
                reason: row.reason,
                approval_id: row.approval_id,
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
            })
        })
        .collect()
}
