//! What a person may do with a record (ORG-10, ORG-12, ORG-14, ORG-26, AMB-10, AMB-32).
//!
//! This is the meaning of the row filter that lists, counts, searches and
//! exports compile to SQL:
//! `administrator OR own OR superior OR (level ≤ clearance AND (role OR share))`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::vocabulary::ShareLevel;
use crate::policy::Refusal;

/// What one may do with a record.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = AccessVerb)]
pub enum Verb {
    /// Query and see.
    Read,
    /// Change and run commands.
    Write,
    /// Mark as deleted, with a reason (AMB-10).
    Delete,
}

/// How a person stands to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Owns it.
    pub own: bool,
    /// Is the owner's direct superior.
    pub direct_superior: bool,
    /// Is a superior of the owner's superior, at any height.
    pub indirect_superior: bool,
    /// A role lets the person see such records within a scope that holds this one.
    pub role_read: bool,
    /// A role lets the person change such records within a scope that holds this one.
    pub role_write: bool,
    /// The record is shared with the person.
    pub shared: Option<ShareLevel>,
    /// Highest security level that roles and shares reach for this person.
    pub clearance: u8,
    /// Security level of the record; 0 by default (ORG-26).
    pub security_level: u8,
    /// System administrator (ORG-14).
    pub administrator: bool,
}

/// What is granted. Write implies read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Access {
    /// Query and see.
    pub read: bool,
    /// Change.
    pub write: bool,
    /// Mark as deleted.
    pub delete: bool,
}

/// What this person may do with this record.
///
/// Ownership and reporting lines carry the rights ORG-10 gives them whatever
/// the security level; the level limits what roles and shares give (ORG-26).
pub fn decide(facts: &Facts) -> Access {
    let cleared = facts.security_level <= facts.clearance;
    let granted_write = facts.role_write || facts.shared == Some(ShareLevel::Write);
    let granted_read = facts.role_read || facts.shared.is_some();
    let write =
        facts.administrator || facts.own || facts.direct_superior || (cleared && granted_write);
    let read = write || facts.indirect_superior || (cleared && granted_read);
    Access {
        read,
        write,
        delete: facts.administrator,
    }
}

/// Whether this person may do this with the record.
pub fn require(facts: &Facts, verb: Verb) -> Result<(), Refusal> {
    let access = decide(facts);
    let granted = match verb {
        Verb::Read => access.read,
        Verb::Write => access.write,
        Verb::Delete => access.delete,
    };
    match granted {
        true => Ok(()),
        false => Err(refusal(facts, access, verb)),
    }
}

fn refusal(facts: &Facts, access: Access, verb: Verb) -> Refusal {
    let granted = facts.role_read || facts.role_write || facts.shared.is_some();
    if verb == Verb::Delete {
        Refusal::new(
            "ORG-12",
            "DELETE_FORBIDDEN",
            "只有管理员可以删除记录;请向管理员说明理由",
            "only an administrator deletes records: ask one, with a reason",
        )
    } else if granted && facts.security_level > facts.clearance {
        Refusal::new(
            "ORG-26",
            "SECURITY_LEVEL",
            format!(
                "该记录的安全级别为 {},高于您的级别 {}",
                facts.security_level, facts.clearance
            ),
            format!(
                "the record's security level is {}, above your clearance {}",
                facts.security_level, facts.clearance
            ),
        )
    } else if facts.indirect_superior && access.read {
        Refusal::new(
            "ORG-10",
            "READ_ONLY_SUPERIOR",
            "间接上级只有查询权限;请由归属人或其直接上级修改",
            "an indirect superior may only query: the owner or the direct superior can change it",
        )
    } else if access.read {
        Refusal::new(
            "ORG-08",
            "READ_ONLY",
            "您对该记录只有查询权限;请由归属人修改或申请共享",
            "you may only query this record: the owner can change it or share it with you",
        )
    } else {
        Refusal::new(
            "ORG-08",
            "NOT_VISIBLE",
            "您无权访问该记录;可申请共享",
            "you have no access to this record: ask for it to be shared",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONE: (bool, bool, bool) = (false, false, false);
    const READ: (bool, bool, bool) = (true, false, false);
    const EDIT: (bool, bool, bool) = (true, true, false);
    const ALL: (bool, bool, bool) = (true, true, true);

    fn rights(facts: Facts) -> (bool, bool, bool) {
        let Access {
            read,
            write,
            delete,
        } = decide(&facts);
        (read, write, delete)
    }

    fn none() -> Facts {
        Facts::default()
    }

    #[test]
    fn each_relationship_gives_what_the_regulation_says() {
        assert_eq!(rights(none()), NONE);
        assert_eq!(
            rights(Facts {
                own: true,
                ..none()
            }),
            EDIT
        );
        assert_eq!(
            rights(Facts {
                direct_superior: true,
                ..none()
            }),
            EDIT
        );
        assert_eq!(
            rights(Facts {
                indirect_superior: true,
                ..none()
            }),
            READ
        );
        assert_eq!(
            rights(Facts {
                role_read: true,
                ..none()
            }),
            READ
        );
        assert_eq!(
            rights(Facts {
                role_write: true,
                ..none()
            }),
            EDIT
        );
        assert_eq!(
            rights(Facts {
                shared: Some(ShareLevel::Read),
                ..none()
            }),
            READ
        );
        assert_eq!(
            rights(Facts {
                shared: Some(ShareLevel::Write),
                ..none()
            }),
            EDIT
        );
        assert_eq!(
            rights(Facts {
                administrator: true,
                ..none()
            }),
            ALL
        );
    }

    #[test]
    fn the_security_level_limits_roles_and_shares_only() {
        let at = |clearance| Facts {
            role_write: true,
            clearance,
            security_level: 3,
            ..none()
        };
        assert_eq!((rights(at(3)), rights(at(2))), (EDIT, NONE));
        let secret = Facts {
            security_level: 3,
            ..none()
        };
        assert_eq!(
            rights(Facts {
                shared: Some(ShareLevel::Read),
                ..secret
            }),
            NONE
        );
        assert_eq!(
            rights(Facts {
                own: true,
                ..secret
            }),
            EDIT
        );
        assert_eq!(
            rights(Facts {
                direct_superior: true,
                ..secret
            }),
            EDIT
        );
        assert_eq!(
            rights(Facts {
                indirect_superior: true,
                ..secret
            }),
            READ
        );
        assert_eq!(
            rights(Facts {
                administrator: true,
                ..secret
            }),
            ALL
        );
    }

    #[test]
    fn a_refusal_names_the_rule_that_stands_against_it() {
        let rule = |facts, verb| require(&facts, verb).unwrap_err().rule;
        assert_eq!(
            rule(
                Facts {
                    own: true,
                    ..none()
                },
                Verb::Delete
            ),
            "ORG-12"
        );
        assert_eq!(
            rule(
                Facts {
                    indirect_superior: true,
                    ..none()
                },
                Verb::Write
            ),
            "ORG-10"
        );
        assert_eq!(
            rule(
                Facts {
                    role_read: true,
                    security_level: 1,
                    ..none()
                },
                Verb::Read
            ),
            "ORG-26"
        );
        assert_eq!(rule(none(), Verb::Read), "ORG-08");
        assert_eq!(
            require(
                &Facts {
                    role_read: true,
                    ..none()
                },
                Verb::Write
            )
            .unwrap_err()
            .code,
            "READ_ONLY"
        );
        assert_eq!(
            require(
                &Facts {
                    administrator: true,
                    ..none()
                },
                Verb::Delete
            ),
            Ok(())
        );
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let share = prop::option::of(prop_oneof![Just(ShareLevel::Read), Just(ShareLevel::Write)]);
        (any::<[bool; 6]>(), share, 0_u8..4, 0_u8..4).prop_map(
            |(f, shared, clearance, security_level)| Facts {
                own: f[0],
                direct_superior: f[1],
                indirect_superior: f[2],
                role_read: f[3],
                role_write: f[4],
                administrator: f[5],
                shared,
                clearance,
                security_level,
            },
        )
    }

    proptest! {
        #[test]
        fn delete_implies_write_implies_read(f in facts()) {
            let a = decide(&f);
            prop_assert!(!a.delete || a.write);
            prop_assert!(!a.write || a.read);
            prop_assert_eq!(a.delete, f.administrator);
        }

        #[test]
        fn a_higher_level_or_a_lower_clearance_never_gives_more(f in facts(), up in 0_u8..3, down in 0_u8..3) {
            let less = decide(&Facts { security_level: f.security_level + up, clearance: f.clearance.saturating_sub(down), ..f });
            let a = decide(&f);
            prop_assert!((!less.read || a.read) && (!less.write || a.write));
        }
    }
}
