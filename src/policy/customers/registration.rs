//! Terms of customer registration and whether it came in time (CUS-02, CUS-03,
//! CUS-20, AMB-5). Required fields are in [`super::completeness`], unique keys in
//! [`super::unique_key`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub use super::completeness::{ContactFacts, Facts, Form, missing};
pub use super::unique_key::{KeyFacts, UniqueKey, keys};
use crate::domain::vocabulary::{Capability, CustomerKind, EntryState, Line};
use crate::policy::{Missing, Refusal, Setting, blank, invalid};

/// Line that stands for all lines not named.
pub const DEFAULT_LINE: &str = "DEFAULT";

/// Rules of customer registration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "in_order", skip_on_field_errors = false))]
pub struct RegistrationSettings {
    /// Calendar days from first contact to submission, inclusive (CUS-20).
    #[validate(range(min = 0, max = 365))]
    pub entry_days: u16,
    /// The same in special cases, which need a reason, inclusive (CUS-20).
    #[validate(range(min = 0, max = 365))]
    pub entry_days_special: u16,
    /// Whether one phone may be registered only once, by business line (DUP-03,
    /// DUP-05); `DEFAULT` stands for all others.
    #[validate(custom(function = "has_default"))]
    pub phone_is_hard_by_line: BTreeMap<String, bool>,
    /// In which other lines a line's customers must be unique too, as pairs of lines (DUP-05).
    #[validate(length(max = 50))]
    pub also_unique_in: Vec<LinePair>,
    /// Against which other lines a line's customers are exempt if they carry a special symbol, as pairs of lines (DUP-05,
    /// AMB-3).
    #[validate(length(max = 50))]
    pub symbol_exempts: Vec<LinePair>,
    /// Individuals are told apart by phone in every line; otherwise by full name (AMB-3).
    pub individuals_by_phone: bool,
    /// How many former names and aliases a customer may have before no more are recorded by hand: each bars others from
    /// registering (DUP-08). A change of the name keeps the old one regardless.
    #[validate(range(min = 0, max = 50))]
    pub further_names_at_most: u16,
}

impl Default for RegistrationSettings {
    fn default() -> Self {
        let lines = [
            ("CALL_CENTRE", true),
            ("SECURITIES", true),
            ("CONCEPT_THEME", true),
            ("FLYING_STOCK", true),
            (DEFAULT_LINE, false),
        ];
        let pair = |line, other| LinePair { line, other };
        let exempt = vec![
            pair(Line::ConceptTheme, Line::Securities),
            pair(Line::FlyingStock, Line::Securities),
        ];
        let mut also = exempt.clone();
        also.push(pair(Line::ConceptTheme, Line::FlyingStock));
        also.push(pair(Line::FlyingStock, Line::ConceptTheme));
        RegistrationSettings {
            entry_days: 7,
            entry_days_special: 10,
            phone_is_hard_by_line: lines.map(|(l, hard)| (l.to_owned(), hard)).into(),
            also_unique_in: also,
            symbol_exempts: exempt,
            individuals_by_phone: true,
            further_names_at_most: 10,
        }
    }
}

/// A line and another one that it has to do with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinePair {
    /// The line of which something is said.
    pub line: Line,
    /// The line to which it has to do.
    pub other: Line,
}

impl Setting for RegistrationSettings {
    const KEY: &'static str = "customer_registration";
    const RULES: &'static [&'static str] = &["CUS-20", "DUP-03", "DUP-05", "DUP-08"];
    const TITLE_ZH: &'static str = "客户登记";
    const TITLE_EN: &'static str = "Customer registration";
}

impl RegistrationSettings {
    /// Whether a phone may be registered only once in this line.
    pub fn phone_is_hard(&self, line: &str) -> bool {
        let by_line = &self.phone_is_hard_by_line;
        let hard = by_line.get(line).or_else(|| by_line.get(DEFAULT_LINE));
        hard.copied().unwrap_or(false)
    }
}

impl RegistrationSettings {
    /// The lines in which a customer of a line claims its keys; a special symbol exempts from some (DUP-05).
    pub fn lines_claimed(&self, line: Line, has_symbol: bool) -> Vec<Line> {
        let others = |pairs: &[LinePair]| -> Vec<Line> {
            let of_line = pairs.iter().filter(|pair| pair.line == line);
            of_line.map(|pair| pair.other).collect()
        };
        let exempt = if has_symbol {
            others(&self.symbol_exempts)
        } else {
            Vec::new()
        };
        let mut lines = others(&self.also_unique_in);
        lines.retain(|other| *other != line && !exempt.contains(other));
        lines.push(line);
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// Whether customers of this line may carry a special symbol (DUP-05).
    pub fn takes_symbol(&self, line: Line) -> bool {
        self.symbol_exempts.iter().any(|pair| pair.line == line)
    }
}

fn in_order(settings: &RegistrationSettings) -> Result<(), ValidationError> {
    if settings.entry_days <= settings.entry_days_special {
        return Ok(());
    }
    Err(invalid(
        "LIMITS_CROSSED",
        Some("/entry_days_special"),
        "特殊情况的录入期限不得短于一般期限",
        "the special limit must not be shorter than the ordinary one",
    ))
}

fn has_default(lines: &BTreeMap<String, bool>) -> Result<(), ValidationError> {
    if lines.contains_key(DEFAULT_LINE) {
        return Ok(());
    }
    Err(invalid(
        "DEFAULT_MISSING",
        None,
        "缺少 DEFAULT",
        "DEFAULT is missing",
    ))
}

impl CustomerKind {
    /// Capability one needs to enter such a customer (CUS-03).
    pub const fn entry_capability(self) -> Capability {
        match self {
            CustomerKind::Direct => Capability::RegisterDirect,
            CustomerKind::Agent | CustomerKind::AgentEnd => Capability::RegisterChannel,
        }
    }
}

/// Whether a customer was entered in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Within the ordinary limit.
    InTime {
        /// Calendar days since first contact.
        days: i64,
    },
    /// Beyond the ordinary but within the special limit.
    Warn {
        /// Calendar days since first contact.
        days: i64,
        /// The special reason is still to be given.
        reason_missing: bool,
    },
    /// Beyond the special limit too; recorded against the registrant.
    Late {
        /// Calendar days since first contact.
        days: i64,
    },
}

/// How late a registration is, in calendar days of the company's zone (CUS-20, AMB-5).
pub fn entry_lateness(
    first_contact_on: NaiveDate,
    submitted_on: NaiveDate,
    special_reason: Option<&str>,
    settings: &RegistrationSettings,
) -> Result<Entry, Refusal> {
    let days = submitted_on
        .signed_duration_since(first_contact_on)
        .num_days();
    if days < 0 {
        return Err(Refusal::new(
            "CUS-20",
            "FIRST_CONTACT_IN_FUTURE",
            format!("首次接触日期 {first_contact_on} 晚于提交日期 {submitted_on};请更正"),
            format!(
                "first contact {first_contact_on} is after the submission {submitted_on}: correct it"
            ),
        ));
    }
    Ok(if days <= i64::from(settings.entry_days) {
        Entry::InTime { days }
    } else if days <= i64::from(settings.entry_days_special) {
        Entry::Warn {
            days,
            reason_missing: blank(special_reason),
        }
    } else {
        Entry::Late { days }
    })
}

/// The reason that a special case needs (AMB-5): an entry after the week and within the ten days. What is later still is
/// no special case but late, and recorded as such.
pub fn special_reason_missing(
    first_contact_on: NaiveDate,
    submitted_on: NaiveDate,
    special_reason: Option<&str>,
    settings: &RegistrationSettings,
) -> Option<Missing> {
    match entry_lateness(first_contact_on, submitted_on, special_reason, settings) {
        Ok(Entry::Warn {
            reason_missing: true,
            ..
        }) => Some(Missing::new(
            "/entry_special_reason",
            "CUS-20",
            "录入已超过一般期限，须说明特殊情况",
            "the entry is past the ordinary limit: say what is special about it",
        )),
        _ => None,
    }
}

/// What an entry is called in lists and on the card (CUS-20). Without a first contact there is no clock to keep.
pub fn entry_state(
    first_contact_on: Option<NaiveDate>,
    today: NaiveDate,
    submitted: bool,
    settings: &RegistrationSettings,
) -> (EntryState, i64) {
    let days = first_contact_on.map_or(0, |first| (today - first).num_days().max(0));
    let state = if days > i64::from(settings.entry_days_special) {
        EntryState::Late
    } else if days > i64::from(settings.entry_days) {
        EntryState::Warning
    } else if submitted {
        EntryState::InTime
    } else {
        EntryState::Pending
    };
    (state, days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entered(days: u64, reason: Option<&str>) -> Entry {
        let first = NaiveDate::from_ymd_opt(2026, 2, 25).unwrap();
        let submitted = first + chrono::Days::new(days);
        entry_lateness(first, submitted, reason, &RegistrationSettings::default()).unwrap()
    }

    #[test]
    fn the_seventh_and_the_tenth_day_are_still_inside() {
        assert_eq!(entered(0, None), Entry::InTime { days: 0 });
        assert_eq!(entered(7, None), Entry::InTime { days: 7 });
        assert_eq!(
            entered(8, None),
            Entry::Warn {
                days: 8,
                reason_missing: true
            }
        );
        assert_eq!(
            entered(8, Some(" ")),
            Entry::Warn {
                days: 8,
                reason_missing: true
            }
        );
        assert_eq!(
            entered(10, Some("出差")),
            Entry::Warn {
                days: 10,
                reason_missing: false
            }
        );
        assert_eq!(entered(11, Some("出差")), Entry::Late { days: 11 });
    }

    #[test]
    fn what_is_special_needs_a_reason_and_what_is_late_is_late() {
        let first = NaiveDate::from_ymd_opt(2026, 2, 25).unwrap();
        let missing = |days, reason| {
            let settings = RegistrationSettings::default();
            let submitted = first + chrono::Days::new(days);
            special_reason_missing(first, submitted, reason, &settings).is_some()
        };
        assert!(!missing(7, None));
        assert!(missing(8, None) && missing(10, Some(" ")));
        assert!(!missing(10, Some("出差")));
        assert!(!missing(11, None));
    }

    #[test]
    fn an_entry_is_pending_until_submitted_and_late_from_the_eleventh_day() {
        let settings = RegistrationSettings::default();
        let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let state = |days, submitted| {
            let today = first + chrono::TimeDelta::days(days);
            entry_state(Some(first), today, submitted, &settings)
        };
        assert_eq!(state(7, false), (EntryState::Pending, 7));
        assert_eq!(state(7, true), (EntryState::InTime, 7));
        assert_eq!(state(8, false), (EntryState::Warning, 8));
        assert_eq!(state(10, true), (EntryState::Warning, 10));
        assert_eq!(state(11, true), (EntryState::Late, 11));
        assert_eq!(state(11, false), (EntryState::Late, 11));
        assert_eq!(
            entry_state(None, first, true, &settings).0,
            EntryState::InTime
        );
    }

    #[test]
    fn a_first_contact_after_the_submission_is_refused() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let refused = entry_lateness(day(2), day(1), None, &RegistrationSettings::default());
        assert_eq!(refused.unwrap_err().code, "FIRST_CONTACT_IN_FUTURE");
    }

    #[test]
    fn limits_may_be_equal_but_not_crossed_and_default_is_needed() {
        let s = RegistrationSettings::default();
        let of = |a, b| RegistrationSettings {
            entry_days: a,
            entry_days_special: b,
            ..s.clone()
        };
        assert!(of(7, 7).validate().is_ok() && of(8, 7).validate().is_err());
        let names = |further_names_at_most| RegistrationSettings {
            further_names_at_most,
            ..s.clone()
        };
        assert!(names(0).validate().is_ok() && names(50).validate().is_ok());
        assert!(names(51).validate().is_err());
        let empty = RegistrationSettings {
            phone_is_hard_by_line: BTreeMap::new(),
            ..s.clone()
        };
        assert!(empty.validate().is_err());
    }

    proptest! {
        #[test]
        fn waiting_longer_is_never_judged_more_kindly(a in 0_u64..30, b in 0_u64..30, reason in any::<bool>()) {
            let rank = |d| match entered(d, reason.then_some("出差")) {
                Entry::InTime { .. } => 0,
                Entry::Warn { .. } => 1,
                Entry::Late { .. } => 2,
            };
            prop_assert!(rank(a.min(b)) <= rank(a.max(b)));
        }
    }
}
