//! Customers, contacts, registrations.

pub mod attempt;
pub mod contact;
pub mod customer;
pub mod standing;
