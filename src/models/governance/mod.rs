//! Policies, approvals, shares, events.

pub mod event;
pub mod share;
