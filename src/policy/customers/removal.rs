//! Whether a customer may be deleted while something of it is in work (CUS-48, AMB-10).

use serde::Serialize;

use crate::policy::Refusal;

/// What of a customer is in work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Alive {
    /// Opportunities that are followed or wait for their review.
    pub opportunities: i64,
    /// Quotes that wait for approval or for the customer's answer.
    pub quotes: i64,
    /// Contracts that wait for sign-off or signature, or are signed.
    pub contracts: i64,
    /// Conflict cases under arbitration.
    pub conflict_cases: i64,
}

impl Alive {
    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Refuses to delete a customer of which something is in work, unless whoever deletes it says to know that. The
/// regulation lets nothing be lost and is silent on the rest; its records stay as they are and are not lost either, but
/// nobody finds them by their customer any more.
pub fn may_delete(alive: Alive, acknowledged: bool) -> Result<(), Refusal> {
    if alive.is_empty() || acknowledged {
        return Ok(());
    }
    let Alive {
        opportunities,
        quotes,
        contracts,
        conflict_cases,
    } = alive;
    Err(Refusal::new(
        "CUS-48",
        "STILL_ALIVE",
        format!(
            "该客户尚有进行中的业务：商机 {opportunities}、报价 {quotes}、合同 {contracts}、冲突案件 {conflict_cases}。请先办结或移交；确需删除，请带 acknowledge=true 重新提交。"
        ),
        format!(
            "The customer still has work under way: {opportunities} opportunities, {quotes} quotes, {contracts} contracts, {conflict_cases} conflict cases. End it or hand it over first; to delete it all the same, repeat with acknowledge=true."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_work_is_deleted_only_knowingly() {
        assert!(may_delete(Alive::default(), false).is_ok());
        let one = |set: fn(&mut Alive)| {
            let mut alive = Alive::default();
            set(&mut alive);
            alive
        };
        for alive in [
            one(|a| a.opportunities = 1),
            one(|a| a.quotes = 1),
            one(|a| a.contracts = 1),
            one(|a| a.conflict_cases = 1),
        ] {
            let refused = may_delete(alive, false).unwrap_err();
            assert_eq!((refused.rule, refused.code), ("CUS-48", "STILL_ALIVE"));
            assert!(may_delete(alive, true).is_ok());
        }
    }
}
