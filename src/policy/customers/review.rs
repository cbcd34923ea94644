//! The life of a customer record up to its effect (CUS-21, CUS-22, AMB-13).

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::domain::vocabulary::CustomerState;
use crate::policy::Refusal;

/// What may be done to it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = CustomerReviewCommand)]
pub enum Command {
    /// Change its data.
    Edit,
    /// Hand in for review.
    Submit,
    /// Take back before it is decided.
    Withdraw,
    /// Pass the review.
    Approve,
    /// Send back for correction.
    Return,
}

/// The state after `command`, or why it is refused.
pub fn may(state: CustomerState, command: Command) -> Result<CustomerState, Refusal> {
    use Command::{Approve, Edit, Return, Submit, Withdraw};
    use CustomerState::{Draft, Effective, Merged, Returned, Submitted};
    match (state, command) {
        (Draft | Returned | Effective, Edit) => Ok(state),
        (Draft | Returned, Submit) => Ok(Submitted),
        (Submitted, Withdraw) => Ok(Draft),
        (Submitted, Approve) => Ok(Effective),
        (Submitted, Return) => Ok(Returned),
        (Submitted, Edit | Submit) => Err(under_review()),
        (Effective, Submit | Withdraw | Approve | Return) => Err(in_effect()),
        (Draft | Returned, Withdraw | Approve | Return) => Err(not_submitted()),
        (Merged, _) => Err(super::merging::merged()),
    }
}

/// The commands that this state admits, for `allowed_actions`.
pub fn admitted(state: CustomerState) -> Vec<Command> {
    Command::iter().filter(|c| may(state, *c).is_ok()).collect()
}

fn under_review() -> Refusal {
    Refusal::new(
        "CUS-21",
        "UNDER_REVIEW",
        "客户正在审核中;请先撤回再修改",
        "the customer is under review: withdraw it first, then change it",
    )
}

fn in_effect() -> Refusal {
    Refusal::new(
        "CUS-22",
        "ALREADY_EFFECTIVE",
        "客户已正式生效,无需再次审核;可直接维护其信息",
        "the customer is in effect and needs no further review: maintain its data directly",
    )
}

fn not_submitted() -> Refusal {
    Refusal::new(
        "CUS-21",
        "NOT_SUBMITTED",
        "客户尚未提交审核;请先提交",
        "the customer has not been submitted: submit it first",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(state: CustomerState, command: Command) -> &'static str {
        may(state, command).unwrap_err().code
    }

    #[test]
    fn the_way_to_effect() {
        let walk = [
            Command::Submit,
            Command::Return,
            Command::Edit,
            Command::Submit,
            Command::Approve,
        ];
        let end = walk
            .iter()
            .try_fold(CustomerState::Draft, |s, c| may(s, *c));
        assert_eq!(end, Ok(CustomerState::Effective));
    }

    #[test]
    fn each_state_admits_exactly_these_commands() {
        use Command::{Approve, Edit, Return, Submit, Withdraw};
        assert_eq!(admitted(CustomerState::Draft), [Edit, Submit]);
        assert_eq!(
            admitted(CustomerState::Submitted),
            [Withdraw, Approve, Return]
        );
        assert_eq!(admitted(CustomerState::Returned), [Edit, Submit]);
        assert_eq!(admitted(CustomerState::Effective), [Edit]);
    }

    #[test]
    fn refusals_say_what_stands_against_it() {
        assert_eq!(
            code(CustomerState::Submitted, Command::Edit),
            "UNDER_REVIEW"
        );
        assert_eq!(
            code(CustomerState::Effective, Command::Approve),
            "ALREADY_EFFECTIVE"
        );
        assert_eq!(
            code(CustomerState::Returned, Command::Approve),
            "NOT_SUBMITTED"
        );
    }

    #[test]
    fn only_approval_brings_into_effect() {
        for state in CustomerState::ALL
            .iter()
            .copied()
            .filter(|s| *s != CustomerState::Effective)
        {
            for command in Command::iter().filter(|c| *c != Command::Approve) {
                assert_ne!(may(state, command), Ok(CustomerState::Effective));
            }
        }
    }
}
