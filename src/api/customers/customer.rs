//! Customers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    contact::{ContactView, NewContact},
    duplicate::LikelyDuplicate,
    standing::StandingView,
};
use crate::{
    api::patch::Patch,
    domain::{
        CreditCode, Email, Phone, Website,
        id::kind::{ApprovalId, CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, Line, Party,
            SizeClass, ValueGrade,
        },
    },
    http::{Sift, View},
};

/// A customer to register (CUS-05..CUS-19). Whoever registers first has the customer (CONF-01).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// Registered full name, or a person's full name (CUS-06, CUS-07, CUS-08).
    #[schema(min_length = 1, max_length = 200, example = "北京示例科技有限公司")]
    pub name: String,
    /// Company or individual.
    pub party: Party,
    /// Direct, agent, or agent's end customer (CUS-02, CUS-03).
    pub kind: CustomerKind,
    /// Business line; GENERAL if absent.
    pub line: Option<Line>,
    /// Special symbol with which a customer of 概念与主题 or 飞常股道 repeats one of 证券通; kept apart from the phone
    /// (DUP-05, AMB-3).
    #[schema(min_length = 1, max_length = 8, example = "#")]
    pub line_symbol: Option<String>,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// The agent behind an agent's end customer.
    pub agent_id: Option<CustomerId>,
    /// Security level, 0 if absent (ORG-26).
    #[schema(minimum = 0, maximum = 9)]
    pub security_level: Option<i32>,
    /// Condition, BASIC if absent (CUS-28).
    pub condition: Option<Condition>,
    /// Grade 1–7 within the condition, 1 if absent (CUS-30).
    #[schema(minimum = 1, maximum = 7)]
    pub grade: Option<i32>,
    /// Activity state, ACTIVE if absent (CUS-31).
    pub activity_state: Option<ActivityState>,
    /// Source (CUS-18, CUS-19).
    pub source: Option<CustomerSource>,
    /// Administrative division, the deepest code known (CUS-11).
    #[schema(
        min_length = 2,
        max_length = 9,
        pattern = "^[0-9]+$",
        example = "110105"
    )]
    pub division_code: Option<String>,
    /// Detailed mailing address (CUS-09).
    #[schema(min_length = 5, max_length = 300, example = "北京市朝阳区建国路88号")]
    pub address: Option<String>,
    /// Company phone: area-number-extension (CUS-12).
    pub phone: Option<Phone>,
    /// First contact: the entry clock (AMB-5) starts here.
    #[schema(format = Date)]
    pub first_contact_on: Option<NaiveDate>,
    /// Why the entry took longer than usual (CUS-20).
    #[schema(min_length = 1, max_length = 500)]
    pub entry_special_reason: Option<String>,
    /// English short name, else pinyin (CUS-10).
    #[schema(min_length = 1, max_length = 100, example = "Shili")]
    pub english_short_name: Option<String>,
    /// Transport route (CUS-09).
    #[schema(min_length = 1, max_length = 500)]
    pub transport_route: Option<String>,
    /// E-mail (CUS-13).
    pub email: Option<Email>,
    /// Website without scheme (CUS-14).
    pub website: Option<Website>,
    /// Industry (CUS-16).
    #[schema(min_length = 1, max_length = 100)]
    pub industry: Option<String>,
    /// Size (CUS-16).
    #[schema(min_length = 1, max_length = 100)]
    pub size: Option<String>,
    /// Business scope (CUS-16).
    #[schema(min_length = 1, max_length = 2000)]
    pub business_scope: Option<String>,
    /// Need preference (CUS-16).
    #[schema(min_length = 1, max_length = 2000)]
    pub preference: Option<String>,
    /// Remarks (CUS-15).
    #[schema(min_length = 1, max_length = 4000)]
    pub remarks: Option<String>,
    /// Industry by GB/T 4754: a section's letter, or letter and two digits (CUS-16).
    #[schema(
        min_length = 1,
        max_length = 3,
        pattern = "^[A-T]([0-9]{2})?$",
        example = "C39"
    )]
    pub industry_code: Option<String>,
    /// Size class (CUS-16).
    pub size_class: Option<SizeClass>,
    /// Basic needs (CUS-44).
    #[schema(min_length = 1, max_length = 4000)]
    pub basic_needs: Option<String>,
    /// Systems used so far (CUS-44).
    #[schema(min_length = 1, max_length = 2000)]
    pub former_systems: Option<String>,
    /// How the company runs (CUS-23, CUS-44).
    #[schema(min_length = 1, max_length = 4000)]
    pub operations: Option<String>,
    /// Its processes (CUS-15, CUS-23).
    #[schema(min_length = 1, max_length = 4000)]
    pub workflow: Option<String>,
    /// All contacts (CUS-35); a company has at least one.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub contacts: Vec<NewContact>,
}

impl Sift for NewCustomer {
    fn stand_ins() -> Value {
        json!({ "name": "-", "kind": "DIRECT" })
    }
}

/// A change of a customer: a merge-patch. Party, kind, line and owner do not change here.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerPatch {
    /// Registered full name; cannot be cleared. Checked for duplicates again (AMB-46).
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Special symbol of the line (DUP-05); with it cleared the customer must be alone in the other line again.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 8)]
    pub line_symbol: Patch<String>,
    /// Unified social credit code.
    #[serde(default)]
    #[schema(value_type = Option<CreditCode>)]
    pub credit_code: Patch<CreditCode>,
    /// The agent behind an agent's end customer.
    #[serde(default)]
    #[schema(value_type = Option<CustomerId>)]
    pub agent_id: Patch<CustomerId>,
    /// Security level; not above one's own clearance.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 9)]
    pub security_level: Option<i32>,
    /// Condition.
    #[serde(default)]
    #[schema(value_type = Condition, required = false)]
    pub condition: Option<Condition>,
    /// Grade.
    #[serde(default)]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 7)]
    pub grade: Option<i32>,
    /// Activity state.
    #[serde(default)]
    #[schema(value_type = ActivityState, required = false)]
    pub activity_state: Option<ActivityState>,
    /// Source.
    #[serde(default)]
    #[schema(value_type = Option<CustomerSource>)]
    pub source: Patch<CustomerSource>,
    /// Administrative division.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 9, pattern = "^[0-9]+$")]
    pub division_code: Patch<String>,
    /// Mailing address.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 5, max_length = 300)]
    pub address: Patch<String>,
    /// Company phone.
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Patch<Phone>,
    /// First contact.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, format = Date)]
    pub first_contact_on: Patch<NaiveDate>,
    /// Why the entry took longer than usual.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub entry_special_reason: Patch<String>,
    /// English short name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub english_short_name: Patch<String>,
    /// Transport route.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub transport_route: Patch<String>,
    /// E-mail.
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    pub email: Patch<Email>,
    /// Website.
    #[serde(default)]
    #[schema(value_type = Option<Website>)]
    pub website: Patch<Website>,
    /// Industry.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub industry: Patch<String>,
    /// Size.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub size: Patch<String>,
    /// Business scope.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub business_scope: Patch<String>,
    /// Need preference.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub preference: Patch<String>,
    /// Remarks.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub remarks: Patch<String>,
    /// Industry by GB/T 4754.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 3, pattern = "^[A-T]([0-9]{2})?$")]
    pub industry_code: Patch<String>,
    /// Size class.
    #[serde(default)]
    #[schema(value_type = Option<SizeClass>)]
    pub size_class: Patch<SizeClass>,
    /// Basic needs (CUS-44).
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub basic_needs: Patch<String>,
    /// Systems used so far (CUS-44).
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub former_systems: Patch<String>,
    /// How the company runs (CUS-23, CUS-44).
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub operations: Patch<String>,
    /// Its processes (CUS-15, CUS-23).
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub workflow: Patch<String>,
}

/// A reason, for commands that ask for one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "重复录入")]
    pub reason: String,
}

/// What the caller may do with a customer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerAction {
    /// Change it.
    Edit,
    /// Correct party, kind or line.
    Correct,
    /// Submit it for review.
    Submit,
    /// Withdraw it from review.
    Withdraw,
    /// Share it.
    Share,
    /// Give it to another owner.
    Transfer,
    /// Put it into the group's shared column.
    ReturnToGroup,
    /// Take it from the group's shared column.
    TakeFromGroup,
    /// Merge another one into it.
    Merge,
    /// Delete it.
    Delete,
    /// Restore it.
    Restore,
    /// Have its personal data revealed (SEC-06).
    Reveal,
    /// Assess its value.
    AssessValue,
    /// Confirm that its data is still true.
    ConfirmCurrent,
    /// Enter a major change.
    RecordMajorChange,
    /// Mark it as a key customer.
    MarkKey,
    /// Take the mark back.
    UnmarkKey,
}

/// A customer in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerSummary {
    /// Id.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Company or individual.
    pub party: Party,
    /// Kind.
    pub kind: CustomerKind,
    /// Business line.
    pub line: Line,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// Owner.
    pub owner_id: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// Unit.
    pub unit_id: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Security level.
    pub security_level: i32,
    /// Review state.
    pub state: CustomerState,
    /// Condition.
    pub condition: Condition,
    /// Grade.
    pub grade: i32,
    /// Activity state.
    pub activity_state: ActivityState,
    /// Source.
    pub source: Option<CustomerSource>,
    /// Administrative division.
    pub division_code: Option<String>,
    /// The division's full name.
    pub division_name: Option<String>,
    /// Last contact.
    pub last_contact_at: Option<Timestamp>,
    /// Since when effective (CUS-22).
    pub effective_at: Option<Timestamp>,
    /// Industry by GB/T 4754 (CUS-16).
    pub industry_code: Option<String>,
    /// Grade of the last value assessment (CUS-43).
    pub value_grade: Option<ValueGrade>,
    /// Key customer (CUS-46).
    pub is_key_customer: bool,
    /// When the data was last entered or confirmed (CUS-25).
    pub refreshed_at: Timestamp,
    /// When it was deleted: only the administrator sees those (AMB-10).
    pub deleted_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A customer's card (CUS-40).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerView {
    /// What lists show.
    #[serde(flatten)]
    pub summary: CustomerSummary,
    /// The agent behind an agent's end customer.
    pub agent_id: Option<CustomerId>,
    /// Mailing address, masked: see the operation reveal (SEC-02).
    #[schema(example = "北京市****")]
    pub address: Option<String>,
    /// Phone, masked.
    #[schema(example = "021-****9330")]
    pub phone: Option<String>,
    /// First contact.
    pub first_contact_on: Option<NaiveDate>,
    /// Last submission.
    pub submitted_at: Option<Timestamp>,
    /// Why the entry took longer than usual.
    pub entry_special_reason: Option<String>,
    /// English short name.
    pub english_short_name: Option<String>,
    /// The brand in pinyin, as long as there is no English short name: 金科电子 is Jinke (CUS-10).
    #[schema(example = "Jinke")]
    pub suggested_short_name: Option<String>,
    /// Special symbol of the line (DUP-05).
    pub line_symbol: Option<String>,
    /// Transport route, masked.
    #[schema(example = "****")]
    pub transport_route: Option<String>,
    /// E-mail, masked.
    #[schema(example = "z****@example.com")]
    pub email: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Size.
    pub size: Option<String>,
    /// Business scope.
    pub business_scope: Option<String>,
    /// Need preference.
    pub preference: Option<String>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Size class.
    pub size_class: Option<SizeClass>,
    /// Basic needs.
    pub basic_needs: Option<String>,
    /// Systems used so far.
    pub former_systems: Option<String>,
    /// How the company runs.
    pub operations: Option<String>,
    /// Its processes.
    pub workflow: Option<String>,
    /// Completeness, entry, refresh, value.
    pub standing: StandingView,
    /// Contacts.
    pub contacts: Vec<ContactView>,
    /// Required fields that are still missing, as JSON pointers; submission is refused until it is empty (CUS-05).
    pub missing: Vec<String>,
    /// The customer that it was merged into; only in state MERGED (DUP-09).
    pub merged_into: Option<CustomerId>,
    /// Why it was deleted.
    pub delete_reason: Option<String>,
    /// The pending review.
    pub approval_id: Option<ApprovalId>,
    /// What the caller may do now.
    pub allowed_actions: Vec<CustomerAction>,
}

impl View for CustomerView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/customers/{}", self.summary.id))
    }

    /// Contacts, completeness and deadlines change without the customer's own version.
    fn changes_within_version(&self) -> bool {
        true
    }
}

/// A customer that was just registered, and who is likely the same (DUP-01, DUP-02).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisteredCustomer {
    /// The card.
    #[serde(flatten)]
    pub customer: CustomerView,
    /// Records that are likely the same company, or related to it, the likeliest first.
    pub likely_duplicates: Vec<LikelyDuplicate>,
}

impl View for RegisteredCustomer {
    fn version(&self) -> Option<i64> {
        self.customer.version()
    }

    fn location(&self) -> Option<String> {
        self.customer.location()
    }
}
