//! Applications for a share.

use diesel::prelude::*;

use crate::{
    db::schema::share_applications,
    domain::{
        id::kind::{CustomerId, ShareApplicationId, ShareId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{ApplicationState, ShareLevel},
    },
};

/// A call-centre seat's application that a customer be shared (DUP-13).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = share_applications, treat_none_as_null = true)]
pub struct ShareApplication {
    /// Id.
    #[diesel(skip_update)]
    pub id: ShareApplicationId,
    /// The customer.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Who applies.
    #[diesel(skip_update)]
    pub owner_id: UserId,
    /// The applicant's unit.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// The customer's security level.
    #[diesel(skip_update)]
    pub security_level: i32,
    /// With whom.
    #[diesel(skip_update)]
    pub user_id: UserId,
    /// READ or WRITE.
    #[diesel(skip_update)]
    pub level: ShareLevel,
    /// Until when.
    #[diesel(skip_update)]
    pub expires_at: Timestamp,
    /// Why.
    #[diesel(skip_update)]
    pub reason: String,
    /// State.
    pub state: ApplicationState,
    /// The share that came of it.
    pub share_id: Option<ShareId>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What was said.
    pub comment: Option<String>,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
