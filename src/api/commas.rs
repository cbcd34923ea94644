//! Query parameters that take several values, separated by commas: `state_in=DRAFT,RETURNED`.

use std::{borrow::Cow, str::FromStr};

use serde::{Deserialize, Deserializer, de};

/// Several values. Declare it with `#[param(style = Form, explode = false, value_type = Vec<T>, required = false)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commas<T>(pub Vec<T>);

impl<T> Default for Commas<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Commas<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let values = text.split(',').map(|part| {
            part.parse().map_err(|_| de::Error::custom(format_args!("{part:?} is none of the values")))
        });
        values.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::QuoteState;

    fn read(text: &str) -> Result<Commas<QuoteState>, serde_json::Error> {
        serde_json::from_value(text.into())
    }

    #[test]
    fn values_stand_between_commas() {
        assert_eq!(read("DRAFT,SENT").unwrap().0, [QuoteState::Draft, QuoteState::Sent]);
        for bad in ["", "DRAFT,", "DRAFT, SENT", "draft", "DRAFT;SENT"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
