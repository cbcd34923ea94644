//! Approvals, policies, the audit trail.

mod approvals;
mod audit;
mod policies;
