//! Units, users, roles, sessions.

pub mod actors;
pub mod calendar;
pub mod directory;
pub mod sessions;
pub mod users;
