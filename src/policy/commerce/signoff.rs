//! Who signs a contract off (CON-02..05, AMB-7). Whether an approved quote
//! covers its discount is in [`super::quote_cover`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::discount::Line;
pub use super::quote_cover::{Cover, check_against_quote};
pub use crate::domain::vocabulary::CountersignReason as Reason;
use crate::domain::vocabulary::{Capability, ContractRoute, SeatMode, SeatScope};
use crate::domain::{Money, Ratio};
use crate::policy::governance::approval::{self, Seat, Step};
use crate::policy::{Refusal, Setting, invalid, is_floor};

/// What a department manager may sign off alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignoffSettings {
    /// Largest amount of a small contract, inclusive (CON-02).
    #[validate(custom(function = "is_positive"))]
    pub small_contract_limit: Money,
    /// Deepest discount the manager may sign, inclusive (CON-02).
    #[validate(custom(function = "is_floor"))]
    pub discount_floor: Ratio,
    /// How "product sale" and "small contract" combine (AMB-7).
    pub combine: Combine,
}

/// How "product sale" and "small contract" combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = SignoffCombine)]
pub enum Combine {
    /// Both must hold.
    And,
    /// One is enough.
    Or,
}

impl Default for SignoffSettings {
    fn default() -> Self {
        SignoffSettings {
            small_contract_limit: Money::from_yuan(200_000),
            discount_floor: Ratio::from_percent(45),
            combine: Combine::And,
        }
    }
}

impl Setting for SignoffSettings {
    const KEY: &'static str = "contract_signoff";
    const RULES: &'static [&'static str] = &["CON-02", "CON-04", "CON-05"];
    const TITLE_ZH: &'static str = "合同审批权限";
    const TITLE_EN: &'static str = "Contract sign-off";
}

fn is_positive(amount: &Money) -> Result<(), ValidationError> {
    if *amount > Money::ZERO {
        return Ok(());
    }
    Err(invalid(
        "OUT_OF_RANGE",
        None,
        "必须大于零",
        "must be above zero",
    ))
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// A sale of products (产品销售).
    pub product_sale: bool,
    /// Contract amount.
    pub amount: Money,
    /// Sum of the list prices of what is sold.
    pub list_total: Money,
    /// Sum of the prices agreed for it; not above the amount.
    pub quoted_total: Money,
    /// The company's standard contract text is used.
    pub standard_text: bool,
    /// Totals of the approved quote the contract rests on, if there is one.
    pub approved_quote: Option<Line>,
}

/// Who signs the contract off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The department manager alone, with a definite opinion (CON-02, CON-03).
    DepartmentManager,
    /// Review and countersign (CON-04, CON-05).
    Countersign {
        /// Every condition of CON-02 that is not met.
        because: Vec<Reason>,
    },
}

impl Route {
    /// The route as it is kept with the contract.
    pub const fn kind(&self) -> ContractRoute {
        match self {
            Route::DepartmentManager => ContractRoute::DepartmentManager,
            Route::Countersign { .. } => ContractRoute::Countersign,
        }
    }

    /// The requirement the route rests on.
    pub const fn rule(&self) -> &'static str {
        match self {
            Route::DepartmentManager => "CON-02",
            Route::Countersign { .. } => "CON-04",
        }
    }

    /// The steps of the approval: the manager alone, or the preliminary opinion
    /// and then the three in parallel, who must all agree (AMB-28).
    pub fn approval(&self) -> approval::Route {
        let step = |mode, seats: &[(Capability, SeatScope)]| Step {
            mode,
            seats: seats
                .iter()
                .map(|(c, s)| Seat {
                    capability: *c,
                    scope: *s,
                })
                .collect(),
        };
        let steps = match self {
            Route::DepartmentManager => {
                vec![step(
                    SeatMode::AnyOf,
                    &[(Capability::DecideSmallContracts, SeatScope::SubmitterUnit)],
                )]
            }
            Route::Countersign { .. } => vec![
                step(
                    SeatMode::AnyOf,
                    &[(Capability::CountersignPreliminary, SeatScope::Company)],
                ),
                step(
                    SeatMode::AllOf,
                    &[
                        (Capability::CountersignResearch, SeatScope::Company),
                        (Capability::CountersignService, SeatScope::Company),
                        (Capability::CountersignPresident, SeatScope::Company),
                    ],
                ),
            ],
        };
        approval::Route { steps }
    }
}

/// Who signs this contract off.
pub fn route(facts: &Facts, settings: &SignoffSettings) -> Result<Route, Refusal> {
    check_amounts(facts)?;
    let small = facts.amount <= settings.small_contract_limit;
    let kind_met = match settings.combine {
        Combine::And => facts.product_sale && small,
        Combine::Or => facts.product_sale || small,
    };
    let covered = settings
        .discount_floor
        .covers(facts.quoted_total, facts.list_total);
    let because: Vec<Reason> = [
        (!kind_met && !facts.product_sale, Reason::NotProductSale),
        (!kind_met && !small, Reason::AmountAboveLimit),
        (!covered, Reason::DiscountBelowFloor),
        (!facts.standard_text, Reason::NotStandardText),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect();
    Ok(match because.is_empty() {
        true => Route::DepartmentManager,
        false => Route::Countersign { because },
    })
}

pub(super) fn check_amounts(facts: &Facts) -> Result<(), Refusal> {
    if facts.list_total <= Money::ZERO {
        return Err(Refusal::new(
            "CON-02",
            "LIST_PRICE_ZERO",
            "合同没有目录价合计,无法计算折扣;请填写目录价",
            "the contract has no list total, so it has no discount: give list prices",
        ));
    }
    if facts.amount.is_negative() || facts.quoted_total.is_negative() {
        return Err(Refusal::new(
            "CON-02",
            "AMOUNT_NEGATIVE",
            "合同金额不得小于零",
            "the contract's amounts must be zero or more",
        ));
    }
    if facts.amount < facts.quoted_total {
        return Err(Refusal::new(
            "CON-02",
            "AMOUNT_BELOW_LINES",
            format!(
                "合同金额 {} 小于明细合计 {};请把优惠计入明细价格",
                facts.amount, facts.quoted_total
            ),
            format!(
                "the amount {} is below the sum of the lines {}: enter the rebate in the lines",
                facts.amount, facts.quoted_total
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 200 000.00 yuan at exactly 4.5折: the manager's farthest corner.
    fn corner() -> Facts {
        Facts {
            product_sale: true,
            amount: Money::from_yuan(200_000),
            list_total: Money::from_yuan(400_000),
            quoted_total: Money::from_yuan(180_000),
            standard_text: true,
            approved_quote: None,
        }
    }

    fn because(facts: &Facts, combine: Combine) -> Vec<Reason> {
        let settings = SignoffSettings {
            combine,
            ..Default::default()
        };
        match route(facts, &settings).unwrap() {
            Route::DepartmentManager => vec![],
            Route::Countersign { because } => because,
        }
    }

    fn fen_off(amount: Money, off: i64) -> Money {
        Money::from_fen(amount.fen() + off)
    }

    #[test]
    fn the_limits_themselves_belong_to_the_manager() {
        assert_eq!(
            route(&corner(), &SignoffSettings::default()),
            Ok(Route::DepartmentManager)
        );
    }

    #[test]
    fn one_fen_beyond_either_limit_is_countersigned() {
        let above = Facts {
            amount: fen_off(corner().amount, 1),
            ..corner()
        };
        assert_eq!(because(&above, Combine::And), [Reason::AmountAboveLimit]);
        let deeper = Facts {
            quoted_total: fen_off(corner().quoted_total, -1),
            ..corner()
        };
        assert_eq!(because(&deeper, Combine::And), [Reason::DiscountBelowFloor]);
    }

    #[test]
    fn all_reasons_are_named() {
        let facts = Facts {
            product_sale: false,
            amount: Money::from_yuan(200_001),
            quoted_total: Money::from_yuan(1),
            standard_text: false,
            ..corner()
        };
        let all = [
            Reason::NotProductSale,
            Reason::AmountAboveLimit,
            Reason::DiscountBelowFloor,
            Reason::NotStandardText,
        ];
        assert_eq!(because(&facts, Combine::And), all);
        assert_eq!(because(&facts, Combine::Or), all);
    }

    #[test]
    fn with_or_one_of_the_two_is_enough() {
        let small_service = Facts {
            product_sale: false,
            ..corner()
        };
        let large_sale = Facts {
            amount: Money::from_yuan(900_000),
            ..corner()
        };
        assert_eq!(
            because(&small_service, Combine::And),
            [Reason::NotProductSale]
        );
        assert_eq!(because(&small_service, Combine::Or), []);
        assert_eq!(because(&large_sale, Combine::Or), []);
    }

    #[test]
    fn amounts_that_hide_the_discount_are_refused() {
        let code = |f: Facts| route(&f, &SignoffSettings::default()).unwrap_err().code;
        assert_eq!(
            code(Facts {
                list_total: Money::ZERO,
                ..corner()
            }),
            "LIST_PRICE_ZERO"
        );
        assert_eq!(
            code(Facts {
                amount: Money::from_fen(-1),
                ..corner()
            }),
            "AMOUNT_NEGATIVE"
        );
        let rebate = Facts {
            amount: fen_off(corner().quoted_total, -1),
            ..corner()
        };
        assert_eq!(code(rebate), "AMOUNT_BELOW_LINES");
    }

    #[test]
    fn countersigning_is_one_opinion_and_then_three_who_must_all_agree() {
        let route = Route::Countersign { because: vec![] }.approval();
        assert_eq!(route.check(), Ok(()));
        let shape: Vec<_> = route
            .steps
            .iter()
            .map(|s| (s.mode, s.seats.len()))
            .collect();
        assert_eq!(shape, [(SeatMode::AnyOf, 1), (SeatMode::AllOf, 3)]);
        assert_eq!(
            Route::DepartmentManager.approval().steps[0].seats[0].scope,
            SeatScope::SubmitterUnit
        );
    }

    proptest! {
        #[test]
        fn a_larger_or_cheaper_contract_never_comes_back_to_the_manager(
            amount in 18_500_000_i64..21_000_000, quoted in 17_800_000_i64..18_500_000,
            more in 0_i64..1_000_000, less in 0_i64..500_000,
        ) {
            let before = Facts { amount: Money::from_fen(amount), quoted_total: Money::from_fen(quoted), ..corner() };
            let after = Facts { amount: Money::from_fen(amount + more), quoted_total: Money::from_fen(quoted - less), ..corner() };
            if !because(&before, Combine::And).is_empty() {
                prop_assert!(!because(&after, Combine::And).is_empty());
            }
        }
    }
}
