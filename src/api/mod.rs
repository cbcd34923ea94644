//! The contract: request, filter and view types.

pub mod commerce;
pub mod csv;
pub mod customers;
pub mod governance;
pub mod knowledge;
pub mod org;
pub mod patch;
pub mod platform;
pub mod refs;
pub mod sales;
