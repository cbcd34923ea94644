//! Customers: registration, review, conflicts.

pub mod birthday;
pub mod completeness;
pub mod conflict;
pub mod duplicate_pair;
pub mod feedback;
pub mod likeness;
pub mod match_terms;
pub mod merging;
pub mod registration;
pub mod review;
pub mod transfer;
pub mod unique_key;
