//! Records that pass from one owner to another: what is in work goes along, what is closed keeps its author.

use std::collections::HashMap;

use diesel::{dsl::count_star, prelude::*};

use crate::{
    db::{
        Conn, Tx,
        schema::{conflict_cases, contracts, customers, opportunities, quotes, shares},
    },
    domain::{
        id::kind::{AnyId, CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            CaseState, ContractState, CustomerState, OpportunityState, QuoteState, SubjectKind,
        },
    },
    error::AppResult,
    models::{
        commerce::{contract::Contract, quote::Quote},
        customers::customer::Customer,
        sales::{conflict_case::ConflictCase, opportunity::Opportunity},
    },
};

/// Opportunities that nobody works on any more.
const CLOSED_OPPORTUNITIES: [OpportunityState; 2] =
    [OpportunityState::Failed, OpportunityState::Confirmed];
/// Quotes that the customer has answered.
const CLOSED_QUOTES: [QuoteState; 2] = [QuoteState::Accepted, QuoteState::Declined];
/// Contracts that are signed or given up.
const CLOSED_CONTRACTS: [ContractState; 2] = [ContractState::Signed, ContractState::Cancelled];
/// Conflict cases that are not decided.
const OPEN_CASES: [CaseState; 2] = [CaseState::Detected, CaseState::UnderArbitration];

/// Whose records of a kind, and with which customer; with any if none is named.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    /// The owner.
    pub owner: UserId,
    /// The customer.
    pub customer: Option<CustomerId>,
    /// How many at most.
    pub limit: i64,
}

/// The next customers of an owner, deleted ones too: whatever is handed over leaves this set.
///
/// # Errors
/// A database fault.
pub fn customers_of(conn: &mut Conn, owner: UserId, limit: i64) -> AppResult<Vec<Customer>> {
    Ok(Customer::query()
        .filter(customers::owner_id.eq(owner))
        .order((customers::updated_at, customers::id))
        .limit(limit)
        .load(conn)?)
}

/// Opportunities in work.
///
/// # Errors
/// A database fault.
pub fn opportunities_of(conn: &mut Conn, of: Of) -> AppResult<Vec<Opportunity>> {
    let mut rows = Opportunity::query()
        .filter(opportunities::owner_id.eq(of.owner))
        .filter(opportunities::state.ne_all(CLOSED_OPPORTUNITIES))
        .into_boxed();
    if let Some(customer) = of.customer {
        rows = rows.filter(opportunities::customer_id.eq(customer));
    }
    Ok(rows.order(opportunities::id).limit(of.limit).load(conn)?)
}

/// Quotes in work.
///
/// # Errors
/// A database fault.
pub fn quotes_of(conn: &mut Conn, of: Of) -> AppResult<Vec<Quote>> {
    let mut rows = Quote::query()
        .filter(quotes::owner_id.eq(of.owner))
        .filter(quotes::state.ne_all(CLOSED_QUOTES))
        .into_boxed();
    if let Some(customer) = of.customer {
        rows = rows.filter(quotes::customer_id.eq(customer));
    }
    Ok(rows.order(quotes::id).limit(of.limit).load(conn)?)
}

/// Contracts in work.
///
/// # Errors
/// A database fault.
pub fn contracts_of(conn: &mut Conn, of: Of) -> AppResult<Vec<Contract>> {
    let mut rows = Contract::query()
        .filter(contracts::owner_id.eq(of.owner))
        .filter(contracts::state.ne_all(CLOSED_CONTRACTS))
        .into_boxed();
    if let Some(customer) = of.customer {
        rows = rows.filter(contracts::customer_id.eq(customer));
    }
    Ok(rows.order(contracts::id).limit(of.limit).load(conn)?)
}

/// Open conflict cases to which someone is a party.
///
/// # Errors
/// A database fault.
pub fn cases_of(conn: &mut Conn, of: Of) -> AppResult<Vec<ConflictCase>> {
    let mut rows = ConflictCase::query()
        .filter(
            conflict_cases::holder_id
                .eq(of.owner)
                .or(conflict_cases::claimant_id.eq(of.owner)),
        )
        .filter(conflict_cases::state.eq_any(OPEN_CASES))
        .into_boxed();
    if let Some(customer) = of.customer {
        rows = rows.filter(conflict_cases::customer_id.eq(customer));
    }
    Ok(rows.order(conflict_cases::id).limit(of.limit).load(conn)?)
}

/// Gives a customer to another owner in one conditional update: of any number who want it at once, one gets it.
///
/// # Errors
/// A database fault. `false` when it changed, or changed hands, meanwhile.
pub fn give_customer(
    tx: &mut Tx<'_>,
    customer: &Customer,
    (to, unit): (UserId, UnitId),
    state: CustomerState,
    now: Timestamp,
) -> AppResult<bool> {
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::owner_id.eq(customer.owner_id))
        .filter(customers::version.eq(customer.version));
    let set = (
        customers::owner_id.eq(to),
        customers::unit_id.eq(unit),
        customers::state.eq(state),
        customers::version.eq(customer.version + 1),
        customers::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Gives a quote to another owner, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn give_quote(
    tx: &mut Tx<'_>,
    quote: &Quote,
    (to, unit): (UserId, UnitId),
    state: QuoteState,
    now: Timestamp,
) -> AppResult<bool> {
    let target = quotes::table
        .filter(quotes::id.eq(quote.id))
        .filter(quotes::version.eq(quote.version));
    let set = (
        quotes::owner_id.eq(to),
        quotes::unit_id.eq(unit),
        quotes::state.eq(state),
        quotes::version.eq(quote.version + 1),
        quotes::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Gives a contract to another owner, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn give_contract(
    tx: &mut Tx<'_>,
    contract: &Contract,
    (to, unit): (UserId, UnitId),
    state: ContractState,
    now: Timestamp,
) -> AppResult<bool> {
    let target = contracts::table
        .filter(contracts::id.eq(contract.id))
        .filter(contracts::version.eq(contract.version));
    let set = (
        contracts::owner_id.eq(to),
        contracts::unit_id.eq(unit),
        contracts::state.eq(state),
        contracts::version.eq(contract.version + 1),
        contracts::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Puts another person into the place of a party of a conflict case, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn give_case(
    tx: &mut Tx<'_>,
    case: &ConflictCase,
    (to, unit): (UserId, UnitId),
    now: Timestamp,
    as_holder: bool,
) -> AppResult<bool> {
    let target = conflict_cases::table
        .filter(conflict_cases::id.eq(case.id))
        .filter(conflict_cases::version.eq(case.version));
    let (holder, claimant, owner, unit) = if as_holder {
        (to, case.claimant_id, case.owner_id, case.unit_id)
    } else {
        (case.holder_id, to, to, unit)
    };
    let set = (
        conflict_cases::holder_id.eq(holder),
        conflict_cases::claimant_id.eq(claimant),
        conflict_cases::owner_id.eq(owner),
        conflict_cases::unit_id.eq(unit),
        conflict_cases::version.eq(case.version + 1),
        conflict_cases::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// How much there is of everything that a handover is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Customers, deleted ones too.
    pub customers: i64,
    /// Opportunities in work.
    pub opportunities: i64,
    /// Quotes in work.
    pub quotes: i64,
    /// Contracts in work.
    pub contracts: i64,
    /// Open conflict cases to which the person is a party.
    pub conflict_cases: i64,
}

impl Counts {
    /// All of it together.
    pub fn sum(self) -> i64 {
        self.customers + self.opportunities + self.quotes + self.contracts + self.conflict_cases
    }
}

/// What a person holds.
///
/// # Errors
/// A database fault.
pub fn counts(conn: &mut Conn, owner: UserId) -> AppResult<Counts> {
    Ok(Counts {
        customers: customers::table
            .filter(customers::owner_id.eq(owner))
            .count()
            .get_result(conn)?,
        opportunities: opportunities::table
            .filter(opportunities::owner_id.eq(owner))
            .filter(opportunities::state.ne_all(CLOSED_OPPORTUNITIES))
            .count()
            .get_result(conn)?,
        quotes: quotes::table
            .filter(quotes::owner_id.eq(owner))
            .filter(quotes::state.ne_all(CLOSED_QUOTES))
            .count()
            .get_result(conn)?,
        contracts: contracts::table
            .filter(contracts::owner_id.eq(owner))
            .filter(contracts::state.ne_all(CLOSED_CONTRACTS))
            .count()
            .get_result(conn)?,
        conflict_cases: conflict_cases::table
            .filter(
                conflict_cases::holder_id
                    .eq(owner)
                    .or(conflict_cases::claimant_id.eq(owner)),
            )
            .filter(conflict_cases::state.eq_any(OPEN_CASES))
            .count()
            .get_result(conn)?,
    })
}

/// How many records of each of these people are still to be handed over: customers, opportunities, quotes, contracts.
///
/// # Errors
/// A database fault.
pub fn left_of(conn: &mut Conn, people: &[UserId]) -> AppResult<HashMap<UserId, i64>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let own: Vec<(UserId, i64)> = customers::table
        .filter(customers::owner_id.eq_any(people))
        .group_by(customers::owner_id)
        .select((customers::owner_id, count_star()))
        .load(conn)?;
    let deals: Vec<(UserId, i64)> = opportunities::table
        .filter(opportunities::owner_id.eq_any(people))
        .filter(opportunities::state.ne_all(CLOSED_OPPORTUNITIES))
        .group_by(opportunities::owner_id)
        .select((opportunities::owner_id, count_star()))
        .load(conn)?;
    let offers: Vec<(UserId, i64)> = quotes::table
        .filter(quotes::owner_id.eq_any(people))
        .filter(quotes::state.ne_all(CLOSED_QUOTES))
        .group_by(quotes::owner_id)
        .select((quotes::owner_id, count_star()))
        .load(conn)?;
    let signed: Vec<(UserId, i64)> = contracts::table
        .filter(contracts::owner_id.eq_any(people))
        .filter(contracts::state.ne_all(CLOSED_CONTRACTS))
        .group_by(contracts::owner_id)
        .select((contracts::owner_id, count_star()))
        .load(conn)?;
    let mut left = HashMap::new();
    for (who, count) in own.into_iter().chain(deals).chain(offers).chain(signed) {
        *left.entry(who).or_insert(0) += count;
    }
    Ok(left)
}

/// Ends a person's shares of a record that is the person's own now. Answers how many.
///
/// # Errors
/// A database fault.
pub fn end_shares_of(tx: &mut Tx<'_>, customer: CustomerId, with: UserId) -> AppResult<usize> {
    let customer: AnyId = customer.cast();
    Ok(diesel::delete(
        shares::table
            .filter(shares::subject_kind.eq(SubjectKind::Customer))
            .filter(shares::subject_id.eq(customer))
            .filter(shares::user_id.eq(with)),
    )
    .execute(tx.conn())?)
}
