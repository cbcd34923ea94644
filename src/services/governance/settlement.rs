//! What an ended approval does to its subject: the one table from kinds to services.

use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::{AnyId, ApprovalId},
        vocabulary::{ApprovalState, SubjectKind},
    },
    error::{AppError, AppResult},
    services::{
        commerce::{contract_steps, quote_steps},
        customers::{review, share_applications},
        sales,
    },
};

/// How an approval ended, for its subject's service.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The approval.
    pub approval_id: ApprovalId,
    /// APPROVED, REJECTED, RETURNED or WITHDRAWN.
    pub state: ApprovalState,
    /// The last opinion's comment, or the reason of the withdrawal.
    pub comment: Option<String>,
}

/// Tells the subject's service, in the same transaction.
///
/// # Errors
/// The service's.
pub fn settle(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: SubjectKind,
    id: AnyId,
    outcome: &Outcome,
) -> AppResult<()> {
    match kind {
        SubjectKind::Customer => review::settle(tx, ctx, id, outcome),
        SubjectKind::Opportunity => sales::registration::settle(tx, ctx, id.cast(), outcome),
        SubjectKind::Quote => quote_steps::settle(tx, ctx, id.cast(), outcome),
        SubjectKind::Contract => contract_steps::settle(tx, ctx, id.cast(), outcome),
        SubjectKind::ShareApplication => share_applications::settle(tx, ctx, id.cast(), outcome),
        SubjectKind::Policy => super::policies::settled(tx, ctx, id.cast(), outcome),
        other => Err(AppError::internal(format!("{other} is not approved"))),
    }
}
