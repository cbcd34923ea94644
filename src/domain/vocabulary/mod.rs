//! The glossary as types: every enumeration of the product, by area.

pub mod commerce;
pub mod customer_card;
pub mod customers;
pub mod exchange;
pub mod governance;
pub mod knowledge;
pub mod matching;
pub mod merging;
pub mod org;
pub mod sales;
pub mod succession;
pub mod words;

pub use commerce::*;
pub use customer_card::*;
pub use customers::*;
pub use exchange::*;
pub use governance::*;
pub use knowledge::*;
pub use matching::*;
pub use merging::*;
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
        ("CustomerNameKind", CustomerNameKind::LABELS),
        ("CustomerSource", CustomerSource::LABELS),
        ("CustomerState", CustomerState::LABELS),
        ("Degree", Degree::LABELS),
        ("DepartureState", DepartureState::LABELS),
        ("Employment", Employment::LABELS),
        ("ExportField", ExportField::LABELS),
        ("FieldDelimiter", FieldDelimiter::LABELS),
        ("FileFormat", FileFormat::LABELS),
        ("Grade", Grade::LABELS),
        ("HandoverState", HandoverState::LABELS),
        ("Importance", Importance::LABELS),
        ("ImportField", ImportField::LABELS),
        ("JobKind", JobKind::LABELS),
        ("JobState", JobState::LABELS),
        ("KeyKind", KeyKind::LABELS),
        ("LikenessReason", LikenessReason::LABELS),
        ("LikenessRelation", LikenessRelation::LABELS),
        ("Language", Language::LABELS),
        ("Line", Line::LABELS),
        ("ListedNameKind", ListedNameKind::LABELS),
        ("Opinion", Opinion::LABELS),
        ("OpportunitySource", OpportunitySource::LABELS),
        ("OpportunityState", OpportunityState::LABELS),
        ("Party", Party::LABELS),
        ("PolicyState", PolicyState::LABELS),
        ("ProductClass", ProductClass::LABELS),
        ("QuoteState", QuoteState::LABELS),
        ("QuoteTier", QuoteTier::LABELS),
        ("Ruling", Ruling::LABELS),
        ("Salutation", Salutation::LABELS),
        ("Scope", Scope::LABELS),
        ("SeatMode", SeatMode::LABELS),
        ("SeatScope", SeatScope::LABELS),
        ("SeatState", SeatState::LABELS),
        ("ShareLevel", ShareLevel::LABELS),
        ("SubjectKind", SubjectKind::LABELS),
        ("TextEncoding", TextEncoding::LABELS),
        ("UnitKind", UnitKind::LABELS),
        ("DocumentKind", DocumentKind::LABELS),
        ("DocumentSubject", DocumentSubject::LABELS),
        ("ProductRelation", ProductRelation::LABELS),
        ("CompetitorOutcome", CompetitorOutcome::LABELS),
        ("FeedbackChannel", FeedbackChannel::LABELS),
        ("MergeState", MergeState::LABELS),
        ("MovedKind", MovedKind::LABELS),
        ("MoveAction", MoveAction::LABELS),
        ("MoveOutcome", MoveOutcome::LABELS),
        ("MergeField", MergeField::LABELS),
        ("PairState", PairState::LABELS),
        ("CaseSide", CaseSide::LABELS),
        ("CaseEntryKind", CaseEntryKind::LABELS),
        ("ShareOrigin", ShareOrigin::LABELS),
        ("AbcClass", AbcClass::LABELS),
        ("AddressCheck", AddressCheck::LABELS),
        ("AddressPart", AddressPart::LABELS),
        ("DistributionKey", DistributionKey::LABELS),
        ("EntryState", EntryState::LABELS),
        ("MajorChangeKind", MajorChangeKind::LABELS),
        ("ProfileItem", ProfileItem::LABELS),
        ("SizeClass", SizeClass::LABELS),
        ("TimelineKind", TimelineKind::LABELS),
        ("ValueGrade", ValueGrade::LABELS),
    ]
}
