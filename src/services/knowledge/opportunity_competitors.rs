//! Competitors in opportunities: who was met where, and how it went (CUS-50). They are part of the opportunity: who may
//! change it may change them.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    api::knowledge::competitor::{
        CompetitorOpportunity, CompetitorOpportunityFilter, NewOpportunityCompetitor,
        OpportunityCompetitorAction, OpportunityCompetitorPatch, OpportunityCompetitorView,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{AnyId, CompetitorId, OpportunityCompetitorId, OpportunityId},
        vocabulary::{Capability, CompetitorOutcome, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::knowledge::competitor::OpportunityCompetitor,
    repositories::{
        knowledge::{
            competitors,
            opportunity_competitors::{self as rows, MOST},
        },
        org::names,
        sales::opportunities,
    },
    services::{
        knowledge::relations::{self, Relation},
        org::fields::Fields,
    },
};

pub use crate::repositories::sales::opportunities::OpportunitySort;

/// The competitors in an opportunity.
///
/// # Errors
/// 404 unless the opportunity is visible.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityId,
) -> AppResult<Vec<OpportunityCompetitorView>> {
    opportunities::find(conn, ctx, id)?;
    let found = rows::of_opportunity(conn, id)?;
    views(conn, ctx, id, found)
}

/// One page of the opportunities in which a competitor was met, as far as the caller may see them.
///
/// # Errors
/// 403 without `READ_COMPETITORS`; 404.
pub fn met(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CompetitorId,
    query: &Listed<CompetitorOpportunityFilter, OpportunitySort>,
) -> AppResult<Page<CompetitorOpportunity>> {
    ctx.require(Capability::ReadCompetitors)?;
    competitors::live(conn, id)?;
    rows::opportunities_with(conn, ctx, id, query.filter.outcome, &query.page)?.try_map_all(
        |found| {
            let ids: Vec<_> = found.iter().map(|row| row.id).collect();
            let people = names::people(conn, found.iter().map(|row| row.owner_id))?;
            let mut met: HashMap<_, _> = rows::met_in(conn, id, &ids)?
                .into_iter()
                .map(|row| (row.opportunity_id, row))
                .collect();
            Ok(found
                .into_iter()
                .filter_map(|row| {
                    let met = met.remove(&row.id)?;
                    Some(CompetitorOpportunity {
                        opportunity_id: row.id,
                        title: row.title,
                        customer_name: row.customer_name,
                        state: row.state,
                        owner: people.get(row.owner_id),
                        outcome: met.outcome,
                        note: met.note,
                    })
                })
                .collect())
        },
    )
}

/// Enters a competitor in an opportunity.
///
/// # Errors
/// 404, 403 by the opportunity; 409 when it is there already; 422 for a competitor that is not on file.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    body: &NewOpportunityCompetitor,
) -> AppResult<OpportunityCompetitorView> {
    opportunities::find_for_write(tx, ctx, id)?;
    let mut fields = Fields::default();
    let note = fields.optional_prose("/note", body.note.as_ref());
    fields.known("/competitor_id", competitors::live(tx, body.competitor_id))?;
    fields.done()?;
    relations::room(
        rows::of_opportunity(tx, id)?.len(),
        MOST,
        format!("一个商机至多 {MOST} 个竞争对手。"),
        format!("An opportunity has at most {MOST} competitors."),
    )?;
    let row = OpportunityCompetitor {
        id: ctx.new_id(),
        opportunity_id: id,
        competitor_id: body.competitor_id,
        outcome: body.outcome.unwrap_or(CompetitorOutcome::Competing),
        note,
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    rows::insert(tx, &row)?;
    record(
        tx,
        ctx,
        id,
        "opportunity.competitor_added",
        &relations::told(&row),
    );
    one(tx, ctx, row)
}

/// Changes a competitor in an opportunity.
///
/// # Errors
/// 404, 403 by the opportunity; 412; 422.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityCompetitorId,
    body: &OpportunityCompetitorPatch,
) -> AppResult<OpportunityCompetitorView> {
    let read = rows::get(tx, id)?;
    opportunities::find_for_write(tx, ctx, read.opportunity_id)?;
    ctx.check_version(read.version)?;
    let Some((mut next, data)) = relations::patched(&read, body.outcome, &body.note)? else {
        return one(tx, ctx, read);
    };
    ctx.keep(read.version, &mut next, |next| {
        rows::save(tx, next, read.version)
    })?;
    record(
        tx,
        ctx,
        read.opportunity_id,
        "opportunity.competitor_changed",
        &data,
    );
    one(tx, ctx, next)
}

/// Removes a competitor from an opportunity.
///
/// # Errors
/// 404, 403 by the opportunity; 412.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityCompetitorId) -> AppResult<()> {
    let read = rows::get(tx, id)?;
    opportunities::find_for_write(tx, ctx, read.opportunity_id)?;
    ctx.check_version(read.version)?;
    if !rows::remove(tx, &read)? {
        return Err(ctx.lost_update());
    }
    let data = relations::told(&read);
    record(
        tx,
        ctx,
        read.opportunity_id,
        "opportunity.competitor_removed",
        &data,
    );
    Ok(())
}

impl Relation for OpportunityCompetitor {
    type What = CompetitorOutcome;
    const WHAT: &'static str = "outcome";
    const OTHER: &'static str = "competitor_id";

    fn other(&self) -> AnyId {
        self.competitor_id.cast()
    }

    fn said(&mut self) -> (&mut CompetitorOutcome, &mut Option<String>) {
        (&mut self.outcome, &mut self.note)
    }
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityId, kind: &str, data: &Value) {
    ctx.record(tx, SubjectKind::Opportunity, id, kind, data, Some("CUS-50"));
}

fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    row: OpportunityCompetitor,
) -> AppResult<OpportunityCompetitorView> {
    views(conn, ctx, row.opportunity_id, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    opportunity: OpportunityId,
    found: Vec<OpportunityCompetitor>,
) -> AppResult<Vec<OpportunityCompetitorView>> {
    let ids: Vec<_> = found.iter().map(|row| row.competitor_id).collect();
    let named: HashMap<_, _> = competitors::names(conn, &ids)?.into_iter().collect();
    let people = names::people(conn, found.iter().map(|row| row.created_by))?;
    let allowed = if opportunities::may_write(conn, ctx, opportunity)? {
        vec![
            OpportunityCompetitorAction::Edit,
            OpportunityCompetitorAction::Remove,
        ]
    } else {
        Vec::new()
    };
    Ok(found
        .into_iter()
        .map(|row| OpportunityCompetitorView {
            id: row.id,
            opportunity_id: row.opportunity_id,
            competitor_id: row.competitor_id,
            competitor_name: named.get(&row.competitor_id).cloned().unwrap_or_default(),
            outcome: row.outcome,
            note: row.note,
            created_by: people.get(row.created_by),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: allowed.clone(),
        })
        .collect())
}
