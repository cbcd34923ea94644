//! Contracts.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::contracts,
        violates,
    },
    domain::{
        id::kind::{ContractId, CustomerId, OpportunityId, QuoteId, UserId},
        timestamp::Timestamp,
        vocabulary::{ContractRoute, ContractState},
    },
    error::{AppError, AppResult, Code, FieldError},
    models::commerce::contract::Contract,
    repositories::governance::{
        access::{Reach, Verb},
        ways,
    },
};

crate::access_filter!(contracts, Contract, ContractId, SubjectKind::Contract, via: customer_id, also: [closed_before]);

/// What a predecessor closed stays the predecessor's, and is read by whoever owns the customer now (DUP-18).
fn closed_before(
    reach: &Reach,
) -> Box<dyn BoxableExpression<contracts::table, MultiBackend, SqlType = Bool>> {
    if reach.verb == Verb::Write {
        return Box::new(contracts::id.is_null());
    }
    Box::new(
        contracts::state
            .eq_any([ContractState::Signed, ContractState::Cancelled])
            .and(contracts::customer_id.eq_any(crate::ones_own!(reach))),
    )
}

crate::sortable! {
    contracts, Contract, ContractSort {
        UpdatedAt = "updated_at" => updated_at: Timestamp,
        CreatedAt = "created_at" => created_at: Timestamp,
        Number = "number" => number_key: String,
    } default UpdatedAt Down
}

const NUMBER: Unique = Unique {
    name: "contracts_number_key",
    columns: "contracts.number_key",
};

/// What a list of contracts is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Owner.
    pub owner: Option<UserId>,
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Opportunity.
    pub opportunity: Option<OpportunityId>,
    /// Quote.
    pub quote: Option<QuoteId>,
    /// States.
    pub states: Vec<ContractState>,
    /// Who decides.
    pub routes: Vec<ContractRoute>,
    /// The number, as compared, begins with this.
    pub number_prefix: Option<String>,
    /// Updated at or after.
    pub updated_from: Option<Timestamp>,
    /// Updated before.
    pub updated_before: Option<Timestamp>,
}

/// One page of the contracts that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<ContractSort>,
) -> AppResult<Page<Contract>> {
    let reach = Reach::of(ctx, Verb::Read);
    let ways = ways(conn, &reach)?;
    let led = ways::led(conn, request, ContractSort::UpdatedAt);
    page_by(conn, request, &ways, |way| {
        led_by(narrowed(narrow), way, &reach, led)
    })
}

fn narrowed<'q>(narrow: &Narrow) -> contracts::BoxedQuery<'q, MultiBackend> {
    let mut query = contracts::table.into_boxed();
    crate::narrowed!(query, contracts, narrow, without unit);
    if let Some(customer) = narrow.customer {
        query = query.filter(contracts::customer_id.eq(customer));
    }
    if let Some(opportunity) = narrow.opportunity {
        query = query.filter(contracts::opportunity_id.eq(opportunity));
    }
    if let Some(quote) = narrow.quote {
        query = query.filter(contracts::quote_id.eq(quote));
    }
    if !narrow.routes.is_empty() {
        query = query.filter(contracts::route.eq_any(narrow.routes.clone()));
    }
    if let Some(prefix) = &narrow.number_prefix {
        query = query
            .filter(contracts::number_key.ge(prefix.clone()))
            .filter(contracts::number_key.lt(format!("{prefix}\u{10ffff}")));
    }
    query
}

/// A contract whatever the actor may see: for its approval's outcome only.
///
/// # Errors
/// 404, or a database fault.
pub fn unguarded(conn: &mut Conn, id: ContractId) -> AppResult<Contract> {
    Ok(Contract::query().filter(contracts::id.eq(id)).first(conn)?)
}

/// Inserts a contract.
///
/// # Errors
/// 409 when the number is taken.
pub fn insert(tx: &mut Tx<'_>, contract: &Contract) -> AppResult<()> {
    match diesel::insert_into(contracts::table)
        .values(contract)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) => Err(taken_or(error, contract)),
    }
}

/// Writes a contract, if it still has the version that was read.
///
/// # Errors
/// 409 when the number is taken. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, contract: &Contract, read: i64) -> AppResult<bool> {
    let target = contracts::table
        .filter(contracts::id.eq(contract.id))
        .filter(contracts::version.eq(read));
    match diesel::update(target).set(contract).execute(tx.conn()) {
        Ok(rows) => Ok(rows == 1),
        Err(error) => Err(taken_or(error, contract)),
    }
}

fn taken_or(error: diesel::result::Error, contract: &Contract) -> AppError {
    if !violates(&error, &NUMBER) {
        return error.into();
    }
    let number = &contract.number;
    AppError::new(
        Code::Duplicate,
        format!("合同编号 {number} 已被使用；请核对编号。"),
        format!("The contract number {number} is taken: check it."),
    )
    .rule("CON-07")
    .with_errors(vec![FieldError::new(
        "/number",
        "TAKEN",
        "已被使用。",
        "Taken.",
    )])
}
