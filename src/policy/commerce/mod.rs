//! Prices: discounts, quotes, contract sign-off.

pub mod discount;
pub mod quote_cover;
pub mod quoting;
pub mod signoff;
pub mod special_price;
