//! Customers: registration, review, conflicts.

pub mod completeness;
pub mod conflict;
pub mod registration;
pub mod review;
pub mod transfer;
pub mod unique_key;
