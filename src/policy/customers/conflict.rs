//! Who wins a collision, and how a conflict case is ruled (CONF-01..07, AMB-4, AMB-44, AMB-45).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::Ratio;
use crate::domain::vocabulary::Ruling;
use crate::policy::governance::seating::{Candidate, Place};
use crate::policy::{Refusal, Setting, blank, invalid};

/// Terms of conflict cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConflictSettings {
    /// Working days after the refusal within which a case may be opened (AMB-45).
    #[validate(range(min = 1, max = 60))]
    pub appeal_business_days: u8,
    /// Share of the first registrant in a cooperation, unless ruled otherwise (AMB-4).
    #[validate(custom(function = "is_share"))]
    pub default_split: Ratio,
}

impl Default for ConflictSettings {
    fn default() -> Self {
        ConflictSettings {
            appeal_business_days: 3,
            default_split: Ratio::from_percent(50),
        }
    }
}

impl Setting for ConflictSettings {
    const KEY: &'static str = "conflict";
    const RULES: &'static [&'static str] = &["CONF-04", "CONF-05", "CONF-07"];
    const TITLE_ZH: &'static str = "撞单冲突裁决";
    const TITLE_EN: &'static str = "Conflict cases";
}

fn is_share(ratio: &Ratio) -> Result<(), ValidationError> {
    if *ratio > Ratio::ZERO && *ratio < Ratio::ONE {
        return Ok(());
    }
    Err(invalid(
        "OUT_OF_RANGE",
        None,
        "必须大于 0 且小于 1",
        "must be above 0 and below 1",
    ))
}

/// What a registration runs into (AMB-44). Who asks says which of these it is: today every registered customer is owned,
/// and a deleted one has let go of its keys; when the public pool comes, its look-up says [`Existing::InPool`], and what
/// follows is decided here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// An effective customer that somebody owns.
    Owned,
    /// A customer without owner, in the public pool.
    InPool,
    /// A live opportunity.
    LiveOpportunity,
    /// An opportunity that is closed.
    ClosedOpportunity,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encounter {
    /// A collision: the later registration fails (CONF-03).
    Collision,
    /// No conflict: the finder claims the record from the pool, with its history.
    ClaimFromPool,
    /// No conflict: the registration goes on.
    Nothing,
}

/// Whether a match is a collision: only against what is owned or live (AMB-44).
pub fn encounter(existing: Existing) -> Encounter {
    match existing {
        Existing::Owned | Existing::LiveOpportunity => Encounter::Collision,
        Existing::InPool => Encounter::ClaimFromPool,
        Existing::ClosedOpportunity => Encounter::Nothing,
    }
}

/// A submission that claims the same customer beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<I, T> {
    /// Its id; claims of the same instant are ranked by it.
    pub id: I,
    /// When it was submitted.
    pub submitted_at: T,
    /// It has all required items (OPP-03).
    pub complete: bool,
    /// It waits for its review or passes it now, and who submitted it may pursue the customer.
    pub in_running: bool,
}

/// Whose review comes first: the earliest submission among those that are complete and in the running. It wins if it
/// passes; nobody later is registered before that is known (CONF-01, CONF-06, AMB-4).
pub fn winner<I: Ord + Copy, T: Ord + Copy>(claims: &[Claim<I, T>]) -> Option<I> {
    let valid = claims.iter().filter(|c| c.in_running && c.complete);
    valid.min_by_key(|c| (c.submitted_at, c.id)).map(|c| c.id)
}

/// Who is to rule (CONF-05, AMB-50): of those who may rule on the holder's department the nearest to it who is neither a
/// party nor away; the first by id where several are equally near.
pub fn arbitrator<U: Copy + Ord>(
    candidates: &[Candidate<U>],
    parties: &[U],
    away: &[U],
) -> Option<U> {
    candidates
        .iter()
        .filter(|c| c.place != Place::Elsewhere)
        .filter(|c| !parties.contains(&c.user) && !away.contains(&c.user))
        .min_by_key(|c| (c.place, c.user))
        .map(|c| c.user)
}

/// What stands against an appeal of a refused registration of a customer, beside the time (AMB-45).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppealFacts {
    /// The attempt was one to register an opportunity: its own case is appealed.
    pub of_opportunity: bool,
    /// The claimant owns the customer by now, or it is gone.
    pub nothing_to_claim: bool,
    /// The claimant brought the same against the same holder before.
    pub before: bool,
}

/// Whether the registration itself may be appealed; once.
pub fn appealable(facts: AppealFacts) -> Result<(), Refusal> {
    if facts.of_opportunity {
        return Err(Refusal::new(
            "AMB-45",
            "APPEAL_THE_CASE",
            "商机撞单已自动立案;请就该案件申请裁决",
            "the opportunity's collision has a case of its own: appeal that one",
        ));
    }
    if facts.nothing_to_claim {
        return Err(Refusal::new(
            "CONF-05",
            "NOTHING_TO_CLAIM",
            "该客户已不由他人持有,无需裁决;可重新登记或直接跟进",
            "no other holds the customer any more: register again, or work on it",
        ));
    }
    if facts.before {
        return Err(Refusal::new(
            "CONF-05",
            "ALREADY_APPEALED",
            "您已就该客户对同一先录人申请过裁决;裁决不重复进行",
            "you have appealed against this holder about this customer before: a case is not brought twice",
        ));
    }
    Ok(())
}

/// Until when a case may still be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppealOpen {
    /// Last day, inclusive, in the company's zone.
    pub until: NaiveDate,
}

/// Whether the refused registrant may still open a case. `deadline` is
/// `refused_on` plus [`ConflictSettings::appeal_business_days`] working days,
/// inclusive (AMB-45).
pub fn appeal_open(
    refused_on: NaiveDate,
    today: NaiveDate,
    deadline: NaiveDate,
) -> Result<AppealOpen, Refusal> {
    if today < refused_on {
        return Err(Refusal::new(
            "CONF-05",
            "APPEAL_NOT_OPEN",
            format!("登记于 {refused_on} 被拒,申请冲突裁决不得早于该日"),
            format!("the registration was refused on {refused_on}: a case cannot be opened before"),
        ));
    }
    if today > deadline {
        return Err(Refusal::new(
            "CONF-05",
            "APPEAL_EXPIRED",
            format!("申请冲突裁决的期限已于 {deadline} 届满;先录先得的结果不变"),
            format!("a case could be opened until {deadline}; the first registration stands"),
        ));
    }
    Ok(AppealOpen { until: deadline })
}

/// A ruling that may be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The first registrant keeps it.
    Uphold,
    /// It goes to the later registrant.
    Transfer,
    /// Both own it, with shares that sum to exactly 1.
    Cooperate {
        /// Share of the first registrant.
        first: Ratio,
        /// Share of the later registrant.
        later: Ratio,
    },
}

/// Whether a ruling may be recorded (CONF-04..07). `split` is (first, later);
/// a cooperation without one takes the default.
pub fn check_ruling(
    ruling: Ruling,
    split: Option<(Ratio, Ratio)>,
    reason: &str,
    settings: &ConflictSettings,
) -> Result<Outcome, Refusal> {
    if blank(Some(reason)) {
        return Err(Refusal::new(
            "CONF-07",
            "RULING_REASON_REQUIRED",
            "裁决必须写明依据",
            "a ruling needs its basis: give the reason",
        ));
    }
    match (ruling, split) {
        (Ruling::Uphold, None) => Ok(Outcome::Uphold),
        (Ruling::Transfer, None) => Ok(Outcome::Transfer),
        (Ruling::Uphold | Ruling::Transfer, Some(_)) => Err(Refusal::new(
            "CONF-04",
            "SPLIT_NOT_APPLICABLE",
            "只有合作裁决才分配比例;请去掉分配比例",
            "only a cooperation has a split: leave it out",
        )),
        (Ruling::Cooperate, split) => cooperate(split, settings),
    }
}

fn cooperate(
    split: Option<(Ratio, Ratio)>,
    settings: &ConflictSettings,
) -> Result<Outcome, Refusal> {
    let one = Ratio::ONE.ten_thousandths();
    let rest = Ratio::from_ten_thousandths(one - settings.default_split.ten_thousandths());
    let (first, later) = split.unwrap_or((settings.default_split, rest.unwrap_or(Ratio::ZERO)));
    let whole = first.ten_thousandths() + later.ten_thousandths() == one;
    if whole && first > Ratio::ZERO && later > Ratio::ZERO {
        return Ok(Outcome::Cooperate { first, later });
    }
    Err(Refusal::new(
        "CONF-07",
        "SPLIT_INVALID",
        format!("分配比例 {first} 与 {later} 无效;两者须均大于 0 且合计为 1.0000"),
        format!(
            "the split {first} and {later} is not valid: both must be above 0 and sum to 1.0000"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Capability;
    use proptest::prelude::*;

    fn r(n: i64) -> Ratio {
        Ratio::from_ten_thousandths(n).unwrap()
    }

    fn rule(
        ruling: Ruling,
        split: Option<(i64, i64)>,
        reason: &str,
    ) -> Result<Outcome, &'static str> {
        let split = split.map(|(a, b)| (r(a), r(b)));
        check_ruling(ruling, split, reason, &ConflictSettings::default()).map_err(|e| e.code)
    }

    #[test]
    fn a_split_sums_to_exactly_one_with_both_above_zero() {
        let both = |a, b| {
            Ok(Outcome::Cooperate {
                first: r(a),
                later: r(b),
            })
        };
        let rule = |a, b| rule(Ruling::Cooperate, Some((a, b)), "客户无明确倾向");
        assert_eq!(rule(1, 9_999), both(1, 9_999));
        assert_eq!(rule(7_000, 3_000), both(7_000, 3_000));
        for (a, b) in [
            (5_000, 4_999),
            (5_000, 5_001),
            (10_000, 0),
            (0, 10_000),
            (0, 0),
        ] {
            assert_eq!(rule(a, b), Err("SPLIT_INVALID"), "{a} {b}");
        }
    }

    #[test]
    fn a_cooperation_without_a_split_takes_the_default() {
        let half = Outcome::Cooperate {
            first: r(5_000),
            later: r(5_000),
        };
        assert_eq!(rule(Ruling::Cooperate, None, "依据"), Ok(half));
        let settings = ConflictSettings {
            default_split: r(6_000),
            ..Default::default()
        };
        let given = check_ruling(Ruling::Cooperate, None, "依据", &settings);
        assert_eq!(
            given,
            Ok(Outcome::Cooperate {
                first: r(6_000),
                later: r(4_000)
            })
        );
    }

    #[test]
    fn every_ruling_needs_a_reason_and_only_cooperation_a_split() {
        for ruling in [Ruling::Uphold, Ruling::Transfer, Ruling::Cooperate] {
            assert_eq!(
                rule(ruling, None, " \u{3000}"),
                Err("RULING_REASON_REQUIRED")
            );
        }
        assert_eq!(rule(Ruling::Uphold, None, "依据"), Ok(Outcome::Uphold));
        assert_eq!(rule(Ruling::Transfer, None, "依据"), Ok(Outcome::Transfer));
        assert_eq!(
            rule(Ruling::Transfer, Some((5_000, 5_000)), "依据"),
            Err("SPLIT_NOT_APPLICABLE")
        );
    }

    #[test]
    fn the_last_day_of_the_appeal_is_inside() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let open = |today| appeal_open(day(2), day(today), day(5)).map_err(|e| e.code);
        assert_eq!(open(1), Err("APPEAL_NOT_OPEN"));
        assert_eq!(open(2), Ok(AppealOpen { until: day(5) }));
        assert_eq!(open(5), Ok(AppealOpen { until: day(5) }));
        assert_eq!(open(6), Err("APPEAL_EXPIRED"));
    }

    #[test]
    fn only_what_is_owned_or_live_collides() {
        assert_eq!(encounter(Existing::Owned), Encounter::Collision);
        assert_eq!(encounter(Existing::LiveOpportunity), Encounter::Collision);
        assert_eq!(encounter(Existing::InPool), Encounter::ClaimFromPool);
        assert_eq!(encounter(Existing::ClosedOpportunity), Encounter::Nothing);
    }

    fn claim(id: u32, submitted_at: i64, in_running: bool, complete: bool) -> Claim<u32, i64> {
        Claim {
            id,
            submitted_at,
            complete,
            in_running,
        }
    }

    #[test]
    fn the_earliest_valid_submission_wins_by_a_microsecond() {
        let claims = [
            claim(1, 1, false, true),
            claim(2, 2, true, false),
            claim(3, 11, true, true),
            claim(4, 10, true, true),
        ];
        assert_eq!(winner(&claims), Some(4));
        assert_eq!(winner(&claims[..2]), None);
        assert_eq!(
            winner(&[claim(9, 5, true, true), claim(8, 5, true, true)]),
            Some(8)
        );
    }

    #[test]
    fn the_nearest_who_is_neither_a_party_nor_away_rules() {
        let of = |user, place| Candidate {
            user,
            capability: Capability::RuleConflicts,
            place,
        };
        let all = [
            of(1, Place::Above(0)),
            of(2, Place::Above(1)),
            of(3, Place::Company),
            of(4, Place::Elsewhere),
        ];
        assert_eq!(arbitrator(&all, &[], &[]), Some(1));
        assert_eq!(arbitrator(&all, &[1], &[]), Some(2));
        assert_eq!(arbitrator(&all, &[1], &[2]), Some(3));
        assert_eq!(arbitrator(&all, &[1, 3], &[2]), None);
    }

    #[test]
    fn a_registration_is_appealed_once_and_only_while_another_holds_the_customer() {
        let facts = AppealFacts {
            of_opportunity: false,
            nothing_to_claim: false,
            before: false,
        };
        let code = |facts| appealable(facts).map_err(|r| r.code);
        assert_eq!(code(facts), Ok(()));
        for (facts, refused) in [
            (
                AppealFacts {
                    of_opportunity: true,
                    ..facts
                },
                "APPEAL_THE_CASE",
            ),
            (
                AppealFacts {
                    nothing_to_claim: true,
                    ..facts
                },
                "NOTHING_TO_CLAIM",
            ),
            (
                AppealFacts {
                    before: true,
                    ..facts
                },
                "ALREADY_APPEALED",
            ),
        ] {
            assert_eq!(code(facts), Err(refused));
        }
    }

    #[test]
    fn the_default_split_leaves_something_to_both() {
        for (n, valid) in [(0, false), (1, true), (9_999, true), (10_000, false)] {
            let settings = ConflictSettings {
                default_split: r(n),
                ..Default::default()
            };
            assert_eq!(settings.validate().is_ok(), valid, "{n}");
        }
    }

    proptest! {
        #[test]
        fn nobody_valid_was_earlier_than_the_winner_in_whatever_order_they_are_listed(
            claims in prop::collection::vec((0_i64..9, any::<bool>(), any::<bool>()), 0..8),
        ) {
            let numbered = |c: &[(i64, bool, bool)]| -> Vec<Claim<u32, i64>> {
                (0_u32..).zip(c).map(|(i, c)| claim(i, c.0, c.1, c.2)).collect()
            };
            let listed = numbered(&claims);
            let mut reversed = listed.clone();
            reversed.reverse();
            prop_assert_eq!(winner(&listed), winner(&reversed));
            let earliest = listed.iter().filter(|c| c.in_running && c.complete).map(|c| c.submitted_at).min();
            let won = winner(&listed).and_then(|id| listed.iter().find(|c| c.id == id)).map(|c| c.submitted_at);
            prop_assert_eq!(won, earliest);
        }
    }
}
