//! Schemas of amounts that may not be negative, or not zero: money as everywhere, with a narrower pattern.

use serde_json::json;
use utoipa::openapi::{
    Object, ObjectBuilder,
    schema::{AdditionalProperties, Type},
};

use crate::domain::money::CURRENCY;

/// Zero or more.
pub fn price() -> Object {
    money(r"^(0|[1-9]\d{0,12})(\.\d{1,2})?$", "Yuan, zero or more.")
}

/// More than zero.
pub fn positive() -> Object {
    money(
        r"^([1-9]\d{0,12}(\.\d{1,2})?|0\.(0[1-9]|[1-9]\d?))$",
        "Yuan, more than zero.",
    )
}

fn money(pattern: &str, description: &str) -> Object {
    let amount = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .pattern(Some(pattern))
        .min_length(Some(1))
        .max_length(Some(16))
        .examples([json!("200000.00")]);
    let currency = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([CURRENCY]))
        .examples([json!(CURRENCY)]);
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("An amount of money, exact to the fen (0.01 yuan)."))
        .property("amount", amount)
        .required("amount")
        .property("currency", currency)
        .required("currency")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .examples([json!({ "amount": "200000.00", "currency": CURRENCY })])
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(schema: Object, amount: &str) -> bool {
        let schema = serde_json::to_value(schema).unwrap();
        jsonschema::is_valid(&schema, &json!({ "amount": amount, "currency": "CNY" }))
    }

    #[test]
    fn a_price_is_never_negative() {
        for good in ["0", "0.00", "0.5", "12.34", "9999999999999.99"] {
            assert!(admits(price(), good), "{good}");
        }
        for bad in ["-1", "-0", "1.234", "10000000000000", "", "01", "1e3", "+1"] {
            assert!(!admits(price(), bad), "{bad}");
        }
    }

    #[test]
    fn a_positive_amount_is_at_least_one_fen() {
        for good in ["0.01", "0.1", "0.10", "1", "200000.00", "9999999999999.99"] {
            assert!(admits(positive(), good), "{good}");
        }
        for bad in ["0", "0.0", "0.00", "-1", ""] {
            assert!(!admits(positive(), bad), "{bad}");
        }
    }
}
