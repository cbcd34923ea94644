//! Unicode folding: when two written names are the same name (DUP-08, AMB-3).

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Pairs (traditional, simplified), sorted by the first.
static SIMPLIFIED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/reference/opencc/t2s_characters.txt"
    ))
    .lines()
    .filter_map(|line| {
        let mut pair = line.chars();
        Some((pair.next()?, pair.next()?))
    })
    .collect()
});

/// The block of the usual ideographs: NFKC and case leave them as they are.
const IDEOGRAPHS: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// The simplified forms of the usual ideographs, by place in their block.
static SIMPLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = IDEOGRAPHS.collect();
    for (from, to) in SIMPLIFIED
        .iter()
        .filter(|(from, _)| IDEOGRAPHS.contains(from))
    {
        if let Some(place) = table.get_mut(place(*from)) {
            *place = *to;
        }
    }
    table
});

fn place(ideograph: char) -> usize {
    (ideograph as usize).saturating_sub(*IDEOGRAPHS.start() as usize)
}

/// The simplified form of one character, or the character itself.
fn simplify(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    if IDEOGRAPHS.contains(&c) {
        return SIMPLE.get(place(c)).copied().unwrap_or(c);
    }
    let table = &*SIMPLIFIED;
    table
        .binary_search_by_key(&c, |pair| pair.0)
        .map_or(c, |at| table[at].1)
}

/// The same name, written any way, folds to the same text.
///
/// NFKC (so full width = half width), lower case, traditional → simplified
/// character by character, and only letters and digits are kept: blanks,
/// brackets, punctuation and symbols fall away. A circle written for zero
/// (`○`, `◯`) counts as `〇`, so that 七○一厂 and 七一厂 stay apart.
/// Idempotent, deterministic, same result on every machine.
pub fn fold(text: &str) -> String {
    // What nearly every name is made of needs neither NFKC nor a second pass.
    if text.chars().all(|c| is_plain(c) || is_bracket(c)) {
        return text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| simplify(c.to_ascii_lowercase()))
            .collect();
    }
    fold_fully(text)
}

fn is_plain(c: char) -> bool {
    c.is_ascii() || IDEOGRAPHS.contains(&c)
}

fn is_bracket(c: char) -> bool {
    matches!(c, '（' | '）')
}

fn fold_fully(text: &str) -> String {
    let mut folded = fold_once(text);
    // One pass nearly always suffices; lowering, or joining what stood apart, can
    // let NFKC compose once more (Hangul, Indic).
    for _ in 0..8 {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

/// A code or number as it is compared: full width = half width, capitals, no blanks; signs count.
pub fn code_key(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_uppercase)
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn fold_once(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '○' | '◯' | '⚪' => '〇',
            _ => simplify(c),
        })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Zero-width characters that come along with copied text and are not seen.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{00ad}'
    )
}

/// Characters no name may hold: controls, U+FFFD (lost in a conversion),
/// direction marks (make a name look like another) and private use (a
/// different character on every machine).
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{fffd}' | '\u{061c}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Drops zero-width characters, trims, and writes every run of blanks as one space.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_zero_width(*c)) {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_leads_where_the_long_one_does(
            text in "[\u{4e00}-\u{9fff}\u{20}-\u{7e}（）\t]{0,24}"
        ) {
            prop_assert_eq!(fold(&text), fold_fully(&text));
        }
    }

    #[test]
    fn every_usual_ideograph_goes_the_short_way_to_where_the_long_one_leads() {
        for c in IDEOGRAPHS {
            let text = c.to_string();
            assert_eq!(fold(&text), fold_fully(&text), "{c}");
        }
    }

    #[test]
    fn table_is_sorted_complete_and_has_no_chains() {
        let table = &*SIMPLIFIED;
        assert!(table.len() > 3_000);
        assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        for (from, to) in table {
            assert_eq!(simplify(*to), *to, "{from} → {to} is not the end");
        }
    }

    #[test]
    fn same_name_in_any_writing() {
        let hp = fold("惠普中国有限公司");
        for other in [
            "惠普（中国）有限公司 ",
            "惠普(中国)有限公司",
            "惠 普　中国有限公司。",
            "惠普\u{200b}中国\u{feff}有限公司",
            "惠普中國有限公司",
            "《惠普》［中国］〔有限〕「公司」",
            "惠普·中国—有限公司",
        ] {
            assert_eq!(fold(other), hp, "{other}");
        }
        assert_eq!(fold("ＨＰ Ｃｏ．， Ｌｔｄ"), fold("hp co ltd"));
        assert_eq!(fold("臺灣積體電路"), fold("台湾积体电路"));
        assert_eq!(fold("㈱①℡"), "株1tel");
    }

    #[test]
    fn different_names_stay_apart() {
        for (a, b) in [
            ("惠普中国有限公司", "惠普上海有限公司"),
            ("七○一厂", "七一厂"),
            ("七〇一厂", "七一厂"),
            ("第一工厂", "第二工厂"),
        ] {
            assert_ne!(fold(a), fold(b));
        }
        assert_eq!(fold("七○一厂"), fold("七〇一厂"));
    }

    #[test]
    fn letters_that_a_blank_kept_apart_are_composed() {
        assert_eq!(fold("\u{1100} \u{1161}"), "가");
    }

    #[test]
    fn every_single_character_folds_once_for_all() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }

    #[test]
    fn nothing_remains_of_punctuation_alone() {
        assert_eq!(fold("（）— ＊！\u{3000}\u{200d}"), "");
    }

    #[test]
    fn tidy_keeps_what_is_seen() {
        assert_eq!(tidy(" \u{3000}a \u{200b} b\t\u{feff}"), "a b");
        assert_eq!(tidy("\u{200b} "), "");
    }

    proptest! {
        #[test]
        fn idempotent(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn blanks_and_brackets_never_matter(
            text in "[a-zA-Z0-9\u{4e00}-\u{9fff}]{1,20}", at in 0_usize..20,
            noise in "[ \u{3000}（）()【】\u{200b}·-]{1,4}",
        ) {
            let split = text.char_indices().nth(at).map_or(text.len(), |(i, _)| i);
            let noisy = format!("{}{noise}{}", &text[..split], &text[split..]);
            prop_assert_eq!(fold(&noisy), fold(&text));
        }

        #[test]
        fn case_and_width_never_matter(text in "[!-~]{0,30}") {
            let wide: String = text
                .chars()
                .filter_map(|c| char::from_u32(u32::from(c) + 0xfee0))
                .collect();
            prop_assert_eq!(fold(&wide), fold(&text));
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        }
    }
}
