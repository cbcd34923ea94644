//! Customers, contacts, registrations.

pub mod cards;
pub mod contacts;
pub mod duplicates;
pub mod fields;
pub mod group_columns;
pub mod handover_runs;
pub mod handovers;
pub mod imports;
pub mod maintenance;
pub mod registration;
pub mod removal;
pub mod review;
pub mod share_applications;
pub mod shares;
pub mod sharing_rules;
pub mod successions;
pub mod transfers;
