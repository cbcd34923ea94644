//! What a list of customers may be narrowed to (CUS-32, CUS-33, CUS-47).

use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::csv::Csv,
    domain::{
        CreditCode, Phone,
        id::kind::{CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, Degree,
            EntryState, Line, Party, ProfileItem, ValueGrade,
        },
    },
};

/// What a list of customers is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CustomerFilter {
    /// Owner.
    pub owner_id: Option<UserId>,
    /// Unit.
    pub unit_id: Option<UnitId>,
    /// Review states, separated by commas.
    #[param(value_type = Option<String>, example = "DRAFT,RETURNED", max_length = 200)]
    pub state_in: Option<Csv<CustomerState>>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "DIRECT,AGENT", max_length = 200)]
    pub kind_in: Option<Csv<CustomerKind>>,
    /// Company or individual.
    pub party: Option<Party>,
    /// The name, a former name or an alias has this in it, from two letters or digits on; with one alone, the present name
    /// begins with it. Width, brackets, blanks, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Holds this unified social credit code: in any writing, compared as a registration compares it (CONF-01, AMB-3,
    /// CUS-47). A customer that was merged is found as the one it was merged into.
    pub credit_code: Option<CreditCode>,
    /// Has this phone as the customer's own: in any writing, without its extension, compared as a registration compares it
    /// (DUP-03, AMB-3, CUS-12, CUS-47); phones of contacts are not looked through. A `+` is written `%2B`. Not together with
    /// `deleted=true` or `state_in=MERGED`, and not for exports.
    pub phone: Option<Phone>,
    /// Within this administrative division.
    #[param(min_length = 2, max_length = 9)]
    pub division_code: Option<String>,
    /// Updated at or after (CUS-33).
    pub updated_at_gte: Option<Timestamp>,
    /// Updated before.
    pub updated_at_lt: Option<Timestamp>,
    /// Created at or after (CUS-33).
    pub created_at_gte: Option<Timestamp>,
    /// Created before.
    pub created_at_lt: Option<Timestamp>,
    /// Last contact at or after.
    pub last_contact_at_gte: Option<Timestamp>,
    /// Last contact before; those never contacted are left out.
    pub last_contact_at_lt: Option<Timestamp>,
    /// Conditions, separated by commas (CUS-28).
    #[param(value_type = Option<String>, example = "POTENTIAL,SUCCESSFUL", max_length = 200)]
    pub condition_in: Option<Csv<Condition>>,
    /// Grades 1–7, separated by commas (CUS-30).
    #[param(value_type = Option<String>, example = "6,7", max_length = 50)]
    pub grade_in: Option<Csv<i32>>,
    /// Activity states, separated by commas (CUS-31).
    #[param(value_type = Option<String>, example = "ACTIVE", max_length = 200)]
    pub activity_state_in: Option<Csv<ActivityState>>,
    /// Sources, separated by commas (CUS-18, CUS-19).
    #[param(value_type = Option<String>, example = "REFERRAL", max_length = 400)]
    pub source_in: Option<Csv<CustomerSource>>,
    /// Within this industry: a section's letter, or letter and two digits (CUS-16, CUS-47).
    #[param(
        min_length = 1,
        max_length = 3,
        pattern = "^[A-T]([0-9]{2})?$",
        example = "C39"
    )]
    pub industry_code: Option<String>,
    /// Value grades, separated by commas (CUS-43).
    #[param(value_type = Option<String>, example = "A,B", max_length = 50)]
    pub value_grade_in: Option<Csv<ValueGrade>>,
    /// Key customers only, or the others (CUS-46).
    pub is_key_customer: Option<bool>,
    /// With a contact of this degree of relationship (CUS-32, CUS-37).
    pub relationship: Option<Degree>,
    /// With a contact whose name begins with this (CUS-47).
    #[param(min_length = 1, max_length = 100)]
    pub contact_q: Option<String>,
    /// End customers of this agent (CUS-02).
    pub agent_id: Option<CustomerId>,
    /// Business line.
    pub line: Option<Line>,
    /// Completeness of the profile at least, in per cent (CUS-44).
    #[param(minimum = 0, maximum = 100)]
    pub completeness_gte: Option<u8>,
    /// Completeness of the profile below, in per cent.
    #[param(minimum = 0, maximum = 100)]
    pub completeness_lt: Option<u8>,
    /// Whose profile lacks this item (CUS-44).
    pub lacks: Option<ProfileItem>,
    /// Not confirmed for longer than the refresh period, or the others (CUS-25). Over a whole company sort by
    /// `refreshed_at`: that is the order of the index.
    pub needs_refresh: Option<bool>,
    /// Entry states, separated by commas (CUS-20).
    #[param(value_type = Option<String>, example = "WARNING,LATE", max_length = 200)]
    pub entry_state_in: Option<Csv<EntryState>>,
    /// The deleted ones instead: for the administrator, who may restore them (AMB-10, SEC-14).
    pub deleted: Option<bool>,
}
