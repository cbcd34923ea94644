//! One statement over several ordered parts: what no planner does with an OR of conditions, each part does from its own
//! index.

use diesel::{
    QueryResult,
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

use super::paging::Direction;

/// The rows of all parts, each once, in one order: `SELECT * FROM (…) UNION SELECT * FROM (…) ORDER BY 2, 1 LIMIT n`.
/// Each part brings its own order and limit.
#[derive(Debug, Clone)]
pub struct Union<Q> {
    /// The parts; at least one.
    pub parts: Vec<Q>,
    /// Which columns the rows are sorted by, counted from 1.
    pub order: Vec<(usize, Direction)>,
    /// How many rows at most.
    pub limit: i64,
}

impl<Q: Query> Query for Union<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Union<Q> {
    type QueryId = ();
    // The number of parts makes another statement.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, C> RunQueryDsl<C> for Union<Q> {}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Union<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (place, part) in self.parts.iter().enumerate() {
            if place > 0 {
                out.push_sql(" UNION ");
            }
            out.push_sql("SELECT * FROM (");
            part.walk_ast(out.reborrow())?;
            out.push_sql(&format!(") AS part_{place}"));
        }
        for (place, (column, direction)) in self.order.iter().enumerate() {
            out.push_sql(if place == 0 { " ORDER BY " } else { ", " });
            out.push_sql(&column.to_string());
            if *direction == Direction::Down {
                out.push_sql(" DESC");
            }
        }
        out.push_sql(&format!(" LIMIT {}", self.limit));
        Ok(())
    }
}
