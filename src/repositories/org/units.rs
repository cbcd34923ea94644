//! Units and the closure of their tree.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types};

use crate::{
    db::{
        Conn, Tx, Unique,
        schema::{unit_closure, units, users},
        violates,
    },
    domain::{id::kind::UnitId, timestamp::Timestamp, vocabulary::UnitKind},
    error::{AppError, AppResult},
    models::org::unit::{Unit, UnitReach},
    sortable,
};

sortable! {
    units, Unit, UnitSort {
        Name = "name" => name: String,
        CreatedAt = "created_at" => created_at: Timestamp,
    } default Name Up
}

const SIBLING: Unique = Unique {
    name: "units_sibling_name",
    columns: "units.parent_id, units.name_key",
};

/// What a list of units is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Of this kind.
    pub kind: Option<UnitKind>,
    /// Directly below.
    pub parent_id: Option<UnitId>,
    /// In use or not.
    pub active: Option<bool>,
    /// Beginning of the folded name.
    pub name_key: Option<String>,
}

/// The units that a list is narrowed to.
pub fn narrowed<'q>(narrow: &Narrow) -> units::BoxedQuery<'q, crate::db::MultiBackend> {
    let mut rows = units::table.into_boxed();
    if let Some(kind) = narrow.kind {
        rows = rows.filter(units::kind.eq(kind));
    }
    if let Some(parent) = narrow.parent_id {
        rows = rows.filter(units::parent_id.eq(parent));
    }
    if let Some(active) = narrow.active {
        rows = rows.filter(units::active.eq(active));
    }
    if let Some(key) = &narrow.name_key {
        // A folded name has letters and digits only, so none of LIKE's own signs.
        rows = rows.filter(units::name_key.like(format!("{key}%")));
    }
    rows
}

/// Whoever changes the tree, the reporting lines, who is in a unit or who may do what, first takes this lock: an
/// update of the one row that is always there, the root. On PostgreSQL everyone else waits for the row until the
/// transaction ends and then reads what it left; on SQLite there is one writer anyway. These changes are rare, and
/// what they check (no cycle, no empty unit filled meanwhile, both closures whole) spans many rows, which no key of
/// the database can settle. References to the root do not wait: an update of other columns leaves its key alone.
///
/// # Errors
/// A database fault.
pub fn lock_organisation(tx: &mut Tx<'_>) -> AppResult<()> {
    diesel::update(units::table.filter(units::parent_id.is_null()))
        .set(units::active.eq(units::active))
        .execute(tx.conn())?;
    Ok(())
}

/// A unit by id.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, id: UnitId) -> AppResult<Option<Unit>> {
    Ok(Unit::query()
        .filter(units::id.eq(id))
        .first(conn)
        .optional()?)
}

/// The root: the company itself.
///
/// # Errors
/// A database fault; none before the company is founded.
pub fn root(conn: &mut Conn) -> AppResult<Unit> {
    Ok(Unit::query()
        .filter(units::parent_id.is_null())
        .first(conn)?)
}

/// The way from the root down to each of the units, themselves included, in one query: (unit, its ancestor, name).
///
/// # Errors
/// A database fault.
pub fn paths(conn: &mut Conn, ids: &[UnitId]) -> AppResult<HashMap<UnitId, Vec<(UnitId, String)>>> {
    let mut paths: HashMap<UnitId, Vec<(UnitId, String)>> = HashMap::new();
    for ids in ids.chunks(500) {
        let rows: Vec<(UnitId, UnitId, String)> = unit_closure::table
            .inner_join(units::table.on(units::id.eq(unit_closure::ancestor_id)))
            .filter(unit_closure::descendant_id.eq_any(ids))
            .order((unit_closure::descendant_id, unit_closure::depth.desc()))
            .select((unit_closure::descendant_id, units::id, units::name))
            .load(conn)?;
        for (unit, ancestor, name) in rows {
            paths.entry(unit).or_default().push((ancestor, name));
        }
    }
    Ok(paths)
}

/// Whether one unit is above another, or is it.
///
/// # Errors
/// A database fault.
pub fn is_within(conn: &mut Conn, ancestor: UnitId, descendant: UnitId) -> AppResult<bool> {
    let found: Option<i32> = unit_closure::table
        .find((ancestor, descendant))
        .select(unit_closure::depth)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Inserts a unit and its place in the tree.
///
/// # Errors
/// 409 when a sibling has the name; a database fault.
pub fn insert(tx: &mut Tx<'_>, unit: &Unit) -> AppResult<()> {
    diesel::insert_into(units::table)
        .values(unit)
        .execute(tx.conn())
        .map_err(taken)?;
    let own = UnitReach {
        ancestor_id: unit.id,
        descendant_id: unit.id,
        depth: 0,
    };
    diesel::insert_into(unit_closure::table)
        .values(&own)
        .execute(tx.conn())?;
    if let Some(parent) = unit.parent_id {
        attach(tx, unit.id, parent)?;
    }
    Ok(())
}

diesel::alias! {
    const UPPER: Alias<Upper> = unit_closure as upper_closure;
    const LOWER: Alias<Lower> = unit_closure as lower_closure;
}

/// Everything from the parent upwards stands above everything from the unit downwards: one statement.
fn attach(tx: &mut Tx<'_>, unit: UnitId, parent: UnitId) -> AppResult<()> {
    let pairs = UPPER
        .inner_join(LOWER.on(LOWER.field(unit_closure::ancestor_id).eq(unit)))
        .filter(UPPER.field(unit_closure::descendant_id).eq(parent))
        .select((
            UPPER.field(unit_closure::ancestor_id),
            LOWER.field(unit_closure::descendant_id),
            UPPER.field(unit_closure::depth)
                + LOWER.field(unit_closure::depth)
                + 1.into_sql::<sql_types::Integer>(),
        ));
    pairs
        .insert_into(unit_closure::table)
        .into_columns((
            unit_closure::ancestor_id,
            unit_closure::descendant_id,
            unit_closure::depth,
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves a unit, and everything below it, under another parent. The caller holds the organisation's lock and has
/// seen that the parent is not below the unit.
///
/// # Errors
/// A database fault.
pub fn reattach(tx: &mut Tx<'_>, unit: UnitId, parent: UnitId) -> AppResult<()> {
    let below = LOWER
        .filter(LOWER.field(unit_closure::ancestor_id).eq(unit))
        .select(LOWER.field(unit_closure::descendant_id));
    let above = UPPER
        .filter(UPPER.field(unit_closure::descendant_id).eq(unit))
        .filter(UPPER.field(unit_closure::depth).gt(0))
        .select(UPPER.field(unit_closure::ancestor_id));
    diesel::delete(
        unit_closure::table
            .filter(unit_closure::descendant_id.eq_any(below))
            .filter(unit_closure::ancestor_id.eq_any(above)),
    )
    .execute(tx.conn())?;
    attach(tx, unit, parent)
}

/// Writes a unit's name, kind, parent and use, if nobody changed the row meanwhile.
///
/// # Errors
/// 409 when a sibling has the name; a database fault. `false` when the row changed meanwhile.
pub fn update(tx: &mut Tx<'_>, unit: &Unit, read_version: i64) -> AppResult<bool> {
    let changed = diesel::update(
        units::table
            .find(unit.id)
            .filter(units::version.eq(read_version)),
    )
    .set((
        units::parent_id.eq(unit.parent_id),
        units::kind.eq(unit.kind),
        units::name.eq(&unit.name),
        units::name_key.eq(&unit.name_key),
        units::active.eq(unit.active),
        units::version.eq(unit.version),
        units::updated_at.eq(unit.updated_at),
    ))
    .execute(tx.conn())
    .map_err(taken)?;
    Ok(changed == 1)
}

/// Whether units in use, or users who are not disabled, stand directly in a unit.
///
/// # Errors
/// A database fault.
pub fn is_occupied(conn: &mut Conn, unit: UnitId) -> AppResult<bool> {
    let below: Option<UnitId> = units::table
        .filter(units::parent_id.eq(unit))
        .filter(units::active.eq(true))
        .select(units::id)
        .first(conn)
        .optional()?;
    if below.is_some() {
        return Ok(true);
    }
    let inside: Option<UnitId> = users::table
        .filter(users::unit_id.eq(unit))
        .filter(users::disabled_at.is_null())
        .select(users::unit_id)
        .first(conn)
        .optional()?;
    Ok(inside.is_some())
}

fn taken(error: diesel::result::Error) -> AppError {
    if violates(&error, &SIBLING) {
        return AppError::new(
            crate::error::Code::Duplicate,
            "同一上级单元下已有同名单元，请换一个名称。",
            "A unit of this name exists below the same parent: choose another name.",
        )
        .rule("ORG-01")
        .with_errors(vec![crate::error::FieldError::new(
            "/name",
            "DUPLICATE",
            "名称已被使用。",
            "The name is taken.",
        )]);
    }
    error.into()
}
