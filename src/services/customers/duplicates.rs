//! The duplicate check before an entry (DUP-01, DUP-02), and the ledger of refused attempts (CONF-06).

use std::collections::{HashMap, HashSet};

use super::{
    likeness::{self, Candidate, Facts, Reached},
    personal,
};
use crate::{
    api::customers::duplicate::{
        AttemptAction, AttemptFilter, AttemptView, DuplicateCheck, DuplicateReport, Holder,
        LikelyDuplicate,
    },
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        Phone, fold,
        id::kind::{AttemptId, CustomerId},
        timestamp::Timestamp,
        vocabulary::{Capability, KeyKind, Line, Party, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::customers::{attempt::Attempt, customer::Customer},
    policy::customers::{
        conflict::ConflictSettings,
        registration::RegistrationSettings,
        telling::Origins,
        unique_key::{self, KeyFacts},
    },
    repositories::{
        customers::{attempts, customers, registration_keys},
        org::names,
        sales::conflict_cases,
    },
};

pub use crate::repositories::customers::attempts::AttemptSort;

/// Who holds the keys of what is about to be entered, over all customers, also those that the caller may not see:
/// then only existence, name, owner and department are told (AMB-33).
///
/// # Errors
/// 403; 422 when nothing is given to look for.
pub fn check(conn: &mut Conn, ctx: &Ctx, body: &DuplicateCheck) -> AppResult<DuplicateReport> {
    ctx.require_any(&[
        Capability::RegisterDirect,
        Capability::RegisterChannel,
        Capability::RegisterOpportunities,
        Capability::ReviewCustomers,
        Capability::ImportRecords,
    ])?;
    if body.name.is_none() && body.credit_code.is_none() && body.phone.is_none() {
        return Err(AppError::invalid(vec![FieldError::new(
            "/name",
            "REQUIRED",
            "请给出名称、统一社会信用代码或电话之一",
            "give a name, a credit code or a phone",
        )]));
    }
    let line = body.line.unwrap_or(Line::General);
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let folded = body.name.as_deref().map(fold);
    let phone = body.phone.as_ref().map(Phone::key);
    let keys = unique_key::keys(
        &KeyFacts {
            line,
            has_symbol: body.line_symbol.is_some(),
            party: body.party.unwrap_or(Party::Company),
            names: folded.as_deref().into_iter().collect(),
            credit_code: body.credit_code.as_ref().map(|code| code.as_str()),
            phones: phone.as_deref().into_iter().collect(),
        },
        &settings,
    );
    let mut holders = Vec::new();
    let mut held: HashSet<(KeyKind, CustomerId)> = HashSet::new();
    for key in keys {
        for value in personal::key_values(ctx.vault(), key.kind, key.value) {
            if let Some(winner) = registration_keys::holder(conn, key.line, key.kind, &value)? {
                if held.insert((key.kind, winner.id)) {
                    holders.push(holder_view(conn, ctx, &winner, key.kind)?);
                }
                break;
            }
        }
    }
    let website = body.website.as_ref().map(ToString::to_string);
    let reached = Reached {
        phone: body.phone.as_ref().map(Phone::as_str),
        address: body.address.as_deref(),
        website: website.as_deref(),
    };
    let party = body.party.unwrap_or(Party::Company);
    let name = body.name.as_deref().unwrap_or_default();
    let mut likely = likeness::of(conn, ctx, &Facts::of(party, name, reached))?;
    // Who holds a key is told already.
    likely.retain(|found| !held.iter().any(|(_, id)| id.cast() == found.subject_id));
    Ok(DuplicateReport {
        registered: !holders.is_empty(),
        holders,
        candidates: likely_views(likely),
    })
}

/// Who is likely the same company as a customer: for whoever reviews or works on it.
///
/// # Errors
/// 404; a database fault.
pub fn likely(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Vec<LikelyDuplicate>> {
    let customer = customers::find(conn, ctx, id)?;
    Ok(likely_views(likeness::of_customer(conn, ctx, &customer)?))
}

/// What may be told about likely duplicates (AMB-33).
pub fn likely_views(found: Vec<Candidate>) -> Vec<LikelyDuplicate> {
    found
        .into_iter()
        .map(|found| {
            let visible = |kind: SubjectKind| found.visible && found.subject_kind == kind;
            let likeness = if found.visible {
                found.likeness
            } else {
                found.told
            };
            LikelyDuplicate {
                relation: likeness.relation,
                score: likeness.ratio(),
                customer_id: visible(SubjectKind::Customer).then(|| found.subject_id.cast()),
                opportunity_id: visible(SubjectKind::Opportunity).then(|| found.subject_id.cast()),
                reasons: likeness.reasons,
                subject_kind: found.subject_kind,
                name: found.name,
                matched_name: found.matched_name.filter(|_| found.visible),
                owner_name: found.owner_name,
                department: found.department,
            }
        })
        .collect()
}

/// What may be told about whoever was first (AMB-33).
///
/// # Errors
/// A database fault.
pub fn holder_view(
    conn: &mut Conn,
    ctx: &Ctx,
    winner: &Customer,
    key_kind: KeyKind,
) -> AppResult<Holder> {
    let people = names::directory(conn, [winner.owner_id], [winner.unit_id])?;
    let visible = match customers::find(conn, ctx, winner.id) {
        Ok(_) => true,
        Err(error) if error.code() == crate::error::Code::NotFound => false,
        Err(error) => return Err(error),
    };
    Ok(Holder {
        key_kind,
        customer_name: winner.name.clone(),
        owner_name: people.user(winner.owner_id),
        department: people.unit(winner.unit_id),
        registered_at: visible.then_some(winner.created_at),
        customer_id: visible.then_some(winner.id),
    })
}

/// One page of refused attempts: one's own, those on one's customers, and those within one's reach.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn attempts(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<AttemptFilter, AttemptSort>,
) -> AppResult<Page<AttemptView>> {
    let narrow = attempts::Narrow {
        customer: query.filter.customer_id,
        by: query.filter.attempted_by,
        subject_kind: query.filter.subject_kind,
        rule: query.filter.rule.clone(),
        source: query
            .filter
            .source
            .clone()
            .map(|source| (source, origins(ctx))),
        name_prefix: query.filter.q.as_deref().map(|text| text.trim().to_owned()),
        from: query.filter.attempted_at_gte,
        before: query.filter.attempted_at_lt,
    };
    attempts::list(conn, ctx, &narrow, &query.page)?
        .try_map_all(|rows| attempt_views(conn, ctx, rows))
}

/// A refused attempt.
///
/// # Errors
/// 404.
pub fn attempt(conn: &mut Conn, ctx: &Ctx, id: AttemptId) -> AppResult<AttemptView> {
    let row = attempts::seen(conn, ctx, id)?;
    attempt_views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// Until when a refused registration of a customer may be appealed: the end of the last working day of the term (AMB-45).
pub fn appeal_until(ctx: &Ctx, attempt: &Attempt, settings: &ConflictSettings) -> Timestamp {
    let days = u32::from(settings.appeal_business_days);
    let refused_on = attempt.attempted_at.date_in(ctx.zone);
    Timestamp::end_of(ctx.calendar.add_business_days(refused_on, days), ctx.zone)
}

/// Of which attempts the caller is told from where they came.
fn origins(ctx: &Ctx) -> Origins {
    Origins::of(
        ctx.has(Capability::ReadAudit),
        ctx.has(Capability::RuleConflicts),
    )
}

fn attempt_views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Attempt>) -> AppResult<Vec<AttemptView>> {
    let settings = ctx.policy::<ConflictSettings>()?.value;
    let attempts: Vec<AttemptId> = rows.iter().map(|row| row.id).collect();
    let cases: HashMap<_, _> = conflict_cases::of_attempts(conn, &attempts)?
        .into_iter()
        .filter_map(|(attempt, case)| Some((attempt?, case)))
        .collect();
    let people = rows.iter().flat_map(|row| [row.owner_id, row.holder_id]);
    let directory = names::directory(conn, people, [])?;
    let ids: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
    let names: HashMap<_, _> = customers::names(conn, &ids)?.into_iter().collect();
    let origins = origins(ctx);
    Ok(rows
        .into_iter()
        .map(|row| {
            let until = appeal_until(ctx, &row, &settings);
            let of_customer = row.subject_kind == SubjectKind::Customer;
            let case = cases.get(&row.id).copied();
            let may =
                of_customer && case.is_none() && row.owner_id == ctx.actor.id && ctx.now <= until;
            AttemptView {
                appeal_until: of_customer.then_some(until),
                conflict_case_id: case,
                allowed_actions: if may {
                    vec![AttemptAction::Appeal]
                } else {
                    Vec::new()
                },
                source: origins
                    .told(ctx.actor.id, row.owner_id, row.holder_id)
                    .then_some(row.source),
                id: row.id,
                attempted_at: row.attempted_at,
                attempted_by: row.owner_id,
                attempted_by_name: directory.user(row.owner_id),
                subject_kind: row.subject_kind,
                subject_id: row.subject_id,
                attempted_name: row.attempted_name,
                line: row.line,
                key_kind: row.key_kind,
                rule: row.rule,
                customer_name: names.get(&row.customer_id).cloned().unwrap_or_default(),
                holder_name: directory.user(row.holder_id),
            }
        })
        .collect())
}
