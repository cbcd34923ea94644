//! Numbers of a sheet as people see them: dates, percentages, leading zeros; a phone never as 1.38E+10.

use std::{collections::HashMap, io::Read};

use chrono::{Duration, NaiveDate, NaiveDateTime};
use quick_xml::events::Event;

use super::{archive::Xml, attribute};
use crate::error::AppResult;

/// The most number formats that are remembered.
const MOST: usize = 70_000;

/// How a cell shows its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// As it is.
    #[default]
    Plain,
    /// With so many decimals.
    Fixed(usize),
    /// As a percentage with so many decimals.
    Percent(usize),
    /// With zeros before it, to so many digits.
    Padded(usize),
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// A time.
    Time,
}

/// The formats of a workbook, by style.
#[derive(Debug, Default)]
pub struct Formats(Vec<Shown>);

impl Formats {
    /// Reads `styles.xml`.
    pub fn read<S: Read>(xml: &mut Xml<S>) -> AppResult<Self> {
        let mut own: HashMap<u32, Shown> = HashMap::new();
        let mut styles = Vec::new();
        let mut in_cells = false;
        xml.walk(|event| {
            match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let id =
                        |name| attribute(tag, name).map(|id| id.and_then(|id| id.parse().ok()));
                    match tag.local_name().into_inner() {
                        "numFmt" if own.len() < MOST => {
                            let code = attribute(tag, "formatCode")?;
                            if let (Some(id), Some(code)) = (id("numFmtId")?, code) {
                                own.insert(id, of_code(&code));
                            }
                        }
                        "cellXfs" => in_cells = true,
                        "xf" if in_cells && styles.len() < MOST => {
                            let id: u32 = id("numFmtId")?.unwrap_or(0);
                            styles.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
                        }
                        _ => {}
                    }
                }
                Event::End(tag) if tag.local_name().into_inner() == "cellXfs" => in_cells = false,
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self(styles))
    }

    /// The format of a style.
    pub fn of(&self, style: usize) -> Shown {
        self.0.get(style).copied().unwrap_or_default()
    }
}

fn built_in(id: u32) -> Shown {
    match id {
        1 | 3 | 37 | 38 => Shown::Fixed(0),
        2 | 4 | 39 | 40 => Shown::Fixed(2),
        9 => Shown::Percent(0),
        10 => Shown::Percent(2),
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Date,
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => Shown::Time,
        22 => Shown::DateTime,
        _ => Shown::Plain,
    }
}

/// What a format code makes of a positive number; what it cannot tell it shows plainly.
pub fn of_code(code: &str) -> Shown {
    let mut bare = String::new();
    let mut characters = code.chars();
    while let Some(c) = characters.next() {
        match c {
            ';' => break,
            '"' => while characters.next().is_some_and(|c| c != '"') {},
            '[' => while characters.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                characters.next();
            }
            c => bare.push(c.to_ascii_lowercase()),
        }
    }
    if bare.contains("general") || bare.contains('@') {
        return Shown::Plain;
    }
    let digits = bare.contains(['0', '#', '?']);
    let day = bare.contains(['y', 'd']) || (bare.contains('m') && !bare.contains(['h', 's']));
    let time = bare.contains(['h', 's']);
    match (day && !digits, time) {
        (true, true) => return Shown::DateTime,
        (true, false) => return Shown::Date,
        (false, true) => return Shown::Time,
        (false, false) => {}
    }
    if bare.contains(['e', '/']) {
        return Shown::Plain;
    }
    let decimals = bare.split_once('.').map_or(0, |(_, after)| {
        after
            .chars()
            .filter(|c| matches!(c, '0' | '#' | '?'))
            .count()
    });
    let zeros = bare
        .split('.')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| *c == '0')
        .count();
    match (bare.contains('%'), decimals, zeros) {
        (true, decimals, _) => Shown::Percent(decimals.min(15)),
        (false, 0, zeros) if zeros > 1 && !bare.contains(',') => Shown::Padded(zeros.min(30)),
        (false, decimals, _) if digits => Shown::Fixed(decimals.min(15)),
        _ => Shown::Plain,
    }
}

/// A number of a cell as text.
pub fn text(raw: &str, shown: Shown, since_1904: bool) -> String {
    let Ok(number) = raw.trim().parse::<f64>() else {
        return raw.trim().to_owned();
    };
    match shown {
        Shown::Plain => plain(number),
        Shown::Fixed(decimals) => format!("{number:.decimals$}"),
        Shown::Percent(decimals) => format!("{:.decimals$}%", number * 100.0),
        Shown::Padded(width) => {
            let digits = format!("{:.0}", number.abs());
            let sign = if number < 0.0 { "-" } else { "" };
            format!("{sign}{digits:0>width$}")
        }
        Shown::Date | Shown::DateTime | Shown::Time => moment(number, since_1904)
            .map_or_else(|| plain(number), |at| moment_text(at, shown, number)),
    }
}

fn moment_text(at: NaiveDateTime, shown: Shown, number: f64) -> String {
    match shown {
        Shown::Time if number < 1.0 => at.format("%H:%M:%S").to_string(),
        Shown::Date if at.time() == chrono::NaiveTime::MIN => at.format("%Y-%m-%d").to_string(),
        Shown::Date => at.format("%Y-%m-%d").to_string(),
        _ => at.format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// At most fifteen digits, as a sheet calculates, and never an exponent.
fn plain(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// Days since the end of 1899, which takes 1900 for a leap year; or since 1904.
fn moment(number: f64, since_1904: bool) -> Option<NaiveDateTime> {
    if !(0.0..2_958_466.0).contains(&number) {
        return None;
    }
    let start = match (since_1904, number < 60.0) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        (false, true) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, false) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    let seconds = (number * 86_400.0).round() as i64;
    start
        .and_hms_opt(0, 0, 0)?
        .checked_add_signed(Duration::seconds(seconds))
}
