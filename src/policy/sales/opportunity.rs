//! Stages and idleness of opportunities (OPP-14, OPP-24, OPP-32, OPP-35). States
//! are in [`super::opportunity_state`], required items in [`super::opportunity_items`].

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub use super::opportunity_items::{CloseFacts, EntryFacts, missing, missing_on_close};
pub use super::opportunity_state::{Command, admitted, may};
use crate::policy::{Refusal, Setting, invalid};

/// Rules of opportunities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpportunitySettings {
    /// The stage ladder, in order; stages are counted from 1 (OPP-14, OPP-35).
    #[validate(
        length(min = 1, max = 20),
        nested,
        custom(function = "has_distinct_codes")
    )]
    pub stages: Vec<Stage>,
    /// Days without sales activity after which an opportunity is idle; exactly
    /// so many days is not idle yet (OPP-32).
    #[validate(range(min = 1, max = 365))]
    pub idle_days: u16,
    /// Working days within which an opportunity is closed once its result is known (OPP-24).
    #[validate(range(min = 1, max = 30))]
    pub close_business_days: u8,
}

/// One rung of the stage ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpportunityStage)]
pub struct Stage {
    /// UPPER_SNAKE, stable.
    #[validate(length(min = 1, max = 40), custom(function = "is_code"))]
    pub code: String,
    /// Chinese name.
    #[validate(length(min = 1, max = 40))]
    pub zh: String,
    /// English name.
    #[validate(length(min = 1, max = 80))]
    pub en: String,
    /// Standard duration in calendar days (OPP-35).
    #[validate(range(min = 1, max = 730))]
    pub standard_days: u16,
}

impl Default for OpportunitySettings {
    /// The documents name no stages and no durations; these are customary.
    fn default() -> Self {
        let stages = [
            ("INITIAL_CONTACT", "初步接触", "Initial contact", 7),
            ("NEEDS_CONFIRMED", "需求确认", "Needs confirmed", 14),
            ("PROPOSAL", "方案报价", "Proposal and quotation", 14),
            ("EVALUATION", "客户评估", "Customer evaluation", 14),
            ("NEGOTIATION", "商务谈判", "Negotiation", 14),
            ("SIGNING", "合同签订", "Contract signing", 7),
        ];
        let stages = stages.map(|(code, zh, en, standard_days)| Stage {
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
            standard_days,
        });
        OpportunitySettings {
            stages: stages.into(),
            idle_days: 30,
            close_business_days: 1,
        }
    }
}

impl Setting for OpportunitySettings {
    const KEY: &'static str = "opportunity";
    const RULES: &'static [&'static str] = &["OPP-14", "OPP-24", "OPP-32", "OPP-35"];
    const TITLE_ZH: &'static str = "商机阶段与时限";
    const TITLE_EN: &'static str = "Opportunity stages and time limits";
}

impl OpportunitySettings {
    /// The stage with this number, counted from 1.
    pub fn stage(&self, number: u8) -> Result<&Stage, Refusal> {
        let index = usize::from(number).checked_sub(1);
        index
            .and_then(|i| self.stages.get(i))
            .ok_or_else(|| self.no_stage(&number.to_string()))
    }

    /// The number, counted from 1, of the stage with this code.
    pub fn stage_number(&self, code: &str) -> Result<u8, Refusal> {
        let index = self.stages.iter().position(|s| s.code == code);
        let number = index.and_then(|i| u8::try_from(i + 1).ok());
        number.ok_or_else(|| self.no_stage(code))
    }

    fn no_stage(&self, given: &str) -> Refusal {
        let codes: Vec<&str> = self.stages.iter().map(|s| s.code.as_str()).collect();
        let codes = codes.join(", ");
        Refusal::new(
            "OPP-14",
            "STAGE_UNKNOWN",
            format!("没有销售阶段 {given};可选阶段:{codes}"),
            format!("there is no stage {given}: choose one of {codes}"),
        )
    }
}

fn is_code(code: &str) -> Result<(), ValidationError> {
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if code.chars().all(allowed) {
        return Ok(());
    }
    Err(invalid(
        "NOT_A_CODE",
        None,
        "只能使用大写字母、数字和下划线",
        "must be UPPER_SNAKE",
    ))
}

fn has_distinct_codes(stages: &[Stage]) -> Result<(), ValidationError> {
    let codes: BTreeSet<&str> = stages.iter().map(|s| s.code.as_str()).collect();
    if codes.len() == stages.len() {
        return Ok(());
    }
    Err(invalid(
        "DUPLICATE_CODE",
        None,
        "阶段代码不得重复",
        "stage codes must differ",
    ))
}

/// Whether somebody is working on an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// The last activity is recent enough.
    Active {
        /// The last instant at which it is not idle yet.
        until: DateTime<Utc>,
    },
    /// The manager may give it to somebody else (OPP-32).
    Idle {
        /// Whole days since the last activity.
        days: i64,
    },
}

/// Whether an opportunity is idle: MORE than the limit since its last sales
/// activity, or since its registration if there was none.
pub fn activity(
    last_activity_at: DateTime<Utc>,
    now: DateTime<Utc>,
    settings: &OpportunitySettings,
) -> Activity {
    let limit = TimeDelta::days(i64::from(settings.idle_days));
    let since = now.signed_duration_since(last_activity_at);
    match since > limit {
        true => Activity::Idle {
            days: since.num_days(),
        },
        false => Activity::Active {
            until: last_activity_at
                .checked_add_signed(limit)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stages_are_counted_from_one() {
        let s = OpportunitySettings::default();
        assert_eq!(s.stage(1).unwrap().code, "INITIAL_CONTACT");
        assert_eq!(s.stage(6).unwrap().code, "SIGNING");
        assert_eq!(s.stage(0).unwrap_err().code, "STAGE_UNKNOWN");
        assert_eq!(s.stage(7).unwrap_err().rule, "OPP-14");
        assert_eq!(s.stage_number("PROPOSAL"), Ok(3));
        assert!(s.stage_number("proposal").is_err());
    }

    #[test]
    fn the_ladder_has_distinct_codes_and_at_least_one_stage() {
        let s = OpportunitySettings::default();
        let with = |stages| OpportunitySettings {
            stages,
            ..s.clone()
        };
        assert!(s.validate().is_ok());
        assert!(with(vec![]).validate().is_err());
        assert!(
            with(vec![s.stages[0].clone(), s.stages[0].clone()])
                .validate()
                .is_err()
        );
        let lower = Stage {
            code: "One".to_owned(),
            ..s.stages[0].clone()
        };
        assert!(with(vec![lower]).validate().is_err());
    }

    #[test]
    fn exactly_thirty_days_is_not_idle_and_a_microsecond_more_is() {
        let s = OpportunitySettings::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let limit = TimeDelta::days(30);
        assert_eq!(
            activity(now - limit, now, &s),
            Activity::Active { until: now }
        );
        let over = activity(now - limit - TimeDelta::microseconds(1), now, &s);
        assert_eq!(over, Activity::Idle { days: 30 });
    }

    proptest! {
        #[test]
        fn what_is_idle_stays_idle(ago in 0_i64..4_000_000, later in 0_i64..4_000_000) {
            let s = OpportunitySettings::default();
            let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
            let idle = |now| matches!(activity(DateTime::from_timestamp(1_800_000_000 - ago, 0).unwrap(), now, &s), Activity::Idle { .. });
            prop_assert!(!idle(now) || idle(now + TimeDelta::seconds(later)));
        }
    }
}
