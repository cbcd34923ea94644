//! Sharing in the call centre: the seat applies, the administrator performs it (DUP-13, GRP-16). The approval engine
//! carries the application; what it ends with is done in the same transaction.

use serde_json::json;

use super::shares;
use crate::{
    api::customers::share_application::{
        NewShareApplication, ShareApplicationAction, ShareApplicationFilter, ShareApplicationView,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{CustomerId, ShareApplicationId},
        vocabulary::{
            ApplicationState, ApprovalState, Capability, SeatMode, SeatScope, SubjectKind,
        },
    },
    error::{AppError, AppResult, Code},
    http::Listed,
    models::{customers::share_application::ShareApplication, governance::share::Share},
    policy::{
        Refusal,
        customers::transfer::is_call_centre,
        governance::approval::{Route, Seat, Step},
    },
    repositories::{
        customers::{
            customers,
            share_applications::{self, Narrow},
        },
        org::names,
    },
    services::governance::{
        approvals::{self, Submission},
        settlement::Outcome,
    },
};

pub use crate::repositories::customers::share_applications::ShareApplicationSort;

const RULE: &str = "DUP-13";
const KIND: SubjectKind = SubjectKind::ShareApplication;

/// Applies for a share of one's own customer of a call-centre line.
///
/// # Errors
/// 404, 403; 409 for other lines, where the owner shares; 422 with every failing field.
pub fn apply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &NewShareApplication,
) -> AppResult<ShareApplicationView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.refuse_leaver()?;
    if !is_call_centre(customer.line) {
        return Err(Refusal::new(
            RULE,
            "SHARE_DIRECTLY",
            "只有呼叫中心客户须申请共享;其他客户由归属人直接共享",
            "only customers of the call centre are applied for: the owner shares others directly",
        )
        .into());
    }
    let reason = shares::checked(
        tx,
        ctx,
        &customer,
        shares::Wanted {
            user: Some(body.user_id),
            unit: None,
            expires_at: body.expires_at,
            reason: &body.reason,
        },
    )?;
    let row = ShareApplication {
        id: ctx.new_id(),
        customer_id: id,
        owner_id: ctx.actor.id,
        unit_id: ctx.actor.unit_id,
        security_level: customer.security_level,
        user_id: body.user_id,
        level: body.level,
        expires_at: body.expires_at,
        reason,
        state: ApplicationState::Pending,
        share_id: None,
        decided_by: None,
        decided_at: None,
        comment: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    share_applications::insert(tx, &row)?;
    let data = json!({
        "customer_id": id, "with": row.user_id, "level": row.level, "expires_at": row.expires_at,
    });
    ctx.record(
        tx,
        KIND,
        row.id,
        "share_application.made",
        &data,
        Some(RULE),
    );
    let submission = Submission {
        subject_kind: KIND,
        subject_id: row.id.cast(),
        subject_version: row.version,
        title: format!("共享申请：{}", customer.name),
        rule: RULE,
        policy: None,
        owner_id: row.owner_id,
        unit_id: row.unit_id,
        security_level: row.security_level,
        route: Route {
            steps: vec![Step {
                mode: SeatMode::AnyOf,
                seats: vec![Seat {
                    capability: Capability::ManageSharing,
                    scope: SeatScope::Company,
                }],
            }],
        },
    };
    approvals::submit(tx, ctx, submission)?;
    one(tx, ctx, row)
}

/// What the administrator's decision does: agreed means shared, by the administrator.
///
/// # Errors
/// 409 when the customer changed hands or the time is over meanwhile; a lost race.
pub fn settle(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ShareApplicationId,
    outcome: &Outcome,
) -> AppResult<()> {
    let mut row = share_applications::unguarded(tx, id)?;
    let read = row.version;
    let (state, what) = match outcome.state {
        ApprovalState::Approved => (ApplicationState::Performed, "share_application.performed"),
        ApprovalState::Rejected | ApprovalState::Returned => {
            (ApplicationState::Refused, "share_application.refused")
        }
        ApprovalState::Withdrawn | ApprovalState::Void => {
            (ApplicationState::Withdrawn, "share_application.withdrawn")
        }
        ApprovalState::Pending => {
            return Err(AppError::internal("a pending approval settles nothing"));
        }
    };
    if state == ApplicationState::Performed {
        let customer = customers::unguarded(tx, row.customer_id)?;
        let gone = customer.deleted_at.is_some() || customer.owner_id == row.user_id;
        if gone || row.expires_at <= ctx.now {
            return Err(Refusal::new(
                RULE,
                "APPLICATION_OVERTAKEN",
                "申请共享的期限已过,或客户已归属该人员或已删除;请不同意该申请",
                "its time is over, or the customer is that person's now or deleted: disagree",
            )
            .into());
        }
        let share = Share {
            id: ctx.new_id(),
            subject_kind: SubjectKind::Customer,
            subject_id: row.customer_id.cast(),
            user_id: row.user_id,
            level: row.level,
            reason: row.reason.clone(),
            granted_by: ctx.actor.id,
            expires_at: row.expires_at,
            created_at: ctx.now,
            case_id: None,
            version: 1,
        };
        row.share_id = Some(shares::keep(tx, ctx, share, RULE)?.id);
    }
    row.state = state;
    row.decided_by = Some(ctx.actor.id);
    row.decided_at = Some(ctx.now);
    row.comment = outcome.comment.clone();
    save(tx, ctx, &mut row, read)?;
    let data = json!({ "share_id": row.share_id, "comment": row.comment });
    ctx.record(tx, KIND, id, what, &data, Some(RULE));
    Ok(())
}

fn save(tx: &mut Tx<'_>, ctx: &Ctx, row: &mut ShareApplication, read: i64) -> AppResult<()> {
    row.version = read + 1;
    row.updated_at = ctx.now;
    if share_applications::save(tx, row, read)? {
        Ok(())
    } else {
        Err(AppError::lost_race("the application changed meanwhile"))
    }
}

/// Takes an application back before it is decided.
///
/// # Errors
/// 404; 403 for anybody but the applicant; 409 when it is decided; 412.
pub fn withdraw(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ShareApplicationId,
) -> AppResult<ShareApplicationView> {
    let mut row = share_applications::find(tx, ctx, id)?;
    if row.owner_id != ctx.actor.id {
        return Err(AppError::forbidden(
            "只有申请人可以撤回共享申请。",
            "Only the applicant takes an application back.",
        )
        .rule(RULE));
    }
    ctx.check_version(row.version)?;
    if row.state != ApplicationState::Pending {
        let label = row.state.label();
        return Err(AppError::new(
            Code::StateConflict,
            format!("申请已办结（{}）。", label.zh),
            format!("The application is over ({}).", label.en),
        )
        .rule(RULE));
    }
    let because = "申请人撤回 / withdrawn";
    approvals::end_pending(tx, ctx, KIND, id.cast(), ApprovalState::Withdrawn, because)?;
    let read = row.version;
    row.state = ApplicationState::Withdrawn;
    row.decided_at = Some(ctx.now);
    save(tx, ctx, &mut row, read)?;
    ctx.record(
        tx,
        KIND,
        id,
        "share_application.withdrawn",
        &json!({}),
        Some(RULE),
    );
    one(tx, ctx, row)
}

/// One page of the applications that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ShareApplicationFilter, ShareApplicationSort>,
) -> AppResult<Page<ShareApplicationView>> {
    let narrow = Narrow {
        customer: query.filter.customer_id,
        state: query.filter.state,
    };
    share_applications::list(conn, ctx, narrow, &query.page)?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// An application.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ShareApplicationId) -> AppResult<ShareApplicationView> {
    let row = share_applications::find(conn, ctx, id)?;
    one(conn, ctx, row)
}

fn one(conn: &mut Conn, ctx: &Ctx, row: ShareApplication) -> AppResult<ShareApplicationView> {
    let approval_id = match row.state {
        ApplicationState::Pending => approvals::pending(conn, KIND, row.id.cast())?,
        _ => None,
    };
    let mut view = views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)?;
    view.approval_id = approval_id;
    Ok(view)
}

/// Lists leave the approval out: it is looked for with one application.
fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    rows: Vec<ShareApplication>,
) -> AppResult<Vec<ShareApplicationView>> {
    let people: Vec<_> = rows
        .iter()
        .flat_map(|row| [Some(row.owner_id), Some(row.user_id), row.decided_by])
        .flatten()
        .collect();
    let names = names::people(conn, people)?;
    let view = |row: ShareApplication| {
        let own = row.owner_id == ctx.actor.id && row.state == ApplicationState::Pending;
        ShareApplicationView {
            id: row.id,
            customer_id: row.customer_id,
            applicant: names.get(row.owner_id),
            user: names.get(row.user_id),
            level: row.level,
            expires_at: row.expires_at,
            reason: row.reason,
            state: row.state,
            approval_id: None,
            share_id: row.share_id,
            decided_by: row.decided_by.map(|who| names.get(who)),
            decided_at: row.decided_at,
            comment: row.comment,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: if own {
                vec![ShareApplicationAction::Withdraw]
            } else {
                Vec::new()
            },
        }
    };
    Ok(rows.into_iter().map(view).collect())
}
