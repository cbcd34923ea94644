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
    serialize::{self, IsNull, Output, ToSql},
    sql_types,
    sqlite::Sqlite,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema},
};

/// An instant in UTC, cut to microseconds: what both databases keep exactly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Timestamp)]
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
impl ToSql<sql_types::Timestamp, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Timestamp, Pg>::to_sql(&self.0, out)
    }
}
impl ToSql<sql_types::Timestamp, Sqlite> for Timestamp {
    /// The same text as diesel's, written without reading a format first: of an import's time that was a fiftieth.
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl<DB> FromSql<sql_types::Timestamp, DB> for Timestamp
where
    DB: Backend,
    NaiveDateTime: FromSql<sql_types::Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        NaiveDateTime::from_sql(bytes).map(Self)
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

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::{
        Connection, RunQueryDsl, SqliteConnection,
        dsl::sql,
        select,
        sql_types::{Text, Timestamp as Instant},
    };

    /// What is kept on SQLite is compared as text: it must be the text that diesel writes, with which databases are filled.
    #[test]
    fn instants_are_written_as_diesel_writes_them() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        for seconds in [-2_200_000_000, -1, 0, 1_790_000_001, 250_000_000_000] {
            for micros in [0, 1, 10, 999, 1_000, 12_000, 500_000, 999_999] {
                let at = DateTime::from_timestamp(seconds, micros * 1_000).unwrap();
                let (own, chronos) = (Timestamp::new(at), at.naive_utc());
                let text = || sql::<Text>("CAST(");
                let own = text().bind::<Instant, _>(own).sql(" AS TEXT)");
                let chronos = text().bind::<Instant, _>(chronos).sql(" AS TEXT)");
                let own: String = select(own).get_result(&mut conn).unwrap();
                let chronos: String = select(chronos).get_result(&mut conn).unwrap();
                assert_eq!(own, chronos);
            }
        }
    }
}
