//! Events and the heads of their chains.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Unique,
        schema::{event_heads, events},
        violates,
    },
    error::{AppError, AppResult},
    models::governance::event::Event,
};

const HEAD: Unique = Unique {
    name: "event_heads_pkey",
    columns: "event_heads.lane",
};

/// Locks a lane's head until the end of the transaction (an update that changes nothing takes the row lock on both
/// databases) and gives its sequence number and hash.
///
/// # Errors
/// A lost race when the lane is opened twice at once, or a database fault.
pub fn lock_head(conn: &mut Conn, lane: i32, genesis: &str) -> AppResult<(i64, String)> {
    let head = || event_heads::table.find(lane);
    if diesel::update(head())
        .set(event_heads::seq.eq(event_heads::seq))
        .execute(conn)?
        == 0
    {
        let first = (
            event_heads::lane.eq(lane),
            event_heads::seq.eq(0_i64),
            event_heads::hash.eq(genesis),
        );
        return match diesel::insert_into(event_heads::table)
            .values(first)
            .execute(conn)
        {
            Ok(_) => Ok((0, genesis.to_owned())),
            Err(error) if violates(&error, &HEAD) => {
                Err(AppError::lost_race("the lane was opened meanwhile"))
            }
            Err(error) => Err(error.into()),
        };
    }
    Ok(head()
        .select((event_heads::seq, event_heads::hash))
        .first(conn)?)
}

/// Moves a locked head.
///
/// # Errors
/// A database fault.
pub fn move_head(conn: &mut Conn, lane: i32, seq: i64, hash: &str) -> AppResult<()> {
    diesel::update(event_heads::table.find(lane))
        .set((event_heads::seq.eq(seq), event_heads::hash.eq(hash)))
        .execute(conn)?;
    Ok(())
}

/// Appends events.
///
/// # Errors
/// A database fault.
pub fn append(conn: &mut Conn, rows: &[Event]) -> AppResult<()> {
    for rows in rows.chunks(500) {
        match conn {
            Conn::Sqlite(c) => diesel::insert_into(events::table).values(rows).execute(c)?,
            Conn::Postgres(c) => diesel::insert_into(events::table).values(rows).execute(c)?,
        };
    }
    Ok(())
}
