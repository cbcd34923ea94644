//! Important stages of a sale are communicated with the decision-maker (CUS-38).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::policy::{Refusal, Setting};

/// From which stage on, and whether it is demanded or only pointed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionMakerSettings {
    /// The first important stage, counted from 1 on the ladder of the policy `opportunity`.
    #[validate(range(min = 1, max = 20))]
    pub important_stage: u8,
    /// Whether an opportunity may not reach it without an activity with the decision-maker; else it is only warned of.
    pub required: bool,
}

impl Default for DecisionMakerSettings {
    /// The documents name no stage; the customer's evaluation is where a decision is prepared.
    fn default() -> Self {
        Self {
            important_stage: 4,
            required: false,
        }
    }
}

impl Setting for DecisionMakerSettings {
    const KEY: &'static str = "decision_maker";
    const RULES: &'static [&'static str] = &["CUS-38"];
    const TITLE_ZH: &'static str = "重要阶段与决策人沟通";
    const TITLE_EN: &'static str = "Decision-maker in important stages";
}

/// What is known of an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The stage that it is at, or is to reach.
    pub stage: i32,
    /// Whether a contact of the customer is marked as decision-maker.
    pub known: bool,
    /// Whether an activity with a decision-maker is on record.
    pub met: bool,
}

/// Whether the stage is an important one: only then the facts matter.
pub fn is_important(stage: i32, settings: &DecisionMakerSettings) -> bool {
    stage >= i32::from(settings.important_stage)
}

/// What is lacking at an important stage.
pub fn lacking(facts: Facts, settings: &DecisionMakerSettings) -> Option<Refusal> {
    if facts.met || !is_important(facts.stage, settings) {
        return None;
    }
    let stage = settings.important_stage;
    Some(if facts.known {
        Refusal::new(
            "CUS-38",
            "DECISION_MAKER_NOT_MET",
            format!("从第 {stage} 阶段起须与决策人充分沟通;请记录与决策人的销售活动"),
            format!(
                "from stage {stage} on, talk to the decision-maker: record an activity with that contact"
            ),
        )
    } else {
        Refusal::new(
            "CUS-38",
            "DECISION_MAKER_UNKNOWN",
            format!("从第 {stage} 阶段起须与决策人充分沟通;请先标明客户的决策人"),
            format!(
                "from stage {stage} on, talk to the decision-maker: mark the contact who decides first"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_important_stage_on_the_decision_maker_is_met() {
        let settings = DecisionMakerSettings::default();
        let code = |stage, known, met| {
            lacking(Facts { stage, known, met }, &settings).map(|refusal| refusal.code)
        };
        assert_eq!(code(3, false, false), None);
        assert_eq!(code(4, false, false), Some("DECISION_MAKER_UNKNOWN"));
        assert_eq!(code(4, true, false), Some("DECISION_MAKER_NOT_MET"));
        assert_eq!(code(6, true, false), Some("DECISION_MAKER_NOT_MET"));
        assert_eq!(code(4, true, true), None);
        let refusal = lacking(
            Facts {
                stage: 4,
                known: true,
                met: false,
            },
            &settings,
        );
        assert_eq!(refusal.map(|refusal| refusal.rule), Some("CUS-38"));
    }

    #[test]
    fn the_stage_is_one_of_at_most_twenty() {
        let with = |important_stage| DecisionMakerSettings {
            important_stage,
            required: true,
        };
        assert!(with(0).validate().is_err() && with(21).validate().is_err());
        assert!(with(1).validate().is_ok() && with(20).validate().is_ok());
    }
}
