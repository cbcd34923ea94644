//! Customers, contacts, registrations.

pub mod cards;
pub mod contact_plans;
pub mod contacts;
pub mod customer_products;
pub mod duplicates;
pub mod feedback;
pub mod fields;
pub mod imports;
pub mod maintenance;
pub mod registration;
pub mod removal;
pub mod review;
pub mod shares;
