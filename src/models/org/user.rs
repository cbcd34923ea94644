//! Users and service accounts.

use diesel::prelude::*;

use crate::{
    db::schema::{password_history, reporting_closure, users},
    domain::{
        id::{
            Id,
            kind::{Any, UnitId, UserId},
        },
        timestamp::Timestamp,
        vocabulary::{Employment, Grade},
    },
};

/// A user or service account.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = users)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Login as written.
    pub login: String,
    /// Login folded: unique.
    pub login_key: String,
    /// The person's name.
    pub name: String,
    /// Name folded, for search.
    pub name_key: String,
    /// Unit.
    pub unit_id: UnitId,
    /// Direct superior (ORG-10).
    pub superior_id: Option<UserId>,
    /// Grade (ORG-35).
    pub grade: Option<Grade>,
    /// Employment state (ORG-37).
    pub employment: Employment,
    /// Highest security level that the user may see (ORG-26).
    pub clearance: i32,
    /// Whether this is a machine.
    pub service_account: bool,
    /// Argon2id, PHC format.
    pub password_hash: String,
    /// The initial password is still in place, or it has expired.
    pub must_change_password: bool,
    /// When the password was set.
    pub password_changed_at: Timestamp,
    /// Since when the account is disabled.
    pub disabled_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// What every request needs of the account that acts.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = users)]
pub struct Account {
    /// Id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// Unit.
    pub unit_id: UnitId,
    /// Employment state (ORG-37).
    pub employment: Employment,
    /// Highest security level that the user may see (ORG-26).
    pub clearance: i32,
    /// Whether this is a machine.
    pub service_account: bool,
    /// The initial password is still in place, or it has expired.
    pub must_change_password: bool,
}

/// A password that a user had.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = password_history)]
pub struct FormerPassword {
    /// Id.
    pub id: Id<Any>,
    /// Whose.
    pub user_id: UserId,
    /// Argon2id.
    pub password_hash: String,
    /// When it was set.
    pub set_at: Timestamp,
}

/// One user above (or equal to) another in the reporting line, and how far.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = reporting_closure)]
pub struct ReportingReach {
    /// The upper one.
    pub superior_id: UserId,
    /// The lower one.
    pub subordinate_id: UserId,
    /// Steps between them.
    pub depth: i32,
}
