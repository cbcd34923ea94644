//! Paths and query strings: typed filters, sort allow-lists, cursors; unknown parameters are refused.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{addresses, cursor, parameter_reason};
use crate::{
    app::App,
    db::paging::{Direction, PageRequest, SortKey},
    domain::id::Id,
    error::{AppError, AppResult, Code, FieldError},
};

/// The paging parameters that every list understands.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Rows a page: 1–200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before; bound to filter and sort.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
    /// Sort keys from the list's allow-list, separated by commas; `-` before a key sorts downwards.
    #[param(max_length = 200)]
    pub sort: Option<String>,
    /// Also count all rows (exact up to 10,000).
    pub include_total: Option<bool>,
}

const PAGING: [&str; 4] = ["limit", "cursor", "sort", "include_total"];

/// A list query: its filter `F` and the page wanted, sorted by `S`.
#[derive(Debug, Clone)]
pub struct Listed<F, S> {
    /// The typed filter.
    pub filter: F,
    /// The page.
    pub page: PageRequest<S>,
    /// What the cursor is bound to: path, filter and sort.
    pub binding: String,
}

/// Query parameters without paging.
#[derive(Debug, Clone)]
pub struct Filtered<F>(pub F);

/// An id in a path; anything that is no id is unknown (404).
#[derive(Debug, Clone, Copy)]
pub struct PathId<T: 'static>(pub Id<T>);

/// A page of rows, and where the next one is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListOf<T: ToSchema> {
    /// The rows.
    pub items: Vec<T>,
    /// For `cursor`; null on the last page.
    pub next_cursor: Option<String>,
    /// Only with `include_total=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Total>,
}

/// How many rows there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Total {
    /// The count, at most 10,000.
    pub value: i64,
    /// Whether there are more than that.
    pub capped: bool,
}

impl<F, S> FromRequest for Listed<F, S>
where
    F: DeserializeOwned + IntoParams + 'static,
    S: SortKey,
{
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(listed(request))
    }
}

impl<F: DeserializeOwned + IntoParams + 'static> FromRequest for Filtered<F> {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(pairs(request).and_then(|pairs| parse(&pairs)).map(Self))
    }
}

impl<T> FromRequest for PathId<T> {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request
            .match_info()
            .get("id")
            .and_then(|text| text.parse().ok());
        // `/customers/batch` fits `/customers/{id}` too, so what is no id may be an address with other methods.
        ready(id.map(Self).ok_or_else(|| addresses::refusal(request)))
    }
}

fn listed<F: DeserializeOwned + IntoParams, S: SortKey>(
    request: &HttpRequest,
) -> AppResult<Listed<F, S>> {
    listed_of(request.path(), request.query_string(), |binding, text| {
        let app = request
            .app_data::<web::Data<App>>()
            .ok_or_else(|| AppError::internal("no application"))?;
        cursor::open(&app.keys().cursors, binding, text)
    })
}

/// A list's query, wherever it comes from; `open` opens its cursor.
///
/// # Errors
/// 400 for what the list does not know.
pub fn listed_of<F: DeserializeOwned + IntoParams, S: SortKey>(
    path: &str,
    query: &str,
    open: impl FnOnce(&str, &str) -> AppResult<Vec<String>>,
) -> AppResult<Listed<F, S>> {
    let (paging, filter): (Vec<_>, Vec<_>) = pairs_of(query)?
        .into_iter()
        .partition(|(name, _)| PAGING.contains(&name.as_str()));
    let paging: Paging = parse(&paging)?;
    let limit = paging.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(bad_parameter(
            "limit",
            "须在 1 到 200 之间。",
            "Must lie between 1 and 200.",
        ));
    }
    let sort = sort_keys::<S>(paging.sort.as_deref())?;
    let mut bound = filter.clone();
    bound.sort();
    let binding = format!("{path} {bound:?} {:?}", paging.sort);
    let after = match &paging.cursor {
        None => None,
        Some(text) => Some(open(&binding, text)?),
    };
    Ok(Listed {
        filter: parse(&filter)?,
        page: PageRequest {
            limit,
            sort,
            after,
            include_total: paging.include_total.unwrap_or(false),
        },
        binding,
    })
}

fn pairs(request: &HttpRequest) -> AppResult<Vec<(String, String)>> {
    pairs_of(request.query_string())
}

fn pairs_of(query: &str) -> AppResult<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|error| {
        AppError::new(
            Code::Malformed,
            "查询串无法解析。",
            "The query string cannot be read.",
        )
        .with_cause(error)
    })?;
    // A replacement character means bytes that were not UTF-8; PostgreSQL cannot keep NUL.
    match pairs
        .iter()
        .find(|(name, value)| format!("{name}{value}").contains(['\0', '\u{fffd}']))
    {
        Some((name, _)) => Err(bad_parameter(
            name,
            "含有不允许的字符。",
            "Has characters that are not allowed.",
        )),
        None => Ok(pairs),
    }
}

/// The bounds that the document states for the parameters of `T` are enforced from that very statement (decision 001).
fn within_bounds<T: IntoParams>(pairs: &[(String, String)]) -> AppResult<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    for parameter in T::into_params(|| None) {
        let schema = serde_json::to_value(&parameter.schema).unwrap_or_default();
        for (name, value) in pairs.iter().filter(|(name, _)| *name == parameter.name) {
            let length = value.chars().count() as f64;
            bounded(&schema, "minLength", "maxLength", length).map_err(|(zh, en)| {
                bad_parameter(name, format!("长度{zh}"), format!("Its length: {en}"))
            })?;
            if let Ok(number) = value.parse() {
                bounded(&schema, "minimum", "maximum", number)
                    .map_err(|(zh, en)| bad_parameter(name, zh, en))?;
            }
        }
    }
    Ok(())
}

/// What a size must be, in both languages, if it is not.
fn bounded(schema: &Value, least: &str, most: &str, size: f64) -> Result<(), (String, String)> {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    match (bound(least), bound(most)) {
        (Some(least), Some(most)) if size < least || size > most => Err((
            format!("须在 {least} 到 {most} 之间。"),
            format!("Must lie between {least} and {most}."),
        )),
        (Some(least), None) if size < least => {
            Err((format!("不得小于 {least}。"), format!("Not below {least}.")))
        }
        (None, Some(most)) if size > most => {
            Err((format!("不得大于 {most}。"), format!("Not above {most}.")))
        }
        _ => Ok(()),
    }
}

fn parse<T: DeserializeOwned + IntoParams>(pairs: &[(String, String)]) -> AppResult<T> {
    within_bounds::<T>(pairs)?;
    let encoded = serde_urlencoded::to_string(pairs).map_err(AppError::internal)?;
    let parameters =
        serde_urlencoded::Deserializer::new(form_urlencoded::parse(encoded.as_bytes()));
    serde_path_to_error::deserialize(parameters).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner().to_string();
        let name = parameter_reason::name(&path, &reason, pairs);
        let text = parameter_reason::worded(&reason);
        bad_parameter(&name, text.zh, text.en)
    })
}

fn sort_keys<S: SortKey>(text: Option<&str>) -> AppResult<Vec<(S, Direction)>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(S::DEFAULT.to_vec());
    };
    let mut keys: Vec<(S, Direction)> = Vec::new();
    for part in text.split(',') {
        let (name, direction) = part
            .strip_prefix('-')
            .map_or((part, Direction::Up), |name| (name, Direction::Down));
        let allowed = S::ALLOWED
            .iter()
            .find(|(allowed, _)| *allowed == name)
            .map(|(_, key)| *key);
        match allowed {
            Some(key) if keys.iter().all(|(used, _)| *used != key) => keys.push((key, direction)),
            _ => {
                let names: Vec<_> = S::ALLOWED.iter().map(|(name, _)| *name).collect();
                return Err(bad_parameter(
                    "sort",
                    format!("可用的排序键：{}，各用一次。", names.join("、")),
                    format!("Sort keys are {}, each at most once.", names.join(", ")),
                ));
            }
        }
    }
    Ok(keys)
}

/// 400 for one query parameter.
pub fn bad_parameter(name: &str, zh: impl Into<String>, en: impl Into<String>) -> AppError {
    AppError::new(
        Code::InvalidParameter,
        format!("查询参数 {name} 不正确。"),
        format!("The parameter {name} is not valid."),
    )
    .with_errors(vec![FieldError::new(
        format!("/{name}"),
        "INVALID_PARAMETER",
        zh,
        en,
    )])
}
