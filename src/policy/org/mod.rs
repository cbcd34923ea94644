//! Accounts: passwords and sessions.

pub mod administration;
pub mod password;
pub mod session;
