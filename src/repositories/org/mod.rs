//! Units, users, roles, sessions.

pub mod actors;
pub mod calendar;
pub mod delegations;
pub mod departures;
pub mod grants;
pub mod names;
pub mod reporting;
pub mod roles;
pub mod sessions;
pub mod ties;
pub mod unit_accounts;
pub mod units;
pub mod users;
