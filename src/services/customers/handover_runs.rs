//! What the job of a handover does, step by step (ORG-25, DUP-18). Each step takes the next records that are still the
//! person's, so it needs no memory: whatever was interrupted goes on with what is left, what the person added or changed
//! meanwhile is taken along, and a step that ran twice finds nothing the second time.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    handovers::{RULE, authorised},
    successions::{self, Moved, Succession},
    transfers::receiver,
};
use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::{HandoverId, JobId, UserId},
        vocabulary::{HandoverState, SubjectKind},
    },
    error::{AppError, AppResult, Text},
    models::{customers::handover::Handover, org::user::User},
    repositories::{
        customers::{handovers, successions as rows},
        org::{departures, users},
        platform::jobs::{self, Progress},
    },
    services::org::{departures::close, fields::Fields, scope},
};

/// Records of one kind that one step takes: short transactions, so that others get their turn.
const STEP: i64 = 50;

/// What the job was told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Told {
    /// The handover.
    pub handover_id: HandoverId,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There may be more.
    More,
    /// Nothing was left, and the handover is done.
    Done,
    /// The job is not this worker's any more, or is to stop.
    Released,
}

/// One step of a handover.
///
/// # Errors
/// 403 or 422 when the right or a receiver is gone; a lost race.
pub fn step(tx: &mut Tx<'_>, ctx: &Ctx, job: (JobId, &str), told: Told) -> AppResult<Step> {
    let (job_id, worker) = job;
    let before = jobs::get(tx, job_id)?;
    let progress = |done| Progress {
        done,
        failed: before.failed,
    };
    // The job's row is locked first, so that two workers never take the same step.
    if !jobs::advance(tx, job_id, worker, progress(before.done), ctx.now)? {
        return Ok(Step::Released);
    }
    let handover = handovers::get(tx, told.handover_id)?;
    if handover.state != HandoverState::Running {
        return Ok(Step::Done);
    }
    let from = users::get(tx, handover.from_id)?;
    let to = takes(tx, &handover, handover.to_id)?;
    authorised(tx, ctx, &from, std::slice::from_ref(&to))?;
    let moved = next(tx, ctx, &handover, &to)?;
    jobs::advance(
        tx,
        job_id,
        worker,
        progress(before.done + moved.sum()),
        ctx.now,
    )?;
    if moved == Moved::default() {
        finish(tx, ctx, handover, from)?;
        return Ok(Step::Done);
    }
    let read = handover.version;
    let counted = Handover {
        customers: handover.customers + moved.customers,
        opportunities: handover.opportunities + moved.opportunities,
        quotes: handover.quotes + moved.quotes,
        contracts: handover.contracts + moved.contracts,
        conflict_cases: handover.conflict_cases + moved.conflict_cases,
        version: read + 1,
        updated_at: ctx.now,
        ..handover
    };
    kept(handovers::save(tx, &counted, read)?)?;
    Ok(Step::More)
}

fn kept(saved: bool) -> AppResult<()> {
    if saved {
        Ok(())
    } else {
        Err(AppError::lost_race("the handover changed meanwhile"))
    }
}

/// The next customers with what is in work with them; when there are none, what is in work with others' customers.
fn next(tx: &mut Tx<'_>, ctx: &Ctx, handover: &Handover, to: &User) -> AppResult<Moved> {
    let batch = rows::customers_of(tx, handover.from_id, STEP)?;
    if batch.is_empty() {
        return successions::work(
            tx,
            ctx,
            handover.from_id,
            None,
            STEP,
            &succession(handover, to),
        );
    }
    let ids: Vec<_> = batch.iter().map(|customer| customer.id).collect();
    let assigned = handovers::assigned(tx, handover.id, &ids)?;
    let mut others: Vec<User> = Vec::new();
    let mut moved = Moved::default();
    for customer in &batch {
        let whom = assigned.get(&customer.id).copied().unwrap_or(to.id);
        if whom != to.id && !others.iter().any(|user| user.id == whom) {
            others.push(takes(tx, handover, whom)?);
        }
        let receiver = others.iter().find(|user| user.id == whom).unwrap_or(to);
        let succession = succession(handover, receiver);
        moved = moved.and(successions::customer(tx, ctx, customer, &succession)?);
    }
    Ok(moved)
}

fn succession<'s>(handover: &'s Handover, to: &'s User) -> Succession<'s> {
    Succession {
        to,
        reason: &handover.reason,
        rule: RULE,
        handover: Some(handover.id),
    }
}

/// A receiver who can still take something.
fn takes(tx: &mut Tx<'_>, handover: &Handover, id: UserId) -> AppResult<User> {
    let mut fields = Fields::default();
    let user = receiver(tx, "/to_id", id, Some(handover.from_id), &mut fields)?;
    fields.done()?;
    user.ok_or_else(AppError::not_found)
}

/// Nothing is left: the handover is done, and with it the departure that it was ordered for.
fn finish(tx: &mut Tx<'_>, ctx: &Ctx, mut handover: Handover, from: User) -> AppResult<()> {
    if let Some(departure) = handover.departure_id {
        scope::lock(
            tx,
            ctx,
            crate::domain::vocabulary::Capability::HandleDepartures,
        )?;
        let departure = departures::get(tx, departure)?;
        // Somebody may have completed or cancelled it by hand meanwhile.
        if departure.state == crate::domain::vocabulary::DepartureState::Announced {
            close(tx, ctx, departure, from)?;
        }
    }
    let read = handover.version;
    handover.state = HandoverState::Done;
    handover.finished_at = Some(ctx.now);
    handover.version += 1;
    handover.updated_at = ctx.now;
    kept(handovers::save(tx, &handover, read)?)?;
    let data = json!({
        "from": handover.from_id, "to": handover.to_id,
        "customers": handover.customers, "opportunities": handover.opportunities,
        "quotes": handover.quotes, "contracts": handover.contracts,
        "conflict_cases": handover.conflict_cases,
    });
    let kind = SubjectKind::Handover;
    ctx.record(tx, kind, handover.id, "handover.done", &data, Some(RULE));
    Ok(())
}

/// The job failed or was cancelled: what changed hands stays, and another handover may be ordered for the rest.
///
/// # Errors
/// A lost race, or a database fault.
pub fn stopped(tx: &mut Tx<'_>, ctx: &Ctx, job: JobId) -> AppResult<()> {
    let Some(mut handover) = handovers::of_job(tx, job)? else {
        return Ok(());
    };
    if handover.state != HandoverState::Running {
        return Ok(());
    }
    let read = handover.version;
    handover.state = HandoverState::Stopped;
    handover.finished_at = Some(ctx.now);
    handover.version += 1;
    handover.updated_at = ctx.now;
    kept(handovers::save(tx, &handover, read)?)?;
    let data = json!({ "from": handover.from_id, "customers": handover.customers });
    let kind = SubjectKind::Handover;
    ctx.record(tx, kind, handover.id, "handover.stopped", &data, Some(RULE));
    Ok(())
}

/// How a handover ended, in both languages.
pub fn summary(done: i64) -> Text {
    Text::new(
        format!("已移交 {done} 条记录。"),
        format!("{done} records handed over."),
    )
}
