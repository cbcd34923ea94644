//! Units, users, roles, sessions.

pub mod session;
