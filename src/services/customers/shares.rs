//! Sharing a customer with someone, explicitly and for a time (DUP-12).

use chrono::Duration;
use serde_json::json;

use crate::{
    api::customers::share::{NewShare, ShareView},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, ShareId},
        vocabulary::{Capability, ShareOrigin, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    models::governance::share::Share,
    repositories::{
        customers::customers,
        governance::shares,
        org::{actors, names},
    },
};

/// The longest share, in days: a longer need is a transfer.
const LONGEST: i64 = 366;

/// Shares a customer: its owner, or who may change it and holds SHARE_RECORDS.
///
/// # Errors
/// 403; 404; 422.
pub fn give(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId, body: &NewShare) -> AppResult<ShareView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    if customer.owner_id != ctx.actor.id {
        ctx.require(Capability::ShareRecords)?;
    }
    let mut errors = Vec::new();
    if body.expires_at <= ctx.now || body.expires_at > ctx.now.plus(Duration::days(LONGEST)) {
        errors.push(FieldError::new(
            "/expires_at",
            "OUT_OF_RANGE",
            "须晚于现在，且不超过一年",
            "must lie in the future, within one year",
        ));
    }
    if body.user_id == customer.owner_id || body.user_id == ctx.actor.id {
        errors.push(FieldError::new(
            "/user_id",
            "NOT_ALLOWED",
            "不能共享给负责人或自己",
            "not with the owner or oneself",
        ));
    } else if actors::enabled_user(tx, body.user_id)?.is_none() {
        errors.push(FieldError::new(
            "/user_id",
            "UNKNOWN_USER",
            "没有这个用户",
            "there is no such user",
        ));
    }
    if body.reason.trim().is_empty() {
        errors.push(FieldError::new(
            "/reason",
            "BLANK",
            "不能为空白",
            "must not be blank",
        ));
    }
    if !errors.is_empty() {
        return Err(AppError::invalid(errors).rule("DUP-12"));
    }
    let mut share = Share {
        id: ctx.new_id(),
        subject_kind: SubjectKind::Customer,
        subject_id: id.cast(),
        user_id: body.user_id,
        level: body.level,
        reason: body.reason.trim().to_owned(),
        granted_by: ctx.actor.id,
        expires_at: body.expires_at,
        created_at: ctx.now,
        case_id: None,
    };
    if shares::by_ruling(tx, SubjectKind::Customer, id.cast(), body.user_id)? {
        return Err(by_ruling());
    }
    share.id = shares::give(tx, &share)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.shared",
        &json!({ "with": share.user_id, "level": share.level, "expires_at": share.expires_at }),
        Some("DUP-12"),
    );
    views(tx, vec![share])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// The shares of a customer.
///
/// # Errors
/// 404.
pub fn list(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Vec<ShareView>> {
    customers::find(conn, ctx, id)?;
    let rows = shares::of_subject(conn, SubjectKind::Customer, id.cast())?;
    views(conn, rows)
}

/// Takes a share back: who gave it, the owner, or who may change the customer and holds SHARE_RECORDS.
///
/// # Errors
/// 403; 404.
pub fn take_back(tx: &mut Tx<'_>, ctx: &Ctx, id: ShareId) -> AppResult<()> {
    let share = shares::get(tx, id)?;
    let customer = customers::find(tx, ctx, share.subject_id.cast())?;
    if share.case_id.is_some() && !ctx.has(Capability::DeleteRecords) {
        return Err(by_ruling());
    }
    if share.granted_by != ctx.actor.id && customer.owner_id != ctx.actor.id {
        customers::find_for_write(tx, ctx, customer.id)?;
        ctx.require(Capability::ShareRecords)?;
    }
    if !shares::take_back(tx, id)? {
        return Err(AppError::not_found());
    }
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        "customer.share_ended",
        &json!({ "with": share.user_id }),
        Some("DUP-12"),
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

fn views(conn: &mut Conn, rows: Vec<Share>) -> AppResult<Vec<ShareView>> {
    let directory = names::directory(conn, rows.iter().map(|share| share.user_id), [])?;
    Ok(rows
        .into_iter()
        .map(|share| ShareView {
            id: share.id,
            user_id: share.user_id,
            user_name: directory.user(share.user_id),
            level: share.level,
            origin: match share.case_id {
                Some(_) => ShareOrigin::Cooperate,
                None => ShareOrigin::Explicit,
            },
            conflict_case_id: share.case_id,
            reason: share.reason,
            granted_by: share.granted_by,
            expires_at: share.expires_at,
            created_at: share.created_at,
        })
        .collect())
}
