//! What the rows of an import become: customers that are ready to be written.
//!
//! The import asks for the registered name alone. What a submission needs beside it is asked for on submission
//! (CUS-05): an imported customer is a draft.

use std::slice;

use chrono::NaiveDate;

use super::{
    fields::CheckedName,
    likeness::{self, Reached},
    personal::CustomerPersonal,
    registration::{self, Draft, Identity},
};
use crate::{
    api::customers::contact::NewContact,
    context::Ctx,
    domain::{
        CreditCode, Phone,
        id::kind::{UnitId, UserId},
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, Line, Party,
        },
    },
    error::AppResult,
    models::customers::customer::{Customer, Profile},
    policy::customers::registration::RegistrationSettings,
    repositories::customers::matching::Found,
};

/// On what terms a row is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Business line.
    pub line: Line,
    /// Who will own the customer.
    pub owner_id: UserId,
    /// The owner's unit.
    pub unit_id: UnitId,
}

/// A row whose fields are in order.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Registered name, or a person's full name.
    pub name: CheckedName,
    /// Company or individual.
    pub party: Party,
    /// Direct, or agent.
    pub kind: CustomerKind,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// Administrative division.
    pub division_code: Option<String>,
    /// Mailing address.
    pub address: Option<String>,
    /// Phone.
    pub phone: Option<Phone>,
    /// Source; the import, if none is said.
    pub source: Option<CustomerSource>,
    /// Condition; basic, if none is said.
    pub condition: Option<Condition>,
    /// Grade; 1, if none is said.
    pub grade: Option<i32>,
    /// Activity state; normal, if none is said.
    pub activity_state: Option<ActivityState>,
    /// First contact.
    pub first_contact_on: Option<NaiveDate>,
    /// E-mail.
    pub email: Option<String>,
    /// The way there.
    pub transport_route: Option<String>,
    /// What else the card says.
    pub profile: Option<Box<Profile>>,
    /// A contact.
    pub contact: Option<Box<NewContact>>,
}

impl Imported {
    /// Where the customer is reached, in clear.
    fn personal(&self) -> CustomerPersonal {
        CustomerPersonal {
            phone: self.phone.as_ref().map(ToString::to_string),
            address: self.address.clone(),
            email: self.email.clone(),
            transport_route: self.transport_route.clone(),
        }
    }
}

/// Rows that are ready to be written: sealed, with their keys and what they will be found by.
#[derive(Debug, Clone)]
pub struct Drafted {
    pub(super) drafts: Vec<Draft>,
    importer: UserId,
    policy: i64,
}

impl Drafted {
    /// Makes rows ready, each on its terms, in their order.
    ///
    /// # Errors
    /// A fault: a value that cannot be sealed.
    pub fn of<'r>(ctx: &Ctx, rows: impl Iterator<Item = (Terms, &'r Imported)>) -> AppResult<Self> {
        let settings = ctx.policy::<RegistrationSettings>()?;
        let drafts = rows
            .map(|(terms, row)| draft(ctx, &terms, row, &settings.value))
            .collect::<AppResult<_>>()?;
        Ok(Self {
            drafts,
            importer: ctx.actor.id,
            policy: settings.number,
        })
    }

    /// Whether they would be made the same now, on the same terms: as long as the policy of keys has not changed.
    ///
    /// # Errors
    /// A fault: a policy that does not read.
    pub fn stands(&self, ctx: &Ctx) -> AppResult<bool> {
        let policy = ctx.policy::<RegistrationSettings>()?.number;
        Ok((self.importer, self.policy) == (ctx.actor.id, policy))
    }
}

fn draft(
    ctx: &Ctx,
    terms: &Terms,
    row: &Imported,
    settings: &RegistrationSettings,
) -> AppResult<Draft> {
    let id = ctx.new_id();
    let mut customer = Customer {
        id,
        name: row.name.shown.clone(),
        folded_name: row.name.folded.clone(),
        party: row.party,
        kind: row.kind,
        line: terms.line,
        credit_code: row.credit_code.clone(),
        agent_id: None,
        owner_id: terms.owner_id,
        unit_id: terms.unit_id,
        security_level: 0,
        state: CustomerState::Draft,
        condition: row.condition.unwrap_or(Condition::Basic),
        grade: row.grade.unwrap_or(1),
        activity_state: row.activity_state.unwrap_or(ActivityState::Normal),
        source: Some(row.source.unwrap_or(CustomerSource::Import)),
        division_code: row.division_code.clone(),
        address: None,
        phone: None,
        first_contact_on: row.first_contact_on,
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
    let mut profile = row.profile.as_deref().cloned().unwrap_or_default();
    let personal = row.personal();
    personal.put(
        &CustomerPersonal::default(),
        ctx.vault(),
        &mut customer,
        &mut profile,
    )?;
    let identity = Identity {
        customer: &customer,
        further: &[],
        has_symbol: false,
    };
    let keys = registration::keys(&identity, settings, ctx)?;
    let contacts = row
        .contact
        .iter()
        .map(|contact| registration::contact_row(ctx, customer.id, contact))
        .collect::<AppResult<_>>()?;
    let reached = Reached::of(&personal, &profile);
    let found_by = likeness::entry(ctx.vault(), &customer, Vec::new(), reached);
    let found_by = Found::of(slice::from_ref(&found_by));
    Ok(Draft {
        found_by,
        profile,
        contacts,
        customer,
        keys,
        symbol: None,
        graded: false,
    })
}
