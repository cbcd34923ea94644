//! Customers, contacts, registrations.

pub mod attempts;
pub mod birthdays;
pub mod contact_plans;
pub mod contacts;
pub mod customer_products;
#[expect(
    clippy::module_inception,
    reason = "a noun has the same path in every layer"
)]
pub mod customers;
pub mod duplicate_pairs;
pub mod feedback;
pub mod handovers;
pub mod keyed;
pub mod line_symbols;
pub mod major_changes;
pub mod matching;
mod merge_documents;
pub mod merge_rows;
pub mod merges;
pub mod name_search;
pub mod names;
pub mod narrowing;
pub mod overview;
pub mod reached;
pub mod registration_keys;
pub mod removal;
pub mod share_applications;
pub mod sharing_rules;
pub mod standings;
pub mod successions;
pub mod timeline;
pub mod value_assessments;
pub mod whole;
