//! Contacts of a customer.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::contacts,
    domain::{
        id::kind::{ContactId, CustomerId},
        timestamp::Timestamp,
        vocabulary::{Degree, Salutation},
    },
};

/// A contact (CUS-35, CUS-36).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
pub struct Contact {
    /// Id.
    pub id: ContactId,
    /// Customer.
    pub customer_id: CustomerId,
    /// Full name.
    pub name: String,
    /// Form of address.
    pub salutation: Option<Salutation>,
    /// Job title.
    pub job_title: Option<String>,
    /// Office phone.
    pub office_phone: Option<Sealed>,
    /// Home phone.
    pub home_phone: Option<Sealed>,
    /// Mobile.
    pub mobile: Option<Sealed>,
    /// E-mail.
    pub email: Option<Sealed>,
    /// Key contact (CUS-38).
    pub is_key: bool,
    /// Decision-maker (CUS-38).
    pub is_decision_maker: bool,
    /// Degree of relationship (CUS-37).
    pub relationship: Option<Degree>,
    /// Influence (CUS-37).
    pub influence: Option<Degree>,
    /// Birthday (CUS-39).
    pub birthday_on: Option<NaiveDate>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Removed.
    pub deleted_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// What an edit of a contact may change.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true)]
pub struct ContactChange {
    /// Full name.
    pub name: String,
    /// Form of address.
    pub salutation: Option<Salutation>,
    /// Job title.
    pub job_title: Option<String>,
    /// Office phone.
    pub office_phone: Option<Sealed>,
    /// Home phone.
    pub home_phone: Option<Sealed>,
    /// Mobile.
    pub mobile: Option<Sealed>,
    /// E-mail.
    pub email: Option<Sealed>,
    /// Key contact.
    pub is_key: bool,
    /// Decision-maker.
    pub is_decision_maker: bool,
    /// Degree of relationship.
    pub relationship: Option<Degree>,
    /// Influence.
    pub influence: Option<Degree>,
    /// Birthday.
    pub birthday_on: Option<NaiveDate>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Version.
    pub version: i64,
    /// Last updated.
    pub updated_at: Timestamp,
}
