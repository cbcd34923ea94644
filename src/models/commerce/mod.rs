//! Products, quotes, contracts.

pub mod contract;
pub mod product;
pub mod quote;
