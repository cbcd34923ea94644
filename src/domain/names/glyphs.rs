//! Which characters are mistaken for each other: the same sound, nearly the same sound, a similar shape.
//!
//! Sounds come from the `pinyin` crate. Shapes are compared by what Unihan says of them: the parts that a character is
//! written of (Cangjie), what stands in its four corners, and the number of its strokes.

use std::{collections::HashMap, ops::RangeInclusive, sync::LazyLock};

use ::pinyin::{ToPinyin, ToPinyinMulti};

/// How two different characters resemble each other, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resemblance {
    /// The same syllable, whatever the tone: 恒 and 衡.
    SameSound,
    /// A similar shape: 润 and 闰.
    SimilarShape,
    /// A syllable that dialects do not tell apart: zh/z, ch/c, sh/s, n/ng, l/n.
    NearSound,
}

/// How two characters resemble each other; nothing if they do not, or if both are numbers or directions: these tell
/// companies apart (第一, 第二; 城东, 城西).
pub fn resemblance(a: char, b: char) -> Option<Resemblance> {
    if a == b || (tells_apart(a) && tells_apart(b)) {
        return None;
    }
    let near = sounds(a, b);
    if near == Some(Resemblance::SameSound) {
        return near;
    }
    if similar_shape(a, b) {
        return Some(Resemblance::SimilarShape);
    }
    near
}

/// Numbers and directions.
fn tells_apart(c: char) -> bool {
    is_number(c)
        || matches!(
            c,
            '东' | '西'
                | '南'
                | '北'
                | '中'
                | '上'
                | '下'
                | '左'
                | '右'
                | '前'
                | '后'
                | '甲'
                | '乙'
                | '丙'
                | '丁'
        )
}

/// Digits and numerals.
pub fn is_number(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '〇' | '零'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '千'
                | '万'
        )
}

/// The syllable of a character without its tone, in its commonest reading: 金 is jin.
pub fn pinyin(c: char) -> Option<&'static str> {
    c.to_pinyin().map(|sound| sound.plain())
}

/// The characters of rows of GB 2312, which has the commonest in 0xB0 to 0xD7 and the others that names are written with in
/// 0xD8 to 0xF7.
pub fn gb2312(rows: RangeInclusive<u8>) -> impl Iterator<Item = char> {
    let bytes: Vec<u8> = rows
        .flat_map(|row| (0xA1..=0xFE_u8).map(move |cell| [row, cell]))
        .flatten()
        .collect();
    let (text, _, _) = encoding_rs::GBK.decode(&bytes);
    let characters: Vec<char> = text.chars().collect();
    let is_character = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    characters.into_iter().filter(is_character)
}

static BY_SOUND: LazyLock<HashMap<&'static str, Vec<char>>> = LazyLock::new(|| {
    let mut by_sound: HashMap<&'static str, Vec<char>> = HashMap::new();
    for c in gb2312(0xB0..=0xF7) {
        for sound in c.to_pinyin_multi().into_iter().flatten() {
            let alike = by_sound.entry(sound.plain()).or_default();
            if alike.last() != Some(&c) {
                alike.push(c);
            }
        }
    }
    by_sound
});

/// The other characters that sound like one, whatever the tone: what is chosen by mistake from what was typed.
pub fn same_sound(c: char) -> impl Iterator<Item = char> {
    let sounds = c.to_pinyin_multi().into_iter().flatten();
    let alike = sounds.filter_map(|sound| BY_SOUND.get(sound.plain()));
    alike.flatten().copied().filter(move |other| *other != c)
}

fn sounds(a: char, b: char) -> Option<Resemblance> {
    let (a, b) = (a.to_pinyin_multi()?, b.to_pinyin_multi()?);
    let mut near = false;
    for x in a.into_iter().map(|sound| sound.plain()) {
        for y in b.into_iter().map(|sound| sound.plain()) {
            if x == y {
                return Some(Resemblance::SameSound);
            }
            near = near || confused(x, y);
        }
    }
    near.then_some(Resemblance::NearSound)
}

/// Whether two syllables differ only in what dialects do not tell apart.
fn confused(x: &str, y: &str) -> bool {
    let (x_initial, x_final) = plain_syllable(x);
    let (y_initial, y_final) = plain_syllable(y);
    x_initial == y_initial && x_final == y_final
}

fn plain_syllable(syllable: &str) -> (char, &str) {
    let ends_nasal = ["ang", "eng", "ing"]
        .iter()
        .any(|end| syllable.ends_with(end));
    let syllable = match syllable.strip_suffix('g') {
        Some(front) if ends_nasal => front,
        _ => syllable,
    };
    let initial = match syllable.chars().next() {
        Some('n') => 'l',
        Some(c) => c,
        None => ' ',
    };
    let rest = syllable.get(1..).unwrap_or_default();
    let rest = match initial {
        'z' | 'c' | 's' => rest.strip_prefix('h').unwrap_or(rest),
        _ => rest,
    };
    (initial, rest)
}

/// What Unihan says of a character's shape.
struct Shape {
    parts: &'static [u8],
    corners: &'static [u8],
    strokes: u8,
}

/// Character, Cangjie code, four-corner code, number of strokes; `-` where Unihan has none.
static SHAPES: LazyLock<HashMap<char, Shape>> = LazyLock::new(|| {
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/reference/unihan/shapes.txt"
    ))
    .lines()
    .filter_map(|line| {
        let mut fields = line.split(' ');
        let character = fields.next()?.chars().next()?;
        let code = |field: &'static str| if field == "-" { &[] } else { field.as_bytes() };
        let parts = code(fields.next()?);
        let corners = code(fields.next()?);
        let strokes = fields.next()?.parse().ok()?;
        Some((
            character,
            Shape {
                parts,
                corners,
                strokes,
            },
        ))
    })
    .collect()
});

/// From which likeness on, in hundredths, two shapes count as similar: more than nine of ten pairs that people confuse
/// reach it, five of a hundred pairs of characters at random.
const SIMILAR: u32 = 42;

fn similar_shape(a: char, b: char) -> bool {
    let (Some(a), Some(b)) = (SHAPES.get(&a), SHAPES.get(&b)) else {
        return false;
    };
    shape_likeness(a, b) >= SIMILAR
}

/// In hundredths: parts 45, corners 35, strokes 20.
fn shape_likeness(a: &Shape, b: &Shape) -> u32 {
    let mut parts = 0;
    let mut strokes = {
        let (few, many) = (a.strokes.min(b.strokes), a.strokes.max(b.strokes).max(1));
        20_u32.saturating_sub(u32::from(many - few) * 40 / u32::from(many))
    };
    if !a.parts.is_empty() && !b.parts.is_empty() {
        let shared = 2 * common_subsequence(a.parts, b.parts);
        parts = 45 * shared / count(a.parts.len() + b.parts.len());
        let (short, long) = if a.parts.len() < b.parts.len() {
            (a, b)
        } else {
            (b, a)
        };
        if is_permutation(a.parts, b.parts) {
            parts = 45;
        } else if long.parts.len() - short.parts.len() <= 2
            && (long.parts.ends_with(short.parts) || long.parts.starts_with(short.parts))
        {
            // One is the other with a radical before or behind it: 令 and 冷, 占 and 店.
            parts = parts.max(34);
            strokes = strokes.max(12);
        }
    }
    let equal_corners = a
        .corners
        .iter()
        .zip(b.corners)
        .take(4)
        .filter(|(x, y)| x == y);
    parts + strokes + 35 * count(equal_corners.count()) / 4
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn is_permutation(a: &[u8], b: &[u8]) -> bool {
    let sorted = |code: &[u8]| {
        let mut code = code.to_vec();
        code.sort_unstable();
        code
    };
    a.len() == b.len() && sorted(a) == sorted(b)
}

/// The length of the longest common subsequence; codes have at most five letters.
fn common_subsequence(a: &[u8], b: &[u8]) -> u32 {
    let mut row = [0_u32; 8];
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
    row.iter().copied().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sound_in_any_reading() {
        for (a, b) in [
            ('恒', '衡'),
            ('达', '答'),
            ('重', '众'),
            ('行', '航'),
            ('乐', '月'),
        ] {
            assert_eq!(resemblance(a, b), Some(Resemblance::SameSound), "{a}{b}");
        }
    }

    #[test]
    fn sounds_that_dialects_do_not_tell_apart() {
        for (a, b) in [('真', '争'), ('森', '圣'), ('兰', '南'), ('安', '昂')] {
            assert_eq!(resemblance(a, b), Some(Resemblance::NearSound), "{a}{b}");
        }
        assert_eq!(resemblance('恒', '大'), None);
    }

    #[test]
    fn shapes_that_are_misread() {
        for (a, b) in [
            ('末', '未'),
            ('己', '已'),
            ('土', '士'),
            ('贷', '贸'),
            ('锋', '蜂'),
            ('茶', '荼'),
            ('侯', '候'),
            ('锦', '绵'),
            ('铜', '桐'),
            ('冷', '怜'),
            ('治', '冶'),
            ('享', '亨'),
            ('大', '太'),
            ('析', '折'),
        ] {
            let found = resemblance(a, b);
            assert!(found.is_some(), "{a}{b} {found:?}");
        }
        for (a, b) in [
            ('恒', '大'),
            ('华', '东'),
            ('金', '海'),
            ('明', '通'),
            ('利', '安'),
        ] {
            assert_eq!(resemblance(a, b), None, "{a}{b}");
        }
    }

    #[test]
    fn numbers_and_directions_tell_companies_apart() {
        for (a, b) in [
            ('一', '二'),
            ('东', '西'),
            ('1', '7'),
            ('上', '下'),
            ('三', '二'),
        ] {
            assert_eq!(resemblance(a, b), None, "{a}{b}");
        }
    }

    #[test]
    fn what_sounds_alike_is_found_from_either() {
        for (a, b) in [('恒', '衡'), ('鑫', '新'), ('杭', '航'), ('百', '佰')] {
            assert!(same_sound(a).any(|c| c == b), "{a}{b}");
            assert!(same_sound(b).any(|c| c == a), "{b}{a}");
        }
        assert!(same_sound('恒').all(|c| resemblance('恒', c) == Some(Resemblance::SameSound)));
        assert_eq!(same_sound('A').count(), 0);
    }

    #[test]
    fn the_table_has_the_common_characters() {
        assert!(SHAPES.len() > 8_000);
        assert!(
            SHAPES
                .values()
                .all(|shape| shape.strokes > 0 && shape.parts.len() <= 5)
        );
    }
}
