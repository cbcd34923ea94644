//! Accounts, their administration, delegations, passwords and sessions.

pub mod administration;
pub mod delegation;
pub mod departure;
pub mod password;
pub mod session;
