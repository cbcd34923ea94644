//! The life of a conflict case (CONF-04..07, AMB-45).

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::domain::vocabulary::CaseState;
use crate::policy::Refusal;

/// What may be done to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::EnumIter)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ConflictCaseCommand)]
pub enum Command {
    /// The refused registrant asks for arbitration.
    Appeal,
    /// The refused registrant gives it up.
    Withdraw,
    /// The arbitrator rules.
    Rule,
    /// The parties and the arbitrator put statements and evidence on record (CONF-06): until the case is over.
    AddEntry,
}

/// The state after `command`, or why it is refused.
pub fn may(state: CaseState, command: Command) -> Result<CaseState, Refusal> {
    use CaseState as S;
    use Command as C;
    match (state, command) {
        (S::Detected, C::Appeal) => Ok(S::UnderArbitration),
        (S::Detected | S::UnderArbitration, C::Withdraw) => Ok(S::Withdrawn),
        (S::UnderArbitration, C::Rule) => Ok(S::Ruled),
        (S::Detected | S::UnderArbitration, C::AddEntry) => Ok(state),
        _ => Err(refusal(state)),
    }
}

/// The commands that this state admits, for `allowed_actions`.
pub fn admitted(state: CaseState) -> Vec<Command> {
    Command::iter().filter(|c| may(state, *c).is_ok()).collect()
}

fn refusal(state: CaseState) -> Refusal {
    let (rule, code, zh, en) = match state {
        CaseState::Detected => (
            "CONF-05",
            "NOT_APPEALED",
            "被拒登记人尚未申请裁决;先录先得的结果有效",
            "the refused registrant has not appealed: the first registration stands",
        ),
        CaseState::UnderArbitration => (
            "CONF-05",
            "UNDER_ARBITRATION",
            "案件已在裁决中;请等待裁决或撤回申请",
            "the case is under arbitration: wait for the ruling or withdraw it",
        ),
        CaseState::Ruled => (
            "CONF-07",
            "ALREADY_RULED",
            "案件已裁决,裁决不可更改",
            "the case is ruled, and a ruling is not changed",
        ),
        CaseState::Withdrawn => (
            "CONF-01",
            "CASE_WITHDRAWN",
            "案件已撤回;先录先得的结果有效",
            "the case was withdrawn: the first registration stands",
        ),
    };
    Refusal::new(rule, code, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_admits_exactly_these_commands() {
        use Command::*;
        for (state, commands) in [
            (CaseState::Detected, &[Appeal, Withdraw, AddEntry][..]),
            (CaseState::UnderArbitration, &[Withdraw, Rule, AddEntry]),
            (CaseState::Ruled, &[]),
            (CaseState::Withdrawn, &[]),
        ] {
            assert_eq!(admitted(state), commands, "{state}");
        }
    }

    #[test]
    fn nothing_is_put_on_record_when_the_case_is_over() {
        let code = |state| may(state, Command::AddEntry).map_err(|r| r.code);
        assert_eq!(code(CaseState::Detected), Ok(CaseState::Detected));
        assert_eq!(
            code(CaseState::UnderArbitration),
            Ok(CaseState::UnderArbitration)
        );
        assert_eq!(code(CaseState::Ruled), Err("ALREADY_RULED"));
        assert_eq!(code(CaseState::Withdrawn), Err("CASE_WITHDRAWN"));
    }

    #[test]
    fn a_refusal_says_why() {
        let code = |state, command| may(state, command).unwrap_err().code;
        assert_eq!(code(CaseState::Detected, Command::Rule), "NOT_APPEALED");
        assert_eq!(code(CaseState::Ruled, Command::Rule), "ALREADY_RULED");
        assert_eq!(
            code(CaseState::UnderArbitration, Command::Appeal),
            "UNDER_ARBITRATION"
        );
        assert_eq!(
            code(CaseState::Withdrawn, Command::Appeal),
            "CASE_WITHDRAWN"
        );
    }
}
