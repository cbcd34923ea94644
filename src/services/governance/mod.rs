//! Policies, approvals, access, audit.

pub mod approvals;
pub mod audit;
pub mod policies;
pub mod settlement;
