//! The scan of the whole registry for likely duplicates (DUP-10), step by step as a job.

use super::worklist::look_with;
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
    repositories::{customers::duplicate_pairs, platform::jobs as rows},
    services::{
        governance::policies,
        platform::jobs::{self, NewJob, Progress},
    },
};

/// How many customers one step of a scan looks at.
const STEP: i64 = 200;

/// Queues a scan of the whole registry.
///
/// # Errors
/// 403.
pub fn queue_scan(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<JobView> {
    ctx.require(Capability::MergeCustomers)?;
    let total = duplicate_pairs::registry_size(tx)?;
    jobs::queue(tx, ctx, whole(total))
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
