//! The life of a quote (QUO-02).

use chrono::NaiveDate;
use strum::IntoEnumIterator;

use crate::domain::vocabulary::QuoteState;
use crate::policy::Refusal;

/// What may be done to a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Command {
    /// Change its title, lines, validity or remarks; voids an approval.
    Edit,
    /// Hand in for approval.
    Submit,
    /// Take back before it is decided.
    Withdraw,
    /// Agree to it.
    Approve,
    /// Disagree with it.
    Reject,
    /// Send back for correction.
    Return,
    /// Tell the customer.
    Send,
    /// The customer accepts.
    Accept,
    /// The customer declines.
    Decline,
}

/// The state after `command`, or why it is refused. What the customer has been told can no longer
/// be changed; an edit of what is or was under approval voids that approval.
pub fn may(state: QuoteState, command: Command) -> Result<QuoteState, Refusal> {
    use Command as C;
    use QuoteState as S;
    match (state, command) {
        (S::Draft | S::Returned | S::Rejected, C::Edit) => Ok(state),
        (S::Submitted | S::Approved, C::Edit) => Ok(S::Draft),
        (S::Draft | S::Returned | S::Rejected, C::Submit) => Ok(S::Submitted),
        (S::Submitted, C::Withdraw) => Ok(S::Draft),
        (S::Submitted, C::Approve) => Ok(S::Approved),
        (S::Submitted, C::Reject) => Ok(S::Rejected),
        (S::Submitted, C::Return) => Ok(S::Returned),
        (S::Approved, C::Send) => Ok(S::Sent),
        (S::Sent, C::Accept) => Ok(S::Accepted),
        (S::Sent, C::Decline) => Ok(S::Declined),
        _ => Err(refusal(state)),
    }
}

/// The commands that this state admits.
pub fn admitted(state: QuoteState) -> Vec<Command> {
    Command::iter().filter(|c| may(state, *c).is_ok()).collect()
}

/// Whether the quote is still valid: `valid_until` is the last day.
pub fn in_validity(valid_until: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if today <= valid_until {
        return Ok(());
    }
    Err(Refusal::new(
        "QUO-09",
        "VALIDITY_PAST",
        format!("报价有效期至 {valid_until},已过期;请重新报价或延长有效期后重新提交审批"),
        format!(
            "the quote was valid until {valid_until}: make a new one, or extend it and submit it again"
        ),
    ))
}

fn refusal(state: QuoteState) -> Refusal {
    let (code, zh, en) = match state {
        QuoteState::Draft | QuoteState::Returned | QuoteState::Rejected => (
            "NOT_APPROVED",
            "报价尚未提交并通过审批,不能通知客户;请先提交审批",
            "the quote has not passed approval, so the customer may not be told: submit it first",
        ),
        QuoteState::Submitted => (
            "UNDER_APPROVAL",
            "报价正在审批中,通过后才能通知客户;请等待审批结果或先撤回",
            "the quote is under approval and may be sent only after it: wait, or withdraw it",
        ),
        QuoteState::Approved => (
            "APPROVED_NOT_SENT",
            "报价已批准、尚未通知客户;请发送,或修改后重新审批",
            "the quote is approved and not yet sent: send it, or edit it for a new approval",
        ),
        QuoteState::Sent => (
            "ALREADY_SENT",
            "报价已通知客户,不可修改;请登记客户的答复,或另作新报价",
            "the customer has been told, so the quote is fixed: record the answer or make a new quote",
        ),
        QuoteState::Accepted | QuoteState::Declined => (
            "ANSWERED",
            "客户已答复,报价不可再变;如需变更请另作新报价",
            "the customer has answered, so the quote is fixed: make a new quote",
        ),
    };
    Refusal::new("QUO-02", code, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_admits_exactly_these_commands() {
        use Command::*;
        for (state, commands) in [
            (QuoteState::Draft, &[Edit, Submit][..]),
            (
                QuoteState::Submitted,
                &[Edit, Withdraw, Approve, Reject, Return],
            ),
            (QuoteState::Returned, &[Edit, Submit]),
            (QuoteState::Rejected, &[Edit, Submit]),
            (QuoteState::Approved, &[Edit, Send]),
            (QuoteState::Sent, &[Accept, Decline]),
            (QuoteState::Accepted, &[]),
            (QuoteState::Declined, &[]),
        ] {
            assert_eq!(admitted(state), commands, "{state}");
        }
    }

    #[test]
    fn an_edit_of_what_was_approved_asks_for_approval_again() {
        assert_eq!(
            may(QuoteState::Approved, Command::Edit),
            Ok(QuoteState::Draft)
        );
        assert_eq!(
            may(QuoteState::Submitted, Command::Edit),
            Ok(QuoteState::Draft)
        );
    }

    #[test]
    fn nothing_is_sent_before_approval() {
        for state in [
            QuoteState::Draft,
            QuoteState::Submitted,
            QuoteState::Returned,
        ] {
            assert_eq!(may(state, Command::Send).unwrap_err().rule, "QUO-02");
        }
    }

    #[test]
    fn the_last_day_is_still_valid() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        assert!(in_validity(day(2), day(2)).is_ok());
        assert_eq!(
            in_validity(day(2), day(3)).unwrap_err().code,
            "VALIDITY_PAST"
        );
    }
}
