//! Rows and changesets.

pub mod commerce;
pub mod customers;
pub mod governance;
pub mod knowledge;
pub mod org;
pub mod platform;
pub mod sales;
pub mod sealed;
pub mod versioned;
