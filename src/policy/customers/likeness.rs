//! Whether two names are likely the same company (DUP-01, DUP-02, DUP-08): which relation, how likely, and why.
//!
//! Pure: two names in their parts in, a judgement out. What is judged at all is found by [`super::match_terms`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    domain::{
        Ratio,
        names::{
            Form, Parts, Places, Resemblance, glyphs::is_number, parts::one_edit, places::CHINA,
            resemblance,
        },
        vocabulary::{LikenessReason, LikenessRelation},
    },
    policy::Setting,
};

/// How sure one must be before a likely duplicate is shown (DUP-01). In hundredths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LikenessSettings {
    /// From this score on, a record is listed as likely the same or as related.
    #[validate(range(min = 50, max = 100))]
    pub listed_from: u8,
    /// At most so many are listed.
    #[validate(range(min = 1, max = 50))]
    pub listed_at_most: u8,
    /// How much of a core must be equal before the same address or website makes it likely.
    #[validate(range(min = 0, max = 100))]
    pub name_share_at_same_address: u8,
    /// The score of the same phone alone, whatever the names: it is listed, and among the duplicates to be tidied only
    /// from their score on (AMB-3; no value in the documents).
    #[validate(range(min = 1, max = 100))]
    pub same_phone_score: u8,
}

impl Default for LikenessSettings {
    fn default() -> Self {
        LikenessSettings {
            listed_from: 70,
            listed_at_most: 10,
            name_share_at_same_address: 50,
            same_phone_score: 50,
        }
    }
}

impl Setting for LikenessSettings {
    const KEY: &'static str = "likeness";
    const RULES: &'static [&'static str] = &["DUP-01", "DUP-02", "AMB-3"];
    const TITLE_ZH: &'static str = "疑似重复客户";
    const TITLE_EN: &'static str = "Likely duplicates";
}

/// What is known beside the names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// The same address.
    pub same_address: bool,
    /// The same website.
    pub same_website: bool,
    /// The same phone, whatever the extension.
    pub same_phone: bool,
}

impl Beside {
    /// The same address or website.
    fn same_place(self) -> bool {
        self.same_address || self.same_website
    }
}

/// A judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// Likely the same, or related.
    pub relation: LikenessRelation,
    /// In ten-thousandths of certainty.
    pub score: u32,
    /// Why, the weightiest first.
    pub reasons: Vec<LikenessReason>,
}

impl Likeness {
    /// The score as it is shown.
    pub fn ratio(&self) -> Ratio {
        Ratio::from_ten_thousandths(i64::from(self.score)).unwrap_or(Ratio::ZERO)
    }
}

const CERTAIN: u32 = 10_000;

/// Judges whether a name that somebody gives, in all its readings, is likely a name that is registered. Nothing when it
/// is not. The same phone is listed whatever the names, if there are any (AMB-3).
pub fn judge(
    readings: &[Parts],
    registered: &Parts,
    beside: Beside,
    settings: &LikenessSettings,
) -> Option<Likeness> {
    let threshold = u32::from(settings.listed_from) * 100;
    let mut found = by_name(readings, registered);
    if beside.same_place() {
        let given = readings.first();
        found = found.or_else(|| by_place_of_business(given?, registered, settings));
    }
    let by_phone = beside.same_phone.then(|| by_phone(settings));
    // Companies of one group share switchboard and address: without a similar name the one says no more than both.
    let confirmed = found.is_some() && (beside.same_place() || beside.same_phone);
    let mut likeness = found.or_else(|| by_phone.clone())?;
    if confirmed {
        likeness.score = CERTAIN - (CERTAIN - likeness.score) / 2;
    }
    for (is_same, reason) in [
        (beside.same_address, LikenessReason::SameAddress),
        (beside.same_website, LikenessReason::SameWebsite),
        (beside.same_phone, LikenessReason::SamePhone),
    ] {
        if is_same && !likeness.reasons.contains(&reason) {
            likeness.reasons.push(reason);
        }
    }
    if let Some(by_phone) = by_phone {
        likeness.score = likeness.score.max(by_phone.score);
        return Some(likeness);
    }
    Some(likeness).filter(|likeness| likeness.score >= threshold)
}

/// By the names alone. A person has none here.
fn by_name(readings: &[Parts], registered: &Parts) -> Option<Likeness> {
    let given = readings.first()?;
    if given.folded.is_empty() || registered.folded.is_empty() {
        return None;
    }
    readings
        .iter()
        .filter_map(|given| by_parts(given, registered))
        .chain(by_one_edit(given, registered))
        .max_by_key(|likeness| likeness.score)
}

/// The same phone and nothing else in common.
fn by_phone(settings: &LikenessSettings) -> Likeness {
    Likeness {
        relation: LikenessRelation::Likely,
        score: u32::from(settings.same_phone_score) * 100,
        reasons: vec![LikenessReason::SamePhone],
    }
}

/// The certainty that remains after each difference, and why it is thought likely.
struct Weighing {
    score: u32,
    reasons: Vec<LikenessReason>,
}

impl Weighing {
    fn certain() -> Self {
        Weighing {
            score: CERTAIN,
            reasons: Vec::new(),
        }
    }

    fn less(&mut self, hundredths: u32, reason: LikenessReason) {
        self.score = self.score * hundredths / 100;
        self.reasons.push(reason);
    }

    fn done(self, relation: LikenessRelation) -> Likeness {
        Likeness {
            relation,
            score: self.score,
            reasons: self.reasons,
        }
    }
}

/// Part by part: core, branch, places, legal form.
fn by_parts(given: &Parts, registered: &Parts) -> Option<Likeness> {
    let mut weighing = Weighing::certain();
    if given.folded == registered.folded {
        weighing.less(100, LikenessReason::SameName);
        return Some(weighing.done(LikenessRelation::Likely));
    }
    let relation = match (&given.branch, &registered.branch) {
        (None, None) => LikenessRelation::Likely,
        (Some(a), Some(b)) => {
            if given.core == registered.core {
                branches(a, b, &mut weighing)?;
            } else if a != b {
                return None;
            }
            LikenessRelation::Likely
        }
        _ => {
            weighing.less(90, LikenessReason::Branch);
            LikenessRelation::Related
        }
    };
    if relation == LikenessRelation::Related
        && (given.core != registered.core
            || given.place() != registered.place()
            || (given.form_words != registered.form_words && given.form != Form::None))
    {
        return None;
    }
    cores(&given.core, &registered.core, &mut weighing)?;
    let elsewhere = given.place() != registered.place();
    if elsewhere
        && given.core.len() > registered.core.len()
        && weighing.reasons.last() == Some(&LikenessReason::Abbreviation)
    {
        // Another place and more words: nothing but a brand in common.
        return None;
    }
    places(given, registered, &mut weighing)?;
    forms(given, registered, &mut weighing);
    if given.form_misspelt {
        weighing.less(90, LikenessReason::SimilarName);
    } else if weighing.reasons == [LikenessReason::SameCore] {
        // Everything is the same but where and how the place is written.
        weighing.less(98, LikenessReason::RegionMoved);
    }
    Some(weighing.done(relation))
}

/// Two branches of one company: likely the same only if their own names are.
fn branches(given: &[char], registered: &[char], weighing: &mut Weighing) -> Option<()> {
    if given == registered {
        return Some(());
    }
    let without_place = |text: &[char]| -> Vec<char> {
        let known = Places::builtin();
        let mut at = 0;
        let mut before = None;
        while let Some(found) = known.at_start(&text[at..], before) {
            before = Some(found.place);
            at += found.length;
        }
        text[at..].to_vec()
    };
    let (a, b) = (without_place(given), without_place(registered));
    if a == b && !a.is_empty() && (a.len() == given.len() || b.len() == registered.len()) {
        weighing.less(93, LikenessReason::RegionAddedOrDropped);
        return Some(());
    }
    one_character(given, registered, weighing)
}

/// Equal, mistyped or abbreviated cores.
fn cores(given: &[char], registered: &[char], weighing: &mut Weighing) -> Option<()> {
    if given == registered {
        weighing.reasons.push(LikenessReason::SameCore);
        return (!given.is_empty()).then_some(());
    }
    one_character(given, registered, weighing).or_else(|| abbreviated(given, registered, weighing))
}

/// One character mistyped, missing, added or exchanged with its neighbour.
fn one_character(given: &[char], registered: &[char], weighing: &mut Weighing) -> Option<()> {
    if !one_edit(given, registered) {
        return None;
    }
    let at = given
        .iter()
        .zip(registered)
        .take_while(|(a, b)| a == b)
        .count();
    let (short, long) = if given.len() < registered.len() {
        (given, registered)
    } else {
        (registered, given)
    };
    let short_core = short.len() < 3;
    if short.len() < long.len() {
        let added = *long.get(at)?;
        let doubled = long.get(at + 1) == Some(&added)
            || at.checked_sub(1).and_then(|before| long.get(before)) == Some(&added);
        if doubled {
            weighing.less(95, LikenessReason::CharacterDoubled);
        } else if short.len() < 2 {
            return None;
        } else if given.len() < registered.len() {
            let weight = if short_core || is_number(added) {
                80
            } else {
                89
            };
            weighing.less(weight, LikenessReason::CharacterMissing);
        } else if is_number(added) {
            return None;
        } else {
            weighing.less(
                if short_core { 72 } else { 82 },
                LikenessReason::CharacterAdded,
            );
        }
        return Some(());
    }
    let (a, b) = (*given.get(at)?, *registered.get(at)?);
    if given.get(at + 1) == Some(&b) && registered.get(at + 1) == Some(&a) && a != b {
        weighing.less(93, LikenessReason::CharactersTransposed);
        return Some(());
    }
    match resemblance(a, b) {
        Some(Resemblance::SameSound) => weighing.less(94, LikenessReason::SameSound),
        Some(Resemblance::SimilarShape) => weighing.less(91, LikenessReason::SimilarShape),
        Some(Resemblance::NearSound) => weighing.less(84, LikenessReason::NearSound),
        None => return None,
    }
    Some(())
}

/// 恒达 or 恒达发展 for 恒达科技发展: the same beginning, one gap.
fn abbreviated(given: &[char], registered: &[char], weighing: &mut Weighing) -> Option<()> {
    let (short, long) = if given.len() < registered.len() {
        (given, registered)
    } else {
        (registered, given)
    };
    if short.len() < 2 || short.len() == long.len() {
        return None;
    }
    let front = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let back = short
        .iter()
        .rev()
        .zip(long.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    if front < 2 || front + back < short.len() {
        return None;
    }
    let share = u32::try_from(short.len() * 100 / long.len()).unwrap_or(0);
    if given.len() > registered.len() && share < 60 {
        return None;
    }
    weighing.less(76 + share * 16 / 100, LikenessReason::Abbreviation);
    Some(())
}

/// Where the companies are: the same, one within the other, or named by one only. Elsewhere is another company.
fn places(given: &Parts, registered: &Parts, weighing: &mut Weighing) -> Option<()> {
    if given.places == registered.places {
        return Some(());
    }
    match (given.place(), registered.place()) {
        (Some(CHINA), Some(_)) | (Some(_), Some(CHINA)) => {
            // 中国食品 and 定远县食品 have nothing in common but a trade.
            if given.core != registered.core || given.core.len() < 4 {
                return None;
            }
            weighing.less(85, LikenessReason::RegionAddedOrDropped);
        }
        (None, None) | (Some(_), None) | (None, Some(_)) => {
            weighing.less(93, LikenessReason::RegionAddedOrDropped);
        }
        (Some(x), Some(y)) if Places::builtin().namesakes(x, y) => {
            weighing.less(98, LikenessReason::RegionMoved)
        }
        (Some(x), Some(y)) => {
            let known = Places::builtin();
            if !known.lies_in(x, y) && !known.lies_in(y, x) {
                return None;
            }
            weighing.less(93, LikenessReason::RegionWithin);
        }
    }
    Some(())
}

fn forms(given: &Parts, registered: &Parts, weighing: &mut Weighing) {
    if given.form_words == registered.form_words {
        return;
    }
    if given.form == Form::None || registered.form == Form::None {
        weighing.less(97, LikenessReason::FormMissing);
    } else {
        weighing.less(97, LikenessReason::FormExchanged);
    }
}

/// One wrong character anywhere, also where it hides a place or a legal form.
fn by_one_edit(given: &Parts, registered: &Parts) -> Option<Likeness> {
    let mut weighing = Weighing::certain();
    if given.folded.len() < 5 {
        return None;
    }
    one_character(&given.folded, &registered.folded, &mut weighing)
        .or_else(|| unreadable(given, registered, &mut weighing))?;
    Some(weighing.done(LikenessRelation::Likely))
}

/// One wrong character, whatever it looks like, that makes no word of the place or the legal form: 士海恒达贸易, 有限公刊.
fn unreadable(given: &Parts, registered: &Parts, weighing: &mut Weighing) -> Option<()> {
    let (a, b) = (&given.folded, &registered.folded);
    if a.len() != b.len() || !one_edit(a, b) {
        return None;
    }
    let at = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let behind = registered.form_words.chars().count();
    let in_form = registered.branch.is_none()
        && at >= b.len() - behind.min(b.len())
        && given.core == registered.core;
    let in_place = given.places.is_empty()
        && !registered.places.is_empty()
        && b.len() - at > behind + registered.core.len();
    (in_form || in_place).then(|| weighing.less(88, LikenessReason::SimilarName))
}

/// The same address or website, and names that have much in common.
fn by_place_of_business(
    given: &Parts,
    registered: &Parts,
    settings: &LikenessSettings,
) -> Option<Likeness> {
    if given.branch.is_some() != registered.branch.is_some() {
        return None;
    }
    let (a, b) = (given.essence(), registered.essence());
    let shared = common_subsequence(&a, &b) * 100 / a.len().max(b.len()).max(1);
    let brand = |text: &[char]| text.get(..2).map(<[char]>::to_vec);
    let same_brand = brand(&given.core).is_some() && brand(&given.core) == brand(&registered.core);
    if !same_brand && (shared < usize::from(settings.name_share_at_same_address) || shared == 0) {
        return None;
    }
    let shared = if same_brand { shared.max(50) } else { shared };
    let mut weighing = Weighing::certain();
    weighing.less(
        40 + u32::try_from(shared * 40 / 100).unwrap_or(0),
        LikenessReason::SimilarName,
    );
    Some(weighing.done(LikenessRelation::Likely))
}

fn common_subsequence(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0_usize; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        let mut left = 0;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let above = *cell;
            *cell = if x == y {
                diagonal + 1
            } else {
                above.max(left)
            };
            diagonal = above;
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
#[path = "likeness_tests.rs"]
mod tests;
