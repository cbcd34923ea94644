//! Who holds a seat (AMB-13, AMB-30, AMB-50): whoever has its capability nearest to the subject's unit or anywhere in
//! the company, never the submitter or the owner; a substitute where nobody is left.

use crate::domain::vocabulary::{Capability, SeatScope};
use crate::policy::{Refusal, governance::approval::Seat};

/// From where somebody has a capability, as seen from the subject's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a unit so many steps above the subject's; 0 is that unit itself.
    Above(i32),
    /// Company-wide: the farthest there is above.
    Company,
    /// In another part of the company.
    Elsewhere,
}

/// Somebody who has a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<U> {
    /// Who.
    pub user: U,
    /// What.
    pub capability: Capability,
    /// From where.
    pub place: Place,
}

/// Who holds a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seating<U> {
    /// All of them, in order, without repetition; never empty.
    pub holders: Vec<U>,
    /// They hold it because nobody with the seat's own capability is left (AMB-50).
    pub substitutes: bool,
}

/// Who holds this seat, given everybody who could; `barred` are the submitter and the owner.
///
/// # Errors
/// When nobody is left, not even a substitute.
pub fn holders<U: Copy + Ord>(
    seat: &Seat,
    candidates: &[Candidate<U>],
    barred: &[U],
) -> Result<Seating<U>, Refusal> {
    let who = |capability, scope| {
        let eligible = candidates
            .iter()
            .filter(|c| c.capability == capability && !barred.contains(&c.user));
        let found: Vec<&Candidate<U>> = match scope {
            SeatScope::Company => eligible.collect(),
            SeatScope::SubmitterUnit => {
                let above: Vec<_> = eligible.filter(|c| c.place != Place::Elsewhere).collect();
                let nearest = above.iter().map(|c| c.place).min();
                above
                    .into_iter()
                    .filter(|c| Some(c.place) == nearest)
                    .collect()
            }
        };
        let mut users: Vec<U> = found.into_iter().map(|c| c.user).collect();
        users.sort_unstable();
        users.dedup();
        users
    };
    let own = who(seat.capability, seat.scope);
    if !own.is_empty() {
        return Ok(Seating {
            holders: own,
            substitutes: false,
        });
    }
    let near = who(Capability::SubstituteApprover, seat.scope);
    let holders = match near.is_empty() {
        true => who(Capability::SubstituteApprover, SeatScope::Company),
        false => near,
    };
    match holders.is_empty() {
        false => Ok(Seating {
            holders,
            substitutes: true,
        }),
        true => Err(nobody(seat.capability)),
    }
}

fn nobody(capability: Capability) -> Refusal {
    let label = capability.label();
    Refusal::new(
        "AMB-50",
        "NO_APPROVER",
        format!(
            "没有可审批的人员:除提交人和归属人外,无人具有“{}”权限,也没有代替审批人;请管理员授权后再提交",
            label.zh
        ),
        format!(
            "nobody is left to approve: besides submitter and owner nobody holds {capability}, and \
             there is no substitute; ask the administrator to grant it, then submit again"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REVIEW: Capability = Capability::ReviewCustomers;
    const STAND_IN: Capability = Capability::SubstituteApprover;

    fn one(user: u8, capability: Capability, place: Place) -> Candidate<u8> {
        Candidate {
            user,
            capability,
            place,
        }
    }

    fn seat(scope: SeatScope) -> Seat {
        Seat {
            capability: REVIEW,
            scope,
        }
    }

    fn near(candidates: &[Candidate<u8>], barred: &[u8]) -> Result<Seating<u8>, &'static str> {
        holders(&seat(SeatScope::SubmitterUnit), candidates, barred).map_err(|r| r.code)
    }

    fn found(holders: &[u8], substitutes: bool) -> Result<Seating<u8>, &'static str> {
        Ok(Seating {
            holders: holders.to_vec(),
            substitutes,
        })
    }

    #[test]
    fn all_of_the_nearest_level_hold_the_seat() {
        let all = [
            one(5, REVIEW, Place::Company),
            one(3, REVIEW, Place::Above(1)),
            one(2, REVIEW, Place::Above(1)),
            one(3, REVIEW, Place::Above(2)),
        ];
        assert_eq!(near(&all, &[]), found(&[2, 3], false));
        assert_eq!(near(&all, &[2]), found(&[3], false));
        assert_eq!(near(&all, &[2, 3]), found(&[5], false));
    }

    #[test]
    fn a_colleague_of_another_part_of_the_company_is_not_near() {
        let all = [
            one(1, REVIEW, Place::Elsewhere),
            one(9, STAND_IN, Place::Elsewhere),
        ];
        assert_eq!(near(&all, &[]), found(&[9], true));
        let anywhere = holders(&seat(SeatScope::Company), &all, &[]).unwrap();
        assert_eq!(anywhere.holders, [1]);
    }

    #[test]
    fn a_near_substitute_comes_before_a_far_one() {
        let all = [
            one(8, STAND_IN, Place::Elsewhere),
            one(9, STAND_IN, Place::Company),
        ];
        assert_eq!(near(&all, &[]), found(&[9], true));
        assert_eq!(near(&all, &[9]), found(&[8], true));
        assert_eq!(near(&all, &[8, 9]), Err("NO_APPROVER"));
    }

    fn candidate() -> impl Strategy<Value = Candidate<u8>> {
        let place = prop_oneof![
            (0..4).prop_map(Place::Above),
            Just(Place::Company),
            Just(Place::Elsewhere)
        ];
        (0_u8..6, any::<bool>(), place)
            .prop_map(|(user, own, place)| one(user, if own { REVIEW } else { STAND_IN }, place))
    }

    proptest! {
        #[test]
        fn the_barred_never_hold_a_seat_and_no_seat_is_empty(
            all in prop::collection::vec(candidate(), 0..12), barred in prop::collection::vec(0_u8..6, 0..3),
            company in any::<bool>(),
        ) {
            let scope = if company { SeatScope::Company } else { SeatScope::SubmitterUnit };
            if let Ok(seating) = holders(&seat(scope), &all, &barred) {
                prop_assert!(!seating.holders.is_empty());
                prop_assert!(seating.holders.iter().all(|user| !barred.contains(user)));
            } else {
                prop_assert!(all.iter().all(|c| barred.contains(&c.user)
                    || (c.capability == REVIEW && c.place == Place::Elsewhere && !company)));
            }
        }
    }
}
