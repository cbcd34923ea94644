//! Opportunities as the caller sees them: names, idleness, what is missing, what may be done.

use std::collections::HashMap;

use super::decision_makers;
use crate::{
    api::sales::opportunity::{
        OpportunityMissing, OpportunityPartyView, OpportunitySummary, OpportunityView,
        OpportunityWarning,
    },
    auth::vault::Sealed,
    context::Ctx,
    db::Conn,
    domain::{
        Divisions,
        id::kind::{ApprovalId, OpportunityId},
        masking,
        vocabulary::{Capability, OpportunityState},
    },
    error::AppResult,
    models::{sales::opportunity::Opportunity, sealed},
    policy::sales::{
        opportunity::{Activity, OpportunitySettings, activity},
        opportunity_items::{EntryFacts, missing},
        opportunity_state::{Command, admitted},
    },
    repositories::{
        governance::access::covers,
        org::names::{self, People},
        sales::{conflict_cases, cooperation, opportunities},
    },
    services::governance::reveals,
};

/// The six items as the policy asks for them (OPP-03). Of the sealed phone it matters only whether it is there.
pub fn facts(row: &Opportunity) -> EntryFacts<'_> {
    EntryFacts {
        customer_name: Some(&row.customer_name),
        contact: row.contact_name.as_deref(),
        phone: row.phone.as_ref().map(Sealed::as_str),
        source: row
            .source
            .as_ref()
            .map(crate::domain::vocabulary::OpportunitySource::as_str),
        region: row.region_code.as_deref(),
        description: row.description.as_deref(),
    }
}

/// A page of opportunities.
///
/// # Errors
/// A database fault.
pub fn summaries(
    conn: &mut Conn,
    ctx: &Ctx,
    rows: Vec<Opportunity>,
) -> AppResult<Vec<OpportunitySummary>> {
    let settings = ctx.policy::<OpportunitySettings>()?.value;
    let people = names::people(conn, rows.iter().map(|row| row.owner_id))?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let approvals: HashMap<_, _> = opportunities::pending_approvals(conn, &ids)?
        .into_iter()
        .collect();
    rows.iter()
        .map(|row| summary(ctx, row, &settings, &people, &approvals))
        .collect()
}

/// One opportunity.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, row: &Opportunity) -> AppResult<OpportunityView> {
    let settings = ctx.policy::<OpportunitySettings>()?.value;
    let parties = cooperation::parties(conn, &[row.id])?;
    let named = parties.iter().map(|party| party.user_id);
    let people = names::people(conn, named.chain([row.owner_id]).chain(row.confirmed_by))?;
    let approvals = opportunities::pending_approvals(conn, &[row.id])?
        .into_iter()
        .collect();
    let summary = summary(ctx, row, &settings, &people, &approvals)?;
    let allowed_actions = allowed_actions(conn, ctx, row, summary.idle)?;
    let about = super::reveals::subject(conn, ctx, row)?;
    let warnings = if row.closed_at.is_none() {
        decision_makers::warning(conn, ctx, row, row.stage)?
    } else {
        None
    };
    Ok(OpportunityView {
        summary,
        may_reveal: reveals::may(conn, ctx, about)?,
        description: row.description.clone(),
        needs: row.needs.clone(),
        competitors: row.competitors.clone(),
        failure_reason: row.failure_reason.clone(),
        failed_amount: row.failed_amount,
        confirmed_by: row.confirmed_by,
        confirmed_by_name: row.confirmed_by.map(|user| people.name(user)),
        confirmed_at: row.confirmed_at,
        parties: parties
            .into_iter()
            .map(|party| OpportunityPartyView {
                user_id: party.user_id,
                name: people.name(party.user_id),
                share: party.share,
                since: party.since,
            })
            .collect(),
        conflict_case_id: conflict_cases::last_of(conn, row.id)?,
        missing: missing(&facts(row))
            .into_iter()
            .map(|item| OpportunityMissing {
                pointer: item.pointer,
                rule: item.rule.to_owned(),
                message_zh: item.zh.to_owned(),
                message_en: item.en.to_owned(),
            })
            .collect(),
        warnings: warnings
            .into_iter()
            .map(|warning| OpportunityWarning {
                rule: warning.rule.to_owned(),
                code: warning.code.to_owned(),
                message_zh: warning.zh,
                message_en: warning.en,
            })
            .collect(),
        allowed_actions,
    })
}

fn summary(
    ctx: &Ctx,
    row: &Opportunity,
    settings: &OpportunitySettings,
    people: &People,
    approvals: &HashMap<OpportunityId, ApprovalId>,
) -> AppResult<OpportunitySummary> {
    let stage = u8::try_from(row.stage)
        .ok()
        .and_then(|number| settings.stage(number).ok());
    Ok(OpportunitySummary {
        id: row.id,
        title: row.title.clone(),
        // Of a colleague's customer only existence and name are told (AMB-33).
        customer_id: row
            .customer_id
            .filter(|_| row.state != OpportunityState::Failed),
        customer_name: row.customer_name.clone(),
        contact_name: row.contact_name.clone(),
        phone: clear_phone(ctx, row)?.as_deref().map(masking::phone),
        source: row.source,
        region_code: row.region_code.clone(),
        region_name: row
            .region_code
            .as_deref()
            .and_then(|c| Divisions::builtin().full_name(c)),
        owner_id: row.owner_id,
        owner_name: people.name(row.owner_id),
        unit_id: row.unit_id,
        state: row.state,
        stage: row.stage,
        stage_code: stage.map(|stage| stage.code.clone()),
        stage_since: row.stage_since,
        expected_sign_on: row.expected_sign_on,
        expected_amount: row.expected_amount,
        product_line: row.product_line.clone(),
        importance: row.importance,
        submitted_at: row.submitted_at,
        registered_at: row.registered_at,
        closed_at: row.closed_at,
        last_activity_at: row.last_activity_at,
        days_untouched: untouched_days(ctx, row),
        idle: is_idle(ctx, row, settings),
        approval_id: approvals.get(&row.id).copied(),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The phone in clear.
///
/// # Errors
/// A fault: a value that does not open.
pub fn clear_phone(ctx: &Ctx, row: &Opportunity) -> AppResult<Option<String>> {
    let place = sealed::OPPORTUNITY_PHONE.at(row.id);
    ctx.vault().open_some(&place, row.phone.as_ref())
}

/// Whole days since anybody worked on it (OPP-33).
pub fn untouched_days(ctx: &Ctx, row: &Opportunity) -> i64 {
    (ctx.now.utc() - row.untouched_since().utc())
        .num_days()
        .max(0)
}

/// Whether it is followed, but without activity for too long (OPP-32).
pub fn is_idle(ctx: &Ctx, row: &Opportunity, settings: &OpportunitySettings) -> bool {
    admitted(row.state).contains(&Command::Reassign)
        && matches!(
            activity(row.untouched_since().utc(), ctx.now.utc(), settings),
            Activity::Idle { .. }
        )
}

fn allowed_actions(
    conn: &mut Conn,
    ctx: &Ctx,
    row: &Opportunity,
    idle: bool,
) -> AppResult<Vec<Command>> {
    let writes = opportunities::may_write(conn, ctx, row.id)?;
    let registers = writes && ctx.has(Capability::RegisterOpportunities);
    let confirms = covers(conn, ctx, Capability::ConfirmClose, row.unit_id)?;
    let manages = confirms && covers(conn, ctx, Capability::WriteSales, row.unit_id)?;
    let mut actions = Vec::new();
    for command in admitted(row.state) {
        let allowed = match command {
            Command::Edit | Command::SetStage => writes,
            Command::Submit | Command::Withdraw | Command::CloseLost | Command::Reopen => registers,
            Command::CloseWon => registers && opportunities::contract_entered(conn, row)?,
            Command::ConfirmClose => confirms && row.owner_id != ctx.actor.id,
            Command::Reassign => manages && idle,
            // These are what a review does: see `approval_id`.
            Command::Register | Command::Fail | Command::Return => false,
        };
        if allowed {
            actions.push(command);
        }
    }
    Ok(actions)
}
