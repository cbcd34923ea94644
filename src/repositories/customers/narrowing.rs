//! What a list of customers is narrowed to, so that each way is served by an index at a million customers.
//!
//! A list is read in its order through `(filter, updated_at, id)`. An owner, a unit, an agent, the beginning of a name, or a
//! reach that is not the whole company narrow to few rows; beside one of them every other filter is only looked at, never
//! looked up: SQLite, which keeps no statistics here, would take half the company for as narrow as one owner.

use chrono::NaiveDate;
use diesel::{dsl::exists, prelude::*, sql_types::Bool};

use crate::{
    db::{
        MultiBackend, padded,
        schema::{contacts, customer_names, customer_standings, customers},
    },
    domain::{
        id::kind::{CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, Degree,
            EntryState, Line, Party, ValueGrade,
        },
    },
    policy::customers::name_pieces::Within,
    repositories::customers::keyed::{Phoned, with_phone},
};

/// What a list of customers is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Owner.
    pub owner: Option<UserId>,
    /// Unit.
    pub unit: Option<UnitId>,
    /// States.
    pub states: Vec<CustomerState>,
    /// Kinds.
    pub kinds: Vec<CustomerKind>,
    /// Party.
    pub party: Option<Party>,
    /// Business line.
    pub line: Option<Line>,
    /// Agent.
    pub agent: Option<CustomerId>,
    /// The folded name begins with this.
    pub folded_prefix: Option<String>,
    /// The name, a former one or an alias has this in it.
    pub within: Option<Within>,
    /// Holds this credit code.
    pub credit_code: Option<String>,
    /// Has this phone; nothing tells it of those that are deleted or merged.
    pub phone: Option<Phoned>,
    /// Division codes begin with this.
    pub division_prefix: Option<String>,
    /// Industry codes: of a section all that are in it. Values, not a range, so that the list comes in its order.
    pub industries: Vec<String>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// Grades.
    pub grades: Vec<i32>,
    /// Activity states.
    pub activity_states: Vec<ActivityState>,
    /// Sources.
    pub sources: Vec<CustomerSource>,
    /// Value grades.
    pub value_grades: Vec<ValueGrade>,
    /// Key customers or the others.
    pub key: Option<bool>,
    /// With a contact of this relationship.
    pub relationship: Option<Degree>,
    /// With a contact whose name begins with this.
    pub contact_prefix: Option<String>,
    /// What the profile lacks, as it is kept: one of these.
    pub gaps: Option<Vec<i32>>,
    /// Confirmed before this instant, or not.
    pub stale: Option<(bool, Timestamp)>,
    /// How the entry was or would be judged.
    pub entries: Option<Entries>,
    /// Created at or after.
    pub created_from: Option<Timestamp>,
    /// Created before.
    pub created_before: Option<Timestamp>,
    /// Last contact at or after.
    pub contact_from: Option<Timestamp>,
    /// Last contact before.
    pub contact_before: Option<Timestamp>,
    /// Updated at or after.
    pub updated_from: Option<Timestamp>,
    /// Updated before.
    pub updated_before: Option<Timestamp>,
}

/// Which entries, and from which first contacts on they are late today.
#[derive(Debug, Clone)]
pub struct Entries {
    /// States.
    pub states: Vec<EntryState>,
    /// A first contact before this day is beyond the ordinary limit.
    pub warning_before: NaiveDate,
    /// A first contact before this day is beyond the special limit.
    pub late_before: NaiveDate,
}

type Predicate = Box<dyn BoxableExpression<customers::table, MultiBackend, SqlType = Bool>>;

/// The customers that fit; `wide` when nothing but the company bounds whom the actor sees.
pub fn narrowed<'q>(narrow: &Narrow, wide: bool) -> customers::BoxedQuery<'q, MultiBackend> {
    let mut query = customers::table.into_boxed();
    crate::narrowed!(query, customers, narrow);
    if narrow.states.is_empty() {
        // What was merged into another customer is found there; it is listed only when asked for (DUP-09).
        query = query.filter(customers::state.ne(CustomerState::Merged));
    }
    if let Some(agent) = narrow.agent {
        query = query.filter(customers::agent_id.eq(agent));
    }
    if let Some(prefix) = &narrow.folded_prefix {
        // A range, not LIKE: both databases serve it from the index, whatever the collation.
        query = query
            .filter(customers::folded_name.ge(prefix.clone()))
            .filter(customers::folded_name.lt(after(prefix)));
    }
    if let Some(within) = &narrow.within {
        query = query.filter(named(within));
    }
    if let Some(prefix) = &narrow.contact_prefix {
        query = query.filter(with_contact(prefix));
    }
    if let Some(code) = &narrow.credit_code {
        let own = customers::credit_code.assume_not_null();
        query = query.filter(looked_at(Box::new(own.eq(code.clone()))));
    }
    if let Some(phone) = &narrow.phone {
        query = query.filter(looked_at(with_phone(phone)));
    }
    let alone = wide
        && narrow.owner.is_none()
        && narrow.unit.is_none()
        && narrow.agent.is_none()
        && narrow.folded_prefix.is_none()
        && narrow.contact_prefix.is_none();
    for class in classes(narrow) {
        query = query.filter(if alone { class } else { looked_at(class) });
    }
    for rest in beside(narrow) {
        query = query.filter(rest);
    }
    within_times(query, narrow)
}

/// Those of these customers that fit: they are looked up by nothing but their keys. That they hold the credit code that is
/// asked for, or else have the phone, is known.
pub fn narrowed_among<'q>(
    narrow: &Narrow,
    ids: &[CustomerId],
    visible: Predicate,
) -> customers::BoxedQuery<'q, MultiBackend> {
    let led = Narrow {
        owner: None,
        unit: None,
        agent: None,
        folded_prefix: None,
        contact_prefix: None,
        credit_code: None,
        phone: narrow
            .phone
            .clone()
            .filter(|_| narrow.credit_code.is_some()),
        ..narrow.clone()
    };
    let mut query = narrowed(&led, false)
        .filter(customers::id.eq_any(padded(ids.iter().copied())))
        .filter(looked_at(visible));
    let mut rest: Vec<Predicate> = Vec::new();
    if let Some(owner) = narrow.owner {
        rest.push(Box::new(customers::owner_id.eq(owner)));
    }
    if let Some(unit) = narrow.unit {
        rest.push(Box::new(customers::unit_id.eq(unit)));
    }
    if let Some(agent) = narrow.agent {
        let of_agent = customers::agent_id.assume_not_null().eq(agent);
        rest.push(Box::new(customers::agent_id.is_not_null().and(of_agent)));
    }
    if let Some(prefix) = &narrow.folded_prefix {
        let from = customers::folded_name.ge(prefix.clone());
        rest.push(Box::new(from.and(customers::folded_name.lt(after(prefix)))));
    }
    if let Some(prefix) = &narrow.contact_prefix {
        rest.push(with_contact(prefix));
    }
    for predicate in rest {
        query = query.filter(looked_at(predicate));
    }
    query
}

fn with_contact(prefix: &str) -> Predicate {
    let named = contacts::table
        .filter(contacts::name.ge(prefix.to_owned()))
        .filter(contacts::name.lt(after(prefix)))
        .filter(contacts::deleted_at.is_null())
        .select(contacts::customer_id);
    Box::new(customers::id.eq_any(named))
}

/// Looked at row by row: what might fit is looked up by the pieces before.
fn named(within: &Within) -> Predicate {
    // Folded texts are letters and digits alone, no signs of a pattern.
    let pattern = format!("%{}%", within.text);
    let further = customer_names::table
        .filter(customer_names::customer_id.eq(customers::id))
        .filter(customer_names::folded_name.like(pattern.clone()));
    Box::new(customers::folded_name.like(pattern).or(exists(further)))
}

/// A predicate that is checked on each row but never looked up in an index.
fn looked_at(predicate: Predicate) -> Predicate {
    Box::new(predicate.or(false.into_sql::<Bool>()))
}

fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// The classes of customers that have an index each (CUS-32).
fn classes(narrow: &Narrow) -> Vec<Predicate> {
    let mut all: Vec<Predicate> = Vec::new();
    if !narrow.conditions.is_empty() {
        all.push(Box::new(
            customers::condition.eq_any(narrow.conditions.clone()),
        ));
    }
    if !narrow.activity_states.is_empty() {
        all.push(Box::new(
            customers::activity_state.eq_any(narrow.activity_states.clone()),
        ));
    }
    if !narrow.sources.is_empty() {
        let source = customers::source.assume_not_null();
        all.push(Box::new(source.eq_any(narrow.sources.clone())));
    }
    if !narrow.value_grades.is_empty() {
        let grade = customers::value_grade.assume_not_null();
        all.push(Box::new(grade.eq_any(narrow.value_grades.clone())));
    }
    if !narrow.industries.is_empty() {
        let code = customers::industry_code.assume_not_null();
        all.push(Box::new(code.eq_any(narrow.industries.clone())));
    }
    if let Some(prefix) = &narrow.division_prefix {
        let code = customers::division_code.assume_not_null();
        all.push(Box::new(
            code.ge(prefix.clone()).and(code.lt(format!("{prefix}:"))),
        ));
    }
    if narrow.key == Some(true) {
        all.push(Box::new(customers::is_key_customer));
    }
    if let Some((stale, before)) = narrow.stale {
        all.push(if stale {
            Box::new(customers::refreshed_at.lt(before))
        } else {
            Box::new(customers::refreshed_at.ge(before))
        });
    }
    all
}

/// What only narrows further.
fn beside(narrow: &Narrow) -> Vec<Predicate> {
    let mut all: Vec<Predicate> = Vec::new();
    if !narrow.kinds.is_empty() {
        all.push(Box::new(customers::kind.eq_any(narrow.kinds.clone())));
    }
    if let Some(party) = narrow.party {
        all.push(Box::new(customers::party.eq(party)));
    }
    if let Some(line) = narrow.line {
        all.push(Box::new(customers::line.eq(line)));
    }
    if !narrow.grades.is_empty() {
        all.push(Box::new(customers::grade.eq_any(narrow.grades.clone())));
    }
    if narrow.key == Some(false) {
        all.push(Box::new(customers::is_key_customer.eq(false)));
    }
    if let Some(degree) = narrow.relationship {
        all.push(Box::new(exists(
            contacts::table
                .filter(contacts::customer_id.eq(customers::id))
                .filter(contacts::relationship.eq(degree))
                .filter(contacts::deleted_at.is_null()),
        )));
    }
    if let Some(gaps) = &narrow.gaps {
        all.push(Box::new(exists(
            customer_standings::table
                .filter(customer_standings::customer_id.eq(customers::id))
                .filter(customer_standings::gaps.eq_any(gaps.clone())),
        )));
    }
    if let Some(entries) = &narrow.entries {
        all.push(entered(entries));
    }
    all
}

/// As judged on the first submission; before it, as it would be judged today.
fn entered(entries: &Entries) -> Predicate {
    let judged = || {
        customer_standings::table
            .filter(customer_standings::entry_state.eq_any(entries.states.clone()))
            .select(customer_standings::customer_id)
    };
    let few = entries
        .states
        .iter()
        .all(|state| matches!(state, EntryState::Warning | EntryState::Late));
    // The late ones are few: they are looked up. Those in time are many: each row is looked at.
    let mut any: Predicate = if few {
        Box::new(customers::id.eq_any(judged()))
    } else {
        Box::new(exists(
            judged().filter(customer_standings::customer_id.eq(customers::id)),
        ))
    };
    let waiting = || customers::submitted_at.is_null();
    let first = customers::first_contact_on.assume_not_null();
    let (warning, late) = (entries.warning_before, entries.late_before);
    for state in &entries.states {
        any = match state {
            EntryState::Late => Box::new(waiting().and(first.lt(late)).or(any)),
            EntryState::Warning => {
                Box::new(waiting().and(first.ge(late)).and(first.lt(warning)).or(any))
            }
            EntryState::Pending => Box::new(
                waiting()
                    .and(customers::first_contact_on.is_null().or(first.ge(warning)))
                    .or(any),
            ),
            EntryState::InTime => any,
        };
    }
    any
}

fn within_times<'q>(
    mut query: customers::BoxedQuery<'q, MultiBackend>,
    narrow: &Narrow,
) -> customers::BoxedQuery<'q, MultiBackend> {
    if let Some(from) = narrow.created_from {
        query = query.filter(customers::created_at.ge(from));
    }
    if let Some(before) = narrow.created_before {
        query = query.filter(customers::created_at.lt(before));
    }
    if let Some(from) = narrow.contact_from {
        query = query.filter(customers::last_contact_at.ge(from));
    }
    if let Some(before) = narrow.contact_before {
        query = query.filter(customers::last_contact_at.lt(before));
    }
    query
}
