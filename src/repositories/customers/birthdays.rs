//! Birthdays of contacts, in the order of the days of a span: ranges of month and day, one after the other.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::reached::{self, BATCH};
use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend,
        paging::{COUNT_LIMIT, Direction, Page, PageRequest, SortKey, bad_cursor},
        schema::{contacts, customers},
    },
    domain::id::kind::{ContactId, CustomerId, UserId},
    error::AppResult,
    repositories::governance::access::{Reach, Verb},
};

/// The keys that birthdays may be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthdaySort {
    /// The day.
    CelebratedOn,
}

impl SortKey for BirthdaySort {
    const ALLOWED: &'static [(&'static str, Self)] = &[("celebrated_on", Self::CelebratedOn)];
    const DEFAULT: &'static [(Self, Direction)] = &[(Self::CelebratedOn, Direction::Up)];
}

/// What birthdays are narrowed to.
#[derive(Debug, Clone)]
pub struct Narrow {
    /// Ranges of month and day, in the order of the days.
    pub ranges: Vec<(i32, i32)>,
    /// The customers' owner.
    pub owner: Option<UserId>,
    /// Key contacts only.
    pub key_only: bool,
}

/// A contact with a birthday.
#[derive(Debug, Clone)]
pub struct Birthday {
    /// The contact.
    pub contact_id: ContactId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The contact's name.
    pub name: String,
    /// Key contact.
    pub is_key: bool,
    /// Decision-maker.
    pub is_decision_maker: bool,
    /// Date of birth.
    pub birthday_on: Option<NaiveDate>,
    /// Month and day.
    pub key: i32,
    /// In which range of the span.
    range: usize,
}

type Row = (
    ContactId,
    CustomerId,
    String,
    bool,
    bool,
    Option<NaiveDate>,
    Option<i32>,
);

const COLUMNS: (
    contacts::id,
    contacts::customer_id,
    contacts::name,
    contacts::is_key,
    contacts::is_decision_maker,
    contacts::birthday_on,
    contacts::birthday_key,
) = (
    contacts::id,
    contacts::customer_id,
    contacts::name,
    contacts::is_key,
    contacts::is_decision_maker,
    contacts::birthday_on,
    contacts::birthday_key,
);

/// A place in the list: the range, month and day, and the contact.
#[derive(Debug, Clone, Copy)]
struct Place {
    range: usize,
    key: i32,
    id: ContactId,
}

impl Birthday {
    fn of(range: usize, row: Row) -> Self {
        let (contact_id, customer_id, name, is_key, is_decision_maker, birthday_on, key) = row;
        Self {
            contact_id,
            customer_id,
            name,
            is_key,
            is_decision_maker,
            birthday_on,
            key: key.unwrap_or_default(),
            range,
        }
    }

    fn place(&self) -> Place {
        Place {
            range: self.range,
            key: self.key,
            id: self.contact_id,
        }
    }
}

/// One page of birthdays of contacts of customers that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<BirthdaySort>,
) -> AppResult<Page<Birthday>> {
    let down = request
        .sort
        .first()
        .is_some_and(|(_, direction)| *direction == Direction::Down);
    let begin = request.after.as_deref().map(place).transpose()?;
    let customer = |row: &Birthday| row.customer_id;
    let mut found = reached::fill(conn, ctx, request.limit + 1, customer, |conn, last| {
        batch(conn, ctx, narrow, last.map(Birthday::place).or(begin), down)
    })?;
    let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > request.limit;
    found.truncate(usize::try_from(request.limit).unwrap_or(0));
    let next = found.last().filter(|_| more).map(|row| {
        let Place { range, key, id } = row.place();
        vec![range.to_string(), key.to_string(), id.to_string()]
    });
    let total = if request.include_total {
        let all = reached::fill(conn, ctx, COUNT_LIMIT + 1, customer, |conn, last| {
            batch(conn, ctx, narrow, last.map(Birthday::place), false)
        })?;
        Some(i64::try_from(all.len()).unwrap_or(i64::MAX))
    } else {
        None
    };
    Ok(Page {
        items: found,
        next,
        total,
    })
}

/// The next rows after a place, through the ranges one after the other.
fn batch(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    after: Option<Place>,
    down: bool,
) -> AppResult<Vec<Birthday>> {
    let mut ranges: Vec<_> = narrow.ranges.iter().copied().enumerate().collect();
    if down {
        ranges.reverse();
    }
    let behind = |range: usize| {
        after.is_some_and(|after| {
            if down {
                range > after.range
            } else {
                range < after.range
            }
        })
    };
    let mut found: Vec<Birthday> = Vec::new();
    for (range, bounds) in ranges.into_iter().filter(|(range, _)| !behind(*range)) {
        let missing = BATCH - i64::try_from(found.len()).unwrap_or(BATCH);
        if missing <= 0 {
            break;
        }
        let place = after.filter(|after| after.range == range);
        let mut query = narrowed(ctx, narrow, bounds);
        query = match (place, down) {
            (None, _) => query,
            (Some(place), false) => query.filter(contacts::birthday_key.ge(place.key)).filter(
                contacts::birthday_key
                    .gt(place.key)
                    .or(contacts::id.gt(place.id)),
            ),
            (Some(place), true) => query.filter(contacts::birthday_key.le(place.key)).filter(
                contacts::birthday_key
                    .lt(place.key)
                    .or(contacts::id.lt(place.id)),
            ),
        };
        query = if down {
            query.order((contacts::birthday_key.desc(), contacts::id.desc()))
        } else {
            query.order((contacts::birthday_key.asc(), contacts::id.asc()))
        };
        let rows: Vec<Row> = query.limit(missing).select(COLUMNS).load(conn)?;
        found.extend(rows.into_iter().map(|row| Birthday::of(range, row)));
    }
    Ok(found)
}

fn place(values: &[String]) -> AppResult<Place> {
    let [range, key, id] = values else {
        return Err(bad_cursor());
    };
    Ok(Place {
        range: range.parse().map_err(|_| bad_cursor())?,
        key: key.parse().map_err(|_| bad_cursor())?,
        id: id.parse().map_err(|_| bad_cursor())?,
    })
}

fn narrowed<'q>(
    ctx: &Ctx,
    narrow: &Narrow,
    (first, last): (i32, i32),
) -> contacts::BoxedQuery<'q, MultiBackend> {
    let mut query = contacts::table
        .into_boxed()
        .filter(contacts::birthday_key.between(first, last))
        .filter(contacts::deleted_at.is_null());
    let reach = Reach::of(ctx, Verb::Read);
    if !reach.everything {
        query = query.filter(contacts::customer_id.eq_any(crate::customers_within!(&reach)));
    }
    if let Some(owner) = narrow.owner {
        let owned = customers::table
            .filter(customers::owner_id.eq(owner))
            .select(customers::id);
        query = query.filter(contacts::customer_id.eq_any(owned));
    }
    if narrow.key_only {
        query = query.filter(contacts::is_key.eq(true));
    }
    query
}
