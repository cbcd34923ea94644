//! Collisions: whose customer is it, and what follows when it is a colleague's (OPP-07, CONF-01, AMB-44..46).

use serde_json::json;

use super::opportunity_views::facts;
use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        CompanyName, fold,
        id::kind::{ConflictCaseId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            CaseState, CustomerState, KeyKind, Line, OpportunityState, ShareLevel, SubjectKind,
        },
    },
    error::{AppError, AppResult, Code},
    models::{
        customers::{attempt::Attempt, customer::Customer},
        sales::{
            conflict_case::ConflictCase,
            opportunity::{Opportunity, OpportunityParty},
        },
    },
    policy::{
        Refusal, Setting,
        customers::conflict::{Claim, ConflictSettings, Encounter, Existing, encounter, winner},
        sales::opportunity_items::missing,
    },
    repositories::{
        customers::{attempts, customers, registration_keys},
        governance::shares,
        org::names,
        sales::{conflict_cases, cooperation, opportunities},
    },
};

/// What an opportunity runs into.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing: the customer is the owner's to pursue.
    Clear(Customer),
    /// A colleague was first.
    Collision(Met),
}

/// The earlier registration that an opportunity ran into.
#[derive(Debug)]
pub struct Met {
    /// The customer.
    pub customer: Customer,
    /// Who was first: the customer's owner, or who follows an opportunity there.
    pub holder: UserId,
    /// Since when, if the refused may see the record that says it.
    pub since: Option<Timestamp>,
}

/// Whether an opportunity collides (DUP-07). The customer's row is locked from here to the end of the transaction, and what the
/// answer rests on is read under that lock: a transfer of the customer, another registration or a ruling at the same
/// moment either is seen here or waits for this transaction. So of two colleagues one is registered, the other fails.
///
/// # Errors
/// 409 when the customer is not registered or not effective (OPP-12, CUS-22); a lost race.
pub fn judge(tx: &mut Tx<'_>, ctx: &Ctx, opportunity: &Opportunity) -> AppResult<Verdict> {
    let customer = registered_customer(tx, opportunity)?;
    if !opportunities::hold_customer(tx, &customer)? {
        return Err(AppError::lost_race("the customer changed meanwhile"));
    }
    let live = opportunities::live(tx, customer.id)?;
    let ids: Vec<_> = live.iter().map(|row| row.id).collect();
    let parties = cooperation::parties(tx, &ids)?;
    let owner = opportunity.owner_id;
    let collides = |existing| encounter(existing) == Encounter::Collision;
    if !entitled(tx, ctx, &customer, &parties, owner)? && collides(Existing::Owned) {
        let seen = !customers::visible_of(tx, ctx, &[customer.id])?.is_empty();
        let (holder, since) = (customer.owner_id, seen.then_some(customer.created_at));
        return Ok(Verdict::Collision(Met {
            customer,
            holder,
            since,
        }));
    }
    let rival = live.iter().find(|row| {
        row.id != opportunity.id && row.owner_id != owner && !is_party(&parties, row, owner)
    });
    match rival {
        Some(rival) if collides(Existing::LiveOpportunity) => {
            let seen = !opportunities::visible_of(tx, ctx, &[rival.id])?.is_empty();
            let since = rival.registered_at.unwrap_or(rival.created_at);
            Ok(Verdict::Collision(Met {
                holder: rival.owner_id,
                since: seen.then_some(since),
                customer,
            }))
        }
        _ => Ok(Verdict::Clear(customer)),
    }
}

fn is_party(parties: &[OpportunityParty], row: &Opportunity, user: UserId) -> bool {
    parties
        .iter()
        .any(|party| party.opportunity_id == row.id && party.user_id == user)
}

/// Whether someone may pursue a customer: as its owner, by a write share, or with others after a ruling.
fn entitled(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    parties: &[OpportunityParty],
    user: UserId,
) -> AppResult<bool> {
    Ok(customer.owner_id == user
        || parties.iter().any(|party| party.user_id == user)
        || shares::level(tx, SubjectKind::Customer, customer.id.cast(), user, ctx.now)?
            == Some(ShareLevel::Write))
}

/// Refuses to register before a colleague who submitted earlier has been reviewed: the earliest submission that passes
/// wins (AMB-4), so it is decided first.
///
/// # Errors
/// 409 while an earlier submission waits.
pub fn earliest(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    opportunity: &Opportunity,
    customer: &Customer,
) -> AppResult<()> {
    let claim = |row: &Opportunity, in_running: bool| Claim {
        id: row.id,
        submitted_at: row.submitted_at.unwrap_or(row.created_at),
        complete: missing(&facts(row)).is_empty(),
        in_running,
    };
    let mut claims = vec![claim(opportunity, true)];
    for earlier in opportunities::submitted_before(tx, customer.id, opportunity)? {
        let entitled = entitled(tx, ctx, customer, &[], earlier.owner_id)?;
        claims.push(claim(&earlier, entitled));
    }
    if let Some(earlier) = winner(&claims)
        && earlier != opportunity.id
    {
        let refusal = Refusal::new(
            "CONF-01",
            "EARLIER_SUBMISSION_WAITS",
            "同一客户有更早提交的商机待审核;请先审核较早提交者",
            "an opportunity on this customer was submitted earlier and waits for review: decide it first",
        );
        return Err(AppError::from(refusal).with("earlier_opportunity_id", earlier));
    }
    Ok(())
}

/// The registered, effective customer of an opportunity, whoever owns it: by id, else by its folded name in any line.
fn registered_customer(tx: &mut Tx<'_>, opportunity: &Opportunity) -> AppResult<Customer> {
    let found = match opportunity.customer_id {
        Some(id) => Some(customers::unguarded(tx, id)?),
        None => holder_of(tx, opportunity)?,
    };
    let customer = found.filter(|customer| customer.deleted_at.is_none()).ok_or_else(|| {
        Refusal::new(
            "OPP-12",
            "CUSTOMER_NOT_REGISTERED",
            "该客户尚未登记;请先登记客户并通过审核,再提交商机(个人客户请用 customer_id 指明)",
            "the customer is not registered: register the customer first, then submit (name a person by customer_id)",
        )
    })?;
    if customer.state == CustomerState::Effective {
        return Ok(customer);
    }
    Err(Refusal::new(
        "CUS-22",
        "CUSTOMER_NOT_EFFECTIVE",
        "该客户尚未通过审核生效;请先登记客户并待其生效,再提交商机",
        "the customer has not passed its review: register the customer first and wait until it is effective",
    )
    .into())
}

fn holder_of(tx: &mut Tx<'_>, opportunity: &Opportunity) -> AppResult<Option<Customer>> {
    let name = &opportunity.customer_name;
    let folded =
        CompanyName::parse(name).map_or_else(|_| fold(name), |name| name.folded().to_owned());
    let mut found = None;
    for line in Line::ALL {
        // Each line may have its own registration of the name (DUP-05): one's own goes before a colleague's.
        let holder = registration_keys::holder(tx, *line, KeyKind::Name, &folded)?;
        match holder {
            Some(customer) if customer.owner_id == opportunity.owner_id => {
                return Ok(Some(customer));
            }
            other => found = found.or(other),
        }
    }
    Ok(found)
}

/// Fails an opportunity that collided: its state, the attempt as evidence, and a case that the refused registrant may
/// appeal (AMB-45). Answers with the refusal for whoever submitted it.
///
/// # Errors
/// A lost race.
pub fn fail(tx: &mut Tx<'_>, ctx: &Ctx, read: &Opportunity, met: &Met) -> AppResult<AppError> {
    let mut next = read.clone();
    next.state = OpportunityState::Failed;
    next.customer_id = Some(met.customer.id);
    next.submitted_at = read
        .submitted_at
        .filter(|_| read.state == OpportunityState::Submitted)
        .or(Some(ctx.now));
    next.version = read.version + 1;
    next.updated_at = ctx.now;
    if !opportunities::save(tx, &next, read.version)? {
        return Err(AppError::lost_race("the opportunity changed meanwhile"));
    }
    attempts::insert(tx, &attempt(ctx, read, met))?;
    let case = open_case(tx, ctx, read, met)?;
    let data = json!({
        "customer_id": met.customer.id,
        "holder_id": met.holder,
        "conflict_case_id": case,
    });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        read.id,
        "opportunity.failed",
        &data,
        Some("OPP-07"),
    );
    let data = json!({
        "opportunity_id": read.id,
        "claimant_id": read.owner_id,
        "conflict_case_id": case,
    });
    ctx.record(
        tx,
        SubjectKind::Customer,
        met.customer.id,
        "customer.claim_refused",
        &data,
        Some("CONF-01"),
    );
    refusal(tx, read, met, case)
}

fn attempt(ctx: &Ctx, read: &Opportunity, met: &Met) -> Attempt {
    Attempt {
        id: ctx.new_id(),
        attempted_at: ctx.now,
        owner_id: read.owner_id,
        unit_id: read.unit_id,
        security_level: met.customer.security_level,
        subject_kind: SubjectKind::Opportunity,
        subject_id: Some(read.id.cast()),
        attempted_name: read.customer_name.clone(),
        line: met.customer.line,
        key_kind: KeyKind::Name,
        rule: "OPP-07".to_owned(),
        customer_id: met.customer.id,
        holder_id: met.holder,
        source: ctx.origin.source.clone(),
    }
}

fn open_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &Opportunity,
    met: &Met,
) -> AppResult<ConflictCaseId> {
    let settings = ctx.policy::<ConflictSettings>()?;
    let days = u32::from(settings.value.appeal_business_days);
    let last_day = ctx.calendar.add_business_days(ctx.today(), days);
    let case = ConflictCase {
        id: ctx.new_id(),
        opportunity_id: Some(read.id),
        attempt_id: None,
        arbitrator_id: None,
        customer_id: met.customer.id,
        customer_name: met.customer.name.clone(),
        holder_id: met.holder,
        claimant_id: read.owner_id,
        owner_id: read.owner_id,
        unit_id: read.unit_id,
        security_level: met.customer.security_level,
        state: CaseState::Detected,
        detected_at: ctx.now,
        appeal_until: Timestamp::end_of(last_day, ctx.zone),
        appeal_reason: None,
        appealed_at: None,
        ruling: None,
        basis: None,
        holder_share: None,
        claimant_share: None,
        ruled_by: None,
        ruled_at: None,
        policy_number: settings.number,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    conflict_cases::insert(tx, &case)?;
    let data = json!({
        "opportunity_id": case.opportunity_id,
        "customer_id": case.customer_id,
        "holder_id": case.holder_id,
        "claimant_id": case.claimant_id,
        "appeal_until": case.appeal_until,
        "policy_key": ConflictSettings::KEY,
        "policy_number": case.policy_number,
    });
    ctx.record(
        tx,
        SubjectKind::ConflictCase,
        case.id,
        "conflict_case.detected",
        &data,
        Some("AMB-45"),
    );
    Ok(case.id)
}

/// 409: existence, customer name, owner's name and department; since when only to those who may see it (AMB-33).
fn refusal(
    tx: &mut Tx<'_>,
    read: &Opportunity,
    met: &Met,
    case: ConflictCaseId,
) -> AppResult<AppError> {
    let people = names::people(tx, [met.holder])?;
    let (name, department) = (people.name(met.holder), people.department(met.holder));
    let customer = &met.customer.name;
    Ok(AppError::new(
        Code::Collision,
        format!(
            "客户“{customer}”已由{department}的{name}先行登记，商机注册失败，不得继续跟踪；如有异议，可在期限内就冲突案件申请裁决。"
        ),
        format!(
            "{name} of {department} registered the customer {customer} first: the registration failed and may not be followed; appeal the conflict case in time if you object."
        ),
    )
    .rule("OPP-07")
    .with(
        "winner",
        json!({
            "customer_name": customer,
            "owner_name": name,
            "department": department,
            "registered_at": met.since,
        }),
    )
    .with("conflict_case_id", case)
    .with("opportunity_id", read.id))
}
