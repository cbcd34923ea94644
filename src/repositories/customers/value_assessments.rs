//! Assessments of customers' value (CUS-43): only ever added.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::value_assessments,
    },
    domain::{id::kind::CustomerId, timestamp::Timestamp},
    error::AppResult,
    models::customers::standing::ValueAssessment,
};

crate::sortable! {
    value_assessments, ValueAssessment, ValueAssessmentSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// One page of a customer's assessments.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    customer: CustomerId,
    request: &PageRequest<ValueAssessmentSort>,
) -> AppResult<Page<ValueAssessment>> {
    page(conn, request, || {
        value_assessments::table
            .into_boxed()
            .filter(value_assessments::customer_id.eq(customer))
    })
}

/// Inserts an assessment.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, assessment: &ValueAssessment) -> AppResult<()> {
    diesel::insert_into(value_assessments::table)
        .values(assessment)
        .execute(tx.conn())?;
    Ok(())
}
