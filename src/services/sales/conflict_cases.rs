//! Conflict cases: look-up, appeal, withdrawal (CONF-05, CONF-06, AMB-45). Rulings are in `super::rulings`.

use serde_json::json;

use super::{appeals, opportunity_views::facts};
use crate::{
    api::{
        csv::Csv,
        sales::conflict_case::{
            Appeal, ConflictCaseFilter, ConflictCaseSummary, ConflictCaseView, RegistrationMaterial,
        },
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{ConflictCaseId, UserId},
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::sales::{conflict_case::ConflictCase, opportunity::Opportunity},
    policy::{
        customers::conflict::appeal_open,
        sales::{
            conflict_state::{Command, admitted, may},
            opportunity_items::missing,
        },
    },
    repositories::{
        customers::{attempts, customers},
        org::names::{self, People},
        sales::{
            conflict_cases::{self, Narrow},
            opportunities,
        },
    },
    services::org::fields::Fields,
};

pub use crate::repositories::sales::conflict_cases::ConflictCaseSort;

/// One page of the cases that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ConflictCaseFilter, ConflictCaseSort>,
) -> AppResult<Page<ConflictCaseSummary>> {
    let filter = query.filter.clone();
    let narrow = Narrow {
        states: Csv::values(filter.state_in),
        claimant: filter.claimant_id,
        holder: filter.holder_id,
        customer: filter.customer_id,
        opportunity: filter.opportunity_id,
        arbitrator: filter.arbitrator_id,
        created_from: filter.created_at_gte,
        created_before: filter.created_at_lt,
    };
    conflict_cases::list(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| {
        let parties = rows.iter().flat_map(|row| {
            [row.holder_id, row.claimant_id]
                .into_iter()
                .chain(row.arbitrator_id)
        });
        let people = names::people(conn, parties)?;
        Ok(rows.iter().map(|row| summary(ctx, row, &people)).collect())
    })
}

/// One case; for an arbitrator with what both sides registered.
///
/// # Errors
/// 404 unless visible.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ConflictCaseId) -> AppResult<ConflictCaseView> {
    let case = conflict_cases::find(conn, ctx, id)?;
    view(conn, ctx, &case)
}

/// Appeals: the case goes to the arbitrator (AMB-45).
///
/// # Errors
/// 404; 403 for anybody but the claimant; 409 when the time is over or the case is not open.
pub fn appeal(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ConflictCaseId,
    body: &Appeal,
) -> AppResult<ConflictCaseView> {
    let read = claimed(tx, ctx, id)?;
    let state = may(read.state, Command::Appeal)?;
    appeal_open(
        read.detected_at.date_in(ctx.zone),
        ctx.today(),
        read.appeal_until.date_in(ctx.zone),
    )?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let mut next = read.clone();
    next.state = state;
    next.appeal_reason = Some(reason);
    next.appealed_at = Some(ctx.now);
    next.arbitrator_id = appeals::arbitrator(tx, read.holder_id, read.claimant_id)?;
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "reason": next.appeal_reason, "appeal_until": read.appeal_until });
    ctx.record(
        tx,
        SubjectKind::ConflictCase,
        id,
        "conflict_case.appealed",
        &data,
        Some("AMB-45"),
    );
    view(tx, ctx, &next)
}

/// Gives a case up: the first registration stands (CONF-01).
///
/// # Errors
/// 404; 403 for anybody but the claimant; 409 when it is ruled or withdrawn.
pub fn withdraw(tx: &mut Tx<'_>, ctx: &Ctx, id: ConflictCaseId) -> AppResult<ConflictCaseView> {
    let read = claimed(tx, ctx, id)?;
    let mut next = read.clone();
    next.state = may(read.state, Command::Withdraw)?;
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "from": read.state });
    ctx.record(
        tx,
        SubjectKind::ConflictCase,
        id,
        "conflict_case.withdrawn",
        &data,
        Some("CONF-01"),
    );
    view(tx, ctx, &next)
}

fn claimed(tx: &mut Tx<'_>, ctx: &Ctx, id: ConflictCaseId) -> AppResult<ConflictCase> {
    let case = conflict_cases::find(tx, ctx, id)?;
    ctx.check_version(case.version)?;
    if case.claimant_id == ctx.actor.id {
        return Ok(case);
    }
    Err(AppError::forbidden(
        "只有被拒登记人本人可以申请或撤回裁决。",
        "Only the refused registrant may appeal or withdraw.",
    )
    .rule("AMB-45"))
}

/// Keeps the next version of a case: of two commands at once one is first.
///
/// # Errors
/// 412 or another attempt when it changed meanwhile.
pub fn save(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &ConflictCase,
    mut next: ConflictCase,
) -> AppResult<ConflictCase> {
    ctx.keep(read.version, &mut next, |next| {
        conflict_cases::save(tx, next, read.version)
    })?;
    Ok(next)
}

fn summary(ctx: &Ctx, row: &ConflictCase, people: &People) -> ConflictCaseSummary {
    // Of a colleague's customer only existence and name are told (AMB-33).
    let told = row.holder_id == ctx.actor.id || ctx.has(Capability::RuleConflicts);
    ConflictCaseSummary {
        id: row.id,
        opportunity_id: row.opportunity_id,
        attempt_id: row.attempt_id,
        arbitrator_id: row.arbitrator_id,
        arbitrator_name: row.arbitrator_id.map(|user| people.name(user)),
        customer_id: Some(row.customer_id).filter(|_| told),
        customer_name: row.customer_name.clone(),
        holder_id: row.holder_id,
        holder_name: people.name(row.holder_id),
        holder_department: people.department(row.holder_id),
        claimant_id: row.claimant_id,
        claimant_name: people.name(row.claimant_id),
        claimant_department: people.department(row.claimant_id),
        unit_id: row.unit_id,
        state: row.state,
        detected_at: row.detected_at,
        appeal_until: row.appeal_until,
        ruling: row.ruling,
        ruled_at: row.ruled_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// A case as the caller sees it.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, row: &ConflictCase) -> AppResult<ConflictCaseView> {
    let named = [row.holder_id, row.claimant_id]
        .into_iter()
        .chain(row.ruled_by)
        .chain(row.arbitrator_id);
    let people = names::people(conn, named)?;
    let rules = conflict_cases::may_rule(conn, ctx, row.id)?;
    let (holder_material, claimant_material) = if rules {
        (Some(holders(conn, row)?), Some(claimants(conn, row)?))
    } else {
        (None, None)
    };
    let claims = row.claimant_id == ctx.actor.id;
    let in_time = ctx.now <= row.appeal_until;
    let allowed_actions = admitted(row.state)
        .into_iter()
        .filter(|command| match command {
            Command::Appeal => claims && in_time,
            Command::Withdraw => claims,
            Command::Rule => rules,
            Command::AddEntry => claims || row.holder_id == ctx.actor.id || rules,
        })
        .collect();
    Ok(ConflictCaseView {
        summary: summary(ctx, row, &people),
        appeal_reason: row.appeal_reason.clone(),
        appealed_at: row.appealed_at,
        basis: row.basis.clone(),
        holder_share: row.holder_share,
        claimant_share: row.claimant_share,
        ruled_by: row.ruled_by,
        ruled_by_name: row.ruled_by.map(|user| people.name(user)),
        policy_number: row.policy_number,
        holder_material,
        claimant_material,
        allowed_actions,
    })
}

fn holders(conn: &mut Conn, case: &ConflictCase) -> AppResult<RegistrationMaterial> {
    let customer = customers::unguarded(conn, case.customer_id)?;
    let live = opportunities::live(conn, case.customer_id)?;
    let theirs = live.iter().find(|row| row.owner_id == case.holder_id);
    let material = material(conn, case, case.holder_id, theirs)?;
    Ok(RegistrationMaterial {
        customer_created_at: Some(customer.created_at),
        customer_effective_at: customer.effective_at,
        ..material
    })
}

fn claimants(conn: &mut Conn, case: &ConflictCase) -> AppResult<RegistrationMaterial> {
    let opportunity = match case.opportunity_id {
        Some(id) => Some(opportunities::unguarded(conn, id)?),
        None => None,
    };
    let attempt = match case.attempt_id {
        Some(id) => Some(attempts::unguarded(conn, id)?),
        None => None,
    };
    let material = material(conn, case, case.claimant_id, opportunity.as_ref())?;
    Ok(RegistrationMaterial {
        attempted_at: attempt.as_ref().map(|attempt| attempt.attempted_at),
        attempted_name: attempt.map(|attempt| attempt.attempted_name),
        ..material
    })
}

fn material(
    conn: &mut Conn,
    case: &ConflictCase,
    side: UserId,
    opportunity: Option<&Opportunity>,
) -> AppResult<RegistrationMaterial> {
    let (activities, last_activity_at) = conflict_cases::work_done(conn, case.customer_id, side)?;
    let lacking = |row: &Opportunity| {
        missing(&facts(row))
            .into_iter()
            .map(|m| m.pointer)
            .collect()
    };
    Ok(RegistrationMaterial {
        customer_created_at: None,
        customer_effective_at: None,
        attempted_at: None,
        attempted_name: None,
        opportunity_id: opportunity.map(|row| row.id),
        opportunity_title: opportunity.map(|row| row.title.clone()),
        submitted_at: opportunity.and_then(|row| row.submitted_at),
        registered_at: opportunity.and_then(|row| row.registered_at),
        description: opportunity.and_then(|row| row.description.clone()),
        needs: opportunity.and_then(|row| row.needs.clone()),
        competitors: opportunity.and_then(|row| row.competitors.clone()),
        missing: opportunity.map(lacking),
        activities,
        last_activity_at,
    })
}
