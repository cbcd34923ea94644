//! The approval engine's core: where an approval stands (AMB-28, CON-03..05).
//! Who may decide is in [`super::decider`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::decider::{DeciderFacts, Standing, may_decide};
use crate::domain::vocabulary::{Capability, Opinion, SeatMode, SeatScope};
use crate::policy::Refusal;

/// Ordered steps; each begins when the one before is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalRoute)]
pub struct Route {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Seats that are asked at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalStep)]
pub struct Step {
    /// How the seats' opinions combine.
    pub mode: SeatMode,
    /// Who is asked.
    pub seats: Vec<Seat>,
}

/// A place that anyone with the capability may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalSeat)]
pub struct Seat {
    /// Capability its holder must have.
    pub capability: Capability,
    /// Where the holder must have it.
    pub scope: SeatScope,
}

/// A seat that has spoken. A slice of these is in the order of speaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Index of the seat in its step.
    pub seat: usize,
    /// What was said; only the first opinion of a seat counts.
    pub opinion: Opinion,
}

/// Where an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Seats of this step have yet to speak.
    Waiting,
    /// This step agreed; the next begins.
    StepDone,
    /// The last step agreed.
    Approved,
    /// Somebody disagreed.
    Rejected,
    /// Sent back to the submitter.
    Returned,
}

impl Route {
    /// Whether the route can be walked: every step has somebody to ask.
    pub fn check(&self) -> Result<(), Refusal> {
        let empty = self.steps.is_empty() || self.steps.iter().any(|s| s.seats.is_empty());
        match empty {
            false => Ok(()),
            true => Err(Refusal::new(
                "CON-04",
                "ROUTE_EMPTY",
                "审批流程为空;每一步至少需要一个审批席位",
                "the approval route is empty: it needs a step, and every step a seat",
            )),
        }
    }
}

/// Where the approval stands, given the opinions on step number `step`
/// (counted from 0), in the order they were given.
///
/// A step that does not exist, or has no seats, waits for ever: nothing is
/// approved because nobody was asked. Opinions of seats that do not exist and
/// second opinions of a seat are ignored.
pub fn progress(route: &Route, step: usize, said: &[Said]) -> Progress {
    let Some(current) = route.steps.get(step) else {
        return Progress::Waiting;
    };
    let mut spoken = vec![false; current.seats.len()];
    for state in said {
        match spoken.get_mut(state.seat) {
            Some(seat) if !*seat => *seat = true,
            _ => continue,
        }
        let agreed = match (state.opinion, current.mode) {
            (Opinion::Disagree, _) => return Progress::Rejected,
            (Opinion::Return, _) => return Progress::Returned,
            (Opinion::Agree, SeatMode::AnyOf) => true,
            (Opinion::Agree, SeatMode::AllOf) => spoken.iter().all(|s| *s),
        };
        if agreed {
            return match step + 1 == route.steps.len() {
                true => Progress::Approved,
                false => Progress::StepDone,
            };
        }
    }
    Progress::Waiting
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn route(steps: &[(SeatMode, usize)]) -> Route {
        let seat = Seat {
            capability: Capability::ReviewCustomers,
            scope: SeatScope::Company,
        };
        let steps = steps.iter().map(|(mode, n)| Step {
            mode: *mode,
            seats: vec![seat; *n],
        });
        Route {
            steps: steps.collect(),
        }
    }

    fn say(seat: usize, opinion: Opinion) -> Said {
        Said { seat, opinion }
    }

    use Opinion::{Agree, Disagree, Return};

    #[test]
    fn any_of_takes_the_first_opinion() {
        let r = route(&[(SeatMode::AnyOf, 2)]);
        assert_eq!(progress(&r, 0, &[]), Progress::Waiting);
        assert_eq!(
            progress(&r, 0, &[say(1, Agree), say(0, Disagree)]),
            Progress::Approved
        );
        assert_eq!(
            progress(&r, 0, &[say(0, Disagree), say(1, Agree)]),
            Progress::Rejected
        );
        assert_eq!(progress(&r, 0, &[say(0, Return)]), Progress::Returned);
    }

    #[test]
    fn all_of_waits_for_every_seat_and_ends_at_the_first_no() {
        let r = route(&[(SeatMode::AllOf, 3)]);
        let two = [say(2, Agree), say(0, Agree)];
        assert_eq!(progress(&r, 0, &two), Progress::Waiting);
        assert_eq!(
            progress(&r, 0, &[two[0], two[1], say(1, Agree)]),
            Progress::Approved
        );
        assert_eq!(
            progress(&r, 0, &[two[0], say(1, Disagree)]),
            Progress::Rejected
        );
        assert_eq!(
            progress(&r, 0, &[say(1, Return), say(0, Disagree)]),
            Progress::Returned
        );
    }

    #[test]
    fn only_the_last_step_approves() {
        let r = route(&[(SeatMode::AnyOf, 1), (SeatMode::AllOf, 1)]);
        assert_eq!(progress(&r, 0, &[say(0, Agree)]), Progress::StepDone);
        assert_eq!(progress(&r, 1, &[say(0, Agree)]), Progress::Approved);
    }

    #[test]
    fn a_seat_speaks_once() {
        let r = route(&[(SeatMode::AllOf, 2)]);
        assert_eq!(
            progress(&r, 0, &[say(0, Agree), say(0, Agree)]),
            Progress::Waiting
        );
        assert_eq!(
            progress(&r, 0, &[say(0, Agree), say(0, Disagree)]),
            Progress::Waiting
        );
    }

    #[test]
    fn nobody_asked_is_nothing_approved() {
        let said = [say(0, Agree), say(9, Disagree)];
        for mode in [SeatMode::AnyOf, SeatMode::AllOf] {
            let r = route(&[(mode, 0)]);
            assert_eq!(progress(&r, 0, &said), Progress::Waiting);
            assert_eq!(r.check().unwrap_err().code, "ROUTE_EMPTY");
        }
        assert_eq!(progress(&route(&[]), 0, &said), Progress::Waiting);
        assert!(route(&[]).check().is_err() && route(&[(SeatMode::AnyOf, 1)]).check().is_ok());
    }

    fn opinion() -> impl Strategy<Value = Opinion> {
        prop_oneof![4 => Just(Agree), 1 => Just(Disagree), 1 => Just(Return)]
    }

    fn mode() -> impl Strategy<Value = SeatMode> {
        prop_oneof![Just(SeatMode::AnyOf), Just(SeatMode::AllOf)]
    }

    fn said() -> impl Strategy<Value = Vec<Said>> {
        prop::collection::vec((0_usize..6, opinion()).prop_map(|(s, o)| say(s, o)), 0..10)
    }

    proptest! {
        #[test]
        fn an_outcome_never_changes_however_much_is_said_later(
            mode in mode(), seats in 0_usize..5, said in said(), later in said(),
        ) {
            let r = route(&[(mode, seats)]);
            let before = progress(&r, 0, &said);
            let longer: Vec<_> = said.iter().chain(&later).copied().collect();
            prop_assert!(before == Progress::Waiting || progress(&r, 0, &longer) == before);
        }

        #[test]
        fn approved_in_an_all_of_step_means_all_seats_agreed_first(seats in 1_usize..5, said in said()) {
            let r = route(&[(SeatMode::AllOf, seats)]);
            let first = |seat| said.iter().find(|s| s.seat == seat).map(|s| s.opinion);
            let all = (0..seats).all(|s| first(s) == Some(Agree));
            prop_assert_eq!(progress(&r, 0, &said) == Progress::Approved, all);
        }

        #[test]
        fn without_a_no_the_order_does_not_matter(
            seats in 1_usize..6,
            agreeing in prop::sample::subsequence((0_usize..6).collect::<Vec<_>>(), 0..=6).prop_shuffle(),
        ) {
            let r = route(&[(SeatMode::AllOf, seats)]);
            let shuffled: Vec<_> = agreeing.iter().map(|s| say(*s, Agree)).collect();
            let mut sorted = shuffled.clone();
            sorted.sort_by_key(|s| s.seat);
            prop_assert_eq!(progress(&r, 0, &shuffled), progress(&r, 0, &sorted));
        }
    }
}
