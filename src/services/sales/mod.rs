//! Opportunities, conflict cases, activities.

pub mod activities;
pub mod activity_views;
pub mod appeals;
pub mod case_entries;
pub mod closing;
pub mod collisions;
pub mod conflict_cases;
pub mod cooperation;
pub mod cooperations;
pub mod decision_makers;
pub mod opportunities;
pub mod opportunity_views;
pub mod registration;
pub mod reveals;
pub mod rulings;
