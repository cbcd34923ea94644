//! Customers, contacts, registrations.

pub mod attempts;
pub mod contacts;
#[expect(
    clippy::module_inception,
    reason = "a noun has the same path in every layer"
)]
pub mod customers;
pub mod line_symbols;
pub mod matching;
pub mod names;
pub mod registration_keys;
