//! Correcting what a customer was registered as: company or person, kind, business line (CUS-27, CUS-02, CUS-07, DUP-05). The
//! regulation wants records true and is silent on how these mistakes are put right; they decide by what a customer is told
//! apart, so before the review whoever may change it corrects them, afterwards the reviewer, whose judgement they were.

use crate::domain::vocabulary::{CustomerKind, CustomerState, Party};
use crate::policy::Refusal;

/// Who corrects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever may change the customer.
    Writer,
    /// Who reviews the unit's customers, and does not own this one (CUS-21, AMB-13).
    Reviewer,
}

/// Who corrects a customer in this state: what took effect was found right by a reviewer (CUS-22).
pub fn by(state: CustomerState) -> By {
    match state {
        CustomerState::Effective => By::Reviewer,
        _ => By::Writer,
    }
}

/// What stands beside a correction.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// What it will be.
    pub party: Party,
    /// The kind before and after.
    pub kind: (CustomerKind, CustomerKind),
    /// It has former names or aliases.
    pub further_names: bool,
    /// Customers name it as their agent.
    pub end_customers: bool,
}

/// Refuses what would leave the customer's other records untrue.
pub fn may(beside: &Beside) -> Result<(), Refusal> {
    if beside.party == Party::Individual && beside.further_names {
        return Err(Refusal::new(
            "AMB-3",
            "HAS_FURTHER_NAMES",
            "个人客户没有曾用名和别名；请先删除它们，再更正为个人",
            "a person has no former names and aliases: remove them first",
        ));
    }
    if beside.kind.0 == CustomerKind::Agent
        && beside.kind.1 != CustomerKind::Agent
        && beside.end_customers
    {
        return Err(Refusal::new(
            "CUS-02",
            "HAS_END_CUSTOMERS",
            "仍有代理终端客户归属该代理商；请先变更其所属代理商",
            "end customers still belong to this agent: give them another agent first",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_effect_is_corrected_by_a_reviewer() {
        assert_eq!(by(CustomerState::Effective), By::Reviewer);
        for state in [CustomerState::Draft, CustomerState::Returned] {
            assert_eq!(by(state), By::Writer);
        }
    }

    #[test]
    fn names_and_end_customers_stand_against_a_correction() {
        use CustomerKind::{Agent, Direct};
        let code = |party, kind, further_names, end_customers| {
            may(&Beside {
                party,
                kind,
                further_names,
                end_customers,
            })
            .map_err(|r| r.code)
        };
        let company = Party::Company;
        assert_eq!(code(company, (Agent, Direct), true, false), Ok(()));
        assert_eq!(code(company, (Agent, Agent), true, true), Ok(()));
        assert_eq!(
            code(company, (Agent, Direct), false, true),
            Err("HAS_END_CUSTOMERS")
        );
        let person = Party::Individual;
        assert_eq!(code(person, (Direct, Direct), false, false), Ok(()));
        assert_eq!(
            code(person, (Direct, Direct), true, false),
            Err("HAS_FURTHER_NAMES")
        );
    }
}
