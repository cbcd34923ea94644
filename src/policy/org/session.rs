//! How long a login lasts and when guessing is stopped (ORG-17, ORG-21, ORG-22).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::policy::Setting;

/// Rules of sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SessionSettings {
    /// Minutes an access token lasts.
    #[validate(range(min = 1, max = 15))]
    pub access_minutes: u8,
    /// Days a refresh token lasts.
    #[validate(range(min = 1, max = 90))]
    pub refresh_days: u8,
    /// Failed logins within the window that lock the account for its rest.
    #[validate(range(min = 3, max = 100))]
    pub login_attempts: u8,
    /// Length of the window in minutes.
    #[validate(range(min = 1, max = 1440))]
    pub login_window_minutes: u16,
}

impl Default for SessionSettings {
    fn default() -> Self {
        SessionSettings {
            access_minutes: 15,
            refresh_days: 14,
            login_attempts: 10,
            login_window_minutes: 15,
        }
    }
}

impl Setting for SessionSettings {
    const KEY: &'static str = "session";
    const RULES: &'static [&'static str] = &["ORG-17", "ORG-21", "ORG-22"];
    const TITLE_ZH: &'static str = "登录会话";
    const TITLE_EN: &'static str = "Login sessions";
}

/// Whether another login may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// So many more failures are allowed in this window.
    Allowed {
        /// At least 1.
        left: usize,
    },
    /// Too many failures; answer 429 with `Retry-After` and report the anomaly (ORG-22).
    Locked {
        /// From this instant on it may be tried again.
        until: DateTime<Utc>,
    },
}

/// Whether another login may be tried, given the account's failures since its
/// last success, in any order. A failure counts until it is a window old.
pub fn attempt(
    failures: &[DateTime<Utc>],
    now: DateTime<Utc>,
    settings: &SessionSettings,
) -> Attempt {
    let window = TimeDelta::minutes(i64::from(settings.login_window_minutes));
    let allowed = usize::from(settings.login_attempts).max(1);
    let mut recent: Vec<DateTime<Utc>> = failures
        .iter()
        .copied()
        .filter(|at| now.signed_duration_since(*at) < window)
        .collect();
    recent.sort_unstable_by(|a, b| b.cmp(a));
    match recent.get(allowed - 1) {
        None => Attempt::Allowed {
            left: allowed - recent.len(),
        },
        Some(at) => Attempt::Locked {
            until: at
                .checked_add_signed(window)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ago(seconds: &[i64]) -> Vec<DateTime<Utc>> {
        seconds
            .iter()
            .map(|s| now() - TimeDelta::seconds(*s))
            .collect()
    }

    fn tried(seconds: &[i64]) -> Attempt {
        attempt(&ago(seconds), now(), &SessionSettings::default())
    }

    #[test]
    fn the_tenth_failure_locks() {
        assert_eq!(tried(&[]), Attempt::Allowed { left: 10 });
        assert_eq!(tried(&[1; 9]), Attempt::Allowed { left: 1 });
        let until = now() + TimeDelta::seconds(899);
        assert_eq!(tried(&[1; 10]), Attempt::Locked { until });
    }

    #[test]
    fn a_failure_a_window_old_counts_no_more() {
        let nine = [1; 9];
        let with = |old: i64| tried(&[&nine[..], &[old]].concat());
        assert_eq!(
            with(899),
            Attempt::Locked {
                until: now() + TimeDelta::seconds(1)
            }
        );
        assert_eq!(with(900), Attempt::Allowed { left: 1 });
    }

    #[test]
    fn an_access_token_lasts_a_quarter_of_an_hour_at_most() {
        let of = |access_minutes| SessionSettings {
            access_minutes,
            ..Default::default()
        };
        assert!(of(15).validate().is_ok() && of(1).validate().is_ok());
        assert!(of(16).validate().is_err() && of(0).validate().is_err());
    }

    proptest! {
        #[test]
        fn once_the_lock_ends_it_may_be_tried(seconds in prop::collection::vec(0_i64..2_000, 0..30)) {
            let s = SessionSettings::default();
            if let Attempt::Locked { until } = tried(&seconds) {
                prop_assert!(until > now());
                let before = until - TimeDelta::microseconds(1);
                prop_assert!(matches!(attempt(&ago(&seconds), until, &s), Attempt::Allowed { .. }), "at the end");
                prop_assert!(matches!(attempt(&ago(&seconds), before, &s), Attempt::Locked { .. }), "just before it");
            }
        }
    }
}
