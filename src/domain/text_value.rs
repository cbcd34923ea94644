//! The traits every checked string type has: text in, text out, one schema.

/// Implements `Display`, `FromStr`, `AsRef<str>`, serde as a JSON string and
/// the OpenAPI schema for a type that has `parse(&str) -> Result<Self, E>` and
/// `as_str(&self) -> &str`.
macro_rules! text_value {
    ($type:ty, error = $error:ty, description = $description:literal, example = $example:literal
        $(, pattern = $pattern:literal)? $(, max_length = $max:literal)? $(, format = $format:literal)?) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                <$type>::parse(text)
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                <$type>::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    $(.format(Some(utoipa::openapi::schema::SchemaFormat::Custom($format.into()))))?
                    .description(Some($description))
                    $(.pattern(Some($pattern)))?
                    $(.max_length(Some($max)))?
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $type {}
    };
}

pub(super) use text_value;

/// Implements `code()` on an error enum that derives `strum::IntoStaticStr`.
macro_rules! stable_code {
    ($type:ty) => {
        impl $type {
            /// Stable machine code of the reason, in UPPER_SNAKE.
            pub fn code(self) -> &'static str {
                self.into()
            }
        }
    };
}

pub(super) use stable_code;

/// Asserts that the example in the schema of `T` is a value `T` accepts and
/// writes unchanged.
#[cfg(test)]
pub(super) fn example_is_canonical<T>()
where
    T: utoipa::PartialSchema + serde::Serialize + serde::de::DeserializeOwned,
{
    let schema = serde_json::to_value(T::schema()).unwrap();
    let example = &schema["examples"][0];
    let value: T = serde_json::from_value(example.clone()).unwrap();
    assert_eq!(&serde_json::to_value(value).unwrap(), example);
}
