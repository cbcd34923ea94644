//! Units, users, roles, sessions.

pub mod grant;
pub mod session;
pub mod unit;
pub mod user;
