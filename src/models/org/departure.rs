//! Departures.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::departures,
    domain::{
        id::kind::{DepartureId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::DepartureState,
    },
};

/// The departure of a person (ORG-23, ORG-24).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = departures, treat_none_as_null = true)]
pub struct Departure {
    /// Id.
    #[diesel(skip_update)]
    pub id: DepartureId,
    /// Who leaves.
    #[diesel(skip_update)]
    pub user_id: UserId,
    /// The leaver's unit.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// The last day at work.
    pub last_day: NaiveDate,
    /// Why.
    pub reason: String,
    /// State.
    pub state: DepartureState,
    /// Who has to complete it (AMB-50).
    pub responsible_id: UserId,
    /// Who announced it.
    #[diesel(skip_update)]
    pub announced_by: UserId,
    /// The last instant at which it is completed in time.
    pub due_at: Timestamp,
    /// Since when it is held against the responsible person.
    pub overdue_at: Option<Timestamp>,
    /// Who completed, cancelled or undid it.
    pub ended_by: Option<UserId>,
    /// When.
    pub ended_at: Option<Timestamp>,
    /// Version of the policy that gave the limit.
    pub policy_number: i64,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
