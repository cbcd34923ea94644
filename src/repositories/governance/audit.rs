//! Events and the heads of their chains.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Keep as _, Unique,
        paging::{Page, PageRequest},
        schema::{event_heads, events},
        violates,
    },
    domain::{
        id::kind::{AnyId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
    error::{AppError, AppResult},
    models::governance::event::{Event, EventHead},
    on_each,
};

crate::sortable! {
    events, Event, EventSort {
        At = "at" => at: Timestamp,
    } default At Down
}

const HEAD: Unique = Unique {
    name: "event_heads_pkey",
    columns: "event_heads.lane",
};

/// Locks a lane's head until the end of the transaction, where the database has row locks: with one writer (SQLite)
/// nobody else moves it. None if there is no such row.
///
/// # Errors
/// A database fault.
pub fn lock_head(conn: &mut Conn, lane: i32) -> AppResult<Option<EventHead>> {
    let head = event_heads::table.find(lane);
    Ok(match conn {
        Conn::Sqlite(c) => head.select(EventHead::as_select()).first(c),
        Conn::Postgres(c) => head
            .select(EventHead::as_select())
            .for_no_key_update()
            .first(c),
    }
    .optional()?)
}

/// Adds heads, which stay locked until the end of the transaction.
///
/// # Errors
/// A lost race when another transaction adds them at the same time, or a database fault.
pub fn add_heads(conn: &mut Conn, heads: &[EventHead]) -> AppResult<()> {
    let added = match conn {
        Conn::Sqlite(c) => diesel::insert_into(event_heads::table)
            .values(heads)
            .execute(c),
        Conn::Postgres(c) => diesel::insert_into(event_heads::table)
            .values(heads)
            .execute(c),
    };
    match added {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &HEAD) => {
            Err(AppError::lost_race("the lane was opened meanwhile"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Moves a locked head.
///
/// # Errors
/// A database fault.
pub fn move_head(conn: &mut Conn, head: &EventHead) -> AppResult<()> {
    let moved = diesel::update(event_heads::table.find(head.lane))
        .set((
            event_heads::seq.eq(head.seq),
            event_heads::hash.eq(&head.hash),
            event_heads::seal.eq(&head.seal),
        ))
        .kept();
    on_each!(conn, c => moved.execute(c))?;
    Ok(())
}

/// The heads, by lane.
///
/// # Errors
/// A database fault.
pub fn heads(conn: &mut Conn) -> AppResult<Vec<EventHead>> {
    Ok(EventHead::query().order(event_heads::lane).load(conn)?)
}

/// Events of a lane after a place, in order.
///
/// # Errors
/// A database fault.
pub fn walk(conn: &mut Conn, lane: i32, after: i64, limit: i64) -> AppResult<Vec<Event>> {
    Ok(Event::query()
        .filter(events::lane.eq(lane))
        .filter(events::seq.gt(after))
        .order(events::seq)
        .limit(limit)
        .load(conn)?)
}

/// Events in lanes that there are not.
///
/// # Errors
/// A database fault.
pub fn astray(conn: &mut Conn, lanes: i32) -> AppResult<Vec<Event>> {
    Ok(Event::query()
        .filter(events::lane.lt(0).or(events::lane.ge(lanes)))
        .order((events::lane, events::seq))
        .limit(100)
        .load(conn)?)
}

/// What the audit trail is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Kind of record.
    pub subject_kind: Option<SubjectKind>,
    /// Record.
    pub subject_id: Option<AnyId>,
    /// Who acted.
    pub actor_id: Option<UserId>,
    /// What happened.
    pub kind: Option<String>,
    /// In whose stead it was done (DUP-17).
    pub on_behalf_of: Option<UserId>,
    /// At or after.
    pub at_gte: Option<Timestamp>,
    /// Before.
    pub at_lt: Option<Timestamp>,
}

/// One page of the events that pass; who may see them is the caller's to know.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<EventSort>,
) -> AppResult<Page<Event>> {
    page(conn, request, || {
        let mut rows = events::table.into_boxed();
        if let Some(kind) = narrow.subject_kind {
            rows = rows.filter(events::subject_kind.eq(kind));
        }
        if let Some(id) = narrow.subject_id {
            rows = rows.filter(events::subject_id.eq(id));
        }
        if let Some(actor) = narrow.actor_id {
            rows = rows.filter(events::actor_id.eq(actor));
        }
        if let Some(absent) = narrow.on_behalf_of {
            // As `Ctx::record` writes it; an id has none of LIKE's own signs but digits, letters and hyphens.
            rows = rows.filter(events::data.like(format!("%\"on_behalf_of\":\"{absent}\"%")));
        }
        if let Some(kind) = &narrow.kind {
            rows = rows.filter(events::kind.eq(kind.clone()));
        }
        if let Some(from) = narrow.at_gte {
            rows = rows.filter(events::at.ge(from));
        }
        if let Some(before) = narrow.at_lt {
            rows = rows.filter(events::at.lt(before));
        }
        rows
    })
}

/// Appends events.
///
/// # Errors
/// A database fault.
pub fn append(conn: &mut Conn, rows: &[Event]) -> AppResult<()> {
    // As most transactions leave it: one statement, prepared once.
    if let [one] = rows {
        let row = diesel::insert_into(events::table).values(one);
        on_each!(conn, c => row.execute(c))?;
        return Ok(());
    }
    crate::insert_bulk!(conn, events::table, rows)?;
    Ok(())
}
