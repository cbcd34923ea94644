//! Policies, approvals, shares, events.

pub mod approval;
pub mod event;
pub mod policy;
pub mod share;
