//! The scan of the registry, or of what came into it lately, for likely duplicates (DUP-10), step by step as a job.

use serde::{Deserialize, Serialize};

use super::worklist::{is_due, look_with};
use crate::{
    api::platform::job::JobView,
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, JobId},
        timestamp::Timestamp,
        vocabulary::{Capability, JobKind},
    },
    error::{AppError, AppResult, Text},
    models::platform::job::Job,
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

/// What a scan was told; kept with its job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The first customer that is looked at, in the order of ids; the registry's first if none is said.
    #[serde(default)]
    pub from: Option<CustomerId>,
}

/// Queues a scan of the whole registry.
///
/// # Errors
/// 403.
pub fn queue_scan(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<JobView> {
    ctx.require(Capability::MergeCustomers)?;
    queue(tx, ctx, Told::default())
}

/// After many customers have come in at once: the database learns of it, and a scan of what has come since `began`, which
/// nobody has looked at, waits (AMB-46).
///
/// # Errors
/// A database fault.
pub fn after_import(tx: &mut Tx<'_>, ctx: &Ctx, began: Timestamp) -> AppResult<()> {
    customers::have_grown(tx)?;
    let Some(from) = duplicate_pairs::first_since(tx, began)? else {
        return Ok(());
    };
    // One that waits is told to begin earlier, if need be. If it is begun meanwhile, there is another.
    for job in rows::queued(tx, JobKind::ScanDuplicates)? {
        let waiting = told(&job)?;
        if waiting.from.is_none_or(|earlier| earlier <= from) {
            return Ok(());
        }
        let sooner = Told { from: Some(from) };
        let total = duplicate_pairs::size_from(tx, sooner.from)?;
        if rows::tell_anew(tx, job.id, &params(sooner)?, total, ctx.now)? {
            return Ok(());
        }
    }
    queue(tx, ctx, Told { from: Some(from) }).map(drop)
}

fn queue(tx: &mut Tx<'_>, ctx: &Ctx, told: Told) -> AppResult<JobView> {
    let total = duplicate_pairs::size_from(tx, told.from)?;
    jobs::queue(
        tx,
        ctx,
        NewJob {
            kind: JobKind::ScanDuplicates,
            params: params(told)?,
            total,
            file_id: None,
        },
    )
}

fn params(told: Told) -> AppResult<String> {
    serde_json::to_string(&told).map_err(AppError::internal)
}

/// What a scan was told.
///
/// # Errors
/// A fault if that cannot be read.
pub fn told(job: &Job) -> AppResult<Told> {
    serde_json::from_str(&job.params).map_err(AppError::internal)
}

/// The last customer that a scan which has done so many has looked at.
///
/// # Errors
/// A database fault.
pub fn scanned_to(conn: &mut Conn, told: Told, done: i64) -> AppResult<Option<CustomerId>> {
    if done == 0 {
        return Ok(None);
    }
    duplicate_pairs::at(conn, told.from, done)
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
pub fn due(
    conn: &mut Conn,
    ctx: &Ctx,
    told: Told,
    last: Option<CustomerId>,
) -> AppResult<Option<Due>> {
    let settings = ctx.policy::<DuplicateSettings>()?.value;
    let found = duplicate_pairs::after(conn, told.from, last, STEP)?;
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
