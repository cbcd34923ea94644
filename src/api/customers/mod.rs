//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod customer_filter;
pub mod duplicate;
pub mod overview;
pub mod share;
pub mod standing;
