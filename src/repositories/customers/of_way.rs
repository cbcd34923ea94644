//! The customers that one way brings within a reach, as its index gives them.

use diesel::prelude::*;

use super::customers::{CustomerSort, live_by};
use crate::{
    db::{
        MultiBackend,
        paging::{Direction, PageRequest},
        schema::customers,
    },
    repositories::governance::{access::Reach, ways::Way},
};

type Rows<'q> = customers::BoxedQuery<'q, MultiBackend>;

/// Keeps PostgreSQL to the index of an owner or a unit where that is in the page's order. It takes their rows to lie evenly
/// among all, and would rather read the whole registry by time until it has met enough: after an import that is most of
/// it. What is a range, led by its own column in the order, no other index serves.
pub fn led<'q>(
    rows: Rows<'q>,
    way: Way,
    reach: &Reach,
    request: &PageRequest<CustomerSort>,
) -> Rows<'q> {
    let Some((CustomerSort::UpdatedAt, direction)) = request.sort.first() else {
        return rows.filter(live_by(way, reach));
    };
    let up = *direction == Direction::Up;
    let there = customers::deleted_at.is_null();
    let cleared = customers::security_level.le(reach.clearance);
    match way {
        Way::Owner(owner) | Way::InPlaceOf(owner) => {
            let rows = rows.filter(there.and(customers::owner_id.between(owner, owner)));
            let rows = match way {
                Way::InPlaceOf(_) => rows.filter(cleared),
                _ => rows,
            };
            if up {
                rows.order(customers::owner_id.asc())
            } else {
                rows.order(customers::owner_id.desc())
            }
        }
        Way::Unit(unit) => {
            let rows = rows.filter(
                there
                    .and(customers::unit_id.between(unit, unit))
                    .and(cleared),
            );
            if up {
                rows.order(customers::unit_id.asc())
            } else {
                rows.order(customers::unit_id.desc())
            }
        }
        _ => rows.filter(live_by(way, reach)),
    }
}
