//! Every failing field of a body, found by the very schema that the OpenAPI document publishes.

use std::{
    any::TypeId,
    collections::HashMap,
    sync::{Arc, LazyLock, RwLock},
};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    domain::{CreditCode, Email, Phone, Website, masking},
    error::{AppError, AppResult, FieldError, Text},
};

type Kept = RwLock<HashMap<TypeId, Arc<Validator>>>;
static VALIDATORS: LazyLock<Kept> = LazyLock::new(Kept::default);

/// As many failing fields are named in one answer; a body made of mistakes must not cost a larger answer.
const MOST: usize = 100;

/// Every field of the value that fails the schema of `T`, up to 100.
///
/// # Errors
/// When the schema itself is broken.
pub fn failing_fields<T: ToSchema + 'static>(value: &Value) -> AppResult<Vec<FieldError>> {
    let validator = validator::<T>()?;
    if validator.is_valid(value) {
        return Ok(Vec::new());
    }
    let mut fields = Vec::new();
    for error in validator.iter_errors(value) {
        explain(&error, &mut fields);
        if fields.len() >= MOST {
            fields.truncate(MOST);
            break;
        }
    }
    fields.sort_by(|a, b| (&a.pointer, &a.code).cmp(&(&b.pointer, &b.code)));
    fields.dedup();
    Ok(fields)
}

fn validator<T: ToSchema + 'static>() -> AppResult<Arc<Validator>> {
    let id = TypeId::of::<T>();
    if let Ok(kept) = VALIDATORS.read()
        && let Some(validator) = kept.get(&id)
    {
        return Ok(Arc::clone(validator));
    }
    let mut components = Vec::new();
    T::schemas(&mut components);
    components.push((T::name().into_owned(), T::schema()));
    let components: Map<String, Value> = components
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or(Value::Null)))
        .collect();
    let document = json!({
        "$ref": format!("#/components/schemas/{}", T::name()),
        "components": { "schemas": components },
    });
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_format("phone", |text: &str| Phone::parse(text).is_ok())
        .with_format("credit-code", |text: &str| CreditCode::parse(text).is_ok())
        .with_format("email", |text: &str| Email::parse(text).is_ok())
        .with_format("website", |text: &str| Website::parse(text).is_ok())
        .with_format("date-time", |text: &str| {
            serde_json::from_value::<crate::domain::timestamp::Timestamp>(text.into()).is_ok()
        })
        .build(&document)
        .map_err(AppError::internal)?;
    let validator = Arc::new(validator);
    if let Ok(mut kept) = VALIDATORS.write() {
        kept.insert(id, Arc::clone(&validator));
    }
    Ok(validator)
}

fn explain(error: &ValidationError<'_>, fields: &mut Vec<FieldError>) {
    let at = error.instance_path().to_string();
    let field = |code: &str, zh: String, en: String| FieldError {
        pointer: at.clone(),
        code: code.to_owned(),
        params: Map::new(),
        message: Text::new(zh, en),
    };
    let bounded = |code: &str, name: &str, limit: Value, zh: String, en: String| FieldError {
        pointer: at.clone(),
        code: code.to_owned(),
        params: Map::from_iter([(name.to_owned(), limit)]),
        message: Text::new(zh, en),
    };
    let found = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            FieldError::new(format!("{at}/{name}"), "REQUIRED", "必填项。", "Required.")
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            fields.extend(unexpected.iter().take(MOST).map(|name| {
                let name = name.replace('~', "~0").replace('/', "~1");
                FieldError::new(
                    format!("{at}/{name}"),
                    "UNKNOWN_MEMBER",
                    "未知的字段。",
                    "Unknown member.",
                )
            }));
            return;
        }
        // An optional value is "null or the thing": what the thing lacks is the explanation.
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let is_other_type = |inner: &ValidationError<'_>| {
                matches!(inner.kind(), ValidationErrorKind::Type { .. })
                    && inner.instance_path() == error.instance_path()
            };
            let meant = context
                .iter()
                .find(|branch| !branch.iter().any(is_other_type));
            let before = fields.len();
            if let Some(branch) = meant.or(context.last()) {
                branch.iter().for_each(|inner| explain(inner, fields));
            }
            if fields.len() > before {
                return;
            }
            field(
                "INVALID_VALUE",
                "取值不正确。".into(),
                "Not a valid value.".into(),
            )
        }
        ValidationErrorKind::Type { kind } => {
            let wanted = format!("{kind:?}").to_lowercase();
            field(
                "WRONG_TYPE",
                "类型不正确。".into(),
                format!("Wrong type: {wanted}."),
            )
        }
        ValidationErrorKind::MinLength { limit: 1 } => {
            field("BLANK", "不能为空。".into(), "Must not be empty.".into())
        }
        ValidationErrorKind::MinLength { limit } => bounded(
            "TOO_SHORT",
            "min",
            (*limit).into(),
            format!("至少 {limit} 个字符。"),
            format!("At least {limit} characters."),
        ),
        ValidationErrorKind::MaxLength { limit } => bounded(
            "TOO_LONG",
            "max",
            (*limit).into(),
            format!("至多 {limit} 个字符。"),
            format!("At most {limit} characters."),
        ),
        ValidationErrorKind::MinItems { limit } => bounded(
            "TOO_FEW",
            "min",
            (*limit).into(),
            format!("至少 {limit} 项。"),
            format!("At least {limit} items."),
        ),
        ValidationErrorKind::MaxItems { limit } => bounded(
            "TOO_MANY",
            "max",
            (*limit).into(),
            format!("至多 {limit} 项。"),
            format!("At most {limit} items."),
        ),
        ValidationErrorKind::Minimum { limit }
        | ValidationErrorKind::ExclusiveMinimum { limit } => bounded(
            "TOO_SMALL",
            "min",
            limit.clone(),
            format!("不得小于 {limit}。"),
            format!("Not below {limit}."),
        ),
        ValidationErrorKind::Maximum { limit }
        | ValidationErrorKind::ExclusiveMaximum { limit } => bounded(
            "TOO_LARGE",
            "max",
            limit.clone(),
            format!("不得大于 {limit}。"),
            format!("Not above {limit}."),
        ),
        ValidationErrorKind::Enum { options } => bounded(
            "UNKNOWN_VALUE",
            "allowed",
            options.as_ref().clone(),
            "不是允许的取值。".into(),
            format!("Must be one of {options}."),
        ),
        ValidationErrorKind::Format { .. }
            if error.instance().as_str().is_some_and(masking::is_masked) =>
        {
            FieldError::masked(at)
        }
        ValidationErrorKind::Format { format } => format_message(&at, format),
        ValidationErrorKind::Pattern { pattern } => bounded(
            "BAD_FORMAT",
            "pattern",
            pattern.clone().into(),
            "格式不正确。".into(),
            format!("Must match {pattern}."),
        ),
        other => field(
            "INVALID_VALUE",
            "取值不正确。".into(),
            format!("Fails the keyword {}.", other.keyword()),
        ),
    };
    fields.push(found);
}

fn format_message(at: &str, format: &str) -> FieldError {
    let (code, zh, en) = match format {
        "phone" => (
            "INVALID_PHONE",
            "电话格式不正确：11 位手机号，或 区号-号码-分机号（DUP-04，CUS-12）。",
            "Not a phone number: an 11-digit mobile or area-number-extension (DUP-04, CUS-12).",
        ),
        "credit-code" => (
            "INVALID_CREDIT_CODE",
            "统一社会信用代码不正确（18 位，含校验码）。",
            "Not a unified social credit code (18 characters with a check character).",
        ),
        "email" => (
            "INVALID_EMAIL",
            "电子邮件地址不正确。",
            "Not an e-mail address.",
        ),
        "website" => (
            "INVALID_WEBSITE",
            "网址不正确，不带 http:（CUS-14）。",
            "Not a website without scheme (CUS-14).",
        ),
        "uuid" => ("INVALID_ID", "标识不正确。", "Not an id."),
        "date" => (
            "INVALID_DATE",
            "日期格式为 YYYY-MM-DD。",
            "A date is YYYY-MM-DD.",
        ),
        "date-time" => (
            "INVALID_TIME",
            "时间格式为 RFC 3339。",
            "An instant is RFC 3339.",
        ),
        _ => ("BAD_FORMAT", "格式不正确。", "Not in the right format."),
    };
    FieldError::new(at, code, zh, en)
}
