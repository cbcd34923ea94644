//! One macro for every enumeration: its wire and database form, and its labels in Chinese and English.

/// A value of an enumeration with its labels, for metadata and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// UPPER_SNAKE, on the wire and in the database.
    pub value: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
}

/// Text that is none of an enumeration's values.
#[derive(Debug, thiserror::Error)]
#[error("unknown value")]
pub struct UnknownValue;

/// Declares an enumeration that is UPPER_SNAKE text on the wire and in the database:
/// `text_enum! { /// doc  pub enum Name { /// doc  Variant = "VARIANT", "中文", "English"; } }`.
// The value is a `tt`: a `literal` reaches the derive of the schema wrapped, which then reads no `rename` in it.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $value:tt, $zh:literal, $en:literal;)+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            utoipa::ToSchema, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $value)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every value with its labels.
            pub const LABELS: &'static [$crate::domain::labels::Label] =
                &[$($crate::domain::labels::Label { value: $value, zh: $zh, en: $en }),+];

            /// The wire and database form.
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$variant => $value),+ }
            }

            /// The labels of this value.
            pub fn label(self) -> $crate::domain::labels::Label {
                match self {
                    $(Self::$variant => $crate::domain::labels::Label { value: $value, zh: $zh, en: $en }),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::domain::labels::UnknownValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($value => Ok(Self::$variant),)+
                    _ => Err($crate::domain::labels::UnknownValue),
                }
            }
        }
        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.as_str().to_sql(out)
            }
        }
        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(String::from_sql(bytes)?.parse()?)
            }
        }
    };
}
