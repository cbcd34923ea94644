//! Correction of what a customer was registered as (CUS-27).

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    api::patch::Patch,
    domain::{
        CreditCode,
        id::kind::CustomerId,
        vocabulary::{CustomerKind, Line, Party},
    },
};

/// What a customer truly is, and what goes with it; an absent member stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerCorrection {
    /// Company or individual.
    pub party: Option<Party>,
    /// Kind.
    pub kind: Option<CustomerKind>,
    /// Business line.
    pub line: Option<Line>,
    /// The name, where what it must be changes: a company's registered name, a person's full name (CUS-06, CUS-07).
    #[schema(min_length = 1, max_length = 200, example = "惠普中国有限公司")]
    pub name: Option<String>,
    /// Unified social credit code; null for a person, who has none (AMB-3).
    #[serde(default)]
    #[schema(value_type = Option<CreditCode>)]
    pub credit_code: Patch<CreditCode>,
    /// The agent of an agent's end customer; null for others (CUS-02).
    #[serde(default)]
    #[schema(value_type = Option<CustomerId>)]
    pub agent_id: Patch<CustomerId>,
    /// The special symbol of the line; null where it takes none (DUP-05).
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 8)]
    pub line_symbol: Patch<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "登记时误选为公司客户")]
    pub reason: String,
}
