//! Users as the caller sees them: the directory for everyone, the account for those who manage the user.

use crate::{
    api::{
        org::user::{AccountView, UserAction, UserView},
        refs::UnitRef,
    },
    context::Ctx,
    db::Conn,
    domain::{id::kind::UnitId, vocabulary::Capability},
    error::{AppError, AppResult},
    models::org::user::User,
    policy::org::administration,
    repositories::org::{names, units},
    services::org::scope,
};

/// One user as the caller sees it.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, user: User) -> AppResult<UserView> {
    views(conn, ctx, vec![user])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// Users as the caller sees them: related names take one query each, however many users there are.
///
/// # Errors
/// A database fault.
pub fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<User>) -> AppResult<Vec<UserView>> {
    let mut unit_ids: Vec<_> = rows.iter().map(|user| user.unit_id).collect();
    unit_ids.sort_unstable();
    unit_ids.dedup();
    let superiors = names::people(conn, rows.iter().filter_map(|user| user.superior_id))?;
    let paths = units::paths(conn, &unit_ids)?;
    Ok(rows
        .into_iter()
        .map(|user| {
            let path = paths
                .get(&user.unit_id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let unit_ids: Vec<UnitId> = path.iter().map(|(id, _)| *id).collect();
            let managed = scope::covers(ctx, Capability::ManageUsers, &unit_ids);
            let own = user.id == ctx.actor.id;
            UserView {
                allowed_actions: actions(&user, managed, own),
                account: (managed || own).then(|| AccountView {
                    login: user.login.clone(),
                    clearance: user.clearance,
                    must_change_password: user.must_change_password,
                }),
                id: user.id,
                name: user.name,
                unit: UnitRef {
                    id: user.unit_id,
                    name: path
                        .last()
                        .map(|(_, name)| name.clone())
                        .unwrap_or_default(),
                },
                superior: user.superior_id.map(|id| superiors.get(id)),
                grade: user.grade,
                employment: user.employment,
                service_account: user.service_account,
                disabled_at: user.disabled_at,
                version: user.version,
                created_at: user.created_at,
                updated_at: user.updated_at,
            }
        })
        .collect())
}

fn actions(user: &User, managed: bool, own: bool) -> Vec<UserAction> {
    let mut actions = Vec::new();
    let enabled = user.disabled_at.is_none();
    if managed {
        actions.push(UserAction::Update);
    }
    if managed && !own {
        if enabled {
            actions.push(UserAction::Disable);
        } else if administration::may_be_enabled(user.employment).is_ok() {
            actions.push(UserAction::Enable);
        }
        actions.extend([UserAction::ResetPassword, UserAction::ChangeGrants]);
    }
    if enabled && (managed || own) {
        actions.push(UserAction::Delegate);
    }
    actions
}
