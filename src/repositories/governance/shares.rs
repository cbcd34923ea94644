//! Explicit shares.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    db::{Conn, Tx, Unique, schema::shares, violates},
    domain::{
        id::kind::{AnyId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{ShareLevel, SubjectKind},
    },
    error::{AppError, AppResult},
    models::governance::share::Share,
};

const SUBJECT_USER: Unique = Unique {
    name: "shares_subject_user",
    columns: "shares.subject_kind, shares.subject_id, shares.user_id",
};

/// Gives a share; an earlier one of the same record with the same person is replaced, but one that a ruling gave only by
/// another ruling.
///
/// # Errors
/// A lost race, or a database fault.
pub fn give(tx: &mut Tx<'_>, share: &Share) -> AppResult<ShareId> {
    let earlier = shares::table
        .filter(shares::subject_kind.eq(share.subject_kind))
        .filter(shares::subject_id.eq(share.subject_id))
        .filter(shares::user_id.eq(share.user_id));
    let replaceable = earlier.filter(
        shares::case_id
            .is_null()
            .or(share.case_id.is_some().into_sql::<Bool>()),
    );
    let replaced = diesel::update(replaceable)
        .set((
            shares::case_id.eq(share.case_id),
            shares::level.eq(share.level),
            shares::reason.eq(&share.reason),
            shares::granted_by.eq(share.granted_by),
            shares::expires_at.eq(share.expires_at),
            shares::created_at.eq(share.created_at),
        ))
        .execute(tx.conn())?;
    if replaced == 1 {
        return Ok(earlier.select(shares::id).first(tx.conn())?);
    }
    match diesel::insert_into(shares::table)
        .values(share)
        .execute(tx.conn())
    {
        Ok(_) => Ok(share.id),
        Err(error) if violates(&error, &SUBJECT_USER) => {
            Err(AppError::lost_race("the record was shared meanwhile"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The shares of a record, newest first.
///
/// # Errors
/// A database fault.
pub fn of_subject(conn: &mut Conn, kind: SubjectKind, id: AnyId) -> AppResult<Vec<Share>> {
    Ok(Share::query()
        .filter(shares::subject_kind.eq(kind))
        .filter(shares::subject_id.eq(id))
        .order((shares::created_at.desc(), shares::id))
        .limit(200)
        .load(conn)?)
}

/// A share by id.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: ShareId) -> AppResult<Share> {
    Ok(Share::query().filter(shares::id.eq(id)).first(conn)?)
}

/// Takes a share back. `false` when it was gone.
///
/// # Errors
/// A database fault.
pub fn take_back(tx: &mut Tx<'_>, id: ShareId) -> AppResult<bool> {
    Ok(diesel::delete(shares::table.find(id)).execute(tx.conn())? == 1)
}

/// Whether a person's share of a record was given by a ruling (CONF-04).
///
/// # Errors
/// A database fault.
pub fn by_ruling(conn: &mut Conn, kind: SubjectKind, id: AnyId, user: UserId) -> AppResult<bool> {
    let found: Option<ShareId> = shares::table
        .filter(shares::subject_kind.eq(kind))
        .filter(shares::subject_id.eq(id))
        .filter(shares::user_id.eq(user))
        .filter(shares::case_id.is_not_null())
        .select(shares::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The level of a person's current share of a record.
///
/// # Errors
/// A database fault.
pub fn level(
    conn: &mut Conn,
    kind: SubjectKind,
    id: AnyId,
    user: UserId,
    now: Timestamp,
) -> AppResult<Option<ShareLevel>> {
    Ok(shares::table
        .filter(shares::subject_kind.eq(kind))
        .filter(shares::subject_id.eq(id))
        .filter(shares::user_id.eq(user))
        .filter(shares::expires_at.gt(now))
        .select(shares::level)
        .first(conn)
        .optional()?)
}
