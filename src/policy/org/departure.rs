//! When a departure must be completed (ORG-23, ORG-24, AMB-14).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    domain::{BusinessCalendar, vocabulary::DepartureState},
    policy::{Refusal, Setting},
};

/// Rules of departures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DepartureSettings {
    /// Working days after the last day within which rights are cancelled and records handed over (ORG-23).
    #[validate(range(min = 1, max = 30))]
    pub business_days: u8,
}

impl Default for DepartureSettings {
    fn default() -> Self {
        DepartureSettings { business_days: 1 }
    }
}

impl Setting for DepartureSettings {
    const KEY: &'static str = "departure";
    const RULES: &'static [&'static str] = &["ORG-23", "ORG-24"];
    const TITLE_ZH: &'static str = "离职交接";
    const TITLE_EN: &'static str = "Departures";
}

/// The last day on which the departure is completed in time: working days are counted from the last day at work, or,
/// if the departure is announced only later, from that day.
pub fn due_on(
    calendar: &BusinessCalendar,
    last_day: NaiveDate,
    announced_on: NaiveDate,
    settings: &DepartureSettings,
) -> NaiveDate {
    calendar.add_business_days(
        last_day.max(announced_on),
        u32::from(settings.business_days),
    )
}

/// What may be done to a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Cancel the person's rights, once nothing is left.
    Complete,
    /// The person stays.
    Cancel,
    /// The person comes back.
    Reinstate,
}

/// The state after a command, or why it is refused.
pub fn may(state: DepartureState, command: Command) -> Result<DepartureState, Refusal> {
    use DepartureState as S;
    match (state, command) {
        (S::Announced, Command::Complete) => Ok(S::Completed),
        (S::Announced, Command::Cancel) => Ok(S::Cancelled),
        (S::Completed, Command::Reinstate) => Ok(S::Reinstated),
        (S::Announced, Command::Reinstate) => Err(Refusal::new(
            "ORG-23",
            "NOT_COMPLETED",
            "离职尚未办结;请撤销离职",
            "the departure is not completed: cancel it instead",
        )),
        (S::Completed, _) => Err(Refusal::new(
            "ORG-23",
            "COMPLETED",
            "离职已办结;如需返岗请由管理员复职",
            "the departure is completed: the administrator reinstates who comes back",
        )),
        (S::Cancelled | S::Reinstated, _) => Err(Refusal::new(
            "ORG-23",
            "OVER",
            "该离职记录已撤销或已复职",
            "the departure was cancelled, or the person came back",
        )),
    }
}

/// Whether rights may be cancelled: only when nothing in work is left without an owner who is there (ORG-23).
pub fn nothing_left(records: i64) -> Result<(), Refusal> {
    if records == 0 {
        return Ok(());
    }
    Err(Refusal::new(
        "ORG-23",
        "RECORDS_LEFT",
        format!("还有 {records} 条客户、商机、报价或合同未移交;请先办理一键交接"),
        format!(
            "{records} customers, opportunities, quotes or contracts are not handed over yet: order a handover first"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due(last_day: &str, announced_on: &str, business_days: u8) -> NaiveDate {
        let settings = DepartureSettings { business_days };
        let calendar = BusinessCalendar::builtin();
        due_on(&calendar, day(last_day), day(announced_on), &settings)
    }

    #[test]
    fn one_working_day_after_the_last_day_by_the_official_calendar() {
        // 2026-03-05 is a Thursday, 2026-03-06 a Friday.
        assert_eq!(due("2026-03-05", "2026-03-02", 1), day("2026-03-06"));
        assert_eq!(due("2026-03-06", "2026-03-02", 1), day("2026-03-09"));
        assert_eq!(due("2026-03-06", "2026-03-02", 2), day("2026-03-10"));
        // The national day holiday of 2026 lasts from 1 to 7 October.
        assert_eq!(due("2026-09-30", "2026-09-28", 1), day("2026-10-08"));
    }

    #[test]
    fn who_is_told_late_has_the_same_time() {
        assert_eq!(due("2026-03-02", "2026-03-05", 1), day("2026-03-06"));
        assert_eq!(due("2026-03-05", "2026-03-05", 1), day("2026-03-06"));
    }

    #[test]
    fn a_departure_ends_once() {
        use DepartureState as S;
        let code = |state, command| may(state, command).map_err(|refusal| refusal.code);
        assert_eq!(code(S::Announced, Command::Complete), Ok(S::Completed));
        assert_eq!(code(S::Announced, Command::Cancel), Ok(S::Cancelled));
        assert_eq!(code(S::Completed, Command::Reinstate), Ok(S::Reinstated));
        assert_eq!(code(S::Announced, Command::Reinstate), Err("NOT_COMPLETED"));
        assert_eq!(code(S::Completed, Command::Complete), Err("COMPLETED"));
        assert_eq!(code(S::Cancelled, Command::Complete), Err("OVER"));
        assert_eq!(nothing_left(0), Ok(()));
        assert_eq!(nothing_left(1).unwrap_err().code, "RECORDS_LEFT");
    }
}
