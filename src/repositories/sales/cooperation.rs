//! Who pursues a customer together: the parties of opportunities, and the write shares that go with them (CONF-04).

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        schema::{opportunity_parties, shares},
    },
    domain::{
        id::kind::{CustomerId, OpportunityId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{ShareLevel, SubjectKind},
    },
    error::AppResult,
    models::sales::opportunity::OpportunityParty,
};

/// Those who pursue these opportunities together, with the split.
///
/// # Errors
/// A database fault.
pub fn parties(conn: &mut Conn, ids: &[OpportunityId]) -> AppResult<Vec<OpportunityParty>> {
    Ok(OpportunityParty::query()
        .filter(opportunity_parties::opportunity_id.eq_any(ids))
        .order((
            opportunity_parties::opportunity_id,
            opportunity_parties::since,
            opportunity_parties::user_id,
        ))
        .load(conn)?)
}

/// Replaces those who pursue an opportunity together.
///
/// # Errors
/// A database fault.
pub fn set_parties(tx: &mut Tx<'_>, id: OpportunityId, rows: &[OpportunityParty]) -> AppResult<()> {
    diesel::delete(opportunity_parties::table.filter(opportunity_parties::opportunity_id.eq(id)))
        .execute(tx.conn())?;
    for row in rows {
        diesel::insert_into(opportunity_parties::table)
            .values(row)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Whether a customer is shared with someone for writing now.
///
/// # Errors
/// A database fault.
pub fn shares_customer(
    conn: &mut Conn,
    customer: CustomerId,
    user: UserId,
    now: Timestamp,
) -> AppResult<bool> {
    let found: Option<ShareId> = shares::table
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::subject_id.eq(customer))
        .filter(shares::user_id.eq(user))
        .filter(shares::level.eq(ShareLevel::Write))
        .filter(shares::expires_at.gt(now))
        .select(shares::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// A write share of a customer that follows from a decision, not from its owner's goodwill.
#[derive(Debug, Clone)]
pub struct DecidedShare<'a> {
    /// Id, if there is none for the person yet.
    pub id: ShareId,
    /// The customer.
    pub customer: CustomerId,
    /// With whom.
    pub user: UserId,
    /// The decision.
    pub reason: &'a str,
    /// Who decided.
    pub by: UserId,
    /// When.
    pub now: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Shares a customer for writing; a share that the person has already becomes this one.
///
/// # Errors
/// A database fault.
pub fn share_customer(tx: &mut Tx<'_>, share: &DecidedShare<'_>) -> AppResult<()> {
    let target = shares::table
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::subject_id.eq(share.customer))
        .filter(shares::user_id.eq(share.user));
    let decided = (
        shares::level.eq(ShareLevel::Write),
        shares::reason.eq(share.reason),
        shares::granted_by.eq(share.by),
        shares::expires_at.eq(share.until),
    );
    if diesel::update(target).set(decided).execute(tx.conn())? > 0 {
        return Ok(());
    }
    diesel::insert_into(shares::table)
        .values((
            shares::id.eq(share.id),
            shares::subject_kind.eq(SubjectKind::Customer),
            shares::subject_id.eq(share.customer),
            shares::user_id.eq(share.user),
            decided,
            shares::created_at.eq(share.now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
