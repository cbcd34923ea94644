//! What a customer's card is held to: address, classification, upkeep (CUS-09, CUS-11, CUS-25, CUS-26, CUS-29).

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::address::Known;
use crate::domain::timestamp::Timestamp;
use crate::domain::vocabulary::{AddressCheck, Condition};
use crate::policy::{Refusal, Setting};

/// Rules of the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerCardSettings {
    /// How strictly a mailing address is held to city, road and number (CUS-09).
    pub address_check: AddressCheck,
    /// A village, an estate or a building may stand for the number (CUS-09).
    pub named_place_suffices: bool,
    /// Province and city from the list are demanded, not only recommended (CUS-11).
    pub division_required: bool,
    /// Days after which the data of a customer must be confirmed again (CUS-25, AMB-35).
    #[validate(range(min = 1, max = 3650))]
    pub customer_refresh_days: u16,
    /// Calendar days within which a major change counts as entered immediately (CUS-26).
    #[validate(range(min = 0, max = 30))]
    pub major_change_days: u16,
    /// A successful customer is one that has signed (CUS-29).
    pub successful_needs_contract: bool,
}

impl Default for CustomerCardSettings {
    fn default() -> Self {
        CustomerCardSettings {
            address_check: AddressCheck::Require,
            named_place_suffices: true,
            division_required: false,
            customer_refresh_days: 90,
            major_change_days: 1,
            successful_needs_contract: true,
        }
    }
}

impl Setting for CustomerCardSettings {
    const KEY: &'static str = "customer_card";
    const RULES: &'static [&'static str] = &["CUS-09", "CUS-11", "CUS-25", "CUS-26", "CUS-29"];
    const TITLE_ZH: &'static str = "客户卡片";
    const TITLE_EN: &'static str = "Customer card";
}

impl CustomerCardSettings {
    /// How an address is judged beside a division that does or does not name the city.
    pub fn address(&self, division_names_city: bool) -> Known {
        Known {
            city: division_names_city,
            named_place_suffices: self.named_place_suffices,
        }
    }

    /// What was confirmed before this instant needs to be confirmed again (CUS-25): the last day is still inside.
    pub fn refresh_before(&self, now: Timestamp) -> Timestamp {
        now.plus(-TimeDelta::days(i64::from(self.customer_refresh_days)))
    }

    /// When data confirmed at this instant is due again.
    pub fn refresh_due(&self, refreshed_at: Timestamp) -> Timestamp {
        refreshed_at.plus(TimeDelta::days(i64::from(self.customer_refresh_days)))
    }
}

/// Whether a customer may be given a condition (CUS-29): successful is who has signed.
///
/// # Errors
/// The refusal that names CUS-29.
pub fn condition_follows(
    wanted: Condition,
    has_signed_contract: bool,
    settings: &CustomerCardSettings,
) -> Result<(), Refusal> {
    if wanted != Condition::Successful || has_signed_contract || !settings.successful_needs_contract
    {
        return Ok(());
    }
    Err(Refusal::new(
        "CUS-29",
        "NO_SIGNED_CONTRACT",
        "成功客户须已经签约（并开始实施）：请先登记并签订合同，或由有权者调整制度参数 customer_card。",
        "A successful customer has signed (and the project has begun): enter and sign a contract first, or have the policy customer_card changed.",
    ))
}

/// The condition that the facts propose, if it is another (CUS-28, CUS-29).
pub fn proposed(condition: Condition, has_signed_contract: bool) -> Option<Condition> {
    (has_signed_contract && condition != Condition::Successful).then_some(Condition::Successful)
}

/// Calendar days from a major change to its entry, and whether that was immediate (CUS-26); none before it happened.
pub fn entered_after(
    occurred_on: NaiveDate,
    today: NaiveDate,
    settings: &CustomerCardSettings,
) -> Option<(i32, bool)> {
    let days = i32::try_from((today - occurred_on).num_days()).ok()?;
    (days >= 0).then(|| (days, days <= i32::from(settings.major_change_days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
    }

    #[test]
    fn only_who_has_signed_is_successful() {
        let settings = CustomerCardSettings::default();
        let refused = condition_follows(Condition::Successful, false, &settings).unwrap_err();
        assert_eq!(refused.rule, "CUS-29");
        assert!(condition_follows(Condition::Successful, true, &settings).is_ok());
        assert!(condition_follows(Condition::Potential, false, &settings).is_ok());
        let lenient = CustomerCardSettings {
            successful_needs_contract: false,
            ..settings
        };
        assert!(condition_follows(Condition::Successful, false, &lenient).is_ok());
    }

    #[test]
    fn a_signed_contract_proposes_success_once() {
        assert_eq!(
            proposed(Condition::Potential, true),
            Some(Condition::Successful)
        );
        assert_eq!(proposed(Condition::Successful, true), None);
        assert_eq!(proposed(Condition::Potential, false), None);
    }

    #[test]
    fn a_major_change_is_immediate_until_the_next_day() {
        let settings = CustomerCardSettings::default();
        assert_eq!(entered_after(day(2), day(2), &settings), Some((0, true)));
        assert_eq!(entered_after(day(2), day(3), &settings), Some((1, true)));
        assert_eq!(entered_after(day(2), day(4), &settings), Some((2, false)));
        assert_eq!(entered_after(day(4), day(2), &settings), None);
    }

    #[test]
    fn ninety_days_are_still_inside() {
        let settings = CustomerCardSettings::default();
        let at: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let due = settings.refresh_due(at);
        assert_eq!(due, "2026-04-01T00:00:00Z".parse().unwrap());
        // At the very instant it is not yet overdue: refreshed_at < refresh_before(now) is.
        assert!(at >= settings.refresh_before(due));
        assert!(at < settings.refresh_before(due.plus(TimeDelta::microseconds(1))));
    }
}
