//! Units, users, roles, sessions.

pub mod actors;
pub mod calendar;
pub mod sessions;
