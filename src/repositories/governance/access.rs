//! The one access filter: which rows an actor may read or write. Used by every get, list and command; nothing else
//! decides who sees what. Its law is `policy::governance::access`; a test compares the two.

use crate::{
    context::Ctx,
    domain::{
        id::kind::{UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, Scope},
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
}

impl Reach {
    /// The actor's reach for a verb: roles with `READ_SALES` or `WRITE_SALES`.
    pub fn of(ctx: &Ctx, verb: Verb) -> Self {
        let capability = match verb {
            Verb::Read => Capability::ReadSales,
            Verb::Write => Capability::WriteSales,
        };
        Self::by(ctx, verb, capability)
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
            let levels: &[ShareLevel] = match reach.verb {
                Verb::Read => &[ShareLevel::Read, ShareLevel::Write],
                Verb::Write => &[ShareLevel::Write],
            };
            let below = reporting_closure::table
                .filter(reporting_closure::superior_id.eq(reach.actor))
                .filter(reporting_closure::depth.between(1, reach.steps_down))
                .select(reporting_closure::subordinate_id);
            let shared = shares::table
                .filter(shares::user_id.eq(reach.actor))
                .filter(shares::subject_kind.eq(kind))
                .filter(shares::level.eq_any(levels.to_vec()))
                .filter(shares::expires_at.gt(reach.now))
                .select(shares::subject_id);
            let mut granted: Predicate = Box::new($table::id.eq_any(shared));
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
                    .filter(shares::user_id.eq(reach.actor))
                    .filter(shares::subject_kind.eq(SubjectKind::Customer))
                    .filter(shares::level.eq_any(levels.to_vec()))
                    .filter(shares::expires_at.gt(reach.now))
                    .select(shares::subject_id);
                granted = Box::new($table::$via.eq_any(through).or(granted));
            })?
            // The security level limits what roles and shares give, not ownership and reporting lines (ORG-26).
            let granted: Predicate = Box::new($table::security_level.le(reach.clearance).and(granted));
            Box::new($table::owner_id.eq(reach.actor).or($table::owner_id.eq_any(below)).or(granted))
        }
    };
}

/// Writes a noun's filter over its `id`, `owner_id`, `unit_id` and `security_level`, and its guarded look-ups:
/// `access_filter! { customers, Customer, SubjectKind::Customer, live: Some(predicate) | none, via: customer_id | none,
/// also: function of the reach | none }`; `also` gives rows that the noun itself opens to the actor, within the clearance.
///
/// Gives `visible(reach)`, `find(conn, ctx, id)` (404 unless readable), `find_for_write(conn, ctx, id)` (404 unless
/// readable, 403 unless writable) and `may_write(conn, ctx, id)`.
#[macro_export]
macro_rules! access_filter {
    ($table:ident, $row:ty, $id:ty, $kind:expr $(, live: $live:expr)? $(, via: $via:ident)? $(, also: $also:expr)?) => {
        $crate::access_scope! { $table, $kind $(, via: $via)? }

        /// The rows that the actor reaches.
        pub fn visible(
            reach: &$crate::repositories::governance::access::Reach,
        ) -> Box<dyn diesel::BoxableExpression<$crate::db::schema::$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>> {
            use diesel::prelude::*;
            use $crate::db::schema::{$table, approval_holders, approvals};
            use $crate::domain::vocabulary::SubjectKind;
            use $crate::repositories::governance::access::Verb;

            type Predicate = Box<dyn diesel::BoxableExpression<$table::table, $crate::db::MultiBackend, SqlType = diesel::sql_types::Bool>>;
            let kind: SubjectKind = $kind;
            let mut visible: Predicate = within(reach);
            $(visible = Box::new($table::security_level.le(reach.clearance).and(($also)(reach)).or(visible));)?
            if reach.verb == Verb::Read {
                let waiting = approvals::table
                    .inner_join(approval_holders::table.on(approval_holders::approval_id.eq(approvals::id)))
                    .filter(approvals::subject_kind.eq(kind))
                    .filter(approval_holders::user_id.eq_any(reach.approves_for.clone()))
                    .filter(approval_holders::waiting.eq(true))
                    .select(approvals::subject_id);
                visible = Box::new($table::id.eq_any(waiting).or(visible));
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
            use $crate::{db::schema::$table, repositories::governance::access::{Reach, Verb}};
            <$row>::query()
                .filter($table::id.eq(id))
                .filter(visible(&Reach::of(ctx, Verb::Read)))
                .first(conn)
                .optional()?
                .ok_or_else($crate::error::AppError::not_found)
        }

        /// Whether the actor may change a row.
        ///
        /// # Errors
        /// A database fault.
        pub fn may_write(conn: &mut $crate::db::Conn, ctx: &$crate::context::Ctx, id: $id) -> $crate::error::AppResult<bool> {
            use diesel::prelude::*;
            use $crate::{db::schema::$table, repositories::governance::access::{Reach, Verb}};
            let found: Option<$id> = $table::table
                .filter($table::id.eq(id))
                .filter(visible(&Reach::of(ctx, Verb::Write)))
                .select($table::id)
                .first(conn)
                .optional()?;
            Ok(found.is_some())
        }

        /// A row that the actor may change.
        ///
        /// # Errors
        /// 404 unless the actor sees it, 403 unless the actor may change it (ORG-10).
        pub fn find_for_write(conn: &mut $crate::db::Conn, ctx: &$crate::context::Ctx, id: $id) -> $crate::error::AppResult<$row> {
            let row = find(conn, ctx, id)?;
            if may_write(conn, ctx, id)? { Ok(row) } else { Err($crate::repositories::governance::access::read_only()) }
        }
    };
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
            .filter(shares::user_id.eq(reach.actor))
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
