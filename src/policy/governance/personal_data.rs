//! How much personal data one may have revealed (SEC-06, SEC-18).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::policy::{Refusal, Setting};

/// Rules of revealing personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PersonalDataSettings {
    /// Records that one person may have revealed on one day: nobody calls more people, but whoever leaves may copy them.
    #[validate(range(min = 1, max = 10000))]
    pub reveals_per_day: i32,
}

impl Default for PersonalDataSettings {
    fn default() -> Self {
        PersonalDataSettings {
            reveals_per_day: 200,
        }
    }
}

impl Setting for PersonalDataSettings {
    const KEY: &'static str = "personal_data";
    const RULES: &'static [&'static str] = &["SEC-06", "SEC-18"];
    const TITLE_ZH: &'static str = "个人信息查看";
    const TITLE_EN: &'static str = "Revealing personal data";
}

/// What decides who may have a record's personal data revealed. Whoever asks can read the record: that is asked first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// May change the record: owner, direct superior, write share, sales management.
    pub writes: bool,
    /// Is asked to review or approve it now, or stands in for somebody who is: reviews check the phone (CUS-21).
    pub asked: bool,
    /// Holds `REVEAL_PERSONAL_DATA` over the record's unit.
    pub capable: bool,
}

/// Whether personal data may be revealed (SEC-06).
///
/// # Errors
/// The refusal.
pub fn may_reveal(facts: Facts) -> Result<(), Refusal> {
    if facts.writes || facts.asked || facts.capable {
        return Ok(());
    }
    Err(Refusal::new(
        "SEC-06",
        "NOT_REVEALED",
        "您可以查看此记录，但无权查看完整的电话、邮箱与地址；请联系其负责人。",
        "you may see this record, but not its phones, e-mails and addresses in clear: ask its owner",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_of_the_three_reasons_is_enough_and_none_is_not() {
        let none = Facts::default();
        assert_eq!(may_reveal(none).unwrap_err().rule, "SEC-06");
        for facts in [
            Facts {
                writes: true,
                ..none
            },
            Facts {
                asked: true,
                ..none
            },
            Facts {
                capable: true,
                ..none
            },
        ] {
            assert_eq!(may_reveal(facts), Ok(()));
        }
    }
}
