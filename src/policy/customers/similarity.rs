//! How alike two registered customers are (DUP-10): names by what is left of them without the organisation form, and the
//! facts beside them. The look-up of candidates is in `services::customers::similar`.

use std::collections::BTreeSet;

use crate::domain::vocabulary::PairReason;

/// A customer as far as its likeness goes; all values normalised.
#[derive(Debug, Clone, Default)]
pub struct Likeable<'a> {
    /// The folded name.
    pub name: &'a str,
    /// Credit code.
    pub credit_code: Option<&'a str>,
    /// Phone.
    pub phone: Option<&'a str>,
    /// Address.
    pub address: Option<&'a str>,
    /// Website.
    pub website: Option<&'a str>,
}

/// A likeness: how much, of 100, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// Of 100.
    pub score: u8,
    /// Why.
    pub reasons: Vec<PairReason>,
}

/// Organisation forms, the longer first.
const FORMS: [&str; 9] = [
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "集团公司",
    "总公司",
    "公司",
    "集团",
    "厂",
];

/// What makes a branch of a company, which is registered beside it.
const BRANCHES: [&str; 6] = ["分公司", "分行", "支行", "办事处", "分店", "分厂"];

/// What is left of a folded name without its organisation form; the name itself where nothing would be left.
pub fn core(folded: &str) -> &str {
    let mut rest = folded;
    while let Some(shorter) = FORMS.iter().find_map(|form| rest.strip_suffix(form)) {
        if shorter.chars().count() < 2 {
            break;
        }
        rest = shorter;
    }
    rest
}

/// Whether the name is that of a branch.
pub fn is_branch(folded: &str) -> bool {
    BRANCHES.iter().any(|branch| folded.contains(branch))
}

/// How alike two customers are. A company and a branch of it are not (CUS-08), and two credit codes are two customers.
pub fn likeness(a: &Likeable<'_>, b: &Likeable<'_>) -> Likeness {
    let none = Likeness {
        score: 0,
        reasons: Vec::new(),
    };
    let both = |x: Option<&str>, y: Option<&str>| matches!((x, y), (Some(x), Some(y)) if x == y);
    let codes_differ = matches!((a.credit_code, b.credit_code), (Some(x), Some(y)) if x != y);
    if codes_differ || is_branch(a.name) != is_branch(b.name) {
        return none;
    }
    let mut reasons = Vec::new();
    let names = if a.name == b.name {
        reasons.push(PairReason::SameName);
        95
    } else {
        let alike = if core(a.name) == core(b.name) {
            90
        } else {
            dice(core(a.name), core(b.name)) * 80 / 100
        };
        if alike >= 50 {
            reasons.push(PairReason::SimilarName);
        }
        alike
    };
    let mut score = names;
    for (equal, reason, points) in [
        (
            both(a.credit_code, b.credit_code),
            PairReason::SameCreditCode,
            100,
        ),
        (both(a.phone, b.phone), PairReason::SamePhone, 15),
        (both(a.address, b.address), PairReason::SameAddress, 10),
        (both(a.website, b.website), PairReason::SameWebsite, 15),
    ] {
        if equal {
            reasons.push(reason);
            score += points;
        }
    }
    Likeness {
        score: u8::try_from(score.min(100)).unwrap_or(100),
        reasons,
    }
}

/// How many pairs of neighbouring letters two words share, of 100.
fn dice(a: &str, b: &str) -> u32 {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let letters: Vec<char> = text.chars().collect();
        letters
            .iter()
            .copied()
            .zip(letters.iter().copied().skip(1))
            .collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let (all, shared) = (a.len() + b.len(), a.intersection(&b).count());
    if all == 0 {
        return 0;
    }
    u32::try_from(shared * 200 / all).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(name: &str) -> Likeable<'_> {
        Likeable {
            name,
            ..Likeable::default()
        }
    }

    fn score(a: &str, b: &str) -> u8 {
        likeness(&named(a), &named(b)).score
    }

    #[test]
    fn the_organisation_form_makes_no_other_customer() {
        assert_eq!(core("惠普中国有限公司"), "惠普中国");
        assert_eq!(core("惠普中国集团股份有限公司"), "惠普中国");
        assert_eq!(core("公司"), "公司");
        assert_eq!(score("惠普中国有限公司", "惠普中国股份有限公司"), 90);
        assert_eq!(score("惠普中国有限公司", "惠普中国有限公司"), 95);
        assert_eq!(score("惠普中国有限公司", "联想北京有限公司"), 0);
    }

    #[test]
    fn a_branch_and_another_credit_code_are_other_customers() {
        assert_eq!(score("惠普中国有限公司", "惠普中国有限公司上海分公司"), 0);
        let with = |code| Likeable {
            credit_code: Some(code),
            ..named("惠普中国有限公司")
        };
        assert_eq!(likeness(&with("A"), &with("B")).score, 0);
        assert_eq!(likeness(&with("A"), &with("A")).score, 100);
    }

    #[test]
    fn what_is_equal_beside_the_name_adds_to_it_and_is_named() {
        let with = |name| Likeable {
            phone: Some("01085201234"),
            address: Some("建国路88号"),
            ..named(name)
        };
        let found = likeness(&with("惠普中国有限公司"), &with("惠普中国集团"));
        assert_eq!(found.score, 100);
        assert_eq!(
            found.reasons,
            [
                PairReason::SimilarName,
                PairReason::SamePhone,
                PairReason::SameAddress
            ]
        );
    }

    proptest! {
        #[test]
        fn likeness_is_mutual_and_bounded(a in "[甲乙丙丁公司]{1,8}", b in "[甲乙丙丁公司]{1,8}") {
            prop_assert_eq!(score(&a, &b), score(&b, &a));
            prop_assert!(score(&a, &b) <= 100);
        }
    }
}
