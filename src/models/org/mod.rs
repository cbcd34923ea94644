//! Units, users, roles, sessions.

pub mod delegation;
pub mod departure;
pub mod role;
pub mod session;
pub mod unit;
pub mod unit_account;
pub mod user;
