//! The glossary as types: every enumeration of the product, by area.

pub mod commerce;
pub mod customers;
pub mod governance;
pub mod org;
pub mod sales;
pub mod succession;

pub use commerce::*;
pub use customers::*;
pub use governance::*;
pub use org::*;
pub use sales::*;
pub use succession::*;

use super::labels::Label;

/// Every enumeration by its schema name: for the metadata endpoint and the front ends' labels.
pub fn catalogue() -> Vec<(&'static str, &'static [Label])> {
    vec![
        ("ActivityKind", ActivityKind::LABELS),
        ("ActivityState", ActivityState::LABELS),
        ("ApplicationState", ApplicationState::LABELS),
        ("ApprovalState", ApprovalState::LABELS),
        ("Capability", Capability::LABELS),
        ("CaseState", CaseState::LABELS),
        ("Condition", Condition::LABELS),
        ("ContractState", ContractState::LABELS),
        ("ContractRoute", ContractRoute::LABELS),
        ("CountersignReason", CountersignReason::LABELS),
        ("CustomerKind", CustomerKind::LABELS),
        ("CustomerSource", CustomerSource::LABELS),
        ("CustomerState", CustomerState::LABELS),
        ("DepartureState", DepartureState::LABELS),
        ("Employment", Employment::LABELS),
        ("Grade", Grade::LABELS),
        ("HandoverState", HandoverState::LABELS),
        ("Importance", Importance::LABELS),
        ("JobKind", JobKind::LABELS),
        ("JobState", JobState::LABELS),
        ("KeyKind", KeyKind::LABELS),
        ("Line", Line::LABELS),
        ("Opinion", Opinion::LABELS),
        ("OpportunitySource", OpportunitySource::LABELS),
        ("OpportunityState", OpportunityState::LABELS),
        ("Party", Party::LABELS),
        ("PolicyState", PolicyState::LABELS),
        ("ProductClass", ProductClass::LABELS),
        ("QuoteState", QuoteState::LABELS),
        ("QuoteTier", QuoteTier::LABELS),
        ("Ruling", Ruling::LABELS),
        ("Scope", Scope::LABELS),
        ("SeatMode", SeatMode::LABELS),
        ("SeatScope", SeatScope::LABELS),
        ("SeatState", SeatState::LABELS),
        ("ShareLevel", ShareLevel::LABELS),
        ("SubjectKind", SubjectKind::LABELS),
        ("UnitKind", UnitKind::LABELS),
    ]
}
