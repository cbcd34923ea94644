//! Two cards that are one customer become one (DUP-09): preview and merge. The undo is in [`super::merge_undo`], the ledger
//! in [`super::merge_views`].

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    maintenance, matching_index, merge_fields,
    merge_plan::{self, Plan, SharePlan},
    merge_views::{preview_view, view},
    registration, standing, worklist,
};
use crate::{
    api::customers::merge::{MergePreview, MergePreviewRequest, MergeView, NewMerge},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{AnyId, CustomerId, MergeId},
        vocabulary::{
            Capability, CustomerState, KeyKind, Line, MergeState, MoveAction, MovedKind,
            SubjectKind,
        },
    },
    error::{AppError, AppResult, Code, FieldError},
    models::customers::{
        customer::{Customer, RegistrationKey},
        merge::{Merge, MergeMove},
    },
    policy::{
        Setting,
        customers::{merging::DuplicateSettings, registration::RegistrationSettings},
    },
    repositories::{
        customers::{
            customers,
            merge_rows::{self, FOLLOWERS, Terms},
            merges,
            registration_keys::{self, NotClaimed},
        },
        governance::access::read_only,
    },
};

/// A key as the ledger keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeyDetail {
    pub line: Line,
    pub key_kind: KeyKind,
    pub key_value: String,
}

/// An equal contact as the ledger keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EqualDetail {
    pub equal_to: AnyId,
    pub activities: Vec<AnyId>,
}

/// A share as the ledger keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShareDetail {
    /// With whom, if it moved.
    pub user_id: Option<AnyId>,
    /// The survivor's share that it was joined with, with its terms before and after.
    pub joined: Option<(AnyId, Terms, Terms)>,
}

/// What a merge of the two would do. Nothing is changed.
///
/// # Errors
/// 404; 403 unless the caller may merge them; 422 for an unknown or the same customer.
pub fn preview(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
    body: &MergePreviewRequest,
) -> AppResult<MergePreview> {
    let survivor = customers::find(conn, ctx, id)?;
    let absorbed = other(conn, ctx, &survivor, body.absorbed_id)?;
    permitted(conn, ctx, &survivor, &absorbed)?;
    let survivor = merge_plan::read(conn, ctx, survivor)?;
    let absorbed = merge_plan::read(conn, ctx, absorbed)?;
    let plan = merge_plan::draw_up(conn, ctx, survivor, absorbed, &body.take_from_absorbed)?;
    preview_view(conn, plan)
}

/// Merges: exactly what was previewed, or nothing. Both rows are locked first, in one order for everybody, so that of two
/// merges, or a merge and an edit, a transfer or a registration at one moment each sees the other's outcome.
///
/// # Errors
/// 404, 403, 422 as the preview; 412 when either customer, or anything that would move, has changed since; 409 with
/// everything that stands against it.
pub fn merge(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId, body: &NewMerge) -> AppResult<MergeView> {
    lock_both(tx, id, body.absorbed_id)?;
    let survivor = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(survivor.version)?;
    let absorbed = other(tx, ctx, &survivor, body.absorbed_id)?;
    permitted(tx, ctx, &survivor, &absorbed)?;
    if absorbed.state == CustomerState::Merged {
        return Err(customers::merged(tx, absorbed.id)?);
    }
    if absorbed.version != body.absorbed_version {
        return Err(AppError::stale().with("changed", "absorbed"));
    }
    let reason = reason(&body.reason)?;
    let survivor = merge_plan::read(tx, ctx, survivor)?;
    let absorbed = merge_plan::read(tx, ctx, absorbed)?;
    let plan = merge_plan::draw_up(tx, ctx, survivor, absorbed, &body.take_from_absorbed)?;
    if !plan.obstacles.is_empty() {
        return Err(AppError::refused(plan.obstacles));
    }
    if plan.fingerprint() != body.fingerprint {
        return Err(AppError::stale().with("changed", "preview"));
    }
    let settings = ctx.policy::<DuplicateSettings>()?;
    let days = chrono::Duration::days(i64::from(settings.value.undo_days));
    let merge_id = ctx.new_id();
    let row = Merge {
        id: merge_id,
        survivor_id: id,
        absorbed_id: body.absorbed_id,
        survivor_name: plan.survivor.customer.name.clone(),
        absorbed_name: plan.absorbed.customer.name.clone(),
        absorbed_state: plan.absorbed.customer.state,
        survivor_version: plan.survivor.customer.version + 1,
        fields: merge_fields::sealed(ctx.vault(), merge_id, &plan.changes())?,
        counts: serde_json::to_string(&plan.counts()).map_err(AppError::internal)?,
        reason,
        state: MergeState::Done,
        merged_by: ctx.actor.id,
        undo_until: ctx.now.plus(days),
        undone_by: None,
        undone_at: None,
        undo_reason: None,
        policy_number: settings.number,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    carry_out(tx, ctx, &plan, &row)?;
    note(tx, ctx, &plan, &row);
    matching_index::refresh(tx, ctx, &[row.survivor_id, row.absorbed_id])?;
    worklist::merged(tx, ctx, &row)?;
    let survivor = customers::unguarded(tx, id)?;
    worklist::look(tx, ctx, &survivor)?;
    view(tx, ctx, row)
}

/// Takes both rows' locks in one order for everybody.
pub(super) fn lock_both(tx: &mut Tx<'_>, one: CustomerId, other: CustomerId) -> AppResult<()> {
    customers::lock(tx, one.min(other))?;
    customers::lock(tx, one.max(other))
}

fn other(
    conn: &mut Conn,
    ctx: &Ctx,
    survivor: &Customer,
    absorbed: CustomerId,
) -> AppResult<Customer> {
    let refuse = |code: &str, zh: &str, en: &str| {
        AppError::invalid(vec![FieldError::new("/absorbed_id", code, zh, en)]).rule("DUP-09")
    };
    if absorbed == survivor.id {
        return Err(refuse(
            "SAME_CUSTOMER",
            "不能与自身合并",
            "a customer is not merged with itself",
        ));
    }
    match customers::find(conn, ctx, absorbed) {
        Err(error) if error.code() == Code::NotFound => Err(refuse(
            "UNKNOWN_CUSTOMER",
            "没有这个客户，或您无权查看",
            "there is no such customer, or you may not see it",
        )),
        found => found,
    }
}

/// Who may merge: the owner of both, or a holder of MERGE_CUSTOMERS who may change both (ORG-10).
fn permitted(
    conn: &mut Conn,
    ctx: &Ctx,
    survivor: &Customer,
    absorbed: &Customer,
) -> AppResult<()> {
    if survivor.owner_id == ctx.actor.id && absorbed.owner_id == ctx.actor.id {
        return Ok(());
    }
    ctx.require(Capability::MergeCustomers)?;
    for customer in [survivor, absorbed] {
        if !customers::might_write(conn, ctx, customer.id)? {
            return Err(read_only());
        }
    }
    Ok(())
}

/// Why, trimmed.
pub(super) fn reason(text: &str) -> AppResult<String> {
    registration::trimmed(Some(text)).ok_or_else(|| {
        AppError::invalid(vec![FieldError::new(
            "/reason",
            "BLANK",
            "不能为空白",
            "must not be blank",
        )])
    })
}

fn carry_out(tx: &mut Tx<'_>, ctx: &Ctx, plan: &Plan, row: &Merge) -> AppResult<()> {
    let (s, a) = (row.survivor_id, row.absorbed_id);
    let mut after = plan.result.customer.clone();
    after.version = plan.survivor.customer.version + 1;
    after.updated_at = ctx.now;
    let change = maintenance::change_of(&after);
    if !customers::update(tx, s, plan.survivor.customer.version, &change)?
        || !customers::set_state(tx, &plan.absorbed.customer, CustomerState::Merged, ctx.now)?
    {
        return Err(ctx.lost_update());
    }
    merges::set_beside(tx, &after)?;
    customers::update_profile(tx, s, &plan.result.profile)?;
    let mut ledger = Ledger {
        ctx,
        merge: row.id,
        rows: Vec::new(),
    };
    hand_over_keys(tx, plan, row, &mut ledger)?;
    claim_missing(tx, ctx, &after)?;
    for equal in &plan.equal_contacts {
        for activity in &equal.activities {
            merge_rows::set_contact(tx, *activity, equal.contact.id, equal.equal_to)?;
        }
        let detail = EqualDetail {
            equal_to: equal.equal_to.cast(),
            activities: equal.activities.clone(),
        };
        ledger.note(
            MovedKind::Contact,
            equal.contact.id.cast(),
            MoveAction::Equal,
            &detail,
        )?;
    }
    for follower in FOLLOWERS {
        let Some((kind, ids)) = plan.moves.iter().find(|(kind, _)| *kind == follower.kind) else {
            continue;
        };
        let moved = (follower.relink)(tx, ids, a, s, ctx.now)?;
        if moved.len() != ids.len() {
            return Err(AppError::lost_race("a record moved meanwhile"));
        }
        for id in ids {
            ledger.note(*kind, *id, MoveAction::Moved, &json!({}))?;
        }
    }
    standing::refresh(tx, s, &plan.result.profile)?;
    for stays in &plan.staying {
        let detail = json!({ "own": stays.met.own });
        ledger.note(stays.kind, stays.met.id, MoveAction::Stayed, &detail)?;
    }
    for share in &plan.shares {
        hand_over_share(tx, share, row, &mut ledger)?;
    }
    merges::insert(tx, row, &ledger.rows)
}

struct Ledger<'c> {
    ctx: &'c Ctx,
    merge: MergeId,
    rows: Vec<MergeMove>,
}

impl Ledger<'_> {
    fn note(
        &mut self,
        kind: MovedKind,
        record_id: AnyId,
        action: MoveAction,
        detail: &impl Serialize,
    ) -> AppResult<()> {
        self.rows.push(MergeMove {
            id: self.ctx.new_id(),
            merge_id: self.merge,
            position: i64::try_from(self.rows.len()).unwrap_or(i64::MAX),
            kind,
            record_id,
            action,
            detail: serde_json::to_string(detail).map_err(AppError::internal)?,
            outcome: None,
        });
        Ok(())
    }
}

/// The absorbed one's keys lead to the survivor from now on: a registration of its name meets the survivor (CONF-01).
fn hand_over_keys(
    tx: &mut Tx<'_>,
    plan: &Plan,
    row: &Merge,
    ledger: &mut Ledger<'_>,
) -> AppResult<()> {
    let moved = plan.keys.iter().map(|key| (key, MoveAction::Moved));
    let kept = plan.former_keys.iter().map(|key| (key, MoveAction::Kept));
    for (key, action) in moved.chain(kept) {
        let (from, to) = (row.absorbed_id, row.survivor_id);
        if action == MoveAction::Moved
            && !merge_rows::move_key(tx, key.line, key.key_kind, &key.key_value, from, to)?
        {
            return Err(AppError::lost_race("a key went to another customer"));
        }
        let detail = KeyDetail {
            line: key.line,
            key_kind: key.key_kind,
            key_value: key.key_value.clone(),
        };
        ledger.note(MovedKind::Key, key.customer_id.cast(), action, &detail)?;
    }
    Ok(())
}

/// A value that came from the absorbed card may ask for a key that nobody held while it was there.
pub(super) fn claim_missing(tx: &mut Tx<'_>, ctx: &Ctx, after: &Customer) -> AppResult<()> {
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let held = registration_keys::held(tx, after.id)?;
    let mut missing = registration::keys_of(tx, ctx, after, &settings)?;
    missing.retain(|key| !held.iter().any(|h| registration::same_key(h, key)));
    match tx.savepoint(|tx| registration_keys::claim(tx, &missing)) {
        Ok(()) => Ok(()),
        Err(NotClaimed::Failed(error)) => Err(error),
        Err(NotClaimed::Taken(key)) => {
            let label = key.key_kind.label();
            Err(AppError::new(
                Code::Duplicate,
                format!("{}已属于第三个客户；请改选字段。", label.zh),
                format!(
                    "The {} belongs to a third customer: choose other fields.",
                    label.en
                ),
            )
            .rule("CONF-01"))
        }
    }
}

fn hand_over_share(
    tx: &mut Tx<'_>,
    share: &SharePlan,
    row: &Merge,
    ledger: &mut Ledger<'_>,
) -> AppResult<()> {
    match share {
        SharePlan::Move(id, user) => {
            if !merge_rows::move_share(tx, *id, *user, row.absorbed_id, row.survivor_id)? {
                return Err(AppError::lost_race("the customer was shared meanwhile"));
            }
            let detail = ShareDetail {
                user_id: Some(user.cast()),
                joined: None,
            };
            ledger.note(MovedKind::Share, id.cast(), MoveAction::Moved, &detail)
        }
        SharePlan::Join {
            absorbed,
            survivor,
            from,
            to,
        } => {
            if !merge_rows::set_terms(tx, *survivor, *from, *to)? {
                return Err(AppError::lost_race("the share changed meanwhile"));
            }
            let detail = ShareDetail {
                user_id: None,
                joined: Some((survivor.cast(), *from, *to)),
            };
            ledger.note(
                MovedKind::Share,
                absorbed.cast(),
                MoveAction::Joined,
                &detail,
            )
        }
    }
}

fn note(tx: &mut Tx<'_>, ctx: &Ctx, plan: &Plan, row: &Merge) {
    let fields: Vec<_> = plan
        .changes()
        .into_iter()
        .map(|change| change.field)
        .collect();
    let data = json!({
        "merge_id": row.id, "absorbed_id": row.absorbed_id, "absorbed_name": row.absorbed_name,
        "reason": row.reason, "counts": plan.counts(), "fields": fields,
        "policy_key": DuplicateSettings::KEY, "policy_number": row.policy_number,
    });
    let kind = SubjectKind::Customer;
    ctx.record(
        tx,
        kind,
        row.survivor_id,
        "customer.merged",
        &data,
        Some("DUP-09"),
    );
    let data = json!({ "merge_id": row.id, "survivor_id": row.survivor_id, "reason": row.reason });
    ctx.record(
        tx,
        kind,
        row.absorbed_id,
        "customer.merged_into",
        &data,
        Some("DUP-09"),
    );
}

/// The keys that a customer holds from its merges: an edit of its own fields does not let go of them.
///
/// # Errors
/// A database fault.
pub fn inherited_keys(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
) -> AppResult<Vec<RegistrationKey>> {
    let details = merges::inherited_keys(conn, id)?;
    details
        .iter()
        .map(|text| {
            let key: KeyDetail = serde_json::from_str(text).map_err(AppError::internal)?;
            Ok(RegistrationKey {
                line: key.line,
                key_kind: key.key_kind,
                key_value: key.key_value,
                customer_id: id,
                claimed_at: ctx.now,
            })
        })
        .collect()
}
