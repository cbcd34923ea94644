//! Products, quotes, contracts.
