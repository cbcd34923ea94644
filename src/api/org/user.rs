//! Users and service accounts.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        patch::Patch,
        refs::{UnitRef, UserRef},
    },
    domain::{
        id::kind::{UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Employment, Grade},
    },
    http::View,
};

/// A new user. The first password is the policy's `initial_password` and must be changed at the first login (ORG-19).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Login, unique whatever its width, case and blanks (ORG-17, ORG-18).
    #[schema(min_length = 1, max_length = 100, example = "zhang.wei")]
    pub login: String,
    /// Name.
    #[schema(min_length = 1, max_length = 50, example = "张伟")]
    pub name: String,
    /// Unit.
    pub unit_id: UnitId,
    /// Direct superior (ORG-10).
    #[serde(default)]
    pub superior_id: Option<UserId>,
    /// Grade, for quotas (ORG-35).
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Employment state (ORG-37); ACTIVE if not given.
    #[serde(default = "active")]
    #[schema(required = false)]
    pub employment: Employment,
    /// Highest security level that the user may see (ORG-26).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9, default = 0, required = false)]
    pub clearance: i32,
    /// A machine: it must send an `Idempotency-Key` with every write.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub service_account: bool,
}

fn active() -> Employment {
    Employment::Active
}

/// A change of a user; what is absent stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// New name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50, example = "张伟")]
    pub name: Option<String>,
    /// New unit.
    #[serde(default)]
    #[schema(value_type = UnitId, required = false)]
    pub unit_id: Option<UnitId>,
    /// New direct superior, or none; everyone below moves along.
    #[serde(default)]
    #[schema(value_type = Option<UserId>)]
    pub superior_id: Patch<UserId>,
    /// New grade, or none.
    #[serde(default)]
    #[schema(value_type = Option<Grade>)]
    pub grade: Patch<Grade>,
    /// New employment state.
    #[serde(default)]
    #[schema(value_type = Employment, required = false)]
    pub employment: Option<Employment>,
    /// New clearance.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 9)]
    pub clearance: Option<i32>,
}

/// Which users.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// In this unit.
    pub unit_id: Option<UnitId>,
    /// Directly below this superior.
    pub superior_id: Option<UserId>,
    /// In this employment state.
    pub employment: Option<Employment>,
    /// With this role, within any scope.
    #[param(min_length = 1, max_length = 50, example = "SALESPERSON")]
    pub role: Option<String>,
    /// Disabled or not.
    pub disabled: Option<bool>,
    /// Beginning of the name; width, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 50, example = "张")]
    pub q: Option<String>,
}

/// What the caller may do with a user now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserAction {
    /// Change: `PATCH`.
    Update,
    /// Cut access at once.
    Disable,
    /// Give access again.
    Enable,
    /// Set the initial password again.
    ResetPassword,
    /// Give and take roles.
    ChangeGrants,
    /// Name someone who stands in.
    Delegate,
}

/// A user's account, as only the user and those who manage the user see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountView {
    /// Login.
    pub login: String,
    /// Highest security level that the user may see (ORG-26).
    pub clearance: i32,
    /// Whether the initial or expired password is still to be changed (ORG-19).
    pub must_change_password: bool,
}

/// A user (ORG-05, ORG-07).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserView {
    /// Id.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: UnitRef,
    /// Direct superior.
    pub superior: Option<UserRef>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Employment state.
    pub employment: Employment,
    /// Whether this is a machine.
    pub service_account: bool,
    /// Since when the account is disabled.
    pub disabled_at: Option<Timestamp>,
    /// The account; null for those who do not manage the user.
    pub account: Option<AccountView>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<UserAction>,
}

impl View for UserView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/users/{}", self.id))
    }
}
