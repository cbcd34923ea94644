//! The life of a pair of customers that are likely the same (DUP-10).

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::domain::vocabulary::PairState;
use crate::policy::Refusal;

/// What may be done to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::EnumIter)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = DuplicatePairCommand)]
pub enum Command {
    /// They are two customers.
    Dismiss,
    /// They are to be looked at again.
    Reopen,
    /// They are one: merge them.
    Merge,
}

/// The state after a command, or why it is refused.
pub fn may(state: PairState, command: Command) -> Result<PairState, Refusal> {
    use Command as C;
    use PairState as S;
    match (state, command) {
        (S::Open, C::Dismiss) => Ok(S::Dismissed),
        (S::Dismissed, C::Reopen) => Ok(S::Open),
        (S::Open | S::Dismissed, C::Merge) => Ok(S::Merged),
        _ => Err(Refusal::new(
            "DUP-10",
            "PAIR_SETTLED",
            format!("该重复项状态为“{}”,不能如此处理", state.label().zh),
            format!("the pair is {state}: this cannot be done with it"),
        )),
    }
}

/// The commands that this state admits, for `allowed_actions`.
pub fn admitted(state: PairState) -> Vec<Command> {
    Command::iter().filter(|c| may(state, *c).is_ok()).collect()
}

/// The state of a known pair that a look found alike again: what was dismissed stays so while the names are those that
/// were dismissed.
pub fn found_again(state: PairState, names_changed: bool) -> PairState {
    match state {
        PairState::Dismissed if names_changed => PairState::Open,
        PairState::Resolved => PairState::Open,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_admits_exactly_these_commands() {
        use Command::*;
        for (state, commands) in [
            (PairState::Open, &[Dismiss, Merge][..]),
            (PairState::Dismissed, &[Reopen, Merge]),
            (PairState::Merged, &[]),
            (PairState::Resolved, &[]),
        ] {
            assert_eq!(admitted(state), commands, "{state}");
        }
        assert_eq!(
            may(PairState::Merged, Dismiss).unwrap_err().code,
            "PAIR_SETTLED"
        );
    }

    #[test]
    fn what_was_dismissed_is_not_proposed_again_unless_a_name_changes() {
        use PairState::*;
        for (state, changed, then) in [
            (Dismissed, false, Dismissed),
            (Dismissed, true, Open),
            (Open, false, Open),
            (Resolved, false, Open),
            (Merged, true, Merged),
        ] {
            assert_eq!(found_again(state, changed), then);
        }
    }
}
