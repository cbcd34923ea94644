//! Products, quotes, contracts.

pub mod amounts;
pub mod contract;
pub mod placement;
pub mod product;
pub mod quote;
pub mod supplier;
