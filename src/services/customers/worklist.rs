//! The worklist of likely duplicates (DUP-10): kept up to date with every registration and edit, completed by a scan of
//! the whole registry; dismissed, reopened, closed by a merge.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::similar::{self, Similar};
use crate::{
    api::{
        csv::Csv,
        customers::duplicate_pair::{Dismissal, DuplicatePairView, PairFilter, PairSide},
        platform::job::JobView,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{CustomerId, DuplicatePairId, JobId},
        timestamp::Timestamp,
        vocabulary::{Capability, CustomerState, JobKind, PairReason, PairState, SubjectKind},
    },
    error::{AppError, AppResult, Text},
    http::Listed,
    models::customers::{customer::Customer, duplicate_pair::DuplicatePair, merge::Merge},
    policy::customers::{
        duplicate_pair::{Command, admitted, found_again, may},
        merging::DuplicateSettings,
    },
    repositories::{
        customers::{
            customers,
            duplicate_pairs::{self, Narrow},
        },
        governance::access::read_only,
        org::names,
        platform::jobs as rows,
    },
    services::{
        governance::policies,
        platform::jobs::{self, Progress},
    },
};

pub use crate::repositories::customers::duplicate_pairs::PairSort;

/// How many customers one step of a scan looks at.
const STEP: i64 = 200;

/// Looks for customers that are likely the same as this one, which has just been registered or changed.
///
/// # Errors
/// A database fault.
pub fn look(tx: &mut Tx<'_>, ctx: &Ctx, customer: &Customer) -> AppResult<()> {
    let settings = policies::current::<DuplicateSettings>(tx, ctx.now)?.value;
    look_with(tx, ctx, customer, &settings)
}

fn look_with(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    settings: &DuplicateSettings,
) -> AppResult<()> {
    let gone = customer.deleted_at.is_some() || customer.state == CustomerState::Merged;
    let found = if gone {
        Vec::new()
    } else {
        similar::of(tx, customer, settings.min_score)?
    };
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
        keep(tx, ctx, pair, |next| next.state = PairState::Resolved)?;
    }
    Ok(())
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
        .likeness
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
        score: i32::from(similar.likeness.score),
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
    let score = i32::from(similar.likeness.score);
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

/// One page of the pairs of which the caller may see at least one customer.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<PairFilter, PairSort>,
) -> AppResult<Page<DuplicatePairView>> {
    let filter = query.filter.clone();
    let narrow = Narrow {
        states: Csv::values(filter.state_in),
        customer: filter.customer_id,
        owner: filter.owner_id,
        unit: filter.unit_id,
        score_from: filter.score_gte,
        due_before: filter.due_at_lt,
    };
    duplicate_pairs::list(conn, ctx, &narrow, &query.page)?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// A pair.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: DuplicatePairId) -> AppResult<DuplicatePairView> {
    let pair = duplicate_pairs::find(conn, ctx, id)?;
    view(conn, ctx, pair)
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

fn may_decide(conn: &mut Conn, ctx: &Ctx, pair: &DuplicatePair) -> AppResult<bool> {
    Ok(customers::may_write(conn, ctx, pair.left_id)?
        || customers::may_write(conn, ctx, pair.right_id)?)
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

/// Queues a scan of the whole registry.
///
/// # Errors
/// 403.
pub fn queue_scan(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<JobView> {
    ctx.require(Capability::MergeCustomers)?;
    let total = duplicate_pairs::registry_size(tx)?;
    jobs::queue(tx, ctx, JobKind::ScanDuplicates, "{}".to_owned(), total, "")
}

/// Queues a scan for what an import brought, which nobody has looked at (AMB-46), unless one waits already.
///
/// # Errors
/// A database fault.
pub fn scan_later(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<()> {
    if rows::is_queued(tx, JobKind::ScanDuplicates)? {
        return Ok(());
    }
    let total = duplicate_pairs::registry_size(tx)?;
    jobs::queue(tx, ctx, JobKind::ScanDuplicates, "{}".to_owned(), total, "").map(drop)
}

/// Where a scan that has done so many goes on.
///
/// # Errors
/// A database fault.
pub fn scanned_to(conn: &mut Conn, done: i64) -> AppResult<Option<CustomerId>> {
    if done == 0 {
        return Ok(None);
    }
    duplicate_pairs::at(conn, done)
}

/// What a step of a scan did.
pub enum Scanned {
    /// So far, and up to this customer.
    UpTo(Progress, CustomerId),
    /// All of it.
    All,
    /// The job is not this worker's any more, or is to stop.
    Released,
}

/// One step of a scan, with its progress in one transaction.
///
/// # Errors
/// A database fault.
pub fn scan_step(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (job, worker): (JobId, &str),
    before: Progress,
    last: Option<CustomerId>,
) -> AppResult<Scanned> {
    if !rows::advance(tx, job, worker, before, ctx.now)? {
        return Ok(Scanned::Released);
    }
    let settings = policies::current::<DuplicateSettings>(tx, ctx.now)?.value;
    let found = duplicate_pairs::after(tx, last, STEP)?;
    let Some(last) = found.last().map(|customer| customer.id) else {
        return Ok(Scanned::All);
    };
    for customer in &found {
        look_with(tx, ctx, customer, &settings)?;
    }
    let size = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let after = Progress {
        done: before.done + size,
        ..before
    };
    rows::advance(tx, job, worker, after, ctx.now)?;
    Ok(Scanned::UpTo(after, last))
}

/// How a scan ended, in both languages.
pub fn scan_summary(progress: Progress) -> Text {
    let done = progress.done;
    Text::new(
        format!("已检查 {done} 个客户。"),
        format!("{done} customers looked at."),
    )
}

fn view(conn: &mut Conn, ctx: &Ctx, pair: DuplicatePair) -> AppResult<DuplicatePairView> {
    let may = may_decide(conn, ctx, &pair)?;
    let mut view = views(conn, ctx, vec![pair])?
        .pop()
        .ok_or_else(AppError::not_found)?;
    let both = view.left.customer_id.is_some() && view.right.customer_id.is_some();
    view.allowed_actions = admitted(view.state)
        .into_iter()
        .filter(|command| may && (both || *command != Command::Merge))
        .collect();
    Ok(view)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    rows: Vec<DuplicatePair>,
) -> AppResult<Vec<DuplicatePairView>> {
    let ids: Vec<CustomerId> = rows
        .iter()
        .flat_map(|pair| [pair.left_id, pair.right_id])
        .collect();
    let found: HashMap<CustomerId, Customer> = customers::unguarded_all(conn, &ids)?
        .into_iter()
        .map(|customer| (customer.id, customer))
        .collect();
    let seen: HashSet<CustomerId> = duplicate_pairs::visible_among(conn, ctx, &ids)?
        .into_iter()
        .collect();
    let people = names::directory(
        conn,
        found.values().map(|customer| customer.owner_id),
        found.values().map(|customer| customer.unit_id),
    )?;
    let deciders = names::people(conn, rows.iter().filter_map(|pair| pair.decided_by))?;
    // Of a customer that one may not see only existence, name, owner, department and time are told (AMB-33).
    let side = |id: CustomerId| {
        let customer = found.get(&id).ok_or_else(AppError::not_found)?;
        Ok::<_, AppError>(PairSide {
            customer_id: seen.contains(&id).then_some(id),
            customer_name: customer.name.clone(),
            owner_name: people.user(customer.owner_id),
            department: people.unit(customer.unit_id),
            registered_at: customer.created_at,
        })
    };
    rows.into_iter()
        .map(|pair| {
            Ok(DuplicatePairView {
                id: pair.id,
                left: side(pair.left_id)?,
                right: side(pair.right_id)?,
                score: pair.score,
                reasons: reasons(&pair.reasons),
                state: pair.state,
                found_at: pair.found_at,
                due_at: pair.due_at,
                overdue: pair.state == PairState::Open && ctx.now > pair.due_at,
                decided_by_name: pair.decided_by.map(|user| deciders.name(user)),
                decided_by: pair.decided_by,
                decided_at: pair.decided_at,
                decision_reason: pair.decision_reason,
                merge_id: pair.merge_id,
                version: pair.version,
                created_at: pair.created_at,
                updated_at: pair.updated_at,
                allowed_actions: Vec::new(),
            })
        })
        .collect()
}

fn reasons(text: &str) -> Vec<PairReason> {
    text.split(',')
        .filter_map(|word| word.parse().ok())
        .collect()
}
