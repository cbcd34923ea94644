//! Customers, contacts, registrations.

pub mod contact;
pub mod contact_plan;
pub mod correction;
pub mod customer;
pub mod customer_filter;
pub mod customer_product;
pub mod duplicate;
pub mod duplicate_pair;
pub mod feedback;
pub mod handover;
pub mod merge;
pub mod name;
pub mod overview;
pub mod removal;
pub mod reveal;
pub mod share;
pub mod share_application;
pub mod sharing_rule;
pub mod standing;
pub mod transfer;
