//! The customers that are likely the same as one (DUP-10), of what the one look-up finds.

use std::collections::HashMap;

use super::likeness::Candidate;
use crate::{
    db::Conn,
    domain::{
        id::kind::CustomerId,
        vocabulary::{LikenessReason, LikenessRelation, SubjectKind},
    },
    error::AppResult,
    models::customers::customer::Customer,
    repositories::customers::customers,
};

/// A customer that is likely the same.
pub struct Similar {
    /// The other.
    pub customer: Customer,
    /// How alike, in per cent.
    pub score: i32,
    /// Why.
    pub reasons: Vec<LikenessReason>,
}

/// The customers among the candidates that are at least so much alike, in per cent.
///
/// # Errors
/// A database fault.
pub fn among(conn: &mut Conn, found: &[Candidate], min_score: u8) -> AppResult<Vec<Similar>> {
    let alike: HashMap<CustomerId, (i32, Vec<LikenessReason>)> = found
        .iter()
        .filter(|candidate| {
            candidate.subject_kind == SubjectKind::Customer
                && candidate.likeness.relation == LikenessRelation::Likely
        })
        .map(|candidate| {
            let score = i32::try_from(candidate.likeness.score / 100).unwrap_or(i32::MAX);
            let id: CustomerId = candidate.subject_id.cast();
            (id, (score, candidate.likeness.reasons.clone()))
        })
        .filter(|(_, (score, _))| *score >= i32::from(min_score))
        .collect();
    if alike.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CustomerId> = alike.keys().copied().collect();
    let others = customers::unguarded_all(conn, &ids)?;
    Ok(others
        .into_iter()
        .filter_map(|customer| {
            let (score, reasons) = alike.get(&customer.id)?.clone();
            Some(Similar {
                customer,
                score,
                reasons,
            })
        })
        .collect())
}
