//! Sales: the life of an opportunity and of a conflict case.

pub mod conflict_state;
pub mod decision_maker;
pub mod opportunity;
pub mod opportunity_items;
pub mod opportunity_state;
