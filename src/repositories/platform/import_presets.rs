//! Presets of import columns.

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, Unique, schema::import_presets, violates},
    domain::id::kind::{ImportPresetId, UserId},
    error::{AppError, AppResult, Code},
    models::platform::exchange::ImportPreset,
};

/// The most presets that one user has.
pub const LIMIT: i64 = 50;

const NAME: Unique = Unique {
    name: "import_presets_name",
    columns: "import_presets.owner_id, import_presets.name_key",
};

/// A user's presets, by name.
///
/// # Errors
/// A database fault.
pub fn of_user(conn: &mut Conn, owner: UserId) -> AppResult<Vec<ImportPreset>> {
    Ok(ImportPreset::query()
        .filter(import_presets::owner_id.eq(owner))
        .order(import_presets::name_key)
        .limit(LIMIT)
        .load(conn)?)
}

/// A preset, if it is this user's.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, owner: UserId, id: ImportPresetId) -> AppResult<ImportPreset> {
    Ok(ImportPreset::query()
        .filter(import_presets::id.eq(id))
        .filter(import_presets::owner_id.eq(owner))
        .first(conn)?)
}

/// Keeps a preset.
///
/// # Errors
/// 409 when the user has one of that name, or a database fault.
pub fn insert(tx: &mut Tx<'_>, preset: &ImportPreset) -> AppResult<()> {
    match diesel::insert_into(import_presets::table)
        .values(preset)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &NAME) => Err(AppError::new(
            Code::Duplicate,
            "您已有同名的导入方案。",
            "You have a preset of this name already.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Removes a preset, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it has gone or changed.
pub fn remove(tx: &mut Tx<'_>, preset: &ImportPreset) -> AppResult<bool> {
    let target = import_presets::table
        .filter(import_presets::id.eq(preset.id))
        .filter(import_presets::version.eq(preset.version));
    Ok(diesel::delete(target).execute(tx.conn())? == 1)
}
