//! The statistics section of a customer's card: what is linked to it (CUS-17, CUS-40).

use crate::{
    api::customers::overview::{CustomerStatistics, StateCount},
    context::Ctx,
    db::Conn,
    domain::{id::kind::CustomerId, vocabulary::ContractState},
    error::AppResult,
    policy::customers::card,
    repositories::customers::{
        customers,
        overview::{self, ByState},
    },
};

/// What is linked to a customer, as far as the caller may see it.
///
/// # Errors
/// 404.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerStatistics> {
    let customer = customers::find(conn, ctx, id)?;
    let contracts = overview::contracts(conn, ctx, id)?;
    let signed = contracts
        .iter()
        .any(|(state, ..)| *state == ContractState::Signed);
    let (activities, last_activity_at) = overview::activities(conn, ctx, id)?;
    let (decision_makers, decision_maker_met_at) = overview::decision_makers(conn, id)?;
    let own = overview::own(conn, id, ctx.now)?;
    Ok(CustomerStatistics {
        customer_id: id,
        opportunities: counts(overview::opportunities(conn, ctx, id)?),
        quotes: counts(overview::quotes(conn, ctx, id)?),
        contracts: counts(contracts),
        activities,
        last_activity_at,
        contacts: own.contacts,
        decision_makers,
        decision_maker_met_at,
        documents: own.documents,
        shares: own.shares,
        registration_attempts: own.attempts,
        major_changes: own.changes,
        late_major_changes: own.late_changes,
        proposed_condition: card::proposed(customer.condition, signed),
    })
}

/// In the order of the states.
fn counts<S: Ord + std::fmt::Display>(mut rows: ByState<S>) -> Vec<StateCount> {
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter()
        .map(|(state, count, amount)| StateCount {
            state: state.to_string(),
            count,
            amount,
        })
        .collect()
}
