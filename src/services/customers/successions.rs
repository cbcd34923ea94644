//! How a customer passes from one owner to another, and what goes along (DUP-18, DUP-19, ORG-23, ORG-25).
//!
//! What is in work goes with the customer: opportunities that are not failed or confirmed, quotes that the customer has
//! not answered, contracts that are not signed, and the place in an open conflict case; a case between giver and receiver
//! ends. What is closed keeps its author and is read by the new owner. What waits for a decision waits no more: its
//! approval is VOID and it is a draft again, because the engine approves nothing but what was shown, and the owner was
//! shown.

use serde_json::{Value, json};

use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::{AnyId, CustomerId, HandoverId, UserId},
        vocabulary::{
            ApprovalState, ContractState, CustomerState, OpportunityState, QuoteState, SubjectKind,
        },
    },
    error::{AppError, AppResult},
    models::{
        customers::customer::Customer,
        org::user::User,
        sales::{conflict_case::ConflictCase, opportunity::Opportunity},
    },
    policy::sales::conflict_state::{self, Command},
    repositories::{
        customers::successions::{self, Of},
        sales::{conflict_cases, cooperation, opportunities},
    },
    services::{governance::approvals, sales::closing::succeeded},
};

/// Related records of one customer that one unit of work takes along; a customer has far fewer.
const ALL: i64 = 10_000;

/// To whom records go, and why.
#[derive(Debug, Clone, Copy)]
pub struct Succession<'s> {
    /// Who receives them.
    pub to: &'s User,
    /// Why.
    pub reason: &'s str,
    /// The requirement at work.
    pub rule: &'static str,
    /// The handover that orders it.
    pub handover: Option<HandoverId>,
}

/// How many records went along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Customers.
    pub customers: i64,
    /// Opportunities.
    pub opportunities: i64,
    /// Quotes.
    pub quotes: i64,
    /// Contracts.
    pub contracts: i64,
    /// Conflict cases.
    pub conflict_cases: i64,
}

impl Moved {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            customers: self.customers + other.customers,
            opportunities: self.opportunities + other.opportunities,
            quotes: self.quotes + other.quotes,
            contracts: self.contracts + other.contracts,
            conflict_cases: self.conflict_cases + other.conflict_cases,
        }
    }

    /// All records together.
    pub fn sum(self) -> i64 {
        self.customers + self.opportunities + self.quotes + self.contracts + self.conflict_cases
    }
}

impl Succession<'_> {
    fn data(&self, from: UserId) -> Value {
        json!({
            "from": from, "to": self.to.id, "reason": self.reason, "handover_id": self.handover,
        })
    }

    fn receiver(&self) -> (UserId, crate::domain::id::kind::UnitId) {
        (self.to.id, self.to.unit_id)
    }
}

/// Gives a customer with everything in work to another owner.
///
/// # Errors
/// 412 or a lost race when anything of it changed meanwhile.
pub fn customer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    succession: &Succession<'_>,
) -> AppResult<Moved> {
    let from = customer.owner_id;
    let mut state = customer.state;
    // The approval's row before the subject's, as a decision takes them: the two never wait for each other.
    if state == CustomerState::Submitted {
        void(tx, ctx, SubjectKind::Customer, customer.id.cast())?;
        state = CustomerState::Draft;
    }
    if !successions::give_customer(tx, customer, succession.receiver(), state, ctx.now)? {
        return Err(ctx.lost_update());
    }
    // The new owner needs no share; what the former one gave to others stays.
    successions::end_shares_of(tx, customer.id, succession.to.id)?;
    let moved = Moved {
        customers: 1,
        ..work(tx, ctx, from, Some(customer.id), ALL, succession)?
    };
    let mut data = succession.data(from);
    if let Value::Object(members) = &mut data {
        members.insert("opportunities".into(), json!(moved.opportunities));
        members.insert("quotes".into(), json!(moved.quotes));
        members.insert("contracts".into(), json!(moved.contracts));
        members.insert("last_contact_at".into(), json!(customer.last_contact_at));
        if state != customer.state {
            members.insert("review".into(), json!("VOID"));
        }
    }
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        "customer.transferred",
        &data,
        Some(succession.rule),
    );
    Ok(moved)
}

/// Gives what is in work, with one customer or with any, to another owner: at most so many records of each kind.
///
/// # Errors
/// A lost race when anything of it changed meanwhile.
pub fn work(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    from: UserId,
    customer: Option<CustomerId>,
    limit: i64,
    succession: &Succession<'_>,
) -> AppResult<Moved> {
    let of = Of {
        owner: from,
        customer,
        limit,
    };
    let mut moved = Moved::default();
    for row in successions::opportunities_of(tx, of)? {
        opportunity(tx, ctx, &row, succession)?;
        moved.opportunities += 1;
    }
    for row in successions::quotes_of(tx, of)? {
        let mut state = row.state;
        if state == QuoteState::Submitted {
            void(tx, ctx, SubjectKind::Quote, row.id.cast())?;
            state = QuoteState::Draft;
        }
        taken(successions::give_quote(
            tx,
            &row,
            succession.receiver(),
            state,
            ctx.now,
        )?)?;
        note(
            tx,
            ctx,
            (SubjectKind::Quote, row.id.cast()),
            from,
            "quote.transferred",
            succession,
        );
        moved.quotes += 1;
    }
    for row in successions::contracts_of(tx, of)? {
        let mut state = row.state;
        if state == ContractState::Submitted {
            void(tx, ctx, SubjectKind::Contract, row.id.cast())?;
            state = ContractState::Draft;
        }
        taken(successions::give_contract(
            tx,
            &row,
            succession.receiver(),
            state,
            ctx.now,
        )?)?;
        note(
            tx,
            ctx,
            (SubjectKind::Contract, row.id.cast()),
            from,
            "contract.transferred",
            succession,
        );
        moved.contracts += 1;
    }
    moved.conflict_cases = cases(tx, ctx, of, succession)?;
    Ok(moved)
}

fn opportunity(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &Opportunity,
    succession: &Succession<'_>,
) -> AppResult<()> {
    let mut next = read.clone();
    if read.state == OpportunityState::Submitted {
        void(tx, ctx, SubjectKind::Opportunity, read.id.cast())?;
        next.state = OpportunityState::Draft;
    }
    (next.owner_id, next.unit_id) = succession.receiver();
    next.version = read.version + 1;
    next.updated_at = ctx.now;
    taken(opportunities::save(tx, &next, read.version)?)?;
    let parties = cooperation::parties(tx, &[read.id])?;
    if !parties.is_empty() {
        let parties = succeeded(parties, read.owner_id, succession.to.id, ctx);
        cooperation::set_parties(tx, read.id, &parties)?;
    }
    let (subject, kind) = (
        (SubjectKind::Opportunity, read.id.cast()),
        "opportunity.transferred",
    );
    note(tx, ctx, subject, read.owner_id, kind, succession);
    Ok(())
}

/// The open conflict cases: the receiver takes the giver's place, unless the two are each other's party.
fn cases(tx: &mut Tx<'_>, ctx: &Ctx, of: Of, succession: &Succession<'_>) -> AppResult<i64> {
    let mut count = 0;
    for case in successions::cases_of(tx, of)? {
        let as_holder = case.holder_id == of.owner;
        // With one customer only its holder changes: the claimant's side is the claimant's.
        if of.customer.is_some() && !as_holder {
            continue;
        }
        let other = if as_holder {
            case.claimant_id
        } else {
            case.holder_id
        };
        let what = if other == succession.to.id {
            settle(tx, ctx, &case)?;
            "conflict_case.settled_by_succession"
        } else {
            replace(tx, ctx, of, &case, succession)?;
            "conflict_case.party_replaced"
        };
        let subject = (SubjectKind::ConflictCase, case.id.cast());
        note(tx, ctx, subject, of.owner, what, succession);
        count += 1;
    }
    Ok(count)
}

/// Ends a case of which both sides are one person from now on: nobody is left to dispute with, and an arbitrator would
/// rule on nothing. It is no ruling (CONF-07): the case is withdrawn, and its history says by which succession.
fn settle(tx: &mut Tx<'_>, ctx: &Ctx, read: &ConflictCase) -> AppResult<()> {
    let case = ConflictCase {
        state: conflict_state::may(read.state, Command::Withdraw)?,
        version: read.version + 1,
        updated_at: ctx.now,
        ..read.clone()
    };
    taken(conflict_cases::save(tx, &case, read.version)?)
}

/// The giver's place in a case, and the claimant's opportunity that failed and that a ruling may bring back.
fn replace(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    of: Of,
    case: &ConflictCase,
    succession: &Succession<'_>,
) -> AppResult<()> {
    let as_holder = case.holder_id == of.owner;
    let receiver = succession.receiver();
    taken(successions::give_case(
        tx, case, receiver, ctx.now, as_holder,
    )?)?;
    if let (false, Some(pursued)) = (as_holder, case.opportunity_id) {
        let read = opportunities::unguarded(tx, pursued)?;
        if read.owner_id == of.owner && read.state == OpportunityState::Failed {
            opportunity(tx, ctx, &read, succession)?;
        }
    }
    Ok(())
}

fn note(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, id): (SubjectKind, AnyId),
    from: UserId,
    what: &str,
    succession: &Succession<'_>,
) {
    ctx.record(
        tx,
        kind,
        id,
        what,
        &succession.data(from),
        Some(succession.rule),
    );
}

fn void(tx: &mut Tx<'_>, ctx: &Ctx, kind: SubjectKind, id: AnyId) -> AppResult<()> {
    let because = "归属人变更，请接手人重新提交 / the owner changed: submit again";
    approvals::end_pending(tx, ctx, kind, id, ApprovalState::Void, because).map(drop)
}

/// The version that the caller read is the customer's, if any: a lost race with a related record is run again.
fn taken(saved: bool) -> AppResult<()> {
    if saved {
        Ok(())
    } else {
        Err(AppError::lost_race("a related record changed meanwhile"))
    }
}
