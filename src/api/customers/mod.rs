//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod duplicate;
pub mod duplicate_pair;
pub mod merge;
pub mod share;
