//! Feedback of customers. Who may see it is decided by the customer, in the service.

use chrono::NaiveDate;
use diesel::{dsl, prelude::*};

use crate::{
    db::{
        Conn, MultiBackend, Tx,
        paging::{Page, PageRequest},
        schema::feedback,
    },
    domain::{
        id::kind::{CustomerId, FeedbackId},
        vocabulary::FeedbackChannel,
    },
    error::AppResult,
    models::customers::feedback::Feedback,
};

crate::sortable! {
    feedback, Feedback, FeedbackSort {
        ReceivedOn = "received_on" => received_on: NaiveDate,
    } default ReceivedOn Down
}

/// What a list of feedback is narrowed to.
#[derive(Debug, Clone)]
pub struct Narrow {
    /// The customer.
    pub customer: CustomerId,
    /// How it was received.
    pub channel: Option<FeedbackChannel>,
    /// Received on or after.
    pub from: Option<NaiveDate>,
    /// Received on or before.
    pub until: Option<NaiveDate>,
}

/// Sums over a customer's feedback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many.
    pub count: i64,
    /// How many tell satisfaction, and their sum.
    pub satisfaction: (i64, Option<i64>),
    /// How many tell loyalty, and their sum.
    pub loyalty: (i64, Option<i64>),
    /// The last one.
    pub last_on: Option<NaiveDate>,
}

/// One page of a customer's feedback.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<FeedbackSort>,
) -> AppResult<Page<Feedback>> {
    page(conn, request, || narrowed(narrow))
}

fn narrowed<'q>(narrow: &Narrow) -> feedback::BoxedQuery<'q, MultiBackend> {
    let mut query = feedback::table
        .into_boxed()
        .filter(feedback::customer_id.eq(narrow.customer));
    if let Some(channel) = narrow.channel {
        query = query.filter(feedback::channel.eq(channel));
    }
    if let Some(from) = narrow.from {
        query = query.filter(feedback::received_on.ge(from));
    }
    if let Some(until) = narrow.until {
        query = query.filter(feedback::received_on.le(until));
    }
    query
}

/// The sums over all of a customer's feedback.
///
/// # Errors
/// A database fault.
pub fn sums(conn: &mut Conn, customer: CustomerId) -> AppResult<Sums> {
    let of_customer = feedback::table.filter(feedback::customer_id.eq(customer));
    let (count, last_on): (i64, Option<NaiveDate>) = of_customer
        .select((dsl::count(feedback::id), dsl::max(feedback::received_on)))
        .first(conn)?;
    let satisfaction = of_customer
        .filter(feedback::satisfaction.is_not_null())
        .select((dsl::count(feedback::id), dsl::sum(feedback::satisfaction)))
        .first(conn)?;
    let loyalty = of_customer
        .filter(feedback::loyalty.is_not_null())
        .select((dsl::count(feedback::id), dsl::sum(feedback::loyalty)))
        .first(conn)?;
    Ok(Sums {
        count,
        satisfaction,
        loyalty,
        last_on,
    })
}

/// One piece of feedback, whoever may see it.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: FeedbackId) -> AppResult<Feedback> {
    Ok(Feedback::query().filter(feedback::id.eq(id)).first(conn)?)
}

/// Inserts one.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, row: &Feedback) -> AppResult<()> {
    diesel::insert_into(feedback::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a corrected one, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, row: &Feedback, read: i64) -> AppResult<bool> {
    let target = feedback::table
        .filter(feedback::id.eq(row.id))
        .filter(feedback::version.eq(read));
    Ok(diesel::update(target).set(row).execute(tx.conn())? == 1)
}
