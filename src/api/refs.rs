//! References to related records: the id, and the name to show.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::id::kind::{UnitId, UserId};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserRef {
    /// User.
    pub id: UserId,
    /// Name.
    #[schema(example = "王建国")]
    pub name: String,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitRef {
    /// Unit.
    pub id: UnitId,
    /// Name.
    #[schema(example = "华东销售部")]
    pub name: String,
}
