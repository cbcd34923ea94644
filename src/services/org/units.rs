//! Units: the organisation tree mirrors the company (ORG-01, ORG-02, ORG-03).

use serde_json::json;

use crate::{
    api::{
        org::unit::{NewUnit, UnitAction, UnitFilter, UnitPatch, UnitView},
        refs::UnitRef,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        fold,
        id::kind::UnitId,
        vocabulary::{Capability, SubjectKind, UnitKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::org::unit::Unit,
    repositories::org::units::{self, Narrow},
    services::org::{
        fields::{Changes, Fields},
        scope,
    },
};

pub use crate::repositories::org::units::UnitSort;

/// One page of units.
///
/// # Errors
/// 403 without any role.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<UnitFilter, UnitSort>,
) -> AppResult<Page<UnitView>> {
    scope::require_staff(ctx)?;
    let filter = &query.filter;
    let narrow = Narrow {
        kind: filter.kind,
        parent_id: filter.parent_id,
        active: filter.active,
        name_key: filter.q.as_deref().map(fold),
    };
    units::page(conn, &query.page, || units::narrowed(&narrow))?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// One unit.
///
/// # Errors
/// 403 without any role, 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: UnitId) -> AppResult<UnitView> {
    scope::require_staff(ctx)?;
    let unit = units::find(conn, id)?.ok_or_else(AppError::not_found)?;
    view(conn, ctx, unit)
}

/// Creates a unit below another.
///
/// # Errors
/// 403, 409 when a sibling has the name, 422.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewUnit) -> AppResult<UnitView> {
    ctx.require(Capability::ManageUnits)?;
    scope::lock(tx, ctx, Capability::ManageUnits)?;
    let mut fields = Fields::default();
    let name = fields.line("/name", &body.name);
    let parent = usable(tx, "/parent_id", body.parent_id, &mut fields)?;
    not_headquarters(body.kind, &mut fields);
    fields.done()?;
    scope::require_in(tx, ctx, Capability::ManageUnits, body.parent_id)?;
    let unit = draft(ctx, parent.map(|parent| parent.id), body.kind, name);
    insert(tx, ctx, &unit)?;
    view(tx, ctx, unit)
}

/// The company itself, at the root; only when it is founded.
///
/// # Errors
/// 422 when the name is none.
pub fn create_root(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> AppResult<Unit> {
    let mut fields = Fields::default();
    let name = fields.line("/company", name);
    fields.done()?;
    let unit = draft(ctx, None, UnitKind::Headquarters, name);
    insert(tx, ctx, &unit)?;
    Ok(unit)
}

fn draft(ctx: &Ctx, parent_id: Option<UnitId>, kind: UnitKind, name: String) -> Unit {
    Unit {
        id: ctx.new_id(),
        parent_id,
        kind,
        name_key: fold(&name),
        name,
        active: true,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    }
}

fn insert(tx: &mut Tx<'_>, ctx: &Ctx, unit: &Unit) -> AppResult<()> {
    units::insert(tx, unit)?;
    let data = json!({ "parent_id": unit.parent_id, "kind": unit.kind, "name": unit.name });
    ctx.record(
        tx,
        SubjectKind::Unit,
        unit.id,
        "unit.created",
        &data,
        Some("ORG-01"),
    );
    Ok(())
}

/// Changes a unit: name, kind, place in the tree, use.
///
/// # Errors
/// 403; 409 for a cycle, a taken name, an occupied unit; 412; 422.
pub fn update(tx: &mut Tx<'_>, ctx: &Ctx, id: UnitId, body: &UnitPatch) -> AppResult<UnitView> {
    ctx.require(Capability::ManageUnits)?;
    scope::lock(tx, ctx, Capability::ManageUnits)?;
    let mut unit = units::find(tx, id)?.ok_or_else(AppError::not_found)?;
    scope::require_in(tx, ctx, Capability::ManageUnits, id)?;
    ctx.check_version(unit.version)?;
    let UnitPatch {
        name,
        kind,
        parent_id,
        active,
    } = body;
    let read_version = unit.version;
    let mut changes = Changes::default();
    let mut fields = Fields::default();
    if let Some(name) = name {
        let name = fields.line("/name", name);
        unit.name_key = fold(&name);
        changes.set("name", &mut unit.name, name);
    }
    if let Some(kind) = kind {
        match unit.parent_id {
            Some(_) => not_headquarters(*kind, &mut fields),
            None if *kind != unit.kind => return Err(root_stays()),
            None => {}
        }
        changes.set("kind", &mut unit.kind, *kind);
    }
    if let Some(parent) = parent_id {
        usable(tx, "/parent_id", *parent, &mut fields)?;
        changes.set("parent_id", &mut unit.parent_id, Some(*parent));
    }
    if let Some(active) = active {
        changes.set("active", &mut unit.active, *active);
    }
    fields.done()?;
    if changes.is_empty() {
        return view(tx, ctx, unit);
    }
    if changes.has("parent_id") {
        relocate(tx, ctx, &unit)?;
    }
    if changes.has("active") {
        change_use(tx, &unit)?;
    }
    unit.version += 1;
    unit.updated_at = ctx.now;
    if !units::update(tx, &unit, read_version)? {
        return Err(ctx.lost_update());
    }
    ctx.record(
        tx,
        SubjectKind::Unit,
        id,
        "unit.updated",
        &changes.into_value(),
        Some("ORG-01"),
    );
    view(tx, ctx, unit)
}

/// Moves a unit to its new parent. Under the organisation's lock nobody else moves anything, so what is seen here
/// about cycles still holds at the commit.
fn relocate(tx: &mut Tx<'_>, ctx: &Ctx, unit: &Unit) -> AppResult<()> {
    let Some(parent) = unit.parent_id else {
        return Ok(());
    };
    if unit.kind == UnitKind::Headquarters {
        return Err(root_stays());
    }
    scope::require_in(tx, ctx, Capability::ManageUnits, parent)?;
    if units::is_within(tx, unit.id, parent)? {
        return Err(AppError::new(
            Code::RuleRefused,
            "不能移到自身或其下级单元之下；请选择其他上级单元。",
            "A unit cannot move below itself: choose another parent.",
        )
        .rule("ORG-01")
        .with("reason", "CYCLE"));
    }
    units::reattach(tx, unit.id, parent)
}

fn change_use(tx: &mut Tx<'_>, unit: &Unit) -> AppResult<()> {
    if unit.active {
        let above = unit
            .parent_id
            .map(|parent| units::find(tx, parent))
            .transpose()?
            .flatten();
        if above.is_some_and(|parent| !parent.active) {
            return Err(AppError::new(
                Code::StateConflict,
                "上级单元已停用；请先启用上级单元。",
                "The unit above is out of use: put that in use first.",
            )
            .rule("ORG-01"));
        }
        return Ok(());
    }
    if unit.parent_id.is_none() {
        return Err(root_stays());
    }
    if units::is_occupied(tx, unit.id)? {
        return Err(AppError::new(
            Code::StateConflict,
            "单元内仍有在用的下级单元或未停用的用户；请先移走或停用。",
            "Units in use or enabled users are still in this unit: move or disable them first.",
        )
        .rule("ORG-01"));
    }
    Ok(())
}

fn root_stays() -> AppError {
    AppError::new(
        Code::RuleRefused,
        "公司总部是组织的根，不能移动、停用或改变类型。",
        "The headquarters is the root: it is not moved, put out of use or changed in kind.",
    )
    .rule("ORG-02")
    .with("reason", "ROOT")
}

fn not_headquarters(kind: UnitKind, fields: &mut Fields) {
    if kind == UnitKind::Headquarters {
        fields.fail(FieldError::new(
            "/kind",
            "ONE_HEADQUARTERS",
            "公司总部只有一个，即组织的根。",
            "There is one headquarters: the root.",
        ));
    }
}

/// A unit that something may be put into; a failing field if it is unknown or out of use.
///
/// # Errors
/// A database fault.
pub fn usable(
    conn: &mut Conn,
    pointer: &str,
    id: UnitId,
    fields: &mut Fields,
) -> AppResult<Option<Unit>> {
    let unit = units::find(conn, id)?;
    match &unit {
        Some(unit) if unit.active => {}
        Some(_) => fields.fail(FieldError::new(
            pointer,
            "INACTIVE_UNIT",
            "该单元已停用。",
            "This unit is out of use.",
        )),
        None => fields.fail(FieldError::new(
            pointer,
            "UNKNOWN_UNIT",
            "没有这个单元。",
            "There is no such unit.",
        )),
    }
    Ok(unit.filter(|unit| unit.active))
}

fn view(conn: &mut Conn, ctx: &Ctx, unit: Unit) -> AppResult<UnitView> {
    views(conn, ctx, vec![unit])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Unit>) -> AppResult<Vec<UnitView>> {
    let ids: Vec<_> = rows.iter().map(|unit| unit.id).collect();
    let mut paths = units::paths(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|unit| {
            let path = paths.remove(&unit.id).unwrap_or_default();
            let allowed_actions = actions(
                ctx,
                &unit,
                &path.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            );
            let Unit {
                id,
                parent_id,
                kind,
                name,
                name_key: _,
                active,
                version,
                created_at,
                updated_at,
            } = unit;
            let path = path
                .into_iter()
                .map(|(id, name)| UnitRef { id, name })
                .collect();
            UnitView {
                id,
                parent_id,
                kind,
                name,
                active,
                path,
                version,
                created_at,
                updated_at,
                allowed_actions,
            }
        })
        .collect())
}

fn actions(ctx: &Ctx, unit: &Unit, path: &[UnitId]) -> Vec<UnitAction> {
    let mut actions = Vec::new();
    let root = unit.parent_id.is_none();
    if scope::covers(ctx, Capability::ManageUnits, path) {
        actions.push(UnitAction::Update);
        if !root {
            actions.push(UnitAction::Move);
            actions.push(if unit.active {
                UnitAction::Deactivate
            } else {
                UnitAction::Activate
            });
        }
        if unit.active {
            actions.push(UnitAction::AddUnit);
        }
    }
    if unit.active && scope::covers(ctx, Capability::ManageUsers, path) {
        actions.push(UnitAction::AddUser);
    }
    actions
}
