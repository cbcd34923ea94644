//! Customers: registration, review, conflicts.

pub mod address;
pub mod card;
pub mod completeness;
pub mod conflict;
pub mod profile;
pub mod registration;
pub mod review;
pub mod unique_key;
pub mod value;
