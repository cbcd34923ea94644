//! What a customer is worth: weighted scores (CUS-43), and its class by the business it brings (CUS-46, 80/20).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::vocabulary::{AbcClass, ValueGrade};
use crate::domain::{Money, Ratio};
use crate::policy::{Missing, Setting, invalid};

/// The lowest and the highest score.
pub const SCORES: std::ops::RangeInclusive<u8> = 1..=5;

/// One criterion of the assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// UPPER_SNAKE, stable.
    #[validate(length(min = 1, max = 40))]
    pub code: String,
    /// Chinese name.
    #[validate(length(min = 1, max = 40))]
    pub zh: String,
    /// English name.
    #[validate(length(min = 1, max = 80))]
    pub en: String,
    /// Its part of the whole.
    pub weight: Ratio,
}

/// Criteria, weights and thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "in_order", skip_on_field_errors = false))]
pub struct ValueSettings {
    /// What is scored.
    #[validate(length(min = 1, max = 20), nested, custom(function = "sum_to_one"))]
    pub criteria: Vec<Criterion>,
    /// Points from which a customer is grade A.
    #[validate(range(min = 1, max = 100))]
    pub grade_a_from: u8,
    /// Points from which it is grade B.
    #[validate(range(min = 1, max = 100))]
    pub grade_b_from: u8,
    /// Points from which it is grade C.
    #[validate(range(min = 1, max = 100))]
    pub grade_c_from: u8,
    /// Part of the business that class A brings (CUS-46).
    #[validate(custom(function = "crate::policy::is_floor"))]
    pub class_a_share: Ratio,
    /// Part of the business that classes A and B bring.
    #[validate(custom(function = "crate::policy::is_floor"))]
    pub class_b_share: Ratio,
}

impl Default for ValueSettings {
    fn default() -> Self {
        let criterion = |code: &str, zh: &str, en: &str, percent| Criterion {
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
            weight: Ratio::from_percent(percent),
        };
        ValueSettings {
            criteria: vec![
                criterion("COMPANY_SIZE", "公司规模", "Company size", 30),
                criterion("BENEFIT", "效益", "Benefit", 30),
                criterion(
                    "PROJECT_INVESTMENT",
                    "项目投入情况",
                    "Project investment",
                    40,
                ),
            ],
            grade_a_from: 80,
            grade_b_from: 60,
            grade_c_from: 40,
            class_a_share: Ratio::from_percent(80),
            class_b_share: Ratio::from_percent(95),
        }
    }
}

impl Setting for ValueSettings {
    const KEY: &'static str = "customer_value";
    const RULES: &'static [&'static str] = &["CUS-43", "CUS-46"];
    const TITLE_ZH: &'static str = "客户价值评估";
    const TITLE_EN: &'static str = "Customer value assessment";
}

fn sum_to_one(criteria: &[Criterion]) -> Result<(), ValidationError> {
    let codes: BTreeSet<_> = criteria.iter().map(|c| c.code.as_str()).collect();
    if codes.len() != criteria.len() {
        return Err(invalid(
            "CRITERION_TWICE",
            None,
            "评估项代码不能重复",
            "a criterion must not stand twice",
        ));
    }
    let sum: i64 = criteria.iter().map(|c| c.weight.ten_thousandths()).sum();
    if sum == Ratio::ONE.ten_thousandths() {
        return Ok(());
    }
    Err(invalid(
        "WEIGHTS_NOT_ONE",
        None,
        "各项权重之和必须为 1",
        "the weights must sum to 1",
    ))
}

fn in_order(settings: &ValueSettings) -> Result<(), ValidationError> {
    if settings.grade_a_from <= settings.grade_b_from
        || settings.grade_b_from <= settings.grade_c_from
    {
        return Err(invalid(
            "GRADES_CROSSED",
            Some("/grade_b_from"),
            "等级分数线须逐级降低",
            "each grade must begin below the one above it",
        ));
    }
    if settings.class_a_share > settings.class_b_share {
        return Err(invalid(
            "CLASSES_CROSSED",
            Some("/class_b_share"),
            "B 类累计占比不得低于 A 类",
            "class B must not end before class A",
        ));
    }
    Ok(())
}

/// A value between 0 and 100 points, exactly: score 1 of every criterion is 0, score 5 is 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(i64);

impl Value {
    /// Units of one point: ten-thousandths of the weight times quarters of the score, over 100.
    const POINT: i64 = 400;

    /// As it is kept, in 1/400 of a point.
    pub fn from_units(units: i64) -> Self {
        Value(units.clamp(0, 100 * Self::POINT))
    }

    /// As it is kept.
    pub fn units(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for Value {
    /// `62.50`: two decimals, rounded down. It is judged exactly.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = self.0 / (Self::POINT / 100);
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// What scores do not fit the criteria: each criterion once, from 1 to 5, and none that there is not.
pub fn misfits(scores: &[(&str, u8)], settings: &ValueSettings) -> Vec<Missing> {
    let mut found = Vec::new();
    for (place, (code, score)) in scores.iter().enumerate() {
        let pointer = |member: &str| format!("/scores/{place}/{member}");
        if settings.criteria.iter().all(|c| c.code != *code) {
            found.push(Missing::new(
                pointer("criterion"),
                "CUS-43",
                "没有这个评估项",
                "there is no such criterion",
            ));
        }
        if scores.iter().take(place).any(|(other, _)| other == code) {
            found.push(Missing::new(
                pointer("criterion"),
                "CUS-43",
                "同一评估项只打一次分",
                "a criterion is scored once",
            ));
        }
        if !SCORES.contains(score) {
            found.push(Missing::new(
                pointer("score"),
                "CUS-43",
                "请给出 1 至 5 分",
                "give a score from 1 to 5",
            ));
        }
    }
    for criterion in &settings.criteria {
        if scores.iter().all(|(code, _)| *code != criterion.code) {
            found.push(Missing::new(
                "/scores",
                "CUS-43",
                "每个评估项都须打分",
                "score every criterion",
            ));
            break;
        }
    }
    found
}

/// The value that scores give, and its grade. Scores that do not fit count as the lowest.
pub fn assess(scores: &[(&str, u8)], settings: &ValueSettings) -> (Value, ValueGrade) {
    let units = settings
        .criteria
        .iter()
        .map(|criterion| {
            let found = scores.iter().find(|(code, _)| *code == criterion.code);
            let score = found.map_or(1, |(_, score)| *score);
            criterion.weight.ten_thousandths() * i64::from(score.saturating_sub(1))
        })
        .sum();
    let value = Value::from_units(units);
    let from = |points: u8| value.units() >= i64::from(points) * Value::POINT;
    let grade = if from(settings.grade_a_from) {
        ValueGrade::A
    } else if from(settings.grade_b_from) {
        ValueGrade::B
    } else if from(settings.grade_c_from) {
        ValueGrade::C
    } else {
        ValueGrade::D
    };
    (value, grade)
}

/// The class of a customer before whom others bring `before` of the `whole` business: whoever is needed to reach the
/// share of class A is in class A (CUS-46).
pub fn class_of(before: Money, whole: Money, settings: &ValueSettings) -> AbcClass {
    if !settings.class_a_share.covers(before, whole) {
        AbcClass::A
    } else if !settings.class_b_share.covers(before, whole) {
        AbcClass::B
    } else {
        AbcClass::C
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scores(size: u8, benefit: u8, investment: u8) -> [(&'static str, u8); 3] {
        [
            ("COMPANY_SIZE", size),
            ("BENEFIT", benefit),
            ("PROJECT_INVESTMENT", investment),
        ]
    }

    #[test]
    fn from_nought_to_a_hundred() {
        let settings = ValueSettings::default();
        let of = |a, b, c| {
            let (value, grade) = assess(&scores(a, b, c), &settings);
            (value.to_string(), grade)
        };
        assert_eq!(of(1, 1, 1), ("0.00".to_owned(), ValueGrade::D));
        assert_eq!(of(5, 5, 5), ("100.00".to_owned(), ValueGrade::A));
        assert_eq!(of(3, 4, 5), ("77.50".to_owned(), ValueGrade::B));
    }

    #[test]
    fn grades_begin_exactly_at_their_points() {
        let settings = ValueSettings {
            grade_a_from: 70,
            grade_b_from: 50,
            grade_c_from: 30,
            ..Default::default()
        };
        let grade = |a, b, c| assess(&scores(a, b, c), &settings).1;
        // 30·½ + 30·½ + 40·1 = 70, and the next lower value there is.
        assert_eq!(grade(3, 3, 5), ValueGrade::A);
        assert_eq!(grade(2, 3, 5), ValueGrade::B);
        assert_eq!(grade(3, 3, 3), ValueGrade::B);
        assert_eq!(grade(2, 3, 3), ValueGrade::C);
        assert_eq!(grade(5, 1, 1), ValueGrade::C);
        assert_eq!(grade(4, 1, 1), ValueGrade::D);
    }

    #[test]
    fn weights_sum_to_exactly_one() {
        let mut settings = ValueSettings::default();
        assert!(settings.validate().is_ok());
        settings.criteria[0].weight = Ratio::from_ten_thousandths(2_999).unwrap();
        assert!(settings.validate().is_err());
        settings.criteria[0].weight = Ratio::from_percent(30);
        settings.criteria[1].code = "COMPANY_SIZE".to_owned();
        assert!(settings.validate().is_err());
    }

    #[test]
    fn every_score_that_does_not_fit_is_named() {
        let given = [
            ("COMPANY_SIZE", 0),
            ("BENEFIT", 6),
            ("BENEFIT", 5),
            ("LUCK", 3),
        ];
        let found: Vec<_> = misfits(&given, &ValueSettings::default())
            .into_iter()
            .map(|missing| missing.pointer)
            .collect();
        assert_eq!(
            found,
            [
                "/scores/0/score",
                "/scores/1/score",
                "/scores/2/criterion",
                "/scores/3/criterion",
                "/scores"
            ]
        );
        assert_eq!(misfits(&scores(1, 3, 5), &ValueSettings::default()), []);
    }

    #[test]
    fn whoever_is_needed_to_reach_eighty_per_cent_is_in_class_a() {
        let settings = ValueSettings::default();
        let class = |before| class_of(Money::from_fen(before), Money::from_fen(10_000), &settings);
        assert_eq!(class(0), AbcClass::A);
        assert_eq!(class(7_999), AbcClass::A);
        assert_eq!(class(8_000), AbcClass::B);
        assert_eq!(class(9_499), AbcClass::B);
        assert_eq!(class(9_500), AbcClass::C);
    }

    proptest! {
        #[test]
        fn a_higher_score_is_never_worth_less(a in 1..=4_u8, b in 1..=5_u8, c in 1..=5_u8) {
            let settings = ValueSettings::default();
            prop_assert!(assess(&scores(a, b, c), &settings).0 < assess(&scores(a + 1, b, c), &settings).0);
        }
    }
}
