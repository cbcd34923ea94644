//! Conflict cases.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{activities, conflict_cases, reporting_closure, unit_closure, users},
        violates,
    },
    domain::{
        id::kind::{AttemptId, ConflictCaseId, CustomerId, OpportunityId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, CaseState, Employment},
    },
    error::{AppError, AppResult},
    models::sales::conflict_case::ConflictCase,
    repositories::governance::access::{Reach, Verb},
};

/// An attempt is appealed once.
const ATTEMPT: Unique = Unique {
    name: "conflict_cases_attempt",
    columns: "conflict_cases.attempt_id",
};

type Predicate = Box<dyn BoxableExpression<conflict_cases::table, MultiBackend, SqlType = Bool>>;

#[expect(
    dead_code,
    reason = "only the filter is used: the look-ups are those of this file"
)]
mod reached {
    //! The claimant's side, by the one access filter; the holder's side beside it.

    use super::{ConflictCase, ConflictCaseId, holders_side};

    crate::access_filter!(
        conflict_cases,
        ConflictCase,
        ConflictCaseId,
        SubjectKind::ConflictCase,
        also: [holders_side]
    );
}

/// What the claimant's superiors and unit may see, the holder's may see too.
fn holders_side(reach: &Reach) -> Predicate {
    let below = reporting_closure::table
        .filter(reporting_closure::superior_id.eq(reach.actor))
        .filter(reporting_closure::depth.between(1, reach.steps_down))
        .select(reporting_closure::subordinate_id);
    let covered = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
        .select(unit_closure::descendant_id);
    let within = users::table
        .filter(
            users::unit_id
                .eq_any(reach.units.clone())
                .or(users::unit_id.eq_any(covered)),
        )
        .select(users::id);
    Box::new(
        conflict_cases::holder_id
            .eq_any(below)
            .or(conflict_cases::holder_id.eq_any(within)),
    )
}

/// The cases that the actor may see: as a party, by reach over either party, or as the arbitrator of either's department.
pub(crate) fn visible(ctx: &Ctx) -> Predicate {
    Box::new(
        conflict_cases::holder_id
            .eq(ctx.actor.id)
            .or(conflict_cases::claimant_id.eq(ctx.actor.id))
            .or(reached::visible(&Reach::of(ctx, Verb::Read)))
            .or(arbitrable(ctx)),
    )
}

/// The cases that the actor may rule on, by department: whoever is a party is excluded (CONF-05).
fn arbitrable(ctx: &Ctx) -> Predicate {
    let mut reach = Reach::by(ctx, Verb::Read, Capability::RuleConflicts);
    // A reporting line does not make an arbitrator, and nobody stands in for one here.
    reach.steps_down = 0;
    reach.approves_for.clear();
    let department: Predicate = if ctx.has(Capability::RuleConflicts) {
        reached::visible(&reach)
    } else {
        Box::new(conflict_cases::id.is_null())
    };
    Box::new(
        conflict_cases::holder_id
            .ne(ctx.actor.id)
            .and(conflict_cases::claimant_id.ne(ctx.actor.id))
            .and(department),
    )
}

crate::sortable! {
    conflict_cases, ConflictCase, ConflictCaseSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// What a list of cases is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// States.
    pub states: Vec<CaseState>,
    /// Who was refused.
    pub claimant: Option<UserId>,
    /// Who was first.
    pub holder: Option<UserId>,
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Opportunity.
    pub opportunity: Option<OpportunityId>,
    /// Who is to rule.
    pub arbitrator: Option<UserId>,
    /// Detected at or after.
    pub created_from: Option<Timestamp>,
    /// Detected before.
    pub created_before: Option<Timestamp>,
}

/// One page of the cases that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<ConflictCaseSort>,
) -> AppResult<Page<ConflictCase>> {
    page(conn, request, || narrowed(ctx, narrow))
}

fn narrowed<'q>(ctx: &Ctx, narrow: &Narrow) -> conflict_cases::BoxedQuery<'q, MultiBackend> {
    let mut query = conflict_cases::table.into_boxed().filter(visible(ctx));
    if !narrow.states.is_empty() {
        query = query.filter(conflict_cases::state.eq_any(narrow.states.clone()));
    }
    if let Some(claimant) = narrow.claimant {
        query = query.filter(conflict_cases::claimant_id.eq(claimant));
    }
    if let Some(arbitrator) = narrow.arbitrator {
        query = query.filter(conflict_cases::arbitrator_id.eq(arbitrator));
    }
    if let Some(holder) = narrow.holder {
        query = query.filter(conflict_cases::holder_id.eq(holder));
    }
    if let Some(customer) = narrow.customer {
        query = query.filter(conflict_cases::customer_id.eq(customer));
    }
    if let Some(opportunity) = narrow.opportunity {
        query = query.filter(conflict_cases::opportunity_id.eq(opportunity));
    }
    if let Some(from) = narrow.created_from {
        query = query.filter(conflict_cases::created_at.ge(from));
    }
    if let Some(before) = narrow.created_before {
        query = query.filter(conflict_cases::created_at.lt(before));
    }
    query
}

/// A case that the actor may see.
///
/// # Errors
/// 404, or a database fault.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: ConflictCaseId) -> AppResult<ConflictCase> {
    ConflictCase::query()
        .filter(conflict_cases::id.eq(id))
        .filter(visible(ctx))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// Whether the actor may rule on a case (CONF-05).
///
/// # Errors
/// A database fault.
pub fn may_rule(conn: &mut Conn, ctx: &Ctx, id: ConflictCaseId) -> AppResult<bool> {
    let found: Option<ConflictCaseId> = conflict_cases::table
        .filter(conflict_cases::id.eq(id))
        .filter(arbitrable(ctx))
        .select(conflict_cases::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The last case of an opportunity.
///
/// # Errors
/// A database fault.
pub fn last_of(conn: &mut Conn, opportunity: OpportunityId) -> AppResult<Option<ConflictCaseId>> {
    Ok(conflict_cases::table
        .filter(conflict_cases::opportunity_id.eq(opportunity))
        .order((conflict_cases::created_at.desc(), conflict_cases::id.desc()))
        .select(conflict_cases::id)
        .first(conn)
        .optional()?)
}

/// The cases of these attempts.
///
/// # Errors
/// A database fault.
pub fn of_attempts(
    conn: &mut Conn,
    ids: &[AttemptId],
) -> AppResult<Vec<(Option<AttemptId>, ConflictCaseId)>> {
    Ok(conflict_cases::table
        .filter(conflict_cases::attempt_id.eq_any(ids))
        .select((conflict_cases::attempt_id, conflict_cases::id))
        .load(conn)?)
}

/// The last case that a claimant brought about the registration of a customer against this holder.
///
/// # Errors
/// A database fault.
pub fn between(
    conn: &mut Conn,
    customer: CustomerId,
    holder: UserId,
    claimant: UserId,
) -> AppResult<Option<ConflictCase>> {
    Ok(ConflictCase::query()
        .filter(conflict_cases::customer_id.eq(customer))
        .filter(conflict_cases::attempt_id.is_not_null())
        .filter(conflict_cases::holder_id.eq(holder))
        .filter(conflict_cases::claimant_id.eq(claimant))
        .order((conflict_cases::created_at.desc(), conflict_cases::id.desc()))
        .first(conn)
        .optional()?)
}

/// Which of these people are away (AMB-50): on a trip, offline for other work, leaving, or gone.
///
/// # Errors
/// A database fault.
pub fn away(conn: &mut Conn, ids: &[UserId]) -> AppResult<Vec<UserId>> {
    let away = [
        Employment::OnTrip,
        Employment::Offline,
        Employment::Leaving,
        Employment::Left,
    ];
    Ok(users::table
        .filter(users::id.eq_any(ids))
        .filter(users::employment.eq_any(away))
        .select(users::id)
        .load(conn)?)
}

/// Inserts a case.
///
/// # Errors
/// A database fault. `false` when the attempt has one already.
pub fn insert(tx: &mut Tx<'_>, case: &ConflictCase) -> AppResult<bool> {
    let inserted = tx.savepoint(|tx| {
        diesel::insert_into(conflict_cases::table)
            .values(case)
            .execute(tx.conn())
    });
    match inserted {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &ATTEMPT) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a changed case, if it still has the version that was read: of two who rule at once one is first.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, case: &ConflictCase, read: i64) -> AppResult<bool> {
    let target = conflict_cases::table
        .filter(conflict_cases::id.eq(case.id))
        .filter(conflict_cases::version.eq(read));
    Ok(diesel::update(target).set(case).execute(tx.conn())? == 1)
}

/// Takes the lock of a case's row, if it still has the version that was read. Nothing changes.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn hold(tx: &mut Tx<'_>, case: &ConflictCase) -> AppResult<bool> {
    let target = conflict_cases::table
        .filter(conflict_cases::id.eq(case.id))
        .filter(conflict_cases::version.eq(case.version));
    Ok(diesel::update(target)
        .set(conflict_cases::version.eq(conflict_cases::version))
        .execute(tx.conn())?
        == 1)
}

/// How many activities someone recorded with a customer, and when the last one happened: evidence for the arbitrator.
///
/// # Errors
/// A database fault.
pub fn work_done(
    conn: &mut Conn,
    customer: CustomerId,
    by: UserId,
) -> AppResult<(i64, Option<Timestamp>)> {
    Ok(activities::table
        .filter(activities::customer_id.eq(customer))
        .filter(activities::owner_id.eq(by))
        .select((
            diesel::dsl::count_star(),
            diesel::dsl::max(activities::happened_at),
        ))
        .first(conn)?)
}
