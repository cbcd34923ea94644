//! Whether a quote may be made at all (QUO-01, QUO-04). A partner's special
//! price is in [`super::special_price`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub use super::special_price::{SpecialPrice, SpecialPriceFacts, special_price};
use crate::domain::Ratio;
use crate::domain::vocabulary::Capability;
use crate::policy::{Refusal, Setting, blank, is_floor};

/// Conditions of quoting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuotingSettings {
    /// Number of the first stage, counted from 1, at which a quote may be made (QUO-01, AMB-6).
    #[validate(range(min = 1, max = 20))]
    pub min_stage: u8,
    /// A completed face-to-face visit is required before a quote (QUO-04, AMB-39).
    pub visit_required: bool,
    /// A price ratio below this is a special price of a partner unit (QUO-12, AMB-40).
    #[validate(custom(function = "is_floor"))]
    pub special_price_threshold: Ratio,
    /// Days without maintenance after which a partner's special prices are not
    /// processed; exactly so many days is still in time (QUO-12, AMB-35).
    #[validate(range(min = 1, max = 365))]
    pub partner_lapse_days: u16,
}

impl Default for QuotingSettings {
    fn default() -> Self {
        QuotingSettings {
            min_stage: 3,
            visit_required: true,
            special_price_threshold: Ratio::from_percent(50),
            partner_lapse_days: 30,
        }
    }
}

impl Setting for QuotingSettings {
    const KEY: &'static str = "quoting";
    const RULES: &'static [&'static str] = &["QUO-01", "QUO-04", "QUO-12", "CUS-51"];
    const TITLE_ZH: &'static str = "报价条件";
    const TITLE_EN: &'static str = "Conditions of quoting";
}

/// The opportunity that is to be quoted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opportunity {
    /// Registered and not closed.
    pub live: bool,
    /// Number of its stage, counted from 1.
    pub stage: u8,
}

/// A request to leave aside the meeting that QUO-04 demands "in principle" (AMB-29).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Why; mandatory.
    pub reason: String,
    /// Whoever grants it holds the capability [`EXCEPTION_CAPABILITY`].
    pub capable: bool,
}

/// Capability to grant an exception from QUO-04's meeting (AMB-29).
pub const EXCEPTION_CAPABILITY: Capability = Capability::GrantQuoteException;

/// What is judged before a quote is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The customer record has passed review and is in effect (CUS-22).
    pub customer_effective: bool,
    /// Completed face-to-face visits with this customer (AMB-39).
    pub visits: u32,
    /// The opportunity, if the quote names one.
    pub opportunity: Option<Opportunity>,
    /// An exception from QUO-04's meeting, if asked for.
    pub exception: Option<Exception>,
}

/// Whether a quote may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// By the rule.
    Allowed,
    /// There was no meeting, but an exception was granted; record its reason.
    AllowedByException {
        /// The reason given.
        reason: String,
        /// What would have been refused.
        waived: Vec<Refusal>,
    },
    /// Everything that stands against it.
    Refused(Vec<Refusal>),
}

/// Whether a quote may be made, with all refusals at once. An exception waives the meeting only:
/// an unregistered customer is never quoted to.
pub fn may_quote(facts: &Facts, settings: &QuotingSettings) -> Verdict {
    let mut refusals = against_stage(facts.opportunity, settings);
    refusals.extend(against_customer(facts));
    let waivable = against_unmet(facts, settings);
    match &facts.exception {
        Some(exception) if !waivable.is_empty() => match may_except(exception) {
            Ok(()) if refusals.is_empty() => {
                return Verdict::AllowedByException {
                    reason: exception.reason.trim().to_owned(),
                    waived: waivable,
                };
            }
            Ok(()) => {}
            Err(refusal) => {
                refusals.extend(waivable);
                refusals.push(refusal);
            }
        },
        _ => refusals.extend(waivable),
    }
    match refusals.is_empty() {
        true => Verdict::Allowed,
        false => Verdict::Refused(refusals),
    }
}

fn against_stage(opportunity: Option<Opportunity>, settings: &QuotingSettings) -> Vec<Refusal> {
    let min = settings.min_stage;
    let Some(Opportunity { live, stage }) = opportunity else {
        return vec![Refusal::new(
            "QUO-01",
            "OPPORTUNITY_REQUIRED",
            "报价必须对应一个销售机会;请指定销售机会",
            "a quote is made for an opportunity: name one",
        )];
    };
    let mut refusals = Vec::new();
    if !live {
        refusals.push(Refusal::new(
            "QUO-01",
            "OPPORTUNITY_NOT_LIVE",
            "销售机会未注册成功或已关闭,不能报价;请选择跟单中的销售机会",
            "the opportunity is not registered or already closed: quote for one that is being followed",
        ));
    }
    if stage < min {
        refusals.push(Refusal::new(
            "QUO-01",
            "STAGE_TOO_EARLY",
            format!("销售机会处于第 {stage} 阶段,到第 {min} 阶段方可报价"),
            format!("the opportunity is at stage {stage}; quotes are made from stage {min}"),
        ));
    }
    refusals
}

fn against_customer(facts: &Facts) -> Option<Refusal> {
    (!facts.customer_effective).then(|| {
        Refusal::new(
            "QUO-04",
            "CUSTOMER_NOT_EFFECTIVE",
            "客户尚未在系统中生效,不能报价;请先提交客户并通过审核",
            "the customer is not in effect: submit it and have it pass review first",
        )
    })
}

fn against_unmet(facts: &Facts, settings: &QuotingSettings) -> Vec<Refusal> {
    if !settings.visit_required || facts.visits > 0 {
        return Vec::new();
    }
    vec![Refusal::new(
        "QUO-04",
        "VISIT_REQUIRED",
        "与客户尚无面谈交流,不能报价;请先完成并登记一次面谈拜访",
        "there was no face-to-face meeting: complete and record a visit first",
    )]
}

fn may_except(exception: &Exception) -> Result<(), Refusal> {
    if !exception.capable {
        return Err(Refusal::new(
            "QUO-04",
            "EXCEPTION_NOT_PERMITTED",
            format!("无权批准例外报价;须由具有 {EXCEPTION_CAPABILITY} 权限的人员办理"),
            format!(
                "not entitled to grant an exception: ask someone who holds {EXCEPTION_CAPABILITY}"
            ),
        ));
    }
    if blank(Some(&exception.reason)) {
        return Err(Refusal::new(
            "QUO-04",
            "EXCEPTION_REASON_REQUIRED",
            "例外报价必须写明理由",
            "an exception needs a reason: give one",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Facts {
        Facts {
            customer_effective: true,
            visits: 1,
            opportunity: Some(Opportunity {
                live: true,
                stage: 3,
            }),
            exception: None,
        }
    }

    fn codes(facts: &Facts) -> Vec<&'static str> {
        match may_quote(facts, &QuotingSettings::default()) {
            Verdict::Refused(list) => list.iter().map(|r| r.code).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn except(reason: &str, capable: bool) -> Option<Exception> {
        Some(Exception {
            reason: reason.to_owned(),
            capable,
        })
    }

    #[test]
    fn stage_three_with_one_visit_is_enough() {
        assert_eq!(
            may_quote(&good(), &QuotingSettings::default()),
            Verdict::Allowed
        );
    }

    #[test]
    fn stage_two_is_too_early() {
        let facts = Facts {
            opportunity: Some(Opportunity {
                live: true,
                stage: 2,
            }),
            ..good()
        };
        assert_eq!(codes(&facts), ["STAGE_TOO_EARLY"]);
    }

    #[test]
    fn all_refusals_come_at_once() {
        let facts = Facts {
            customer_effective: false,
            visits: 0,
            opportunity: Some(Opportunity {
                live: false,
                stage: 1,
            }),
            exception: None,
        };
        assert_eq!(
            codes(&facts),
            [
                "OPPORTUNITY_NOT_LIVE",
                "STAGE_TOO_EARLY",
                "CUSTOMER_NOT_EFFECTIVE",
                "VISIT_REQUIRED"
            ]
        );
        assert_eq!(
            codes(&Facts {
                opportunity: None,
                ..good()
            }),
            ["OPPORTUNITY_REQUIRED"]
        );
    }

    #[test]
    fn no_visit_is_needed_when_switched_off() {
        let settings = QuotingSettings {
            visit_required: false,
            ..Default::default()
        };
        assert_eq!(
            may_quote(
                &Facts {
                    visits: 0,
                    ..good()
                },
                &settings
            ),
            Verdict::Allowed
        );
    }

    #[test]
    fn an_exception_needs_the_right_and_a_reason() {
        let with = |e| Facts {
            visits: 0,
            exception: e,
            ..good()
        };
        assert_eq!(
            codes(&with(except("急", false))),
            ["VISIT_REQUIRED", "EXCEPTION_NOT_PERMITTED"]
        );
        assert_eq!(
            codes(&with(except("\u{3000}", true))),
            ["VISIT_REQUIRED", "EXCEPTION_REASON_REQUIRED"]
        );
        match may_quote(
            &with(except(" 招标截止 ", true)),
            &QuotingSettings::default(),
        ) {
            Verdict::AllowedByException { reason, waived } => {
                assert_eq!(
                    (reason.as_str(), waived[0].code),
                    ("招标截止", "VISIT_REQUIRED")
                );
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_exception_does_not_reach_the_stage() {
        let facts = Facts {
            visits: 0,
            opportunity: Some(Opportunity {
                live: true,
                stage: 2,
            }),
            exception: except("急", true),
            ..good()
        };
        assert_eq!(codes(&facts), ["STAGE_TOO_EARLY"]);
    }

    #[test]
    fn an_exception_does_not_reach_an_unregistered_customer() {
        let facts = Facts {
            customer_effective: false,
            visits: 0,
            exception: except("急", true),
            ..good()
        };
        assert_eq!(codes(&facts), ["CUSTOMER_NOT_EFFECTIVE"]);
    }

    #[test]
    fn an_exception_nobody_needs_changes_nothing() {
        let facts = Facts {
            exception: except("", false),
            ..good()
        };
        assert_eq!(
            may_quote(&facts, &QuotingSettings::default()),
            Verdict::Allowed
        );
    }
}
