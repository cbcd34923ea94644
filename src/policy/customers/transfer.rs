//! Who gives a customer to whom (DUP-15, DUP-16, DUP-19, ORG-23, AMB-11, AMB-16).

use crate::{domain::vocabulary::Line, policy::Refusal};

/// What is judged about somebody who wants to give a customer to another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TransferFacts {
    /// The customer is of a call-centre line.
    pub call_centre: bool,
    /// Holds the capability over the customer's unit, or holds it and is the owner's direct superior.
    pub manages: bool,
    /// The receiver works where the capability reaches.
    pub receiver_within: bool,
}

/// Whether someone may give the customer to that receiver: managers and the administrator may, seats and owners may not;
/// a seat's only way is the group's shared column (DUP-16, AMB-11).
pub fn may_transfer(facts: &TransferFacts) -> Result<(), Refusal> {
    match (facts.manages, facts.call_centre, facts.receiver_within) {
        (true, _, true) => Ok(()),
        (false, true, _) => Err(Refusal::new(
            "DUP-16",
            "SEAT_TO_SEAT",
            "坐席端之间禁止互相移交客户;请移交至“本组共享”栏,或由经理、管理员转移",
            "seats do not transfer customers to each other: return it to the group's shared column, or ask the manager or administrator",
        )),
        (false, false, _) => Err(Refusal::new(
            "DUP-19",
            "NOT_A_MANAGER",
            "客户由经理或管理员转移;请向直接上司提出",
            "a manager or the administrator transfers customers: ask your direct superior",
        )),
        (true, _, false) => Err(Refusal::new(
            "DUP-19",
            "RECEIVER_OUT_OF_REACH",
            "接收人不在您的转移权限范围内;请由覆盖双方单位的上级办理",
            "the receiver works outside your reach: a superior whose right covers both units must do this",
        )),
    }
}

/// What is judged about the way between a seat and its group's shared column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnFacts {
    /// The customer's business line.
    pub call_centre: bool,
    /// The owner's unit is a group.
    pub of_a_group: bool,
    /// The customer lies in a shared column.
    pub in_a_column: bool,
    /// It lies in the column of the actor's own group.
    pub in_ones_own: bool,
    /// Opportunities, quotes or contracts with it are in work.
    pub work_in_hand: bool,
}

/// Whether a line belongs to the call centre.
pub fn is_call_centre(line: Line) -> bool {
    line != Line::General
}

/// Whether a customer may go to its owner's group's shared column (DUP-15).
pub fn may_return(facts: &ColumnFacts) -> Result<(), Refusal> {
    if !facts.call_centre {
        return Err(Refusal::new(
            "DUP-15",
            "NOT_OF_THE_CALL_CENTRE",
            "只有呼叫中心业务的客户进入“本组共享”栏",
            "only customers of the call centre go to a shared column",
        ));
    }
    if facts.in_a_column {
        return Err(Refusal::new(
            "DUP-15",
            "ALREADY_IN_THE_COLUMN",
            "该客户已在“本组共享”栏",
            "the customer is in the shared column already",
        ));
    }
    if !facts.of_a_group {
        return Err(Refusal::new(
            "DUP-15",
            "OWNER_IN_NO_GROUP",
            "归属人所在单位不是组,没有“本组共享”栏",
            "the owner's unit is no group, so it has no shared column",
        ));
    }
    if facts.work_in_hand {
        return Err(Refusal::new(
            "DUP-15",
            "WORK_IN_HAND",
            "该客户还有进行中的商机、报价或合同;请先关闭,或由经理转移给同事",
            "opportunities, quotes or contracts with it are in work: close them first, or have the manager transfer it",
        ));
    }
    Ok(())
}

/// Whether a seat may take a customer from the shared column: from that of its own group only (DUP-15).
pub fn may_take(facts: &ColumnFacts) -> Result<(), Refusal> {
    if facts.in_ones_own {
        return Ok(());
    }
    Err(Refusal::new(
        "DUP-15",
        "NOT_IN_YOUR_COLUMN",
        "该客户不在您本组的“本组共享”栏,可能已被同组同事领取",
        "the customer is not in your group's shared column: a colleague may have taken it",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managers_transfer_within_their_reach_and_nobody_else_does() {
        let judged = |call_centre, manages, receiver_within| {
            may_transfer(&TransferFacts {
                call_centre,
                manages,
                receiver_within,
            })
            .map_err(|refusal| (refusal.rule, refusal.code))
        };
        assert_eq!(judged(false, true, true), Ok(()));
        assert_eq!(judged(true, true, true), Ok(()), "AMB-11");
        assert_eq!(judged(true, false, true), Err(("DUP-16", "SEAT_TO_SEAT")));
        assert_eq!(judged(false, false, true), Err(("DUP-19", "NOT_A_MANAGER")));
        assert_eq!(
            judged(true, true, false),
            Err(("DUP-19", "RECEIVER_OUT_OF_REACH"))
        );
    }

    #[test]
    fn the_way_to_and_from_the_column_is_that_of_the_own_group() {
        let seat = ColumnFacts {
            call_centre: true,
            of_a_group: true,
            ..ColumnFacts::default()
        };
        let code = |facts| may_return(&facts).map_err(|refusal| refusal.code);
        assert_eq!(code(seat), Ok(()));
        assert_eq!(
            code(ColumnFacts {
                call_centre: false,
                ..seat
            }),
            Err("NOT_OF_THE_CALL_CENTRE")
        );
        assert_eq!(
            code(ColumnFacts {
                of_a_group: false,
                ..seat
            }),
            Err("OWNER_IN_NO_GROUP")
        );
        assert_eq!(
            code(ColumnFacts {
                in_a_column: true,
                ..seat
            }),
            Err("ALREADY_IN_THE_COLUMN")
        );
        assert_eq!(
            code(ColumnFacts {
                work_in_hand: true,
                ..seat
            }),
            Err("WORK_IN_HAND")
        );
        assert!(may_take(&seat).is_err());
        assert_eq!(
            may_take(&ColumnFacts {
                in_ones_own: true,
                ..seat
            }),
            Ok(())
        );
    }
}
