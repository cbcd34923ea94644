//! Policies, approvals, access, audit.

pub mod access;
pub mod audit;
pub mod policies;
pub mod shares;
