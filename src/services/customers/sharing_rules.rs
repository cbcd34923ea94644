//! Automatic sharing (自动共享规则, DUP-14): rules as data, administered by whoever manages sharing. A rule is part of the
//! access filter from the next request on (decision 011), so nothing has to be applied to customers that are there, and
//! a customer that moves in or out of a rule's reach is shared or not at once.

use serde_json::json;

use crate::{
    api::{
        customers::sharing_rule::{
            CoveredCustomer, NewSharingRule, PreviewSharingRule, SharingRuleAction,
            SharingRuleFilter, SharingRulePatch, SharingRulePreview, SharingRuleView,
        },
        patch::Patch,
    },
    context::{Ctx, SharingReach},
    db::{
        Conn, Tx,
        paging::{COUNT_LIMIT, Page},
    },
    domain::{
        id::kind::{RoleId, SharingRuleId, UnitId},
        vocabulary::{Capability, Condition, CustomerKind, Line, Scope, ShareLevel, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::customers::sharing_rule::SharingRule,
    policy::Refusal,
    repositories::{
        customers::sharing_rules::{self, Narrow, listed},
        org::{names, roles, units},
    },
    services::org::{fields::Fields, scope, users::enabled},
};

pub use crate::repositories::customers::sharing_rules::SharingRuleSort;

const RULE: &str = "DUP-14";
const KIND: SubjectKind = SubjectKind::SharingRule;
/// The most rules that are switched on: each is a part of many queries.
const MOST: i64 = 200;
/// How many customers a preview shows.
const SHOWN: i64 = 20;

/// One page of rules.
///
/// # Errors
/// 403; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<SharingRuleFilter, SharingRuleSort>,
) -> AppResult<Page<SharingRuleView>> {
    ctx.require(Capability::ManageSharing)?;
    let narrow = Narrow {
        active: query.filter.active,
        unit: query.filter.unit_id,
        user: query.filter.to_user_id,
    };
    sharing_rules::page(conn, &query.page, || sharing_rules::narrowed(narrow))?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// A rule.
///
/// # Errors
/// 403; 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: SharingRuleId) -> AppResult<SharingRuleView> {
    ctx.require(Capability::ManageSharing)?;
    let row = sharing_rules::get(conn, id)?;
    view(conn, ctx, row)
}

/// What a rule would cover.
///
/// # Errors
/// 403; 422 for an unknown unit.
pub fn preview(
    conn: &mut Conn,
    ctx: &Ctx,
    body: &PreviewSharingRule,
) -> AppResult<SharingRulePreview> {
    ctx.require(Capability::ManageSharing)?;
    let mut fields = Fields::default();
    known(conn, "/unit_id", Some(body.unit_id), &mut fields)?;
    fields.done()?;
    scope::require_for(
        conn,
        ctx,
        Capability::ManageSharing,
        Scope::Subtree,
        body.unit_id,
    )?;
    let reach = SharingReach {
        unit_id: body.unit_id,
        kinds: body.kinds.clone().unwrap_or(CustomerKind::ALL.to_vec()),
        lines: body.lines.clone().unwrap_or(Line::ALL.to_vec()),
        conditions: body.conditions.clone().unwrap_or(Condition::ALL.to_vec()),
        level: ShareLevel::Read,
    };
    let (count, first) = sharing_rules::covered(conn, &reach, SHOWN)?;
    Ok(SharingRulePreview {
        customers: count.min(COUNT_LIMIT),
        capped: count > COUNT_LIMIT,
        first: first
            .into_iter()
            .map(|(id, name)| CoveredCustomer { id, name })
            .collect(),
    })
}

/// Makes a rule; it shares from its start on.
///
/// # Errors
/// 403; 409 when there are too many; 422 with every failing field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewSharingRule) -> AppResult<SharingRuleView> {
    ctx.require(Capability::ManageSharing)?;
    scope::lock(tx, ctx, Capability::ManageSharing)?;
    let mut fields = Fields::default();
    let name = fields.line("/name", &body.name);
    known(tx, "/unit_id", Some(body.unit_id), &mut fields)?;
    known(tx, "/to_unit_id", body.to_unit_id, &mut fields)?;
    known(tx, "/to_role_within", body.to_role_within, &mut fields)?;
    if let Some(user) = body.to_user_id {
        enabled(tx, "/to_user_id", user, &mut fields)?;
    }
    let role = role(tx, body.to_role_code.as_deref(), &mut fields)?;
    let targets = [
        body.to_user_id.is_some(),
        body.to_unit_id.is_some(),
        body.to_role_code.is_some(),
    ];
    let named = targets.into_iter().filter(|given| *given).count();
    if named != 1 || (body.to_role_within.is_some() && body.to_role_code.is_none()) {
        fields.fail(FieldError::new(
            "/to_user_id",
            "ONE_OF",
            "须且只须指定一名用户、一个单元或一个角色；限定范围仅用于角色",
            "name one person, one unit or one role; a unit within which is for a role only",
        ));
    }
    let row = SharingRule {
        id: ctx.new_id(),
        name,
        unit_id: body.unit_id,
        kinds: text(body.kinds.as_deref()),
        lines: text(body.lines.as_deref()),
        conditions: text(body.conditions.as_deref()),
        to_user_id: body.to_user_id,
        to_unit_id: body.to_unit_id,
        to_role_id: role,
        to_role_within: body.to_role_within,
        level: body.level,
        active: true,
        starts_at: body.starts_at.unwrap_or(ctx.now),
        ends_at: body.ends_at,
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    check_times(&row, &mut fields);
    fields.done().map_err(|error| error.rule(RULE))?;
    scope::require_for(
        tx,
        ctx,
        Capability::ManageSharing,
        Scope::Subtree,
        row.unit_id,
    )?;
    room(tx)?;
    sharing_rules::insert(tx, &row)?;
    ctx.record(
        tx,
        KIND,
        row.id,
        "sharing_rule.made",
        &described(&row),
        Some(RULE),
    );
    view(tx, ctx, row)
}

/// Changes a rule, or switches it on or off; it counts from the next request on.
///
/// # Errors
/// 403; 404; 409 when there are too many; 412; 422.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: SharingRuleId,
    body: &SharingRulePatch,
) -> AppResult<SharingRuleView> {
    ctx.require(Capability::ManageSharing)?;
    scope::lock(tx, ctx, Capability::ManageSharing)?;
    let before = sharing_rules::get(tx, id)?;
    ctx.check_version(before.version)?;
    let mut row = before.clone();
    let mut fields = Fields::default();
    if let Some(name) = &body.name {
        row.name = fields.line("/name", name);
    }
    if let Some(unit) = body.unit_id {
        known(tx, "/unit_id", Some(unit), &mut fields)?;
        row.unit_id = unit;
    }
    row.kinds = kept(&body.kinds, row.kinds);
    row.lines = kept(&body.lines, row.lines);
    row.conditions = kept(&body.conditions, row.conditions);
    row.level = body.level.unwrap_or(row.level);
    row.active = body.active.unwrap_or(row.active);
    row.starts_at = body.starts_at.unwrap_or(row.starts_at);
    row.ends_at = body.ends_at.clone().applied(row.ends_at);
    check_times(&row, &mut fields);
    fields.done().map_err(|error| error.rule(RULE))?;
    for unit in [before.unit_id, row.unit_id] {
        scope::require_for(tx, ctx, Capability::ManageSharing, Scope::Subtree, unit)?;
    }
    if row.active && !before.active {
        room(tx)?;
    }
    row.version += 1;
    row.updated_at = ctx.now;
    if !sharing_rules::save(tx, &row, before.version)? {
        return Err(ctx.lost_update());
    }
    let data = json!({ "from": described(&before), "to": described(&row) });
    ctx.record(tx, KIND, id, "sharing_rule.changed", &data, Some(RULE));
    view(tx, ctx, row)
}

/// The organisation's lock is held: of two that are made at once, the second sees the first.
fn room(conn: &mut Conn) -> AppResult<()> {
    if sharing_rules::count_active(conn)? < MOST {
        return Ok(());
    }
    Err(Refusal::new(
        RULE,
        "TOO_MANY_RULES",
        format!("启用的自动共享规则最多 {MOST} 条;请先停用或合并"),
        format!("at most {MOST} rules are switched on: switch off or merge some"),
    )
    .into())
}

fn known(
    conn: &mut Conn,
    pointer: &str,
    unit: Option<UnitId>,
    fields: &mut Fields,
) -> AppResult<()> {
    if let Some(unit) = unit
        && units::find(conn, unit)?.is_none()
    {
        let (zh, en) = ("没有这个单元。", "There is no such unit.");
        fields.fail(FieldError::new(pointer, "UNKNOWN_UNIT", zh, en));
    }
    Ok(())
}

fn role(conn: &mut Conn, code: Option<&str>, fields: &mut Fields) -> AppResult<Option<RoleId>> {
    let Some(code) = code else { return Ok(None) };
    let role = roles::by_code(conn, code)?;
    if role.is_none() {
        let (zh, en) = ("没有这个角色。", "There is no such role.");
        fields.fail(FieldError::new("/to_role_code", "UNKNOWN_ROLE", zh, en));
    }
    Ok(role.map(|role| role.id))
}

fn check_times(row: &SharingRule, fields: &mut Fields) {
    if row.ends_at.is_some_and(|end| end <= row.starts_at) {
        let (zh, en) = ("结束须晚于开始。", "Must end after it starts.");
        fields.fail(FieldError::new("/ends_at", "ENDS_BEFORE_START", zh, en));
    }
}

/// A list as it is kept.
fn text<T: ToString>(list: Option<&[T]>) -> Option<String> {
    list.map(|list| {
        let words: Vec<_> = list.iter().map(ToString::to_string).collect();
        words.join(",")
    })
}

/// A list after a merge-patch, as it is kept.
fn kept<T: ToString>(patch: &Patch<Vec<T>>, current: Option<String>) -> Option<String> {
    match patch {
        Patch::Absent => current,
        Patch::Null => None,
        Patch::Value(list) => text(Some(list)),
    }
}

fn described(row: &SharingRule) -> serde_json::Value {
    json!({
        "name": row.name, "unit_id": row.unit_id, "kinds": row.kinds, "lines": row.lines,
        "conditions": row.conditions, "to_user_id": row.to_user_id, "to_unit_id": row.to_unit_id,
        "to_role_id": row.to_role_id, "to_role_within": row.to_role_within, "level": row.level,
        "active": row.active, "starts_at": row.starts_at, "ends_at": row.ends_at,
    })
}

fn view(conn: &mut Conn, ctx: &Ctx, row: SharingRule) -> AppResult<SharingRuleView> {
    views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<SharingRule>) -> AppResult<Vec<SharingRuleView>> {
    let people = rows
        .iter()
        .flat_map(|row| [Some(row.created_by), row.to_user_id])
        .flatten();
    let people = names::people(conn, people)?;
    let places = rows
        .iter()
        .flat_map(|row| [Some(row.unit_id), row.to_unit_id, row.to_role_within])
        .flatten();
    let places = names::units(conn, places)?;
    let role_ids: Vec<_> = rows.iter().filter_map(|row| row.to_role_id).collect();
    let roles = roles::by_ids(conn, &role_ids)?;
    let some = |text: &Option<String>| text.is_some();
    let view = |row: SharingRule| SharingRuleView {
        id: row.id,
        unit: places.get(row.unit_id),
        kinds: some(&row.kinds).then(|| listed(row.kinds.as_deref(), CustomerKind::ALL)),
        lines: some(&row.lines).then(|| listed(row.lines.as_deref(), Line::ALL)),
        conditions: some(&row.conditions)
            .then(|| listed(row.conditions.as_deref(), Condition::ALL)),
        to_user: row.to_user_id.map(|id| people.get(id)),
        to_unit: row.to_unit_id.map(|id| places.get(id)),
        to_role_code: row
            .to_role_id
            .and_then(|id| roles.get(&id))
            .map(|role| role.code.clone()),
        to_role_within: row.to_role_within.map(|id| places.get(id)),
        level: row.level,
        active: row.active,
        in_force: row.active
            && row.starts_at <= ctx.now
            && row.ends_at.is_none_or(|end| end > ctx.now),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        created_by: people.get(row.created_by),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        allowed_actions: vec![SharingRuleAction::Update],
        name: row.name,
    };
    Ok(rows.into_iter().map(view).collect())
}
