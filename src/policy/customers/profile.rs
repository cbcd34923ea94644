//! How complete a customer's profile is (CUS-44): A intro, B basic needs, C current grade, D action history, E important
//! e-mails. What is there is kept with the customer; what it weighs is a policy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::vocabulary::ProfileItem;
use crate::policy::{Setting, invalid};

/// Weights of the parts, in per cent of the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "hundred", skip_on_field_errors = false))]
pub struct ProfileSettings {
    /// A: business scope, former systems, operations.
    #[validate(range(max = 100))]
    pub intro: u8,
    /// B: basic needs.
    #[validate(range(max = 100))]
    pub needs: u8,
    /// C: current grade.
    #[validate(range(max = 100))]
    pub grade: u8,
    /// D: actions done, present result, next step.
    #[validate(range(max = 100))]
    pub actions: u8,
    /// E: important e-mails.
    #[validate(range(max = 100))]
    pub emails: u8,
}

impl Default for ProfileSettings {
    fn default() -> Self {
        ProfileSettings {
            intro: 20,
            needs: 20,
            grade: 20,
            actions: 20,
            emails: 20,
        }
    }
}

impl Setting for ProfileSettings {
    const KEY: &'static str = "customer_completeness";
    const RULES: &'static [&'static str] = &["CUS-44"];
    const TITLE_ZH: &'static str = "客户资料完备度";
    const TITLE_EN: &'static str = "Completeness of the customer profile";
}

fn hundred(settings: &ProfileSettings) -> Result<(), ValidationError> {
    let parts = [
        settings.intro,
        settings.needs,
        settings.grade,
        settings.actions,
        settings.emails,
    ];
    if parts.into_iter().map(u32::from).sum::<u32>() == 100 {
        return Ok(());
    }
    Err(invalid(
        "WEIGHTS_NOT_100",
        Some("/intro"),
        "各部分权重之和必须为 100",
        "the weights must sum to 100",
    ))
}

/// A part: its items share its weight evenly.
fn parts(settings: &ProfileSettings) -> [(u8, &'static [ProfileItem]); 5] {
    use ProfileItem::*;
    [
        (settings.intro, &[BusinessScope, FormerSystems, Operations]),
        (settings.needs, &[BasicNeeds]),
        (settings.grade, &[Grade]),
        (settings.actions, &[ActionsDone, ActionsNow, ActionsNext]),
        (settings.emails, &[Emails]),
    ]
}

/// The items that are not there, one bit each: what is kept with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaps(i32);

impl Gaps {
    /// Nothing is there.
    pub const ALL: Gaps = Gaps((1 << ProfileItem::ALL.len()) - 1);

    /// As it is kept; bits without a meaning do not count.
    pub fn from_bits(bits: i32) -> Self {
        Gaps(bits & Gaps::ALL.0)
    }

    /// As it is kept.
    pub fn bits(self) -> i32 {
        self.0
    }

    fn bit(item: ProfileItem) -> i32 {
        let place = ProfileItem::ALL.iter().position(|known| *known == item);
        1 << place.unwrap_or(0)
    }

    /// The same with an item that is there, or not.
    #[must_use]
    pub fn with(self, item: ProfileItem, there: bool) -> Self {
        if there {
            Gaps(self.0 & !Self::bit(item))
        } else {
            Gaps(self.0 | Self::bit(item))
        }
    }

    /// Whether an item is missing.
    pub fn lacks(self, item: ProfileItem) -> bool {
        self.0 & Self::bit(item) != 0
    }

    /// The missing items, in the order of the regulation.
    pub fn items(self) -> Vec<ProfileItem> {
        ProfileItem::ALL
            .iter()
            .copied()
            .filter(|item| self.lacks(*item))
            .collect()
    }

    /// Every combination there can be.
    pub fn every() -> impl Iterator<Item = Gaps> {
        (0..=Gaps::ALL.0).map(Gaps)
    }
}

/// Completeness in whole per cent, rounded down, so that 100 means that nothing is missing.
pub fn score(gaps: Gaps, settings: &ProfileSettings) -> u8 {
    // Parts have one or three items: in thirds of a per cent all is whole.
    let thirds: u32 = parts(settings)
        .into_iter()
        .map(|(weight, items)| {
            let there = items.iter().filter(|item| !gaps.lacks(**item)).count();
            let share = u32::try_from(3 * there / items.len().max(1)).unwrap_or(0);
            u32::from(weight) * share
        })
        .sum();
    u8::try_from(thirds / 3).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_nought_and_all_is_a_hundred() {
        let settings = ProfileSettings::default();
        assert_eq!(score(Gaps::ALL, &settings), 0);
        assert_eq!(score(Gaps::default(), &settings), 100);
        assert_eq!(Gaps::ALL.items(), ProfileItem::ALL);
    }

    #[test]
    fn items_of_a_part_share_its_weight_and_thirds_are_rounded_down() {
        let settings = ProfileSettings::default();
        let one = Gaps::ALL.with(ProfileItem::BusinessScope, true);
        assert_eq!(score(one, &settings), 6);
        let two = one.with(ProfileItem::Operations, true);
        assert_eq!(score(two, &settings), 13);
        let intro = two.with(ProfileItem::FormerSystems, true);
        assert_eq!(score(intro, &settings), 20);
        let lacking_one = Gaps::default().with(ProfileItem::ActionsNext, false);
        assert_eq!(score(lacking_one, &settings), 93);
    }

    #[test]
    fn the_bits_are_those_of_the_migration() {
        use ProfileItem::*;
        let order = [
            BusinessScope,
            FormerSystems,
            Operations,
            BasicNeeds,
            Grade,
            ActionsDone,
            ActionsNow,
            ActionsNext,
            Emails,
        ];
        for (place, item) in order.into_iter().enumerate() {
            assert_eq!(Gaps::default().with(item, false).bits(), 1 << place);
        }
    }

    #[test]
    fn weights_sum_to_a_hundred() {
        let crossed = ProfileSettings {
            intro: 21,
            ..Default::default()
        };
        assert!(crossed.validate().is_err());
        assert!(ProfileSettings::default().validate().is_ok());
    }

    proptest! {
        #[test]
        fn filling_an_item_never_lowers_the_score(bits in 0..512_i32, item in 0..9_usize) {
            let settings = ProfileSettings::default();
            let gaps = Gaps::from_bits(bits);
            let filled = gaps.with(ProfileItem::ALL[item], true);
            prop_assert!(score(filled, &settings) >= score(gaps, &settings));
            prop_assert_eq!(score(gaps, &settings) == 100, gaps == Gaps::default());
        }
    }
}
