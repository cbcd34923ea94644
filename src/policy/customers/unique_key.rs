//! Which unique keys a customer registration claims (DUP-03, DUP-05, DUP-08, AMB-3).

use std::collections::BTreeSet;

use super::registration::RegistrationSettings;
use crate::domain::vocabulary::{KeyKind, Party};
use crate::policy::blank;

/// A key that only one registration of a line may hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UniqueKey {
    /// Business line.
    pub line: String,
    /// What it is made of.
    pub kind: KeyKind,
    /// The normalised value.
    pub value: String,
}

/// A registration as far as its identity goes; all values normalised.
#[derive(Debug, Clone)]
pub struct KeyFacts<'a> {
    /// Business line.
    pub line: &'a str,
    /// Company or person.
    pub party: Party,
    /// Name.
    pub name: Option<&'a str>,
    /// Credit code.
    pub credit_code: Option<&'a str>,
    /// The customer's own phones.
    pub phones: Vec<&'a str>,
}

/// The unique keys a registration claims (AMB-3), without repetition and in
/// one order for everybody, so that two transactions claim them alike.
pub fn keys(facts: &KeyFacts<'_>, settings: &RegistrationSettings) -> Vec<UniqueKey> {
    let company = facts.party == Party::Company;
    let by_phone =
        settings.phone_is_hard(facts.line) || (!company && settings.individuals_by_phone);
    let by_name = company || !by_phone;
    let names = facts.name.into_iter().filter(|_| by_name);
    let codes = facts.credit_code.into_iter().filter(|_| company);
    let phones = facts.phones.iter().copied().filter(|_| by_phone);
    let key = |kind| {
        move |value: &str| UniqueKey {
            line: facts.line.to_owned(),
            kind,
            value: value.to_owned(),
        }
    };
    let claimed: BTreeSet<UniqueKey> = names
        .map(key(KeyKind::Name))
        .chain(codes.map(key(KeyKind::CreditCode)))
        .chain(phones.map(key(KeyKind::Phone)))
        .filter(|k| !blank(Some(&k.value)))
        .collect();
    claimed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::registration::DEFAULT_LINE;
    use super::*;
    use proptest::prelude::*;

    fn key_facts(line: &str, party: Party) -> KeyFacts<'_> {
        let phones = vec!["13800138000", "02163539330", "13800138000"];
        KeyFacts {
            line,
            party,
            name: Some("甲"),
            credit_code: Some("91310000607378"),
            phones,
        }
    }

    fn kinds(line: &str, party: Party, settings: &RegistrationSettings) -> Vec<KeyKind> {
        keys(&key_facts(line, party), settings)
            .iter()
            .map(|k| k.kind)
            .collect()
    }

    #[test]
    fn a_company_claims_its_phones_in_strict_lines_only() {
        use KeyKind::{CreditCode, Name, Phone};
        let s = RegistrationSettings::default();
        assert_eq!(kinds("CRM", Party::Company, &s), [Name, CreditCode]);
        assert_eq!(
            kinds("CALL_CENTRE", Party::Company, &s),
            [Name, CreditCode, Phone, Phone]
        );
        assert_eq!(kinds(DEFAULT_LINE, Party::Company, &s), [Name, CreditCode]);
    }

    #[test]
    fn an_individual_is_told_apart_by_phone_or_else_by_name() {
        use KeyKind::{Name, Phone};
        let s = RegistrationSettings::default();
        assert_eq!(kinds("CRM", Party::Individual, &s), [Phone, Phone]);
        let by_name = RegistrationSettings {
            individuals_by_phone: false,
            ..s
        };
        assert_eq!(kinds("CRM", Party::Individual, &by_name), [Name]);
        assert_eq!(
            kinds("CALL_CENTRE", Party::Individual, &by_name),
            [Phone, Phone]
        );
    }

    #[test]
    fn keys_belong_to_their_line_and_blank_values_claim_nothing() {
        let s = RegistrationSettings::default();
        let facts = KeyFacts {
            name: Some(" "),
            credit_code: None,
            ..key_facts("CALL_CENTRE", Party::Company)
        };
        let expected: Vec<_> = ["02163539330", "13800138000"]
            .map(|v| UniqueKey {
                line: "CALL_CENTRE".into(),
                kind: KeyKind::Phone,
                value: v.into(),
            })
            .into();
        assert_eq!(keys(&facts, &s), expected);
    }

    proptest! {

        #[test]
        fn keys_do_not_depend_on_the_order_of_phones(mut phones in prop::collection::vec("[0-9]{11}", 0..5)) {
            let of = |phones: &[String]| {
                let phones = phones.iter().map(String::as_str).collect();
                let facts = KeyFacts { phones, ..key_facts("CALL_CENTRE", Party::Individual) };
                keys(&facts, &RegistrationSettings::default())
            };
            let before = of(&phones);
            phones.reverse();
            prop_assert_eq!(before, of(&phones));
        }
    }
}
