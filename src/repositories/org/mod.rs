//! Units, users, roles, sessions.

pub mod actors;
pub mod calendar;
pub mod names;
pub mod sessions;
pub mod users;
