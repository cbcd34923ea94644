//! What front ends need to label and to choose; open to everyone who is signed in.

use crate::{
    api::platform::metadata::{
        DivisionFilter, DivisionList, DivisionView, EnumValue, Enumeration, Enumerations,
        IndustryList, IndustryView,
    },
    domain::{Divisions, Industries, vocabulary},
    error::AppResult,
    http::query::bad_parameter,
};

/// Every enumeration of the glossary with its labels.
pub fn enumerations() -> Enumerations {
    let items = vocabulary::catalogue()
        .into_iter()
        .map(|(name, labels)| Enumeration {
            name,
            values: labels
                .iter()
                .map(|l| EnumValue {
                    value: l.value,
                    zh: l.zh,
                    en: l.en,
                })
                .collect(),
        })
        .collect();
    Enumerations { items }
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
