//! Keyset paging: a page is what comes after the last row's sort values and id, found by an index range.

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Ascending.
    Up,
    /// Descending.
    Down,
}

/// What page of a list is wanted, sorted by keys `S`; the id is the implicit last key, in the first key's direction.
#[derive(Debug, Clone)]
pub struct PageRequest<S> {
    /// How many rows (1–200).
    pub limit: i64,
    /// The keys, most significant first; never empty.
    pub sort: Vec<(S, Direction)>,
    /// The last seen row's values of those keys, then its id.
    pub after: Option<Vec<String>>,
    /// Whether to count, exactly up to [`COUNT_LIMIT`].
    pub include_total: bool,
}

impl<S> PageRequest<S> {
    /// The direction of the id, the implicit last key.
    pub fn id_direction(&self) -> Direction {
        self.sort
            .first()
            .map_or(Direction::Up, |(_, direction)| *direction)
    }
}

/// Counts are exact up to here.
pub const COUNT_LIMIT: i64 = 10_000;

/// One page of rows.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The last row's sort values and id, if more follow.
    pub next: Option<Vec<String>>,
    /// How many there are in all, if asked: at most [`COUNT_LIMIT`] + 1, which means "more".
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// The same page with its rows turned into views.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(view).collect(),
            next: self.next,
            total: self.total,
        }
    }

    /// The same page with all its rows turned into views at once, so that related records take one query.
    ///
    /// # Errors
    /// The closure's.
    pub fn try_map_all<U, E>(
        self,
        views: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>,
    ) -> Result<Page<U>, E> {
        Ok(Page {
            items: views(self.items)?,
            next: self.next,
            total: self.total,
        })
    }
}

/// A list's sort keys, by their public names.
pub trait SortKey: Copy + PartialEq + Sized + 'static {
    /// The allow-list: public name and key.
    const ALLOWED: &'static [(&'static str, Self)];
    /// What a list is sorted by if nothing is said.
    const DEFAULT: &'static [(Self, Direction)];
}

/// Declares a noun's sort keys over NOT NULL columns and writes its page function:
/// `sortable! { customers, Customer, CustomerSort { UpdatedAt = "updated_at" => updated_at: Timestamp, } default [-UpdatedAt] }`
/// gives `CustomerSort` and `page(conn, request, query: impl Fn() -> BoxedQuery) -> AppResult<Page<Customer>>`.
#[macro_export]
macro_rules! sortable {
    (
        $table:ident, $row:ty, $sort:ident { $($key:ident = $name:literal => $column:ident: $type:ty,)+ } default $default:ident $direction:ident
    ) => {
        /// The keys that this list may be sorted by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $sort { $(#[doc = $name] $key,)+ }

        impl $crate::db::paging::SortKey for $sort {
            const ALLOWED: &'static [(&'static str, Self)] = &[$(($name, Self::$key)),+];
            const DEFAULT: &'static [(Self, $crate::db::paging::Direction)] =
                &[(Self::$default, $crate::db::paging::Direction::$direction)];
        }

        impl $sort {
            fn value_of(self, row: &$row) -> String {
                match self { $(Self::$key => row.$column.to_string(),)+ }
            }
        }

        /// The rows beyond the cursor.
        fn beyond<'q>(
            request: &$crate::db::paging::PageRequest<$sort>,
            mut rows: $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
        ) -> $crate::error::AppResult<$crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>> {
            use diesel::prelude::*;
            use $crate::db::{paging::Direction, schema::$table};

            type Predicate = Box<dyn diesel::BoxableExpression<$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>>;
            let bad = $crate::db::paging::bad_cursor;
            let id_direction = request.id_direction();
            if let Some(after) = &request.after {
                let (id, values) = after.split_last().ok_or_else(bad)?;
                if values.len() != request.sort.len() {
                    return Err(bad());
                }
                let id: $crate::domain::id::kind::AnyId = id.parse().map_err(|_| bad())?;
                let mut beyond: Predicate = match id_direction {
                    Direction::Up => Box::new($table::id.gt(id)),
                    Direction::Down => Box::new($table::id.lt(id)),
                };
                for ((key, direction), value) in request.sort.iter().zip(values).rev() {
                    beyond = match key {
                        $($sort::$key => {
                            let value: $type = value.parse().map_err(|_| bad())?;
                            // col >= v AND (col > v OR beyond): the first half is what lets an index range serve it.
                            match direction {
                                Direction::Up => Box::new($table::$column.ge(value.clone()).and($table::$column.gt(value).or(beyond))),
                                Direction::Down => Box::new($table::$column.le(value.clone()).and($table::$column.lt(value).or(beyond))),
                            }
                        })+
                    };
                }
                rows = rows.filter(beyond);
            }
            Ok(rows)
        }

        /// The rows beyond the cursor, in the request's order.
        fn in_order<'q>(
            request: &$crate::db::paging::PageRequest<$sort>,
            rows: $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
        ) -> $crate::error::AppResult<$crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>> {
            use diesel::prelude::*;
            use $crate::db::{paging::Direction, schema::$table};

            let mut rows = beyond(request, rows)?;
            for (key, direction) in &request.sort {
                rows = match (key, direction) {
                    $(($sort::$key, Direction::Up) => rows.then_order_by($table::$column.asc()),
                      ($sort::$key, Direction::Down) => rows.then_order_by($table::$column.desc()),)+
                };
            }
            Ok(match request.id_direction() {
                Direction::Up => rows.then_order_by($table::id.asc()),
                Direction::Down => rows.then_order_by($table::id.desc()),
            }
            .limit(request.limit + 1))
        }

        /// One page of the rows that `query` gives; it is asked again for the count.
        ///
        /// # Errors
        /// `INVALID_CURSOR`, or a database fault.
        pub fn page<'q>(
            conn: &mut $crate::db::Conn,
            request: &$crate::db::paging::PageRequest<$sort>,
            query: impl Fn() -> $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
        ) -> $crate::error::AppResult<$crate::db::paging::Page<$row>> {
            page_by(conn, request, &[()], |()| query())
        }

        /// One page of the rows that `query` gives for any of these ways, each way in order from its own index; it is
        /// asked again for the count.
        ///
        /// # Errors
        /// `INVALID_CURSOR`, or a database fault.
        pub fn page_by<'q, W: Copy>(
            conn: &mut $crate::db::Conn,
            request: &$crate::db::paging::PageRequest<$sort>,
            ways: &[W],
            query: impl Fn(W) -> $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
        ) -> $crate::error::AppResult<$crate::db::paging::Page<$row>> {
            use diesel::prelude::*;

            let items = if let &[way] = ways {
                in_order(request, query(way))?.select(<$row>::as_select()).load(conn)?
            } else {
                let parts = ways.iter().map(|way| in_order(request, query(*way)));
                of_parts(conn, request, parts.collect::<$crate::error::AppResult<_>>()?)?
            };
            page_of(conn, request, ways, query, items)
        }

        /// One page of the rows that `query` gives for any of these ways, of which each brings at most so many: all are
        /// looked up, then put in order, so that no planner takes the index of the order instead and goes through it until
        /// it has met enough of them.
        ///
        /// # Errors
        /// `INVALID_CURSOR`, or a database fault.
        pub fn page_of_few<'q, W: Copy>(
            conn: &mut $crate::db::Conn,
            request: &$crate::db::paging::PageRequest<$sort>,
            ways: &[W],
            most: usize,
            query: impl Fn(W) -> $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
        ) -> $crate::error::AppResult<$crate::db::paging::Page<$row>> {
            use diesel::prelude::*;

            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let parts = ways.iter().map(|way| Ok(beyond(request, query(*way))?.limit(most)));
            let items = of_parts(conn, request, parts.collect::<$crate::error::AppResult<_>>()?)?;
            page_of(conn, request, ways, query, items)
        }

        /// The first rows of all parts: which, by their sort keys alone; then the rows.
        fn of_parts<'q>(
            conn: &mut $crate::db::Conn,
            request: &$crate::db::paging::PageRequest<$sort>,
            parts: Vec<$crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>>,
        ) -> $crate::error::AppResult<Vec<$row>> {
            use diesel::prelude::*;
            use $crate::{
                db::{schema::$table, union::Union},
                domain::id::kind::AnyId,
            };

            if parts.is_empty() {
                return Ok(Vec::new());
            }
            let parts: Vec<_> = parts.into_iter().map(|part| part.select(($table::id, $($table::$column),+))).collect();
            let columns = [$($sort::$key),+];
            let mut order: Vec<_> = request
                .sort
                .iter()
                // The id is the first column.
                .filter_map(|(key, direction)| Some((columns.iter().position(|c| c == key)? + 2, *direction)))
                .collect();
            order.push((1, request.id_direction()));
            let union = Union { parts, order, limit: request.limit + 1 };
            let keys: Vec<(AnyId, $($type),+)> = union.load(conn)?;
            let ids: Vec<AnyId> = keys.into_iter().map(|key| key.0).collect();
            let mut rows: Vec<$row> = match ids.as_slice() {
                [] => Vec::new(),
                ids => <$row>::query().filter($table::id.eq_any(ids)).load(conn)?,
            };
            rows.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.id.cast()));
            Ok(rows)
        }

        fn page_of<'q, W: Copy>(
            conn: &mut $crate::db::Conn,
            request: &$crate::db::paging::PageRequest<$sort>,
            ways: &[W],
            query: impl Fn(W) -> $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
            mut items: Vec<$row>,
        ) -> $crate::error::AppResult<$crate::db::paging::Page<$row>> {
            use diesel::prelude::*;
            use $crate::{
                db::{paging::COUNT_LIMIT, schema::$table},
                domain::id::kind::AnyId,
            };

            let more = i64::try_from(items.len()).unwrap_or(i64::MAX) > request.limit;
            items.truncate(usize::try_from(request.limit).unwrap_or(0));
            let next = items.last().filter(|_| more).map(|last| {
                request.sort.iter().map(|(key, _)| key.value_of(last)).chain([last.id.to_string()]).collect()
            });
            let mut total = None;
            if request.include_total {
                let mut counted = std::collections::HashSet::<AnyId>::new();
                for way in ways {
                    counted.extend(query(*way).limit(COUNT_LIMIT + 1).select($table::id).load::<AnyId>(conn)?);
                    if i64::try_from(counted.len()).unwrap_or(i64::MAX) > COUNT_LIMIT {
                        break;
                    }
                }
                total = Some(i64::try_from(counted.len()).unwrap_or(i64::MAX).min(COUNT_LIMIT + 1));
            }
            Ok($crate::db::paging::Page { items, next, total })
        }
    };
}

/// Narrows a list to what every noun of a sale can be narrowed to: `narrowed!(query, customers, narrow)` reads `owner`,
/// `unit`, `states`, `updated_from` and `updated_before` of `narrow`. A noun without a unit names the others:
/// `narrowed!(query, quotes, narrow, without unit)`.
#[macro_export]
macro_rules! narrowed {
    ($query:ident, $table:ident, $narrow:ident) => {
        if let Some(unit) = $narrow.unit {
            $query = $query.filter($table::unit_id.eq(unit));
        }
        $crate::narrowed!($query, $table, $narrow, without unit);
    };
    ($query:ident, $table:ident, $narrow:ident, without unit) => {
        if let Some(owner) = $narrow.owner {
            $query = $query.filter($table::owner_id.eq(owner));
        }
        if !$narrow.states.is_empty() {
            $query = $query.filter($table::state.eq_any($narrow.states.clone()));
        }
        if let Some(from) = $narrow.updated_from {
            $query = $query.filter($table::updated_at.ge(from));
        }
        if let Some(before) = $narrow.updated_before {
            $query = $query.filter($table::updated_at.lt(before));
        }
    };
}

/// 400: a cursor that does not fit the query.
pub fn bad_cursor() -> crate::error::AppError {
    crate::error::AppError::new(
        crate::error::Code::InvalidCursor,
        "游标不属于此查询，请从第一页重新开始。",
        "The cursor does not belong to this query: start again from the first page.",
    )
}
