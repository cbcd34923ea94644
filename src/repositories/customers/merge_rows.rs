//! What follows a customer that is merged into another (DUP-09): one line for each table that refers to customers.
//!
//! A table that refers to customers and is not here is not followed. Whoever adds one adds a line to [`FOLLOWERS`]; what
//! needs more than another customer id (keys, equal contacts, shares of one person on both) is in
//! `services::customers::merge_plan`.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        schema::{
            activities, approvals, conflict_cases, contacts, contracts, cooperation_splits,
            customer_products, customers, feedback, major_changes, opportunities,
            pending_approvals, quotes, registration_attempts, registration_keys,
            share_applications, shares, value_assessments,
        },
    },
    domain::{
        id::kind::{AnyId, ContactId, CustomerId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            CaseState, KeyKind, Line, MovedKind, OpportunityState, ShareLevel, SubjectKind,
        },
    },
    error::{AppError, AppResult},
    models::{
        customers::{contact::Contact, customer::RegistrationKey},
        governance::share::Share,
    },
};

use super::merge_documents;

/// Ids in one statement: below the number of variables that SQLite takes.
pub(super) const CHUNK: usize = 500;

/// Lets rows refer from one customer to another; answers which of them did.
type Relink = fn(&mut Tx<'_>, &[AnyId], CustomerId, CustomerId, Timestamp) -> AppResult<Vec<AnyId>>;
/// Which rows of a customer hang on these opportunities.
type Hanging = fn(&mut Conn, CustomerId, &[AnyId]) -> AppResult<Vec<AnyId>>;

/// Which rows of a customer do not follow it to another, since that one has its own of what may be there once.
type Meeting = fn(&mut Conn, CustomerId, CustomerId) -> AppResult<Vec<Met>>;

/// A record that stays with the absorbed card, and the survivor's for which it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// The absorbed card's.
    pub id: AnyId,
    /// The survivor's.
    pub own: AnyId,
}

/// A table whose rows follow.
pub struct Follower {
    /// What they are.
    pub kind: MovedKind,
    /// Which rows refer to a customer.
    pub linked: fn(&mut Conn, CustomerId) -> AppResult<Vec<AnyId>>,
    /// Lets these rows refer from one customer to another; answers which of them did.
    pub relink: Relink,
    /// Which rows of a customer hang on these opportunities: they go where those go.
    pub hanging: Option<Hanging>,
    /// Which rows stay where they are, of those that a customer has once.
    pub met: Option<Meeting>,
}

macro_rules! follower {
    ($kind:ident, $table:ident.$column:ident $(, versioned: $version:ident, $updated:ident)? $(, of: $subject:expr)? $(, hangs: $hangs:ident)? $(, once: $met:path)?) => {
        Follower {
            kind: MovedKind::$kind,
            linked: |conn, customer| {
                Ok($table::table
                    .filter($table::$column.eq(customer))
                    $(.filter($table::subject_kind.eq($subject)))?
                    .order($table::id)
                    .select($table::id)
                    .load(conn)?)
            },
            relink: |tx, ids, from, to, _now| {
                let mut moved = Vec::with_capacity(ids.len());
                for ids in ids.chunks(CHUNK) {
                    let there: Vec<AnyId> = $table::table
                        .filter($table::id.eq_any(ids.to_vec()))
                        .filter($table::$column.eq(from))
                        .select($table::id)
                        .load(tx.conn())?;
                    let still = $table::table
                        .filter($table::id.eq_any(there.clone()))
                        .filter($table::$column.eq(from));
                    let relinked = diesel::update(still)
                        .set((
                            $table::$column.eq(to),
                            $($table::$version.eq($table::$version + 1), $table::$updated.eq(_now),)?
                        ))
                        .execute(tx.conn())?;
                    if relinked != there.len() {
                        return Err(AppError::lost_race("a record moved meanwhile"));
                    }
                    moved.extend(there);
                }
                Ok(moved)
            },
            hanging: follower!(@hanging $table.$column $(, $hangs)?),
            met: follower!(@met $($met)?),
        }
    };
    (@met) => { None };
    (@met $met:path) => { Some($met) };
    (@hanging $table:ident.$column:ident) => { None };
    (@hanging $table:ident.$column:ident, $hangs:ident) => {
        Some(|conn, customer, opportunities| {
            let mut found = Vec::new();
            for ids in opportunities.chunks(CHUNK) {
                let rows: Vec<AnyId> = $table::table
                    .filter($table::$hangs.eq_any(ids.to_vec()))
                    .filter($table::$column.eq(customer))
                    .order($table::id)
                    .select($table::id)
                    .load(conn)?;
                found.extend(rows);
            }
            Ok(found)
        })
    };
}

/// Every table that follows by nothing but its customer id, in the order in which it is moved and locked.
pub const FOLLOWERS: &[Follower] = &[
    follower!(Opportunity, opportunities.customer_id, versioned: version, updated_at),
    follower!(Quote, quotes.customer_id, versioned: version, updated_at, hangs: opportunity_id),
    follower!(Contract, contracts.customer_id, versioned: version, updated_at, hangs: opportunity_id),
    follower!(ConflictCase, conflict_cases.customer_id, versioned: version, updated_at, hangs: opportunity_id),
    follower!(Contact, contacts.customer_id, versioned: version, updated_at),
    follower!(Activity, activities.customer_id, versioned: version, updated_at, hangs: opportunity_id),
    follower!(EndCustomer, customers.agent_id, versioned: version, updated_at),
    follower!(Cooperation, cooperation_splits.customer_id, hangs: opportunity_id),
    follower!(Attempt, registration_attempts.customer_id),
    follower!(Approval, approvals.subject_id, of: SubjectKind::Customer),
    follower!(Feedback, feedback.customer_id, versioned: version, updated_at),
    follower!(ValueAssessment, value_assessments.customer_id),
    follower!(MajorChange, major_changes.customer_id),
    follower!(Product, customer_products.customer_id, versioned: version, updated_at, once: products_met),
    follower!(ShareApplication, share_applications.customer_id, versioned: version, updated_at),
    Follower {
        kind: MovedKind::Document,
        linked: merge_documents::linked,
        relink: merge_documents::relink,
        hanging: None,
        met: Some(merge_documents::met),
    },
];

/// A product is related to a customer once (CUS-45): the survivor's entry of it stands.
fn products_met(
    conn: &mut Conn,
    absorbed: CustomerId,
    survivor: CustomerId,
) -> AppResult<Vec<Met>> {
    let theirs = customer_products::table.filter(customer_products::customer_id.eq(absorbed));
    let own = diesel::alias!(customer_products as own);
    let rows: Vec<(AnyId, AnyId)> = theirs
        .inner_join(
            own.on(own
                .field(customer_products::product_id)
                .eq(customer_products::product_id)),
        )
        .filter(own.field(customer_products::customer_id).eq(survivor))
        .order(customer_products::id)
        .select((customer_products::id, own.field(customer_products::id)))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, own)| Met { id, own }).collect())
}

/// The activities with these contacts, by contact: when an equal contact is not moved, they get the survivor's.
///
/// # Errors
/// A database fault.
pub fn activities_with(conn: &mut Conn, contact: ContactId) -> AppResult<Vec<AnyId>> {
    Ok(activities::table
        .filter(activities::contact_id.eq(contact))
        .order(activities::id)
        .select(activities::id)
        .load(conn)?)
}

/// Gives activities another contact, if they still have the one that they had.
///
/// # Errors
/// A database fault.
pub fn set_contact(
    tx: &mut Tx<'_>,
    activity: AnyId,
    from: ContactId,
    to: ContactId,
) -> AppResult<bool> {
    let target = activities::table
        .filter(activities::id.eq(activity))
        .filter(activities::contact_id.eq(from));
    Ok(diesel::update(target)
        .set(activities::contact_id.eq(to))
        .execute(tx.conn())?
        == 1)
}

/// All contacts of a customer that were not removed.
///
/// # Errors
/// A database fault.
pub fn contacts_of(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<Contact>> {
    Ok(Contact::query()
        .filter(contacts::customer_id.eq(customer))
        .filter(contacts::deleted_at.is_null())
        .order((contacts::created_at, contacts::id))
        .load(conn)?)
}

/// Who owns the opportunities of a customer that are being followed or wait for their review.
///
/// # Errors
/// A database fault.
pub fn live_owners(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<UserId>> {
    Ok(opportunities::table
        .filter(opportunities::customer_id.eq(customer))
        .filter(
            opportunities::state
                .eq_any([OpportunityState::Registered, OpportunityState::Submitted]),
        )
        .select(opportunities::owner_id)
        .distinct()
        .load(conn)?)
}

/// How many cases about a customer are under arbitration.
///
/// # Errors
/// A database fault.
pub fn arbitrations(conn: &mut Conn, customer: CustomerId) -> AppResult<usize> {
    let found: Vec<AnyId> = conflict_cases::table
        .filter(conflict_cases::customer_id.eq(customer))
        .filter(conflict_cases::state.eq(CaseState::UnderArbitration))
        .select(conflict_cases::id)
        .limit(1)
        .load(conn)?;
    Ok(found.len())
}

/// How many of these records wait for an approval.
///
/// # Errors
/// A database fault.
pub fn pending(conn: &mut Conn, kind: SubjectKind, ids: &[AnyId]) -> AppResult<usize> {
    let mut count = 0;
    for ids in ids.chunks(CHUNK) {
        let found: Vec<AnyId> = pending_approvals::table
            .filter(pending_approvals::subject_kind.eq(kind))
            .filter(pending_approvals::subject_id.eq_any(ids.to_vec()))
            .select(pending_approvals::subject_id)
            .load(conn)?;
        count += found.len();
    }
    Ok(count)
}

/// All current shares of a customer.
///
/// # Errors
/// A database fault.
pub fn shares_of(conn: &mut Conn, customer: CustomerId, now: Timestamp) -> AppResult<Vec<Share>> {
    Ok(Share::query()
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::subject_id.eq(customer.cast::<crate::domain::id::kind::Any>()))
        .filter(shares::expires_at.gt(now))
        .order(shares::id)
        .load(conn)?)
}

/// Gives a share to another customer's card, if it still is at the one where it was.
///
/// # Errors
/// A database fault. `false` when it is not, or when the person has a share there by now.
pub fn move_share(
    tx: &mut Tx<'_>,
    id: ShareId,
    user: UserId,
    from: CustomerId,
    to: CustomerId,
) -> AppResult<bool> {
    let of = |customer: CustomerId| customer.cast::<crate::domain::id::kind::Any>();
    let taken: Option<ShareId> = shares::table
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::subject_id.eq(of(to)))
        .filter(shares::user_id.eq(user))
        .select(shares::id)
        .first(tx.conn())
        .optional()?;
    if taken.is_some() {
        return Ok(false);
    }
    let target = shares::table
        .filter(shares::id.eq(id))
        .filter(shares::subject_id.eq(of(from)));
    Ok(diesel::update(target)
        .set((
            shares::subject_id.eq(of(to)),
            shares::version.eq(shares::version + 1),
        ))
        .execute(tx.conn())?
        == 1)
}

/// What a share permits and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Terms {
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Changes a share's terms, if it still has those that were read.
///
/// # Errors
/// A database fault. `false` when it has not.
pub fn set_terms(tx: &mut Tx<'_>, id: ShareId, from: Terms, to: Terms) -> AppResult<bool> {
    let target = shares::table
        .filter(shares::id.eq(id))
        .filter(shares::level.eq(from.level))
        .filter(shares::expires_at.eq(from.expires_at));
    let set = (
        shares::level.eq(to.level),
        shares::expires_at.eq(to.expires_at),
        shares::version.eq(shares::version + 1),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Gives a key from one customer to another, in place: at no moment is it free.
///
/// # Errors
/// A database fault. `false` when the one did not hold it.
pub fn move_key(
    tx: &mut Tx<'_>,
    line: Line,
    kind: KeyKind,
    value: &str,
    from: CustomerId,
    to: CustomerId,
) -> AppResult<bool> {
    let target = registration_keys::table
        .find((line, kind, value))
        .filter(registration_keys::customer_id.eq(from));
    Ok(diesel::update(target)
        .set(registration_keys::customer_id.eq(to))
        .execute(tx.conn())?
        == 1)
}

/// The keys that a customer holds.
///
/// # Errors
/// A database fault.
pub fn keys_of(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<RegistrationKey>> {
    super::registration_keys::held(conn, customer)
}
