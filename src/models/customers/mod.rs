//! Customers, contacts, registrations.

pub mod attempt;
pub mod contact;
pub mod contact_plan;
pub mod customer;
pub mod customer_product;
pub mod duplicate_pair;
pub mod feedback;
pub mod handover;
pub mod matching;
pub mod merge;
pub mod name;
pub mod share_application;
pub mod sharing_rule;
pub mod standing;
