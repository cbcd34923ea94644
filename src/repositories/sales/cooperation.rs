//! Who pursues an opportunity together, and how the credit is split (CONF-04).

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx,
        paging::{Page, PageRequest},
        schema::{cooperation_splits, opportunity_parties},
    },
    domain::{
        id::kind::{ConflictCaseId, CustomerId, OpportunityId, UserId},
        timestamp::Timestamp,
    },
    error::AppResult,
    insert_many,
    models::sales::{cooperation::CooperationSplit, opportunity::OpportunityParty},
    repositories::governance::access::{Reach, Verb},
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

crate::sortable! {
    cooperation_splits, CooperationSplit, CooperationSort {
        Since = "since" => since: Timestamp,
    } default Since Down
}

/// What a list of cooperation splits is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Opportunity.
    pub opportunity: Option<OpportunityId>,
    /// Whose.
    pub user: Option<UserId>,
    /// The case.
    pub case: Option<ConflictCaseId>,
    /// Only those that count now, or only those that ended.
    pub current: Option<bool>,
    /// Since this or later.
    pub from: Option<Timestamp>,
    /// Since before this.
    pub before: Option<Timestamp>,
}

/// One page of the splits that are the actor's, or of customers that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<CooperationSort>,
) -> AppResult<Page<CooperationSplit>> {
    page(conn, request, || narrowed(ctx, narrow))
}

fn narrowed<'q>(ctx: &Ctx, narrow: &Narrow) -> cooperation_splits::BoxedQuery<'q, MultiBackend> {
    let reach = Reach::of(ctx, Verb::Read);
    let mut query = cooperation_splits::table.into_boxed().filter(
        cooperation_splits::user_id
            .eq(ctx.actor.id)
            .or(crate::seen_through_customer!(
                cooperation_splits.customer_id,
                &reach
            )),
    );
    if let Some(customer) = narrow.customer {
        query = query.filter(cooperation_splits::customer_id.eq(customer));
    }
    if let Some(opportunity) = narrow.opportunity {
        query = query.filter(cooperation_splits::opportunity_id.eq(opportunity));
    }
    if let Some(user) = narrow.user {
        query = query.filter(cooperation_splits::user_id.eq(user));
    }
    if let Some(case) = narrow.case {
        query = query.filter(cooperation_splits::case_id.eq(case));
    }
    match narrow.current {
        Some(true) => query = query.filter(cooperation_splits::ended_at.is_null()),
        Some(false) => query = query.filter(cooperation_splits::ended_at.is_not_null()),
        None => {}
    }
    if let Some(from) = narrow.from {
        query = query.filter(cooperation_splits::since.ge(from));
    }
    if let Some(before) = narrow.before {
        query = query.filter(cooperation_splits::since.lt(before));
    }
    query
}

/// Ends the present split of an opportunity, or of a customer as a whole.
///
/// # Errors
/// A database fault.
pub fn end_splits(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    opportunity: Option<OpportunityId>,
    now: Timestamp,
) -> AppResult<()> {
    let present = cooperation_splits::table
        .filter(cooperation_splits::customer_id.eq(customer))
        .filter(cooperation_splits::ended_at.is_null());
    let ended = cooperation_splits::ended_at.eq(now);
    match opportunity {
        Some(id) => diesel::update(present.filter(cooperation_splits::opportunity_id.eq(id)))
            .set(ended)
            .execute(tx.conn())?,
        None => diesel::update(present.filter(cooperation_splits::opportunity_id.is_null()))
            .set(ended)
            .execute(tx.conn())?,
    };
    Ok(())
}

/// Keeps a split.
///
/// # Errors
/// A database fault.
pub fn insert_splits(tx: &mut Tx<'_>, rows: &[CooperationSplit]) -> AppResult<()> {
    insert_many!(tx, cooperation_splits::table, rows)?;
    Ok(())
}
