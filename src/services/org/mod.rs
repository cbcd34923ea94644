//! Units, users, roles, sessions.

pub mod accounts;
pub mod actors;
pub mod bootstrap;
pub mod calendar;
pub mod delegations;
pub mod departure_views;
pub mod departures;
pub mod fields;
pub mod grants;
pub mod roles;
pub mod scope;
pub mod sessions;
pub mod templates;
pub mod unit_accounts;
pub mod units;
pub mod user_views;
pub mod users;
