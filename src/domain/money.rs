//! Amounts of money, exact to the fen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::json;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

use super::decimal::{self, DecimalError, Shape};

/// The only currency there is.
pub const CURRENCY: &str = "CNY";

const FEN_PER_YUAN: i64 = 100;
const SHAPE: Shape = Shape {
    integer_digits: 13,
    decimals: 2,
    signed: true,
};

/// An amount in Chinese yuan, kept as a whole number of fen (0.01 yuan).
///
/// JSON: `{"amount":"200000.00","currency":"CNY"}`. What is read, and what the
/// checked operations yield, lies within ±[`Money::MAX`].
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
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// 9 999 999 999 999.99 yuan: the largest amount with thirteen digits before the point.
    pub const MAX: Money = Money(999_999_999_999_999);

    /// From fen (0.01 yuan), as stored. Not range-checked.
    pub const fn from_fen(fen: i64) -> Self {
        Money(fen)
    }

    /// From whole yuan, for settings and tests; saturates at the ends of `i64`.
    pub const fn from_yuan(yuan: i64) -> Self {
        Money(yuan.saturating_mul(FEN_PER_YUAN))
    }

    /// The amount in fen (0.01 yuan).
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The same, borrowed: databases bind it in place.
    pub(crate) const fn fen_ref(&self) -> &i64 {
        &self.0
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Sum, or `None` outside ±[`Money::MAX`].
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).and_then(Money::within)
    }

    /// Difference, or `None` outside ±[`Money::MAX`].
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).and_then(Money::within)
    }

    /// Price × number of pieces, or `None` outside ±[`Money::MAX`].
    pub fn checked_mul(self, quantity: i64) -> Option<Money> {
        self.0.checked_mul(quantity).and_then(Money::within)
    }

    /// Sum of many, or `None` as soon as a partial sum leaves ±[`Money::MAX`].
    pub fn try_sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts
            .into_iter()
            .try_fold(Money::ZERO, Money::checked_add)
    }

    fn within(fen: i64) -> Option<Money> {
        let max = Money::MAX.0;
        (-max..=max).contains(&fen).then_some(Money(fen))
    }
}

impl fmt::Display for Money {
    /// `200000.00`: yuan, always two decimals, no grouping.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

impl FromStr for Money {
    type Err = DecimalError;

    /// Reads yuan with at most two decimals, e.g. `"200000"`, `"-0.5"`.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, SHAPE).map(Money)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    amount: String,
    currency: String,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = Wire {
            amount: self.to_string(),
            currency: CURRENCY.to_owned(),
        };
        wire.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        if wire.currency != CURRENCY {
            return Err(D::Error::custom("currency must be CNY"));
        }
        wire.amount
            .parse()
            .map_err(|e| D::Error::custom(format_args!("amount: {e}")))
    }
}

impl utoipa::PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        let amount = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Yuan as a decimal string, at most two decimals."))
            .pattern(Some(r"^-?\d{1,13}(\.\d{1,2})?$"))
            .examples([json!("200000.00")]);
        let currency = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("ISO 4217 code; only CNY is accepted."))
            .enum_values(Some([CURRENCY]))
            .examples([json!(CURRENCY)]);
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("An amount of money, exact to the fen (0.01 yuan)."))
            .property("amount", amount)
            .required("amount")
            .property("currency", currency)
            .required("currency")
            .additional_properties(Some(
                utoipa::openapi::schema::AdditionalProperties::FreeForm(false),
            ))
            .examples([json!({"amount": "200000.00", "currency": CURRENCY})])
            .into()
    }
}

impl utoipa::ToSchema for Money {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{from_value, to_value};

    fn read(amount: &str) -> Result<Money, serde_json::Error> {
        from_value(json!({"amount": amount, "currency": "CNY"}))
    }

    #[test]
    fn prints_two_decimals_always() {
        for (fen, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (-5, "-0.05"),
            (20_000_000, "200000.00"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(Money::from_fen(fen).to_string(), text);
        }
    }

    #[test]
    fn json_form_is_amount_and_currency() {
        let json = json!({"amount": "200000.00", "currency": "CNY"});
        assert_eq!(to_value(Money::from_yuan(200_000)).unwrap(), json);
        assert_eq!(
            from_value::<Money>(json).unwrap(),
            Money::from_yuan(200_000)
        );
    }

    #[test]
    fn reads_up_to_the_limit_and_not_one_fen_more() {
        assert_eq!(read("9999999999999.99").unwrap(), Money::MAX);
        assert_eq!(read("-9999999999999.99").unwrap().fen(), -Money::MAX.fen());
        assert!(read("10000000000000.00").is_err());
    }

    #[test]
    fn refuses_everything_else() {
        for bad in [
            "", " 1", "1 ", "+1", "1e3", "1.005", ".5", "5.", "1,000", "NaN", "１",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        for bad in [
            json!({"amount": "1", "currency": "USD"}),
            json!({"amount": "1", "currency": "cny"}),
            json!({"amount": 1, "currency": "CNY"}),
            json!({"amount": "1"}),
            json!({"amount": "1", "currency": "CNY", "rate": "1"}),
            json!("1.00"),
            json!(1),
            json!(null),
        ] {
            assert!(from_value::<Money>(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn checked_operations_stop_exactly_at_the_limit() {
        let fen = Money::from_fen(1);
        let below = Money::MAX.checked_sub(fen).unwrap();
        assert_eq!(below.checked_add(fen), Some(Money::MAX));
        assert_eq!(Money::MAX.checked_add(fen), None);
        assert_eq!(
            Money::from_yuan(100).checked_mul(3),
            Some(Money::from_yuan(300))
        );
        assert_eq!(Money::MAX.checked_mul(2), None);
        assert_eq!(Money::from_fen(i64::MAX).checked_mul(i64::MAX), None);
        assert_eq!(Money::try_sum([fen, fen, fen]), Some(Money::from_fen(3)));
        assert_eq!(Money::try_sum([Money::MAX, fen]), None);
        assert_eq!(Money::try_sum([]), Some(Money::ZERO));
    }

    #[test]
    fn document_shows_the_same_form() {
        let schema = to_value(<Money as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["required"], json!(["amount", "currency"]));
        assert_eq!(
            schema["properties"]["amount"]["pattern"],
            json!(r"^-?\d{1,13}(\.\d{1,2})?$")
        );
        assert_eq!(schema["properties"]["currency"]["enum"], json!(["CNY"]));
        assert_eq!(schema["additionalProperties"], json!(false));
        assert!(from_value::<Money>(schema["examples"][0].clone()).is_ok());
    }

    proptest! {
        #[test]
        fn every_amount_survives_json(fen in -Money::MAX.0..=Money::MAX.0) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(from_value::<Money>(to_value(money).unwrap()).unwrap(), money);
        }

        #[test]
        fn order_is_the_order_of_fen(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(Money::from_fen(a).cmp(&Money::from_fen(b)), a.cmp(&b));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = text.parse::<Money>();
        }
    }
}
