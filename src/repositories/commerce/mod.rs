//! Products, quotes, contracts.

pub mod contracts;
pub mod partners;
pub mod placements;
pub mod products;
pub mod quotes;
pub mod related;
pub mod suppliers;
