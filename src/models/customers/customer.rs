//! Customers, their profiles and the keys that they hold.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::{customer_profiles, customers, registration_keys},
    domain::{
        CreditCode,
        id::kind::{CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, KeyKind, Line,
            Party, SizeClass, ValueGrade,
        },
    },
};

/// A customer (CUS).
#[derive(Debug, Clone, HasQuery, Insertable)]
// An absent value is written as NULL, so that many rows go into one statement on both databases.
#[diesel(table_name = customers, treat_none_as_default_value = false)]
pub struct Customer {
    /// Id.
    pub id: CustomerId,
    /// Registered name, or a person's full name (CUS-06, CUS-07).
    pub name: String,
    /// The name folded for comparison.
    pub folded_name: String,
    /// Company or individual.
    pub party: Party,
    /// Direct, agent, agent's end customer (CUS-02).
    pub kind: CustomerKind,
    /// Business line: uniqueness is kept per line (DUP-05).
    pub line: Line,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// The agent behind an agent's end customer.
    pub agent_id: Option<CustomerId>,
    /// The customer manager (CUS-34).
    pub owner_id: UserId,
    /// The owner's unit at registration or transfer.
    pub unit_id: UnitId,
    /// Security level (ORG-26).
    pub security_level: i32,
    /// Review state (CUS-21).
    pub state: CustomerState,
    /// Condition (CUS-28).
    pub condition: Condition,
    /// Grade 1–7 within the condition (CUS-30).
    pub grade: i32,
    /// Activity state (CUS-31).
    pub activity_state: ActivityState,
    /// Source (CUS-18).
    pub source: Option<CustomerSource>,
    /// Administrative division, the deepest code known (CUS-11).
    pub division_code: Option<String>,
    /// Mailing address (CUS-09).
    pub address: Option<Sealed>,
    /// Company phone, or the individual's (CUS-12).
    pub phone: Option<Sealed>,
    /// First contact: the entry clock starts here (AMB-5).
    pub first_contact_on: Option<NaiveDate>,
    /// Last submission for review.
    pub submitted_at: Option<Timestamp>,
    /// Since when it is effective (CUS-22).
    pub effective_at: Option<Timestamp>,
    /// Last contact.
    pub last_contact_at: Option<Timestamp>,
    /// Deleted by the administrator (AMB-10).
    pub deleted_at: Option<Timestamp>,
    /// Who entered it.
    pub created_by: UserId,
    /// Version.
    pub version: i64,
    /// Created (CUS-33).
    pub created_at: Timestamp,
    /// Last updated (CUS-33).
    pub updated_at: Timestamp,
    /// Industry by GB/T 4754 (CUS-16).
    pub industry_code: Option<String>,
    /// Grade of its last value assessment (CUS-43).
    pub value_grade: Option<ValueGrade>,
    /// Marked as a key customer (CUS-46).
    pub is_key_customer: bool,
    /// When somebody last entered or confirmed its data (CUS-25).
    pub refreshed_at: Timestamp,
}

/// What a customer's card says beside the columns that lists need.
#[derive(Debug, Clone, Default, PartialEq, Eq, HasQuery, AsChangeset, Insertable)]
#[diesel(table_name = customer_profiles, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Profile {
    /// English short name (CUS-10).
    pub english_short_name: Option<String>,
    /// Transport route (CUS-09).
    pub transport_route: Option<Sealed>,
    /// E-mail (CUS-13).
    pub email: Option<Sealed>,
    /// Website without scheme (CUS-14).
    pub website: Option<String>,
    /// Industry (CUS-16).
    pub industry: Option<String>,
    /// Size (CUS-16).
    pub size: Option<String>,
    /// Business scope (CUS-16).
    pub business_scope: Option<String>,
    /// Need preference (CUS-16).
    pub preference: Option<String>,
    /// Remarks (CUS-15).
    pub remarks: Option<String>,
    /// Why the entry took longer than usual (CUS-20).
    pub entry_special_reason: Option<String>,
    /// Why it was deleted (AMB-10).
    pub delete_reason: Option<String>,
    /// Size class (CUS-16).
    pub size_class: Option<SizeClass>,
    /// Basic needs (CUS-44 B).
    pub basic_needs: Option<String>,
    /// Systems used so far (CUS-44 A).
    pub former_systems: Option<String>,
    /// How the company runs (CUS-23, CUS-44 A).
    pub operations: Option<String>,
    /// Its processes (CUS-15, CUS-23).
    pub workflow: Option<String>,
}

impl Profile {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A profile that says nothing yet.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = customer_profiles, treat_none_as_default_value = false)]
pub struct BareProfile {
    /// Whose.
    pub customer_id: CustomerId,
}

/// The columns of a customer that an edit may change.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = customers, treat_none_as_null = true)]
pub struct CustomerChange {
    /// Name.
    pub name: String,
    /// Folded name.
    pub folded_name: String,
    /// Credit code.
    pub credit_code: Option<CreditCode>,
    /// Agent.
    pub agent_id: Option<CustomerId>,
    /// Security level.
    pub security_level: i32,
    /// Review state: an edit of what was reviewed asks for review again.
    pub state: CustomerState,
    /// Condition.
    pub condition: Condition,
    /// Grade.
    pub grade: i32,
    /// Activity state.
    pub activity_state: ActivityState,
    /// Source.
    pub source: Option<CustomerSource>,
    /// Division.
    pub division_code: Option<String>,
    /// Address.
    pub address: Option<Sealed>,
    /// Phone.
    pub phone: Option<Sealed>,
    /// First contact.
    pub first_contact_on: Option<NaiveDate>,
    /// Version.
    pub version: i64,
    /// Last updated.
    pub updated_at: Timestamp,
    /// Industry by GB/T 4754.
    pub industry_code: Option<String>,
    /// Last entered or confirmed.
    pub refreshed_at: Timestamp,
}

/// A key that a customer holds: whoever has the row has the customer (CONF-01).
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable, QueryableByName)]
#[diesel(table_name = registration_keys, treat_none_as_default_value = false)]
pub struct RegistrationKey {
    /// Business line.
    pub line: Line,
    /// Name, credit code or phone.
    pub key_kind: KeyKind,
    /// Normalised value; of a phone its blind index.
    pub key_value: String,
    /// Holder.
    pub customer_id: CustomerId,
    /// Since when.
    pub claimed_at: Timestamp,
}
