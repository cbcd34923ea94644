//! The scan of the whole registry for likely duplicates (DUP-10), step by step as a job.

use super::worklist::{is_due, look_with};
use crate::{
    api::platform::job::JobView,
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, JobId},
        vocabulary::{Capability, JobKind},
    },
    error::{AppResult, Text},
    policy::customers::merging::DuplicateSettings,
    repositories::{
        customers::{customers, duplicate_pairs},
        platform::jobs as rows,
    },
    services::platform::jobs::{self, NewJob, Progress},
};

/// How many customers one step of a scan looks at, and at how many of those whose pairs change one unit of work looks:
/// on SQLite everybody else's writes wait for it.
const STEP: i64 = 200;
const WRITTEN: usize = 4;

/// Queues a scan of the whole registry.
///
/// # Errors
/// 403.
pub fn queue_scan(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<JobView> {
    ctx.require(Capability::MergeCustomers)?;
    let total = duplicate_pairs::registry_size(tx)?;
    jobs::queue(tx, ctx, whole(total))
}

/// After many customers have come in at once: the database learns of it, and a scan waits.
///
/// # Errors
/// A database fault.
pub fn after_import(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<()> {
    customers::have_grown(tx)?;
    scan_later(tx, ctx)
}

/// Queues a scan for what an import brought, which nobody has looked at (AMB-46), unless one waits already.
///
/// # Errors
/// A database fault.
fn scan_later(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<()> {
    if rows::is_queued(tx, JobKind::ScanDuplicates)? {
        return Ok(());
    }
    let total = duplicate_pairs::registry_size(tx)?;
    jobs::queue(tx, ctx, whole(total)).map(drop)
}

fn whole(total: i64) -> NewJob {
    NewJob {
        kind: JobKind::ScanDuplicates,
        params: "{}".to_owned(),
        total,
        file_id: None,
    }
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

/// What a step of a scan is to write.
pub struct Due {
    /// Customers whose pairs change, a few to each unit of work.
    pub changing: Vec<Vec<CustomerId>>,
    /// How many customers were looked at.
    pub looked: i64,
    /// The last of them.
    pub last: CustomerId,
}

/// Looks at the next customers without writing; nothing when there are no more.
///
/// # Errors
/// A database fault.
pub fn due(conn: &mut Conn, ctx: &Ctx, last: Option<CustomerId>) -> AppResult<Option<Due>> {
    let settings = ctx.policy::<DuplicateSettings>()?.value;
    let found = duplicate_pairs::after(conn, last, STEP)?;
    let Some(last) = found.last().map(|customer| customer.id) else {
        return Ok(None);
    };
    let mut changing = Vec::new();
    for customer in &found {
        if is_due(conn, ctx, customer, &settings)? {
            changing.push(customer.id);
        }
    }
    Ok(Some(Due {
        changing: changing.chunks(WRITTEN).map(<[_]>::to_vec).collect(),
        looked: i64::try_from(found.len()).unwrap_or(i64::MAX),
        last,
    }))
}

/// Keeps the pairs of some customers as they are now, whatever was seen before, and the progress so far. False when the job
/// is not this worker's any more, or is to stop.
///
/// # Errors
/// A database fault.
pub fn scan(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (job, worker): (JobId, &str),
    progress: Progress,
    changing: &[CustomerId],
) -> AppResult<bool> {
    if !rows::advance(tx, job, worker, progress, ctx.now)? {
        return Ok(false);
    }
    let settings = ctx.policy::<DuplicateSettings>()?.value;
    for id in changing {
        let customer = customers::unguarded(tx, *id)?;
        look_with(tx, ctx, &customer, &settings)?;
    }
    Ok(true)
}

/// How a scan ended, in both languages.
pub fn scan_summary(progress: Progress) -> Text {
    let done = progress.done;
    Text::new(
        format!("已检查 {done} 个客户。"),
        format!("{done} customers looked at."),
    )
}
