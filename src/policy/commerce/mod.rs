//! Prices: discounts, quotes, contract sign-off.

pub mod contract_state;
pub mod discount;
pub mod quote_cover;
pub mod quote_state;
pub mod quoting;
pub mod seats;
pub mod signoff;
pub mod special_price;
