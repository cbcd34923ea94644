//! Customers: registration, review, conflicts.

pub mod address;
pub mod birthday;
pub mod card;
pub mod completeness;
pub mod conflict;
pub mod contact;
pub mod correction;
pub mod duplicate_pair;
pub mod feedback;
pub mod likeness;
pub mod match_terms;
pub mod merging;
pub mod name_pieces;
pub mod profile;
pub mod registration;
pub mod removal;
pub mod review;
pub mod telling;
pub mod transfer;
pub mod unique_key;
pub mod value;
