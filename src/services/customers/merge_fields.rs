//! The fields of a customer as values that a merge chooses between, and how a chosen value is put back (DUP-09).

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::personal::CustomerPersonal;
use crate::{
    auth::vault::{Sealed, Vault},
    domain::{id::kind::MergeId, masking, timestamp::Timestamp, vocabulary::MergeField},
    error::{AppError, AppResult},
    models::{
        customers::{
            customer::{Customer, Profile},
            merge::Merge,
        },
        sealed::MERGE_FIELDS,
    },
};

/// A card with its profile. Not `Debug`: what it says of where people are reached is never to be logged.
#[derive(Clone)]
pub struct Card {
    /// The customer.
    pub customer: Customer,
    /// Its profile.
    pub profile: Profile,
    /// Where it is reached, in clear.
    pub personal: CustomerPersonal,
}

impl Card {
    /// Opens a customer's rows.
    ///
    /// # Errors
    /// A fault: a value that does not open.
    pub fn open(vault: &Vault, customer: Customer, profile: Profile) -> AppResult<Self> {
        Ok(Self {
            personal: CustomerPersonal::open(vault, &customer, &profile)?,
            customer,
            profile,
        })
    }

    /// Seals into its rows what differs from `before`.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal(&mut self, vault: &Vault, before: &CustomerPersonal) -> AppResult<()> {
        let (customer, profile) = (&mut self.customer, &mut self.profile);
        self.personal.put(before, vault, customer, profile)
    }
}

/// A field's value; null for none.
pub fn value(card: &Card, field: MergeField) -> Value {
    let (c, p, personal) = (&card.customer, &card.profile, &card.personal);
    match field {
        MergeField::Name => json!({ "name": c.name, "folded_name": c.folded_name }),
        MergeField::CreditCode => json!(c.credit_code),
        MergeField::Agent => json!(c.agent_id),
        MergeField::Condition => json!({ "condition": c.condition, "grade": c.grade }),
        MergeField::ActivityState => json!(c.activity_state),
        MergeField::Source => json!(c.source),
        MergeField::Division => json!(c.division_code),
        MergeField::Address => json!(personal.address),
        MergeField::Phone => json!(personal.phone),
        MergeField::FirstContact => json!(c.first_contact_on),
        MergeField::EnglishShortName => json!(p.english_short_name),
        MergeField::TransportRoute => json!(personal.transport_route),
        MergeField::Email => json!(personal.email),
        MergeField::Website => json!(p.website),
        MergeField::Industry => json!(p.industry),
        MergeField::Size => json!(p.size),
        MergeField::BusinessScope => json!(p.business_scope),
        MergeField::Preference => json!(p.preference),
        MergeField::Remarks => json!(p.remarks),
        MergeField::LastContact => json!(c.last_contact_at),
        MergeField::IndustryCode => json!(c.industry_code),
        MergeField::SizeClass => json!(p.size_class),
        MergeField::BasicNeeds => json!(p.basic_needs),
        MergeField::FormerSystems => json!(p.former_systems),
        MergeField::Operations => json!(p.operations),
        MergeField::Workflow => json!(p.workflow),
        MergeField::ValueGrade => json!(c.value_grade),
    }
}

/// Gives a field a value that [`value`] gave.
///
/// # Errors
/// When it is none of this field's values.
pub fn set(card: &mut Card, field: MergeField, value: &Value) -> AppResult<()> {
    let (c, p, personal) = (&mut card.customer, &mut card.profile, &mut card.personal);
    match field {
        MergeField::Name => {
            c.name = read(&value["name"])?;
            c.folded_name = read(&value["folded_name"])?;
        }
        MergeField::CreditCode => c.credit_code = read(value)?,
        MergeField::Agent => c.agent_id = read(value)?,
        MergeField::Condition => {
            c.condition = read(&value["condition"])?;
            c.grade = read(&value["grade"])?;
        }
        MergeField::ActivityState => c.activity_state = read(value)?,
        MergeField::Source => c.source = read(value)?,
        MergeField::Division => c.division_code = read(value)?,
        MergeField::Address => personal.address = read(value)?,
        MergeField::Phone => personal.phone = read(value)?,
        MergeField::FirstContact => c.first_contact_on = read(value)?,
        MergeField::EnglishShortName => p.english_short_name = read(value)?,
        MergeField::TransportRoute => personal.transport_route = read(value)?,
        MergeField::Email => personal.email = read(value)?,
        MergeField::Website => p.website = read(value)?,
        MergeField::Industry => p.industry = read(value)?,
        MergeField::Size => p.size = read(value)?,
        MergeField::BusinessScope => p.business_scope = read(value)?,
        MergeField::Preference => p.preference = read(value)?,
        MergeField::Remarks => p.remarks = read(value)?,
        MergeField::LastContact => c.last_contact_at = read::<Option<Timestamp>>(value)?,
        MergeField::IndustryCode => c.industry_code = read(value)?,
        MergeField::SizeClass => p.size_class = read(value)?,
        MergeField::BasicNeeds => p.basic_needs = read(value)?,
        MergeField::FormerSystems => p.former_systems = read(value)?,
        MergeField::Operations => p.operations = read(value)?,
        MergeField::Workflow => p.workflow = read(value)?,
        MergeField::ValueGrade => c.value_grade = read(value)?,
    }
    Ok(())
}

/// The changes as the ledger keeps them.
///
/// # Errors
/// As [`Vault::seal`].
pub fn sealed(vault: &Vault, id: MergeId, changes: &[FieldChange]) -> AppResult<Sealed> {
    let text = serde_json::to_string(changes).map_err(AppError::internal)?;
    vault.seal(&MERGE_FIELDS.at(id), &text)
}

/// The changes of a merge.
///
/// # Errors
/// A fault: a value that does not open.
pub fn changes(vault: &Vault, merge: &Merge) -> AppResult<Vec<FieldChange>> {
    let text = vault.open(&MERGE_FIELDS.at(merge.id), &merge.fields)?;
    serde_json::from_str(&text).map_err(AppError::internal)
}

fn read<T: DeserializeOwned>(value: &Value) -> AppResult<T> {
    serde_json::from_value(value.clone()).map_err(AppError::internal)
}

/// A field's value as people read it: the name without its folded form, personal data masked.
pub fn shown(field: MergeField, value: &Value) -> Value {
    let masked =
        |mask: fn(&str) -> String| value.as_str().map_or(Value::Null, |text| json!(mask(text)));
    match field {
        MergeField::Name => value["name"].clone(),
        MergeField::Address => masked(masking::address),
        MergeField::Phone => masked(masking::phone),
        MergeField::Email => masked(masking::email),
        MergeField::TransportRoute => masked(masking::whole),
        _ => value.clone(),
    }
}

/// A field that the survivor gets another value of; kept, sealed, for the undo.
#[derive(Clone, PartialEq, Serialize, serde::Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: MergeField,
    /// The survivor's value before.
    pub from: Value,
    /// Its value after.
    pub to: Value,
}
