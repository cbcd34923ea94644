//! Who may give an opinion in an approval (AMB-13, CON-03, ORG-33).

use crate::policy::Refusal;

/// What is judged about someone who wants to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeciderFacts {
    /// Submitted what is to be approved.
    pub is_submitter: bool,
    /// Owns what is to be approved.
    pub is_owner: bool,
    /// Holds a seat of the current step.
    pub holds_seat: bool,
    /// Stands in, now, for somebody who holds such a seat (ORG-33).
    pub delegate_of_holder: bool,
    /// That somebody is the submitter or the owner.
    pub holder_is_submitter_or_owner: bool,
    /// That seat has already spoken.
    pub already: bool,
}

/// In whose right a decision is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As the holder of the seat.
    Holder,
    /// In the place of the holder; both are recorded.
    Delegate,
}

/// Whether someone may decide: nobody on their own record, in their own right
/// or by delegation, nor may the submitter's delegate (AMB-13).
pub fn may_decide(facts: &DeciderFacts) -> Result<Standing, Refusal> {
    if facts.is_submitter || facts.is_owner {
        return Err(Refusal::new(
            "AMB-13",
            "OWN_RECORD",
            "不能审批本人提交或归属本人的记录;须由其他有权人员审批",
            "nobody approves what they submitted or own: another entitled person must decide",
        ));
    }
    let standing = match (facts.holds_seat, facts.delegate_of_holder) {
        (true, _) => Standing::Holder,
        (false, true) if facts.holder_is_submitter_or_owner => {
            return Err(Refusal::new(
                "AMB-13",
                "DELEGATE_OF_SUBMITTER",
                "不能代理提交人或归属人审批其本人的记录;须由其他有权人员审批",
                "a delegate cannot approve in the submitter's or owner's place: another entitled person must decide",
            ));
        }
        (false, true) => Standing::Delegate,
        (false, false) => {
            return Err(Refusal::new(
                "ORG-08",
                "NOT_AN_APPROVER",
                "您不是当前步骤的审批人;须由审批人或其代理人审批",
                "you hold no seat of the current step: one of its approvers or their delegate must decide",
            ));
        }
    };
    match facts.already {
        false => Ok(standing),
        true => Err(Refusal::new(
            "CON-03",
            "ALREADY_DECIDED",
            "该席位已提出意见,不能再次提交",
            "this seat has already given its opinion; it is final",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn holder_and_delegate_may_decide_once() {
        let holder = DeciderFacts {
            holds_seat: true,
            ..Default::default()
        };
        let delegate = DeciderFacts {
            delegate_of_holder: true,
            ..Default::default()
        };
        assert_eq!(may_decide(&holder), Ok(Standing::Holder));
        assert_eq!(may_decide(&delegate), Ok(Standing::Delegate));
        let again = DeciderFacts {
            already: true,
            ..holder
        };
        assert_eq!(may_decide(&again).unwrap_err().code, "ALREADY_DECIDED");
        assert_eq!(
            may_decide(&DeciderFacts::default()).unwrap_err().code,
            "NOT_AN_APPROVER"
        );
    }

    #[test]
    fn the_delegate_of_the_submitter_may_not_decide() {
        let delegate = DeciderFacts {
            delegate_of_holder: true,
            holder_is_submitter_or_owner: true,
            ..Default::default()
        };
        assert_eq!(
            may_decide(&delegate).unwrap_err().code,
            "DELEGATE_OF_SUBMITTER"
        );
        let also_holder = DeciderFacts {
            holds_seat: true,
            ..delegate
        };
        assert_eq!(may_decide(&also_holder), Ok(Standing::Holder));
    }

    proptest! {
        #[test]
        fn nobody_ever_approves_their_own(f in any::<[bool; 6]>()) {
            let facts = DeciderFacts {
                is_submitter: f[0], is_owner: f[1], holds_seat: f[2],
                delegate_of_holder: f[3], holder_is_submitter_or_owner: f[4], already: f[5],
            };
            if facts.is_submitter || facts.is_owner {
                prop_assert_eq!(may_decide(&facts).unwrap_err().code, "OWN_RECORD");
            }
        }
    }
}
