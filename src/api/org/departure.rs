//! Departures (ORG-23, ORG-24, AMB-50).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{csv::Csv, refs::UserRef},
    domain::{
        id::kind::{DepartureId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::DepartureState,
    },
    http::View,
};

/// A departure to announce.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeparture {
    /// Who leaves.
    pub user_id: UserId,
    /// The last day at work; one in the past if the person has gone already.
    #[schema(format = Date)]
    pub last_day: NaiveDate,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 500, example = "个人原因辞职")]
    pub reason: String,
}

/// Why a departure is cancelled, or someone comes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartureReason {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "员工决定留任")]
    pub reason: String,
}

/// Which departures, of those that one may see.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DepartureFilter {
    /// Any of these states, separated by commas.
    #[param(value_type = Option<String>, example = "ANNOUNCED", min_length = 1, max_length = 200)]
    pub state_in: Option<Csv<DepartureState>>,
    /// Held against the responsible person (ORG-24), or not.
    pub overdue: Option<bool>,
    /// Of this person.
    pub user_id: Option<UserId>,
    /// For which this person is responsible.
    pub responsible_id: Option<UserId>,
}

/// What the caller may do with a departure now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DepartureAction {
    /// Order the handover.
    HandOver,
    /// Cancel the person's rights, once nothing is left.
    Complete,
    /// The person stays.
    Cancel,
    /// The person comes back.
    Reinstate,
}

/// A departure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DepartureView {
    /// Id.
    pub id: DepartureId,
    /// Who leaves.
    pub user: UserRef,
    /// That person's unit.
    pub unit_id: UnitId,
    /// The last day at work.
    pub last_day: NaiveDate,
    /// Why.
    pub reason: String,
    /// State.
    pub state: DepartureState,
    /// Who has to complete it: the nearest superior who may, else whoever announced it (AMB-50).
    pub responsible: UserRef,
    /// The last instant at which it is completed in time.
    pub due_at: Timestamp,
    /// Since when it is held against the responsible person (ORG-24).
    pub overdue_at: Option<Timestamp>,
    /// What is still to be handed over: customers, opportunities, quotes, contracts; null unless it is announced.
    pub records_left: Option<i64>,
    /// When it was completed, cancelled or undone.
    pub ended_at: Option<Timestamp>,
    /// For `If-Match`.
    pub version: i64,
    /// Announced.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<DepartureAction>,
}

impl View for DepartureView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/departures/{}", self.id))
    }

    fn changes_within_version(&self) -> bool {
        true
    }
}
