//! Approvals: rows, seats, holders, and who may see them.

use diesel::prelude::*;

use crate::{
    api::governance::approval::ApprovalFilter,
    context::Ctx,
    db::{
        Conn, Keep as _, MultiBackend, Tx, Unique, padded,
        paging::{Page, PageRequest},
        schema::{approval_holders, approval_seats, approvals, pending_approvals},
        violates,
    },
    domain::{
        id::kind::{AnyId, ApprovalId, SeatId, UserId},
        timestamp::Timestamp,
        vocabulary::{ApprovalState, Capability, Opinion, SeatState, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    insert_many,
    models::governance::approval::{Approval, ApprovalHolder, ApprovalSeat, PendingApproval},
    repositories::governance::access::{Reach, Verb},
};

crate::access_scope! { approvals, SubjectKind::Approval }

crate::sortable! {
    approvals, Approval, ApprovalSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// A condition on approvals.
pub type Predicate = Box<
    dyn diesel::BoxableExpression<approvals::table, MultiBackend, SqlType = diesel::sql_types::Bool>,
>;

const PENDING: Unique = Unique {
    name: "pending_approvals_pkey",
    columns: "pending_approvals.subject_kind, pending_approvals.subject_id",
};

/// What the actor may see: what one submitted or owns, what waits for one or for whom one stands in, what one decided,
/// what one reaches as superior or by role, and everything with the right to read the audit trail.
pub fn visible(ctx: &Ctx) -> Predicate {
    if ctx.has(Capability::ReadAudit) {
        return Box::new(approvals::id.is_not_null());
    }
    let me = ctx.actor.id;
    let held = approval_holders::table
        .filter(approval_holders::user_id.eq(me))
        .select(approval_holders::approval_id);
    let decided = approval_seats::table
        .filter(approval_seats::decided_by.eq(me))
        .select(approval_seats::approval_id);
    let mut seen: Predicate = Box::new(
        approvals::submitter_id
            .eq(me)
            .or(approvals::id.eq_any(held))
            .or(approvals::id.eq_any(decided))
            .or(within(&Reach::of(ctx, Verb::Read))),
    );
    if !ctx.actor.stands_in_for.is_empty() {
        seen = Box::new(waits_for(ctx.actor.stands_in_for.clone()).or(seen));
    }
    seen
}

fn waits_for(users: Vec<UserId>) -> Predicate {
    let waiting = approval_holders::table
        .filter(approval_holders::user_id.eq_any(users))
        .filter(approval_holders::waiting.eq(true))
        .select(approval_holders::approval_id);
    Box::new(approvals::id.eq_any(waiting))
}

/// What waits for the actor's own decision: as a holder or a holder's delegate, never on one's own record (AMB-13).
pub fn in_inbox(ctx: &Ctx) -> Predicate {
    let mut users = ctx.actor.stands_in_for.clone();
    users.push(ctx.actor.id);
    let me = ctx.actor.id;
    Box::new(
        approvals::submitter_id
            .ne(me)
            .and(approvals::owner_id.ne(me))
            .and(waits_for(users)),
    )
}

/// The approvals that the actor may see and that pass the filter.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    filter: &ApprovalFilter,
    request: &PageRequest<ApprovalSort>,
) -> AppResult<Page<Approval>> {
    page(conn, request, || {
        let mut rows = approvals::table.into_boxed().filter(visible(ctx));
        if filter.waiting_for_me == Some(true) {
            rows = rows.filter(in_inbox(ctx));
        }
        if let Some(kind) = filter.subject_kind {
            rows = rows.filter(approvals::subject_kind.eq(kind));
        }
        if let Some(id) = filter.subject_id {
            rows = rows.filter(approvals::subject_id.eq(id));
        }
        if let Some(state) = filter.state {
            rows = rows.filter(approvals::state.eq(state));
        }
        if let Some(submitter) = filter.submitter_id {
            rows = rows.filter(approvals::submitter_id.eq(submitter));
        }
        rows
    })
}

/// An approval that the actor may see.
///
/// # Errors
/// 404.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: ApprovalId) -> AppResult<Approval> {
    Approval::query()
        .filter(approvals::id.eq(id))
        .filter(visible(ctx))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// An approval.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, id: ApprovalId) -> AppResult<Approval> {
    Approval::query()
        .filter(approvals::id.eq(id))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// The subject's pending approval.
///
/// # Errors
/// A database fault.
pub fn pending(conn: &mut Conn, kind: SubjectKind, id: AnyId) -> AppResult<Option<ApprovalId>> {
    Ok(pending_approvals::table
        .find((kind, id))
        .select(pending_approvals::approval_id)
        .first(conn)
        .optional()?)
}

/// Keeps a new approval with its seats, as the pending one of its subject.
///
/// # Errors
/// 409 when one is pending already.
pub fn insert(tx: &mut Tx<'_>, approval: &Approval, seats: &[ApprovalSeat]) -> AppResult<()> {
    diesel::insert_into(approvals::table)
        .values(approval)
        .execute(tx.conn())?;
    let row = PendingApproval {
        subject_kind: approval.subject_kind,
        subject_id: approval.subject_id,
        approval_id: approval.id,
    };
    match diesel::insert_into(pending_approvals::table)
        .values(&row)
        .execute(tx.conn())
    {
        Ok(_) => {}
        Err(error) if violates(&error, &PENDING) => {
            return Err(AppError::new(
                Code::StateConflict,
                "该记录已有待处理的审批；请等待结果或先撤回。",
                "An approval of this record is pending: wait for its result or withdraw it.",
            )
            .rule("AMB-28"));
        }
        Err(error) => return Err(error.into()),
    }
    for seats in seats.chunks(500) {
        insert_many!(tx, approval_seats::table, seats)?;
    }
    Ok(())
}

/// Takes the approval's row lock until the end of the transaction, if it is still pending in this version. What is
/// read of its seats afterwards is final.
///
/// # Errors
/// A database fault.
pub fn lock(tx: &mut Tx<'_>, approval: &Approval, now: Timestamp) -> AppResult<bool> {
    let locked = diesel::update(approvals::table.find(approval.id))
        .filter(approvals::state.eq(ApprovalState::Pending))
        .filter(approvals::version.eq(approval.version))
        .set(approvals::updated_at.eq(now))
        .execute(tx.conn())?;
    Ok(locked == 1)
}

/// Moves a locked approval to its next step.
///
/// # Errors
/// A database fault.
pub fn advance(tx: &mut Tx<'_>, approval: &Approval) -> AppResult<()> {
    diesel::update(approvals::table.find(approval.id))
        .set((
            approvals::step.eq(approval.step + 1),
            approvals::version.eq(approval.version + 1),
        ))
        .execute(tx.conn())?;
    diesel::update(approval_seats::table)
        .filter(approval_seats::approval_id.eq(approval.id))
        .filter(approval_seats::step.eq(approval.step))
        .filter(approval_seats::state.eq(SeatState::Open))
        .set(approval_seats::state.eq(SeatState::Skipped))
        .execute(tx.conn())?;
    nobody_waits(tx, approval.id)
}

/// Ends an approval that is pending in this version. `false` when it no longer is.
///
/// # Errors
/// A database fault.
pub fn end(
    tx: &mut Tx<'_>,
    approval: &Approval,
    state: ApprovalState,
    because: Option<&str>,
    now: Timestamp,
) -> AppResult<bool> {
    let ended = diesel::update(approvals::table.find(approval.id))
        .filter(approvals::state.eq(ApprovalState::Pending))
        .filter(approvals::version.eq(approval.version))
        .set((
            approvals::state.eq(state),
            approvals::ended_because.eq(because),
            approvals::ended_at.eq(now),
            approvals::version.eq(approval.version + 1),
            approvals::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    if ended == 0 {
        return Ok(false);
    }
    diesel::delete(pending_approvals::table.find((approval.subject_kind, approval.subject_id)))
        .filter(pending_approvals::approval_id.eq(approval.id))
        .execute(tx.conn())?;
    diesel::update(approval_seats::table)
        .filter(approval_seats::approval_id.eq(approval.id))
        .filter(approval_seats::state.eq_any([SeatState::Open, SeatState::Future]))
        .set(approval_seats::state.eq(SeatState::Skipped))
        .execute(tx.conn())?;
    nobody_waits(tx, approval.id)?;
    Ok(true)
}

fn nobody_waits(tx: &mut Tx<'_>, approval: ApprovalId) -> AppResult<()> {
    diesel::update(approval_holders::table)
        .filter(approval_holders::approval_id.eq(approval))
        .filter(approval_holders::waiting.eq(true))
        .set(approval_holders::waiting.eq(false))
        .execute(tx.conn())?;
    Ok(())
}

/// The seats of these approvals, by approval, step and place.
///
/// # Errors
/// A database fault.
pub fn seats(conn: &mut Conn, of: &[ApprovalId]) -> AppResult<Vec<ApprovalSeat>> {
    Ok(ApprovalSeat::query()
        .filter(approval_seats::approval_id.eq_any(of.to_vec()))
        .order((
            approval_seats::approval_id,
            approval_seats::step,
            approval_seats::seat,
        ))
        .load(conn)?)
}

/// The holders of these approvals' seats.
///
/// # Errors
/// A database fault.
pub fn holders(conn: &mut Conn, of: &[ApprovalId]) -> AppResult<Vec<ApprovalHolder>> {
    Ok(ApprovalHolder::query()
        .filter(approval_holders::approval_id.eq_any(of.to_vec()))
        .order((approval_holders::seat_id, approval_holders::user_id))
        .load(conn)?)
}

/// Opens the seats of a step and lets their holders know.
///
/// # Errors
/// A database fault.
pub fn open(
    tx: &mut Tx<'_>,
    approval: ApprovalId,
    step: i32,
    holders: &[ApprovalHolder],
) -> AppResult<()> {
    diesel::update(approval_seats::table)
        .filter(approval_seats::approval_id.eq(approval))
        .filter(approval_seats::step.eq(step))
        .filter(approval_seats::state.eq(SeatState::Future))
        .set(approval_seats::state.eq(SeatState::Open))
        .execute(tx.conn())?;
    add_holders(tx, holders)
}

/// Adds holders to open seats; whoever was released before waits again.
///
/// # Errors
/// A database fault.
pub fn add_holders(tx: &mut Tx<'_>, holders: &[ApprovalHolder]) -> AppResult<()> {
    for holders in holders.chunks(500) {
        let users: Vec<UserId> = holders.iter().map(|holder| holder.user_id).collect();
        let seats: Vec<SeatId> = holders.iter().map(|holder| holder.seat_id).collect();
        diesel::delete(approval_holders::table)
            .filter(approval_holders::seat_id.eq_any(seats))
            .filter(approval_holders::user_id.eq_any(users))
            .filter(approval_holders::waiting.eq(false))
            .execute(tx.conn())?;
        insert_many!(tx, approval_holders::table, holders)?;
    }
    Ok(())
}

/// An opinion on one seat.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// What was said.
    pub opinion: Opinion,
    /// With which comment.
    pub comment: Option<&'a str>,
    /// By whom.
    pub by: UserId,
    /// In whose place.
    pub on_behalf_of: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// Records the opinion on an open seat, for which nobody waits any more. `false` when somebody spoke before.
///
/// # Errors
/// A database fault.
pub fn speak(tx: &mut Tx<'_>, seat: SeatId, spoken: &Spoken<'_>) -> AppResult<bool> {
    let changed = diesel::update(approval_seats::table.find(seat))
        .filter(approval_seats::state.eq(SeatState::Open))
        .set((
            approval_seats::state.eq(SeatState::Decided),
            approval_seats::opinion.eq(spoken.opinion),
            approval_seats::comment.eq(spoken.comment),
            approval_seats::decided_by.eq(spoken.by),
            approval_seats::on_behalf_of.eq(spoken.on_behalf_of),
            approval_seats::decided_at.eq(spoken.at),
        ))
        .execute(tx.conn())?;
    diesel::update(approval_holders::table)
        .filter(approval_holders::seat_id.eq(seat))
        .set(approval_holders::waiting.eq(false))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// The pending approvals that wait for any of these users.
///
/// # Errors
/// A database fault.
pub fn waiting_for(conn: &mut Conn, users: &[UserId]) -> AppResult<Vec<Approval>> {
    Ok(Approval::query()
        .filter(waits_for(users.to_vec()))
        .filter(approvals::state.eq(ApprovalState::Pending))
        .order(approvals::id)
        .load(conn)?)
}

/// Whether any of these users is asked to decide on a record now.
///
/// # Errors
/// A database fault.
pub fn waits_for_any(
    conn: &mut Conn,
    kind: SubjectKind,
    id: AnyId,
    users: &[UserId],
) -> AppResult<bool> {
    let asked: Vec<ApprovalId> = approvals::table
        .filter(approvals::subject_kind.eq(kind))
        .filter(approvals::subject_id.eq(id))
        .filter(approvals::state.eq(ApprovalState::Pending))
        .filter(waits_for(padded(users.iter().copied())))
        .select(approvals::id)
        .kept()
        .load(conn)?;
    Ok(!asked.is_empty())
}

/// The seat waits for this holder no more.
///
/// # Errors
/// A database fault.
pub fn release(tx: &mut Tx<'_>, holder: &ApprovalHolder) -> AppResult<()> {
    diesel::update(approval_holders::table.find((holder.seat_id, holder.user_id)))
        .set(approval_holders::waiting.eq(false))
        .execute(tx.conn())?;
    Ok(())
}
