//! Units, users, roles, sessions.

pub mod calendar;
pub mod delegation;
pub mod departure;
pub mod grant;
pub mod role;
pub mod session;
pub mod unit;
pub mod user;
