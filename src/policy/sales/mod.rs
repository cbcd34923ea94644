//! Sales: the life of an opportunity.

pub mod opportunity;
pub mod opportunity_items;
pub mod opportunity_state;
