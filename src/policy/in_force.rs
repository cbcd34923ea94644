//! Which version of each policy is in force at a moment.

use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use super::Setting;
use crate::domain::timestamp::Timestamp;

/// A setting and the version that every decision made with it records.
#[derive(Debug, Clone, PartialEq)]
pub struct Current<S> {
    /// The values.
    pub value: S,
    /// Version number; 0 is the regulation's own default.
    pub number: i64,
}

/// An approved version of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// From when it is in force.
    pub effective_from: Timestamp,
    /// Its number.
    pub number: i64,
    /// Its values, as JSON.
    pub value: String,
}

/// The approved versions of all policies. A version follows another once it takes effect.
#[derive(Debug, Clone, Default)]
pub struct Policies(HashMap<String, Vec<Version>>);

/// An approved version, and what it says once somebody has asked.
#[derive(Debug, Clone)]
struct Version {
    approved: Approved,
    read: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Version {
    /// Nearly every request asks for settings: what they say is read from JSON once.
    fn value<S: Setting>(&self) -> serde_json::Result<S> {
        if let Some(value) = self.read.get().and_then(|read| read.downcast_ref::<S>()) {
            return Ok(value.clone());
        }
        let value: S = serde_json::from_str(&self.approved.value)?;
        // Whoever was first has kept the same.
        let _ = self.read.set(Arc::new(value.clone()));
        Ok(value)
    }
}

impl Policies {
    /// Of the approved versions, each with its policy's key, in any order.
    pub fn of(approved: impl IntoIterator<Item = (String, Approved)>) -> Self {
        let mut by_key: HashMap<String, Vec<Version>> = HashMap::new();
        for (key, approved) in approved {
            let read = OnceLock::new();
            let version = Version { approved, read };
            by_key.entry(key).or_default().push(version);
        }
        for versions in by_key.values_mut() {
            versions
                .sort_by_key(|version| (version.approved.effective_from, version.approved.number));
        }
        Self(by_key)
    }

    /// The settings in force at a moment: the regulation's defaults before there is a version.
    ///
    /// # Errors
    /// A kept version that no longer reads.
    pub fn at<S: Setting>(&self, now: Timestamp) -> serde_json::Result<Current<S>> {
        let versions = self.0.get(S::KEY).map_or(&[][..], Vec::as_slice);
        let begun = |version: &&Version| version.approved.effective_from <= now;
        match versions.iter().rev().find(begun) {
            None => Ok(Current {
                value: S::default(),
                number: 0,
            }),
            Some(version) => Ok(Current {
                value: version.value()?,
                number: version.approved.number,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::customers::merging::DuplicateSettings;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(chrono::DateTime::from_timestamp(seconds, 0).unwrap())
    }

    fn version(number: i64, effective_from: i64, min_score: u8) -> (String, Approved) {
        let settings = DuplicateSettings {
            min_score,
            ..DuplicateSettings::default()
        };
        let approved = Approved {
            effective_from: at(effective_from),
            number,
            value: serde_json::to_string(&settings).unwrap(),
        };
        (DuplicateSettings::KEY.to_owned(), approved)
    }

    #[test]
    fn a_version_is_in_force_from_its_very_moment_until_the_next_begins() {
        let policies = Policies::of([version(2, 200, 80), version(1, 100, 70)]);
        let of = |seconds| {
            let current = policies.at::<DuplicateSettings>(at(seconds)).unwrap();
            (current.number, current.value.min_score)
        };
        let default = DuplicateSettings::default().min_score;
        assert_eq!(of(99), (0, default));
        assert_eq!(of(100), (1, 70));
        assert_eq!(of(199), (1, 70));
        assert_eq!(of(200), (2, 80));
    }

    #[test]
    fn what_a_version_says_is_the_same_however_often_it_is_asked() {
        let policies = Policies::of([version(1, 100, 70)]);
        let first = policies.at::<DuplicateSettings>(at(100)).unwrap();
        assert_eq!(policies.at::<DuplicateSettings>(at(100)).unwrap(), first);
        assert_eq!(first.value.min_score, 70);
    }

    #[test]
    fn of_two_that_begin_together_the_later_number_counts() {
        let policies = Policies::of([version(3, 100, 90), version(2, 100, 80)]);
        let current = policies.at::<DuplicateSettings>(at(100)).unwrap();
        assert_eq!(current.number, 3);
    }
}
