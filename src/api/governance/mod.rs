//! Policies, approvals, events.

pub mod approval;
pub mod policy;
