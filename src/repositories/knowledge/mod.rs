//! Documents, competitors.

pub mod competitors;
pub mod documents;
pub mod opportunity_competitors;
