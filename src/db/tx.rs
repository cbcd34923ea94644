//! A transaction, and the events that it will leave.

use std::{
    ops::{Deref, DerefMut},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use diesel::Connection;

use super::{Conn, Seal};
use crate::{
    domain::{
        id::kind::{AnyId, EventId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
    error::{AppError, AppResult},
};

/// An event on its way into the audit trail: it is sealed just before the commit.
#[derive(Debug, Clone)]
pub struct EventDraft {
    /// The event's id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor_id: UserId,
    /// What kind of record.
    pub subject_kind: SubjectKind,
    /// Which record.
    pub subject_id: AnyId,
    /// What happened, e.g. `customer.submitted`.
    pub kind: String,
    /// What changed, as JSON; personal data masked.
    pub data: String,
    /// The requirement at work.
    pub rule: Option<&'static str>,
    /// From where: the address, or `job`, `cli`.
    pub source: String,
    /// The request's trace id.
    pub trace_id: String,
}

/// A transaction: every write goes through one.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    events: Vec<EventDraft>,
}

impl Tx<'_> {
    /// The connection, for diesel.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// Appends an event; it is written, chained and sealed at the end of the transaction.
    pub fn push_event(&mut self, event: EventDraft) {
        self.events.push(event);
    }

    /// Runs a part that may fail without ending the transaction: what it wrote, events included, is undone.
    ///
    /// # Errors
    /// The closure's.
    pub fn savepoint<T, E>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<diesel::result::Error>,
    {
        let kept = self.events.len();
        let mut events = std::mem::take(&mut self.events);
        let mut panic = None;
        let result = guarded(self.conn, |conn| {
            let mut inner = Tx {
                conn,
                events: std::mem::take(&mut events),
            };
            let result = catch_unwind(AssertUnwindSafe(|| work(&mut inner)));
            events = inner.events;
            // The savepoint ends before the panic goes on: whoever catches it finds the transaction as it was.
            result.unwrap_or_else(|payload| {
                panic = Some(payload);
                Err(diesel::result::Error::RollbackTransaction.into())
            })
        });
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
        if result.is_err() {
            events.truncate(kept);
        }
        self.events = events;
        result
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

/// Runs work in a transaction or, inside one, in a savepoint. Whoever fails is told why it failed, also where that cannot be
/// undone singly: SQLite ends the whole transaction by itself when there is no space left.
pub fn guarded<T, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let mut why = None;
    let result = conn.transaction(|conn| {
        work(conn).map_err(|error| {
            why = Some(error);
            E::from(diesel::result::Error::RollbackTransaction)
        })
    });
    match why {
        Some(error) => Err(error),
        None => result,
    }
}

/// Runs work in a transaction and seals the events that it leaves. A recorded refusal commits.
pub fn transaction<T>(
    conn: &mut Conn,
    seal: &Seal,
    work: &mut impl FnMut(&mut Tx<'_>) -> AppResult<T>,
) -> AppResult<T> {
    guarded(conn, |conn| {
        let (answer, events) = settled(conn, work)?;
        seal(conn, events)?;
        Ok(answer)
    })
    .and_then(|answer| answer)
}

/// Runs work in the transaction that is open: an answer or a recorded refusal, which are to be committed with the events
/// that were left, or an error, by which it is to be rolled back. A panic is one: it becomes a 500, so that one faulty
/// request never takes the writer with it.
pub fn settled<T>(
    conn: &mut Conn,
    work: &mut impl FnMut(&mut Tx<'_>) -> AppResult<T>,
) -> AppResult<(AppResult<T>, Vec<EventDraft>)> {
    let mut tx = Tx {
        conn,
        events: Vec::new(),
    };
    let result = catch_unwind(AssertUnwindSafe(|| work(&mut tx)))
        .unwrap_or_else(|panic| Err(AppError::internal(panic_text(&*panic))));
    match result {
        Err(error) if !error.is_recorded() => Err(error),
        answer => Ok((answer, tx.events)),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", text.unwrap_or("without a message"))
}
