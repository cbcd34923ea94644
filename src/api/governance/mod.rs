//! Policies, approvals, events.

pub mod approval;
