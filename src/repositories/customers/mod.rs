//! Customers, contacts, registrations.

pub mod attempts;
pub mod contacts;
#[expect(
    clippy::module_inception,
    reason = "a noun has the same path in every layer"
)]
pub mod customers;
pub mod major_changes;
pub mod narrowing;
pub mod overview;
pub mod registration_keys;
pub mod standings;
pub mod timeline;
pub mod value_assessments;
