//! The undo of a merge (DUP-09): everything goes back to what it was, except what changed since. Decision 010 has the rule:
//! links go back, contents stay; a field goes back only while it has the value that the merge gave it; what hangs on a
//! record that goes back goes with it; everything else that is new stays with the survivor.

use std::slice;

use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    maintenance, matching_index,
    merge_fields::{self, FieldChange},
    merge_plan,
    merge_views::{may_undo, view},
    merges::{EqualDetail, KeyDetail, ShareDetail, lock_both, reason},
    registration, standing, worklist,
};
use crate::{
    api::customers::merge::{MergeView, UndoMerge},
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::{AnyId, MergeId, MergeMoveId},
        vocabulary::{MergeField, MergeState, MoveAction, MoveOutcome, MovedKind, SubjectKind},
    },
    error::{AppError, AppResult},
    models::customers::{
        customer::{Customer, RegistrationKey},
        merge::{Merge, MergeMove},
    },
    policy::customers::{
        merging::{self, UndoFacts},
        registration::RegistrationSettings,
    },
    repositories::{
        customers::{
            customers,
            merge_rows::{self, FOLLOWERS},
            merges,
        },
        governance::access::read_only,
    },
};

/// Undoes a merge.
///
/// # Errors
/// 404; 403; 412; 409 when it is undone, out of time, not the last one, or the survivor uses the absorbed one's keys.
pub fn undo(tx: &mut Tx<'_>, ctx: &Ctx, id: MergeId, body: &UndoMerge) -> AppResult<MergeView> {
    let row = merges::find(tx, ctx, id)?;
    ctx.check_version(row.version)?;
    if !may_undo(tx, ctx, &row)? {
        return Err(read_only());
    }
    lock_both(tx, row.survivor_id, row.absorbed_id)?;
    let survivor = customers::unguarded(tx, row.survivor_id)?;
    let absorbed = customers::unguarded(tx, row.absorbed_id)?;
    let pending = merge_rows::pending(tx, SubjectKind::Customer, &[row.survivor_id.cast()])?;
    merging::undo(&UndoFacts {
        undone: row.state == MergeState::Undone,
        now: ctx.now,
        until: row.undo_until,
        later_merges: merges::with_later(tx, slice::from_ref(&row))?.contains(&row.id),
        pending: pending > 0,
    })?;
    let mut next = row.clone();
    next.state = MergeState::Undone;
    next.undone_by = Some(ctx.actor.id);
    next.undone_at = Some(ctx.now);
    next.undo_reason = Some(reason(&body.reason)?);
    next.version = row.version + 1;
    next.updated_at = ctx.now;
    // The merge first: of two who undo it at once the second finds another version, before anything has moved.
    if !merges::save(tx, &next, row.version)? {
        return Err(ctx.lost_update());
    }
    let moves = merges::moved(tx, id)?;
    let (restored, changed_since) = restore_fields(tx, ctx, &row, survivor)?;
    give_back_keys(tx, ctx, &row, &restored, &moves)?;
    if !customers::set_state(tx, &absorbed, row.absorbed_state, ctx.now)? {
        return Err(AppError::lost_race(
            "the absorbed customer changed meanwhile",
        ));
    }
    let hung = give_back_rows(tx, ctx, &row, &moves)?;
    give_back_contacts_and_shares(tx, &row, &moves)?;
    for id in [row.survivor_id, row.absorbed_id] {
        let profile = customers::profile(tx, id)?;
        standing::refresh(tx, id, &profile)?;
    }
    matching_index::refresh(tx, ctx, &[row.survivor_id, row.absorbed_id])?;
    worklist::unmerged(tx, ctx, &row)?;
    let data = json!({
        "merge_id": id, "reason": next.undo_reason, "absorbed_id": row.absorbed_id,
        "fields_changed_since": changed_since, "new_records_that_followed": hung,
    });
    let kind = SubjectKind::Customer;
    ctx.record(
        tx,
        kind,
        row.survivor_id,
        "customer.merge_undone",
        &data,
        Some("DUP-09"),
    );
    let data =
        json!({ "merge_id": id, "reason": next.undo_reason, "survivor_id": row.survivor_id });
    ctx.record(
        tx,
        kind,
        row.absorbed_id,
        "customer.unmerged",
        &data,
        Some("DUP-09"),
    );
    view(tx, ctx, next)
}

/// The survivor's fields go back where they still have the value that the merge gave them.
fn restore_fields(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    row: &Merge,
    survivor: Customer,
) -> AppResult<(Customer, Vec<MergeField>)> {
    let changes: Vec<FieldChange> = merge_fields::changes(ctx.vault(), row)?;
    let version = survivor.version;
    let mut card = merge_plan::read(tx, ctx, survivor)?;
    let reached = card.personal.clone();
    let mut changed_since = Vec::new();
    for change in &changes {
        if merge_fields::value(&card, change.field) == change.to {
            merge_fields::set(&mut card, change.field, &change.from)?;
        } else {
            changed_since.push(change.field);
        }
    }
    card.seal(ctx.vault(), &reached)?;
    card.customer.version = version + 1;
    card.customer.updated_at = ctx.now;
    let id = card.customer.id;
    if !customers::update(tx, id, version, &maintenance::change_of(&card.customer))? {
        return Err(AppError::lost_race("the survivor changed meanwhile"));
    }
    merges::set_beside(tx, &card.customer)?;
    customers::update_profile(tx, id, &card.profile)?;
    Ok((card.customer, changed_since))
}

fn give_back_keys(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    row: &Merge,
    survivor: &Customer,
    moves: &[MergeMove],
) -> AppResult<()> {
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let wanted = registration::keys_of(tx, ctx, survivor, &settings)?;
    let wants = |key: &KeyDetail| {
        wanted.iter().any(|own: &RegistrationKey| {
            own.line == key.line && own.key_kind == key.key_kind && own.key_value == key.key_value
        })
    };
    let mut outcomes = Outcomes::default();
    for moved in of(moves, MovedKind::Key, MoveAction::Moved) {
        let key: KeyDetail = read(&moved.detail)?;
        if wants(&key) {
            return Err(merging::key_in_use().into());
        }
        let (from, to) = (row.survivor_id, row.absorbed_id);
        let back = merge_rows::move_key(tx, key.line, key.key_kind, &key.key_value, from, to)?;
        outcomes.add(moved.id, back);
    }
    outcomes.keep(tx)
}

/// Records go back as they are by now; what is new and hangs on an opportunity that goes back goes with it. Answers how
/// many of the latter there were.
fn give_back_rows(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    row: &Merge,
    moves: &[MergeMove],
) -> AppResult<usize> {
    let (from, to) = (row.survivor_id, row.absorbed_id);
    let mut outcomes = Outcomes::default();
    let mut opportunities: Vec<AnyId> = Vec::new();
    let mut hung = 0;
    for follower in FOLLOWERS {
        let moved: Vec<&MergeMove> = of(moves, follower.kind, MoveAction::Moved).collect();
        let ids: Vec<AnyId> = moved.iter().map(|moved| moved.record_id).collect();
        let back = (follower.relink)(tx, &ids, from, to, ctx.now)?;
        for moved in moved {
            outcomes.add(moved.id, back.contains(&moved.record_id));
        }
        for stayed in of(moves, follower.kind, MoveAction::Stayed) {
            outcomes.add(stayed.id, true);
        }
        match follower.hanging {
            Some(hanging) => {
                let new = hanging(tx, from, &opportunities)?;
                hung += (follower.relink)(tx, &new, from, to, ctx.now)?.len();
            }
            // They are the first that go back.
            None if follower.kind == MovedKind::Opportunity => opportunities = back,
            None => {}
        }
    }
    outcomes.keep(tx)?;
    Ok(hung)
}

fn give_back_contacts_and_shares(
    tx: &mut Tx<'_>,
    row: &Merge,
    moves: &[MergeMove],
) -> AppResult<()> {
    let mut outcomes = Outcomes::default();
    for noted in of(moves, MovedKind::Contact, MoveAction::Equal) {
        let detail: EqualDetail = read(&noted.detail)?;
        let mut all = true;
        for activity in &detail.activities {
            let (equal, own) = (detail.equal_to.cast(), noted.record_id.cast());
            all &= merge_rows::set_contact(tx, *activity, equal, own)?;
        }
        outcomes.add(noted.id, all);
    }
    for share in moves.iter().filter(|moved| moved.kind == MovedKind::Share) {
        let detail: ShareDetail = read(&share.detail)?;
        let back = match (detail.user_id, detail.joined) {
            (_, Some((survivors, before, after))) => {
                merge_rows::set_terms(tx, survivors.cast(), after, before)?
            }
            (Some(user), None) => {
                let (from, to) = (row.survivor_id, row.absorbed_id);
                merge_rows::move_share(tx, share.record_id.cast(), user.cast(), from, to)?
            }
            (None, None) => false,
        };
        outcomes.add(share.id, back);
    }
    outcomes.keep(tx)
}

fn of(
    moves: &[MergeMove],
    kind: MovedKind,
    action: MoveAction,
) -> impl Iterator<Item = &MergeMove> {
    moves
        .iter()
        .filter(move |moved| moved.kind == kind && moved.action == action)
}

fn read<T: DeserializeOwned>(text: &str) -> AppResult<T> {
    serde_json::from_str(text).map_err(AppError::internal)
}

/// What became of the ledger's rows.
#[derive(Default)]
struct Outcomes {
    back: Vec<MergeMoveId>,
    left: Vec<MergeMoveId>,
}

impl Outcomes {
    fn add(&mut self, id: MergeMoveId, back: bool) {
        if back {
            self.back.push(id);
        } else {
            self.left.push(id);
        }
    }

    fn keep(self, tx: &mut Tx<'_>) -> AppResult<()> {
        merges::note_outcome(tx, &self.back, MoveOutcome::Restored)?;
        merges::note_outcome(tx, &self.left, MoveOutcome::ChangedSince)
    }
}
