//! Opportunities, conflict cases, activities.

pub mod activity;
pub mod case_entry;
pub mod conflict_case;
pub mod cooperation;
pub mod opportunity;
