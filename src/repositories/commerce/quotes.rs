//! Quotes and their lines.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx,
        paging::{Page, PageRequest},
        schema::{quote_lines, quotes},
    },
    domain::{
        id::kind::{CustomerId, OpportunityId, QuoteId, UserId},
        timestamp::Timestamp,
        vocabulary::{QuoteState, QuoteTier},
    },
    error::AppResult,
    insert_many,
    models::commerce::quote::{Quote, QuoteLine},
    repositories::governance::{
        access::{Reach, Verb},
        ways,
    },
};

crate::access_filter!(quotes, Quote, QuoteId, SubjectKind::Quote, via: customer_id, also: [closed_before]);

/// What a predecessor closed stays the predecessor's, and is read by whoever owns the customer now (DUP-18).
fn closed_before(
    reach: &Reach,
) -> Box<dyn BoxableExpression<quotes::table, MultiBackend, SqlType = Bool>> {
    if reach.verb == Verb::Write {
        return Box::new(quotes::id.is_null());
    }
    Box::new(
        quotes::state
            .eq_any([QuoteState::Accepted, QuoteState::Declined])
            .and(quotes::customer_id.eq_any(crate::ones_own!(reach))),
    )
}

crate::sortable! {
    quotes, Quote, QuoteSort {
        UpdatedAt = "updated_at" => updated_at: Timestamp,
        CreatedAt = "created_at" => created_at: Timestamp,
    } default UpdatedAt Down
}

/// What a list of quotes is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Owner.
    pub owner: Option<UserId>,
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Opportunity.
    pub opportunity: Option<OpportunityId>,
    /// States.
    pub states: Vec<QuoteState>,
    /// Tiers.
    pub tiers: Vec<QuoteTier>,
    /// Updated at or after.
    pub updated_from: Option<Timestamp>,
    /// Updated before.
    pub updated_before: Option<Timestamp>,
}

/// One page of the quotes that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<QuoteSort>,
) -> AppResult<Page<Quote>> {
    let reach = Reach::of(ctx, Verb::Read);
    let ways = ways(conn, &reach)?;
    let led = ways::led(conn, request, QuoteSort::UpdatedAt);
    page_by(conn, request, &ways, |way| {
        led_by(narrowed(narrow), way, &reach, led)
    })
}

fn narrowed<'q>(narrow: &Narrow) -> quotes::BoxedQuery<'q, MultiBackend> {
    let mut query = quotes::table.into_boxed();
    crate::narrowed!(query, quotes, narrow, without unit);
    if let Some(customer) = narrow.customer {
        query = query.filter(quotes::customer_id.eq(customer));
    }
    if let Some(opportunity) = narrow.opportunity {
        query = query.filter(quotes::opportunity_id.eq(opportunity));
    }
    if !narrow.tiers.is_empty() {
        query = query.filter(quotes::tier.eq_any(narrow.tiers.clone()));
    }
    query
}

/// A quote whatever the actor may see: for its approval's outcome only.
///
/// # Errors
/// 404, or a database fault.
pub fn unguarded(conn: &mut Conn, id: QuoteId) -> AppResult<Quote> {
    Ok(Quote::query().filter(quotes::id.eq(id)).first(conn)?)
}

/// A quote's lines, in order.
///
/// # Errors
/// A database fault.
pub fn lines(conn: &mut Conn, id: QuoteId) -> AppResult<Vec<QuoteLine>> {
    Ok(QuoteLine::query()
        .filter(quote_lines::quote_id.eq(id))
        .order(quote_lines::position)
        .load(conn)?)
}

/// Inserts a quote with its lines.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, quote: &Quote, lines: &[QuoteLine]) -> AppResult<()> {
    diesel::insert_into(quotes::table)
        .values(quote)
        .execute(tx.conn())?;
    insert_lines(tx, lines)
}

fn insert_lines(tx: &mut Tx<'_>, lines: &[QuoteLine]) -> AppResult<()> {
    insert_many!(tx, quote_lines::table, lines)?;
    Ok(())
}

/// Writes a quote, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, quote: &Quote, read: i64) -> AppResult<bool> {
    let target = quotes::table
        .filter(quotes::id.eq(quote.id))
        .filter(quotes::version.eq(read));
    Ok(diesel::update(target).set(quote).execute(tx.conn())? == 1)
}

/// Replaces a quote's lines; its row is written, and so locked, before.
///
/// # Errors
/// A database fault.
pub fn replace_lines(tx: &mut Tx<'_>, id: QuoteId, lines: &[QuoteLine]) -> AppResult<()> {
    diesel::delete(quote_lines::table.filter(quote_lines::quote_id.eq(id))).execute(tx.conn())?;
    insert_lines(tx, lines)
}

/// Keeps a quote as it was read until the transaction ends, for what is decided by it: a change meanwhile must wait,
/// or has won.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn hold(tx: &mut Tx<'_>, quote: &Quote) -> AppResult<bool> {
    let target = quotes::table
        .filter(quotes::id.eq(quote.id))
        .filter(quotes::version.eq(quote.version));
    Ok(diesel::update(target)
        .set(quotes::version.eq(quote.version))
        .execute(tx.conn())?
        == 1)
}
