//! Partner units (joint ventures and agents), and when they last maintained their customers (QUO-12, CUS-51).

use diesel::{dsl::max, prelude::*};

use crate::{
    db::{
        Conn,
        schema::{customers, unit_closure, units},
    },
    domain::{id::kind::UnitId, timestamp::Timestamp, vocabulary::UnitKind},
    error::AppResult,
};

/// The nearest unit, at or above this one, that is a partner.
///
/// # Errors
/// A database fault.
pub fn nearest(conn: &mut Conn, unit: UnitId) -> AppResult<Option<(UnitId, UnitKind)>> {
    Ok(unit_closure::table
        .inner_join(units::table.on(units::id.eq(unit_closure::ancestor_id)))
        .filter(unit_closure::descendant_id.eq(unit))
        .filter(units::kind.eq_any([UnitKind::JointVenture, UnitKind::AgentPartner]))
        .order(unit_closure::depth)
        .select((units::id, units::kind))
        .first(conn)
        .optional()?)
}

/// When a customer of the unit, or of one below, was last changed or contacted.
///
/// # Errors
/// A database fault.
pub fn last_maintained_at(conn: &mut Conn, unit: UnitId) -> AppResult<Option<Timestamp>> {
    let below = unit_closure::table
        .filter(unit_closure::ancestor_id.eq(unit))
        .select(unit_closure::descendant_id);
    let (changed, contacted): (Option<Timestamp>, Option<Timestamp>) = customers::table
        .filter(customers::unit_id.eq_any(below))
        .filter(customers::deleted_at.is_null())
        .select((max(customers::updated_at), max(customers::last_contact_at)))
        .first(conn)?;
    Ok(changed.max(contacted))
}
