//! Refused attempts to register.

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx,
        paging::{Page, PageRequest},
        schema::registration_attempts,
    },
    domain::{
        id::kind::{AttemptId, CustomerId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
    error::{AppError, AppResult},
    models::customers::attempt::Attempt,
    policy::customers::telling::Origins,
    repositories::governance::{
        access::{Reach, Verb},
        ways,
    },
};

crate::access_filter!(
    registration_attempts,
    Attempt,
    AttemptId,
    SubjectKind::Customer,
    via: customer_id
);

crate::sortable! {
    registration_attempts, Attempt, AttemptSort {
        AttemptedAt = "attempted_at" => attempted_at: Timestamp,
    } default AttemptedAt Down
}

/// What a list of attempts is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// The customer that was first.
    pub customer: Option<CustomerId>,
    /// Who attempted.
    pub by: Option<UserId>,
    /// Customer or opportunity.
    pub subject_kind: Option<SubjectKind>,
    /// The requirement that refused.
    pub rule: Option<String>,
    /// From where, as far as the reader is told.
    pub source: Option<(String, Origins)>,
    /// The name as it was written begins with this.
    pub name_prefix: Option<String>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub before: Option<Timestamp>,
}

/// Keeps an attempt.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, attempt: &Attempt) -> AppResult<()> {
    diesel::insert_into(registration_attempts::table)
        .values(attempt)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps attempts, in one statement for all of them.
///
/// # Errors
/// A database fault.
pub fn insert_all(tx: &mut Tx<'_>, attempts: &[Attempt]) -> AppResult<()> {
    crate::insert_bulk!(tx.conn(), registration_attempts::table, attempts)?;
    Ok(())
}

/// One page of the attempts that the actor made, or those of people within the actor's reach, or that met the actor's customers.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<AttemptSort>,
) -> AppResult<Page<Attempt>> {
    let reach = Reach::of(ctx, Verb::Read);
    let mut ways: Vec<_> = ways(conn, &reach)?.into_iter().map(Some).collect();
    // Whoever was first learns of the attempts too.
    ways.push(None);
    let led = ways::led(conn, request, AttemptSort::AttemptedAt);
    page_by(conn, request, &ways, |way| {
        let rows = narrowed(narrow, reach.actor);
        match way {
            Some(way) => led_by(rows, way, &reach, led),
            None => rows.filter(registration_attempts::holder_id.eq(reach.actor)),
        }
    })
}

/// An attempt that the actor may see.
///
/// # Errors
/// 404.
pub fn seen(conn: &mut Conn, ctx: &Ctx, id: AttemptId) -> AppResult<Attempt> {
    Attempt::query()
        .filter(registration_attempts::id.eq(id))
        .filter(
            registration_attempts::holder_id
                .eq(ctx.actor.id)
                .or(visible(&Reach::of(ctx, Verb::Read))),
        )
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// An attempt, whoever may see it: for the arbitrator of its case.
///
/// # Errors
/// 404.
pub fn unguarded(conn: &mut Conn, id: AttemptId) -> AppResult<Attempt> {
    Ok(Attempt::query()
        .filter(registration_attempts::id.eq(id))
        .first(conn)?)
}

fn narrowed<'q>(
    narrow: &Narrow,
    reader: UserId,
) -> registration_attempts::BoxedQuery<'q, MultiBackend> {
    let mut query = registration_attempts::table.into_boxed();
    if let Some(customer) = narrow.customer {
        query = query.filter(registration_attempts::customer_id.eq(customer));
    }
    if let Some(by) = narrow.by {
        query = query.filter(registration_attempts::owner_id.eq(by));
    }
    if let Some(kind) = narrow.subject_kind {
        query = query.filter(registration_attempts::subject_kind.eq(kind));
    }
    if let Some(rule) = &narrow.rule {
        query = query.filter(registration_attempts::rule.eq(rule.clone()));
    }
    if let Some((source, origins)) = &narrow.source {
        // Nobody finds out by asking what is not told.
        let own = registration_attempts::owner_id.eq(reader);
        query = query.filter(registration_attempts::source.eq(source.clone()));
        query = match origins {
            Origins::All => query,
            Origins::OfOthersConflicts => {
                query.filter(own.or(registration_attempts::holder_id.ne(reader)))
            }
            Origins::Own => query.filter(own),
        };
    }
    if let Some(prefix) = &narrow.name_prefix {
        query = query
            .filter(registration_attempts::attempted_name.ge(prefix.clone()))
            .filter(registration_attempts::attempted_name.lt(format!("{prefix}\u{10ffff}")));
    }
    if let Some(from) = narrow.from {
        query = query.filter(registration_attempts::attempted_at.ge(from));
    }
    if let Some(before) = narrow.before {
        query = query.filter(registration_attempts::attempted_at.lt(before));
    }
    query
}
