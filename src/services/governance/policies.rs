//! Policies as data: the settings in force at a moment, by version, and how they are changed.

use serde_json::{Map, Value, json};

use super::{
    approvals::{self, Submission},
    policy_views::version_view,
    settlement::Outcome,
};
use crate::{
    api::governance::{
        approval::Withdraw,
        policy::{PolicyVersionView, ProposePolicy},
    },
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::PolicyVersionId,
        timestamp::Timestamp,
        vocabulary::{ApprovalState, Capability, PolicyState, SeatMode, SeatScope, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError, Text},
    models::governance::policy::PolicyVersion,
    policy::{
        self, Current, Described, Policies, Setting,
        commerce::quoting::QuotingSettings,
        governance::approval::{Route, Seat, Step},
        in_force::Approved,
        sales::opportunity::OpportunitySettings,
    },
    repositories::governance::policies,
};

/// The approved versions of all policies.
///
/// # Errors
/// A database fault.
pub fn load(conn: &mut Conn) -> AppResult<Policies> {
    let rows = policies::approved(conn, None)?;
    Ok(Policies::of(rows.into_iter().map(|row| {
        let version = Approved {
            effective_from: row.effective_from,
            number: row.number,
            value: row.value,
        };
        (row.policy_key, version)
    })))
}

/// The settings in force at `now`, where there is no context yet to ask: signing in.
///
/// # Errors
/// A database fault, or a kept version that no longer reads.
pub fn current<S: Setting>(conn: &mut Conn, now: Timestamp) -> AppResult<Current<S>> {
    load(conn)?.at(now).map_err(AppError::internal)
}

/// What there is to know of a policy beside its versions.
///
/// # Errors
/// 404 for an unknown key.
pub(super) fn described(key: &str) -> AppResult<Described> {
    let found = policy::catalogue()
        .into_iter()
        .find(|described| described.key == key);
    found.ok_or_else(AppError::not_found)
}

pub(super) fn parsed(text: &str) -> AppResult<Value> {
    serde_json::from_str(text).map_err(AppError::internal)
}

/// Proposes another version of a policy; it takes effect once approved.
///
/// # Errors
/// 403, 404 for an unknown key, 412 when another version took effect since it was read, 422 with every failing field.
pub fn propose(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    key: &str,
    body: &ProposePolicy,
) -> AppResult<PolicyVersionView> {
    ctx.require(Capability::ManagePolicies)?;
    let described = described(key)?;
    let approved = policies::approved(tx, Some(key))?;
    let in_force = approved.iter().find(|row| row.effective_from <= ctx.now);
    ctx.check_version(in_force.map_or(0, |row| row.number))?;
    let base = match in_force {
        Some(row) => parsed(&row.value)?,
        None => described.default.clone(),
    };
    let value = merged(base, &body.value);
    let effective_from = body.effective_from.unwrap_or(ctx.now);
    let mut errors = failing(key, &value);
    if errors.is_empty() {
        errors = failing_across(tx, key, &value, effective_from)?;
    }
    if body.value.is_empty() {
        errors.push(FieldError::new(
            "/value",
            "TOO_FEW",
            "至少给出一项参数。",
            "Give at least one setting.",
        ));
    }
    if effective_from < ctx.now {
        errors.push(FieldError::new(
            "/effective_from",
            "IN_THE_PAST",
            "生效时间不得早于现在；省略则批准后立即生效。",
            "Must not lie in the past; leave it out to take effect with the approval.",
        ));
    }
    let reason = body.reason.trim();
    if reason.is_empty() {
        errors.push(FieldError::new(
            "/reason",
            "BLANK",
            "不能为空。",
            "Must not be empty.",
        ));
    }
    if !errors.is_empty() {
        return Err(AppError::invalid(errors));
    }
    let number = policies::last_number(tx, key)? + 1;
    let id: PolicyVersionId = ctx.new_id();
    let approval_id = approvals::submit(tx, ctx, submission(ctx, &described, id, number))?;
    let row = PolicyVersion {
        id,
        policy_key: key.to_owned(),
        number,
        state: PolicyState::Proposed,
        effective_from,
        value: value.to_string(),
        reason: reason.to_owned(),
        proposed_by: ctx.actor.id,
        approval_id: Some(approval_id),
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    policies::insert(tx, &row)?;
    let data = json!({ "key": key, "number": number, "value": value, "reason": reason });
    ctx.record(tx, SubjectKind::Policy, id, "policy.proposed", &data, None);
    version_view(tx, ctx, row)
}

fn submission(ctx: &Ctx, described: &Described, id: PolicyVersionId, number: i64) -> Submission {
    let seat = Seat {
        capability: Capability::ApprovePolicies,
        scope: SeatScope::Company,
    };
    Submission {
        subject_kind: SubjectKind::Policy,
        subject_id: id.cast(),
        subject_version: 1,
        title: format!("制度参数：{}，第 {number} 版", described.title_zh),
        rule: described.rules.first().copied().unwrap_or("AMB-30"),
        policy: None,
        owner_id: ctx.actor.id,
        unit_id: ctx.actor.unit_id,
        security_level: 0,
        route: Route {
            steps: vec![Step {
                mode: SeatMode::AnyOf,
                seats: vec![seat],
            }],
        },
    }
}

/// The settings in force with those that are given in their place.
fn merged(base: Value, given: &Map<String, Value>) -> Value {
    let mut members = match base {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    members.extend(
        given
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    Value::Object(members)
}

fn failing(key: &str, value: &Value) -> Vec<FieldError> {
    let errors = policy::check(key, value).err().unwrap_or_default();
    errors.into_iter().map(in_body).collect()
}

fn in_body(error: policy::FieldError) -> FieldError {
    FieldError {
        pointer: format!("/value{}", error.pointer),
        code: error.code,
        params: Map::new(),
        message: Text::new(error.message_zh, error.message_en),
    }
}

/// What does not fit the versions of other policies that will be in force beside this one.
fn failing_across(
    conn: &mut Conn,
    key: &str,
    value: &Value,
    from: Timestamp,
) -> AppResult<Vec<FieldError>> {
    let found = match key {
        QuotingSettings::KEY => {
            let quoting: QuotingSettings = typed(value)?;
            let ladders = beside::<OpportunitySettings>(conn, from)?;
            ladders
                .iter()
                .find_map(|o| policy::catalogue::stage_beyond(&quoting, o))
        }
        OpportunitySettings::KEY => {
            let ladder: OpportunitySettings = typed(value)?;
            let quoting = beside::<QuotingSettings>(conn, from)?;
            quoting
                .iter()
                .find_map(|q| policy::catalogue::ladder_short_of(&ladder, q))
        }
        _ => None,
    };
    Ok(found.map(in_body).into_iter().collect())
}

fn typed<S: Setting>(value: &Value) -> AppResult<S> {
    serde_json::from_value(value.clone()).map_err(AppError::internal)
}

/// The settings of another policy in force at `from` or later.
fn beside<S: Setting>(conn: &mut Conn, from: Timestamp) -> AppResult<Vec<S>> {
    let approved = policies::approved(conn, Some(S::KEY))?;
    let (later, before): (Vec<_>, Vec<_>) =
        approved.iter().partition(|row| row.effective_from > from);
    let mut settings = vec![
        before
            .first()
            .map_or_else(|| Ok(S::default()), |row| typed(&parsed(&row.value)?))?,
    ];
    for row in later {
        settings.push(typed(&parsed(&row.value)?)?);
    }
    Ok(settings)
}

/// What the end of its approval does to a proposed version. A version approved after its date takes effect at once.
///
/// # Errors
/// 409 when another policy changed so that this version no longer fits it.
pub fn settled(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PolicyVersionId,
    outcome: &Outcome,
) -> AppResult<()> {
    let row = policies::get(tx, id)?;
    let (state, kind) = match outcome.state {
        ApprovalState::Approved => (PolicyState::Approved, "policy.approved"),
        ApprovalState::Rejected | ApprovalState::Returned => {
            (PolicyState::Rejected, "policy.rejected")
        }
        ApprovalState::Withdrawn | ApprovalState::Void => {
            (PolicyState::Withdrawn, "policy.withdrawn")
        }
        ApprovalState::Pending => return Err(AppError::internal("settled while pending")),
    };
    let effective_from = match state {
        PolicyState::Approved => row.effective_from.max(ctx.now),
        _ => row.effective_from,
    };
    if state == PolicyState::Approved {
        let errors = failing_across(tx, &row.policy_key, &parsed(&row.value)?, effective_from)?;
        if !errors.is_empty() {
            return Err(AppError::new(
                Code::RuleRefused,
                "该版本与其他现行制度参数不再相容；请退回并重新提出。",
                "This version no longer fits other policies: return it and propose anew.",
            )
            .with_errors(errors));
        }
    }
    settle(tx, ctx, &row, state, effective_from, kind)
}

fn settle(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    row: &PolicyVersion,
    state: PolicyState,
    effective_from: Timestamp,
    kind: &str,
) -> AppResult<()> {
    if !policies::settle(tx, row, state, effective_from, ctx.now)? {
        return Err(AppError::lost_race("the version was settled meanwhile"));
    }
    let data = json!({
        "key": row.policy_key,
        "number": row.number,
        "effective_from": effective_from,
    });
    ctx.record(tx, SubjectKind::Policy, row.id, kind, &data, None);
    Ok(())
}

/// Takes a proposed version back.
///
/// # Errors
/// 404 unless visible; 403 for anyone but the proposer; 409 when it is settled.
pub fn withdraw(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PolicyVersionId,
    body: &Withdraw,
) -> AppResult<PolicyVersionView> {
    let row = policies::find(tx, ctx, id)?;
    if row.proposed_by != ctx.actor.id {
        return Err(AppError::forbidden(
            "只有提出人可以撤回。",
            "Only whoever proposed it can withdraw it.",
        ));
    }
    ctx.check_version(row.version)?;
    if row.state != PolicyState::Proposed {
        return Err(AppError::new(
            Code::StateConflict,
            format!(
                "该版本{}，不能撤回；如需更改请提出新版本。",
                row.state.label().zh
            ),
            format!(
                "The version is {}: propose another one to change it.",
                row.state
            ),
        ));
    }
    let reason = approvals::reason(body)?.unwrap_or("withdrawn");
    let state = ApprovalState::Withdrawn;
    approvals::end_pending(tx, ctx, SubjectKind::Policy, id.cast(), state, reason)?;
    settle(
        tx,
        ctx,
        &row,
        PolicyState::Withdrawn,
        row.effective_from,
        "policy.withdrawn",
    )?;
    let row = policies::get(tx, id)?;
    version_view(tx, ctx, row)
}
