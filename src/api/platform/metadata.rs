//! What front ends need to label and to choose: enumerations and administrative divisions.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{DivisionLevel, labels::Label},
    http::View,
};

/// A value of an enumeration with its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct EnumValue {
    /// On the wire.
    #[schema(example = "HEADQUARTERS")]
    pub value: &'static str,
    /// Chinese label.
    #[schema(example = "总部")]
    pub zh: &'static str,
    /// English label.
    #[schema(example = "Headquarters")]
    pub en: &'static str,
}

impl From<Label> for EnumValue {
    fn from(Label { value, zh, en }: Label) -> Self {
        Self { value, zh, en }
    }
}

/// An enumeration.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Enumeration {
    /// The schema's name.
    #[schema(example = "UnitKind")]
    pub name: String,
    /// Its values, in their natural order.
    pub values: Vec<EnumValue>,
}

/// Every enumeration.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Enumerations {
    /// By name.
    pub items: Vec<Enumeration>,
}

impl View for Enumerations {}

/// Which divisions.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DivisionFilter {
    /// Code of the division above; the provinces if not given.
    #[param(min_length = 2, max_length = 9, pattern = "^[0-9]+$", example = "61")]
    pub parent: Option<String>,
}

/// An administrative division (CUS-11).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DivisionView {
    /// 2, 4, 6 or 9 digits.
    #[schema(example = "610102")]
    pub code: String,
    /// Name without those above it.
    #[schema(example = "新城区")]
    pub name: String,
    /// As written in an address.
    #[schema(example = "陕西省西安市新城区")]
    pub full_name: String,
    /// Province, city or county.
    pub level: DivisionLevel,
    /// Code of the one above; null for a province.
    pub parent: Option<String>,
    /// Whether there are divisions below.
    pub has_children: bool,
}

/// The divisions directly below another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DivisionList {
    /// In the official order.
    pub items: Vec<DivisionView>,
}

impl View for DivisionList {}

/// An industry of GB/T 4754-2017 (CUS-16).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndustryView {
    /// A section's letter, or that and the two digits of a division.
    #[schema(example = "C39")]
    pub code: String,
    /// Chinese name.
    #[schema(example = "计算机、通信和其他电子设备制造业")]
    pub zh: String,
    /// English name.
    #[schema(example = "Computers, communication and other electronic equipment")]
    pub en: String,
    /// The section of a division; null for a section.
    #[schema(example = "C")]
    pub section: Option<String>,
}

/// All industries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndustryList {
    /// In the standard's order, each section before its divisions.
    pub items: Vec<IndustryView>,
}

impl View for IndustryList {}
