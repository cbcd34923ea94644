//! Customers, contacts, registrations.

pub mod attempt;
pub mod contact;
pub mod customer;
pub mod handover;
pub mod share_application;
pub mod sharing_rule;
