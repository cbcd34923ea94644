//! The one access filter: which rows an actor may read or write (ORG-04, ORG-09, ORG-10, ORG-11, ORG-26, ORG-29,
//! ORG-30, DUP-11, SEC-05, SEC-06). Used by every get, list and command; nothing else decides who sees what. Its law is `policy::governance::access`; a test compares the two.

use crate::{
    context::{Ctx, SharingReach},
    domain::{
        id::kind::{UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, Scope, ShareLevel},
    },
};

/// What one wants to do with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// See it.
    Read,
    /// Change it, or run a command on it.
    Write,
}

/// How far an actor reaches: what the filter is compiled from.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The actor.
    pub actor: UserId,
    /// The highest security level that the actor may see.
    pub clearance: i32,
    /// Whether a role covers the whole company.
    pub everything: bool,
    /// Units covered with all below.
    pub subtrees: Vec<UnitId>,
    /// Units covered alone.
    pub units: Vec<UnitId>,
    /// How many steps down the reporting line: 1 for direct subordinates only (ORG-10).
    pub steps_down: i32,
    /// The actor and those the actor stands in for: what waits for them for approval may be read.
    pub approves_for: Vec<UserId>,
    /// Shares that ended before this do not count.
    pub now: Timestamp,
    /// What the reach is for.
    pub verb: Verb,
    /// With whom a share reaches the actor: the actor, and the account of the actor's unit.
    pub shared_with: Vec<UserId>,
    /// Whose records are the actor's to work on, or to see, without being the actor's own: absent colleagues for whom
    /// the actor stands in (DUP-17), and, to read, the shared column of the actor's group (DUP-15).
    pub in_place_of: Vec<UserId>,
    /// What automatic sharing rules open (DUP-14).
    pub rules: Vec<SharingReach>,
}

impl Reach {
    /// The actor's reach for a verb: roles with `READ_SALES` or `WRITE_SALES`.
    pub fn of(ctx: &Ctx, verb: Verb) -> Self {
        let capability = match verb {
            Verb::Read => Capability::ReadSales,
            Verb::Write => Capability::WriteSales,
        };
        let ties = &ctx.actor.ties;
        let column = ties.unit_account.filter(|_| verb == Verb::Read);
        Self {
            in_place_of: ties.works_for.iter().copied().chain(column).collect(),
            rules: ties
                .rules
                .iter()
                .filter(|rule| verb == Verb::Read || rule.level == ShareLevel::Write)
                .cloned()
                .collect(),
            ..Self::by(ctx, verb, capability)
        }
    }

    /// Whether a row is the actor's own, or within a role that covers the company: told by the row alone. Of other rows
    /// the database says whether they are within reach.
    pub fn plainly(&self, owner: UserId, security_level: i32) -> bool {
        owner == self.actor || (self.everything && security_level <= self.clearance)
    }

    /// The units below which there may be rows within this reach: those that roles cover, and those of sharing rules.
    pub fn subtrees_and_rules(&self) -> Vec<UnitId> {
        let ruled = self.rules.iter().map(|rule| rule.unit_id);
        self.subtrees.iter().copied().chain(ruled).collect()
    }

    /// The actor's reach by another capability.
    pub fn by(ctx: &Ctx, verb: Verb, capability: Capability) -> Self {
        let grants = || {
            ctx.actor
                .grants
                .iter()
                .filter(move |grant| grant.capability == capability)
        };
        let within = |scope: Scope| {
            grants()
                .filter(|grant| grant.scope == scope)
                .map(|grant| grant.unit_id)
                .collect()
        };
        Self {
            actor: ctx.actor.id,
            clearance: ctx.actor.clearance,
            everything: grants().any(|grant| grant.scope == Scope::Company),
            subtrees: within(Scope::Subtree),
            units: within(Scope::Unit),
            steps_down: if verb == Verb::Read { i32::MAX } else { 1 },
            approves_for: ctx
                .actor
                .stands_in_for
                .iter()
                .copied()
                .chain([ctx.actor.id])
                .collect(),
            now: ctx.now,
            verb,
            shared_with: ctx
                .actor
                .ties
                .unit_account
                .into_iter()
                .chain([ctx.actor.id])
                .collect(),
            in_place_of: Vec::new(),
            rules: Vec::new(),
        }
    }
}

/// Writes `within(reach)` over a noun's `id`, `owner_id`, `unit_id` and `security_level`: what ownership, the reporting
/// line, roles and shares give. Only for nouns whose rows are seen for further reasons than [`access_filter!`] knows.
#[macro_export]
macro_rules! access_scope {
    ($table:ident, $kind:expr $(, via: $via:ident)?) => {
        /// The rows that ownership, the reporting line, roles and shares bring within a reach.
        pub fn within(
            reach: &$crate::repositories::governance::access::Reach,
        ) -> Box<dyn diesel::BoxableExpression<$crate::db::schema::$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>> {
            use diesel::prelude::*;
            use $crate::db::schema::{$table, reporting_closure, shares, unit_closure};
            use $crate::domain::vocabulary::{ShareLevel, SubjectKind};
            use $crate::repositories::governance::access::Verb;

            type Predicate = Box<dyn diesel::BoxableExpression<$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>>;
            let kind: SubjectKind = $kind;
            // Any share lets read. Said so that SQLite need not prepare a list of values anew each time.
            let any_level = reach.verb == Verb::Read;
            let below = reporting_closure::table
                .filter(reporting_closure::superior_id.eq(reach.actor))
                .filter(reporting_closure::depth.between(1, reach.steps_down))
                .select(reporting_closure::subordinate_id);
            let shared = shares::table
                .filter(shares::subject_kind.eq(kind))
                .filter(shares::level.eq(ShareLevel::Write).or(any_level.into_sql::<diesel::sql_types::Bool>()))
                .filter(shares::expires_at.gt(reach.now))
                .select(shares::subject_id);
            let mut granted: Predicate = match reach.shared_with.as_slice() {
                [one] => Box::new($table::id.eq_any(shared.filter(shares::user_id.eq(*one)))),
                many => Box::new($table::id.eq_any(shared.filter(shares::user_id.eq_any(many.to_vec())))),
            };
            if !reach.in_place_of.is_empty() {
                granted = Box::new($table::owner_id.eq_any(reach.in_place_of.clone()).or(granted));
            }
            if reach.everything {
                granted = Box::new($table::id.is_not_null());
            }
            if !reach.units.is_empty() {
                granted = Box::new($table::unit_id.eq_any(reach.units.clone()).or(granted));
            }
            if !reach.subtrees.is_empty() {
                let covered = unit_closure::table
                    .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
                    .select(unit_closure::descendant_id);
                granted = Box::new($table::unit_id.eq_any(covered).or(granted));
            }
            $({
                let through = shares::table
                    .filter(shares::user_id.eq_any(reach.shared_with.clone()))
                    .filter(shares::subject_kind.eq(SubjectKind::Customer))
                    .filter(shares::level.eq(ShareLevel::Write).or(any_level.into_sql::<diesel::sql_types::Bool>()))
                    .filter(shares::expires_at.gt(reach.now))
                    .select(shares::subject_id);
                granted = Box::new($table::$via.eq_any(through).or(granted));
                for rule in &reach.rules {
                    granted = Box::new($crate::of_customers!($table.$via, $crate::covered_by_rule!(rule)).or(granted));
                }
            })?
            // The security level limits what roles and shares give, not ownership and reporting lines (ORG-26).
            let granted: Predicate = Box::new($table::security_level.le(reach.clearance).and(granted));
            Box::new($table::owner_id.eq(reach.actor).or($table::owner_id.eq_any(below)).or(granted))
        }
    };
}

/// Writes `brought_by(way, reach)` over the same columns: the rows that one way alone brings, as an index serves them.
#[macro_export]
macro_rules! access_ways {
    ($table:ident, $kind:expr $(, via: $via:ident)? $(, also: [$($also:expr),+])?) => {
        /// The ways in which rows of this noun come within a reach.
        ///
        /// # Errors
        /// A database fault.
        pub fn ways(
            conn: &mut $crate::db::Conn,
            reach: &$crate::repositories::governance::access::Reach,
        ) -> $crate::error::AppResult<Vec<$crate::repositories::governance::ways::Way>> {
            use $crate::repositories::governance::{access::Verb, ways::{self, Further}};
            let also: &[&str] = &[$($(stringify!($also)),+)?];
            let through: &[&str] = &[$(stringify!($via))?];
            ways::of(conn, reach, Further {
                through: !through.is_empty(),
                also: also.len(),
                waiting: reach.verb == Verb::Read,
            })
        }

        /// The rows that one way brings within a reach.
        pub fn brought_by(
            way: $crate::repositories::governance::ways::Way,
            reach: &$crate::repositories::governance::access::Reach,
        ) -> Box<dyn diesel::BoxableExpression<$crate::db::schema::$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>> {
            brought(way, reach, false)
        }

        /// The same; an owner or a unit said as a range or not, for `led_by`.
        fn brought(
            way: $crate::repositories::governance::ways::Way,
            reach: &$crate::repositories::governance::access::Reach,
            ranged: bool,
        ) -> Box<dyn diesel::BoxableExpression<$crate::db::schema::$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>> {
            use diesel::prelude::*;
            use $crate::db::schema::{$table, approval_holders, approvals, reporting_closure, shares};
            use $crate::domain::vocabulary::{ShareLevel, SubjectKind};
            use $crate::repositories::governance::{access::Verb, ways::Way};

            type Predicate = Box<dyn diesel::BoxableExpression<$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>>;
            let kind: SubjectKind = $kind;
            // Any share lets read. Said so that SQLite need not prepare a list of values anew each time.
            let any_level = reach.verb == Verb::Read;
            let shared = |kind: SubjectKind| shares::table
                .filter(shares::subject_kind.eq(kind))
                .filter(shares::level.eq(ShareLevel::Write).or(any_level.into_sql::<diesel::sql_types::Bool>()))
                .filter(shares::expires_at.gt(reach.now))
                .select(shares::subject_id);
            let with = reach.shared_with.as_slice();
            let cleared = $table::security_level.le(reach.clearance);
            let of_owner = |owner| -> Predicate {
                if ranged { Box::new($table::owner_id.between(owner, owner)) } else { Box::new($table::owner_id.eq(owner)) }
            };
            let of_unit = |unit| -> Predicate {
                if ranged { Box::new($table::unit_id.between(unit, unit)) } else { Box::new($table::unit_id.eq(unit)) }
            };
            match way {
                Way::Owner(owner) => of_owner(owner),
                Way::Unit(unit) => Box::new(of_unit(unit).and(cleared)),
                Way::Company => Box::new(cleared),
                Way::AboveClearance => {
                    let below = reporting_closure::table
                        .filter(reporting_closure::superior_id.eq(reach.actor))
                        .filter(reporting_closure::depth.between(0, reach.steps_down))
                        .select(reporting_closure::subordinate_id);
                    // Said twice so that an index of what is classified at all serves it.
                    let classified = $table::security_level.gt($crate::db::constant::<diesel::sql_types::Integer>("0"));
                    Box::new($table::security_level.gt(reach.clearance).and(classified).and($table::owner_id.eq_any(below)))
                }
                Way::InPlaceOf(owner) => Box::new(of_owner(owner).and(cleared)),
                // SQLite prepares a list of values anew each time.
                Way::Shared => match with {
                    [one] => Box::new($table::id.eq_any(shared(kind).filter(shares::user_id.eq(*one))).and(cleared)),
                    many => Box::new($table::id.eq_any(shared(kind).filter(shares::user_id.eq_any(many.to_vec()))).and(cleared)),
                },
                Way::SharedThrough => {
                    let through: Vec<Predicate> = vec![$(Box::new(
                        $table::$via.eq_any(shared(SubjectKind::Customer).filter(shares::user_id.eq_any(with.to_vec()))).and(cleared)
                    ))?];
                    through.into_iter().next().unwrap_or_else(|| Box::new($table::id.is_null()))
                }
                Way::RuledThrough => {
                    let mut ruled: Predicate = Box::new($table::id.is_null());
                    for _rule in &reach.rules {
                        $(ruled = Box::new($crate::of_customers!($table.$via, $crate::covered_by_rule!(_rule)).and(cleared).or(ruled));)?
                        ruled = Box::new(ruled);
                    }
                    ruled
                }
                Way::Also(place) => {
                    let also: Vec<Predicate> = vec![$($(Box::new(($also)(reach).and(cleared))),+)?];
                    also.into_iter().nth(place).unwrap_or_else(|| Box::new($table::id.is_null()))
                }
                Way::Waiting => {
                    let waiting = approvals::table
                        .inner_join(approval_holders::table.on(approval_holders::approval_id.eq(approvals::id)))
                        .filter(approvals::subject_kind.eq(kind))
                        .filter(approval_holders::waiting.eq(true))
                        .select(approvals::subject_id);
                    match reach.approves_for.as_slice() {
                        [one] => Box::new($table::id.eq_any(waiting.filter(approval_holders::user_id.eq(*one)))),
                        many => Box::new($table::id.eq_any(waiting.filter(approval_holders::user_id.eq_any(many.to_vec())))),
                    }
                }
                Way::Any => visible(reach),
            }
        }
    };
}

/// Writes a noun's filter over its `id`, `owner_id`, `unit_id` and `security_level`, and its guarded look-ups:
/// `access_filter! { customers, Customer, SubjectKind::Customer, live: Some(predicate) | none, via: customer_id | none,
/// also: [functions of the reach] | none }`; `also` gives rows that the noun itself opens to the actor, within the clearance.
///
/// Gives `visible(reach)`, `find(conn, ctx, id)` (404 unless readable), `find_for_write(conn, ctx, id)` (404 unless
/// readable, 403 unless writable) and `may_write(conn, ctx, id)`.
#[macro_export]
macro_rules! access_filter {
    ($table:ident, $row:ty, $id:ty, $kind:expr $(, live: $live:expr)? $(, via: $via:ident)? $(, also: [$($also:expr),+])?) => {
        $crate::access_scope! { $table, $kind $(, via: $via)? }
        $crate::access_ways! { $table, $kind $(, via: $via)? $(, also: [$($also),+])? }

        /// Of these rows the ones that one way brings, without those that are no longer there; `led` as `ways::led` gives it.
        ///
        /// It keeps PostgreSQL to the index of an owner or a unit where that is in the page's order. It takes their rows to
        /// lie evenly among all, and would rather read the whole table by time until it has met enough: after an import
        /// that is most of it. What is a range, led by its own column in the order, no other index serves.
        pub fn led_by<'q>(
            rows: $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend>,
            way: $crate::repositories::governance::ways::Way,
            reach: &$crate::repositories::governance::access::Reach,
            led: Option<$crate::db::paging::Direction>,
        ) -> $crate::db::schema::$table::BoxedQuery<'q, $crate::db::MultiBackend> {
            use diesel::prelude::*;
            use $crate::{db::{paging::Direction, schema::$table}, repositories::governance::ways::Way};

            let brought = brought(way, reach, led.is_some());
            $(let brought = Box::new(($live).and(brought));)?
            let rows = rows.filter(brought);
            match (way, led) {
                (Way::Owner(_) | Way::InPlaceOf(_), Some(Direction::Up)) => rows.order($table::owner_id.asc()),
                (Way::Owner(_) | Way::InPlaceOf(_), Some(Direction::Down)) => rows.order($table::owner_id.desc()),
                (Way::Unit(_), Some(Direction::Up)) => rows.order($table::unit_id.asc()),
                (Way::Unit(_), Some(Direction::Down)) => rows.order($table::unit_id.desc()),
                _ => rows,
            }
        }

        /// The rows that the actor reaches.
        pub fn visible(
            reach: &$crate::repositories::governance::access::Reach,
        ) -> Box<dyn diesel::BoxableExpression<$crate::db::schema::$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>> {
            use diesel::prelude::*;
            use $crate::db::schema::$table;
            use $crate::repositories::governance::access::Verb;

            type Predicate = Box<dyn diesel::BoxableExpression<$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>>;
            let mut visible: Predicate = within(reach);
            $($(visible = Box::new($table::security_level.le(reach.clearance).and(($also)(reach)).or(visible));)+)?
            if reach.verb == Verb::Read {
                visible = Box::new(brought_by($crate::repositories::governance::ways::Way::Waiting, reach).or(visible));
            }
            $(let visible: Predicate = Box::new(($live).and(visible));)?
            visible
        }

        /// A row that the actor may see.
        ///
        /// # Errors
        /// 404.
        pub fn find(conn: &mut $crate::db::Conn, ctx: &$crate::context::Ctx, id: $id) -> $crate::error::AppResult<$row> {
            use diesel::prelude::*;
            use $crate::{db::schema::$table, repositories::governance::access::Verb};
            let query = $table::table.filter($table::id.eq(id))$(.filter($live))?;
            let found = $crate::on_each!(conn, c => query.select(<$row>::as_select()).first(c).optional())?;
            match found {
                Some(row) if reaches(conn, ctx, Verb::Read, &row)? => Ok(row),
                _ => Err($crate::error::AppError::not_found()),
            }
        }

        /// Whether the actor reaches a row that is there.
        ///
        /// # Errors
        /// A database fault.
        pub fn reaches(
            conn: &mut $crate::db::Conn,
            ctx: &$crate::context::Ctx,
            verb: $crate::repositories::governance::access::Verb,
            row: &$row,
        ) -> $crate::error::AppResult<bool> {
            let reach = $crate::repositories::governance::access::Reach::of(ctx, verb);
            Ok(reach.plainly(row.owner_id, row.security_level) || is_visible(conn, &reach, row.id)?)
        }

        fn is_visible(
            conn: &mut $crate::db::Conn,
            reach: &$crate::repositories::governance::access::Reach,
            id: $id,
        ) -> $crate::error::AppResult<bool> {
            use diesel::prelude::*;
            use $crate::{db::{Keep as _, schema::$table}};
            let found: Option<$id> = $table::table
                .filter($table::id.eq(id))
                .filter(visible(reach))
                .select($table::id)
                .kept()
                .load(conn)?
                .into_iter()
                .next();
            Ok(found.is_some())
        }

        /// Whether the actor may change a row.
        ///
        /// # Errors
        /// A database fault.
        pub fn may_write(conn: &mut $crate::db::Conn, ctx: &$crate::context::Ctx, id: $id) -> $crate::error::AppResult<bool> {
            use $crate::repositories::governance::access::{Reach, Verb};
            is_visible(conn, &Reach::of(ctx, Verb::Write), id)
        }

        /// A row that the actor may change.
        ///
        /// # Errors
        /// 404 unless the actor sees it, 403 unless the actor may change it (ORG-10).
        pub fn find_for_write(conn: &mut $crate::db::Conn, ctx: &$crate::context::Ctx, id: $id) -> $crate::error::AppResult<$row> {
            let row = find(conn, ctx, id)?;
            if reaches(conn, ctx, $crate::repositories::governance::access::Verb::Write, &row)? {
                ctx.works_on(row.owner_id);
                Ok(row)
            } else { Err($crate::repositories::governance::access::read_only()) }
        }
    };
}

/// The customers that an automatic sharing rule covers (DUP-14): one look-up by the customer's own columns.
#[macro_export]
macro_rules! covered_by_rule {
    ($rule:expr) => {{
        use $crate::db::schema::{customers, unit_closure};
        let within = unit_closure::table
            .filter(unit_closure::ancestor_id.eq($rule.unit_id))
            .select(unit_closure::descendant_id);
        customers::unit_id
            .eq_any(within)
            .and(customers::kind.eq_any($rule.kinds.clone()))
            .and(customers::line.eq_any($rule.lines.clone()))
            .and(customers::condition.eq_any($rule.conditions.clone()))
    }};
}

/// The customers of the actor and of those below: whoever owns a customer, or leads its owner, reads what was closed with
/// it before, by whomever (DUP-18). Found by the index of owners.
#[macro_export]
macro_rules! ones_own {
    ($reach:expr) => {{
        use $crate::db::schema::{customers, reporting_closure};
        let led = reporting_closure::table
            .filter(reporting_closure::superior_id.eq($reach.actor))
            .select(reporting_closure::subordinate_id);
        customers::table
            .filter(
                customers::owner_id
                    .eq($reach.actor)
                    .or(customers::owner_id.eq_any(led)),
            )
            .select(customers::id)
    }};
}

/// A related record whose customer fulfils a condition: one look-up by the customer's key for each row.
#[macro_export]
macro_rules! of_customers {
    ($table:ident.$via:ident, $condition:expr) => {{
        use $crate::db::schema::customers;
        diesel::dsl::exists(
            customers::table
                .filter(customers::id.nullable().eq($table::$via.nullable()))
                .filter($condition),
        )
    }};
}

/// The same law for reading rows that are seen through a customer: `seen_through_customer!(table.column, reach)` is the
/// condition that the customer of that column is within the reach. It asks for that customer alone, by its key, so that a
/// list of few rows does not look through all customers. Every part is always there, if only with nothing in it: a part
/// of a condition inside another query has one type.
#[macro_export]
macro_rules! seen_through_customer {
    ($table:ident.$column:ident, $reach:expr) => {{
        use diesel::{dsl::exists, prelude::*, sql_types::Bool};
        use $crate::db::schema::{
            approval_holders, approvals, customers, reporting_closure, shares, unit_closure,
        };
        use $crate::domain::vocabulary::SubjectKind;

        let reach: &$crate::repositories::governance::access::Reach = $reach;
        let below = reporting_closure::table
            .filter(reporting_closure::superior_id.eq(reach.actor))
            .filter(reporting_closure::depth.between(1, reach.steps_down))
            .select(reporting_closure::subordinate_id);
        let shared = shares::table
            .filter(shares::user_id.eq_any(reach.shared_with.clone()))
            .filter(shares::subject_kind.eq(SubjectKind::Customer))
            .filter(shares::expires_at.gt(reach.now))
            .select(shares::subject_id);
        let covered = unit_closure::table
            .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
            .select(unit_closure::descendant_id);
        let waiting = approvals::table
            .inner_join(approval_holders::table.on(approval_holders::approval_id.eq(approvals::id)))
            .filter(approvals::subject_kind.eq(SubjectKind::Customer))
            .filter(approval_holders::user_id.eq_any(reach.approves_for.clone()))
            .filter(approval_holders::waiting.eq(true))
            .select(approvals::subject_id);
        let granted = customers::security_level.le(reach.clearance).and(
            reach
                .everything
                .into_sql::<Bool>()
                .or(customers::unit_id.eq_any(reach.units.clone()))
                .or(customers::unit_id.eq_any(covered))
                .or(customers::owner_id.eq_any(reach.in_place_of.clone()))
                .or(customers::id.eq_any(shared)),
        );
        exists(
            customers::table
                .filter(customers::id.eq($table::$column))
                .filter(customers::deleted_at.is_null())
                .filter(
                    customers::owner_id
                        .eq(reach.actor)
                        .or(customers::owner_id.eq_any(below))
                        .or(granted)
                        .or(customers::id.eq_any(waiting)),
                ),
        )
    }};
}

/// 403: visible, but not to be changed.
pub fn read_only() -> crate::error::AppError {
    crate::error::AppError::forbidden(
        "您可以查看此记录，但不能修改（间接上司、只读共享或查询权限）。",
        "You may see this record but not change it (indirect superior, read-only share or query right).",
    )
    .rule("ORG-10")
}

/// Whether the actor holds a capability over a unit: company-wide, over a unit above it, or over it alone.
///
/// # Errors
/// A database fault.
pub fn covers(
    conn: &mut crate::db::Conn,
    ctx: &Ctx,
    capability: Capability,
    unit: UnitId,
) -> crate::error::AppResult<bool> {
    use crate::db::schema::unit_closure;
    use diesel::prelude::*;

    let reach = Reach::by(ctx, Verb::Read, capability);
    if reach.everything || reach.units.contains(&unit) {
        return Ok(true);
    }
    if reach.subtrees.is_empty() {
        return Ok(false);
    }
    let found: Option<UnitId> = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees))
        .filter(unit_closure::descendant_id.eq(unit))
        .select(unit_closure::descendant_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
