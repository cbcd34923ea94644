//! What a customer is worth, and who is a key customer (CUS-43, CUS-46).

use serde_json::json;

use super::{cards, registration::trimmed};
use crate::{
    api::customers::{
        customer::{CustomerView, Reason},
        standing::{CriterionScore, NewValueAssessment, NoFilter, ValueAssessmentView},
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::CustomerId,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::customers::standing::ValueAssessment,
    policy::customers::{
        review::{self, Command},
        value::{self, Value, ValueSettings},
    },
    repositories::{
        customers::{customers, standings, value_assessments},
        org::names,
    },
};

pub use crate::repositories::customers::value_assessments::ValueAssessmentSort;

/// Assesses a customer by the scores of its owner: value and grade follow from the policy.
///
/// # Errors
/// 404; 403 for whoever may not change it; 409 while it is under review; 412; 422 with every score that does not fit.
pub fn assess(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &NewValueAssessment,
) -> AppResult<ValueAssessmentView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    review::may(customer.state, Command::Edit)?;
    let settings = ctx.policy::<ValueSettings>()?;
    let scores: Vec<_> = body
        .scores
        .iter()
        .map(|given| (given.criterion.as_str(), given.score))
        .collect();
    let misfits = value::misfits(&scores, &settings.value);
    if !misfits.is_empty() {
        return Err(AppError::incomplete(misfits));
    }
    let (value, grade) = value::assess(&scores, &settings.value);
    let assessment = ValueAssessment {
        id: ctx.new_id(),
        customer_id: id,
        scores: json!(body.scores).to_string(),
        value: value.units(),
        grade,
        comment: trimmed(body.comment.as_deref()),
        policy_number: settings.number,
        assessed_by: ctx.actor.id,
        created_at: ctx.now,
    };
    if !customers::set_value_grade(tx, &customer, grade, ctx.now)? {
        return Err(ctx.lost_update());
    }
    value_assessments::insert(tx, &assessment)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.value_assessed",
        &json!({
            "assessment_id": assessment.id, "value": value.to_string(), "grade": grade,
            "before": customer.value_grade, "policy_number": settings.number,
        }),
        Some("CUS-43"),
    );
    views(tx, vec![assessment])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// One page of a customer's assessments, latest first.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn history(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
    query: &Listed<NoFilter, ValueAssessmentSort>,
) -> AppResult<Page<ValueAssessmentView>> {
    customers::find(conn, ctx, id)?;
    value_assessments::list(conn, id, &query.page)?.try_map_all(|rows| views(conn, rows))
}

fn views(conn: &mut Conn, rows: Vec<ValueAssessment>) -> AppResult<Vec<ValueAssessmentView>> {
    let people = names::people(conn, rows.iter().map(|row| row.assessed_by))?;
    rows.into_iter()
        .map(|row| {
            let scores: Vec<CriterionScore> =
                serde_json::from_str(&row.scores).map_err(AppError::internal)?;
            Ok(ValueAssessmentView {
                id: row.id,
                customer_id: row.customer_id,
                scores,
                value: Value::from_units(row.value).to_string(),
                grade: row.grade,
                comment: row.comment,
                policy_number: row.policy_number,
                assessed_by: people.get(row.assessed_by),
                created_at: row.created_at,
            })
        })
        .collect()
}

/// Marks a customer as a key customer, with the reason (CUS-46, AMB-55).
///
/// # Errors
/// 403 without `MARK_KEY_CUSTOMERS`; 404; 409 if it is marked already; 412; 422.
pub fn mark_key(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &Reason,
) -> AppResult<CustomerView> {
    let reason = trimmed(Some(&body.reason)).ok_or_else(|| {
        AppError::invalid(vec![FieldError::new(
            "/reason",
            "BLANK",
            "不能为空白",
            "must not be blank",
        )])
    })?;
    set_key(tx, ctx, id, Some(&reason))
}

/// Takes the mark of a key customer back.
///
/// # Errors
/// 403 without `MARK_KEY_CUSTOMERS`; 404; 409 if it is not marked; 412.
pub fn unmark_key(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    set_key(tx, ctx, id, None)
}

fn set_key(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    reason: Option<&str>,
) -> AppResult<CustomerView> {
    ctx.require(Capability::MarkKeyCustomers)?;
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    let key = reason.is_some();
    if customer.is_key_customer == key {
        let (zh, en) = if key {
            ("该客户已是重点客户。", "It is a key customer already.")
        } else {
            ("该客户不是重点客户。", "It is no key customer.")
        };
        return Err(AppError::new(Code::StateConflict, zh, en).rule("CUS-46"));
    }
    if !customers::set_key(tx, &customer, key, ctx.now)? {
        return Err(ctx.lost_update());
    }
    standings::set_key(tx, id, reason.map(|reason| (reason, ctx.actor.id, ctx.now)))?;
    let event = if key {
        "customer.key_marked"
    } else {
        "customer.key_unmarked"
    };
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        event,
        &json!({ "reason": reason }),
        Some("CUS-46"),
    );
    cards::view(tx, ctx, id)
}
