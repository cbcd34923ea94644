//! Contacts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::patch::Patch,
    domain::{
        Email, Phone,
        id::kind::{ContactId, CustomerId},
        timestamp::Timestamp,
        vocabulary::{Degree, Salutation},
    },
    http::View,
};

/// A contact to enter (CUS-35, CUS-36): a full name and at least one phone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Full name.
    #[schema(min_length = 1, max_length = 100, example = "王建国")]
    pub name: String,
    /// Form of address.
    pub salutation: Option<Salutation>,
    /// Job title.
    #[schema(min_length = 1, max_length = 100, example = "采购部经理")]
    pub job_title: Option<String>,
    /// Office phone: area-number-extension.
    pub office_phone: Option<Phone>,
    /// Home phone.
    pub home_phone: Option<Phone>,
    /// Mobile.
    pub mobile: Option<Phone>,
    /// E-mail.
    pub email: Option<Email>,
    /// Key contact (CUS-38).
    #[serde(default)]
    pub is_key: bool,
    /// Decision-maker (CUS-38).
    #[serde(default)]
    pub is_decision_maker: bool,
    /// Degree of relationship (CUS-37).
    pub relationship: Option<Degree>,
    /// Influence (CUS-37).
    pub influence: Option<Degree>,
    /// Birthday, for care (CUS-39).
    #[schema(format = Date)]
    pub birthday_on: Option<NaiveDate>,
    /// Remarks.
    #[schema(min_length = 1, max_length = 2000)]
    pub remarks: Option<String>,
}

/// A change of a contact: a merge-patch.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPatch {
    /// Full name; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// Form of address.
    #[serde(default)]
    #[schema(value_type = Option<Salutation>)]
    pub salutation: Patch<Salutation>,
    /// Job title.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub job_title: Patch<String>,
    /// Office phone.
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    pub office_phone: Patch<Phone>,
    /// Home phone.
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    pub home_phone: Patch<Phone>,
    /// Mobile.
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    pub mobile: Patch<Phone>,
    /// E-mail.
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    pub email: Patch<Email>,
    /// Key contact.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_key: Option<bool>,
    /// Decision-maker.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub is_decision_maker: Option<bool>,
    /// Degree of relationship.
    #[serde(default)]
    #[schema(value_type = Option<Degree>)]
    pub relationship: Patch<Degree>,
    /// Influence.
    #[serde(default)]
    #[schema(value_type = Option<Degree>)]
    pub influence: Patch<Degree>,
    /// Birthday.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, format = Date)]
    pub birthday_on: Patch<NaiveDate>,
    /// Remarks.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub remarks: Patch<String>,
}

/// A contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactView {
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
    /// Office phone, masked.
    #[schema(example = "021-****9330")]
    pub office_phone: Option<String>,
    /// Home phone, masked.
    #[schema(example = "021-****9330")]
    pub home_phone: Option<String>,
    /// Mobile, masked.
    #[schema(example = "138****8000")]
    pub mobile: Option<String>,
    /// E-mail, masked.
    #[schema(example = "z****@example.com")]
    pub email: Option<String>,
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
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

impl View for ContactView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/contacts/{}", self.id))
    }
}
