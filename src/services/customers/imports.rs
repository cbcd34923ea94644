//! Registration of many customers at once, by the rules of [`super::registration`]: first registered wins, decided by the
//! same unique keys. A look-up before the writing narrows; when a key is taken meanwhile in spite of it, the unit of work
//! runs again.

use std::collections::HashMap;

use super::{
    import_drafts::Drafted,
    registration::{self, Draft},
};
use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::CustomerId,
        vocabulary::{KeyKind, Line},
    },
    error::{AppError, AppResult},
    models::customers::customer::{Customer, RegistrationKey},
    repositories::{
        customers::{
            attempts, contacts, customers,
            matching::{self, Found},
            registration_keys,
        },
        org::names,
    },
};

/// A row that met an earlier registration. The attempt is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// The requirement that refuses.
    pub rule: &'static str,
    /// Which key met.
    pub key_kind: KeyKind,
    /// The registered customer's name.
    pub customer_name: String,
    /// Its owner's name.
    pub owner_name: String,
    /// The owner's department.
    pub department: String,
}

/// What became of a row: nothing if it is registered.
pub type Refused = Option<Met>;

/// Registers rows in their order; the answers are in the same order.
///
/// # Errors
/// A database fault; refusals are answers.
pub fn register(tx: &mut Tx<'_>, ctx: &Ctx, drafted: &Drafted) -> AppResult<Vec<Refused>> {
    let drafts = &drafted.drafts;
    let (winners, losers) = sort_out(tx, drafts)?;
    customers_and_keys(tx, &winners)?;
    let found = Found::together(winners.iter().map(|draft| &draft.found_by));
    matching::keep_new(tx, found)?;
    for draft in &winners {
        registration::record_registration(tx, ctx, &draft.customer, draft.contacts.len());
    }
    refuse_all(tx, ctx, drafts, &losers)
}

fn customers_and_keys(tx: &mut Tx<'_>, winners: &[&Draft]) -> AppResult<()> {
    if winners.is_empty() {
        return Ok(());
    }
    let rows: Vec<&Customer> = winners.iter().map(|draft| &draft.customer).collect();
    let keys = winners.iter().flat_map(|draft| &draft.keys).collect();
    customers::insert_bare(tx, &rows)?;
    registration_keys::claim_together(tx, keys)?;
    details(tx, winners)
}

/// What most imports do not say: profiles and contacts.
fn details(tx: &mut Tx<'_>, winners: &[&Draft]) -> AppResult<()> {
    for draft in winners.iter().filter(|draft| !draft.profile.is_empty()) {
        customers::update_profile(tx, draft.customer.id, &draft.profile)?;
    }
    let found: Vec<_> = winners
        .iter()
        .flat_map(|draft| draft.contacts.iter().cloned())
        .collect();
    for some in found.chunks(500) {
        contacts::insert(tx, some)?;
    }
    Ok(())
}

/// A row that met a key, and who holds it.
struct Loser<'d> {
    row: usize,
    key: &'d RegistrationKey,
    winner: CustomerId,
}

/// Who wins and who meets an earlier registration, in the order of the rows, as far as can be known before the claim.
fn sort_out<'d>(
    conn: &mut Conn,
    drafts: &'d [Draft],
) -> AppResult<(Vec<&'d Draft>, Vec<Loser<'d>>)> {
    let wanted: Vec<_> = drafts.iter().flat_map(|draft| &draft.keys).collect();
    let held = registration_keys::holders(conn, &wanted)?;
    let mut holders: HashMap<(Line, KeyKind, &str), CustomerId> = held
        .iter()
        .map(|key| (place_of(key), key.customer_id))
        .collect();
    let mut winners = Vec::with_capacity(drafts.len());
    let mut losers = Vec::new();
    for (row, draft) in drafts.iter().enumerate() {
        let met = draft.keys.iter().find_map(|key| {
            let winner = *holders.get(&place_of(key))?;
            Some(Loser { row, key, winner })
        });
        if let Some(loser) = met {
            losers.push(loser);
            continue;
        }
        for key in &draft.keys {
            holders.insert(place_of(key), draft.customer.id);
        }
        winners.push(draft);
    }
    Ok((winners, losers))
}

fn place_of(key: &RegistrationKey) -> (Line, KeyKind, &str) {
    (key.line, key.key_kind, &key.key_value)
}

/// Whether rows would be registered, in their order; nothing is written, no key is claimed, no attempt is kept.
///
/// # Errors
/// A database fault; refusals are answers.
pub fn check(conn: &mut Conn, drafted: &Drafted) -> AppResult<Vec<Refused>> {
    let (_, losers) = sort_out(conn, &drafted.drafts)?;
    let mut answers: Vec<Refused> = vec![None; drafted.drafts.len()];
    for (loser, _, met) in told(conn, &losers)? {
        if let Some(answer) = answers.get_mut(loser.row) {
            *answer = Some(met);
        }
    }
    Ok(answers)
}

/// The losers with whom they met. A winner that is not registered is a row of the same file.
fn told<'l, 'd>(
    conn: &mut Conn,
    losers: &'l [Loser<'d>],
) -> AppResult<Vec<(&'l Loser<'d>, Customer, Met)>> {
    if losers.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<_> = losers.iter().map(|loser| loser.winner).collect();
    ids.sort_unstable();
    ids.dedup();
    let winners: HashMap<_, _> = customers::unguarded_all(conn, &ids)?
        .into_iter()
        .map(|customer| (customer.id, customer))
        .collect();
    let names = names::directory(
        conn,
        winners.values().map(|winner| winner.owner_id),
        winners.values().map(|winner| winner.unit_id),
    )?;
    let met = |loser: &'l Loser<'d>| {
        let winner = winners.get(&loser.winner)?;
        let met = Met {
            rule: registration::rule_of(loser.key.key_kind, loser.key.line),
            key_kind: loser.key.key_kind,
            customer_name: winner.name.clone(),
            owner_name: names.user(winner.owner_id),
            department: names.unit(winner.unit_id),
        };
        Some((loser, winner.clone(), met))
    };
    Ok(losers.iter().filter_map(met).collect())
}

fn refuse_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    drafts: &[Draft],
    losers: &[Loser<'_>],
) -> AppResult<Vec<Refused>> {
    let mut answers: Vec<Refused> = vec![None; drafts.len()];
    let told = told(tx, losers)?;
    if told.len() < losers.len() {
        return Err(AppError::lost_race("the winner let go of the key"));
    }
    let mut kept = Vec::with_capacity(losers.len());
    for (loser, winner, met) in told {
        let (Some(draft), Some(answer)) = (drafts.get(loser.row), answers.get_mut(loser.row))
        else {
            continue;
        };
        kept.push(registration::attempt(
            ctx,
            &draft.customer,
            loser.key,
            &winner,
        ));
        *answer = Some(met);
    }
    attempts::insert_all(tx, &kept)?;
    for attempt in &kept {
        registration::record_refusal(tx, ctx, attempt);
    }
    Ok(answers)
}
