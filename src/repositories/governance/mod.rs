//! Policies, approvals, access, audit.

pub mod access;
pub mod approvals;
pub mod approvers;
pub mod audit;
pub mod policies;
pub mod reveals;
pub mod shares;
pub mod ways;
