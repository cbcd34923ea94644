//! What of a customer is in work when it is to be deleted (CUS-48).

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{conflict_cases, contracts, opportunities, quotes},
    },
    domain::{
        id::kind::CustomerId,
        vocabulary::{CaseState, ContractState, OpportunityState, QuoteState},
    },
    error::AppResult,
    policy::customers::removal::Alive,
};

/// Counts it. Drafts and what was sent back wait for nobody and are not counted.
///
/// # Errors
/// A database fault.
pub fn alive(conn: &mut Conn, customer: CustomerId) -> AppResult<Alive> {
    Ok(Alive {
        opportunities: opportunities::table
            .filter(opportunities::customer_id.eq(customer))
            .filter(
                opportunities::state
                    .eq_any([OpportunityState::Submitted, OpportunityState::Registered]),
            )
            .count()
            .get_result(conn)?,
        quotes: quotes::table
            .filter(quotes::customer_id.eq(customer))
            .filter(quotes::state.eq_any([
                QuoteState::Submitted,
                QuoteState::Approved,
                QuoteState::Sent,
            ]))
            .count()
            .get_result(conn)?,
        contracts: contracts::table
            .filter(contracts::customer_id.eq(customer))
            .filter(contracts::state.eq_any([
                ContractState::Submitted,
                ContractState::Approved,
                ContractState::Signed,
            ]))
            .count()
            .get_result(conn)?,
        conflict_cases: conflict_cases::table
            .filter(conflict_cases::customer_id.eq(customer))
            .filter(conflict_cases::state.eq(CaseState::UnderArbitration))
            .count()
            .get_result(conn)?,
    })
}
