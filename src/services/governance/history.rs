//! The audit trail for those who may read it, and a record's history for whoever may read the record (SEC-15,
//! SEC-19).

use serde_json::Value;

pub use crate::repositories::governance::audit::EventSort;
use crate::{
    api::governance::event::{EventFilter, EventView, HistoryEntry, HistoryFilter},
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        id::kind::AnyId,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::governance::event::Event,
    repositories::{
        commerce::{contracts, quotes},
        customers::{customers, share_applications},
        governance::{
            approvals,
            audit::{self, Narrow},
            policies,
        },
        org::names,
        sales::{activities, conflict_cases, opportunities},
    },
    services::knowledge::documents,
};

/// Everything that happened.
///
/// # Errors
/// 403 without the right to read the audit trail.
pub fn events(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<EventFilter, EventSort>,
) -> AppResult<Page<EventView>> {
    ctx.require(Capability::ReadAudit)?;
    let EventFilter {
        subject_kind,
        subject_id,
        actor_id,
        kind,
        at_gte,
        at_lt,
    } = query.filter.clone();
    let narrow = Narrow {
        subject_kind,
        subject_id,
        actor_id,
        kind,
        at_gte,
        at_lt,
        ..Narrow::default()
    };
    let page = audit::list(conn, &narrow, &query.page)?;
    page.try_map_all(|rows| {
        let people = names::people(conn, rows.iter().map(|row| row.actor_id))?;
        let view = |row: Event| EventView {
            actor: people.get(row.actor_id),
            data: data(&row),
            id: row.id,
            at: row.at,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            kind: row.kind,
            rule: row.rule,
            source: row.source,
            trace_id: row.trace_id,
            lane: row.lane,
            seq: row.seq,
            hash: row.hash,
        };
        Ok(rows.into_iter().map(view).collect())
    })
}

/// What happened to a record.
///
/// # Errors
/// 404 unless the actor may read the record.
pub fn of_record(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<HistoryFilter, EventSort>,
) -> AppResult<Page<HistoryEntry>> {
    let HistoryFilter {
        subject_kind,
        subject_id,
    } = query.filter;
    may_read(conn, ctx, subject_kind, subject_id)?;
    let narrow = Narrow {
        subject_kind: Some(subject_kind),
        subject_id: Some(subject_id),
        ..Narrow::default()
    };
    let page = audit::list(conn, &narrow, &query.page)?;
    page.try_map_all(|rows| {
        let people = names::people(conn, rows.iter().map(|row| row.actor_id))?;
        let entry = |row: Event| HistoryEntry {
            actor: people.get(row.actor_id),
            data: data(&row),
            id: row.id,
            at: row.at,
            kind: row.kind,
            rule: row.rule,
        };
        Ok(rows.into_iter().map(entry).collect())
    })
}

/// Refuses whoever may not read the record: every noun's own look-up decides, the audit trail's readers see all.
///
/// # Errors
/// 404, or 403 for kinds that only the audit trail's readers may follow.
pub fn may_read(conn: &mut Conn, ctx: &Ctx, kind: SubjectKind, id: AnyId) -> AppResult<()> {
    if ctx.has(Capability::ReadAudit) {
        return Ok(());
    }
    match kind {
        SubjectKind::Customer => customers::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Opportunity => opportunities::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Activity => activities::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::ConflictCase => conflict_cases::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Quote => quotes::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Contract => contracts::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Product => ctx.require(Capability::ReadProducts),
        SubjectKind::Document => documents::visible(conn, ctx, id.cast()).map(drop),
        SubjectKind::Supplier => ctx.require(Capability::ReadSuppliers),
        SubjectKind::Competitor => ctx.require(Capability::ReadCompetitors),
        SubjectKind::ShareApplication => share_applications::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Approval => approvals::find(conn, ctx, id.cast()).map(drop),
        SubjectKind::Policy => policies::find(conn, ctx, id.cast()).map(drop),
        // A contact is read with its customer, whose history has what happened to it.
        SubjectKind::Contact => Err(AppError::not_found()),
        SubjectKind::Unit
        | SubjectKind::User
        | SubjectKind::Role
        | SubjectKind::Delegation
        | SubjectKind::Session
        | SubjectKind::Calendar
        | SubjectKind::Departure
        | SubjectKind::Handover
        | SubjectKind::SharingRule
        | SubjectKind::Job
        | SubjectKind::ImportFile
        | SubjectKind::ImportPreset => ctx.require(Capability::ReadAudit),
    }
}

/// An event that somebody edited may hold anything: it is shown as it is.
fn data(row: &Event) -> Value {
    serde_json::from_str(&row.data).unwrap_or_else(|_| Value::String(row.data.clone()))
}
