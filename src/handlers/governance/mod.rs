//! Policies, approvals, audit.
