//! Documents of a customer that is merged into another (DUP-09, CUS-42): their links follow, and the one that is the
//! customer's overall introduction remains one (CUS-55), unless the survivor has its own.

use diesel::prelude::*;

use super::merge_rows::{CHUNK, Met};
use crate::{
    db::{
        Conn, Tx,
        schema::{document_links, documents},
        violates,
    },
    domain::{
        id::kind::{Any, AnyId, CustomerId},
        timestamp::Timestamp,
        vocabulary::DocumentSubject,
    },
    error::{AppError, AppResult},
    repositories::knowledge::documents::{INTRODUCTION, LINK},
};

macro_rules! links_of {
    ($customer:expr) => {
        document_links::table
            .filter(document_links::subject_kind.eq(DocumentSubject::Customer))
            .filter(document_links::subject_id.eq($customer.cast::<Any>()))
    };
}

/// The documents of a customer, also deleted ones: restored, they are the survivor's.
pub(super) fn linked(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<AnyId>> {
    Ok(links_of!(customer)
        .order(document_links::document_id)
        .select(document_links::document_id)
        .load(conn)?)
}

/// The documents that both have, and the introduction of a customer whose survivor has one: a customer has one (CUS-55).
pub(super) fn met(
    conn: &mut Conn,
    absorbed: CustomerId,
    survivor: CustomerId,
) -> AppResult<Vec<Met>> {
    let own = diesel::alias!(document_links as own);
    let both = own
        .field(document_links::document_id)
        .eq(document_links::document_id)
        .and(
            own.field(document_links::subject_kind)
                .eq(DocumentSubject::Customer),
        )
        .and(
            own.field(document_links::subject_id)
                .eq(survivor.cast::<Any>()),
        );
    let shared: Vec<AnyId> = links_of!(absorbed)
        .inner_join(own.on(both))
        .order(document_links::document_id)
        .select(document_links::document_id)
        .load(conn)?;
    let mut met: Vec<Met> = shared.into_iter().map(|id| Met { id, own: id }).collect();
    let theirs = introduction(conn, absorbed)?;
    if let (Some(id), Some(own)) = (theirs, introduction(conn, survivor)?)
        && met.iter().all(|other| other.id != id)
    {
        met.push(Met { id, own });
    }
    Ok(met)
}

fn introduction(conn: &mut Conn, customer: CustomerId) -> AppResult<Option<AnyId>> {
    Ok(document_links::table
        .filter(document_links::introduction_of.eq(customer))
        .select(document_links::document_id)
        .first(conn)
        .optional()?)
}

/// Lets these documents belong to another customer instead; answers which of them do now. Those that meet one of the
/// other's stay.
pub(super) fn relink(
    tx: &mut Tx<'_>,
    ids: &[AnyId],
    from: CustomerId,
    to: CustomerId,
    now: Timestamp,
) -> AppResult<Vec<AnyId>> {
    let met = met(tx, from, to)?;
    let mut moved = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let mut there: Vec<AnyId> = links_of!(from)
            .filter(document_links::document_id.eq_any(ids.to_vec()))
            .select(document_links::document_id)
            .load(tx.conn())?;
        there.retain(|id| met.iter().all(|met| met.id != *id));
        // The documents first, as whoever links or introduces one does: nobody waits for the other crosswise, and what a
        // reader saw of a document's links is another version now.
        diesel::update(documents::table.filter(documents::id.eq_any(there.clone())))
            .set((
                documents::version.eq(documents::version + 1),
                documents::updated_at.eq(now),
            ))
            .execute(tx.conn())?;
        if move_links(tx, &there, from, to)? != there.len() {
            return Err(AppError::lost_race("a document was unlinked meanwhile"));
        }
        moved.extend(there);
    }
    Ok(moved)
}

fn move_links(
    tx: &mut Tx<'_>,
    documents: &[AnyId],
    from: CustomerId,
    to: CustomerId,
) -> AppResult<usize> {
    let subject = to.cast::<Any>();
    let moved = tx.savepoint(|tx| {
        let of = || links_of!(from).filter(document_links::document_id.eq_any(documents.to_vec()));
        let introducing = of().filter(document_links::introduction_of.is_not_null());
        let introductions = diesel::update(introducing)
            .set((
                document_links::subject_id.eq(subject),
                document_links::introduction_of.eq(to),
            ))
            .execute(tx.conn())?;
        let others = diesel::update(of())
            .set(document_links::subject_id.eq(subject))
            .execute(tx.conn())?;
        Ok(introductions + others)
    });
    // Who may change a document by another record that it belongs to does not wait for the customer's lock.
    moved.map_err(|error| {
        if violates(&error, &INTRODUCTION) || violates(&error, &LINK) {
            AppError::lost_race("the survivor got the document, or an introduction, meanwhile")
        } else {
            error.into()
        }
    })
}
