//! What a page of quotes or contracts says about other records: each kind in one query.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{customers, pending_approvals},
    },
    domain::{
        id::kind::{AnyId, ApprovalId, CustomerId, UnitId, UserId},
        vocabulary::SubjectKind,
    },
    error::AppResult,
    repositories::org::names::{self, Directory},
};

/// Names and pending approvals for a page of records.
#[derive(Debug, Default)]
pub struct Related {
    /// Customers' names.
    pub customers: HashMap<CustomerId, String>,
    /// Names of owners and their units.
    pub directory: Directory,
    /// Pending approvals by subject.
    pub approvals: HashMap<AnyId, ApprovalId>,
}

/// Reads what a page of records refers to.
///
/// # Errors
/// A database fault.
pub fn read(
    conn: &mut Conn,
    kind: SubjectKind,
    subjects: &[AnyId],
    customer_ids: &[CustomerId],
    owners: &[(UserId, UnitId)],
) -> AppResult<Related> {
    if subjects.is_empty() {
        return Ok(Related::default());
    }
    let customers: Vec<(CustomerId, String)> = customers::table
        .filter(customers::id.eq_any(customer_ids))
        .select((customers::id, customers::name))
        .load(conn)?;
    let approvals: Vec<(AnyId, ApprovalId)> = pending_approvals::table
        .filter(pending_approvals::subject_kind.eq(kind))
        .filter(pending_approvals::subject_id.eq_any(subjects))
        .select((
            pending_approvals::subject_id,
            pending_approvals::approval_id,
        ))
        .load(conn)?;
    let users = owners.iter().map(|(user, _)| *user);
    let units = owners.iter().map(|(_, unit)| *unit);
    Ok(Related {
        customers: customers.into_iter().collect(),
        directory: names::directory(conn, users, units)?,
        approvals: approvals.into_iter().collect(),
    })
}
