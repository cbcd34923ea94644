//! Ratios such as a discount: quoted price ÷ list price.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::json;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

use super::decimal::{self, DecimalError, Shape};
use super::money::Money;

const SCALE: i64 = 10_000;
const SHAPE: Shape = Shape {
    integer_digits: 4,
    decimals: 4,
    signed: false,
};

/// A ratio of zero or more, kept in ten-thousandths: 4500 is `"0.4500"`, i.e. 4.5折.
///
/// A discount is *shown* with [`Ratio::floor_of`] and *judged* with
/// [`Ratio::covers`], which does not round (AMB-9).
#[derive(
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Ratio(i64);

impl Ratio {
    /// 0.0000
    pub const ZERO: Ratio = Ratio(0);
    /// 1.0000
    pub const ONE: Ratio = Ratio(SCALE);
    /// 9999.9999
    pub const MAX: Ratio = Ratio(99_999_999);

    /// From ten-thousandths, as stored; `None` outside 0..=9999.9999.
    pub const fn from_ten_thousandths(value: i64) -> Option<Self> {
        if value >= 0 && value <= Ratio::MAX.0 {
            Some(Ratio(value))
        } else {
            None
        }
    }

    /// From whole per cent: 45 is 0.4500. For settings and tests.
    pub const fn from_percent(percent: u16) -> Self {
        Ratio(percent as i64 * (SCALE / 100))
    }

    /// The ratio in ten-thousandths.
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// The same, borrowed: databases bind it in place.
    pub(crate) const fn ten_thousandths_ref(&self) -> &i64 {
        &self.0
    }

    /// `part / whole` rounded DOWN to four decimals, so that the figure never
    /// looks better than the deal is. `None` if `whole` is not above zero, if
    /// `part` is negative, or if the result is above [`Ratio::MAX`].
    pub fn floor_of(part: Money, whole: Money) -> Option<Ratio> {
        if whole.fen() <= 0 || part.is_negative() {
            return None;
        }
        let floor = i128::from(part.fen()) * i128::from(SCALE) / i128::from(whole.fen());
        i64::try_from(floor)
            .ok()
            .and_then(Ratio::from_ten_thousandths)
    }

    /// Whether `part / whole` is at least this ratio, without any rounding.
    /// False if `whole` is not above zero.
    pub fn covers(self, part: Money, whole: Money) -> bool {
        whole.fen() > 0
            && i128::from(part.fen()) * i128::from(SCALE)
                >= i128::from(self.0) * i128::from(whole.fen())
    }
}

impl fmt::Display for Ratio {
    /// `0.4500`: always four decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:04}", self.0 / SCALE, self.0 % SCALE))
    }
}

impl FromStr for Ratio {
    type Err = DecimalError;

    /// Reads at most four digits before and four after the point.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, SHAPE).map(Ratio)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Ratio {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A ratio as a decimal string, at most four decimals; `0.4500` is 4.5折.",
            ))
            .pattern(Some(r"^\d{1,4}(\.\d{1,4})?$"))
            .examples([json!("0.4500")])
            .into()
    }
}

impl utoipa::ToSchema for Ratio {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{from_value, to_value};

    const FLOOR_45: Ratio = Ratio::from_percent(45);

    #[test]
    fn one_fen_below_the_tier_is_below_the_tier() {
        let list = Money::from_yuan(200_000);
        assert!(FLOOR_45.covers(Money::from_fen(9_000_000), list));
        assert!(!FLOOR_45.covers(Money::from_fen(8_999_999), list));
        assert_eq!(
            Ratio::floor_of(Money::from_fen(9_000_000), list),
            Some(FLOOR_45)
        );
        let shown = Ratio::floor_of(Money::from_fen(8_999_999), list).unwrap();
        assert_eq!(shown.to_string(), "0.4499");
    }

    #[test]
    fn a_whole_of_zero_or_less_has_no_ratio() {
        for whole in [0, -1, i64::MIN] {
            let whole = Money::from_fen(whole);
            assert_eq!(Ratio::floor_of(Money::from_fen(1), whole), None);
            assert!(!Ratio::ZERO.covers(Money::from_fen(1), whole));
        }
        assert_eq!(
            Ratio::floor_of(Money::from_fen(-1), Money::from_fen(1)),
            None
        );
        assert!(!Ratio::ZERO.covers(Money::from_fen(-1), Money::from_fen(1)));
        assert!(Ratio::ZERO.covers(Money::ZERO, Money::from_fen(1)));
    }

    #[test]
    fn the_largest_ratio_is_kept_and_the_next_refused() {
        let one = Money::from_fen(10_000);
        assert_eq!(
            Ratio::floor_of(Money::from_fen(99_999_999), one),
            Some(Ratio::MAX)
        );
        assert_eq!(Ratio::floor_of(Money::from_fen(100_000_000), one), None);
        assert_eq!(Ratio::from_ten_thousandths(99_999_999), Some(Ratio::MAX));
        assert_eq!(Ratio::from_ten_thousandths(100_000_000), None);
        assert_eq!(Ratio::from_ten_thousandths(-1), None);
    }

    #[test]
    fn json_form_has_four_decimals() {
        assert_eq!(to_value(FLOOR_45).unwrap(), json!("0.4500"));
        assert_eq!(from_value::<Ratio>(json!("0.45")).unwrap(), FLOOR_45);
        assert_eq!(from_value::<Ratio>(json!("1")).unwrap(), Ratio::ONE);
        assert_eq!(from_value::<Ratio>(json!("9999.9999")).unwrap(), Ratio::MAX);
        for bad in [
            json!("10000"),
            json!("0.45000"),
            json!("-0.1"),
            json!("4.5折"),
            json!("1e1"),
            json!("+1"),
            json!(""),
            json!(0.45),
            json!(null),
        ] {
            assert!(from_value::<Ratio>(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn document_shows_the_same_form() {
        let schema = to_value(<Ratio as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["type"], json!("string"));
        assert_eq!(schema["pattern"], json!(r"^\d{1,4}(\.\d{1,4})?$"));
        assert_eq!(schema["examples"], json!(["0.4500"]));
    }

    proptest! {
        #[test]
        fn exactly_the_tier_is_covered_and_one_fen_less_is_not(
            ten_thousandths in 1_i64..=20_000, unit in 1_i64..=1_000_000,
        ) {
            let tier = Ratio::from_ten_thousandths(ten_thousandths).unwrap();
            let whole = Money::from_fen(unit * SCALE);
            let exact = unit * ten_thousandths;
            prop_assert!(tier.covers(Money::from_fen(exact), whole));
            prop_assert!(!tier.covers(Money::from_fen(exact - 1), whole));
        }

        #[test]
        fn shown_never_better_than_judged(part in 0_i64..=1_000_000, whole in 1_i64..=1_000_000) {
            let (part, whole) = (Money::from_fen(part), Money::from_fen(whole));
            if let Some(shown) = Ratio::floor_of(part, whole) {
                prop_assert!(shown.covers(part, whole));
                prop_assert!(shown == Ratio::MAX || !Ratio(shown.0 + 1).covers(part, whole));
            }
        }

        #[test]
        fn no_overflow_anywhere(part in any::<i64>(), whole in any::<i64>(), r in 0..=Ratio::MAX.0) {
            let (part, whole) = (Money::from_fen(part), Money::from_fen(whole));
            Ratio(r).covers(part, whole);
            Ratio::floor_of(part, whole);
        }

        #[test]
        fn every_ratio_survives_json(r in 0..=Ratio::MAX.0) {
            prop_assert_eq!(from_value::<Ratio>(to_value(Ratio(r)).unwrap()).unwrap(), Ratio(r));
        }
    }
}
