//! Documents, competitors.
pub mod competitor;
pub mod document;
