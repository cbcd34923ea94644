//! The words for places that stand in company names: provinces, cities, counties, 中国; with and without 省, 市, 县.

use std::{collections::HashMap, sync::LazyLock};

use crate::domain::{
    divisions::{Division, DivisionLevel, Divisions},
    folding::fold,
};

/// A place: its number among [`Places`]; 0 is China.
pub type Place = u16;

/// The country.
pub const CHINA: Place = 0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Country,
    Province,
    City,
    County,
}

#[derive(Debug)]
struct Known {
    kind: Kind,
    above: Option<Place>,
    name: String,
}

/// What a word may mean, and where it counts.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    place: Place,
    /// The whole name with its kind (西安市, 平江县).
    whole: bool,
    /// Counts only behind the place that it lies in: a district's short name is a common word (和平, 朝阳).
    inside_only: bool,
}

/// Every word for a place.
#[derive(Debug)]
pub struct Places {
    known: Vec<Known>,
    /// The words by their first two characters, of which each has at least as many; the longest first.
    words: HashMap<[char; 2], Vec<Word>>,
}

/// A word for a place.
#[derive(Debug)]
struct Word {
    /// What stands behind its first two characters.
    rest: Vec<char>,
    meanings: Vec<Meaning>,
}

static BUILTIN: LazyLock<Places> = LazyLock::new(|| Places::build(Divisions::builtin()));

/// A place found at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub place: Place,
    /// How many characters its word has.
    pub length: usize,
    /// Whether it was written with its kind (市, 县).
    pub whole: bool,
    /// Whether it is the country, a province or a city.
    pub large: bool,
}

impl Places {
    /// The places of the official list.
    pub fn builtin() -> &'static Places {
        &BUILTIN
    }

    fn build(divisions: &Divisions) -> Self {
        let mut places = Places {
            known: Vec::new(),
            words: HashMap::new(),
        };
        let china = places.push(Kind::Country, None, "中国");
        for word in ["中国", "全国"] {
            places.enter(word, china, true, false);
        }
        let mut all: Vec<(&Division, Place)> = Vec::new();
        for province in divisions.provinces() {
            let at = places.push(Kind::Province, None, &fold(&province.name));
            all.push((province, at));
            for city in divisions.children(&province.code) {
                let mut below = at;
                if !city.is_placeholder() {
                    below = places.push(Kind::City, Some(at), &fold(&city.name));
                    all.push((city, below));
                }
                for county in divisions.children(&city.code) {
                    let name = fold(&county.name);
                    all.push((county, places.push(Kind::County, Some(below), &name)));
                }
            }
        }
        // What a word means first: the whole name before a short one, the larger place before the smaller.
        for (division, at) in &all {
            places.enter(&fold(&division.name), *at, true, false);
        }
        for level in [
            DivisionLevel::Province,
            DivisionLevel::City,
            DivisionLevel::County,
        ] {
            for (division, at) in all.iter().filter(|(division, _)| division.level == level) {
                places.short_names(division, *at);
            }
        }
        for (division, at) in &all {
            places.former_names(division, *at);
        }
        places
    }

    fn push(&mut self, kind: Kind, above: Option<Place>, name: &str) -> Place {
        let at = Place::try_from(self.known.len()).unwrap_or(Place::MAX);
        self.known.push(Known {
            kind,
            above,
            name: name.to_owned(),
        });
        at
    }

    fn short_names(&mut self, division: &Division, at: Place) {
        let full = fold(&division.name);
        let is_district =
            division.level == DivisionLevel::County && !full.ends_with(['市', '县', '旗']);
        for short in division.short_names() {
            if short != full && short.chars().count() >= 2 {
                self.enter(&short, at, false, is_district);
            }
        }
        if full.starts_with("内蒙古自治") {
            self.enter("内蒙", at, false, false);
        }
    }

    /// Companies keep the names of what has since become a city or a district: 番禺市, 腾冲县.
    fn former_names(&mut self, division: &Division, at: Place) {
        let full = fold(&division.name);
        let kinds: &[&str] = match division.level {
            DivisionLevel::Province => &[],
            DivisionLevel::City => &["市", "州", "地区", "县"],
            DivisionLevel::County if full.ends_with(['市', '县', '区', '旗']) => {
                &["市", "县", "区"]
            }
            DivisionLevel::County => &[],
        };
        for short in division.short_names() {
            for kind in kinds {
                let word = format!("{short}{kind}");
                if short.chars().count() >= 2 && !self.means_something(&word) {
                    self.enter(&word, at, true, false);
                }
            }
        }
    }

    fn enter(&mut self, word: &str, place: Place, whole: bool, inside_only: bool) {
        let word: Vec<char> = word.chars().collect();
        let Some((first, rest)) = word.split_first_chunk::<2>() else {
            return;
        };
        let words = self.words.entry(*first).or_default();
        let at = match words.iter().position(|word| word.rest == rest) {
            Some(at) => at,
            None => {
                let at = words.partition_point(|word| word.rest.len() >= rest.len());
                words.insert(
                    at,
                    Word {
                        rest: rest.to_vec(),
                        meanings: Vec::new(),
                    },
                );
                at
            }
        };
        if let Some(word) = words.get_mut(at)
            && !word.meanings.iter().any(|meaning| meaning.place == place)
        {
            word.meanings.push(Meaning {
                place,
                whole,
                inside_only,
            });
        }
    }

    fn means_something(&self, word: &str) -> bool {
        let word: Vec<char> = word.chars().collect();
        let mut at_start = self.words_at(&word);
        at_start.any(|known| known.rest.len() + 2 == word.len())
    }

    /// The words with which a text begins, the longest first.
    fn words_at<'p>(&'p self, text: &'p [char]) -> impl Iterator<Item = &'p Word> {
        let split = text.split_first_chunk::<2>();
        let known = split.and_then(|(first, rest)| Some((self.words.get(first)?, rest)));
        known.into_iter().flat_map(|(words, rest)| {
            words
                .iter()
                .filter(move |word| rest.starts_with(&word.rest))
        })
    }

    /// The longest word for a place at the beginning of a text, if it may stand behind the place that was read before.
    pub fn at_start(&self, text: &[char], before: Option<Place>) -> Option<Found> {
        self.read(text, before, false)
    }

    /// The same; a district's short name also counts alone, if asked for.
    pub fn read(&self, text: &[char], before: Option<Place>, districts: bool) -> Option<Found> {
        self.words_at(text).find_map(|word| {
            let fits = |meaning: &&Meaning| match before {
                Some(before) if before != CHINA => self.lies_in(meaning.place, before),
                Some(_) => !meaning.inside_only,
                None => districts || !meaning.inside_only,
            };
            let meaning = word.meanings.iter().find(fits)?;
            Some(Found {
                place: meaning.place,
                length: word.rest.len() + 2,
                whole: meaning.whole,
                large: self.is_large(meaning.place),
            })
        })
    }

    fn is_large(&self, place: Place) -> bool {
        self.known
            .get(usize::from(place))
            .is_some_and(|known| known.kind != Kind::County)
    }

    /// Whether a place lies in another, however deep; not in itself.
    pub fn lies_in(&self, inner: Place, outer: Place) -> bool {
        self.above(inner).any(|above| above == outer)
    }

    /// Whether two places have the same name: there are two 通州区, and a company's name does not say which.
    pub fn namesakes(&self, a: Place, b: Place) -> bool {
        let name = |place: Place| self.known.get(usize::from(place)).map(|known| &known.name);
        a == b || name(a) == name(b)
    }

    /// The places that a place lies in, the nearest first; without the country.
    pub fn above(&self, place: Place) -> impl Iterator<Item = Place> + '_ {
        let up = |place: &Place| {
            self.known
                .get(usize::from(*place))
                .and_then(|known| known.above)
        };
        std::iter::successors(up(&place), up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, before: Option<Place>) -> Option<(Place, usize)> {
        let text: Vec<char> = text.chars().collect();
        Places::builtin()
            .at_start(&text, before)
            .map(|found| (found.place, found.length))
    }

    #[test]
    fn the_longest_word_counts() {
        let (xian, length) = found("西安市恒达", None).unwrap();
        assert_eq!(length, 3);
        assert_eq!(found("西安恒达", None), Some((xian, 2)));
        let (shaanxi, _) = found("陕西西安", None).unwrap();
        assert!(Places::builtin().lies_in(xian, shaanxi));
        assert_eq!(found("广西壮族自治区", None).unwrap().1, 7);
        assert_eq!(found("恒达", None), None);
    }

    #[test]
    fn a_districts_short_name_counts_behind_its_city_only() {
        assert_eq!(found("金山恒达", None), None);
        let (shanghai, _) = found("上海", None).unwrap();
        assert!(found("金山恒达", Some(shanghai)).is_some());
        assert!(found("昆山恒达", None).is_some());
        assert_eq!(found("南京恒达", Some(shanghai)), None);
    }
}
