//! Records that count their changes: what a conditional update needs to know of one.

use crate::domain::timestamp::Timestamp;

/// A record with a version.
pub trait Versioned {
    /// Its version, and when it was changed last.
    fn count(&mut self) -> (&mut i64, &mut Timestamp);
}

macro_rules! versioned {
    ($($record:path),+ $(,)?) => {$(
        impl Versioned for $record {
            fn count(&mut self) -> (&mut i64, &mut Timestamp) {
                (&mut self.version, &mut self.updated_at)
            }
        }
    )+};
}

versioned! {
    super::commerce::contract::Contract,
    super::commerce::placement::Placement,
    super::commerce::product::Product,
    super::commerce::quote::Quote,
    super::commerce::supplier::Supplier,
    super::customers::contact_plan::ContactPlan,
    super::customers::customer_product::CustomerProduct,
    super::customers::feedback::Feedback,
    super::knowledge::competitor::Competitor,
    super::knowledge::competitor::OpportunityCompetitor,
    super::knowledge::document::Document,
    super::sales::activity::Activity,
    super::sales::conflict_case::ConflictCase,
    super::sales::opportunity::Opportunity,
}
