//! Opportunities, conflict cases, activities.

pub mod activity;
pub mod conflict_case;
pub mod opportunity;
pub mod reveal;
