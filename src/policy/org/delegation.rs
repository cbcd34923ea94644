//! Who may stand in for whom, and how long (ORG-33, AMB-13).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::policy::{Refusal, Setting};

/// Rules of delegations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DelegationSettings {
    /// Days that a delegation lasts at most.
    #[validate(range(min = 1, max = 366))]
    pub max_days: u16,
}

impl Default for DelegationSettings {
    fn default() -> Self {
        DelegationSettings { max_days: 90 }
    }
}

impl Setting for DelegationSettings {
    const KEY: &'static str = "delegation";
    const RULES: &'static [&'static str] = &["ORG-33"];
    const TITLE_ZH: &'static str = "审批代理";
    const TITLE_EN: &'static str = "Delegations";
}

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Now.
    pub now: DateTime<Utc>,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Delegate and delegator are the same person.
    pub to_oneself: bool,
    /// The delegate is a machine.
    pub to_machine: bool,
}

/// A reason against a delegation, and the member that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// JSON pointer.
    pub pointer: &'static str,
    /// Why.
    pub refusal: Refusal,
}

/// Everything that stands against a delegation; empty if it may be.
pub fn check(facts: &Facts, settings: &DelegationSettings) -> Vec<Objection> {
    let against = |pointer, code, zh: String, en: String| Objection {
        pointer,
        refusal: Refusal::new("ORG-33", code, zh, en),
    };
    let max = settings.max_days;
    let length = facts.ends_at.signed_duration_since(facts.starts_at);
    [
        facts.to_oneself.then(|| {
            against(
                "/delegate_id",
                "TO_ONESELF",
                "代理人不能是本人".into(),
                "nobody stands in for themselves: choose someone else".into(),
            )
        }),
        facts.to_machine.then(|| {
            against(
                "/delegate_id",
                "TO_MACHINE",
                "代理人不能是接口账号".into(),
                "a service account stands in for nobody: choose a person".into(),
            )
        }),
        (facts.ends_at <= facts.starts_at).then(|| {
            against(
                "/ends_at",
                "ENDS_BEFORE_START",
                "结束时间须晚于开始时间".into(),
                "it must end after it starts".into(),
            )
        }),
        (facts.ends_at <= facts.now).then(|| {
            against(
                "/ends_at",
                "ALREADY_OVER",
                "结束时间须晚于现在".into(),
                "it must end after now".into(),
            )
        }),
        (facts.starts_at < facts.now).then(|| {
            against(
                "/starts_at",
                "STARTS_IN_PAST",
                "开始时间不得早于现在".into(),
                "it does not start before now: leave it out to start at once".into(),
            )
        }),
        (length > TimeDelta::days(i64::from(max))).then(|| {
            against(
                "/ends_at",
                "TOO_LONG",
                format!("代理期限最长 {max} 天"),
                format!("it lasts {max} days at most"),
            )
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(start: i64, end: i64) -> Vec<&'static str> {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let at = |seconds| now + TimeDelta::seconds(seconds);
        let facts = Facts {
            now,
            starts_at: at(start),
            ends_at: at(end),
            to_oneself: false,
            to_machine: false,
        };
        let found = check(&facts, &DelegationSettings::default());
        found
            .iter()
            .map(|objection| objection.refusal.code)
            .collect()
    }

    const LONGEST: i64 = 90 * 86_400;

    #[test]
    fn it_lasts_ninety_days_at_most() {
        assert_eq!(codes(0, LONGEST), [""; 0]);
        assert_eq!(codes(0, LONGEST + 1), ["TOO_LONG"]);
        assert_eq!(codes(60, 60 + LONGEST), [""; 0]);
    }

    #[test]
    fn it_lies_ahead_and_has_a_length() {
        assert_eq!(codes(0, 1), [""; 0]);
        assert_eq!(codes(-1, 1), ["STARTS_IN_PAST"]);
        assert_eq!(codes(5, 5), ["ENDS_BEFORE_START"]);
        assert_eq!(codes(0, 0), ["ENDS_BEFORE_START", "ALREADY_OVER"]);
    }

    #[test]
    fn nobody_stands_in_for_themselves_and_no_machine_for_anybody() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let facts = Facts {
            now,
            starts_at: now,
            ends_at: now + TimeDelta::days(1),
            to_oneself: true,
            to_machine: true,
        };
        let found = check(&facts, &DelegationSettings::default());
        let found: Vec<_> = found.iter().map(|o| (o.pointer, o.refusal.code)).collect();
        assert_eq!(
            found,
            [
                ("/delegate_id", "TO_ONESELF"),
                ("/delegate_id", "TO_MACHINE")
            ]
        );
    }
}
