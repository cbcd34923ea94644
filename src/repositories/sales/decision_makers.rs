//! Whether decision-makers were met (CUS-38).

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{activities, contacts},
    },
    domain::id::kind::{ActivityId, ContactId, CustomerId, OpportunityId},
    error::AppResult,
};

/// Whether a contact of the customer is marked as decision-maker.
///
/// # Errors
/// A database fault.
pub fn known(conn: &mut Conn, customer: CustomerId) -> AppResult<bool> {
    let found: Option<ContactId> = contacts::table
        .filter(contacts::customer_id.eq(customer))
        .filter(contacts::is_decision_maker.eq(true))
        .filter(contacts::deleted_at.is_null())
        .select(contacts::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether an activity with a decision-maker is on record: in this opportunity, or with the customer in general.
///
/// # Errors
/// A database fault.
pub fn met(conn: &mut Conn, customer: CustomerId, opportunity: OpportunityId) -> AppResult<bool> {
    let deciding = contacts::table
        .filter(contacts::customer_id.eq(customer))
        .filter(contacts::is_decision_maker.eq(true))
        .select(contacts::id.nullable());
    let found: Option<ActivityId> = activities::table
        .filter(activities::customer_id.eq(customer))
        .filter(activities::contact_id.eq_any(deciding))
        .filter(
            activities::opportunity_id
                .is_null()
                .or(activities::opportunity_id.eq(opportunity)),
        )
        .select(activities::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
