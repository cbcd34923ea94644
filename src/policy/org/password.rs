//! Which passwords are accepted and when one must be changed (ORG-19, ORG-20, AMB-21, AMB-27).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::policy::{Refusal, Setting, invalid};

/// Rules of passwords.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "in_order", skip_on_field_errors = false))]
pub struct PasswordSettings {
    /// Fewest characters, inclusive.
    #[validate(range(min = 8, max = 64))]
    pub min_length: u16,
    /// Most characters, inclusive.
    #[validate(range(min = 64, max = 512))]
    pub max_length: u16,
    /// Days after which a password must be changed (ORG-20, AMB-21).
    #[validate(range(min = 1, max = 730))]
    pub max_age_days: u16,
    /// Password of a new account; must be changed at once and is never accepted again (ORG-19).
    #[validate(length(min = 1, max = 512))]
    pub initial_password: String,
    /// How many former passwords may not be used again.
    #[validate(range(min = 0, max = 24))]
    pub history: u8,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        PasswordSettings {
            min_length: 10,
            max_length: 128,
            max_age_days: 90,
            initial_password: "111111".to_owned(),
            history: 5,
        }
    }
}

impl Setting for PasswordSettings {
    const KEY: &'static str = "password";
    const RULES: &'static [&'static str] = &["ORG-19", "ORG-20"];
    const TITLE_ZH: &'static str = "密码规则";
    const TITLE_EN: &'static str = "Passwords";
}

fn in_order(settings: &PasswordSettings) -> Result<(), ValidationError> {
    if settings.min_length <= settings.max_length {
        return Ok(());
    }
    Err(invalid(
        "LENGTHS_CROSSED",
        Some("/max_length"),
        "最大长度不得小于最小长度",
        "the greatest length must not be below the least",
    ))
}

/// What is known about a candidate besides its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Login of the account.
    pub login: &'a str,
    /// Name of the person.
    pub name: &'a str,
    /// It is the initial password this account was created with.
    pub is_initial: bool,
    /// It is the present or one of the last [`PasswordSettings::history`] passwords.
    pub reused: bool,
}

/// Everything that stands against a candidate; empty if it is accepted.
pub fn check(candidate: &str, facts: &Facts<'_>, settings: &PasswordSettings) -> Vec<Refusal> {
    let folded = candidate.to_lowercase();
    let length = candidate.chars().count();
    let (min, max) = (settings.min_length, settings.max_length);
    let initial = facts.is_initial || folded == settings.initial_password.to_lowercase();
    [
        (length < usize::from(min)).then(|| {
            Refusal::new(
                "ORG-20",
                "PASSWORD_TOO_SHORT",
                format!("密码至少需要 {min} 个字符"),
                format!("a password has at least {min} characters"),
            )
        }),
        (length > usize::from(max)).then(|| {
            Refusal::new(
                "ORG-20",
                "PASSWORD_TOO_LONG",
                format!("密码不得超过 {max} 个字符"),
                format!("a password has at most {max} characters"),
            )
        }),
        initial.then(|| {
            Refusal::new(
                "ORG-19",
                "PASSWORD_IS_INITIAL",
                "不能使用初始密码;请设置新密码",
                "the initial password is not accepted: choose another",
            )
        }),
        facts.reused.then(|| {
            Refusal::new(
                "ORG-20",
                "PASSWORD_REUSED",
                format!("不能使用现用密码或最近 {} 次用过的密码", settings.history),
                format!(
                    "not the present password nor one of the last {}: choose another",
                    settings.history
                ),
            )
        }),
        (names(&folded, facts.login) || names(&folded, facts.name)).then(|| {
            Refusal::new(
                "ORG-20",
                "PASSWORD_CONTAINS_NAME",
                "密码不得包含账号或姓名",
                "a password does not contain the login or the name",
            )
        }),
        is_common(&folded).then(|| {
            Refusal::new(
                "ORG-20",
                "PASSWORD_TOO_COMMON",
                "该密码过于常见或只是简单重复,容易被猜中;请换一个",
                "this password is among the most common, or a repetition: choose another",
            )
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether `folded` contains `name`, if that is long enough to tell anything:
/// three ASCII characters, two others.
fn names(folded: &str, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let least = if name.is_ascii() { 3 } else { 2 };
    name.chars().count() >= least && folded.contains(&name)
}

/// On the list, or a repetition of one character or of something on the list.
fn is_common(folded: &str) -> bool {
    let listed = |text: &str| COMMON.iter().any(|line| line.split(' ').any(|c| c == text));
    let units = folded.char_indices().map(|(i, c)| i + c.len_utf8());
    let mut prefixes = units.filter_map(|end| folded.get(..end));
    prefixes.any(|unit| {
        let whole = unit.len() == folded.len();
        let repeated = folded.len().is_multiple_of(unit.len())
            && folded
                .as_bytes()
                .chunks(unit.len())
                .all(|c| c == unit.as_bytes());
        let single = unit.chars().count() == 1;
        repeated && (listed(unit) || (single && !whole))
    })
}

/// The most common passwords, in lower case, several to a line.
const COMMON: &[&str] = &[
    "111111 000000 123123 123321 123456 1234567 12345678 123456789 1234567890 12345678910",
    "987654321 9876543210 0123456789 0987654321 666666 888888 88888888 66666666 654321 112233",
    "123654 147258 147258369 159357 159753 789456 789456123 123456789a a123456 a1234567",
    "a12345678 a123456789 a1234567890 123456a 1234567a 12345678a aa123456 aa123456789 abc123",
    "abc123456 abc1234567 abcd1234 abcd123456 abcdefg abcdefgh 123abc 123qwe 123456abc 123456aa",
    "qwe123 qwe123456 qwer1234 qwerty qwerty123 qwerty123456 qwertyuiop qazwsx qazwsxedc 1qaz2wsx",
    "1qaz2wsx3edc 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5 zaq12wsx zxcvbn zxcvbnm asdfgh",
    "asdfghjkl asdf1234 password password1 password123 passw0rd p@ssw0rd p@ssword p@ssw0rd123",
    "admin admin123 admin1234 admin123456 administrator root123456 test123456 welcome welcome1",
    "welcome123 letmein iloveyou iloveyou123 monkey dragon sunshine princess football baseball",
    "superman changeme changeme123 default123 5201314 520520 5211314 521521 1314520 13145200",
    "woaini woaini1314 woaini520 woaini521 woaini123 woaini123456 woaini5201314 wo5201314",
    "woaiwojia woshishui woaiwo love1314 iloveyou1314 iloveyou520 7758521 77585210 7758258",
    "584520 5845201314 3344520 201314 1314521 zhang123 wang123456 wangwei123 li123456789",
    "zhangwei123 nihao123 nihao123456 zhongguo zhongguo123 beijing2008 shanghai123 caonima",
    "caonima123 qq123456 qq123456789 wang1234 mm123456 asd123456 zxc123456 qaz123456 crm123456",
];

/// Whether a password may still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Until this instant, exclusive.
    Until(DateTime<Utc>),
    /// It must be changed before anything else.
    MustChange(Cause),
}

/// Why it must be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is the initial password (ORG-19).
    Initial,
    /// It is older than allowed (ORG-20).
    Expired,
}

impl Cause {
    /// The refusal of every other call.
    pub fn refusal(self) -> Refusal {
        match self {
            Cause::Initial => Refusal::new(
                "ORG-19",
                "PASSWORD_CHANGE_REQUIRED",
                "首次登录必须先修改初始密码",
                "change the initial password before anything else",
            ),
            Cause::Expired => Refusal::new(
                "ORG-20",
                "PASSWORD_EXPIRED",
                "密码已到期,请先修改密码",
                "the password has expired: change it first",
            ),
        }
    }
}

/// Whether a password may still be used, given when it was last changed by its owner.
pub fn validity(
    is_initial: bool,
    changed_at: DateTime<Utc>,
    now: DateTime<Utc>,
    settings: &PasswordSettings,
) -> Validity {
    let age = TimeDelta::days(i64::from(settings.max_age_days));
    let until = changed_at
        .checked_add_signed(age)
        .unwrap_or(DateTime::<Utc>::MAX_UTC);
    match (is_initial, now < until) {
        (true, _) => Validity::MustChange(Cause::Initial),
        (false, true) => Validity::Until(until),
        (false, false) => Validity::MustChange(Cause::Expired),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHO: Facts<'_> = Facts {
        login: "liming",
        name: "李明",
        is_initial: false,
        reused: false,
    };

    fn codes(candidate: &str, facts: &Facts<'_>) -> Vec<&'static str> {
        let refused = check(candidate, facts, &PasswordSettings::default());
        refused.iter().map(|r| r.code).collect()
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(codes("云淡风轻近午天傍花随", &WHO), [""; 0]);
        assert_eq!(codes("云淡风轻近午天傍花", &WHO), ["PASSWORD_TOO_SHORT"]);
        let long = "云淡风轻".repeat(32);
        assert_eq!(codes(&long, &WHO), [""; 0]);
        assert_eq!(codes(&format!("{long}x"), &WHO), ["PASSWORD_TOO_LONG"]);
    }

    #[test]
    fn the_initial_password_fails_for_every_reason_it_has() {
        let expected = [
            "PASSWORD_TOO_SHORT",
            "PASSWORD_IS_INITIAL",
            "PASSWORD_TOO_COMMON",
        ];
        assert_eq!(codes("111111", &WHO), expected);
        let was = Facts {
            is_initial: true,
            ..WHO
        };
        assert_eq!(codes("blue-kettle-42", &was), ["PASSWORD_IS_INITIAL"]);
    }

    #[test]
    fn reuse_and_own_names_are_refused() {
        assert_eq!(
            codes(
                "blue-kettle-42",
                &Facts {
                    reused: true,
                    ..WHO
                }
            ),
            ["PASSWORD_REUSED"]
        );
        assert_eq!(codes("xx-LiMing-2026", &WHO), ["PASSWORD_CONTAINS_NAME"]);
        assert_eq!(
            codes("我是李明我怕谁呀哈哈", &WHO),
            ["PASSWORD_CONTAINS_NAME"]
        );
        let short = Facts {
            login: "li",
            name: "李",
            ..WHO
        };
        assert_eq!(codes("orlitz-李-kettle", &short), [""; 0]);
        assert_eq!(codes("blue-kettle-42", &Facts::default()), [""; 0]);
    }

    #[test]
    fn common_ones_are_refused_in_any_case_and_repeated() {
        for bad in [
            "WoAiNi1314",
            "P@ssw0rd123",
            "1Q2W3E4R5T",
            "5201314520131452013145201314",
            "111111111111",
            "aaaaaaaaaaaa",
            "好好好好好好好好好好",
        ] {
            assert_eq!(codes(bad, &WHO), ["PASSWORD_TOO_COMMON"], "{bad}");
        }
        for good in ["woaini1314x", "blue-kettle-42"] {
            assert_eq!(codes(good, &WHO), [""; 0], "{good}");
        }
    }

    #[test]
    fn the_list_is_folded_and_has_no_repetition() {
        let all: Vec<&str> = COMMON.iter().flat_map(|l| l.split(' ')).collect();
        let unique: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(unique.len(), all.len());
        assert!(all.len() >= 100 && all.iter().all(|c| !c.is_empty() && c.to_lowercase() == **c));
    }

    #[test]
    fn a_password_expires_at_the_end_of_the_ninetieth_day() {
        let s = PasswordSettings::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let full = TimeDelta::days(90);
        let micro = TimeDelta::microseconds(1);
        assert_eq!(
            validity(false, now - full + micro, now, &s),
            Validity::Until(now + micro)
        );
        assert_eq!(
            validity(false, now - full, now, &s),
            Validity::MustChange(Cause::Expired)
        );
        assert_eq!(
            validity(true, now, now, &s),
            Validity::MustChange(Cause::Initial)
        );
        assert_eq!(Cause::Initial.refusal().rule, "ORG-19");
        assert_eq!(Cause::Expired.refusal().rule, "ORG-20");
    }

    #[test]
    fn lengths_and_ages_have_ranges() {
        let of = |f: fn(&mut PasswordSettings)| {
            let mut s = PasswordSettings::default();
            f(&mut s);
            s.validate().is_ok()
        };
        assert!(of(|s| s.min_length = 8) && !of(|s| s.min_length = 7));
        assert!(of(|s| s.max_length = 64) && !of(|s| s.max_length = 63));
        assert!(!of(|s| s.max_age_days = 0) && !of(|s| s.initial_password.clear()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_a_longer_minimum_never_accepts_more(text in "\\PC{0,20}", more in 0_u16..20) {
            let s = PasswordSettings::default();
            let strict = PasswordSettings { min_length: s.min_length + more, ..s.clone() };
            prop_assert!(check(&text, &WHO, &strict).len() >= check(&text, &WHO, &s).len());
        }
    }
}
