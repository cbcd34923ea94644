//! Opportunities, conflict cases, activities.

pub mod activities;
pub mod case_entries;
pub mod conflict_cases;
pub mod cooperation;
pub mod opportunities;
