//! What front ends need to label and to choose; open to everyone who is signed in.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::{
    api::platform::metadata::{
        DivisionFilter, DivisionList, DivisionView, EnumValue, Enumeration, Enumerations,
        IndustryList, IndustryView,
    },
    domain::{Divisions, Industries, vocabulary},
    error::AppResult,
    http::query::bad_parameter,
};

/// Every enumeration of the document with its labels: the glossary's, and what else it enumerates.
pub fn enumerations() -> Enumerations {
    static ALL: LazyLock<Vec<Enumeration>> = LazyLock::new(|| {
        let mut all: BTreeMap<String, Vec<EnumValue>> = documented();
        all.extend(vocabulary::catalogue().into_iter().map(|(name, labels)| {
            let values = labels.iter().copied().map(EnumValue::from);
            (name.to_owned(), values.collect())
        }));
        all.into_iter()
            .map(|(name, values)| Enumeration { name, values })
            .collect()
    });
    Enumerations { items: ALL.clone() }
}

/// The enumerations that only the document knows, in the words of the glossary.
fn documented() -> BTreeMap<String, Vec<EnumValue>> {
    let document = serde_json::to_value(crate::openapi::document()).unwrap_or_default();
    let schemas = document["components"]["schemas"].as_object();
    schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            let values = schema["enum"]
                .as_array()?
                .iter()
                .filter_map(|value| vocabulary::words::label(value.as_str()?).map(EnumValue::from));
            Some((name.clone(), values.collect()))
        })
        .collect()
}

/// The provinces, or what lies directly below a division (CUS-11).
///
/// # Errors
/// 400 for an unknown code.
pub fn divisions(filter: &DivisionFilter) -> AppResult<DivisionList> {
    let all = Divisions::builtin();
    let found = match &filter.parent {
        None => all.provinces(),
        Some(code) if all.get(code).is_some() => all.children(code),
        Some(_) => {
            return Err(bad_parameter(
                "parent",
                "没有这个行政区划代码。",
                "There is no division of this code.",
            ));
        }
    };
    let items = found
        .iter()
        .map(|division| DivisionView {
            code: division.code.clone(),
            name: division.name.clone(),
            full_name: all
                .full_name(&division.code)
                .unwrap_or_else(|| division.name.clone()),
            level: division.level,
            parent: division.parent.clone(),
            has_children: !all.children(&division.code).is_empty(),
        })
        .collect();
    Ok(DivisionList { items })
}

/// All industries of GB/T 4754-2017 (CUS-16).
pub fn industries() -> IndustryList {
    let items = Industries::builtin()
        .all()
        .iter()
        .map(|industry| IndustryView {
            code: industry.code.clone(),
            zh: industry.zh.clone(),
            en: industry.en.clone(),
            section: industry.section().map(str::to_owned),
        })
        .collect();
    IndustryList { items }
}
