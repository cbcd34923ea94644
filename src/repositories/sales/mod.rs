//! Opportunities, conflict cases, activities.

pub mod activities;
pub mod case_entries;
pub mod conflict_cases;
pub mod cooperation;
pub mod decision_makers;
pub mod opportunities;
