//! The glossary as types: every enumeration of the product, by area.

pub mod commerce;
pub mod customer_card;
pub mod customers;
pub mod governance;
pub mod org;
pub mod sales;

pub use commerce::*;
pub use customer_card::*;
pub use customers::*;
pub use governance::*;
pub use org::*;
pub use sales::*;

use super::labels::Label;

/// Every enumeration by its schema name: for the metadata endpoint and the front ends' labels.
pub fn catalogue() -> Vec<(&'static str, &'static [Label])> {
    vec![
        ("ActivityKind", ActivityKind::LABELS),
        ("ActivityState", ActivityState::LABELS),
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
        ("Employment", Employment::LABELS),
        ("Grade", Grade::LABELS),
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
        ("AbcClass", AbcClass::LABELS),
        ("AddressCheck", AddressCheck::LABELS),
        ("AddressPart", AddressPart::LABELS),
        ("Degree", Degree::LABELS),
        ("DistributionKey", DistributionKey::LABELS),
        ("EntryState", EntryState::LABELS),
        ("MajorChangeKind", MajorChangeKind::LABELS),
        ("ProfileItem", ProfileItem::LABELS),
        ("Salutation", Salutation::LABELS),
        ("SizeClass", SizeClass::LABELS),
        ("TimelineKind", TimelineKind::LABELS),
        ("ValueGrade", ValueGrade::LABELS),
    ]
}
