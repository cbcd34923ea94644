//! Products, quotes, contracts.

pub mod contract_steps;
pub mod contract_terms;
pub mod contract_views;
pub mod contracts;
pub mod placements;
pub mod products;
pub mod quote_conditions;
pub mod quote_steps;
pub mod quote_terms;
pub mod quote_views;
pub mod quotes;
pub mod supplier_reach;
pub mod suppliers;
