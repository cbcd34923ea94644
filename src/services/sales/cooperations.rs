//! Who pursues what together by a ruling, and how the credit is split (CONF-04, CONF-07): for statistics.

use std::collections::{HashMap, HashSet};

use crate::{
    api::sales::cooperation::{CooperationFilter, CooperationView},
    context::Ctx,
    db::{Conn, paging::Page},
    domain::id::kind::CustomerId,
    error::AppResult,
    http::Listed,
    repositories::{
        customers::customers,
        org::names,
        sales::cooperation::{self, Narrow},
    },
};

pub use crate::repositories::sales::cooperation::CooperationSort;

/// One page of the splits that are the caller's, or of customers that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<CooperationFilter, CooperationSort>,
) -> AppResult<Page<CooperationView>> {
    let filter = query.filter.clone();
    let narrow = Narrow {
        customer: filter.customer_id,
        opportunity: filter.opportunity_id,
        user: filter.user_id,
        case: filter.conflict_case_id,
        current: filter.current,
        from: filter.since_gte,
        before: filter.since_lt,
    };
    cooperation::list(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| {
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
        let named: HashMap<_, _> = customers::names(conn, &ids)?.into_iter().collect();
        let seen: HashSet<_> = customers::visible_of(conn, ctx, &ids)?
            .into_iter()
            .collect();
        let people = names::people(conn, rows.iter().map(|row| row.user_id))?;
        Ok(rows
            .into_iter()
            .map(|row| CooperationView {
                id: row.id,
                conflict_case_id: row.case_id,
                customer_id: Some(row.customer_id).filter(|id| seen.contains(id)),
                customer_name: named.get(&row.customer_id).cloned().unwrap_or_default(),
                opportunity_id: row.opportunity_id,
                user_id: row.user_id,
                user_name: people.name(row.user_id),
                department: people.department(row.user_id),
                share: row.share,
                since: row.since,
                ended_at: row.ended_at,
            })
            .collect())
    })
}
