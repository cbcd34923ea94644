//! Competitors in opportunities.

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{opportunities, opportunity_competitors},
        violates,
    },
    domain::{
        id::kind::{CompetitorId, OpportunityCompetitorId, OpportunityId},
        vocabulary::CompetitorOutcome,
    },
    error::{AppError, AppResult, Code},
    models::{knowledge::competitor::OpportunityCompetitor, sales::opportunity::Opportunity},
    repositories::{
        governance::access::{Reach, Verb},
        sales::opportunities::{self as rows, OpportunitySort},
    },
};

/// The most competitors in one opportunity.
pub const MOST: usize = 50;

const PAIR: Unique = Unique {
    name: "opportunity_competitors_pair",
    columns: "opportunity_competitors.opportunity_id, opportunity_competitors.competitor_id",
};

/// The competitors in an opportunity, in the order of entry.
///
/// # Errors
/// A database fault.
pub fn of_opportunity(conn: &mut Conn, id: OpportunityId) -> AppResult<Vec<OpportunityCompetitor>> {
    Ok(OpportunityCompetitor::query()
        .filter(opportunity_competitors::opportunity_id.eq(id))
        .order((
            opportunity_competitors::created_at,
            opportunity_competitors::id,
        ))
        .load(conn)?)
}

/// One page of the opportunities that the actor may see and in which a competitor was met.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn opportunities_with(
    conn: &mut Conn,
    ctx: &Ctx,
    competitor: CompetitorId,
    outcome: Option<CompetitorOutcome>,
    request: &PageRequest<OpportunitySort>,
) -> AppResult<Page<Opportunity>> {
    rows::page(conn, request, || {
        let met = opportunity_competitors::table
            .filter(opportunity_competitors::competitor_id.eq(competitor));
        let query = opportunities::table
            .into_boxed()
            .filter(rows::visible(&Reach::of(ctx, Verb::Read)));
        match outcome {
            Some(outcome) => query.filter(
                opportunities::id.eq_any(
                    met.filter(opportunity_competitors::outcome.eq(outcome))
                        .select(opportunity_competitors::opportunity_id),
                ),
            ),
            None => query.filter(
                opportunities::id.eq_any(met.select(opportunity_competitors::opportunity_id)),
            ),
        }
    })
}

/// How a competitor fared in these opportunities.
///
/// # Errors
/// A database fault.
pub fn met_in(
    conn: &mut Conn,
    competitor: CompetitorId,
    ids: &[OpportunityId],
) -> AppResult<Vec<OpportunityCompetitor>> {
    Ok(OpportunityCompetitor::query()
        .filter(opportunity_competitors::competitor_id.eq(competitor))
        .filter(opportunity_competitors::opportunity_id.eq_any(ids))
        .load(conn)?)
}

/// One of them.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: OpportunityCompetitorId) -> AppResult<OpportunityCompetitor> {
    Ok(OpportunityCompetitor::query()
        .filter(opportunity_competitors::id.eq(id))
        .first(conn)?)
}

/// Inserts one.
///
/// # Errors
/// 409 when the competitor is in the opportunity already.
pub fn insert(tx: &mut Tx<'_>, row: &OpportunityCompetitor) -> AppResult<()> {
    match diesel::insert_into(opportunity_competitors::table)
        .values(row)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &PAIR) => Err(AppError::new(
            Code::Duplicate,
            "该商机已有此竞争对手；请修改原记录。",
            "The competitor is in this opportunity already: change that entry.",
        )
        .rule("CUS-50")),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a changed one, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, row: &OpportunityCompetitor, read: i64) -> AppResult<bool> {
    let target = opportunity_competitors::table
        .filter(opportunity_competitors::id.eq(row.id))
        .filter(opportunity_competitors::version.eq(read));
    Ok(diesel::update(target).set(row).execute(tx.conn())? == 1)
}

/// Removes one, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn remove(tx: &mut Tx<'_>, row: &OpportunityCompetitor) -> AppResult<bool> {
    let target = opportunity_competitors::table
        .filter(opportunity_competitors::id.eq(row.id))
        .filter(opportunity_competitors::version.eq(row.version));
    Ok(diesel::delete(target).execute(tx.conn())? == 1)
}
