//! Sharing a customer with someone, or with a unit, explicitly and for a time (DUP-12). Customers of the call centre are
//! shared by the administrator only (DUP-13).

use chrono::Duration;
use serde_json::json;

use crate::{
    api::customers::share::{
        CustomerShareFilter, NewShare, ShareAction, ShareDirection, ShareFilter, SharePatch,
        ShareView,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{CustomerId, ShareId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, ShareOrigin, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::{customers::customer::Customer, governance::share::Share},
    policy::customers::transfer::is_call_centre,
    repositories::{
        customers::customers,
        governance::shares::{self, Narrow},
        org::{actors, names, unit_accounts, units},
    },
    services::org::{fields::Fields, unit_accounts as accounts},
};

pub use crate::repositories::governance::shares::ShareSort;

/// The longest share, in days: a longer need is a transfer.
const LONGEST: i64 = 366;
const RULE: &str = "DUP-12";

/// What is wanted, before it is checked.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// With this person.
    pub user: Option<UserId>,
    /// With everybody of this unit.
    pub unit: Option<UnitId>,
    /// Until when.
    pub expires_at: Timestamp,
    /// Why.
    pub reason: &'w str,
}

/// Checks what is wanted; the reason as it is kept.
///
/// # Errors
/// 422 with every failing field.
pub fn checked(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: &Customer,
    wanted: Wanted<'_>,
) -> AppResult<String> {
    let mut fields = Fields::default();
    until(ctx, wanted.expires_at, &mut fields);
    match (wanted.user, wanted.unit) {
        (Some(user), None) if user == customer.owner_id || user == ctx.actor.id => {
            fields.fail(FieldError::new(
                "/user_id",
                "NOT_ALLOWED",
                "不能共享给负责人或自己",
                "not with the owner or oneself",
            ));
        }
        (Some(user), None) if actors::enabled_user(conn, user)?.is_none() => {
            fields.fail(FieldError::new(
                "/user_id",
                "UNKNOWN_USER",
                "没有这个用户",
                "there is no such user",
            ));
        }
        (None, Some(unit)) if !units::find(conn, unit)?.is_some_and(|unit| unit.active) => {
            fields.fail(FieldError::new(
                "/unit_id",
                "UNKNOWN_UNIT",
                "没有这个在用的单元",
                "there is no such unit in use",
            ));
        }
        (Some(_), None) | (None, Some(_)) => {}
        (Some(_), Some(_)) | (None, None) => fields.fail(FieldError::new(
            "/user_id",
            "ONE_OF",
            "须且只须指定一名用户或一个单元",
            "name either a person or a unit",
        )),
    }
    let reason = fields.prose("/reason", wanted.reason);
    fields.done().map_err(|error| error.rule(RULE))?;
    Ok(reason)
}

fn until(ctx: &Ctx, expires_at: Timestamp, fields: &mut Fields) {
    if expires_at <= ctx.now || expires_at > ctx.now.plus(Duration::days(LONGEST)) {
        fields.fail(FieldError::new(
            "/expires_at",
            "OUT_OF_RANGE",
            "须晚于现在，且不超过一年",
            "must lie in the future, within one year",
        ));
    }
}

/// Who gives and changes shares of a customer: its owner, or who may change it and holds SHARE_RECORDS; in the call
/// centre the administrator alone.
pub(super) fn may_share(ctx: &Ctx, customer: &Customer) -> AppResult<()> {
    ctx.refuse_leaver()?;
    if is_call_centre(customer.line) {
        return ctx.require(Capability::ManageSharing).map_err(|_| {
            AppError::forbidden(
                "呼叫中心客户由管理员共享；请提交共享申请。",
                "The administrator shares customers of the call centre: apply for it.",
            )
            .rule("DUP-13")
        });
    }
    if customer.owner_id == ctx.actor.id {
        return Ok(());
    }
    ctx.require(Capability::ShareRecords)
}

/// Shares a customer with a person or a unit, of whatever department or region (DUP-12, ORG-04).
///
/// # Errors
/// 403; 404; 422.
pub fn give(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId, body: &NewShare) -> AppResult<ShareView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    may_share(ctx, &customer)?;
    let wanted = Wanted {
        user: body.user_id,
        unit: body.unit_id,
        expires_at: body.expires_at,
        reason: &body.reason,
    };
    let reason = checked(tx, ctx, &customer, wanted)?;
    let user_id = match (body.user_id, body.unit_id) {
        (Some(user), _) => user,
        (None, Some(unit)) => {
            let unit = units::find(tx, unit)?.ok_or_else(AppError::not_found)?;
            accounts::of(tx, ctx, &unit)?.id
        }
        (None, None) => return Err(AppError::not_found()),
    };
    let share = Share {
        id: ctx.new_id(),
        subject_kind: SubjectKind::Customer,
        subject_id: id.cast(),
        user_id,
        level: body.level,
        reason,
        granted_by: ctx.actor.id,
        expires_at: body.expires_at,
        created_at: ctx.now,
        case_id: None,
        version: 1,
    };
    let share = keep(tx, ctx, share, RULE)?;
    view(tx, ctx, share)
}

/// Keeps a share of a customer; an earlier one with the same person or unit is replaced.
///
/// # Errors
/// A lost race, or a database fault.
pub fn keep(tx: &mut Tx<'_>, ctx: &Ctx, mut share: Share, rule: &'static str) -> AppResult<Share> {
    if shares::by_ruling(tx, SubjectKind::Customer, share.subject_id, share.user_id)? {
        return Err(by_ruling());
    }
    (share.id, share.version) = shares::give(tx, &share)?;
    let customer: CustomerId = share.subject_id.cast();
    let data =
        json!({ "with": share.user_id, "level": share.level, "expires_at": share.expires_at });
    let kind = SubjectKind::Customer;
    ctx.record(tx, kind, customer, "customer.shared", &data, Some(rule));
    Ok(share)
}

/// One page of the shares of a customer.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
    query: &Listed<CustomerShareFilter, ShareSort>,
) -> AppResult<Page<ShareView>> {
    customers::find(conn, ctx, id)?;
    let narrow = Narrow {
        customer: Some(id),
        level: query.filter.level,
        active: query.filter.active.map(|active| (active, ctx.now)),
        ..Narrow::default()
    };
    shares::list(conn, &narrow, &query.page)?.try_map_all(|rows| views(conn, ctx, rows))
}

/// One page of one's own shares: received, with one's unit too, or given.
///
/// # Errors
/// `INVALID_CURSOR`.
pub fn mine(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ShareFilter, ShareSort>,
) -> AppResult<Page<ShareView>> {
    let me = ctx.actor.id;
    let mut narrow = Narrow {
        level: query.filter.level,
        active: query.filter.active.map(|active| (active, ctx.now)),
        ..Narrow::default()
    };
    match query.filter.direction.unwrap_or(ShareDirection::WithMe) {
        ShareDirection::ByMe => narrow.granted_by = Some(me),
        ShareDirection::WithMe => {
            narrow.with = ctx
                .actor
                .ties
                .unit_account
                .into_iter()
                .chain([me])
                .collect();
        }
    }
    shares::list(conn, &narrow, &query.page)?.try_map_all(|rows| views(conn, ctx, rows))
}

/// The share and its customer, if the actor may change or end it: who gave it, the owner, or who may change the
/// customer and holds SHARE_RECORDS.
fn managed(tx: &mut Tx<'_>, ctx: &Ctx, id: ShareId) -> AppResult<(Share, Customer)> {
    let share = shares::get(tx, id)?;
    let customer = customers::find(tx, ctx, share.subject_id.cast())?;
    if share.case_id.is_some() && !ctx.has(Capability::DeleteRecords) {
        return Err(by_ruling());
    }
    if share.granted_by != ctx.actor.id && customer.owner_id != ctx.actor.id {
        customers::find_for_write(tx, ctx, customer.id)?;
        ctx.require(Capability::ShareRecords)?;
    }
    Ok((share, customer))
}

/// Extends or changes a share. Whoever gave it and can no longer change the customer cannot change it either.
///
/// # Errors
/// 403; 404; 412; 422.
pub fn change(tx: &mut Tx<'_>, ctx: &Ctx, id: ShareId, body: &SharePatch) -> AppResult<ShareView> {
    let (mut share, customer) = managed(tx, ctx, id)?;
    customers::find_for_write(tx, ctx, customer.id)?;
    may_share(ctx, &customer)?;
    ctx.check_version(share.version)?;
    let read = share.clone();
    let mut fields = Fields::default();
    if let Some(expires_at) = body.expires_at {
        until(ctx, expires_at, &mut fields);
        share.expires_at = expires_at;
    }
    if let Some(reason) = &body.reason {
        share.reason = fields.prose("/reason", reason);
    }
    share.level = body.level.unwrap_or(share.level);
    fields.done().map_err(|error| error.rule(RULE))?;
    let terms = |share: &Share| (share.level, share.expires_at, share.reason.clone());
    if terms(&share) == terms(&read) {
        return view(tx, ctx, share);
    }
    share.version += 1;
    if !shares::change(tx, &share, read.version)? {
        return Err(ctx.lost_update());
    }
    let data =
        json!({ "with": share.user_id, "level": share.level, "expires_at": share.expires_at });
    let (kind, what) = (SubjectKind::Customer, "customer.share_changed");
    ctx.record(tx, kind, customer.id, what, &data, Some(RULE));
    view(tx, ctx, share)
}

/// Takes a share back.
///
/// # Errors
/// 403; 404; 412.
pub fn take_back(tx: &mut Tx<'_>, ctx: &Ctx, id: ShareId) -> AppResult<()> {
    let (share, customer) = managed(tx, ctx, id)?;
    ctx.check_version(share.version)?;
    if !shares::take_back(tx, &share)? {
        return Err(ctx.lost_update());
    }
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        "customer.share_ended",
        &json!({ "with": share.user_id }),
        Some(RULE),
    );
    Ok(())
}

/// 403: what a ruling gave is not the holder's to take or to lessen (CONF-04).
fn by_ruling() -> AppError {
    AppError::forbidden(
        "该共享由合作裁决授予，只能由新的裁决或系统管理员变更。",
        "A ruling to cooperate gave this share: only a new ruling or the administrator changes it.",
    )
    .rule("CONF-04")
}

fn view(conn: &mut Conn, ctx: &Ctx, share: Share) -> AppResult<ShareView> {
    views(conn, ctx, vec![share])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Share>) -> AppResult<Vec<ShareView>> {
    let people: Vec<UserId> = rows
        .iter()
        .flat_map(|share| [share.user_id, share.granted_by])
        .collect();
    let accounts: std::collections::HashMap<UserId, UnitId> =
        unit_accounts::units_of(conn, &people)?
            .into_iter()
            .collect();
    let directory = names::directory(conn, people, [])?;
    let ids: Vec<CustomerId> = rows.iter().map(|share| share.subject_id.cast()).collect();
    let readable = customers::readable(conn, ctx, &ids)?;
    Ok(rows
        .into_iter()
        .map(|share| {
            let customer_id: CustomerId = share.subject_id.cast();
            let customer = readable.iter().find(|(id, _, _)| *id == customer_id);
            let own = share.granted_by == ctx.actor.id
                || customer.is_some_and(|(_, _, owner)| *owner == ctx.actor.id);
            let ruled = share.case_id.is_some() && !ctx.has(Capability::DeleteRecords);
            let manages =
                customer.is_some() && !ruled && (own || ctx.has(Capability::ShareRecords));
            ShareView {
                id: share.id,
                customer_id,
                customer_name: customer.map(|(_, name, _)| name.clone()),
                user_id: share.user_id,
                user_name: directory.user(share.user_id),
                unit_id: accounts.get(&share.user_id).copied(),
                level: share.level,
                origin: match share.case_id {
                    Some(_) => ShareOrigin::Cooperate,
                    None => ShareOrigin::Explicit,
                },
                conflict_case_id: share.case_id,
                reason: share.reason,
                granted_by: share.granted_by,
                granted_by_name: directory.user(share.granted_by),
                expires_at: share.expires_at,
                active: share.expires_at > ctx.now,
                created_at: share.created_at,
                version: share.version,
                allowed_actions: if manages {
                    vec![ShareAction::Update, ShareAction::End]
                } else {
                    Vec::new()
                },
            }
        })
        .collect())
}
