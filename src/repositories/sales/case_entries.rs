//! Entries in the proceedings of a conflict case: they are added and read, nothing else.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::case_entries,
    },
    domain::{
        id::kind::{ConflictCaseId, UserId},
        timestamp::Timestamp,
    },
    error::AppResult,
    models::sales::case_entry::CaseEntry,
};

crate::sortable! {
    case_entries, CaseEntry, CaseEntrySort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Up
}

/// One page of the entries of a case; confidential ones of others only where `all` is said.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    case: ConflictCaseId,
    reader: UserId,
    all: bool,
    request: &PageRequest<CaseEntrySort>,
) -> AppResult<Page<CaseEntry>> {
    page(conn, request, || {
        let query = case_entries::table
            .into_boxed()
            .filter(case_entries::case_id.eq(case));
        if all {
            return query;
        }
        query.filter(
            case_entries::confidential
                .eq(false)
                .or(case_entries::author_id.eq(reader)),
        )
    })
}

/// Keeps an entry.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, entry: &CaseEntry) -> AppResult<()> {
    diesel::insert_into(case_entries::table)
        .values(entry)
        .execute(tx.conn())?;
    Ok(())
}
