//! Labelled pairs of names: what is registered, what is asked for, how the one was made of the other, what is expected.

use serde::{Deserialize, Serialize};

/// What the look-up should say of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Refused, or listed as likely the same.
    Same,
    /// Listed as related.
    Related,
    /// Not refused; a company that is nobody's, if nothing is registered, is not listed either.
    Different,
}

/// A pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The registered name; empty for a new company that has nothing to do with any.
    pub registered: String,
    /// Its address.
    #[serde(default)]
    pub address: String,
    /// Its website.
    #[serde(default)]
    pub website: String,
    /// The name that is asked for; address and website are asked for with it.
    pub queried: String,
    /// How the name was disturbed.
    pub kind: String,
    /// What is expected.
    pub expected: Expected,
}
