//! Important stages are communicated with the decision-maker (CUS-38).

use crate::{
    context::Ctx,
    db::Conn,
    error::AppResult,
    models::sales::opportunity::Opportunity,
    policy::{
        Refusal,
        sales::decision_maker::{DecisionMakerSettings, Facts, is_important, lacking},
    },
    repositories::sales::decision_makers,
};

/// What is lacking of an opportunity at a stage.
///
/// # Errors
/// A database fault.
pub fn warning(
    conn: &mut Conn,
    ctx: &Ctx,
    row: &Opportunity,
    stage: i32,
) -> AppResult<Option<Refusal>> {
    let settings = ctx.policy::<DecisionMakerSettings>()?.value;
    judged(conn, row, stage, &settings)
}

/// Refuses an important stage without an activity with the decision-maker, if the policy demands one.
///
/// # Errors
/// 409 (CUS-38).
pub fn admit_stage(conn: &mut Conn, ctx: &Ctx, row: &Opportunity, stage: i32) -> AppResult<()> {
    let settings = ctx.policy::<DecisionMakerSettings>()?.value;
    if !settings.required {
        return Ok(());
    }
    match judged(conn, row, stage, &settings)? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

fn judged(
    conn: &mut Conn,
    row: &Opportunity,
    stage: i32,
    settings: &DecisionMakerSettings,
) -> AppResult<Option<Refusal>> {
    if !is_important(stage, settings) {
        return Ok(None);
    }
    let (known, met) = match row.customer_id {
        None => (false, false),
        Some(customer) => (
            decision_makers::known(conn, customer)?,
            decision_makers::met(conn, customer, row.id)?,
        ),
    };
    Ok(lacking(Facts { stage, known, met }, settings))
}
