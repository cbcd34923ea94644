//! The steps of a quote's and of a contract's approval (QUO-05..07, CON-02..05, AMB-47).

use super::quote_cover::Cover;
use super::signoff;
use crate::domain::vocabulary::{Capability, QuoteTier, SeatMode, SeatScope};
use crate::policy::governance::approval::{Route, Seat, Step};

/// Who approves a discount of this tier: any one holder of the tier's capability, the department
/// manager among the submitter's unit and those above it, the others company-wide.
pub fn quote_route(tier: QuoteTier) -> Route {
    Route {
        steps: vec![tier_step(tier)],
    }
}

/// Who signs a contract off. Where the department manager would decide alone a discount that no
/// approved quote covers and that is deeper than the manager's own tier, the tier's approver speaks
/// first (AMB-47). Countersigning ends with the president, who holds the highest tier.
pub fn contract_route(route: &signoff::Route, cover: Cover) -> Route {
    let mut approval = route.approval();
    if let Some(tier) = tier_before(route, cover) {
        approval.steps.insert(0, tier_step(tier));
    }
    approval
}

/// The tier that must speak before the department manager, if one must.
pub fn tier_before(route: &signoff::Route, cover: Cover) -> Option<QuoteTier> {
    match (route, cover) {
        (signoff::Route::DepartmentManager, Cover::Tier(tier))
            if tier > QuoteTier::DepartmentManager =>
        {
            Some(tier)
        }
        _ => None,
    }
}

fn tier_step(tier: QuoteTier) -> Step {
    let (capability, scope) = match tier {
        QuoteTier::DepartmentManager => (
            Capability::ApproveQuotesDepartment,
            SeatScope::SubmitterUnit,
        ),
        QuoteTier::PresidentAssistant => (Capability::ApproveQuotesAssistant, SeatScope::Company),
        QuoteTier::Executive => (Capability::ApproveQuotesExecutive, SeatScope::Company),
    };
    Step {
        mode: SeatMode::AnyOf,
        seats: vec![Seat { capability, scope }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capabilities(route: &Route) -> Vec<Vec<Capability>> {
        let seats = |s: &Step| s.seats.iter().map(|seat| seat.capability).collect();
        route.steps.iter().map(seats).collect()
    }

    #[test]
    fn each_tier_is_approved_by_its_holder_alone() {
        for (tier, capability) in [
            (
                QuoteTier::DepartmentManager,
                Capability::ApproveQuotesDepartment,
            ),
            (
                QuoteTier::PresidentAssistant,
                Capability::ApproveQuotesAssistant,
            ),
            (QuoteTier::Executive, Capability::ApproveQuotesExecutive),
        ] {
            let route = quote_route(tier);
            assert_eq!(route.check(), Ok(()));
            assert_eq!(capabilities(&route), [[capability]]);
        }
    }

    #[test]
    fn an_uncovered_discount_is_approved_by_its_tier_before_the_manager_signs() {
        let manager = signoff::Route::DepartmentManager;
        let steps = |cover| capabilities(&contract_route(&manager, cover));
        let alone = [[Capability::DecideSmallContracts]];
        assert_eq!(steps(Cover::ApprovedQuote), alone);
        assert_eq!(steps(Cover::Tier(QuoteTier::DepartmentManager)), alone);
        assert_eq!(
            steps(Cover::Tier(QuoteTier::PresidentAssistant)),
            [
                [Capability::ApproveQuotesAssistant],
                [Capability::DecideSmallContracts]
            ]
        );
    }

    #[test]
    fn countersigning_covers_every_tier() {
        let route = signoff::Route::Countersign { because: vec![] };
        let approval = contract_route(&route, Cover::Tier(QuoteTier::Executive));
        assert_eq!(approval, route.approval());
    }
}
