//! Policies, approvals, access, audit.

mod approval_seating;
mod approval_seats;
pub mod approval_views;
pub mod approvals;
pub mod audit;
pub mod deletion;
pub mod history;
pub mod policies;
pub mod policy_views;
pub mod reveals;
pub mod settlement;
pub mod verification;
