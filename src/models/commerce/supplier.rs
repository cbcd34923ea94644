//! Suppliers.

use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::suppliers,
    domain::{
        CreditCode,
        id::kind::{SupplierId, UserId},
        timestamp::Timestamp,
    },
};

/// A supplier with its rating (CUS-01).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = suppliers, treat_none_as_null = true)]
pub struct Supplier {
    /// Id.
    #[diesel(skip_update)]
    pub id: SupplierId,
    /// Registered full name.
    pub name: String,
    /// The name folded.
    pub folded_name: String,
    /// The folded name, unique; none while deleted.
    pub name_claim: Option<String>,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// The code, unique; none while deleted.
    pub code_claim: Option<CreditCode>,
    /// What it supplies.
    pub scope: Option<String>,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// Phone, sealed.
    pub phone: Option<Sealed>,
    /// E-mail, sealed.
    pub email: Option<Sealed>,
    /// Address.
    pub address: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Remarks.
    pub remarks: Option<String>,
    /// 1 to 5; 0 until it is rated.
    pub rating: i32,
    /// Why.
    pub rating_reason: Option<String>,
    /// Who rated it last.
    pub rated_by: Option<UserId>,
    /// When.
    pub rated_at: Option<Timestamp>,
    /// Who entered it.
    #[diesel(skip_update)]
    pub created_by: UserId,
    /// Deleted.
    pub deleted_at: Option<Timestamp>,
    /// Why.
    pub delete_reason: Option<String>,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
