//! Instants: UTC, microseconds, RFC 3339 with `Z`.

use std::fmt;

use chrono::{
    DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, SubsecRound, Utc,
};
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

/// An instant in SQL: a timestamp without a zone on PostgreSQL, microseconds since 1970 on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(
    postgres_type(oid = 1114, array_oid = 1115),
    sqlite_type(name = "Long")
)]
pub struct Moment;

impl SqlOrd for Moment {}

/// An instant in UTC, cut to microseconds: what both databases keep exactly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = Moment)]
pub struct Timestamp(NaiveDateTime);

impl Timestamp {
    /// Cuts an instant to microseconds.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.naive_utc().trunc_subsecs(6))
    }

    /// The instant as chrono knows it.
    pub fn utc(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    /// The calendar date of this instant in the company's zone.
    pub fn date_in(self, zone: chrono_tz::Tz) -> NaiveDate {
        self.utc().with_timezone(&zone).date_naive()
    }

    /// The last microsecond of a day in the company's zone: a limit that ends with a day includes all of it.
    pub fn end_of(day: NaiveDate, zone: chrono_tz::Tz) -> Self {
        let midnight = day
            .succ_opt()
            .unwrap_or(NaiveDate::MAX)
            .and_time(NaiveTime::MIN);
        let start = midnight
            .and_local_timezone(zone)
            .earliest()
            .map_or(midnight.and_utc(), |at| at.to_utc());
        Self::new(start).plus(Duration::microseconds(-1))
    }

    /// Seconds since 1970.
    pub fn unix_seconds(self) -> i64 {
        self.utc().timestamp()
    }

    /// This instant moved by a duration; the far end of time where it would overflow.
    pub fn plus(self, duration: Duration) -> Self {
        Self(
            self.0
                .checked_add_signed(duration)
                .unwrap_or(NaiveDateTime::MAX),
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}
impl std::str::FromStr for Timestamp {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|at| Self::new(at.to_utc()))
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let at: Self = text.parse().map_err(de::Error::custom)?;
        // Years that both databases and every client can hold.
        let year = chrono::Datelike::year(&at.0);
        if (1900..=9998).contains(&year) {
            Ok(at)
        } else {
            Err(de::Error::custom("the year must lie between 1900 and 9998"))
        }
    }
}
impl ToSql<Moment, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Timestamp, Pg>::to_sql(&self.0, out)
    }
}
impl FromSql<Moment, Pg> for Timestamp {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<sql_types::Timestamp, Pg>::from_sql(bytes).map(Self)
    }
}
impl ToSql<Moment, Sqlite> for Timestamp {
    /// Microseconds since 1970: eight bytes, where the text would take 26 and be parsed with every row.
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.utc().timestamp_micros());
        Ok(IsNull::No)
    }
}
impl FromSql<Moment, Sqlite> for Timestamp {
    fn from_sql(mut bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let at = DateTime::from_timestamp_micros(bytes.read_long());
        Ok(Self(at.ok_or("beyond time")?.naive_utc()))
    }
}
impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        schema::ObjectBuilder::new()
            .schema_type(schema::Type::String)
            .format(Some(schema::SchemaFormat::KnownFormat(
                schema::KnownFormat::DateTime,
            )))
            .description(Some("An instant: RFC 3339 in UTC with microseconds."))
            .examples(["2026-03-02T01:30:00.000000Z"])
            .into()
    }
}
impl ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}
