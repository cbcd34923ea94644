//! Opportunities, conflict cases, activities.

pub mod activities;
pub mod opportunities;
