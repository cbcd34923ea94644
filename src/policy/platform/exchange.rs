//! How much may be imported and exported, and how long files are kept (SEC-02, SEC-06, SEC-18, INT-08).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::policy::{Refusal, Setting, invalid};

/// Limits of imports and exports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "in_order", skip_on_field_errors = false))]
pub struct ExchangeSettings {
    /// The most rows of an imported file.
    #[validate(range(min = 1, max = 5_000_000))]
    pub import_rows: u32,
    /// The most rows of one export.
    #[validate(range(min = 1, max = 5_000_000))]
    pub export_rows: u32,
    /// The most rows that one person exports within 24 hours.
    #[validate(range(min = 1, max = 50_000_000))]
    pub export_rows_per_day: u32,
    /// Days that an uploaded or exported file, and the report of refused rows, are kept.
    #[validate(range(min = 1, max = 90))]
    pub keep_days: u8,
}

impl Default for ExchangeSettings {
    fn default() -> Self {
        ExchangeSettings {
            import_rows: 1_000_000,
            export_rows: 200_000,
            export_rows_per_day: 400_000,
            keep_days: 7,
        }
    }
}

impl Setting for ExchangeSettings {
    const KEY: &'static str = "exchange";
    const RULES: &'static [&'static str] = &["SEC-02", "SEC-06", "SEC-18", "INT-08"];
    const TITLE_ZH: &'static str = "导入与导出";
    const TITLE_EN: &'static str = "Import and export";
}

fn in_order(settings: &ExchangeSettings) -> Result<(), ValidationError> {
    if settings.export_rows <= settings.export_rows_per_day {
        return Ok(());
    }
    Err(invalid(
        "LIMITS_CROSSED",
        Some("/export_rows_per_day"),
        "每日上限不得小于单次上限",
        "the daily limit must not be below that of one export",
    ))
}

/// Whether one may export so many rows more, having exported so many within 24 hours (SEC-06).
///
/// # Errors
/// Which limit is exceeded.
pub fn may_export(
    rows: i64,
    exported_today: i64,
    settings: &ExchangeSettings,
) -> Result<(), Refusal> {
    if rows > i64::from(settings.export_rows) {
        return Err(Refusal {
            rule: "SEC-06",
            code: "EXPORT_TOO_LARGE",
            zh: format!("一次最多导出 {} 行；请缩小筛选范围。", settings.export_rows),
            en: format!(
                "At most {} rows an export: narrow the filter.",
                settings.export_rows
            ),
        });
    }
    if rows.saturating_add(exported_today) > i64::from(settings.export_rows_per_day) {
        return Err(Refusal {
            rule: "SEC-06",
            code: "EXPORTED_ENOUGH_TODAY",
            zh: format!("24 小时内最多导出 {} 行。", settings.export_rows_per_day),
            en: format!(
                "At most {} rows within 24 hours.",
                settings.export_rows_per_day
            ),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(rows: i64, today: i64) -> Option<&'static str> {
        let settings = ExchangeSettings {
            export_rows: 100,
            export_rows_per_day: 250,
            ..ExchangeSettings::default()
        };
        may_export(rows, today, &settings)
            .err()
            .map(|refusal| refusal.code)
    }

    #[test]
    fn limits_are_inclusive() {
        assert_eq!(code(100, 150), None);
        assert_eq!(code(101, 0), Some("EXPORT_TOO_LARGE"));
        assert_eq!(code(100, 151), Some("EXPORTED_ENOUGH_TODAY"));
        assert_eq!(code(0, 250), None);
        assert_eq!(code(1, i64::MAX), Some("EXPORTED_ENOUGH_TODAY"));
    }
}
