//! The proceedings of a conflict case: both parties and the arbitrator put statements and evidence on record, which are
//! never changed (CONF-05..CONF-07).

use serde_json::json;

use super::appeals::is_unknown;
use crate::{
    api::sales::case_entry::{CaseEntryFilter, CaseEntryView, NewCaseEntry},
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::ConflictCaseId,
        vocabulary::{CaseSide, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::sales::{case_entry::CaseEntry, conflict_case::ConflictCase},
    policy::sales::conflict_state::{self, Command},
    repositories::{
        org::names,
        sales::{case_entries, conflict_cases},
    },
    services::{governance::history, org::fields::Fields},
};

pub use crate::repositories::sales::case_entries::CaseEntrySort;

/// Puts something on record, while the case is open.
///
/// # Errors
/// 404; 403 for anybody but the parties and the arbitrator; 409 when the case is over; 422.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ConflictCaseId,
    body: &NewCaseEntry,
) -> AppResult<CaseEntryView> {
    let case = conflict_cases::find(tx, ctx, id)?;
    let side = side(tx, ctx, &case)?.ok_or_else(|| {
        AppError::forbidden(
            "只有双方当事人和裁决人可以陈述或举证。",
            "Only the parties and the arbitrator put something on record.",
        )
        .rule("CONF-05")
    })?;
    conflict_state::may(case.state, Command::AddEntry)?;
    let mut fields = Fields::default();
    let text = fields.prose("/text", &body.text);
    let link = fields.optional_line("/link", body.link.as_ref());
    match (body.record_kind, body.record_id) {
        (Some(kind), Some(record)) => match history::may_read(tx, ctx, kind, record) {
            Ok(()) => {}
            Err(error) if is_unknown(&error) => fields.unknown("/record_id"),
            Err(error) => return Err(error),
        },
        (None, None) => {}
        (kind, _) => {
            let absent = if kind.is_none() {
                "/record_kind"
            } else {
                "/record_id"
            };
            fields.refuse(
                absent,
                "REQUIRED",
                "引用记录须同时填写类型与编号。",
                "A record is named by kind and id together.",
            );
        }
    }
    fields.done()?;
    // Whoever rules at this moment either did so before, and this is refused, or reads what is entered here.
    if !conflict_cases::hold(tx, &case)? {
        return Err(AppError::lost_race("the case changed meanwhile"));
    }
    let entry = CaseEntry {
        id: ctx.new_id(),
        case_id: id,
        author_id: ctx.actor.id,
        side,
        kind: body.kind,
        text,
        link,
        record_kind: body.record_kind,
        record_id: body.record_id,
        confidential: body.confidential,
        created_at: ctx.now,
    };
    case_entries::insert(tx, &entry)?;
    let data = json!({
        "entry_id": entry.id, "side": side, "kind": entry.kind, "confidential": entry.confidential,
        "record_kind": entry.record_kind, "record_id": entry.record_id,
    });
    let kind = SubjectKind::ConflictCase;
    ctx.record(
        tx,
        kind,
        id,
        "conflict_case.entry_added",
        &data,
        Some("CONF-06"),
    );
    let author = names::people(tx, [entry.author_id])?.name(entry.author_id);
    Ok(view(entry, author))
}

/// One page of the proceedings, in their order. What is confidential is read by its author and by who may rule.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ConflictCaseId,
    query: &Listed<CaseEntryFilter, CaseEntrySort>,
) -> AppResult<Page<CaseEntryView>> {
    conflict_cases::find(conn, ctx, id)?;
    let all = conflict_cases::may_rule(conn, ctx, id)?;
    case_entries::list(conn, id, ctx.actor.id, all, &query.page)?.try_map_all(|rows| {
        let people = names::people(conn, rows.iter().map(|row| row.author_id))?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let author = people.name(row.author_id);
                view(row, author)
            })
            .collect())
    })
}

fn side(conn: &mut Conn, ctx: &Ctx, case: &ConflictCase) -> AppResult<Option<CaseSide>> {
    if case.claimant_id == ctx.actor.id {
        return Ok(Some(CaseSide::Claimant));
    }
    if case.holder_id == ctx.actor.id {
        return Ok(Some(CaseSide::Holder));
    }
    Ok(conflict_cases::may_rule(conn, ctx, case.id)?.then_some(CaseSide::Arbitrator))
}

fn view(row: CaseEntry, author_name: String) -> CaseEntryView {
    CaseEntryView {
        id: row.id,
        author_id: row.author_id,
        author_name,
        side: row.side,
        kind: row.kind,
        text: row.text,
        link: row.link,
        record_kind: row.record_kind,
        record_id: row.record_id,
        confidential: row.confidential,
        created_at: row.created_at,
    }
}
