//! Policies, approvals, events.

pub mod approval;
pub mod event;
pub mod policy;
