//! Customers, contacts, registrations.

pub mod attempts;
pub mod contacts;
pub mod customers;
pub mod handovers;
pub mod registration_keys;
pub mod share_applications;
pub mod sharing_rules;
pub mod successions;
