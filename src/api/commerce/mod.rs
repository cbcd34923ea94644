//! Products, quotes, contracts.

pub mod amounts;
pub mod contract;
pub mod product;
pub mod quote;
