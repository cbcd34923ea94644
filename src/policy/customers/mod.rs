//! Customers: registration, review, conflicts.

pub mod completeness;
pub mod conflict;
pub mod duplicate_pair;
pub mod merging;
pub mod registration;
pub mod review;
pub mod similarity;
pub mod unique_key;
