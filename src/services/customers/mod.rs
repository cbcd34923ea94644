//! Customers, contacts, registrations.

pub mod abc;
pub mod cards;
pub mod contacts;
pub mod distribution;
pub mod duplicates;
pub mod fields;
pub mod imports;
pub mod lists;
pub mod maintenance;
pub mod major_changes;
pub mod refresh;
pub mod registration;
pub mod removal;
pub mod review;
pub mod shares;
pub mod standing;
pub mod statistics;
pub mod supplement;
pub mod timeline;
pub mod value;
