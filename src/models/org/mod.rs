//! Units, users, roles, sessions.

pub mod delegation;
pub mod role;
pub mod session;
pub mod unit;
pub mod user;
