//! The registry of all settings: what exists, its defaults, and whether a
//! proposed value may be stored.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::Setting;
use super::commerce::{
    discount::DiscountSettings, quoting::QuotingSettings, signoff::SignoffSettings,
};
use super::customers::{
    card::CustomerCardSettings, conflict::ConflictSettings, likeness::LikenessSettings,
    merging::DuplicateSettings, profile::ProfileSettings, registration::RegistrationSettings,
    value::ValueSettings,
};
use super::governance::personal_data::PersonalDataSettings;
use super::org::{
    delegation::DelegationSettings, departure::DepartureSettings, password::PasswordSettings,
    session::SessionSettings,
};
use super::platform::exchange::ExchangeSettings;
use super::sales::{decision_maker::DecisionMakerSettings, opportunity::OpportunitySettings};

/// A setting as shown to administrators.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PolicySetting)]
pub struct Described {
    /// Key in the policy store.
    pub key: &'static str,
    /// Requirement ids it parameterises.
    pub rules: &'static [&'static str],
    /// Title in Chinese.
    pub title_zh: &'static str,
    /// Title in English.
    pub title_en: &'static str,
    /// Value of the regulation, in force until another version is stored.
    pub default: Value,
}

/// One reason why a value cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FieldError {
    /// JSON pointer into the value; empty for the value as a whole.
    pub pointer: String,
    /// UPPER_SNAKE, stable.
    pub code: String,
    /// Chinese text.
    pub message_zh: String,
    /// English text.
    pub message_en: String,
}

impl FieldError {
    fn new(pointer: String, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        FieldError {
            pointer,
            code: code.to_owned(),
            message_zh: zh.into(),
            message_en: en.into(),
        }
    }
}

struct Entry {
    key: &'static str,
    describe: fn() -> Described,
    check: fn(&Value) -> Result<(), Vec<FieldError>>,
}

const fn entry<T: Setting>() -> Entry {
    Entry {
        key: T::KEY,
        describe: describe::<T>,
        check: |value| parse::<T>(value).map(drop),
    }
}

const ENTRIES: &[Entry] = &[
    entry::<ConflictSettings>(),
    entry::<SignoffSettings>(),
    entry::<CustomerCardSettings>(),
    entry::<ProfileSettings>(),
    entry::<RegistrationSettings>(),
    entry::<ValueSettings>(),
    entry::<DecisionMakerSettings>(),
    entry::<DelegationSettings>(),
    entry::<DepartureSettings>(),
    entry::<DuplicateSettings>(),
    entry::<ExchangeSettings>(),
    entry::<LikenessSettings>(),
    entry::<OpportunitySettings>(),
    entry::<PasswordSettings>(),
    entry::<PersonalDataSettings>(),
    entry::<DiscountSettings>(),
    entry::<QuotingSettings>(),
    entry::<SessionSettings>(),
];

/// Every setting there is.
pub fn catalogue() -> Vec<Described> {
    ENTRIES.iter().map(|e| (e.describe)()).collect()
}

/// Whether `value` may be stored under `key`: its type, its ranges and its
/// rules across fields, with every failing field at once.
pub fn check(key: &str, value: &Value) -> Result<(), Vec<FieldError>> {
    match ENTRIES.iter().find(|e| e.key == key) {
        Some(found) => (found.check)(value),
        None => Err(vec![FieldError::new(
            String::new(),
            "UNKNOWN_SETTING",
            format!("没有名为 {key} 的制度参数"),
            format!("there is no setting named {key}"),
        )]),
    }
}

/// A quote may be made at a stage that exists (QUO-01, OPP-14): what to correct in the conditions of quoting.
pub fn stage_beyond(quoting: &QuotingSettings, ladder: &OpportunitySettings) -> Option<FieldError> {
    let stages = ladder.stages.len();
    (usize::from(quoting.min_stage) > stages).then(|| {
        FieldError::new(
            "/min_stage".to_owned(),
            "STAGE_BEYOND_LADDER",
            format!("商机只有 {stages} 个阶段"),
            format!("there are only {stages} stages of opportunities"),
        )
    })
}

/// The same seen from the stage ladder: what to correct in it.
pub fn ladder_short_of(
    ladder: &OpportunitySettings,
    quoting: &QuotingSettings,
) -> Option<FieldError> {
    stage_beyond(quoting, ladder).map(|_| {
        let stage = quoting.min_stage;
        FieldError::new(
            "/stages".to_owned(),
            "LADDER_TOO_SHORT",
            format!("报价从第 {stage} 阶段开始,阶段数不得少于 {stage};请先调整报价条件"),
            format!("quotes are made from stage {stage}: keep that many, or change the conditions of quoting first"),
        )
    })
}

/// Reads and validates a value of a known type. Absent members take their default.
pub fn parse<T: Setting>(value: &Value) -> Result<T, Vec<FieldError>> {
    let Value::Object(members) = value else {
        return Err(vec![FieldError::new(
            String::new(),
            "NOT_AN_OBJECT",
            "必须是 JSON 对象",
            "must be a JSON object",
        )]);
    };
    let known = default_members::<T>();
    let mut errors: Vec<FieldError> = members
        .iter()
        .filter_map(|(name, member)| member_error::<T>(&known, name, member))
        .collect();
    if !errors.is_empty() {
        errors.sort();
        return Err(errors);
    }
    let typed: T = serde_json::from_value(value.clone()).map_err(|e| {
        vec![FieldError::new(
            String::new(),
            "INVALID_VALUE",
            "值无效",
            e.to_string(),
        )]
    })?;
    match typed.validate() {
        Ok(()) => Ok(typed),
        Err(found) => {
            flatten(&found, "", &mut errors);
            errors.sort();
            Err(errors)
        }
    }
}

/// Every member has a default, so each can be read alone and all bad ones named.
fn member_error<T: Setting>(
    known: &Map<String, Value>,
    name: &str,
    member: &Value,
) -> Option<FieldError> {
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    if !known.contains_key(name) {
        return Some(FieldError::new(
            pointer,
            "UNKNOWN_FIELD",
            "没有此参数",
            "there is no such member",
        ));
    }
    let alone = Value::Object(Map::from_iter([(name.to_owned(), member.clone())]));
    let error = serde_json::from_value::<T>(alone).err()?;
    Some(FieldError::new(
        pointer,
        "INVALID_VALUE",
        "类型或格式不正确",
        error.to_string(),
    ))
}

fn default_value<T: Setting>() -> Value {
    serde_json::to_value(T::default()).unwrap_or(Value::Null)
}

fn default_members<T: Setting>() -> Map<String, Value> {
    match default_value::<T>() {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn describe<T: Setting>() -> Described {
    Described {
        key: T::KEY,
        rules: T::RULES,
        title_zh: T::TITLE_ZH,
        title_en: T::TITLE_EN,
        default: default_value::<T>(),
    }
}

fn flatten(errors: &ValidationErrors, prefix: &str, out: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        let here = match field.as_ref() {
            "__all__" => prefix.to_owned(),
            field => format!("{prefix}/{field}"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => flatten(inner, &here, out),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    flatten(inner, &format!("{here}/{index}"), out);
                }
            }
            ValidationErrorsKind::Field(list) => {
                out.extend(list.iter().map(|e| field_error(e, prefix, &here)));
            }
        }
    }
}

fn field_error(error: &ValidationError, prefix: &str, here: &str) -> FieldError {
    let text = |name: &str| error.params.get(name).and_then(Value::as_str);
    let number = |name: &str| {
        error
            .params
            .get(name)
            .map_or("…".to_owned(), Value::to_string)
    };
    let pointer = match text("pointer") {
        Some(relative) => format!("{prefix}{relative}"),
        None => here.to_owned(),
    };
    let (code, zh, en) = match error.code.as_ref() {
        "range" => ("OUT_OF_RANGE", "必须在", "must be from"),
        "length" => ("LENGTH_OUT_OF_RANGE", "长度必须在", "length must be from"),
        code => {
            let zh = text("zh").unwrap_or("值无效");
            return FieldError::new(pointer, code, zh, text("en").unwrap_or("is not valid"));
        }
    };
    let (min, max) = (number("min"), number("max"));
    FieldError::new(
        pointer,
        code,
        format!("{zh} {min} 到 {max} 之间"),
        format!("{en} {min} to {max}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    fn errors(key: &str, value: Value) -> Vec<(String, String)> {
        let found = check(key, &value).err().unwrap_or_default();
        found.into_iter().map(|e| (e.pointer, e.code)).collect()
    }

    fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), code.to_owned())]
    }

    #[test]
    fn every_default_is_an_object_that_passes_its_own_check() {
        for d in catalogue() {
            assert!(d.default.is_object(), "{}", d.key);
            assert_eq!(check(d.key, &d.default), Ok(()), "{}", d.key);
            assert!(!d.rules.is_empty() && !d.title_zh.is_empty() && !d.title_en.is_empty());
        }
    }

    #[test]
    fn keys_are_unique_and_in_order() {
        let keys: Vec<_> = catalogue().iter().map(|d| d.key).collect();
        let sorted: BTreeSet<_> = keys.iter().copied().collect();
        assert_eq!(keys, sorted.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn an_empty_object_is_the_default() {
        assert_eq!(
            parse::<DiscountSettings>(&json!({})),
            Ok(DiscountSettings::default())
        );
    }

    #[test]
    fn names_every_bad_member_at_once() {
        let found = errors(
            "quote_discount",
            json!({"manager_floor": 0.5, "per_line": "yes", "a/b~c": 1}),
        );
        let expected: Vec<(String, String)> = [
            ("/a~1b~0c", "UNKNOWN_FIELD"),
            ("/manager_floor", "INVALID_VALUE"),
            ("/per_line", "INVALID_VALUE"),
        ]
        .map(|(p, c)| (p.to_owned(), c.to_owned()))
        .to_vec();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_rule_across_fields_points_at_the_field_to_correct() {
        let value = json!({"manager_floor": "0.4000"});
        assert_eq!(
            errors("quote_discount", value),
            one("/assistant_floor", "FLOORS_CROSSED")
        );
    }

    #[test]
    fn a_range_says_its_ends_in_both_languages() {
        let found = check("password", &json!({"max_age_days": 0})).unwrap_err();
        assert_eq!(found[0].pointer, "/max_age_days");
        assert_eq!(found[0].code, "OUT_OF_RANGE");
        assert_eq!(found[0].message_en, "must be from 1 to 730");
        assert_eq!(found[0].message_zh, "必须在 1 到 730 之间");
    }

    #[test]
    fn a_bad_item_of_a_list_is_pointed_at() {
        let stage = json!({"code": "ONE", "zh": "一", "en": "One", "standard_days": 0});
        let found = errors("opportunity", json!({"stages": [stage]}));
        assert_eq!(found, one("/stages/0/standard_days", "OUT_OF_RANGE"));
    }

    #[test]
    fn quotes_are_made_at_a_stage_that_exists() {
        let ladder = OpportunitySettings::default();
        let at = |min_stage| QuotingSettings {
            min_stage,
            ..Default::default()
        };
        assert_eq!(stage_beyond(&at(6), &ladder), None);
        assert_eq!(ladder_short_of(&ladder, &at(6)), None);
        assert_eq!(stage_beyond(&at(7), &ladder).unwrap().pointer, "/min_stage");
        assert_eq!(ladder_short_of(&ladder, &at(7)).unwrap().pointer, "/stages");
    }

    #[test]
    fn unknown_keys_and_non_objects_are_refused() {
        assert_eq!(errors("no_such", json!({})), one("", "UNKNOWN_SETTING"));
        assert_eq!(errors("password", json!([])), one("", "NOT_AN_OBJECT"));
    }
}
