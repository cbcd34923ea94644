//! Whether an approved quote covers a contract's discount (AMB-47).

use super::discount::{DiscountSettings, Line, is_deeper, ratio, tier_of};
use super::signoff::{Facts, check_amounts};
use crate::domain::vocabulary::QuoteTier;
use crate::policy::Refusal;

/// What covers the contract's discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// The approved quote: the contract's discount is not deeper.
    ApprovedQuote,
    /// There is no quote: this tier of QUO-05..07 must approve the discount.
    Tier(QuoteTier),
}

/// Whether the contract's discount is covered (AMB-47): not deeper than the
/// approved quote's; without a quote, the quote tiers apply.
pub fn check_against_quote(facts: &Facts, tiers: &DiscountSettings) -> Result<Cover, Refusal> {
    check_amounts(facts)?;
    let contract = Line {
        list: facts.list_total,
        quoted: facts.quoted_total,
    };
    match facts.approved_quote {
        None => Ok(Cover::Tier(tier_of(contract, tiers))),
        Some(quote) if is_deeper(contract, quote) => Err(Refusal::new(
            "CON-02",
            "DISCOUNT_DEEPER_THAN_QUOTE",
            format!(
                "合同折扣 {} 低于已批准报价的折扣 {};请提高价格,或先提交新的报价审批",
                ratio(contract),
                ratio(quote)
            ),
            format!(
                "the contract's discount {} is deeper than the approved quote's {}: raise the \
                 price, or have a new quote approved first",
                ratio(contract),
                ratio(quote)
            ),
        )),
        Some(_) => Ok(Cover::ApprovedQuote),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Money;

    fn contract() -> Facts {
        Facts {
            product_sale: true,
            amount: Money::from_yuan(200_000),
            list_total: Money::from_yuan(400_000),
            quoted_total: Money::from_yuan(180_000),
            standard_text: true,
            approved_quote: None,
        }
    }

    #[test]
    fn the_approved_quote_covers_its_own_discount_and_no_deeper() {
        let quote = Line {
            list: Money::from_fen(300),
            quoted: Money::from_fen(135),
        };
        let at = Facts {
            approved_quote: Some(quote),
            ..contract()
        };
        let tiers = DiscountSettings::default();
        assert_eq!(check_against_quote(&at, &tiers), Ok(Cover::ApprovedQuote));
        let below = Facts {
            quoted_total: Money::from_fen(at.quoted_total.fen() - 1),
            ..at
        };
        let refusal = check_against_quote(&below, &tiers).unwrap_err();
        assert_eq!(refusal.code, "DISCOUNT_DEEPER_THAN_QUOTE");
    }

    #[test]
    fn a_difference_that_rounding_hides_is_still_deeper() {
        let quote = Line {
            list: Money::from_fen(40_000_000),
            quoted: Money::from_fen(18_000_002),
        };
        let facts = Facts {
            quoted_total: Money::from_fen(18_000_001),
            approved_quote: Some(quote),
            ..contract()
        };
        assert!(check_against_quote(&facts, &DiscountSettings::default()).is_err());
    }

    #[test]
    fn without_a_quote_the_quote_tiers_apply() {
        let cover = |yuan| {
            let facts = Facts {
                quoted_total: Money::from_yuan(yuan),
                ..contract()
            };
            check_against_quote(&facts, &DiscountSettings::default()).unwrap()
        };
        assert_eq!(cover(200_000), Cover::Tier(QuoteTier::DepartmentManager));
        assert_eq!(cover(180_000), Cover::Tier(QuoteTier::PresidentAssistant));
        assert_eq!(cover(179_999), Cover::Tier(QuoteTier::Executive));
    }
}
