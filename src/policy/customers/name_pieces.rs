//! A search inside names: which pieces of two characters a name has, and what is asked for.
//!
//! Written Chinese has no blanks to tell words apart, so every two neighbours are a piece: 恒达贸易 is 恒达, 达贸, 贸易. Who
//! asks for 恒达贸易 gets the names with all three pieces, and then those in which they stand together.

/// Pieces of the usual legal form. Nearly every name has them, so they tell nothing apart and are not kept.
const OF_THE_FORM: [&str; 3] = ["有限", "限公", "公司"];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// One character: what begins with it.
    Beginning(String),
    /// Two or more: wherever they stand together.
    Within(Within),
}

/// A text that stands somewhere in a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    /// The text, folded.
    pub text: String,
    /// Its pieces, as far as they are kept; none when it is a part of the usual legal form.
    pub pieces: Vec<String>,
}

/// What a folded text asks for; nothing when nothing is left of it.
pub fn asked(folded: &str) -> Option<Asked> {
    match folded.chars().count() {
        0 => None,
        1 => Some(Asked::Beginning(folded.to_owned())),
        _ => Some(Asked::Within(Within {
            text: folded.to_owned(),
            pieces: pieces([folded]).into_iter().map(str::to_owned).collect(),
        })),
    }
}

/// The pieces of a record's folded names as they are kept: each once, with blanks between.
pub fn kept<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    pieces(names).join(" ")
}

fn pieces<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        let ends = name.char_indices().skip(2).map(|(at, _)| at);
        let starts = name.char_indices().map(|(at, _)| at);
        for (start, end) in starts.zip(ends.chain([name.len()])) {
            let Some(piece) = name.get(start..end) else {
                continue;
            };
            let is_whole = piece.chars().nth(1).is_some();
            if is_whole && !OF_THE_FORM.contains(&piece) && !found.contains(&piece) {
                found.push(piece);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_every_two_neighbours_but_those_of_the_legal_form() {
        assert_eq!(
            kept(["上海恒达贸易有限公司"]),
            "上海 海恒 恒达 达贸 贸易 易有"
        );
        assert_eq!(kept(["ab1", "恒"]), "ab b1");
        assert_eq!(kept(["恒达恒达", "恒达"]), "恒达 达恒");
        assert_eq!(kept([""]), "");
    }

    #[test]
    fn one_character_asks_for_a_beginning_and_two_for_a_piece() {
        assert_eq!(asked(""), None);
        assert_eq!(asked("恒"), Some(Asked::Beginning("恒".to_owned())));
        let within = |text: &str, pieces: &[&str]| {
            Some(Asked::Within(Within {
                text: text.to_owned(),
                pieces: pieces.iter().map(ToString::to_string).collect(),
            }))
        };
        assert_eq!(asked("京恒"), within("京恒", &["京恒"]));
        assert_eq!(asked("有限公司"), within("有限公司", &[]));
    }
}
