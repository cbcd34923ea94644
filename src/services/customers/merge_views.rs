//! Merges as they are read: the preview, the ledger, what each moved, and who may undo one (DUP-09).

use std::collections::HashSet;

use super::{
    merge_fields::{self, FieldChange},
    merge_plan::{self, Card, Plan, SharePlan},
};
use crate::{
    api::{
        csv::Csv,
        customers::merge::{
            EqualContactView, MergeAction, MergeFieldView, MergeFilter, MergeFollowing,
            MergeMoveFilter, MergeMoveView, MergeObstacle, MergePreview, MergeSide, MergeStaying,
            MergeStayingRecord, MergeView,
        },
    },
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        id::kind::{AnyId, MergeId},
        vocabulary::{Capability, MergeState, MovedKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::customers::merge::Merge,
    repositories::{
        customers::{
            customers,
            merge_rows::FOLLOWERS,
            merges::{self, Narrow},
        },
        org::names,
    },
};

pub use crate::repositories::customers::merges::{MergeSort, moves::MergeMoveSort};

/// How many records of a kind a preview names.
const NAMED: usize = 20;

/// One page of the merges of customers that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<MergeFilter, MergeSort>,
) -> AppResult<Page<MergeView>> {
    let filter = query.filter.clone();
    let narrow = Narrow {
        customer: filter.customer_id,
        states: Csv::values(filter.state_in),
        by: filter.merged_by,
        created_from: filter.created_at_gte,
        created_before: filter.created_at_lt,
    };
    merges::list(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| views(conn, ctx, rows))
}

/// A merge.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> AppResult<MergeView> {
    let row = merges::find(conn, ctx, id)?;
    view(conn, ctx, row)
}

/// One page of what a merge moved, record by record.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn moves(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MergeId,
    query: &Listed<MergeMoveFilter, MergeMoveSort>,
) -> AppResult<Page<MergeMoveView>> {
    merges::find(conn, ctx, id)?;
    let kinds = Csv::values(query.filter.kind_in.clone());
    Ok(
        merges::moves_page(conn, id, &kinds, &query.page)?.map(|row| MergeMoveView {
            id: row.id,
            position: row.position,
            kind: row.kind,
            record_id: row.record_id,
            action: row.action,
            outcome: row.outcome,
        }),
    )
}

/// Who may undo a merge: whoever may merge the two, and whoever made it and may still change the survivor.
///
/// # Errors
/// A database fault.
pub(super) fn may_undo(conn: &mut Conn, ctx: &Ctx, row: &Merge) -> AppResult<bool> {
    Ok(may_judge(ctx, row) && customers::might_write(conn, ctx, row.survivor_id)?)
}

fn may_judge(ctx: &Ctx, row: &Merge) -> bool {
    row.merged_by == ctx.actor.id || ctx.has(Capability::MergeCustomers)
}

/// One merge as the caller sees it.
///
/// # Errors
/// A database fault.
pub(super) fn view(conn: &mut Conn, ctx: &Ctx, row: Merge) -> AppResult<MergeView> {
    views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Merge>) -> AppResult<Vec<MergeView>> {
    let people = rows.iter().map(|row| row.merged_by);
    let people = people.chain(rows.iter().filter_map(|row| row.undone_by));
    let people = names::people(conn, people)?;
    let open: Vec<Merge> = rows
        .iter()
        .filter(|row| row.state == MergeState::Done && ctx.now <= row.undo_until)
        .cloned()
        .collect();
    let undoable = undoable(conn, ctx, &open)?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let changes: Vec<FieldChange> = merge_fields::changes(ctx.vault(), &row)?;
        views.push(MergeView {
            counts: serde_json::from_str(&row.counts).map_err(AppError::internal)?,
            changed_fields: changes.into_iter().map(|change| change.field).collect(),
            merged_by_name: people.name(row.merged_by),
            undone_by_name: row.undone_by.map(|user| people.name(user)),
            allowed_actions: if undoable.contains(&row.id) {
                vec![MergeAction::Undo]
            } else {
                Vec::new()
            },
            id: row.id,
            survivor_id: row.survivor_id,
            survivor_name: row.survivor_name,
            absorbed_id: row.absorbed_id,
            absorbed_name: row.absorbed_name,
            state: row.state,
            reason: row.reason,
            merged_by: row.merged_by,
            undo_until: row.undo_until,
            undone_by: row.undone_by,
            undone_at: row.undone_at,
            undo_reason: row.undo_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        });
    }
    Ok(views)
}

/// Those of these open merges that the caller may undo now: asked for all at once.
fn undoable(conn: &mut Conn, ctx: &Ctx, open: &[Merge]) -> AppResult<HashSet<MergeId>> {
    if open.is_empty() {
        return Ok(HashSet::new());
    }
    let survivors: Vec<_> = open.iter().map(|row| row.survivor_id).collect();
    let writable = customers::writable_among(conn, ctx, &survivors)?;
    let later = merges::with_later(conn, open)?;
    Ok(open
        .iter()
        .filter(|row| may_judge(ctx, row) && writable.contains(&row.survivor_id))
        .map(|row| row.id)
        .filter(|id| !later.contains(id))
        .collect())
}

/// A preview as it is shown.
///
/// # Errors
/// A database fault.
pub(super) fn preview_view(conn: &mut Conn, plan: Plan) -> AppResult<MergePreview> {
    let (s, a) = (&plan.survivor, &plan.absorbed);
    let names = names::directory(
        conn,
        [s.customer.owner_id, a.customer.owner_id],
        [s.customer.unit_id, a.customer.unit_id],
    )?;
    let side = |card: &Card| MergeSide {
        id: card.customer.id,
        name: card.customer.name.clone(),
        owner_id: card.customer.owner_id,
        owner_name: names.user(card.customer.owner_id),
        department: names.unit(card.customer.unit_id),
        registered_at: card.customer.created_at,
        version: card.customer.version,
    };
    let first = |kind: MovedKind| -> Vec<AnyId> {
        match kind {
            MovedKind::Share => plan
                .shares
                .iter()
                .map(|share| match share {
                    SharePlan::Move(id, _) => id.cast(),
                    SharePlan::Join { absorbed, .. } => absorbed.cast(),
                })
                .take(NAMED)
                .collect(),
            kind => plan
                .moves
                .iter()
                .filter(|(moved, _)| *moved == kind)
                .flat_map(|(_, ids)| ids.iter().copied())
                .take(NAMED)
                .collect(),
        }
    };
    let shown = |row: &merge_plan::FieldRow, value| merge_fields::shown(row.field, value);
    Ok(MergePreview {
        survivor: side(s),
        absorbed: side(a),
        suggested_survivor_id: if plan.absorbed_first {
            a.customer.id
        } else {
            s.customer.id
        },
        possible: plan.obstacles.is_empty(),
        obstacles: plan
            .obstacles
            .iter()
            .map(|refusal| MergeObstacle {
                rule: refusal.rule.to_owned(),
                code: refusal.code.to_owned(),
                zh: refusal.zh.clone(),
                en: refusal.en.clone(),
            })
            .collect(),
        fields: plan
            .fields
            .iter()
            .map(|row| MergeFieldView {
                field: row.field,
                survivor: shown(row, &row.survivor),
                absorbed: shown(row, &row.absorbed),
                result: shown(row, &row.result),
            })
            .collect(),
        following: plan
            .counts()
            .into_iter()
            .map(|(kind, count)| MergeFollowing {
                kind,
                count,
                first: first(kind),
            })
            .collect(),
        staying: FOLLOWERS
            .iter()
            .filter_map(|follower| staying(&plan, follower.kind))
            .collect(),
        equal_contacts: plan
            .equal_contacts
            .iter()
            .map(|equal| EqualContactView {
                contact_id: equal.contact.id,
                equal_to: equal.equal_to,
                name: equal.contact.name.clone(),
            })
            .collect(),
        fingerprint: plan.fingerprint(),
    })
}

fn staying(plan: &Plan, kind: MovedKind) -> Option<MergeStaying> {
    let of_kind = || plan.staying.iter().filter(|stays| stays.kind == kind);
    let count = i64::try_from(of_kind().count()).unwrap_or(i64::MAX);
    (count > 0).then(|| MergeStaying {
        kind,
        count,
        first: of_kind()
            .take(NAMED)
            .map(|stays| MergeStayingRecord {
                record_id: stays.met.id,
                survivors_id: stays.met.own,
            })
            .collect(),
    })
}
