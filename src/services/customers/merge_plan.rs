//! What a merge would do, in full: facts, obstacles, fields, everything that follows (DUP-09). The preview shows it, the
//! merge carries it out, and its fingerprint says whether the two are the same.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    merge_fields::{self, FieldChange},
    personal::ContactPersonal,
    registration,
};
use crate::{
    auth::keys,
    context::Ctx,
    db::Conn,
    domain::{
        id::kind::{AnyId, ContactId, ShareId, UserId},
        vocabulary::{MergeField, MovedKind, ShareLevel, SubjectKind},
    },
    error::AppResult,
    models::customers::{contact::Contact, customer::RegistrationKey},
    policy::{
        Refusal,
        customers::{
            contact::same_person,
            merging::{self, MergeFacts},
            registration::RegistrationSettings,
        },
    },
    repositories::customers::{
        contacts, customer_products, customers,
        merge_rows::{self, FOLLOWERS, Met, Terms},
    },
};

pub use super::merge_fields::Card;

/// A contact of the absorbed card that the survivor has already.
#[derive(Debug, Clone)]
pub struct EqualContact {
    /// The absorbed card's.
    pub contact: Contact,
    /// The survivor's.
    pub equal_to: ContactId,
    /// The activities that will name the survivor's.
    pub activities: Vec<AnyId>,
}

/// What becomes of a share of the absorbed card.
#[derive(Debug, Clone)]
pub enum SharePlan {
    /// It moves.
    Move(ShareId, UserId),
    /// The person has one of the survivor, whose terms become at least these.
    Join {
        /// The absorbed card's.
        absorbed: ShareId,
        /// The survivor's.
        survivor: ShareId,
        /// The survivor's terms before.
        from: Terms,
        /// Its terms after.
        to: Terms,
    },
}

/// A record that does not follow: of it a customer has one, and the survivor has its own.
#[derive(Debug, Clone, Copy)]
pub struct Staying {
    /// What it is.
    pub kind: MovedKind,
    /// The two.
    pub met: Met,
}

/// What a merge would do.
pub struct Plan {
    /// The survivor as it is.
    pub survivor: Card,
    /// The survivor as it would be.
    pub result: Card,
    /// The absorbed one.
    pub absorbed: Card,
    /// Whether the absorbed one was registered first.
    pub absorbed_first: bool,
    /// Fields in which the two differ: field, the survivor's, the absorbed one's, the result.
    pub fields: Vec<FieldRow>,
    /// What moves, by kind.
    pub moves: Vec<(MovedKind, Vec<AnyId>)>,
    /// What stays with the absorbed card.
    pub staying: Vec<Staying>,
    /// Contacts that are not duplicated.
    pub equal_contacts: Vec<EqualContact>,
    /// Shares.
    pub shares: Vec<SharePlan>,
    /// Keys that go to the survivor.
    pub keys: Vec<RegistrationKey>,
    /// The survivor's own keys that its new fields no longer ask for: kept, as former ones.
    pub former_keys: Vec<RegistrationKey>,
    /// What stands against it.
    pub obstacles: Vec<Refusal>,
}

/// A field in which the two cards differ.
#[derive(Debug, Clone)]
pub struct FieldRow {
    /// The field.
    pub field: MergeField,
    /// The survivor's value.
    pub survivor: serde_json::Value,
    /// The absorbed one's.
    pub absorbed: serde_json::Value,
    /// What the survivor will have.
    pub result: serde_json::Value,
}

impl Plan {
    /// The fields that change.
    pub fn changes(&self) -> Vec<FieldChange> {
        self.fields
            .iter()
            .filter(|row| row.survivor != row.result)
            .map(|row| FieldChange {
                field: row.field,
                from: row.survivor.clone(),
                to: row.result.clone(),
            })
            .collect()
    }

    /// How many records of each kind are concerned.
    pub fn counts(&self) -> BTreeMap<MovedKind, i64> {
        let size = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        let mut counts: BTreeMap<MovedKind, i64> = self
            .moves
            .iter()
            .map(|(kind, ids)| (*kind, size(ids.len())))
            .collect();
        counts.insert(MovedKind::Share, size(self.shares.len()));
        counts.insert(MovedKind::Key, size(self.keys.len()));
        counts.retain(|_, count| *count > 0);
        counts
    }

    /// The same for the same plan, another for another: a merge names the one that was previewed.
    pub fn fingerprint(&self) -> String {
        let (s, a) = (&self.survivor.customer, &self.absorbed.customer);
        let moves: Vec<_> = self
            .moves
            .iter()
            .map(|(kind, ids)| json!({ "kind": kind, "ids": ids }))
            .collect();
        let shares: Vec<_> = self
            .shares
            .iter()
            .map(|share| match share {
                SharePlan::Move(id, _) => json!({ "move": id }),
                SharePlan::Join { absorbed, to, .. } => json!({ "join": absorbed, "to": to }),
            })
            .collect();
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|row| json!([row.field, row.result]))
            .collect();
        let keys: Vec<_> = self
            .keys
            .iter()
            .map(|key| json!([key.key_kind, key.key_value]))
            .collect();
        let equal: Vec<_> = self
            .equal_contacts
            .iter()
            .map(|equal| json!([equal.contact.id, equal.equal_to]))
            .collect();
        let staying: Vec<_> = self
            .staying
            .iter()
            .map(|stays| json!([stays.kind, stays.met.id, stays.met.own]))
            .collect();
        let whole = json!([
            s.id, s.version, a.id, a.version, moves, shares, fields, keys, equal, staying
        ]);
        keys::hex(&keys::digest(&[whole.to_string().as_bytes()]))
    }
}

/// Draws up the plan of a merge of two cards that have been looked up.
///
/// # Errors
/// A database fault.
pub fn draw_up(
    conn: &mut Conn,
    ctx: &Ctx,
    survivor: Card,
    absorbed: Card,
    from_absorbed: &[MergeField],
) -> AppResult<Plan> {
    let (s, a) = (survivor.customer.id, absorbed.customer.id);
    let mine = merge_rows::contacts_of(conn, s)?;
    let theirs = merge_rows::contacts_of(conn, a)?;
    let mut equal_contacts = Vec::new();
    for contact in &theirs {
        if let Some(equal_to) = equal_contact(ctx, contact, &mine)? {
            equal_contacts.push(EqualContact {
                activities: merge_rows::activities_with(conn, contact.id)?,
                contact: contact.clone(),
                equal_to,
            });
        }
    }
    let stays: Vec<AnyId> = equal_contacts.iter().map(|e| e.contact.id.cast()).collect();
    let (mut moves, mut staying) = (Vec::new(), Vec::new());
    for follower in FOLLOWERS {
        let mut ids = (follower.linked)(conn, a)?;
        if let Some(met) = follower.met {
            let met = met(conn, a, s)?;
            ids.retain(|id| met.iter().all(|met| met.id != *id));
            let kind = follower.kind;
            staying.extend(met.into_iter().map(|met| Staying { kind, met }));
        }
        if follower.kind == MovedKind::Contact {
            ids.retain(|id| !stays.contains(id));
        }
        moves.push((follower.kind, ids));
    }
    let held = merge_rows::keys_of(conn, s)?;
    let keys = merge_rows::keys_of(conn, a)?;
    let (result, fields) = choose(ctx, &survivor, &absorbed, from_absorbed)?;
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let before = registration::keys_of(conn, ctx, &survivor.customer, &settings)?;
    let after = registration::keys_of(conn, ctx, &result.customer, &settings)?;
    let among = |keys: &[RegistrationKey], key: &RegistrationKey| {
        keys.iter().any(|k| registration::same_key(k, key))
    };
    let former_keys = held
        .into_iter()
        .filter(|key| among(&before, key) && !among(&after, key))
        .collect();
    let contacts = mine.len() + theirs.len() - equal_contacts.len();
    let facts = facts(conn, ctx, (&survivor, &absorbed), &moves, contacts)?;
    Ok(Plan {
        absorbed_first: !merging::first_registered(&facts.survivor, &facts.absorbed),
        obstacles: merging::obstacles(&facts),
        shares: shares(conn, ctx, &survivor, &absorbed)?,
        survivor,
        result,
        absorbed,
        fields,
        moves,
        staying,
        equal_contacts,
        keys,
        former_keys,
    })
}

fn equal_contact(ctx: &Ctx, contact: &Contact, mine: &[Contact]) -> AppResult<Option<ContactId>> {
    let reached = ContactPersonal::open(ctx.vault(), contact)?;
    let this = reached.reachable(&contact.name);
    for other in mine {
        let reached = ContactPersonal::open(ctx.vault(), other)?;
        if same_person(&this, &reached.reachable(&other.name)) {
            return Ok(Some(other.id));
        }
    }
    Ok(None)
}

fn choose(
    ctx: &Ctx,
    survivor: &Card,
    absorbed: &Card,
    from_absorbed: &[MergeField],
) -> AppResult<(Card, Vec<FieldRow>)> {
    let mut result = survivor.clone();
    let mut rows = Vec::new();
    for field in MergeField::ALL.iter().copied() {
        let mine = merge_fields::value(survivor, field);
        let theirs = merge_fields::value(absorbed, field);
        if mine == theirs {
            continue;
        }
        let chosen = merging::chosen(field, &mine, &theirs, from_absorbed);
        merge_fields::set(&mut result, field, &chosen)?;
        rows.push(FieldRow {
            field,
            survivor: mine,
            absorbed: theirs,
            result: chosen,
        });
    }
    result.seal(ctx.vault(), &survivor.personal)?;
    Ok((result, rows))
}

fn shares(
    conn: &mut Conn,
    ctx: &Ctx,
    survivor: &Card,
    absorbed: &Card,
) -> AppResult<Vec<SharePlan>> {
    let mine = merge_rows::shares_of(conn, survivor.customer.id, ctx.now)?;
    let theirs = merge_rows::shares_of(conn, absorbed.customer.id, ctx.now)?;
    let terms = |share: &crate::models::governance::share::Share| Terms {
        level: share.level,
        expires_at: share.expires_at,
    };
    let mut plans = Vec::new();
    // The survivor's owner needs no share: that one stays where it is.
    for share in theirs
        .iter()
        .filter(|share| share.user_id != survivor.customer.owner_id)
    {
        match mine.iter().find(|other| other.user_id == share.user_id) {
            None => plans.push(SharePlan::Move(share.id, share.user_id)),
            Some(other) => {
                let (from, theirs) = (terms(other), terms(share));
                let to = Terms {
                    level: if theirs.level == ShareLevel::Write {
                        theirs.level
                    } else {
                        from.level
                    },
                    expires_at: from.expires_at.max(theirs.expires_at),
                };
                plans.push(SharePlan::Join {
                    absorbed: share.id,
                    survivor: other.id,
                    from,
                    to,
                });
            }
        }
    }
    Ok(plans)
}

fn facts(
    conn: &mut Conn,
    ctx: &Ctx,
    (survivor, absorbed): (&Card, &Card),
    moves: &[(MovedKind, Vec<AnyId>)],
    contacts: usize,
) -> AppResult<MergeFacts<UserId>> {
    let of = |kind: MovedKind| {
        moves
            .iter()
            .find(|(moved, _)| *moved == kind)
            .map_or(&[][..], |(_, ids)| ids.as_slice())
    };
    let workers = merge_rows::shares_of(conn, survivor.customer.id, ctx.now)?
        .into_iter()
        .filter(|share| share.level == ShareLevel::Write)
        .map(|share| share.user_id)
        .collect();
    let mut s = card(conn, &survivor.customer, &absorbed.customer)?;
    let mut a = card(conn, &absorbed.customer, &survivor.customer)?;
    s.pending = merge_rows::pending(conn, SubjectKind::Customer, &[survivor.customer.id.cast()])?;
    a.pending = merge_rows::pending(conn, SubjectKind::Customer, &[absorbed.customer.id.cast()])?;
    for (kind, moved) in [
        (SubjectKind::Opportunity, MovedKind::Opportunity),
        (SubjectKind::Quote, MovedKind::Quote),
        (SubjectKind::Contract, MovedKind::Contract),
        (SubjectKind::ShareApplication, MovedKind::ShareApplication),
    ] {
        a.pending += merge_rows::pending(conn, kind, of(moved))?;
    }
    let own_products = customer_products::of_customer(conn, survivor.customer.id)?.len();
    Ok(MergeFacts {
        survivor: s,
        absorbed: a,
        workers,
        has_end_customers: !of(MovedKind::EndCustomer).is_empty(),
        contacts,
        contact_limit: contacts::LIMIT,
        products: own_products + of(MovedKind::Product).len(),
        product_limit: customer_products::MOST,
    })
}

fn card(
    conn: &mut Conn,
    customer: &crate::models::customers::customer::Customer,
    other: &crate::models::customers::customer::Customer,
) -> AppResult<merging::Card<UserId>> {
    Ok(merging::Card {
        party: customer.party,
        line: customer.line,
        kind: customer.kind,
        state: customer.state,
        security_level: customer.security_level,
        credit_code: customer.credit_code.as_ref().map(ToString::to_string),
        owner: customer.owner_id,
        registered: (customer.created_at, customer.id.to_string()),
        agent_of_other: other.agent_id == Some(customer.id),
        live: merge_rows::live_owners(conn, customer.id)?,
        pending: 0,
        arbitrations: merge_rows::arbitrations(conn, customer.id)?,
    })
}

/// The card of a customer that has been looked up.
///
/// # Errors
/// A database fault.
pub fn read(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: crate::models::customers::customer::Customer,
) -> AppResult<Card> {
    let profile = customers::profile(conn, customer.id)?;
    Card::open(ctx.vault(), customer, profile)
}
