//! Handovers of a person's records, and who receives what.

use diesel::prelude::*;

use crate::{
    db::schema::{handover_assignments, handovers},
    domain::{
        id::kind::{CustomerId, DepartureId, HandoverId, JobId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::HandoverState,
    },
};

/// A handover (ORG-25, DUP-18).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = handovers, treat_none_as_null = true)]
pub struct Handover {
    /// Id.
    #[diesel(skip_update)]
    pub id: HandoverId,
    /// Whose records.
    #[diesel(skip_update)]
    pub from_id: UserId,
    /// Who receives what is not assigned to somebody else.
    #[diesel(skip_update)]
    pub to_id: UserId,
    /// The unit of the one whose records they are.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// Why.
    #[diesel(skip_update)]
    pub reason: String,
    /// The departure that this handover completes.
    #[diesel(skip_update)]
    pub departure_id: Option<DepartureId>,
    /// The job that does it.
    #[diesel(skip_update)]
    pub job_id: JobId,
    /// Who ordered it.
    #[diesel(skip_update)]
    pub ordered_by: UserId,
    /// State.
    pub state: HandoverState,
    /// Customers handed over so far.
    pub customers: i64,
    /// Opportunities.
    pub opportunities: i64,
    /// Quotes.
    pub quotes: i64,
    /// Contracts.
    pub contracts: i64,
    /// Open conflict cases.
    pub conflict_cases: i64,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Version: rises with every step.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A customer that goes to somebody else than the receiver of the handover.
#[derive(Debug, Clone, Copy, HasQuery, Insertable)]
#[diesel(table_name = handover_assignments)]
pub struct HandoverAssignment {
    /// The handover.
    pub handover_id: HandoverId,
    /// The customer.
    pub customer_id: CustomerId,
    /// Who receives it.
    pub to_id: UserId,
}
