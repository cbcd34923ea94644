//! Members of a merge-patch (RFC 7396): absent, null, or a value.

use serde::{Deserialize, Deserializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{OneOfBuilder, SchemaType, Type},
    },
};

/// One member of a merge-patch. Use with `#[serde(default)]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The member is absent: nothing changes.
    #[default]
    Absent,
    /// The member is null: the field is cleared.
    Null,
    /// The new value.
    Value(T),
}

impl<T> Patch<T> {
    /// The field after the patch.
    pub fn applied(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Absent => current,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The field after the patch, where it may not be cleared; null counts as absent (the schema refuses it before).
    pub fn or(self, current: T) -> T {
        match self {
            Self::Value(value) => value,
            Self::Absent | Self::Null => current,
        }
    }

    /// The patch with its value as text.
    pub fn texts(self) -> Patch<String>
    where
        T: std::fmt::Display,
    {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(value.to_string()),
        }
    }

    /// The patch with its value mapped.
    ///
    /// # Errors
    /// The closure's.
    pub fn try_map<U, E>(self, map: impl FnOnce(T) -> Result<U, E>) -> Result<Patch<U>, E> {
        Ok(match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(map(value)?),
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

impl<T: PartialSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(utoipa::openapi::ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null)))
            .item(T::schema())
            .into()
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {}
