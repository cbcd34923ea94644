//! Customers, contacts, registrations.

pub mod cards;
pub mod contacts;
pub mod duplicates;
pub mod fields;
pub mod imports;
pub mod maintenance;
pub mod merge_fields;
pub mod merge_plan;
pub mod merge_undo;
pub mod merge_views;
pub mod merges;
pub mod registration;
pub mod removal;
pub mod review;
pub mod scans;
pub mod shares;
pub mod similar;
pub mod worklist;
pub mod worklist_views;
