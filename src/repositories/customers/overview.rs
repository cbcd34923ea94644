//! Counts and sums over customers and what is linked to them, through the access filter.

use chrono::NaiveDate;
use diesel::{
    dsl::count_star,
    prelude::*,
    sql_types::{BigInt, Bool, Nullable, Text},
};

use super::customers::visible;
use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, constant,
        schema::{
            activities, contacts, contracts, customers, document_links, documents, major_changes,
            opportunities, quotes, registration_attempts, shares,
        },
    },
    domain::{
        Money,
        id::{
            RecordId,
            kind::{AnyId, ContactId, ContractId, CustomerId, UnitId, UserId},
        },
        timestamp::Timestamp,
        vocabulary::{
            ContractState, CustomerKind, DistributionKey, DocumentSubject, OpportunityState,
            QuoteState, SubjectKind,
        },
    },
    error::AppResult,
    repositories::{
        commerce::{contracts as contract_rows, quotes as quote_rows},
        governance::access::{Reach, Verb},
        sales::{activities as activity_rows, opportunities as opportunity_rows},
    },
};

/// Records of one state: how many, and what they are worth together.
pub type ByState<S> = Vec<(S, i64, Money)>;

/// A customer's opportunities by state, with their expected amounts.
///
/// # Errors
/// A database fault.
pub fn opportunities(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
) -> AppResult<ByState<OpportunityState>> {
    Ok(opportunities::table
        .filter(opportunities::customer_id.eq(id))
        .filter(opportunity_rows::visible(&Reach::of(ctx, Verb::Read)))
        .group_by(opportunities::state)
        .select((
            opportunities::state,
            count_star(),
            constant::<BigInt>("CAST(COALESCE(SUM(opportunities.expected_amount), 0) AS BIGINT)"),
        ))
        .load(conn)?)
}

/// A customer's quotes by state, with their quoted totals.
///
/// # Errors
/// A database fault.
pub fn quotes(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<ByState<QuoteState>> {
    Ok(quotes::table
        .filter(quotes::customer_id.eq(id))
        .filter(quote_rows::visible(&Reach::of(ctx, Verb::Read)))
        .group_by(quotes::state)
        .select((
            quotes::state,
            count_star(),
            constant::<BigInt>("CAST(SUM(quotes.quoted_total) AS BIGINT)"),
        ))
        .load(conn)?)
}

/// A customer's contracts by state, with their amounts.
///
/// # Errors
/// A database fault.
pub fn contracts(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<ByState<ContractState>> {
    Ok(contracts::table
        .filter(contracts::customer_id.eq(id))
        .filter(contract_rows::visible(&Reach::of(ctx, Verb::Read)))
        .group_by(contracts::state)
        .select((
            contracts::state,
            count_star(),
            constant::<BigInt>("CAST(SUM(contracts.amount) AS BIGINT)"),
        ))
        .load(conn)?)
}

/// A customer's activities: how many, and the latest.
///
/// # Errors
/// A database fault.
pub fn activities(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
) -> AppResult<(i64, Option<Timestamp>)> {
    Ok(activities::table
        .filter(activities::customer_id.eq(id))
        .filter(activity_rows::visible(&Reach::of(ctx, Verb::Read)))
        .select((count_star(), diesel::dsl::max(activities::happened_at)))
        .first(conn)?)
}

/// A customer's decision-makers: how many, and the latest activity with one of them (CUS-38).
///
/// # Errors
/// A database fault.
pub fn decision_makers(conn: &mut Conn, id: CustomerId) -> AppResult<(i64, Option<Timestamp>)> {
    let people: Vec<ContactId> = contacts::table
        .filter(contacts::customer_id.eq(id))
        .filter(contacts::is_decision_maker.eq(true))
        .filter(contacts::deleted_at.is_null())
        .select(contacts::id)
        .load(conn)?;
    let met = activities::table
        .filter(activities::customer_id.eq(id))
        .filter(activities::contact_id.eq_any(&people))
        .select(diesel::dsl::max(activities::happened_at))
        .first(conn)?;
    Ok((i64::try_from(people.len()).unwrap_or(i64::MAX), met))
}

/// What belongs to the customer itself and is seen with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// Contacts.
    pub contacts: i64,
    /// Shares in force.
    pub shares: i64,
    /// Documents that belong to it.
    pub documents: i64,
    /// Refused attempts to register it.
    pub attempts: i64,
    /// Major changes.
    pub changes: i64,
    /// Those that were entered late.
    pub late_changes: i64,
}

/// What belongs to the customer itself.
///
/// # Errors
/// A database fault.
pub fn own(conn: &mut Conn, id: CustomerId, now: Timestamp) -> AppResult<Own> {
    let changes: Vec<(bool, i64)> = major_changes::table
        .filter(major_changes::customer_id.eq(id))
        .group_by(major_changes::in_time)
        .select((major_changes::in_time, count_star()))
        .load(conn)?;
    let counted = |in_time: bool| {
        changes
            .iter()
            .filter(|(known, _)| *known == in_time)
            .map(|(_, count)| count)
            .sum::<i64>()
    };
    Ok(Own {
        contacts: contacts::table
            .filter(contacts::customer_id.eq(id))
            .filter(contacts::deleted_at.is_null())
            .count()
            .get_result(conn)?,
        shares: shares::table
            .filter(shares::subject_kind.eq(SubjectKind::Customer))
            .filter(shares::subject_id.eq(id.cast::<crate::domain::id::kind::Any>()))
            .filter(shares::expires_at.gt(now))
            .count()
            .get_result(conn)?,
        documents: document_links::table
            .inner_join(documents::table.on(documents::id.eq(document_links::document_id)))
            .filter(document_links::subject_kind.eq(DocumentSubject::Customer))
            .filter(document_links::subject_id.eq(id.cast::<crate::domain::id::kind::Any>()))
            .filter(documents::deleted_at.is_null())
            .count()
            .get_result(conn)?,
        attempts: registration_attempts::table
            .filter(registration_attempts::customer_id.eq(id))
            .count()
            .get_result(conn)?,
        changes: counted(true) + counted(false),
        late_changes: counted(false),
    })
}

/// Among whom a distribution counts.
#[derive(Debug, Clone, Default)]
pub struct Among {
    /// Owner.
    pub owner: Option<UserId>,
    /// Unit.
    pub unit: Option<UnitId>,
    /// Kinds.
    pub kinds: Vec<CustomerKind>,
    /// Created at or after.
    pub created_from: Option<Timestamp>,
    /// Created before.
    pub created_before: Option<Timestamp>,
}

type Predicate = Box<dyn BoxableExpression<customers::table, MultiBackend, SqlType = Bool>>;

/// The customers that the actor may see, counted by a class.
///
/// # Errors
/// A database fault.
pub fn distribution(
    conn: &mut Conn,
    ctx: &Ctx,
    by: DistributionKey,
    among: &Among,
) -> AppResult<Vec<(Option<String>, i64)>> {
    let mut fits: Predicate = visible(&Reach::of(ctx, Verb::Read));
    if let Some(owner) = among.owner {
        fits = Box::new(customers::owner_id.eq(owner).and(fits));
    }
    if let Some(unit) = among.unit {
        fits = Box::new(customers::unit_id.eq(unit).and(fits));
    }
    if !among.kinds.is_empty() {
        fits = Box::new(customers::kind.eq_any(among.kinds.clone()).and(fits));
    }
    if let Some(from) = among.created_from {
        fits = Box::new(customers::created_at.ge(from).and(fits));
    }
    if let Some(before) = among.created_before {
        fits = Box::new(customers::created_at.lt(before).and(fits));
    }
    let counted = customers::table
        .filter(fits)
        .group_by(constant::<BigInt>("1"));
    if matches!(by, DistributionKey::Owner | DistributionKey::Unit) {
        let classes = counted.select((constant::<Nullable<RecordId>>(class(by)), count_star()));
        let classes: Vec<(Option<AnyId>, i64)> = classes.load(conn)?;
        let texts = classes
            .into_iter()
            .map(|(id, count)| (id.map(|id| id.to_string()), count));
        return Ok(texts.collect());
    }
    let classes = counted.select((constant::<Nullable<Text>>(class(by)), count_star()));
    Ok(classes.load(conn)?)
}

/// What is counted by, as SQL that both databases read. Never a bare column: SQLite would walk its index, and look up a
/// million rows one by one, where one reading of the table takes a third of the time.
fn class(by: DistributionKey) -> &'static str {
    match by {
        DistributionKey::Source => "customers.source || ''",
        DistributionKey::ValueGrade => "customers.value_grade || ''",
        DistributionKey::Industry => "customers.industry_code || ''",
        DistributionKey::Condition => "customers.condition || ''",
        DistributionKey::Grade => "customers.condition || '/' || CAST(customers.grade AS TEXT)",
        DistributionKey::ActivityState => "customers.activity_state || ''",
        DistributionKey::State => "customers.state || ''",
        DistributionKey::Kind => "customers.kind || ''",
        DistributionKey::Province => "SUBSTR(customers.division_code, 1, 2)",
        DistributionKey::KeyCustomer => {
            "CASE WHEN customers.is_key_customer THEN 'KEY' ELSE 'OTHER' END"
        }
        // The best relationship that a contact of the customer has.
        DistributionKey::Relationship => {
            "(SELECT CASE MIN(CASE c.relationship WHEN 'HIGH' THEN 1 WHEN 'MEDIUM' THEN 2 WHEN 'LOW' THEN 3 END) \
             WHEN 1 THEN 'HIGH' WHEN 2 THEN 'MEDIUM' WHEN 3 THEN 'LOW' END \
             FROM contacts c WHERE c.customer_id = customers.id AND c.deleted_at IS NULL)"
        }
        DistributionKey::Owner => "NULLIF(customers.owner_id, '')",
        DistributionKey::Unit => "NULLIF(customers.unit_id, '')",
    }
}

/// When the contracts of the 80/20 view were signed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signed {
    /// On or after.
    pub from: Option<NaiveDate>,
    /// On or before.
    pub until: Option<NaiveDate>,
}

type ContractPredicate = Box<dyn BoxableExpression<contracts::table, MultiBackend, SqlType = Bool>>;

fn signed(ctx: &Ctx, when: Signed) -> ContractPredicate {
    let mut fits: ContractPredicate = contract_rows::visible(&Reach::of(ctx, Verb::Read));
    fits = Box::new(contracts::state.eq(ContractState::Signed).and(fits));
    let on = contracts::signed_on.assume_not_null();
    if let Some(from) = when.from {
        fits = Box::new(
            contracts::signed_on
                .is_not_null()
                .and(on.ge(from))
                .and(fits),
        );
    }
    if let Some(until) = when.until {
        fits = Box::new(
            contracts::signed_on
                .is_not_null()
                .and(on.le(until))
                .and(fits),
        );
    }
    fits
}

/// The business that was signed, and with how many customers.
///
/// # Errors
/// A database fault.
pub fn business(conn: &mut Conn, ctx: &Ctx, when: Signed) -> AppResult<(Money, i64)> {
    Ok(contracts::table
        .filter(signed(ctx, when))
        .select((
            constant::<BigInt>("CAST(COALESCE(SUM(contracts.amount), 0) AS BIGINT)"),
            constant::<BigInt>("COUNT(DISTINCT contracts.customer_id)"),
        ))
        .first(conn)?)
}

/// The business that was signed, by customer, largest first.
///
/// # Errors
/// A database fault.
pub fn business_by_customer(
    conn: &mut Conn,
    ctx: &Ctx,
    when: Signed,
    limit: i64,
) -> AppResult<Vec<(CustomerId, Money)>> {
    Ok(contracts::table
        .filter(signed(ctx, when))
        .group_by(contracts::customer_id)
        .select((
            contracts::customer_id,
            constant::<BigInt>("CAST(SUM(contracts.amount) AS BIGINT)"),
        ))
        .order((constant::<BigInt>("2 DESC"), contracts::customer_id.asc()))
        .limit(limit)
        .load(conn)?)
}

/// Names and key marks of customers whose business the actor sees.
///
/// # Errors
/// A database fault.
pub fn marks(conn: &mut Conn, ids: &[CustomerId]) -> AppResult<Vec<(CustomerId, String, bool)>> {
    Ok(customers::table
        .filter(customers::id.eq_any(ids))
        .select((customers::id, customers::name, customers::is_key_customer))
        .load(conn)?)
}

/// A signed contract as a case to point to: customer, id, title, amount, day.
pub type Case = (CustomerId, ContractId, String, Money, Option<NaiveDate>);

/// The signed contracts of these customers that the actor may see, latest first, at most `limit` in all.
///
/// # Errors
/// A database fault.
pub fn cases(conn: &mut Conn, ctx: &Ctx, ids: &[CustomerId], limit: i64) -> AppResult<Vec<Case>> {
    Ok(contracts::table
        .filter(contracts::customer_id.eq_any(ids))
        .filter(signed(ctx, Signed::default()))
        .order((contracts::signed_on.desc(), contracts::id.desc()))
        .select((
            contracts::customer_id,
            contracts::id,
            contracts::title,
            contracts::amount,
            contracts::signed_on,
        ))
        .limit(limit)
        .load(conn)?)
}
