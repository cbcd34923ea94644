//! Customers, contacts, registrations.

pub mod attempts;
pub mod contacts;
#[expect(
    clippy::module_inception,
    reason = "a noun has the same path in every layer"
)]
pub mod customers;
pub mod duplicate_pairs;
pub mod merge_rows;
pub mod merges;
pub mod registration_keys;
