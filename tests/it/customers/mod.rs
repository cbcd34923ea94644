//! Customers: registration, duplicates, review, editing, sharing, deletion, and the races among them.

mod automatic_sharing;
mod card;
mod contact_plans;
mod correction;
mod editing;
mod feedback;
mod keyed;
mod likeness;
mod lines;
mod lists;
mod merging;
mod merging_races;
mod merging_records;
mod names;
mod products;
mod races;
mod registration;
mod review;
mod search;
mod settling;
mod sharing;
mod upkeep;
mod worklist;

use serde_json::{Value, json};

/// A registration that lacks nothing.
pub fn complete(name: &str) -> Value {
    json!({
        "name": name,
        "party": "COMPANY",
        "kind": "DIRECT",
        "address": "北京市朝阳区建国路88号",
        "phone": "010-85201234",
        "division_code": "110105",
        "source": "SELF_DEVELOPED",
        "contacts": [{ "name": "王建国", "mobile": "13800138000", "is_key": true }],
    })
}

/// The same with another member.
pub fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}
