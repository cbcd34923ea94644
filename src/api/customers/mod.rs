//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod duplicate;
pub mod handover;
pub mod share;
pub mod share_application;
pub mod sharing_rule;
pub mod transfer;
