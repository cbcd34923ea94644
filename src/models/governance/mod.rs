//! Policies, approvals, shares, events.

pub mod event;
