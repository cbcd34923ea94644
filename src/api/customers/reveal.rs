//! Personal data in clear, for those who may have it (SEC-02, SEC-06).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::id::kind::{ContactId, CustomerId},
    http::View,
};

/// What of a customer is personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerPersonalField {
    /// Phone.
    Phone,
    /// Mailing address.
    Address,
    /// E-mail.
    Email,
    /// The way there.
    TransportRoute,
}

/// What of a contact is personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactPersonalField {
    /// Office phone.
    OfficePhone,
    /// Home phone.
    HomePhone,
    /// Mobile.
    Mobile,
    /// E-mail.
    Email,
}

/// What of a customer to reveal, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealCustomer {
    /// Only these; all if absent.
    #[schema(min_items = 1, max_items = 4)]
    pub fields: Option<Vec<CustomerPersonalField>>,
    /// Why; it ends up in the event.
    #[schema(min_length = 1, max_length = 500, example = "电话回访")]
    pub reason: Option<String>,
}

/// What of a contact to reveal, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealContact {
    /// Only these; all if absent.
    #[schema(min_items = 1, max_items = 4)]
    pub fields: Option<Vec<ContactPersonalField>>,
    /// Why; it ends up in the event.
    #[schema(min_length = 1, max_length = 500, example = "电话回访")]
    pub reason: Option<String>,
}

/// A customer's personal data in clear; null for what was not asked for or is not there.
#[derive(Clone, Serialize, ToSchema)]
pub struct CustomerRevealed {
    /// Customer.
    pub customer_id: CustomerId,
    /// Phone.
    #[schema(example = "021-63539330")]
    pub phone: Option<String>,
    /// Mailing address.
    #[schema(example = "北京市朝阳区建国路88号")]
    pub address: Option<String>,
    /// E-mail.
    #[schema(example = "zhang.wei@example.com")]
    pub email: Option<String>,
    /// The way there.
    pub transport_route: Option<String>,
}

impl View for CustomerRevealed {}

/// A contact's personal data in clear; null for what was not asked for or is not there.
#[derive(Clone, Serialize, ToSchema)]
pub struct ContactRevealed {
    /// Contact.
    pub contact_id: ContactId,
    /// Office phone.
    #[schema(example = "021-63539330-1010")]
    pub office_phone: Option<String>,
    /// Home phone.
    pub home_phone: Option<String>,
    /// Mobile.
    #[schema(example = "13800138000")]
    pub mobile: Option<String>,
    /// E-mail.
    #[schema(example = "zhang.wei@example.com")]
    pub email: Option<String>,
}

impl View for ContactRevealed {}
