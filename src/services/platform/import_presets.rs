//! What a user calls an assignment of columns, to use it again.

use serde_json::json;

use crate::{
    api::platform::import::{ImportPresetView, NewImportPreset},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        fold,
        id::kind::ImportPresetId,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    models::platform::exchange::ImportPreset,
    repositories::platform::import_presets,
    services::org::fields::Fields,
};

/// The caller's presets, by name.
///
/// # Errors
/// 403.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> AppResult<Vec<ImportPresetView>> {
    ctx.require(Capability::ImportRecords)?;
    import_presets::of_user(conn, ctx.actor.id)?
        .into_iter()
        .map(view)
        .collect()
}

/// Keeps a preset.
///
/// # Errors
/// 403; 422; 409 for a name that is taken, or beyond the most presets of one user.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewImportPreset) -> AppResult<ImportPresetView> {
    ctx.require(Capability::ImportRecords)?;
    let mut fields = Fields::default();
    let name = fields.line("/name", &body.name);
    fields.done()?;
    let kept = import_presets::of_user(tx, ctx.actor.id)?.len();
    if i64::try_from(kept).unwrap_or(i64::MAX) >= import_presets::LIMIT {
        return Err(AppError::new(
            Code::StateConflict,
            format!("最多保存 {} 个导入方案。", import_presets::LIMIT),
            format!("At most {} presets are kept.", import_presets::LIMIT),
        ));
    }
    let preset = ImportPreset {
        id: ctx.new_id(),
        owner_id: ctx.actor.id,
        name_key: fold(&name),
        name,
        fields: serde_json::to_string(&body.columns).map_err(AppError::internal)?,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    import_presets::insert(tx, &preset)?;
    let data = json!({ "name": preset.name });
    ctx.record(
        tx,
        SubjectKind::ImportPreset,
        preset.id,
        "import_preset.created",
        &data,
        None,
    );
    view(preset)
}

/// Removes a preset.
///
/// # Errors
/// 403; 404; 412.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: ImportPresetId) -> AppResult<()> {
    let preset = import_presets::get(tx, ctx.actor.id, id)?;
    ctx.check_version(preset.version)?;
    if !import_presets::remove(tx, &preset)? {
        return Err(ctx.lost_update());
    }
    ctx.record(
        tx,
        SubjectKind::ImportPreset,
        id,
        "import_preset.removed",
        &json!({}),
        None,
    );
    Ok(())
}

fn view(preset: ImportPreset) -> AppResult<ImportPresetView> {
    Ok(ImportPresetView {
        id: preset.id,
        name: preset.name,
        columns: serde_json::from_str(&preset.fields).map_err(AppError::internal)?,
        version: preset.version,
        created_at: preset.created_at,
    })
}
