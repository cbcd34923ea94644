//! Customers, contacts, registrations.

pub mod cards;
pub mod contact_plans;
pub mod contacts;
pub mod customer_products;
pub mod duplicates;
pub mod feedback;
pub mod fields;
pub mod further_names;
pub mod group_columns;
pub mod handover_runs;
pub mod handovers;
pub mod imports;
pub mod likeness;
pub mod maintenance;
pub mod matching_index;
pub mod personal;
pub mod registration;
pub mod removal;
pub mod reveals;
pub mod review;
pub mod share_applications;
pub mod shares;
pub mod sharing_rules;
pub mod successions;
pub mod transfers;
