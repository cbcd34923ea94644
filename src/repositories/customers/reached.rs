//! Lists of what belongs to customers, in an order of their own: rows come in that order from an index, and the access
//! filter of customers says of each batch which customers the actor may see.

use std::collections::HashSet;

use super::customers as rows;
use crate::{context::Ctx, db::Conn, domain::id::kind::CustomerId, error::AppResult};

/// How many rows are asked for at once.
pub const BATCH: i64 = 500;

/// Up to `wanted` rows of customers that the actor may see: `fetch` gives the next [`BATCH`] after a row.
///
/// # Errors
/// Those of `fetch`, or a database fault.
pub fn fill<R: Clone>(
    conn: &mut Conn,
    ctx: &Ctx,
    wanted: i64,
    customer: impl Fn(&R) -> CustomerId,
    mut fetch: impl FnMut(&mut Conn, Option<&R>) -> AppResult<Vec<R>>,
) -> AppResult<Vec<R>> {
    let count = |rows: &[R]| i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let mut found: Vec<R> = Vec::new();
    let mut last: Option<R> = None;
    loop {
        let batch = fetch(conn, last.as_ref())?;
        let size = count(&batch);
        last = batch.last().cloned();
        let asked: HashSet<CustomerId> = batch.iter().map(&customer).collect();
        let asked: Vec<CustomerId> = asked.into_iter().collect();
        let visible: HashSet<CustomerId> =
            rows::visible_of(conn, ctx, &asked)?.into_iter().collect();
        found.extend(
            batch
                .into_iter()
                .filter(|row| visible.contains(&customer(row))),
        );
        if size < BATCH || count(&found) >= wanted {
            found.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
            return Ok(found);
        }
    }
}

/// The customers among which a list looks, for whoever's role does not reach the whole company: what the access filter
/// may let through, found by their indexes. `diesel` cannot nest the filter itself, which is boxed; it decides later. Each
/// part is a look-up in a table, if only of nothing: SQLite reads all customers for an "or" with a part that no index serves.
#[macro_export]
macro_rules! customers_within {
    ($reach:expr) => {{
        use diesel::prelude::*;
        use $crate::{
            db::schema::{customers, reporting_closure, shares, unit_closure, units, users},
            domain::vocabulary::SubjectKind,
        };
        let reach: &$crate::repositories::governance::access::Reach = $reach;
        let below = reporting_closure::table
            .filter(reporting_closure::superior_id.eq(reach.actor))
            .filter(reporting_closure::depth.between(1, reach.steps_down))
            .select(reporting_closure::subordinate_id);
        let covered = unit_closure::table
            .filter(unit_closure::ancestor_id.eq_any(reach.subtrees_and_rules()))
            .select(unit_closure::descendant_id);
        let alone = units::table
            .filter(units::id.eq_any(reach.units.clone()))
            .select(units::id);
        let in_place_of = users::table
            .filter(users::id.eq_any(reach.in_place_of.clone()))
            .select(users::id);
        let shared = shares::table
            .filter(shares::user_id.eq_any(reach.shared_with.clone()))
            .filter(shares::subject_kind.eq(SubjectKind::Customer))
            .select(shares::subject_id);
        customers::table
            .filter(
                customers::owner_id
                    .eq(reach.actor)
                    .or(customers::owner_id.eq_any(below))
                    .or(customers::owner_id.eq_any(in_place_of))
                    .or(customers::unit_id.eq_any(alone))
                    .or(customers::unit_id.eq_any(covered))
                    .or(customers::id.eq_any(shared)),
            )
            .select(customers::id)
    }};
}
