//! Record ids: UUIDv7. They travel in their canonical text form, in which PostgreSQL keeps them too; SQLite keeps their sixteen
//! bytes, of which every index has less to read and to write. Both lie in the same order.

use std::{fmt, marker::PhantomData, str::FromStr};

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::Pg,
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{self, SqlOrd, SqlType},
    sqlite::Sqlite,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema},
};
use uuid::Uuid;

/// An id in SQL: its canonical text on PostgreSQL, its bytes on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(
    postgres_type(oid = 25, array_oid = 1009),
    sqlite_type(name = "Binary")
)]
pub struct RecordId;

impl SqlOrd for RecordId {}

/// The id of a record of kind `T`: a UUIDv7, written as lower-case text with hyphens.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = RecordId)]
pub struct Id<T: 'static> {
    uuid: Uuid,
    text: [u8; 36],
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Wraps a UUID.
    pub fn from_uuid(uuid: Uuid) -> Self {
        let mut text = [0; 36];
        uuid.hyphenated().encode_lower(&mut text);
        Self {
            uuid,
            text,
            kind: PhantomData,
        }
    }

    /// The canonical text form.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The same id as that of another kind of record: for tables that refer to several kinds.
    pub fn cast<U>(self) -> Id<U> {
        Id {
            uuid: self.uuid,
            text: self.text,
            kind: PhantomData,
        }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Text that is not a UUID.
#[derive(Debug, thiserror::Error)]
#[error("not a UUID")]
pub struct NotAnId;

impl<T> FromStr for Id<T> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // Only the hyphenated form: one record, one spelling of its address.
        if text.len() != 36 {
            return Err(NotAnId);
        }
        Uuid::try_parse(text)
            .map(Self::from_uuid)
            .map_err(|_| NotAnId)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
impl<T> ToSql<RecordId, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Text, Pg>::to_sql(self.as_str(), out)
    }
}
impl<T> FromSql<RecordId, Pg> for Id<T> {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::try_parse_ascii(bytes.as_bytes())?))
    }
}
impl<T> ToSql<RecordId, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}
impl<T> FromSql<RecordId, Sqlite> for Id<T> {
    fn from_sql(mut bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::from_slice(bytes.read_blob())?))
    }
}
impl<T> PartialSchema for Id<T> {
    fn schema() -> RefOr<Schema> {
        schema::ObjectBuilder::new()
            .schema_type(schema::Type::String)
            .format(Some(schema::SchemaFormat::Custom("uuid".into())))
            .description(Some("A record's id (UUIDv7)."))
            .examples(["01980000-0000-7000-8000-000000000001"])
            .into()
    }
}
impl<T> ToSchema for Id<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $id:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        $(#[$doc])*
        pub type $id = Id<$kind>;
    )*};
}

/// The kinds of record, and the alias of each kind's id.
pub mod kind {
    use super::Id;

    kinds! {
        /// Any record, where a table refers to several kinds.
        Any => AnyId;
        /// An organisational unit.
        Unit => UnitId;
        /// A user or service account.
        User => UserId;
        /// A role.
        Role => RoleId;
        /// A role given to a user.
        Grant => GrantId;
        /// A delegation while absent.
        Delegation => DelegationId;
        /// A login session: the family of its refresh tokens.
        Session => SessionId;
        /// A version of a policy.
        PolicyVersion => PolicyVersionId;
        /// A year of the business calendar.
        CalendarYear => CalendarYearId;
        /// An approval.
        Approval => ApprovalId;
        /// One seat in a step of an approval.
        Seat => SeatId;
        /// An explicit share of a record.
        Share => ShareId;
        /// An event of the audit trail.
        Event => EventId;
        /// A file that was uploaded or made to be downloaded.
        ExchangeFile => ExchangeFileId;
        /// A preset of import columns.
        ImportPreset => ImportPresetId;
        /// A customer.
        Customer => CustomerId;
        /// A contact of a customer.
        Contact => ContactId;
        /// A former name or alias of a customer.
        CustomerName => CustomerNameId;
        /// A refused attempt to register.
        Attempt => AttemptId;
        /// An opportunity.
        Opportunity => OpportunityId;
        /// A conflict case.
        ConflictCase => ConflictCaseId;
        /// A sales activity.
        Activity => ActivityId;
        /// A product.
        Product => ProductId;
        /// A quote.
        Quote => QuoteId;
        /// A line of a quote.
        QuoteLine => QuoteLineId;
        /// A contract.
        Contract => ContractId;
        /// A merge of two customers.
        Merge => MergeId;
        /// A record that a merge moved.
        MergeMove => MergeMoveId;
        /// A pair of customers that are likely the same.
        DuplicatePair => DuplicatePairId;
        /// An entry in the proceedings of a conflict case.
        CaseEntry => CaseEntryId;
        /// A share of a cooperation.
        Cooperation => CooperationId;
        /// A long-running job.
        Job => JobId;
        /// The content of a file.
        Blob => BlobId;
        /// A document.
        Document => DocumentId;
        /// A product of a customer.
        CustomerProduct => CustomerProductId;
        /// A placement of a product.
        Placement => PlacementId;
        /// A supplier.
        Supplier => SupplierId;
        /// A competitor.
        Competitor => CompetitorId;
        /// A competitor in an opportunity.
        OpportunityCompetitor => OpportunityCompetitorId;
        /// A customer's feedback.
        Feedback => FeedbackId;
        /// What is planned with a contact at a stage.
        ContactPlan => ContactPlanId;
        /// A departure of a person (ORG-23).
        Departure => DepartureId;
        /// A handover of a person's records (ORG-25).
        Handover => HandoverId;
        /// An automatic sharing rule (DUP-14).
        SharingRule => SharingRuleId;
        /// A seat's application for a share (DUP-13).
        ShareApplication => ShareApplicationId;
        /// An assessment of a customer's value.
        ValueAssessment => ValueAssessmentId;
        /// A major change at a customer.
        MajorChange => MajorChangeId;
    }
}
