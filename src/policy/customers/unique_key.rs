//! Which unique keys a customer registration claims (DUP-03, DUP-05, DUP-08, AMB-3).

use std::collections::BTreeSet;

use super::registration::RegistrationSettings;
use crate::domain::vocabulary::{KeyKind, Line, Party};
use crate::policy::blank;

/// A key that only one registration of a line may hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UniqueKey {
    /// Business line.
    pub line: Line,
    /// What it is made of.
    pub kind: KeyKind,
    /// The normalised value.
    pub value: String,
}

/// A registration as far as its identity goes; all values normalised.
#[derive(Debug, Clone)]
pub struct KeyFacts<'a> {
    /// Business line.
    pub line: Line,
    /// Whether it carries a special symbol, which exempts it against other lines (DUP-05).
    pub has_symbol: bool,
    /// Company or person.
    pub party: Party,
    /// The name in force, former names and aliases.
    pub names: Vec<&'a str>,
    /// Credit code.
    pub credit_code: Option<&'a str>,
    /// The customer's own phones.
    pub phones: Vec<&'a str>,
}

/// The unique keys a registration claims (AMB-3), without repetition and in
/// one order for everybody, so that two transactions claim them alike. A customer claims them in every line in which it
/// must be alone (DUP-05): so the database decides between lines as it does within one.
pub fn keys(facts: &KeyFacts<'_>, settings: &RegistrationSettings) -> Vec<UniqueKey> {
    let company = facts.party == Party::Company;
    let by_phone =
        settings.phone_is_hard(facts.line.as_str()) || (!company && settings.individuals_by_phone);
    let by_name = company || !by_phone;
    let names = facts.names.iter().copied().filter(|_| by_name);
    let codes = facts.credit_code.into_iter().filter(|_| company);
    let phones = facts.phones.iter().copied().filter(|_| by_phone);
    let values: Vec<(KeyKind, &str)> = names
        .map(|value| (KeyKind::Name, value))
        .chain(codes.map(|value| (KeyKind::CreditCode, value)))
        .chain(phones.map(|value| (KeyKind::Phone, value)))
        .filter(|(_, value)| !blank(Some(value)))
        .collect();
    let claimed: BTreeSet<UniqueKey> = settings
        .lines_claimed(facts.line, facts.has_symbol)
        .into_iter()
        .flat_map(|line| {
            values.iter().map(move |(kind, value)| UniqueKey {
                line,
                kind: *kind,
                value: (*value).to_owned(),
            })
        })
        .collect();
    claimed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key_facts(line: Line, party: Party) -> KeyFacts<'static> {
        let phones = vec!["13800138000", "02163539330", "13800138000"];
        KeyFacts {
            line,
            has_symbol: false,
            party,
            names: vec!["甲"],
            credit_code: Some("91310000607378"),
            phones,
        }
    }

    fn kinds(line: Line, party: Party, settings: &RegistrationSettings) -> Vec<KeyKind> {
        keys(&key_facts(line, party), settings)
            .iter()
            .map(|k| k.kind)
            .collect()
    }

    #[test]
    fn a_company_claims_its_phones_in_strict_lines_only() {
        use KeyKind::{CreditCode, Name, Phone};
        let s = RegistrationSettings::default();
        assert_eq!(kinds(Line::General, Party::Company, &s), [Name, CreditCode]);
        assert_eq!(
            kinds(Line::CallCentre, Party::Company, &s),
            [Name, CreditCode, Phone, Phone]
        );
    }

    #[test]
    fn an_individual_is_told_apart_by_phone_or_else_by_name() {
        use KeyKind::{Name, Phone};
        let s = RegistrationSettings::default();
        assert_eq!(kinds(Line::General, Party::Individual, &s), [Phone, Phone]);
        let by_name = RegistrationSettings {
            individuals_by_phone: false,
            ..s
        };
        assert_eq!(kinds(Line::General, Party::Individual, &by_name), [Name]);
        assert_eq!(
            kinds(Line::CallCentre, Party::Individual, &by_name),
            [Phone, Phone]
        );
    }

    #[test]
    fn keys_belong_to_their_line_and_blank_values_claim_nothing() {
        let s = RegistrationSettings::default();
        let facts = KeyFacts {
            names: vec![" "],
            credit_code: None,
            ..key_facts(Line::CallCentre, Party::Company)
        };
        let expected: Vec<_> = ["02163539330", "13800138000"]
            .map(|v| UniqueKey {
                line: Line::CallCentre,
                kind: KeyKind::Phone,
                value: v.into(),
            })
            .into();
        assert_eq!(keys(&facts, &s), expected);
    }

    #[test]
    fn former_names_and_aliases_are_claimed_like_the_name_in_force() {
        let facts = KeyFacts {
            names: vec!["乙", "甲", "乙"],
            credit_code: None,
            ..key_facts(Line::General, Party::Company)
        };
        let claimed = keys(&facts, &RegistrationSettings::default());
        let values: Vec<_> = claimed.iter().map(|key| key.value.as_str()).collect();
        assert_eq!(values, ["乙", "甲"]);
    }

    /// Whether two customers with one phone may stand beside each other.
    fn beside(a: (Line, bool), b: (Line, bool)) -> bool {
        let s = RegistrationSettings::default();
        let claimed = |(line, has_symbol): (Line, bool)| -> BTreeSet<UniqueKey> {
            let facts = KeyFacts {
                has_symbol,
                phones: vec!["13800138000"],
                ..key_facts(line, Party::Individual)
            };
            keys(&facts, &s).into_iter().collect()
        };
        claimed(a).is_disjoint(&claimed(b))
    }

    #[test]
    fn a_symbol_lets_the_two_younger_lines_repeat_a_customer_of_the_strict_one() {
        use Line::{CallCentre, ConceptTheme, FlyingStock, General, Securities};
        for line in [ConceptTheme, FlyingStock] {
            assert!(!beside((line, false), (Securities, false)));
            assert!(beside((line, true), (Securities, false)));
            assert!(!beside((line, true), (line, true)));
        }
        assert!(!beside((Securities, false), (Securities, true)));
        assert!(!beside((ConceptTheme, true), (FlyingStock, true)));
        for line in [CallCentre, ConceptTheme, FlyingStock, Securities] {
            assert!(beside((line, false), (General, false)));
        }
    }

    proptest! {

        #[test]
        fn keys_do_not_depend_on_the_order_of_phones(mut phones in prop::collection::vec("[0-9]{11}", 0..5)) {
            let of = |phones: &[String]| {
                let phones = phones.iter().map(String::as_str).collect();
                let facts = KeyFacts { phones, ..key_facts(Line::CallCentre, Party::Individual) };
                keys(&facts, &RegistrationSettings::default())
            };
            let before = of(&phones);
            phones.reverse();
            prop_assert_eq!(before, of(&phones));
        }
    }
}
