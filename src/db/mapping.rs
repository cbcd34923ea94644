//! How the domain's values are kept: fen and ten-thousandths as BIGINT, normalised texts as TEXT, ids and instants as each
//! database does it best.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, HasSqlType, Text},
};

use super::MultiBackend;
use crate::auth::vault::Sealed;
use crate::domain::{
    CreditCode, Money, Phone, Ratio,
    id::{Id, RecordId},
    timestamp::{Moment, Timestamp},
};

macro_rules! as_bigint {
    ($($type:ty, $out:ident, $in:expr;)*) => {$(
        impl<DB> ToSql<BigInt, DB> for $type
        where
            DB: Backend,
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.$out().to_sql(out)
            }
        }
        impl<DB> FromSql<BigInt, DB> for $type
        where
            DB: Backend,
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                ($in)(i64::from_sql(bytes)?).ok_or_else(|| "out of range".into())
            }
        }
    )*};
}

macro_rules! as_text {
    ($($type:ty;)*) => {$(
        impl<DB> ToSql<Text, DB> for $type
        where
            DB: Backend,
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }
        impl<DB> FromSql<Text, DB> for $type
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(<$type>::parse(&String::from_sql(bytes)?)?)
            }
        }
    )*};
}

/// On a connection to either database: as the one that it is keeps it.
macro_rules! as_each_does {
    ($($type:ty, $kind:ident $(, $of:ident)?;)*) => {$(
        impl HasSqlType<$kind> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$kind>(lookup)
            }
        }
        impl$(<$of>)? ToSql<$kind, MultiBackend> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($kind, self));
                Ok(IsNull::No)
            }
        }
        impl$(<$of>)? FromSql<$kind, MultiBackend> for $type {
            fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<Self, $kind>()
            }
        }
    )*};
}

impl<DB> ToSql<Text, DB> for Sealed
where
    DB: Backend,
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}
impl<DB> FromSql<Text, DB> for Sealed
where
    DB: Backend,
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_stored(String::from_sql(bytes)?))
    }
}

as_bigint! {
    Money, fen_ref, |fen| Some(Money::from_fen(fen));
    Ratio, ten_thousandths_ref, Ratio::from_ten_thousandths;
}
as_text! {
    CreditCode;
    Phone;
}
as_each_does! {
    Id<T>, RecordId, T;
    Timestamp, Moment;
}
