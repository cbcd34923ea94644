//! Policies, approvals, access, audit.

mod approval_seats;
pub mod approval_views;
pub mod approvals;
pub mod audit;
pub mod policies;
pub mod settlement;
