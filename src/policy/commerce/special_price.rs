//! Whether a partner's special price may be processed (QUO-12, CUS-51, AMB-40).

use chrono::{DateTime, TimeDelta, Utc};

use super::discount::zhe;
use super::quoting::QuotingSettings;
use crate::domain::Ratio;
use crate::domain::vocabulary::UnitKind;
use crate::policy::Refusal;

/// What is judged for a partner's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialPriceFacts {
    /// Kind of the unit that asks; of a department or group, that of the unit it belongs to.
    pub unit_kind: UnitKind,
    /// Price ratio rounded DOWN ([`Ratio::floor_of`]): below a threshold of
    /// four decimals exactly when the exact fraction is.
    pub ratio: Ratio,
    /// When the unit last maintained its customers in the system.
    pub last_maintained_at: Option<DateTime<Utc>>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Whether a price is a special price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialPrice {
    /// Not a partner, or not below the threshold.
    Ordinary,
    /// A partner's special price that may be processed.
    MayProceed,
}

/// Whether a price needs, and may have, special-price approval (QUO-12).
pub fn special_price(
    facts: &SpecialPriceFacts,
    settings: &QuotingSettings,
) -> Result<SpecialPrice, Refusal> {
    let partner = matches!(
        facts.unit_kind,
        UnitKind::JointVenture | UnitKind::AgentPartner
    );
    if !partner || facts.ratio >= settings.special_price_threshold {
        return Ok(SpecialPrice::Ordinary);
    }
    let days = settings.partner_lapse_days;
    let limit = TimeDelta::days(i64::from(days));
    match facts.last_maintained_at {
        Some(at) if facts.now.signed_duration_since(at) <= limit => Ok(SpecialPrice::MayProceed),
        _ => Err(Refusal::new(
            "QUO-12",
            "PARTNER_DATA_LAPSED",
            format!(
                "该联营公司或代理伙伴超过 {days} 天未维护客户信息,低于{}的特价审批不予处理;请先维护客户信息",
                zhe(settings.special_price_threshold)
            ),
            format!(
                "the partner has not maintained its customers for more than {days} days, so prices \
                 below {} are not processed: maintain the customer data first",
                settings.special_price_threshold
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn special(
        unit_kind: UnitKind,
        ratio: i64,
        ago: Option<TimeDelta>,
    ) -> Result<SpecialPrice, Refusal> {
        let now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap();
        let facts = SpecialPriceFacts {
            unit_kind,
            ratio: Ratio::from_ten_thousandths(ratio).unwrap(),
            last_maintained_at: ago.map(|a| now - a),
            now,
        };
        special_price(&facts, &QuotingSettings::default())
    }

    #[test]
    fn exactly_thirty_days_is_maintained_and_a_microsecond_more_is_not() {
        let limit = TimeDelta::days(30);
        let over = limit + TimeDelta::microseconds(1);
        for kind in [UnitKind::JointVenture, UnitKind::AgentPartner] {
            assert_eq!(
                special(kind, 4_999, Some(limit)),
                Ok(SpecialPrice::MayProceed)
            );
            assert_eq!(special(kind, 4_999, Some(over)).unwrap_err().rule, "QUO-12");
            assert_eq!(
                special(kind, 4_999, None).unwrap_err().code,
                "PARTNER_DATA_LAPSED"
            );
        }
    }

    #[test]
    fn the_threshold_itself_and_own_units_are_ordinary() {
        assert_eq!(
            special(UnitKind::AgentPartner, 5_000, None),
            Ok(SpecialPrice::Ordinary)
        );
        assert_eq!(
            special(UnitKind::Headquarters, 1, None),
            Ok(SpecialPrice::Ordinary)
        );
    }
}
