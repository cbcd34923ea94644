//! Which company is it? The one look-up over all records that carry a company's name, also those that the caller may not
//! see (DUP-01, DUP-02, AMB-33), and how the index behind it is kept.
//!
//! Customers and opportunities today. A further kind of record needs an arm in [`describe`] and a call of
//! [`matching::keep`] where it is written.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    likeness_terms::{address_term, phone_term, website_term},
    personal::CustomerPersonal,
};
use crate::{
    auth::vault::Vault,
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        fold,
        id::kind::{AnyId, CustomerId, OpportunityId, UnitId, UserId},
        names::Parts,
        vocabulary::{CustomerState, LikenessReason, LikenessRelation, Party, SubjectKind},
    },
    error::AppResult,
    models::customers::{
        customer::{Customer, Profile},
        matching::MatchName,
    },
    policy::customers::{
        likeness::{self, Beside, Likeness, LikenessSettings},
        match_terms::{self, Sought},
        telling,
    },
    repositories::{
        customers::{
            customers,
            matching::{self, Entry},
            merges, names,
        },
        org::names as people,
        sales::opportunities,
    },
};

/// How many names are judged: the most alike of those that were found.
const JUDGED: usize = 60;
/// How many more are judged that have the same phone and perhaps nothing else in common.
const PHONED: usize = 20;

/// What is asked for.
#[derive(Clone, Copy, Default)]
pub struct Facts<'a> {
    /// A company's name as somebody wrote it; empty for a person.
    pub name: &'a str,
    /// What is known beside the name.
    pub reached: Reached<'a>,
    /// The record that asks: it is not its own duplicate.
    pub except: Option<AnyId>,
}

impl<'a> Facts<'a> {
    /// What is asked for a company or a person: persons are compared by phone alone.
    pub fn of(party: Party, name: &'a str, reached: Reached<'a>) -> Self {
        let is_company = party == Party::Company;
        Facts {
            name: if is_company { name } else { "" },
            reached,
            except: None,
        }
    }
}

/// Where somebody is reached, in clear. Not `Debug`: it is never to be logged.
#[derive(Clone, Copy, Default)]
pub struct Reached<'a> {
    /// The customer's own phone, in its standard form.
    pub phone: Option<&'a str>,
    /// Mailing address.
    pub address: Option<&'a str>,
    /// Website.
    pub website: Option<&'a str>,
}

impl<'a> Reached<'a> {
    /// Of a customer's card.
    pub fn of(personal: &'a CustomerPersonal, profile: &'a Profile) -> Self {
        Reached {
            phone: personal.phone.as_deref(),
            address: personal.address.as_deref(),
            website: profile.website.as_deref(),
        }
    }
}

/// A record that is likely the same company, or kin.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What kind of record.
    pub subject_kind: SubjectKind,
    /// Which: told only to those who may see it.
    pub subject_id: AnyId,
    /// Whether the caller may see it.
    pub visible: bool,
    /// Relation, score, reasons.
    pub likeness: Likeness,
    /// The same as it is told to those who may not see the record (AMB-33).
    pub told: Likeness,
    /// Its name in force.
    pub name: String,
    /// The name that was met, if it is another than the one in force.
    pub matched_name: Option<String>,
    /// Owner.
    pub owner_id: UserId,
    /// Unit.
    pub unit_id: UnitId,
    /// Owner's name.
    pub owner_name: String,
    /// Department.
    pub department: String,
}

/// A question as it is put to the index: worked out without it.
#[derive(Debug)]
pub struct Question {
    readings: Vec<Parts>,
    sought: Sought,
    address: Option<i64>,
    website: Option<i64>,
    except: Option<AnyId>,
}

impl Question {
    /// What these facts ask.
    pub fn of(vault: &Vault, facts: &Facts<'_>) -> Self {
        let readings = Parts::readings(facts.name);
        let has_name = readings
            .first()
            .is_some_and(|usual| !usual.folded.is_empty());
        let mut sought = match_terms::sought(&readings);
        sought.phone = phone_term(vault, facts.reached.phone);
        let address = address_term(vault, facts.reached.address).filter(|_| has_name);
        let website = website_term(vault, facts.reached.website).filter(|_| has_name);
        sought.broad.extend(address.into_iter().chain(website));
        Self {
            readings,
            sought,
            address,
            website,
            except: facts.except,
        }
    }
}

/// Who is likely the same company, the likeliest first; then who is related to it.
///
/// # Errors
/// A database fault.
pub fn of(conn: &mut Conn, ctx: &Ctx, facts: &Facts<'_>) -> AppResult<Vec<Candidate>> {
    answer(conn, ctx, &Question::of(ctx.vault(), facts))
}

/// [`of`], for a question that was worked out ahead.
///
/// # Errors
/// A database fault.
pub fn answer(conn: &mut Conn, ctx: &Ctx, question: &Question) -> AppResult<Vec<Candidate>> {
    let settings = ctx.policy::<LikenessSettings>()?.value;
    let judged = judge(conn, question, &settings)?;
    describe(conn, ctx, likeliest(judged, &settings))
}

/// A name that was judged.
struct Judged {
    row: MatchName,
    likeness: Likeness,
    told: Likeness,
}

impl Judged {
    /// Notes that it was met by another name than the one in force.
    fn by_other_name(&mut self) {
        for likeness in [&mut self.likeness, &mut self.told] {
            if !likeness.reasons.contains(&LikenessReason::OtherName) {
                likeness.reasons.push(LikenessReason::OtherName);
            }
        }
    }
}

fn judge(
    conn: &mut Conn,
    question: &Question,
    settings: &LikenessSettings,
) -> AppResult<Vec<Judged>> {
    let Question {
        readings,
        sought,
        address,
        website,
        except,
    } = question;
    let Some(usual) = readings.first() else {
        return Ok(Vec::new());
    };
    let (phone, address, website) = (sought.phone, *address, *website);
    let sketch = match_terms::sketch(usual);
    let mut met: BTreeMap<i64, Met> = BTreeMap::new();
    for hit in matching::find(conn, sought)? {
        let best = met.entry(hit.name_number).or_default();
        best.phone |= phone == Some(hit.term);
        best.place |= address == Some(hit.term) || website == Some(hit.term);
        let alike = match_terms::sketch_likeness(sketch, hit.sketch);
        best.alike = best.alike.max(alike);
    }
    let numbers = worth_judging(met);
    let rows = matching::names(conn, &numbers)?;
    // Further names have their record's address.
    let of_record: HashMap<AnyId, Beside> = rows
        .iter()
        .filter(|row| row.position == 0)
        .map(|row| {
            let same = |term: Option<i64>, asked: Option<i64>| asked.is_some() && term == asked;
            let beside = Beside {
                same_address: same(row.address_term, address),
                same_website: same(row.website_term, website),
                same_phone: same(row.phone_term, phone),
            };
            (row.subject_id, beside)
        })
        .collect();
    let mut found = Vec::new();
    for row in rows {
        if *except == Some(row.subject_id) {
            continue;
        }
        let beside = of_record.get(&row.subject_id).copied().unwrap_or_default();
        let registered = Parts::of(&row.name);
        let Some(likeness) = likeness::judge(readings, &registered, beside, settings) else {
            continue;
        };
        let told = telling::of_hidden(&likeness, readings, &registered, beside, settings);
        let mut judged = Judged {
            row,
            likeness,
            told,
        };
        if judged.row.position > 0 {
            judged.by_other_name();
        }
        found.push(judged);
    }
    Ok(found)
}

/// How a name was met.
#[derive(Default)]
struct Met {
    /// The same phone.
    phone: bool,
    /// The same address or website.
    place: bool,
    /// How alike the characters are, in hundredths.
    alike: u32,
}

/// The numbers of the names that are most alike, and of some more that share the phone: these may have nothing else in
/// common, and similar names must not crowd them out (AMB-3).
fn worth_judging(met: BTreeMap<i64, Met>) -> Vec<i64> {
    let mut ranked: Vec<(i64, Met)> = met.into_iter().collect();
    ranked.sort_unstable_by_key(|(number, met)| {
        let beside = u32::from(met.place) + u32::from(met.phone);
        (std::cmp::Reverse(met.alike + 30 * beside), *number)
    });
    let mut left = PHONED;
    ranked
        .into_iter()
        .enumerate()
        .filter(|(rank, (_, met))| {
            *rank < JUDGED || (met.phone && left.checked_sub(1).map(|less| left = less).is_some())
        })
        .map(|(_, (number, _))| number)
        .collect()
}

/// Each record once, by the name that is most alike, the one in force before the others; the likeliest first.
fn likeliest(found: Vec<Judged>, settings: &LikenessSettings) -> Vec<Judged> {
    let mut best: HashMap<AnyId, Judged> = HashMap::new();
    for judged in found {
        let known = best.get(&judged.row.subject_id);
        let rank = |j: &Judged| (j.likeness.score, std::cmp::Reverse(j.row.position));
        if known.is_none_or(|known| rank(known) < rank(&judged)) {
            best.insert(judged.row.subject_id, judged);
        }
    }
    let mut judged: Vec<Judged> = best.into_values().collect();
    judged.sort_unstable_by(|a, b| {
        let rank = |j: &Judged| (j.likeness.relation, std::cmp::Reverse(j.likeness.score));
        (rank(a), a.row.number, a.row.subject_id).cmp(&(rank(b), b.row.number, b.row.subject_id))
    });
    judged.truncate(usize::from(settings.listed_at_most));
    judged
}

/// What may be told about each: name, owner, department; and which record it is, to those who may see it (AMB-33).
fn describe(conn: &mut Conn, ctx: &Ctx, judged: Vec<Judged>) -> AppResult<Vec<Candidate>> {
    if judged.is_empty() {
        return Ok(Vec::new());
    }
    let of_kind = |kind: SubjectKind| {
        judged
            .iter()
            .filter(move |judged| judged.row.subject_kind == kind)
            .map(|judged| judged.row.subject_id)
    };
    let mut known: HashMap<AnyId, (String, UserId, UnitId)> = HashMap::new();
    let mut visible: HashSet<AnyId> = HashSet::new();
    let ids: Vec<CustomerId> = of_kind(SubjectKind::Customer).map(AnyId::cast).collect();
    if !ids.is_empty() {
        for row in customers::unguarded_all(conn, &ids)? {
            known.insert(row.id.cast(), (row.name, row.owner_id, row.unit_id));
        }
        let seen = customers::visible_of(conn, ctx, &ids)?;
        visible.extend(
            seen.into_iter()
                .map(CustomerId::cast::<crate::domain::id::kind::Any>),
        );
    }
    let ids: Vec<OpportunityId> = of_kind(SubjectKind::Opportunity).map(AnyId::cast).collect();
    if !ids.is_empty() {
        for row in opportunities::unguarded_all(conn, &ids)? {
            known.insert(
                row.id.cast(),
                (row.customer_name, row.owner_id, row.unit_id),
            );
        }
        let seen = opportunities::visible_of(conn, ctx, &ids)?;
        visible.extend(
            seen.into_iter()
                .map(OpportunityId::cast::<crate::domain::id::kind::Any>),
        );
    }
    let directory = people::directory(
        conn,
        known.values().map(|(_, owner, _)| *owner),
        known.values().map(|(_, _, unit)| *unit),
    )?;
    Ok(judged
        .into_iter()
        .filter_map(|judged| {
            let (name, owner_id, unit_id) = known.remove(&judged.row.subject_id)?;
            Some(Candidate {
                subject_kind: judged.row.subject_kind,
                subject_id: judged.row.subject_id,
                visible: visible.contains(&judged.row.subject_id),
                likeness: judged.likeness,
                told: judged.told,
                matched_name: Some(judged.row.name).filter(|_| judged.row.position > 0),
                name,
                owner_id,
                unit_id,
                owner_name: directory.user(owner_id),
                department: directory.unit(unit_id),
            })
        })
        .collect())
}

/// Who is likely the same company as a customer that is registered already, under any of its names: what one of two
/// finds by a former name of the other, the other finds too.
///
/// # Errors
/// A fault: a value that does not open; a database fault.
pub fn of_customer(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<Vec<Candidate>> {
    let profile = customers::profile(conn, customer.id)?;
    let personal = CustomerPersonal::open(ctx.vault(), customer, &profile)?;
    let settings = ctx.policy::<LikenessSettings>()?.value;
    let reached = Reached::of(&personal, &profile);
    let facts = Facts {
        except: Some(customer.id.cast()),
        ..Facts::of(customer.party, &customer.name, reached)
    };
    let all = |conn: &mut Conn, facts: &Facts<'_>| {
        judge(conn, &Question::of(ctx.vault(), facts), &settings)
    };
    let mut judged = all(conn, &facts)?;
    if customer.party != Party::Company {
        return describe(conn, ctx, likeliest(judged, &settings));
    }
    for further in names::of_customer(conn, customer.id)? {
        let name = &further.name;
        for mut met in all(conn, &Facts { name, ..facts })? {
            met.by_other_name();
            judged.push(met);
        }
    }
    describe(conn, ctx, likeliest(judged, &settings))
}

/// Whether two records are at least so much alike, in per cent, under any of their names.
///
/// # Errors
/// A database fault.
pub fn still_alike(
    conn: &mut Conn,
    ctx: &Ctx,
    two: [CustomerId; 2],
    min_score: u8,
) -> AppResult<bool> {
    let settings = ctx.policy::<LikenessSettings>()?.value;
    let [left, right] = two;
    let left = matching::of_subject(conn, left.cast())?;
    let right = matching::of_subject(conn, right.cast())?;
    let same = |term: fn(&MatchName) -> Option<i64>| {
        let of = |rows: &[MatchName]| rows.first().and_then(term);
        of(&left).is_some() && of(&left) == of(&right)
    };
    let beside = Beside {
        same_address: same(|row| row.address_term),
        same_website: same(|row| row.website_term),
        same_phone: same(|row| row.phone_term),
    };
    let threshold = u32::from(min_score) * 100;
    let alike = |given: &MatchName, registered: &MatchName| {
        let readings = Parts::readings(&given.name);
        likeness::judge(&readings, &Parts::of(&registered.name), beside, &settings).is_some_and(
            |found| found.relation == LikenessRelation::Likely && found.score >= threshold,
        )
    };
    Ok(left.iter().any(|one| {
        right
            .iter()
            .any(|other| alike(one, other) || alike(other, one))
    }))
}

/// Makes a customer found by what it says now; not at all when it is deleted; a person by phone alone.
///
/// # Errors
/// A fault: a value that does not open; a database fault.
pub fn keep_customer(
    tx: &mut Tx<'_>,
    vault: &Vault,
    customer: &Customer,
    profile: &Profile,
) -> AppResult<()> {
    let further = names::of_customer(tx, customer.id)?;
    let mut further: Vec<String> = further.into_iter().map(|name| name.name).collect();
    further.extend(merges::absorbed_names(tx, customer.id)?);
    let personal = CustomerPersonal::open(vault, customer, profile)?;
    let entry = entry(vault, customer, further, Reached::of(&personal, profile));
    matching::keep(tx, &entry)
}

/// What a customer is found by.
pub fn entry(
    vault: &Vault,
    customer: &Customer,
    further: Vec<String>,
    reached: Reached<'_>,
) -> Entry {
    let is_company = customer.party == Party::Company;
    let mut entry = Entry {
        kind: SubjectKind::Customer,
        id: customer.id.cast(),
        names: Vec::new(),
        address: address_term(vault, reached.address).filter(|_| is_company),
        website: website_term(vault, reached.website).filter(|_| is_company),
        phone: phone_term(vault, reached.phone),
        searched: Vec::new(),
    };
    let stands = customer.deleted_at.is_none() && customer.state != CustomerState::Merged;
    if stands {
        entry.searched.push(customer.folded_name.clone());
        entry.searched.extend(further.iter().map(|name| fold(name)));
    }
    if stands && is_company {
        entry.names.push(customer.name.clone());
        entry.names.extend(further);
    } else if stands {
        entry.names.push(String::new());
    }
    entry
}
