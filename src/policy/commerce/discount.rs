//! Who must approve a quote's discount (QUO-03, QUO-05..07, AMB-9).
//!
//! A discount is the fraction quoted price / list price, judged exactly; the
//! ratio in the decision is that fraction rounded down to four decimals. A
//! floor has four decimals too, so "rounded ratio below the floor" and "exact
//! fraction below the floor" are the same statement.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::vocabulary::QuoteTier;
use crate::domain::{Money, Ratio};
use crate::policy::{Refusal, Setting, invalid, is_floor};

/// Discount tiers of quotes. Ratios are quoted price / list price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "in_order", skip_on_field_errors = false))]
pub struct DiscountSettings {
    /// Deepest discount of a sales or channel department manager, inclusive (QUO-05).
    #[validate(custom(function = "is_floor"))]
    pub manager_floor: Ratio,
    /// Deepest discount of the president's assistant, inclusive (QUO-06).
    #[validate(custom(function = "is_floor"))]
    pub assistant_floor: Ratio,
    /// Judge every line as well as the total (AMB-9).
    pub per_line: bool,
}

impl Default for DiscountSettings {
    fn default() -> Self {
        DiscountSettings {
            manager_floor: Ratio::from_percent(50),
            assistant_floor: Ratio::from_percent(45),
            per_line: true,
        }
    }
}

impl Setting for DiscountSettings {
    const KEY: &'static str = "quote_discount";
    const RULES: &'static [&'static str] = &["QUO-03", "QUO-05", "QUO-06", "QUO-07"];
    const TITLE_ZH: &'static str = "报价折扣审批权限";
    const TITLE_EN: &'static str = "Discount tiers of quotes";
}

fn in_order(settings: &DiscountSettings) -> Result<(), ValidationError> {
    if settings.assistant_floor <= settings.manager_floor {
        return Ok(());
    }
    Err(invalid(
        "FLOORS_CROSSED",
        Some("/assistant_floor"),
        "总裁助理的折扣下限不得高于部门经理的折扣下限",
        "the assistant's floor must not be above the department manager's",
    ))
}

/// One line of a quote, extended by its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// List price × quantity.
    pub list: Money,
    /// Quoted price × quantity.
    pub quoted: Money,
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// All lines of the quote.
    pub lines: Vec<Line>,
}

impl QuoteTier {
    /// The requirement that gives this tier its right.
    pub const fn rule(self) -> &'static str {
        match self {
            QuoteTier::DepartmentManager => "QUO-05",
            QuoteTier::PresidentAssistant => "QUO-06",
            QuoteTier::Executive => "QUO-07",
        }
    }
}

/// Who must approve, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The lowest tier that may approve.
    pub tier: QuoteTier,
    /// Quoted total / list total, rounded down to four decimals.
    pub ratio: Ratio,
    /// Index of the deepest line, if lines are judged and it is deeper than the
    /// total; of equally deep ones the first.
    pub deepest_line: Option<usize>,
    /// Requirement id of the tier.
    pub rule: &'static str,
}

/// Which tier must approve these prices.
pub fn decide(facts: &Facts, settings: &DiscountSettings) -> Result<Decision, Refusal> {
    check_lines(&facts.lines)?;
    let total = total(&facts.lines)?;
    let deepest_line = match settings.per_line {
        true => deepest(&facts.lines, total),
        false => None,
    };
    let line_tier = deepest_line
        .and_then(|i| facts.lines.get(i))
        .map(|line| tier_of(*line, settings));
    let own_tier = tier_of(total, settings);
    let tier = line_tier.map_or(own_tier, |t| t.max(own_tier));
    Ok(Decision {
        tier,
        ratio: ratio(total),
        deepest_line,
        rule: tier.rule(),
    })
}

/// The tier of one fraction. The list price must be above zero.
pub fn tier_of(line: Line, settings: &DiscountSettings) -> QuoteTier {
    if settings.manager_floor.covers(line.quoted, line.list) {
        QuoteTier::DepartmentManager
    } else if settings.assistant_floor.covers(line.quoted, line.list) {
        QuoteTier::PresidentAssistant
    } else {
        QuoteTier::Executive
    }
}

/// Whether the discount of `a` is deeper than that of `b`, exactly.
pub fn is_deeper(a: Line, b: Line) -> bool {
    let cross = |x: Line, y: Line| i128::from(x.quoted.fen()) * i128::from(y.list.fen());
    cross(a, b) < cross(b, a)
}

/// The fraction to show: rounded down, capped at the largest ratio there is.
pub(crate) fn ratio(line: Line) -> Ratio {
    Ratio::floor_of(line.quoted, line.list).unwrap_or(Ratio::MAX)
}

/// A ratio as Chinese buyers say it: 0.4500 is 4.5折.
pub(crate) fn zhe(ratio: Ratio) -> String {
    let text = format!(
        "{}.{:03}",
        ratio.ten_thousandths() / 1_000,
        ratio.ten_thousandths() % 1_000
    );
    format!("{}折", text.trim_end_matches('0').trim_end_matches('.'))
}

fn check_lines(lines: &[Line]) -> Result<(), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::new(
            "QUO-09",
            "QUOTE_EMPTY",
            "报价没有产品行,请至少添加一行",
            "the quote has no product line: add at least one",
        ));
    }
    for (index, line) in lines.iter().enumerate() {
        check_prices(*line, index + 1)?;
    }
    Ok(())
}

fn check_prices(line: Line, number: usize) -> Result<(), Refusal> {
    if line.list.is_zero() {
        return Err(Refusal::new(
            "QUO-09",
            "LIST_PRICE_ZERO",
            format!("第 {number} 行没有目录价,无法计算折扣;请填写目录价"),
            format!("line {number} has no list price, so it has no discount: give a list price"),
        ));
    }
    if line.list.is_negative() || line.quoted.is_negative() {
        return Err(Refusal::new(
            "QUO-09",
            "PRICE_NEGATIVE",
            format!("第 {number} 行的价格为负数;价格不得小于零"),
            format!("line {number} has a negative price: prices must be zero or more"),
        ));
    }
    Ok(())
}

fn total(lines: &[Line]) -> Result<Line, Refusal> {
    let list = Money::try_sum(lines.iter().map(|l| l.list));
    let quoted = Money::try_sum(lines.iter().map(|l| l.quoted));
    match (list, quoted) {
        (Some(list), Some(quoted)) => Ok(Line { list, quoted }),
        _ => Err(Refusal::new(
            "QUO-09",
            "AMOUNT_TOO_LARGE",
            format!("合计金额超过系统上限 {} 元;请拆分报价", Money::MAX),
            format!(
                "the total is above the largest amount, {} yuan: split the quote",
                Money::MAX
            ),
        )),
    }
}

fn deepest(lines: &[Line], total: Line) -> Option<usize> {
    let mut found: Option<(usize, Line)> = None;
    for (index, line) in lines.iter().enumerate() {
        let limit = found.map_or(total, |(_, line)| line);
        if is_deeper(*line, limit) {
            found = Some((index, *line));
        }
    }
    found.map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(quoted: i64, list: i64) -> Line {
        Line {
            list: Money::from_fen(list),
            quoted: Money::from_fen(quoted),
        }
    }

    fn judge(lines: &[(i64, i64)]) -> Decision {
        let lines = lines.iter().map(|(q, l)| line(*q, *l)).collect();
        decide(&Facts { lines }, &DiscountSettings::default()).unwrap()
    }

    fn refusal(lines: &[(i64, i64)]) -> &'static str {
        let lines = lines.iter().map(|(q, l)| line(*q, *l)).collect();
        let decision = decide(&Facts { lines }, &DiscountSettings::default());
        decision.unwrap_err().code
    }

    #[test]
    fn boundaries_belong_to_the_lower_tier() {
        let list = 20_000_001;
        for (quoted, list, tier) in [
            (10_000_000, 20_000_000, QuoteTier::DepartmentManager),
            (9_999_999, 20_000_000, QuoteTier::PresidentAssistant),
            (10_000_000, list, QuoteTier::PresidentAssistant),
            (9_000_000, 20_000_000, QuoteTier::PresidentAssistant),
            (8_999_999, 20_000_000, QuoteTier::Executive),
            (9_000_000, list, QuoteTier::Executive),
            (0, list, QuoteTier::Executive),
            (list + 1, list, QuoteTier::DepartmentManager),
        ] {
            let d = judge(&[(quoted, list)]);
            assert_eq!((d.tier, d.rule), (tier, tier.rule()), "{quoted}/{list}");
            assert_eq!(d.deepest_line, None);
        }
    }

    #[test]
    fn the_shown_ratio_is_never_rounded_up_to_a_floor() {
        assert_eq!(
            judge(&[(8_999_999, 20_000_000)]).ratio.to_string(),
            "0.4499"
        );
        assert_eq!(judge(&[(4_500, 10_000)]).ratio.to_string(), "0.4500");
        assert_eq!(judge(&[(i64::from(u32::MAX), 1)]).ratio, Ratio::MAX);
    }

    #[test]
    fn one_deep_line_lifts_the_tier_of_a_shallow_total() {
        let d = judge(&[(90, 100), (44, 100), (46, 100)]);
        assert_eq!((d.tier, d.deepest_line), (QuoteTier::Executive, Some(1)));
        assert_eq!(d.ratio.to_string(), "0.6000");
    }

    #[test]
    fn lines_do_not_count_when_switched_off() {
        let facts = Facts {
            lines: vec![line(90, 100), line(44, 100)],
        };
        let settings = DiscountSettings {
            per_line: false,
            ..Default::default()
        };
        let d = decide(&facts, &settings).unwrap();
        assert_eq!(
            (d.tier, d.deepest_line),
            (QuoteTier::DepartmentManager, None)
        );
    }

    #[test]
    fn of_equally_deep_lines_the_first_is_named() {
        assert_eq!(judge(&[(90, 100), (1, 2), (50, 100)]).deepest_line, Some(1));
        assert_eq!(judge(&[(1, 2), (50, 100)]).deepest_line, None);
    }

    #[test]
    fn prices_without_a_discount_are_refused() {
        assert_eq!(refusal(&[]), "QUOTE_EMPTY");
        assert_eq!(refusal(&[(1, 2), (0, 0)]), "LIST_PRICE_ZERO");
        assert_eq!(refusal(&[(-1, 2)]), "PRICE_NEGATIVE");
        assert_eq!(refusal(&[(1, -2)]), "PRICE_NEGATIVE");
        assert_eq!(
            refusal(&[(1, Money::MAX.fen()), (1, 1)]),
            "AMOUNT_TOO_LARGE"
        );
    }

    #[test]
    fn floors_may_be_equal_but_not_crossed() {
        let r = |n| Ratio::from_ten_thousandths(n).unwrap();
        let of = |m, a| DiscountSettings {
            manager_floor: r(m),
            assistant_floor: r(a),
            per_line: true,
        };
        assert!(of(5_000, 5_000).validate().is_ok());
        assert!(of(5_000, 5_001).validate().is_err());
        assert!(of(5_000, 0).validate().is_err());
        assert!(of(10_001, 4_500).validate().is_err());
    }

    #[test]
    fn a_ratio_reads_as_zhe() {
        let r = |n| Ratio::from_ten_thousandths(n).unwrap();
        for (n, text) in [
            (4_500, "4.5折"),
            (5_000, "5折"),
            (4_499, "4.499折"),
            (10_000, "10折"),
            (1, "0.001折"),
        ] {
            assert_eq!(zhe(r(n)), text);
        }
    }

    fn lines() -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((0_i64..300, 1_i64..200), 1..6)
    }

    proptest! {
        #[test]
        fn a_lower_price_never_needs_a_lower_tier(lines in lines(), which in any::<prop::sample::Index>(), off in 0_i64..300) {
            let before = judge(&lines);
            let mut lower = lines.clone();
            let i = which.index(lower.len());
            lower[i].0 = (lower[i].0 - off).max(0);
            prop_assert!(judge(&lower).tier >= before.tier);
        }

        #[test]
        fn no_line_is_deeper_than_the_one_named(lines in lines()) {
            if let Some(i) = judge(&lines).deepest_line {
                let (q, l) = lines[i];
                prop_assert!(lines.iter().all(|(other_q, other_l)| other_q * l >= q * other_l));
            }
        }

        #[test]
        fn quantity_does_not_change_the_decision(lines in lines(), k in 1_i64..1_000) {
            let times: Vec<_> = lines.iter().map(|(q, l)| (q * k, l * k)).collect();
            prop_assert_eq!(judge(&lines), judge(&times));
        }

        #[test]
        fn the_shown_ratio_gives_the_same_tier_as_the_exact_fraction(q in 0_i64..20_000, l in 1_i64..20_000) {
            let s = DiscountSettings::default();
            let shown = ratio(line(q, l));
            let by_shown = if shown >= s.manager_floor { QuoteTier::DepartmentManager }
                else if shown >= s.assistant_floor { QuoteTier::PresidentAssistant }
                else { QuoteTier::Executive };
            prop_assert_eq!(tier_of(line(q, l), &s), by_shown);
        }
    }
}
