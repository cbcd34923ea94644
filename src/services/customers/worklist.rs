//! The worklist of likely duplicates (DUP-10): kept up to date with every registration and edit, completed by a scan of
//! the whole registry; dismissed, reopened, closed by a merge.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::{
    likeness::{self, Candidate},
    similar::{self, Similar},
    worklist_views::{may_decide, view},
};
use crate::{
    api::customers::duplicate_pair::{Dismissal, DuplicatePairView},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, DuplicatePairId},
        timestamp::Timestamp,
        vocabulary::{CustomerState, PairState, SubjectKind},
    },
    error::{AppError, AppResult},
    models::customers::{customer::Customer, duplicate_pair::DuplicatePair, merge::Merge},
    policy::customers::{
        duplicate_pair::{Command, found_again, may},
        merging::DuplicateSettings,
    },
    repositories::{
        customers::{customers, duplicate_pairs},
        governance::access::read_only,
    },
};

/// Looks for customers that are likely the same as this one, which has just been registered or changed.
///
/// # Errors
/// A database fault.
pub fn look(tx: &mut Tx<'_>, ctx: &Ctx, customer: &Customer) -> AppResult<()> {
    let settings = ctx.policy::<DuplicateSettings>()?.value;
    look_with(tx, ctx, customer, &settings)
}

/// Keeps the pairs of a customer that has just been registered with what the look-up found: with nothing, nothing.
///
/// # Errors
/// A database fault.
pub fn note(tx: &mut Tx<'_>, ctx: &Ctx, customer: &Customer, found: &[Candidate]) -> AppResult<()> {
    if found.is_empty() {
        return Ok(());
    }
    let settings = ctx.policy::<DuplicateSettings>()?.value;
    pairs(tx, ctx, customer, found, &settings)
}

/// The same with settings that have been looked up: for many customers.
///
/// # Errors
/// A database fault.
pub(super) fn look_with(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    settings: &DuplicateSettings,
) -> AppResult<()> {
    let found = if is_gone(customer) {
        Vec::new()
    } else {
        likeness::of_customer(tx, ctx, customer)?
    };
    pairs(tx, ctx, customer, &found, settings)
}

fn pairs(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    found: &[Candidate],
    settings: &DuplicateSettings,
) -> AppResult<()> {
    let found = similar::among(tx, found, settings.min_score)?;
    let known = duplicate_pairs::of_customer(tx, customer.id)?;
    let known_by: HashMap<CustomerId, &DuplicatePair> = known
        .iter()
        .map(|pair| (other_of(pair, customer.id), pair))
        .collect();
    let days = u32::from(settings.tidy_business_days);
    let last_day = ctx.calendar.add_business_days(ctx.today(), days);
    let due_at = Timestamp::end_of(last_day, ctx.zone);
    for similar in &found {
        match known_by.get(&similar.customer.id) {
            Some(pair) => refresh(tx, ctx, pair, customer, similar, due_at)?,
            None => {
                let pair = new_pair(ctx, customer, similar, due_at);
                duplicate_pairs::insert(tx, &pair)?;
            }
        }
    }
    let alike: HashSet<CustomerId> = found.iter().map(|similar| similar.customer.id).collect();
    for pair in known.iter().filter(|pair| {
        pair.state == PairState::Open && !alike.contains(&other_of(pair, customer.id))
    }) {
        // Only the likeliest are listed: these two may still be alike.
        if !likeness::still_alike(tx, ctx, [pair.left_id, pair.right_id], settings.min_score)? {
            keep(tx, ctx, pair, |next| next.state = PairState::Resolved)?;
        }
    }
    Ok(())
}

/// Whether a look at a customer would change its pairs: for a scan, which looks at everyone and finds little.
///
/// # Errors
/// A database fault.
pub(super) fn is_due(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: &Customer,
    settings: &DuplicateSettings,
) -> AppResult<bool> {
    let known = duplicate_pairs::of_customer(conn, customer.id)?;
    let found = if is_gone(customer) {
        Vec::new()
    } else {
        let found = likeness::of_customer(conn, ctx, customer)?;
        similar::among(conn, &found, settings.min_score)?
    };
    let is_kept = |similar: &Similar| {
        known.iter().any(|pair| {
            let names = names_of(customer, &similar.customer);
            other_of(pair, customer.id) == similar.customer.id
                && pair.state != PairState::Resolved
                && (pair.score, &pair.reasons) == (similar.score, &reasons_of(similar))
                && (&pair.left_name, &pair.right_name) == (&names.0, &names.1)
        })
    };
    let is_found = |pair: &DuplicatePair| {
        let other = other_of(pair, customer.id);
        found.iter().any(|similar| similar.customer.id == other)
    };
    Ok(!found.iter().all(is_kept)
        || known
            .iter()
            .any(|pair| pair.state == PairState::Open && !is_found(pair)))
}

fn is_gone(customer: &Customer) -> bool {
    customer.deleted_at.is_some() || customer.state == CustomerState::Merged
}

fn other_of(pair: &DuplicatePair, one: CustomerId) -> CustomerId {
    if pair.left_id == one {
        pair.right_id
    } else {
        pair.left_id
    }
}

/// Names in the order of the pair's ids.
fn names_of(one: &Customer, other: &Customer) -> (String, String) {
    let (left, right) = if one.id < other.id {
        (one, other)
    } else {
        (other, one)
    };
    (left.folded_name.clone(), right.folded_name.clone())
}

fn reasons_of(similar: &Similar) -> String {
    let reasons: Vec<_> = similar
        .reasons
        .iter()
        .map(|reason| reason.as_str())
        .collect();
    reasons.join(",")
}

fn new_pair(ctx: &Ctx, one: &Customer, similar: &Similar, due_at: Timestamp) -> DuplicatePair {
    let other = &similar.customer;
    let (left_name, right_name) = names_of(one, other);
    DuplicatePair {
        id: ctx.new_id(),
        left_id: one.id.min(other.id),
        right_id: one.id.max(other.id),
        score: similar.score,
        reasons: reasons_of(similar),
        state: PairState::Open,
        found_at: ctx.now,
        due_at,
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        left_name,
        right_name,
        merge_id: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    }
}

fn refresh(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    pair: &DuplicatePair,
    one: &Customer,
    similar: &Similar,
    due_at: Timestamp,
) -> AppResult<()> {
    let (left_name, right_name) = names_of(one, &similar.customer);
    let renamed = left_name != pair.left_name || right_name != pair.right_name;
    let state = found_again(pair.state, renamed);
    let score = similar.score;
    let reasons = reasons_of(similar);
    let same = state == pair.state && score == pair.score && reasons == pair.reasons;
    if pair.state == PairState::Merged || same && !(renamed && state == PairState::Open) {
        return Ok(());
    }
    keep(tx, ctx, pair, |next| {
        if state == PairState::Open && pair.state != PairState::Open {
            next.found_at = ctx.now;
            next.due_at = due_at;
            next.merge_id = None;
        }
        if state == PairState::Open {
            next.left_name = left_name;
            next.right_name = right_name;
        }
        next.state = state;
        next.score = score;
        next.reasons = reasons;
    })
}

/// Keeps a changed pair; what somebody else changed at the same moment stands.
fn keep(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    pair: &DuplicatePair,
    change: impl FnOnce(&mut DuplicatePair),
) -> AppResult<()> {
    let mut next = pair.clone();
    change(&mut next);
    next.version = pair.version + 1;
    next.updated_at = ctx.now;
    if duplicate_pairs::save(tx, &next, pair.version)? {
        Ok(())
    } else {
        Err(AppError::lost_race("the pair changed meanwhile"))
    }
}

/// They are two customers: the pair is not proposed again unless one of their names changes.
///
/// # Errors
/// 404; 403 unless the caller may change one of the two; 409 when it is settled; 412.
pub fn dismiss(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DuplicatePairId,
    body: &Dismissal,
) -> AppResult<DuplicatePairView> {
    let reason = super::merges::reason(&body.reason)?;
    decide(tx, ctx, id, Command::Dismiss, Some(reason))
}

/// A dismissal is taken back: the pair is to be tidied again.
///
/// # Errors
/// As [`dismiss`].
pub fn reopen(tx: &mut Tx<'_>, ctx: &Ctx, id: DuplicatePairId) -> AppResult<DuplicatePairView> {
    decide(tx, ctx, id, Command::Reopen, None)
}

fn decide(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DuplicatePairId,
    command: Command,
    reason: Option<String>,
) -> AppResult<DuplicatePairView> {
    let read = duplicate_pairs::find(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    if !may_decide(tx, ctx, &read)? {
        return Err(read_only());
    }
    let mut next = read.clone();
    next.state = may(read.state, command)?;
    let sides = customers::unguarded_all(tx, &[read.left_id, read.right_id])?;
    if let [one, other] = sides.as_slice() {
        (next.left_name, next.right_name) = names_of(one, other);
    }
    next.decided_by = Some(ctx.actor.id);
    next.decided_at = Some(ctx.now);
    next.decision_reason = reason;
    next.version = read.version + 1;
    next.updated_at = ctx.now;
    if !duplicate_pairs::save(tx, &next, read.version)? {
        return Err(ctx.lost_update());
    }
    let kind = match command {
        Command::Reopen => "customer.duplicate_reopened",
        Command::Dismiss | Command::Merge => "customer.duplicate_dismissed",
    };
    for (one, other) in [(read.left_id, read.right_id), (read.right_id, read.left_id)] {
        let data = json!({ "pair_id": id, "other_id": other, "reason": next.decision_reason });
        ctx.record(tx, SubjectKind::Customer, one, kind, &data, Some("DUP-10"));
    }
    view(tx, ctx, next)
}

/// A merge settles the pair of the two, and all others of the absorbed one.
///
/// # Errors
/// A lost race.
pub fn merged(tx: &mut Tx<'_>, ctx: &Ctx, merge: &Merge) -> AppResult<()> {
    for pair in duplicate_pairs::of_customer(tx, merge.absorbed_id)? {
        let with_survivor = other_of(&pair, merge.absorbed_id) == merge.survivor_id;
        let state = match (with_survivor, pair.state) {
            (true, _) => PairState::Merged,
            (false, PairState::Open) => PairState::Resolved,
            (false, _) => continue,
        };
        keep(tx, ctx, &pair, |next| {
            next.state = state;
            next.merge_id = Some(merge.id);
        })?;
    }
    Ok(())
}

/// After an undo both are looked at again; that the two are two customers has just been said.
///
/// # Errors
/// A lost race.
pub fn unmerged(tx: &mut Tx<'_>, ctx: &Ctx, merge: &Merge) -> AppResult<()> {
    for id in [merge.absorbed_id, merge.survivor_id] {
        let customer = customers::unguarded(tx, id)?;
        look(tx, ctx, &customer)?;
    }
    let pairs = duplicate_pairs::of_customer(tx, merge.absorbed_id)?;
    let between = pairs
        .iter()
        .find(|pair| other_of(pair, merge.absorbed_id) == merge.survivor_id);
    match between {
        Some(pair) => keep(tx, ctx, pair, |next| {
            next.state = PairState::Dismissed;
            next.merge_id = None;
            next.decided_by = Some(ctx.actor.id);
            next.decided_at = Some(ctx.now);
            next.decision_reason = None;
        }),
        None => Ok(()),
    }
}
