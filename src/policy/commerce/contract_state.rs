//! The life of a contract (CON-01..05), and what it may rest on.

use strum::IntoEnumIterator;

use crate::domain::vocabulary::{ContractRoute, ContractState, OpportunityState, QuoteState};
use crate::policy::Refusal;

/// What may be done to a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Command {
    /// Change it; voids an approval.
    Edit,
    /// Hand in for sign-off.
    Submit,
    /// Take back before it is decided.
    Withdraw,
    /// Agree to it.
    Approve,
    /// Disagree with it.
    Reject,
    /// Send back for correction.
    Return,
    /// Both parties have signed.
    Sign,
    /// Give it up before it is signed.
    Cancel,
}

/// The state after `command`, or why it is refused. A signed contract is fixed; an edit of what is
/// or was under approval voids that approval.
pub fn may(state: ContractState, command: Command) -> Result<ContractState, Refusal> {
    use Command as C;
    use ContractState as S;
    match (state, command) {
        (S::Draft | S::Returned | S::Rejected, C::Edit) => Ok(state),
        (S::Submitted | S::Approved, C::Edit) => Ok(S::Draft),
        (S::Draft | S::Returned | S::Rejected, C::Submit) => Ok(S::Submitted),
        (S::Submitted, C::Withdraw) => Ok(S::Draft),
        (S::Submitted, C::Approve) => Ok(S::Approved),
        (S::Submitted, C::Reject) => Ok(S::Rejected),
        (S::Submitted, C::Return) => Ok(S::Returned),
        (S::Approved, C::Sign) => Ok(S::Signed),
        (S::Draft | S::Submitted | S::Returned | S::Rejected | S::Approved, C::Cancel) => {
            Ok(S::Cancelled)
        }
        _ => Err(refusal(state)),
    }
}

/// The commands that this state admits.
pub fn admitted(state: ContractState) -> Vec<Command> {
    Command::iter().filter(|c| may(state, *c).is_ok()).collect()
}

/// Whether the approval may send the contract back for correction: the department manager who
/// decides alone says yes or no (CON-03).
pub fn may_return(route: ContractRoute) -> Result<(), Refusal> {
    match route {
        ContractRoute::Countersign => Ok(()),
        ContractRoute::DepartmentManager => Err(Refusal::new(
            "CON-03",
            "DEFINITE_OPINION_REQUIRED",
            "部门经理直接处理的合同须提出“同意”或“不同意”的确定性意见,不能退回",
            "a contract that the department manager decides takes a definite opinion: agree or disagree",
        )),
    }
}

/// Whether a contract may be entered for a customer: one in the system and in effect. Unknown and
/// invisible customers get the same answer.
pub fn customer_in_system(effective: bool) -> Result<(), Refusal> {
    if effective {
        return Ok(());
    }
    Err(Refusal::new(
        "CON-01",
        "CUSTOMER_NOT_IN_SYSTEM",
        "合同客户必须是系统内已生效的客户,否则不予审批;请先登记客户并通过审核",
        "the contract's customer must be in the system and in effect: register it and have it pass review first",
    ))
}

/// Whether a contract may rest on a quote in this state: only on an approved one (AMB-47).
pub fn quote_stands(state: QuoteState) -> Result<(), Refusal> {
    match state {
        QuoteState::Approved | QuoteState::Sent | QuoteState::Accepted => Ok(()),
        QuoteState::Draft
        | QuoteState::Submitted
        | QuoteState::Rejected
        | QuoteState::Returned
        | QuoteState::Declined => Err(Refusal::new(
            "QUO-02",
            "QUOTE_NOT_APPROVED",
            "所依据的报价未通过审批或已被客户拒绝;请使用已批准的报价",
            "the quote it rests on is not approved, or was declined: name an approved one",
        )),
    }
}

/// Whether a contract may be made for an opportunity in this state: one that is being followed, or
/// was won (OPP-21, CON-09).
pub fn opportunity_stands(state: OpportunityState) -> Result<(), Refusal> {
    match state {
        OpportunityState::Registered
        | OpportunityState::ClosedWon
        | OpportunityState::Confirmed => Ok(()),
        OpportunityState::Draft
        | OpportunityState::Submitted
        | OpportunityState::Returned
        | OpportunityState::Failed
        | OpportunityState::ClosedLost => Err(Refusal::new(
            "CON-09",
            "OPPORTUNITY_NOT_FOLLOWED",
            "合同对应的销售机会未注册成功或已失败关闭;请选择跟单中的销售机会",
            "the contract's opportunity is not registered, or was lost: name one that is being followed",
        )),
    }
}

fn refusal(state: ContractState) -> Refusal {
    let (rule, code, zh, en) = match state {
        ContractState::Draft | ContractState::Returned | ContractState::Rejected => (
            "CON-01",
            "NOT_APPROVED",
            "合同尚未提交并通过审批;请先提交审批",
            "the contract has not passed approval: submit it first",
        ),
        ContractState::Submitted => (
            "CON-04",
            "UNDER_APPROVAL",
            "合同正在审批中;请等待审批结果或先撤回",
            "the contract is under approval: wait for the result or withdraw it",
        ),
        ContractState::Approved => (
            "CON-05",
            "APPROVED",
            "合同已批准;请登记签订,或修改后重新审批",
            "the contract is approved: record its signing, or edit it for a new approval",
        ),
        ContractState::Signed => (
            "CON-08",
            "SIGNED",
            "合同已签订,不可变更",
            "the contract is signed and can no longer be changed",
        ),
        ContractState::Cancelled => (
            "CON-07",
            "CANCELLED",
            "合同已作废;如需继续请另建合同",
            "the contract is cancelled: enter a new one",
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
            (ContractState::Draft, &[Edit, Submit, Cancel][..]),
            (
                ContractState::Submitted,
                &[Edit, Withdraw, Approve, Reject, Return, Cancel],
            ),
            (ContractState::Returned, &[Edit, Submit, Cancel]),
            (ContractState::Rejected, &[Edit, Submit, Cancel]),
            (ContractState::Approved, &[Edit, Sign, Cancel]),
            (ContractState::Signed, &[]),
            (ContractState::Cancelled, &[]),
        ] {
            assert_eq!(admitted(state), commands, "{state}");
        }
    }

    #[test]
    fn the_department_manager_says_yes_or_no() {
        assert_eq!(
            may_return(ContractRoute::DepartmentManager)
                .unwrap_err()
                .rule,
            "CON-03"
        );
        assert!(may_return(ContractRoute::Countersign).is_ok());
    }

    #[test]
    fn only_a_customer_in_effect_has_contracts() {
        assert_eq!(customer_in_system(false).unwrap_err().rule, "CON-01");
        assert!(customer_in_system(true).is_ok());
    }

    #[test]
    fn a_contract_rests_on_an_approved_quote_only() {
        let standing: Vec<_> = QuoteState::ALL
            .iter()
            .filter(|s| quote_stands(**s).is_ok())
            .collect();
        assert_eq!(
            standing,
            [
                &QuoteState::Approved,
                &QuoteState::Sent,
                &QuoteState::Accepted
            ]
        );
    }
}
