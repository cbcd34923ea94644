//! Query parameters that hold several values, separated by commas.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

/// Up to 50 values separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv<T>(pub Vec<T>);

impl<T> Csv<T> {
    /// The values of an optional parameter; none if it is absent.
    pub fn values(parameter: Option<Self>) -> Vec<T> {
        parameter.map(|values| values.0).unwrap_or_default()
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Csv<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let values: Vec<T> = text
            .split(',')
            .map(|part| {
                part.trim()
                    .parse()
                    .map_err(|_| de::Error::custom("unknown value in the list"))
            })
            .collect::<Result<_, _>>()?;
        if values.len() > 50 {
            return Err(de::Error::custom("more than 50 values"));
        }
        Ok(Self(values))
    }
}
