//! Under which terms a name stands in the matching index, and under which terms it is looked for (DUP-01).
//!
//! A name has few terms, for each costs a write. What may be wrong with a name is tried on the other side: by the one
//! who asks. A term is 64 bits: what kind of term, then what it is made of.
//!
//! - *core*: three characters and a hash of the rest, so that a range finds what begins alike;
//! - *even* and *odd*: every second character of the core (of a branch: of the whole name), its length and the place.
//!   One wrong character spoils one of the two, wherever it is, and the legal form may be another besides. A missing
//!   character is looked for by leaving a gap at each position, an added one by leaving out each, two exchanged ones by
//!   exchanging back: all of it exact look-ups. What is wrong with the words for the place or the legal form leaves them
//!   at the ends of the core: it is looked for without them;
//! - *head*: the first two characters with the place, for abbreviations;
//! - *base*, of a branch only: the company that it belongs to;
//! - *address*, *website*, *phone*: keyed hashes that are made elsewhere.

use sha2::{Digest, Sha256};

use crate::domain::names::{Form, Parts, Place, Places, glyphs::same_sound, places::CHINA};

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

/// Multiplicative hashing: spreads a value over the upper bits.
pub fn spread(value: u64) -> u64 {
    value.wrapping_mul(0x9e37_79b9_7f4a_7c15)
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

/// What stands for the place where it is among the characters.
const WITHIN: u32 = u32::MAX - 1;

/// How many bits of a half come from its place and first character alone.
const LEAD: u32 = 16;

/// Every second character, with how many there are altogether, and the place. What begins alike at one place stands together:
/// most of what one name is looked for under is then met where one look-up has just been.
fn half(kind: Kind, place: u32, text: &[char]) -> i64 {
    let start = usize::from(kind == Kind::Odd);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let every_second = || text.iter().skip(start).step_by(2).map(|c| u32::from(*c));
    let whole = hash([place, length].into_iter().chain(every_second())) & (BODY >> LEAD);
    let first = every_second().next().unwrap_or_default();
    let both = (u64::from(place) << 32) | u64::from(first);
    let lead = (spread(both) >> (u64::BITS - LEAD)) << (KIND_SHIFT - LEAD);
    term(kind as u64, lead | whole)
}

/// Of what a name's halves are taken: where it is, and the characters.
fn halved(parts: &Parts) -> (u32, &[char]) {
    match parts.branch {
        None => (place_code(parts.place()), &parts.core),
        Some(_) => (WITHIN, &parts.folded),
    }
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
    let (at, text) = halved(parts);
    let mut terms = vec![
        core_term(core_kind(parts), &parts.essence()),
        half(Kind::Even, at, text),
        half(Kind::Odd, at, text),
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
    /// Terms that few names share; those of whole cores come first in their order.
    pub narrow: Vec<i64>,
    /// Terms that many names may share: looked for up to a limit.
    pub broad: Vec<i64>,
    /// A range of core terms, for an abbreviation without a place.
    pub beginning: Option<(i64, i64)>,
    /// A phone, which many may share: looked for by itself, so that names do not crowd it out.
    pub phone: Option<i64>,
}

/// How many characters the words for a place may have (新疆维吾尔自治区), and those for a legal form that one wrong character
/// made unknown.
const PLACE: usize = 9;
const FORM: usize = 3;
/// Up to how many characters a core shares its halves with many others.
const SHORT: usize = 3;

/// Everything that the name of the same company might stand under, however the name is read.
pub fn sought(readings: &[Parts]) -> Sought {
    let mut sought = Sought::default();
    if let Some(usual) = readings.first().filter(|usual| !usual.folded.is_empty()) {
        misspelt_ends(&usual.core, &mut sought.narrow);
        exchanged_with_place(usual, &mut sought.narrow);
        half_a_place(usual, &mut sought.narrow);
        abbreviated(usual, &mut sought);
        // What ends with 公司 may be a branch whose 分 is wrong.
        if usual.branch.is_some() || matches!(usual.form, Form::None | Form::Company) {
            mistyped(WITHIN, &usual.folded, usize::MAX, &mut sought.narrow);
        }
        if usual.places.is_empty() && usual.branch.is_none() {
            mistyped_anywhere(&usual.core, &mut sought.narrow);
        }
    }
    let usual_core = readings.first().map_or(0, |usual| usual.core.len());
    for (at, parts) in readings.iter().enumerate() {
        if parts.folded.is_empty() {
            continue;
        }
        sought
            .narrow
            .push(core_term(core_kind(parts), &parts.essence()));
        if parts.branch.is_some() {
            // The company that the branch belongs to.
            sought.narrow.push(core_term(Kind::Core, &parts.core));
            continue;
        }
        let (place, core) = halved(parts);
        let terms = if core.len() <= SHORT {
            &mut sought.broad
        } else {
            &mut sought.narrow
        };
        if at == 0 || !parts.places.is_empty() {
            mistyped(place, core, usize::MAX, terms);
        } else if let Some(ahead) = core.len().checked_sub(usual_core).filter(|n| *n > 0) {
            // Registered with a wrong character in the words for its place, which then are none.
            mistyped(place, core, ahead, terms);
        }
    }
    for terms in [&mut sought.narrow, &mut sought.broad] {
        terms.sort_unstable();
        terms.dedup();
    }
    sought
}

/// The halves of everything that one wrong character, among the first so many, may have made this text of.
fn mistyped(place: u32, text: &[char], among: usize, terms: &mut Vec<i64>) {
    terms.push(half(Kind::Even, place, text));
    terms.push(half(Kind::Odd, place, text));
    for at in (0..=text.len()).take(among.saturating_add(1)) {
        let mut whole = text.to_vec();
        whole.insert(at, ' ');
        // The missing character is in one half; the other is whole.
        let kind = if at % 2 == 0 { Kind::Odd } else { Kind::Even };
        terms.push(half(kind, place, &whole));
    }
    for (without, exchanged) in one_less(text).zip(exchanged(text)).take(among) {
        terms.push(half(Kind::Even, place, &without));
        terms.push(half(Kind::Even, place, &exchanged));
    }
}

/// The text without each of its characters.
fn one_less(text: &[char]) -> impl Iterator<Item = Vec<char>> {
    (0..text.len()).map(|at| {
        let mut less = text.to_vec();
        less.remove(at);
        less
    })
}

/// The text with each of its characters in the place of the one before; first as it is.
fn exchanged(text: &[char]) -> impl Iterator<Item = Vec<char>> {
    (0..text.len()).map(|at| {
        let mut other = text.to_vec();
        other.swap(at.saturating_sub(1), at);
        other
    })
}

/// The core without what may be a misspelt place before it, or a misspelt legal form behind it.
fn misspelt_ends(core: &[char], terms: &mut Vec<i64>) {
    for less in 1..=PLACE {
        terms.extend(core.get(less..).filter(|rest| rest.len() >= 2).map(own));
    }
    for less in 1..=FORM {
        let rest = core.len().checked_sub(less).and_then(|end| core.get(..end));
        terms.extend(rest.filter(|rest| rest.len() >= 2).map(own));
    }
}

/// The core whose first character has changed places with the last one of the words before it: 宁波市镇银海球轴承 for
/// 宁波市镇海银球轴承.
fn exchanged_with_place(parts: &Parts, terms: &mut Vec<i64>) {
    let form = parts.form_words.chars().count();
    let others = exchanged(&parts.folded).take(ahead_of_core(parts) + PLACE + 1);
    for other in others.skip(2) {
        let end = other.len().saturating_sub(form);
        let behind = behind_places(&other);
        let core = other.get(behind..end).filter(|core| core.len() >= 2);
        terms.extend(core.filter(|_| behind > 0).map(own));
    }
}

/// Where the words for places end with which a text begins.
fn behind_places(text: &[char]) -> usize {
    let (mut at, mut before) = (0, None);
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| Places::builtin().at_start(rest, before))
    {
        at += found.length;
        before = Some(found.place);
    }
    at
}

/// How many characters stand before the core, where it is in one piece.
fn ahead_of_core(parts: &Parts) -> usize {
    let windows = parts.folded.windows(parts.core.len().max(1));
    windows.take_while(|window| *window != parts.core).count()
}

/// The core with the end of the words for its place, as it is registered where a wrong character left no more than the short
/// name of that: 宁夏囍族自治区恒达 has the core 囍族自治区恒达.
fn half_a_place(parts: &Parts, terms: &mut Vec<i64>) {
    let (ahead, place) = (ahead_of_core(parts), place_code(parts.place()));
    for at in 2..ahead {
        let left = parts.folded.get(at..ahead + parts.core.len());
        terms.extend(left.map(|left| half(Kind::Even, place, left)));
        terms.extend(left.map(|left| half(Kind::Odd, place, left)));
    }
}

/// Of a name that says no place: a wrong character in the core of a company, wherever that is. What begins alike is met by
/// its beginning; so it is the beginning that must be tried otherwise: another character of the same sound, one exchanged
/// with its neighbour, one too many. Of a similar shape there are too many to try.
fn mistyped_anywhere(core: &[char], terms: &mut Vec<i64>) {
    for at in 0..3.min(core.len()) {
        for c in core.get(at).into_iter().flat_map(|c| same_sound(*c)) {
            let mut other = core.to_vec();
            if let Some(place) = other.get_mut(at) {
                *place = c;
            }
            terms.push(own(&other));
        }
    }
    for (less, other) in one_less(core).zip(exchanged(core)) {
        terms.extend([own(&less), own(&other)]);
    }
}

fn own(core: &[char]) -> i64 {
    core_term(Kind::Core, core)
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
        bits | 1 << (spread(u64::from(u32::from(*c))) >> 58)
    });
    i64::from_ne_bytes(bits.to_ne_bytes())
}

/// How alike two sketches are, in hundredths.
pub fn sketch_likeness(a: i64, b: i64) -> u32 {
    let most = a.count_ones().max(b.count_ones()).max(1);
    (a & b).count_ones() * 100 / most
}

#[cfg(test)]
#[path = "match_terms_tests.rs"]
mod tests;
