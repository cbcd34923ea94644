//! Automatic sharing rules (DUP-14). They are few; the access filter compiles those that reach the actor.

use diesel::prelude::*;

use crate::{
    context::SharingReach,
    covered_by_rule,
    db::{
        Conn, MultiBackend, Tx,
        paging::COUNT_LIMIT,
        schema::{customers, sharing_rules, unit_closure, user_roles},
    },
    domain::{
        id::kind::{CustomerId, SharingRuleId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Condition, CustomerKind, Line},
    },
    error::{AppError, AppResult},
    models::customers::sharing_rule::SharingRule,
};

crate::sortable! {
    sharing_rules, SharingRule, SharingRuleSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// What a list of rules is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow {
    /// Switched on or off.
    pub active: Option<bool>,
    /// About customers of this unit.
    pub unit: Option<UnitId>,
    /// With this person by name.
    pub user: Option<UserId>,
}

/// The rules that a list is narrowed to.
pub fn narrowed<'q>(narrow: Narrow) -> sharing_rules::BoxedQuery<'q, MultiBackend> {
    let mut rows = sharing_rules::table.into_boxed();
    if let Some(active) = narrow.active {
        rows = rows.filter(sharing_rules::active.eq(active));
    }
    if let Some(unit) = narrow.unit {
        rows = rows.filter(sharing_rules::unit_id.eq(unit));
    }
    if let Some(user) = narrow.user {
        rows = rows.filter(sharing_rules::to_user_id.eq(user));
    }
    rows
}

/// A rule.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, id: SharingRuleId) -> AppResult<SharingRule> {
    SharingRule::query()
        .filter(sharing_rules::id.eq(id))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// How many rules are switched on.
///
/// # Errors
/// A database fault.
pub fn count_active(conn: &mut Conn) -> AppResult<i64> {
    Ok(sharing_rules::table
        .filter(sharing_rules::active.eq(true))
        .count()
        .get_result(conn)?)
}

/// Inserts a rule.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, rule: &SharingRule) -> AppResult<()> {
    diesel::insert_into(sharing_rules::table)
        .values(rule)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed rule, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, rule: &SharingRule, read: i64) -> AppResult<bool> {
    let target = sharing_rules::table
        .filter(sharing_rules::id.eq(rule.id))
        .filter(sharing_rules::version.eq(read));
    Ok(diesel::update(target).set(rule).execute(tx.conn())? == 1)
}

/// What a rule opens, and when.
#[derive(Debug, Clone)]
pub struct TimedReach {
    /// What.
    pub reach: SharingReach,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
}

impl TimedReach {
    /// Whether it holds at a moment.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.starts_at <= now && self.ends_at.is_none_or(|end| now < end)
    }
}

/// What the rules that are switched on open to someone of this unit, now or later.
///
/// # Errors
/// A database fault.
pub fn reaching(conn: &mut Conn, user: UserId, unit: UnitId) -> AppResult<Vec<TimedReach>> {
    let roles = user_roles::table
        .filter(user_roles::user_id.eq(user))
        .select(user_roles::role_id);
    let above = unit_closure::table
        .filter(unit_closure::descendant_id.eq(unit))
        .select(unit_closure::ancestor_id.nullable());
    let by_role = sharing_rules::to_role_id.eq_any(roles.nullable()).and(
        sharing_rules::to_role_within
            .is_null()
            .or(sharing_rules::to_role_within.eq_any(above)),
    );
    let rows: Vec<SharingRule> = SharingRule::query()
        .filter(sharing_rules::active.eq(true))
        .filter(
            sharing_rules::to_user_id
                .eq(user)
                .or(sharing_rules::to_unit_id.eq(unit))
                .or(by_role),
        )
        .order(sharing_rules::id)
        .load(conn)?;
    let timed = |rule: &SharingRule| TimedReach {
        reach: reach_of(rule),
        starts_at: rule.starts_at,
        ends_at: rule.ends_at,
    };
    Ok(rows.iter().map(timed).collect())
}

/// What a rule opens: all kinds, lines and conditions where it names none.
pub fn reach_of(rule: &SharingRule) -> SharingReach {
    SharingReach {
        unit_id: rule.unit_id,
        kinds: listed(rule.kinds.as_deref(), CustomerKind::ALL),
        lines: listed(rule.lines.as_deref(), Line::ALL),
        conditions: listed(rule.conditions.as_deref(), Condition::ALL),
        level: rule.level,
    }
}

/// The values of a list that is kept as text; all there are if there is none.
pub fn listed<T: Copy + std::str::FromStr>(text: Option<&str>, all: &[T]) -> Vec<T> {
    match text {
        None => all.to_vec(),
        Some(text) => text
            .split(',')
            .filter_map(|word| word.parse().ok())
            .collect(),
    }
}

/// How many customers a rule covers, counted up to a limit, and the first of them by name.
///
/// # Errors
/// A database fault.
pub fn covered(
    conn: &mut Conn,
    rule: &SharingReach,
    some: i64,
) -> AppResult<(i64, Vec<(CustomerId, String)>)> {
    let ids: Vec<CustomerId> = customers::table
        .filter(customers::deleted_at.is_null())
        .filter(covered_by_rule!(rule))
        .select(customers::id)
        .limit(COUNT_LIMIT + 1)
        .load(conn)?;
    let first = customers::table
        .filter(customers::deleted_at.is_null())
        .filter(covered_by_rule!(rule))
        .order((customers::folded_name, customers::id))
        .select((customers::id, customers::name))
        .limit(some)
        .load(conn)?;
    Ok((i64::try_from(ids.len()).unwrap_or(i64::MAX), first))
}
