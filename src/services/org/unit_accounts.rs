//! The account that stands for a unit: nobody logs in with it. It holds a group's shared column (DUP-15), and a share
//! with it is one with everybody of the unit (DUP-12).

use serde_json::json;

use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        fold,
        id::kind::UnitId,
        vocabulary::{Employment, SubjectKind},
    },
    error::{AppError, AppResult},
    models::org::{unit::Unit, unit_account::UnitAccount, user::User},
    repositories::org::{reporting, unit_accounts, users},
};

/// No password hashes to this.
const NO_PASSWORD: &str = "!";

/// The account of a unit; entered when it is needed first. Of several who enter it at once, one does, and the others
/// are run again.
///
/// # Errors
/// A lost race, or a database fault.
pub fn of(tx: &mut Tx<'_>, ctx: &Ctx, unit: &Unit) -> AppResult<User> {
    if let Some(id) = unit_accounts::of_unit(tx, unit.id)? {
        return users::get(tx, id);
    }
    let user = account(ctx, unit.id, &unit.name);
    let row = UnitAccount {
        unit_id: unit.id,
        user_id: user.id,
        created_at: ctx.now,
    };
    if !unit_accounts::insert(tx, &row, &user)? {
        return Err(AppError::lost_race(
            "the unit's account was entered meanwhile",
        ));
    }
    reporting::enter(tx, user.id, None)?;
    ctx.record(
        tx,
        SubjectKind::Unit,
        unit.id,
        "unit.account_entered",
        &json!({ "user_id": user.id }),
        Some("DUP-15"),
    );
    Ok(user)
}

/// Left and disabled from the beginning: no command makes it an account to log in with.
fn account(ctx: &Ctx, unit: UnitId, name: &str) -> User {
    let login = format!("unit:{unit}");
    let name: String = format!("本组共享（{name}）").chars().take(100).collect();
    User {
        id: ctx.new_id(),
        login_key: login.clone(),
        login,
        name_key: fold(&name),
        name,
        unit_id: unit,
        superior_id: None,
        grade: None,
        employment: Employment::Left,
        clearance: 0,
        service_account: true,
        password_hash: NO_PASSWORD.to_owned(),
        must_change_password: false,
        password_changed_at: ctx.now,
        disabled_at: Some(ctx.now),
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    }
}
