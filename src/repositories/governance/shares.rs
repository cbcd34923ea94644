//! Explicit shares.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    db::{
        Conn, Tx, Unique,
        paging::{Page, PageRequest},
        schema::shares,
        violates,
    },
    domain::{
        id::kind::{AnyId, CustomerId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{ShareLevel, SubjectKind},
    },
    error::{AppError, AppResult},
    models::governance::share::Share,
};

crate::sortable! {
    shares, Share, ShareSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

const SUBJECT_USER: Unique = Unique {
    name: "shares_subject_user",
    columns: "shares.subject_kind, shares.subject_id, shares.user_id",
};

/// Gives a share; an earlier one of the same record with the same person is replaced, but one that a ruling gave only by
/// another ruling. Which it is now, and its version.
///
/// # Errors
/// A lost race, or a database fault.
pub fn give(tx: &mut Tx<'_>, share: &Share) -> AppResult<(ShareId, i64)> {
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
            shares::version.eq(shares::version + 1),
        ))
        .execute(tx.conn())?;
    if replaced == 1 {
        let now = earlier.select((shares::id, shares::version));
        return Ok(now.first(tx.conn())?);
    }
    match diesel::insert_into(shares::table)
        .values(share)
        .execute(tx.conn())
    {
        Ok(_) => Ok((share.id, share.version)),
        Err(error) if violates(&error, &SUBJECT_USER) => {
            Err(AppError::lost_race("the record was shared meanwhile"))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a list of shares of customers is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// With any of these: a person, or the account of a unit.
    pub with: Vec<UserId>,
    /// Given by this person.
    pub granted_by: Option<UserId>,
    /// READ or WRITE.
    pub level: Option<ShareLevel>,
    /// In force at an instant, or not.
    pub active: Option<(bool, Timestamp)>,
}

/// One page of shares of customers.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<ShareSort>,
) -> AppResult<Page<Share>> {
    page(conn, request, || {
        let mut rows = shares::table
            .filter(shares::subject_kind.eq(SubjectKind::Customer))
            .into_boxed();
        if let Some(customer) = narrow.customer {
            let customer: AnyId = customer.cast();
            rows = rows.filter(shares::subject_id.eq(customer));
        }
        if !narrow.with.is_empty() {
            rows = rows.filter(shares::user_id.eq_any(narrow.with.clone()));
        }
        if let Some(by) = narrow.granted_by {
            rows = rows.filter(shares::granted_by.eq(by));
        }
        if let Some(level) = narrow.level {
            rows = rows.filter(shares::level.eq(level));
        }
        match narrow.active {
            None => rows,
            Some((true, now)) => rows.filter(shares::expires_at.gt(now)),
            Some((false, now)) => rows.filter(shares::expires_at.le(now)),
        }
    })
}

/// Writes level, end and reason of a share, if it still has the version that was read. `false` when it changed meanwhile.
///
/// # Errors
/// A database fault.
pub fn change(tx: &mut Tx<'_>, share: &Share, read: i64) -> AppResult<bool> {
    let changed = diesel::update(
        shares::table
            .find(share.id)
            .filter(shares::version.eq(read)),
    )
    .set((
        shares::level.eq(share.level),
        shares::expires_at.eq(share.expires_at),
        shares::reason.eq(&share.reason),
        shares::version.eq(share.version),
    ))
    .execute(tx.conn())?;
    Ok(changed == 1)
}

/// A share by id.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: ShareId) -> AppResult<Share> {
    Ok(Share::query().filter(shares::id.eq(id)).first(conn)?)
}

/// Takes a share back as it was read. `false` when it changed meanwhile, or is gone.
///
/// # Errors
/// A database fault.
pub fn take_back(tx: &mut Tx<'_>, share: &Share) -> AppResult<bool> {
    let read = shares::table
        .find(share.id)
        .filter(shares::version.eq(share.version));
    Ok(diesel::delete(read).execute(tx.conn())? == 1)
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
