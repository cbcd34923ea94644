//! How far an administrator of units and users reaches (ORG-07: 分级管理), and what nobody may do to oneself.

use crate::{
    domain::{
        id::kind::UnitId,
        vocabulary::{Employment, Scope},
    },
    policy::Refusal,
};

/// A right to administer: how far, from which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How far.
    pub scope: Scope,
    /// From which unit.
    pub unit_id: UnitId,
}

/// Whether rights cover something of the wanted scope at the end of a path from the root: company-wide rights
/// everything, those of a subtree whatever stands in it, those of a unit that unit alone.
pub fn covers(held: &[Held], wanted: Scope, path: &[UnitId]) -> Result<(), Refusal> {
    let covering = held.iter().any(|right| match right.scope {
        Scope::Company => true,
        Scope::Subtree => wanted != Scope::Company && path.contains(&right.unit_id),
        Scope::Unit => wanted == Scope::Unit && path.last() == Some(&right.unit_id),
    });
    if covering {
        return Ok(());
    }
    Err(Refusal::new(
        "ORG-07",
        "OUTSIDE_ADMINISTERED_UNITS",
        "超出您所管理的单元范围;请由覆盖该单元的管理员办理",
        "this is outside the units you administer: an administrator whose scope covers it must do this",
    ))
}

/// Nobody changes one's own rights, state or place: another administrator must.
pub fn not_oneself(same: bool) -> Result<(), Refusal> {
    if !same {
        return Ok(());
    }
    Err(Refusal::new(
        "ORG-08",
        "OWN_ACCOUNT",
        "不能变更本人的权限、状态或归属;须由另一位管理员办理",
        "nobody changes their own rights, state or place: another administrator must",
    ))
}

/// Whether the account of someone in this state may be open (ORG-23).
pub fn may_be_enabled(employment: Employment) -> Result<(), Refusal> {
    if employment != Employment::Left {
        return Ok(());
    }
    Err(Refusal::new(
        "ORG-23",
        "HAS_LEFT",
        "该人员已离职,账号不得启用;复职须先变更人员状态",
        "this person has left, so the account stays disabled: change the employment state first",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn unit(n: u128) -> UnitId {
        UnitId::from_uuid(Uuid::from_u128(n))
    }

    fn may(scope: Scope, from: u128, wanted: Scope, path: &[u128]) -> bool {
        let path: Vec<_> = path.iter().copied().map(unit).collect();
        covers(
            &[Held {
                scope,
                unit_id: unit(from),
            }],
            wanted,
            &path,
        )
        .is_ok()
    }

    #[test]
    fn a_right_reaches_as_far_as_its_scope() {
        let path = [1, 2, 3];
        for wanted in Scope::ALL {
            assert!(may(Scope::Company, 1, *wanted, &path));
        }
        assert!(
            may(Scope::Subtree, 2, Scope::Unit, &path)
                && may(Scope::Subtree, 3, Scope::Subtree, &path)
        );
        assert!(
            !may(Scope::Subtree, 4, Scope::Unit, &path)
                && !may(Scope::Subtree, 1, Scope::Company, &path)
        );
        assert!(
            may(Scope::Unit, 3, Scope::Unit, &path) && !may(Scope::Unit, 2, Scope::Unit, &path)
        );
        assert!(
            !may(Scope::Unit, 3, Scope::Subtree, &path)
                && !may(Scope::Unit, 3, Scope::Company, &path)
        );
    }

    #[test]
    fn no_right_covers_nothing() {
        assert_eq!(
            covers(&[], Scope::Unit, &[unit(1)]).unwrap_err().rule,
            "ORG-07"
        );
    }

    #[test]
    fn oneself_and_who_has_left() {
        assert!(not_oneself(false).is_ok() && not_oneself(true).is_err());
        for state in Employment::ALL {
            assert_eq!(may_be_enabled(*state).is_err(), *state == Employment::Left);
        }
    }
}
