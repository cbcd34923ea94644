//! What a duplicate check tells of a record that the caller may not see (AMB-33): that it is there, its name, its owner
//! and department, and nothing of what its card says.

use super::likeness::{Beside, Likeness, LikenessSettings, judge};
use crate::domain::{id::kind::UserId, names::Parts, vocabulary::LikenessReason};

/// Of which refused attempts a reader is told the address that they came from (CONF-06, SEC-02). It is evidence for whoever
/// reads the audit trail or rules on other people's conflicts; who was first learns of an attempt, not from where a
/// colleague works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origins {
    /// Of all: the audit trail tells them too.
    All,
    /// Of one's own and of those that met other people's customers: the arbitrator's.
    OfOthersConflicts,
    /// Of one's own.
    Own,
}

impl Origins {
    /// By what the reader may do.
    pub fn of(reads_audit: bool, rules_on_conflicts: bool) -> Self {
        match (reads_audit, rules_on_conflicts) {
            (true, _) => Self::All,
            (false, true) => Self::OfOthersConflicts,
            (false, false) => Self::Own,
        }
    }

    /// Whether the reader is told from where somebody attempted what another one held.
    pub fn told(self, reader: UserId, attempted_by: UserId, holder: UserId) -> bool {
        attempted_by == reader
            || match self {
                Self::All => true,
                Self::OfOthersConflicts => holder != reader,
                Self::Own => false,
            }
    }
}

/// Whether a reason may be given whatever the caller may see. A phone is a mark of identity, and that it is taken is the
/// warning itself (AMB-3); that an address or a website is the same says what stands on the card.
pub fn may_be_told(reason: &LikenessReason) -> bool {
    !matches!(
        reason,
        LikenessReason::SameAddress | LikenessReason::SameWebsite
    )
}

/// A judgement as it is told of a hidden record: by names and phone alone. One that was met only through its address or
/// website is told too, for it exists, but scores no more than what is just listed: a higher score would say why.
pub fn of_hidden(
    found: &Likeness,
    readings: &[Parts],
    registered: &Parts,
    beside: Beside,
    settings: &LikenessSettings,
) -> Likeness {
    let known = Beside {
        same_phone: beside.same_phone,
        ..Beside::default()
    };
    if known == beside {
        return found.clone();
    }
    judge(readings, registered, known, settings).unwrap_or_else(|| Likeness {
        relation: found.relation,
        score: u32::from(settings.listed_from) * 100,
        reasons: found.reasons.iter().copied().filter(may_be_told).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn who_was_first_is_not_told_from_where_a_colleague_works() {
        let [reader, other, third] = [1, 2, 3].map(|n| UserId::from_uuid(Uuid::from_u128(n)));
        for (origins, own, met_mine, met_anothers) in [
            (Origins::of(true, false), true, true, true),
            (Origins::of(true, true), true, true, true),
            (Origins::of(false, true), true, false, true),
            (Origins::of(false, false), true, false, false),
        ] {
            assert_eq!(origins.told(reader, reader, other), own, "{origins:?}");
            assert_eq!(origins.told(reader, other, reader), met_mine, "{origins:?}");
            let anothers = origins.told(reader, other, third);
            assert_eq!(anothers, met_anothers, "{origins:?}");
        }
    }

    fn told(given: &str, registered: &str, beside: Beside) -> (Likeness, Likeness) {
        let settings = LikenessSettings::default();
        let (readings, registered) = (Parts::readings(given), Parts::of(registered));
        let found = judge(&readings, &registered, beside, &settings).unwrap();
        let told = of_hidden(&found, &readings, &registered, beside, &settings);
        (found, told)
    }

    #[test]
    fn neither_reason_nor_score_tells_of_the_address_of_a_hidden_record() {
        let place = Beside {
            same_address: true,
            same_website: true,
            same_phone: false,
        };
        let registered = "上海恒达贸易有限公司";
        let (found, hidden) = told("上海恒达贸易有限责任公司", registered, place);
        let (plain, _) = told("上海恒达贸易有限责任公司", registered, Beside::default());
        assert!(found.score > plain.score);
        assert_eq!(hidden, plain);
        let (found, hidden) = told(
            "上海恒兴国际贸易发展有限公司",
            "上海恒达国际贸易有限公司",
            place,
        );
        assert!(found.reasons.contains(&LikenessReason::SameAddress));
        assert_eq!(hidden.reasons, [LikenessReason::SimilarName]);
        assert_eq!(hidden.score, 7_000);
    }

    #[test]
    fn that_a_phone_is_taken_is_told() {
        let phone = Beside {
            same_phone: true,
            ..Beside::default()
        };
        let (_, hidden) = told("上海恒达贸易有限公司", "常州市第一机械厂", phone);
        assert_eq!(hidden.reasons, [LikenessReason::SamePhone]);
    }
}
