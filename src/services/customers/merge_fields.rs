//! The fields of a customer as values that a merge chooses between, and how a chosen value is put back (DUP-09).

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    domain::{timestamp::Timestamp, vocabulary::MergeField},
    error::{AppError, AppResult},
    models::customers::customer::{Customer, Profile},
};

/// A card with its profile.
#[derive(Debug, Clone)]
pub struct Card {
    /// The customer.
    pub customer: Customer,
    /// Its profile.
    pub profile: Profile,
}

/// A field's value; null for none.
pub fn value(card: &Card, field: MergeField) -> Value {
    let (c, p) = (&card.customer, &card.profile);
    match field {
        MergeField::Name => json!({ "name": c.name, "folded_name": c.folded_name }),
        MergeField::CreditCode => json!(c.credit_code),
        MergeField::Agent => json!(c.agent_id),
        MergeField::Condition => json!({ "condition": c.condition, "grade": c.grade }),
        MergeField::ActivityState => json!(c.activity_state),
        MergeField::Source => json!(c.source),
        MergeField::Division => json!(c.division_code),
        MergeField::Address => json!(c.address),
        MergeField::Phone => json!(c.phone),
        MergeField::FirstContact => json!(c.first_contact_on),
        MergeField::EnglishShortName => json!(p.english_short_name),
        MergeField::TransportRoute => json!(p.transport_route),
        MergeField::Email => json!(p.email),
        MergeField::Website => json!(p.website),
        MergeField::Industry => json!(p.industry),
        MergeField::Size => json!(p.size),
        MergeField::BusinessScope => json!(p.business_scope),
        MergeField::Preference => json!(p.preference),
        MergeField::Remarks => json!(p.remarks),
        MergeField::LastContact => json!(c.last_contact_at),
    }
}

/// Gives a field a value that [`value`] gave.
///
/// # Errors
/// When it is none of this field's values.
pub fn set(card: &mut Card, field: MergeField, value: &Value) -> AppResult<()> {
    let (c, p) = (&mut card.customer, &mut card.profile);
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
        MergeField::Address => c.address = read(value)?,
        MergeField::Phone => c.phone = read(value)?,
        MergeField::FirstContact => c.first_contact_on = read(value)?,
        MergeField::EnglishShortName => p.english_short_name = read(value)?,
        MergeField::TransportRoute => p.transport_route = read(value)?,
        MergeField::Email => p.email = read(value)?,
        MergeField::Website => p.website = read(value)?,
        MergeField::Industry => p.industry = read(value)?,
        MergeField::Size => p.size = read(value)?,
        MergeField::BusinessScope => p.business_scope = read(value)?,
        MergeField::Preference => p.preference = read(value)?,
        MergeField::Remarks => p.remarks = read(value)?,
        MergeField::LastContact => c.last_contact_at = read::<Option<Timestamp>>(value)?,
    }
    Ok(())
}

fn read<T: DeserializeOwned>(value: &Value) -> AppResult<T> {
    serde_json::from_value(value.clone()).map_err(AppError::internal)
}

/// A field's value as people read it: the name without its folded form.
pub fn shown(field: MergeField, value: &Value) -> Value {
    match field {
        MergeField::Name => value["name"].clone(),
        _ => value.clone(),
    }
}

/// A field that the survivor gets another value of; kept for the undo.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: MergeField,
    /// The survivor's value before.
    pub from: Value,
    /// Its value after.
    pub to: Value,
}
