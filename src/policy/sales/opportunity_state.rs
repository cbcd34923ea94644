//! The life of an opportunity (OPP-01, OPP-02, OPP-04..08, OPP-24..29); whoever came second may not go on (CONF-02).

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::domain::vocabulary::OpportunityState;
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
#[schema(as = OpportunityCommand)]
pub enum Command {
    /// Change its data.
    Edit,
    /// Hand in for review (OPP-02).
    Submit,
    /// Take back before it is decided.
    Withdraw,
    /// Pass the review (OPP-06).
    Register,
    /// Fail it because of a collision (OPP-07).
    Fail,
    /// Send back for correction (OPP-08).
    Return,
    /// Move along the stage ladder (OPP-14).
    SetStage,
    /// Give it to another owner (OPP-32).
    Reassign,
    /// Close as signed (OPP-21).
    CloseWon,
    /// Close as failed (OPP-29).
    CloseLost,
    /// Open a close again because it was wrong (OPP-28).
    Reopen,
    /// Confirm the close (OPP-25).
    ConfirmClose,
}

/// The state after `command`, or why it is refused.
///
/// A closed opportunity may be corrected in place until it is confirmed, or be
/// reopened if the close itself was wrong (OPP-28).
pub fn may(state: OpportunityState, command: Command) -> Result<OpportunityState, Refusal> {
    use Command as C;
    use OpportunityState as S;
    match (state, command) {
        (S::Draft | S::Returned | S::Registered | S::ClosedWon | S::ClosedLost, C::Edit) => {
            Ok(state)
        }
        (S::Draft | S::Returned, C::Submit) => Ok(S::Submitted),
        (S::Submitted, C::Withdraw) => Ok(S::Draft),
        (S::Submitted, C::Register) => Ok(S::Registered),
        (S::Submitted, C::Fail) => Ok(S::Failed),
        (S::Submitted, C::Return) => Ok(S::Returned),
        (S::Registered, C::SetStage | C::Reassign) => Ok(S::Registered),
        (S::Registered, C::CloseWon) => Ok(S::ClosedWon),
        (S::Registered, C::CloseLost) => Ok(S::ClosedLost),
        (S::ClosedWon | S::ClosedLost, C::ConfirmClose) => Ok(S::Confirmed),
        (S::ClosedWon | S::ClosedLost, C::Reopen) => Ok(S::Registered),
        _ => Err(refusal(state)),
    }
}

/// The commands that this state admits, for `allowed_actions`.
pub fn admitted(state: OpportunityState) -> Vec<Command> {
    Command::iter().filter(|c| may(state, *c).is_ok()).collect()
}

fn refusal(state: OpportunityState) -> Refusal {
    let (rule, code, zh, en) = match state {
        OpportunityState::Draft | OpportunityState::Returned => (
            "OPP-05",
            "NOT_REGISTERED",
            "商机尚未提交审核;请补全后提交",
            "the opportunity has not been submitted: complete and submit it",
        ),
        OpportunityState::Submitted => (
            "OPP-04",
            "UNDER_REVIEW",
            "商机正在审核中;请等待审核结果或先撤回",
            "the opportunity is under review: wait for the result or withdraw it",
        ),
        OpportunityState::Registered => (
            "OPP-06",
            "ALREADY_REGISTERED",
            "商机已注册成功,正在跟单;请推进或关闭",
            "the opportunity is registered and being followed: advance or close it",
        ),
        OpportunityState::Failed => (
            "OPP-07",
            "REGISTRATION_FAILED",
            "商机因撞单注册失败,不允许继续跟踪;如有异议可申请冲突裁决",
            "registration failed by a collision, so it may not be followed: open a conflict case to appeal",
        ),
        OpportunityState::ClosedWon | OpportunityState::ClosedLost => (
            "OPP-25",
            "CLOSED",
            "商机已关闭,等待关闭确认;如有错误请更正或重新打开",
            "the opportunity is closed and awaits confirmation: correct or reopen it if it is wrong",
        ),
        OpportunityState::Confirmed => (
            "OPP-27",
            "CLOSE_CONFIRMED",
            "关闭确认后的商机不可修改",
            "the close is confirmed: the opportunity can no longer be changed",
        ),
    };
    Refusal::new(rule, code, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_state_admits_exactly_these_commands() {
        use Command::*;
        let closed = [Edit, Reopen, ConfirmClose];
        for (state, commands) in [
            (OpportunityState::Draft, &[Edit, Submit][..]),
            (
                OpportunityState::Submitted,
                &[Withdraw, Register, Fail, Return],
            ),
            (OpportunityState::Returned, &[Edit, Submit]),
            (
                OpportunityState::Registered,
                &[Edit, SetStage, Reassign, CloseWon, CloseLost],
            ),
            (OpportunityState::Failed, &[]),
            (OpportunityState::ClosedWon, &closed),
            (OpportunityState::ClosedLost, &closed),
            (OpportunityState::Confirmed, &[]),
        ] {
            assert_eq!(admitted(state), commands, "{state}");
        }
    }

    #[test]
    fn a_refusal_says_which_rule_the_state_rests_on() {
        let rule = |s, c| may(s, c).unwrap_err().rule;
        assert_eq!(rule(OpportunityState::Confirmed, Command::Edit), "OPP-27");
        assert_eq!(rule(OpportunityState::Failed, Command::SetStage), "OPP-07");
        assert_eq!(
            rule(OpportunityState::Draft, Command::ConfirmClose),
            "OPP-05"
        );
        assert_eq!(rule(OpportunityState::Submitted, Command::Edit), "OPP-04");
    }

    #[test]
    fn the_ways_through() {
        use Command::*;
        let walk = |commands: &[Command]| {
            commands
                .iter()
                .try_fold(OpportunityState::Draft, |s, c| may(s, *c))
        };
        assert_eq!(
            walk(&[
                Submit,
                Return,
                Edit,
                Submit,
                Register,
                CloseWon,
                ConfirmClose
            ]),
            Ok(OpportunityState::Confirmed)
        );
        assert_eq!(
            walk(&[Submit, Register, CloseLost, Reopen, CloseWon]),
            Ok(OpportunityState::ClosedWon)
        );
        assert_eq!(walk(&[Submit, Fail]), Ok(OpportunityState::Failed));
    }

    proptest! {
        #[test]
        fn nothing_leads_out_of_a_final_state(commands in prop::collection::vec(0_usize..12, 0..40)) {
            let all: Vec<Command> = Command::iter().collect();
            let (mut state, mut last) = (OpportunityState::Draft, None);
            for c in commands {
                let next = may(state, all[c]).unwrap_or(state);
                if matches!(last, Some(OpportunityState::Failed | OpportunityState::Confirmed)) {
                    prop_assert_eq!(Some(next), last);
                }
                (state, last) = (next, Some(next));
            }
        }

    }
}
