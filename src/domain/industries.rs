//! Industries by GB/T 4754-2017 (国民经济行业分类): 20 sections and 97 divisions (CUS-16).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// One section (`C`) or division (`C39`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Industry {
    /// A section's letter, or that and the two digits of a division.
    pub code: String,
    /// Chinese name, as the standard has it.
    pub zh: String,
    /// English name.
    pub en: String,
}

impl Industry {
    /// The section's letter of a division; none of a section.
    pub fn section(&self) -> Option<&str> {
        self.code
            .get(..1)
            .filter(|section| *section != self.code.as_str())
    }
}

/// All industries, in the standard's order.
#[derive(Debug)]
pub struct Industries {
    all: Vec<Industry>,
    by_code: HashMap<String, usize>,
}

static BUILTIN: LazyLock<Industries> = LazyLock::new(|| {
    #[allow(
        clippy::expect_used,
        reason = "compiled-in data, read once at first use"
    )]
    let all: Vec<Industry> = serde_json::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/reference/industries/gbt4754_2017.json"
    )))
    .expect("the compiled-in industry file is valid");
    let by_code = all
        .iter()
        .enumerate()
        .map(|(at, industry)| (industry.code.clone(), at))
        .collect();
    Industries { all, by_code }
});

impl Industries {
    /// The industries that are compiled in.
    pub fn builtin() -> &'static Industries {
        &BUILTIN
    }

    /// All of them, each section before its divisions.
    pub fn all(&self) -> &[Industry] {
        &self.all
    }

    /// The industry of a code.
    pub fn get(&self, code: &str) -> Option<&Industry> {
        self.all.get(*self.by_code.get(code)?)
    }

    /// How a code is written out: `制造业 / 汽车制造业`; the section alone for a section.
    pub fn full_name(&self, code: &str) -> Option<(String, String)> {
        let industry = self.get(code)?;
        match industry.section().and_then(|section| self.get(section)) {
            None => Some((industry.zh.clone(), industry.en.clone())),
            Some(section) => Some((
                format!("{} / {}", section.zh, industry.zh),
                format!("{} / {}", section.en, industry.en),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twenty_sections_and_ninety_seven_divisions() {
        let all = Industries::builtin().all();
        let sections: Vec<_> = all.iter().filter(|i| i.section().is_none()).collect();
        assert_eq!((sections.len(), all.len()), (20, 117));
        let digits: Vec<u32> = all
            .iter()
            .filter_map(|i| i.code.get(1..).filter(|d| !d.is_empty()))
            .map(|digits| digits.parse().unwrap())
            .collect();
        assert_eq!(digits, (1..=97).collect::<Vec<_>>());
    }

    #[test]
    fn a_division_belongs_to_the_section_before_it() {
        let all = Industries::builtin();
        let mut section = String::new();
        for industry in all.all() {
            match industry.section() {
                None => section = industry.code.clone(),
                Some(of) => assert_eq!(of, section, "{}", industry.code),
            }
        }
        assert_eq!(all.get("C36").unwrap().zh, "汽车制造业");
        assert_eq!(all.full_name("C36").unwrap().0, "制造业 / 汽车制造业");
        assert!(all.get("c36").is_none() && all.get("A36").is_none() && all.get("").is_none());
    }
}
