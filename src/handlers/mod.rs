//! Endpoints: parse, call one service, answer.

pub mod commerce;
pub mod customers;
pub mod governance;
pub mod knowledge;
pub mod org;
pub mod platform;
pub mod sales;
