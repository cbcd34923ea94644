//! Customers, contacts, registrations.

pub mod attempts;
pub mod contacts;
pub mod customers;
pub mod registration_keys;
