//! Under which terms a name stands in the matching index, and under which terms it is looked for (DUP-01).
//!
//! A name has few terms, for each costs a write. What may be wrong with a name is tried on the other side: by the one
//! who asks. A term is 64 bits: what kind of term, then what it is made of.
//!
//! - *core*: three characters and a hash of the rest, so that a range finds what begins alike;
//! - *even* and *odd*: every second character of the whole name, and its length. One wrong character spoils one of the
//!   two, wherever it is. A missing character is looked for by leaving a gap at each position, an added one by leaving
//!   out each, two exchanged ones by exchanging back: all of it exact look-ups;
//! - *head*: the first two characters with the place, for abbreviations;
//! - *base*, of a branch only: the company that it belongs to;
//! - *address*, *website*, *phone*: keyed hashes that are made elsewhere.

use sha2::{Digest, Sha256};

use crate::domain::names::{Parts, Place, Places, places::CHINA};

/// What a term is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Core = 1,
    BranchCore = 2,
    Even = 3,
    Odd = 4,
    Head = 5,
    Base = 6,
}

/// A keyed hash of an address, a website or a phone as a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Of an address.
    Address = 7,
    /// Of a website.
    Website = 8,
    /// Of a phone.
    Phone = 9,
}

/// The kinds of a term stand in its highest four bits below the sign.
const KIND_SHIFT: u32 = 59;
const BODY: u64 = (1 << KIND_SHIFT) - 1;

/// A keyed hash, as a term.
pub fn beside(kind: Beside, hash: i64) -> i64 {
    term(kind as u64, u64::from_ne_bytes(hash.to_ne_bytes()))
}

fn term(kind: u64, body: u64) -> i64 {
    i64::try_from((kind << KIND_SHIFT) | (body & BODY)).unwrap_or(i64::MAX)
}

fn hash(parts: impl IntoIterator<Item = u32>) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.to_le_bytes());
    }
    let bytes: [u8; 32] = digest.finalize().into();
    bytes
        .iter()
        .take(8)
        .fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}

fn sixteen_bits(c: Option<&char>) -> u64 {
    let Some(c) = c else { return 0 };
    let code = u64::from(u32::from(*c));
    // Beyond the basic plane: folded into it. Two such characters may meet; the judgement tells them apart.
    (code ^ (code >> 16)) & 0xffff
}

fn codes(text: &[char]) -> impl Iterator<Item = u32> + '_ {
    text.iter().map(|c| u32::from(*c))
}

fn core_term(kind: Kind, text: &[char]) -> i64 {
    let rest = text.get(3..).unwrap_or_default();
    let tail = if rest.is_empty() {
        0
    } else {
        hash(codes(rest)) & 0x7ff
    };
    let body = (sixteen_bits(text.first()) << 43)
        | (sixteen_bits(text.get(1)) << 27)
        | (sixteen_bits(text.get(2)) << 11)
        | tail;
    term(kind as u64, body)
}

fn place_code(place: Option<Place>) -> u32 {
    place.map_or(u32::MAX, u32::from)
}

/// Every second character, with how many there are altogether.
fn half(kind: Kind, text: &[char]) -> i64 {
    let start = usize::from(kind == Kind::Odd);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let every_second = text.iter().skip(start).step_by(2).map(|c| u32::from(*c));
    term(kind as u64, hash([length].into_iter().chain(every_second)))
}

fn head(core: &[char], place: Option<Place>) -> i64 {
    let first = core.get(..2).unwrap_or(core);
    term(
        Kind::Head as u64,
        hash([place_code(place)].into_iter().chain(codes(first))),
    )
}

fn base(core: &[char], place: Option<Place>) -> i64 {
    term(
        Kind::Base as u64,
        hash([place_code(place)].into_iter().chain(codes(core))),
    )
}

/// The terms under which a name stands in the index: none, if there is no name.
pub fn stored(parts: &Parts) -> Vec<i64> {
    if parts.folded.is_empty() {
        return Vec::new();
    }
    let place = parts.place();
    let mut terms = vec![
        core_term(core_kind(parts), &parts.essence()),
        half(Kind::Even, &parts.folded),
        half(Kind::Odd, &parts.folded),
        match &parts.branch {
            None => head(&parts.core, place),
            Some(_) => base(&parts.core, place),
        },
    ];
    terms.sort_unstable();
    terms.dedup();
    terms
}

fn core_kind(parts: &Parts) -> Kind {
    if parts.branch.is_some() {
        Kind::BranchCore
    } else {
        Kind::Core
    }
}

/// Which terms to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Terms that few names share.
    pub narrow: Vec<i64>,
    /// Terms that many names may share: looked for up to a limit.
    pub broad: Vec<i64>,
    /// A range of core terms, for an abbreviation without a place.
    pub beginning: Option<(i64, i64)>,
    /// A phone, which many may share: looked for by itself, so that names do not crowd it out.
    pub phone: Option<i64>,
}

/// Everything that the name of the same company might stand under, however the name is read.
pub fn sought(readings: &[Parts]) -> Sought {
    let mut sought = Sought::default();
    if let Some(usual) = readings.first().filter(|usual| !usual.folded.is_empty()) {
        mistyped(&usual.folded, &mut sought.narrow);
        abbreviated(usual, &mut sought);
    }
    for parts in readings.iter().filter(|parts| !parts.folded.is_empty()) {
        sought
            .narrow
            .push(core_term(core_kind(parts), &parts.essence()));
        if parts.branch.is_some() {
            // The company that the branch belongs to.
            sought.narrow.push(core_term(Kind::Core, &parts.core));
        }
    }
    for terms in [&mut sought.narrow, &mut sought.broad] {
        terms.sort_unstable();
        terms.dedup();
    }
    sought
}

/// The halves of every name that one wrong character may have made this one of.
fn mistyped(name: &[char], terms: &mut Vec<i64>) {
    terms.push(half(Kind::Even, name));
    terms.push(half(Kind::Odd, name));
    for at in 0..=name.len() {
        let mut text = name.to_vec();
        text.insert(at, ' ');
        // The missing character is in one half; the other is whole.
        let whole = if at % 2 == 0 { Kind::Odd } else { Kind::Even };
        terms.push(half(whole, &text));
    }
    for at in 0..name.len() {
        let mut text = name.to_vec();
        text.remove(at);
        terms.push(half(Kind::Even, &text));
    }
    for at in 1..name.len() {
        let mut text = name.to_vec();
        text.swap(at - 1, at);
        terms.push(half(Kind::Even, &text));
    }
}

/// What begins alike, at the same place, around it, or anywhere if none is named; the branches of the company.
fn abbreviated(parts: &Parts, sought: &mut Sought) {
    if parts.branch.is_some() {
        return;
    }
    let place = parts.place();
    let known = Places::builtin();
    let above = place.into_iter().flat_map(|place| known.above(place));
    for place in [place, None].into_iter().chain(above.map(Some)) {
        sought.broad.push(head(&parts.core, place));
    }
    sought.broad.push(base(&parts.core, place));
    if place.is_none_or(|place| place == CHINA) && parts.core.len() >= 2 {
        sought.beginning = Some(beginning(&parts.core));
    }
}

/// All core terms that begin with the first two or three characters.
fn beginning(core: &[char]) -> (i64, i64) {
    let first = core_term(
        Kind::Core,
        core.get(..3.min(core.len())).unwrap_or_default(),
    );
    let open = if core.len() >= 3 { 11 } else { 27 };
    let low = first >> open << open;
    (low, low | ((1 << open) - 1))
}

/// Which characters a name has, one bit each: what is not alike at all need not be loaded.
pub fn sketch(parts: &Parts) -> i64 {
    let bits = parts.essence().iter().fold(0_u64, |bits, c| {
        // Multiplicative hashing spreads the code over the bits.
        let mixed = u64::from(u32::from(*c)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits | 1 << (mixed >> 58)
    });
    i64::from_ne_bytes(bits.to_ne_bytes())
}

/// How alike two sketches are, in hundredths.
pub fn sketch_likeness(a: i64, b: i64) -> u32 {
    let most = a.count_ones().max(b.count_ones()).max(1);
    (a & b).count_ones() * 100 / most
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn meet(given: &str, registered: &str) -> bool {
        let sought = sought(&Parts::readings(given));
        let stored: BTreeSet<i64> = stored(&Parts::of(registered)).into_iter().collect();
        let in_range = |term: &i64| {
            sought
                .beginning
                .is_some_and(|(low, high)| (low..=high).contains(term))
        };
        let exact = sought.narrow.iter().chain(&sought.broad);
        exact.into_iter().any(|term| stored.contains(term)) || stored.iter().any(in_range)
    }

    #[test]
    fn a_name_with_one_wrong_character_anywhere_is_met() {
        let registered = "上海市恒达(集团)贸易有限公司";
        let text: Vec<char> = Parts::of(registered).folded;
        for at in 0..text.len() {
            let mut wrong = text.clone();
            wrong[at] = '囍';
            let mut missing = text.clone();
            missing.remove(at);
            let mut doubled = text.clone();
            doubled.insert(at, text[at]);
            let mut exchanged = text.clone();
            if at > 0 {
                exchanged.swap(at - 1, at);
            }
            for given in [wrong, missing, doubled, exchanged] {
                let given: String = given.into_iter().collect();
                assert!(meet(&given, registered), "{given}");
            }
        }
    }

    #[test]
    fn names_have_few_terms_and_are_looked_for_under_a_bounded_number() {
        for name in [
            "上海恒达贸易有限公司",
            "中国农业银行股份有限公司济宁南苑支行",
        ] {
            let readings = Parts::readings(name);
            assert_eq!(stored(&readings[0]).len(), 4, "{name}");
            let length = readings[0].folded.len();
            let sought = sought(&readings);
            assert!(
                sought.narrow.len() + sought.broad.len() <= 3 * length + 25,
                "{name}"
            );
        }
    }

    #[test]
    fn abbreviations_and_branches_meet_their_company() {
        for given in [
            "上海恒达有限公司",
            "恒达有限公司",
            "恒达贸易",
            "上海恒达贸易有限公司北京分公司",
        ] {
            assert!(meet(given, "上海恒达贸易有限公司"), "{given}");
        }
        assert!(!meet("西安瑞贝嘉科技有限公司", "上海恒达贸易有限公司"));
    }

    #[test]
    fn terms_of_different_kinds_never_meet() {
        assert_ne!(beside(Beside::Address, 5), beside(Beside::Website, 5));
        assert_ne!(beside(Beside::Website, 5), beside(Beside::Phone, 5));
        assert!(beside(Beside::Website, -1) > 0 && beside(Beside::Phone, -1) > 0);
    }

    #[test]
    fn who_has_no_name_stands_under_none_and_looks_for_none() {
        assert_eq!(stored(&Parts::of("")), Vec::<i64>::new());
        assert_eq!(sought(&Parts::readings("")), Sought::default());
    }
}
