//! What a document belongs to: whoever may read that may read the document, whoever may change that may change it
//! (CUS-42). Every noun's own look-up decides; nothing is decided here.

use crate::{
    api::knowledge::document::DocumentLinkTarget,
    context::Ctx,
    db::Conn,
    domain::{
        id::kind::CustomerId,
        vocabulary::{Capability, DocumentSubject},
    },
    error::{AppError, AppResult, Code},
    repositories::{
        commerce::{contracts, quotes, suppliers},
        customers::{contacts, customers},
        governance::access::read_only,
        knowledge::competitors,
        sales::{conflict_cases, opportunities},
    },
};

/// Refuses whoever may not see the record.
///
/// # Errors
/// 404.
pub fn find(conn: &mut Conn, ctx: &Ctx, subject: DocumentLinkTarget) -> AppResult<()> {
    let id = subject.subject_id;
    match subject.subject_kind {
        DocumentSubject::Customer => customers::find(conn, ctx, id.cast()).map(drop),
        DocumentSubject::Contact => {
            let contact = contacts::get(conn, id.cast())?;
            customers::find(conn, ctx, contact.customer_id).map(drop)
        }
        DocumentSubject::Opportunity => opportunities::find(conn, ctx, id.cast()).map(drop),
        DocumentSubject::Quote => quotes::find(conn, ctx, id.cast()).map(drop),
        DocumentSubject::Contract => contracts::find(conn, ctx, id.cast()).map(drop),
        DocumentSubject::ConflictCase => conflict_cases::find(conn, ctx, id.cast()).map(drop),
        DocumentSubject::Competitor if ctx.has(Capability::ReadCompetitors) => {
            competitors::live(conn, id.cast()).map(drop)
        }
        DocumentSubject::Supplier if ctx.has(Capability::ReadSuppliers) => {
            suppliers::live(conn, id.cast()).map(drop)
        }
        DocumentSubject::Competitor | DocumentSubject::Supplier => Err(AppError::not_found()),
    }
}

/// Refuses whoever may not change the record.
///
/// # Errors
/// 404 unless the caller sees it, 403 unless the caller may change it.
pub fn find_for_write(conn: &mut Conn, ctx: &Ctx, subject: DocumentLinkTarget) -> AppResult<()> {
    let id = subject.subject_id;
    match subject.subject_kind {
        DocumentSubject::Customer => customers::find_for_write(conn, ctx, id.cast()).map(drop),
        DocumentSubject::Contact => {
            let contact = contacts::get(conn, id.cast())?;
            customers::find_for_write(conn, ctx, contact.customer_id).map(drop)
        }
        DocumentSubject::Opportunity => {
            opportunities::find_for_write(conn, ctx, id.cast()).map(drop)
        }
        DocumentSubject::Quote => quotes::find_for_write(conn, ctx, id.cast()).map(drop),
        DocumentSubject::Contract => contracts::find_for_write(conn, ctx, id.cast()).map(drop),
        DocumentSubject::ConflictCase => {
            // Both parties bring what they have; so does whoever rules.
            let case = conflict_cases::find(conn, ctx, id.cast())?;
            let party = [case.holder_id, case.claimant_id].contains(&ctx.actor.id);
            if party || conflict_cases::may_rule(conn, ctx, case.id)? {
                Ok(())
            } else {
                Err(read_only())
            }
        }
        DocumentSubject::Competitor => {
            find(conn, ctx, subject)?;
            ctx.require(Capability::ManageCompetitors)
        }
        DocumentSubject::Supplier => {
            find(conn, ctx, subject)?;
            ctx.require(Capability::ManageSuppliers)
        }
    }
}

/// Whether a look-up lets the caller through.
///
/// # Errors
/// A fault; a refusal is `false`.
pub fn admitted(answer: AppResult<()>) -> AppResult<bool> {
    match answer {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The customer that a record is about: what is given with it is given to that customer (CUS-42). A conflict case is not
/// the customer's matter.
///
/// # Errors
/// A database fault.
pub fn customer_of(
    conn: &mut Conn,
    ctx: &Ctx,
    subject: DocumentLinkTarget,
) -> AppResult<Option<CustomerId>> {
    let id = subject.subject_id;
    Ok(match subject.subject_kind {
        DocumentSubject::Contact => Some(contacts::get(conn, id.cast())?.customer_id),
        DocumentSubject::Opportunity => opportunities::find(conn, ctx, id.cast())?.customer_id,
        DocumentSubject::Quote => Some(quotes::find(conn, ctx, id.cast())?.customer_id),
        DocumentSubject::Contract => Some(contracts::find(conn, ctx, id.cast())?.customer_id),
        DocumentSubject::Customer
        | DocumentSubject::ConflictCase
        | DocumentSubject::Competitor
        | DocumentSubject::Supplier => None,
    })
}
