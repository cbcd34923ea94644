//! Registration of many customers at once, by the rules of [`super::registration`]: first registered wins, decided by the
//! same unique keys. A look-up before the writing narrows; when a key is taken meanwhile in spite of it, the chunk is
//! registered row by row instead.
//!
//! The import form asks for the registered name alone. What a submission needs beside it is asked for on submission
//! (CUS-05): an imported customer is a draft.

use std::collections::HashMap;

use super::{
    fields::CheckedName,
    registration::{self, Draft},
};
use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        CreditCode,
        id::kind::{CustomerId, UnitId, UserId},
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, KeyKind, Line,
            Party,
        },
    },
    error::{AppError, AppResult, Code},
    models::customers::customer::{Customer, Profile, RegistrationKey},
    policy::customers::registration::RegistrationSettings,
    repositories::{
        customers::{
            attempts, customers,
            registration_keys::{self, NotTogether},
        },
        org::names,
    },
    services::governance::policies,
};

/// What a whole import has in common.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Business line.
    pub line: Line,
    /// Who will own the customers.
    pub owner_id: UserId,
    /// The owner's unit.
    pub unit_id: UnitId,
}

/// A row whose fields are in order.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Registered name.
    pub name: CheckedName,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// Administrative division.
    pub division_code: Option<String>,
    /// Mailing address.
    pub address: Option<String>,
}

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
pub fn register(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    terms: &Terms,
    rows: &[Imported],
) -> AppResult<Vec<Refused>> {
    let settings = policies::current::<RegistrationSettings>(tx, ctx.now)?.value;
    let drafts: Vec<Draft> = rows
        .iter()
        .map(|row| draft(ctx, terms, row, &settings))
        .collect();
    let (winners, losers) = sort_out(tx, terms.line, &drafts)?;
    let written = tx.savepoint(|tx| {
        customers_and_keys(tx, &winners)?;
        for draft in &winners {
            registration::record_registration(tx, ctx, &draft.customer, 0);
        }
        Ok::<_, NotTogether>(())
    });
    match written {
        Ok(()) => refuse_all(tx, ctx, drafts.len(), &drafts, &losers),
        Err(NotTogether::Taken) => one_by_one(tx, ctx, &drafts),
        Err(NotTogether::Failed(error)) => Err(error),
    }
}

fn customers_and_keys(tx: &mut Tx<'_>, winners: &[&Draft]) -> Result<(), NotTogether> {
    if winners.is_empty() {
        return Ok(());
    }
    let rows: Vec<Customer> = winners.iter().map(|draft| draft.customer.clone()).collect();
    let keys: Vec<RegistrationKey> = winners
        .iter()
        .flat_map(|draft| draft.keys.iter().cloned())
        .collect();
    customers::insert_bare(tx, &rows)?;
    registration_keys::claim_together(tx, &keys)
}

/// A row that met a key, and who holds it.
struct Loser<'d> {
    row: usize,
    key: &'d RegistrationKey,
    winner: CustomerId,
}

/// Who wins and who meets an earlier registration, in the order of the rows, as far as can be known before the claim.
fn sort_out<'d>(
    tx: &mut Tx<'_>,
    line: Line,
    drafts: &'d [Draft],
) -> AppResult<(Vec<&'d Draft>, Vec<Loser<'d>>)> {
    let wanted: Vec<_> = drafts
        .iter()
        .flat_map(|draft| &draft.keys)
        .map(|key| (key.key_kind, key.key_value.as_str()))
        .collect();
    let held = registration_keys::holders(tx, line, &wanted)?;
    let mut holders: HashMap<(KeyKind, &str), CustomerId> = held
        .iter()
        .map(|key| ((key.key_kind, key.key_value.as_str()), key.customer_id))
        .collect();
    let mut winners = Vec::with_capacity(drafts.len());
    let mut losers = Vec::new();
    for (row, draft) in drafts.iter().enumerate() {
        let met = draft.keys.iter().find_map(|key| {
            let winner = *holders.get(&(key.key_kind, key.key_value.as_str()))?;
            Some(Loser { row, key, winner })
        });
        if let Some(loser) = met {
            losers.push(loser);
            continue;
        }
        for key in &draft.keys {
            holders.insert((key.key_kind, key.key_value.as_str()), draft.customer.id);
        }
        winners.push(draft);
    }
    Ok((winners, losers))
}

fn refuse_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count: usize,
    drafts: &[Draft],
    losers: &[Loser<'_>],
) -> AppResult<Vec<Refused>> {
    let mut answers: Vec<Refused> = vec![None; count];
    if losers.is_empty() {
        return Ok(answers);
    }
    let ids: Vec<_> = losers.iter().map(|loser| loser.winner).collect();
    let winners: HashMap<_, _> = customers::unguarded_all(tx, &ids)?
        .into_iter()
        .map(|customer| (customer.id, customer))
        .collect();
    let names = names::directory(
        tx,
        winners.values().map(|winner| winner.owner_id),
        winners.values().map(|winner| winner.unit_id),
    )?;
    let mut kept = Vec::with_capacity(losers.len());
    for loser in losers {
        let (Some(draft), Some(winner)) = (drafts.get(loser.row), winners.get(&loser.winner))
        else {
            return Err(AppError::lost_race("the winner let go of the key"));
        };
        kept.push(registration::attempt(
            ctx,
            &draft.customer,
            loser.key,
            winner,
        ));
        if let Some(answer) = answers.get_mut(loser.row) {
            *answer = Some(Met {
                rule: registration::rule_of(loser.key.key_kind, loser.key.line),
                key_kind: loser.key.key_kind,
                customer_name: winner.name.clone(),
                owner_name: names.user(winner.owner_id),
                department: names.unit(winner.unit_id),
            });
        }
    }
    attempts::insert_all(tx, &kept)?;
    for attempt in &kept {
        registration::record_refusal(tx, ctx, attempt);
    }
    Ok(answers)
}

/// The slow way, when somebody else registered one of the customers at the same moment.
fn one_by_one(tx: &mut Tx<'_>, ctx: &Ctx, drafts: &[Draft]) -> AppResult<Vec<Refused>> {
    let mut answers = Vec::with_capacity(drafts.len());
    for draft in drafts {
        answers.push(match registration::write(tx, ctx, draft) {
            Ok(()) => None,
            Err(error) if error.code() == Code::AlreadyRegistered => Some(met(draft, &error)),
            Err(error) => return Err(error),
        });
    }
    Ok(answers)
}

fn met(draft: &Draft, error: &AppError) -> Met {
    let winner = error.extra().get("winner");
    let text = |member: &str| {
        winner
            .and_then(|winner| winner.get(member))
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    Met {
        rule: error.rule_id().unwrap_or("CONF-01"),
        key_kind: text("key_kind")
            .parse()
            .ok()
            .or_else(|| draft.keys.first().map(|key| key.key_kind))
            .unwrap_or(KeyKind::Name),
        customer_name: text("customer_name"),
        owner_name: text("owner_name"),
        department: text("department"),
    }
}

fn draft(ctx: &Ctx, terms: &Terms, row: &Imported, settings: &RegistrationSettings) -> Draft {
    let customer = Customer {
        id: ctx.new_id(),
        name: row.name.shown.clone(),
        folded_name: row.name.folded.clone(),
        party: Party::Company,
        kind: CustomerKind::Direct,
        line: terms.line,
        credit_code: row.credit_code.clone(),
        agent_id: None,
        owner_id: terms.owner_id,
        unit_id: terms.unit_id,
        security_level: 0,
        state: CustomerState::Draft,
        condition: Condition::Basic,
        grade: 1,
        activity_state: ActivityState::Normal,
        source: Some(CustomerSource::Import),
        division_code: row.division_code.clone(),
        address: row.address.clone(),
        phone: None,
        first_contact_on: None,
        submitted_at: None,
        effective_at: None,
        last_contact_at: None,
        deleted_at: None,
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        industry_code: None,
        value_grade: None,
        is_key_customer: false,
        refreshed_at: ctx.now,
    };
    let keys = registration::keys(&customer, settings, ctx);
    Draft {
        customer,
        profile: Profile::default(),
        contacts: Vec::new(),
        keys,
        graded: false,
    }
}
