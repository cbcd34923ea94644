//! A CSV file of customers: its columns, its rows in chunks, and what is wrong with a row before anything is looked up.

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    io::{self, BufRead},
};

use super::csv_rows::{CsvRows, Row, RowFault};
use crate::{
    domain::{CreditCode, Divisions, vocabulary::Party},
    error::{AppResult, FieldError, Text},
    services::{
        customers::{fields, imports::Imported},
        org::fields::Fields,
    },
};

/// How many rows of a job share one unit of work: small enough that other writers do not wait long.
pub const CHUNK: usize = 200;
/// The same on the command line, where fewer and larger commits are faster.
pub const LARGE_CHUNK: usize = 900;
/// The longest address that is kept, in characters.
const ADDRESS: usize = 300;
/// The longest input that a row error shows, in characters.
const SHOWN: usize = 1_000;
const COLUMNS: [&str; 5] = ["name", "credit_code", "province", "city", "address"];

/// Where the columns stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    at: [Option<usize>; 5],
    count: usize,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line on which the row begins; the header's is 1.
    pub line: i64,
    /// From 0: a row may have several.
    pub position: i32,
    /// Stable code, UPPER_SNAKE.
    pub code: String,
    /// The requirement that refuses.
    pub rule: Option<&'static str>,
    /// In both languages.
    pub message: Text,
    /// The row as it stands in the file.
    pub input: String,
}

/// A row whose fields are in order.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The line on which it begins.
    pub line: i64,
    /// As it stands in the file.
    pub input: String,
    /// What it says.
    pub row: Imported,
    /// The earlier line with the same name or code.
    pub same_as: Option<i64>,
}

/// Rows that are registered together.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// How many rows it has, in order or not.
    pub rows: usize,
    /// Those in order.
    pub candidates: Vec<Candidate>,
    /// What is wrong with those that are not.
    pub problems: Vec<Problem>,
}

/// A file of customers, read in chunks.
pub struct CustomerFile<R> {
    rows: CsvRows<R>,
    columns: Columns,
    /// On which line a name or code stood first, by hash: it words a message, the database decides.
    seen: HashMap<u64, i64, BuildHasherDefault<DefaultHasher>>,
}

impl<R: BufRead> CustomerFile<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// 422 with every wrong or missing column; the source's error.
    pub fn open(source: R) -> io::Result<AppResult<Self>> {
        let mut rows = CsvRows::new(source);
        let header = rows.next_row()?;
        Ok(columns(header.as_ref()).map(|columns| Self {
            rows,
            columns,
            seen: HashMap::default(),
        }))
    }

    /// How many bytes have been read.
    pub fn bytes(&self) -> u64 {
        self.rows.bytes()
    }

    /// Passes over rows that an earlier run has finished.
    ///
    /// # Errors
    /// The source's.
    pub fn skip(&mut self, rows: i64) -> io::Result<()> {
        for _ in 0..rows {
            if self.next_checked()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The next rows, at most so many; none at the end of the file.
    ///
    /// # Errors
    /// The source's.
    pub fn next_chunk(&mut self, most: usize) -> io::Result<Option<Chunk>> {
        let mut chunk = Chunk::default();
        while chunk.rows < most
            && let Some(checked) = self.next_checked()?
        {
            chunk.rows += 1;
            match checked {
                Ok(candidate) => chunk.candidates.push(candidate),
                Err(problems) => chunk.problems.extend(problems),
            }
        }
        Ok((chunk.rows > 0).then_some(chunk))
    }

    fn next_checked(&mut self) -> io::Result<Option<Result<Candidate, Vec<Problem>>>> {
        let Some(row) = self.rows.next_row()? else {
            return Ok(None);
        };
        let line = row.line;
        Ok(Some(checked(row, &self.columns).map(|(input, row)| {
            let name = hash("N", &row.name.folded);
            let code = row.credit_code.as_ref().map(|c| hash("C", c.as_str()));
            let same_as = [Some(name), code]
                .into_iter()
                .flatten()
                .filter_map(|key| self.seen.get(&key).copied())
                .min();
            for key in [Some(name), code].into_iter().flatten() {
                self.seen.entry(key).or_insert(line);
            }
            Candidate {
                line,
                input,
                row,
                same_as,
            }
        })))
    }
}

fn hash(kind: &str, value: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one((kind, value))
}

fn columns(header: Option<&Row>) -> AppResult<Columns> {
    let mut fields = Fields::default();
    let mut at = [None; 5];
    let names: &[String] = match header.map(|row| &row.fields) {
        Some(Ok(names)) => names,
        Some(Err(_)) => {
            fields.fail(FieldError::new(
                "/columns",
                "UNREADABLE",
                "首行无法读取：须为 UTF-8 编码的 CSV，引号成对。",
                "The first line cannot be read: CSV in UTF-8 with closed quotes is needed.",
            ));
            &[]
        }
        None => &[],
    };
    for (index, name) in names.iter().enumerate() {
        let pointer = format!("/columns/{index}");
        let known = name.trim().to_ascii_lowercase();
        match COLUMNS.iter().position(|column| *column == known) {
            None => fields.fail(FieldError::new(
                pointer,
                "UNKNOWN_COLUMN",
                format!("没有这一列；可用的列：{}。", COLUMNS.join("、")),
                format!("There is no such column; there are {}.", COLUMNS.join(", ")),
            )),
            Some(column) => match at.get_mut(column) {
                Some(place @ None) => *place = Some(index),
                _ => fields.fail(FieldError::new(
                    pointer,
                    "COLUMN_TWICE",
                    "该列出现了两次。",
                    "This column stands twice.",
                )),
            },
        }
    }
    if at[0].is_none() {
        fields.fail(FieldError::new(
            "/columns",
            "MISSING_COLUMN",
            "缺少必需的列 name（首行须为列名）。",
            "The required column name is missing (the first line names the columns).",
        ));
    }
    fields.done()?;
    Ok(Columns {
        at,
        count: names.len(),
    })
}

/// Checks what can be checked without looking anything up.
fn checked(row: Row, columns: &Columns) -> Result<(String, Imported), Vec<Problem>> {
    let Row { line, text, fields } = row;
    let input: String = text.chars().take(SHOWN).collect();
    let problem = |position: usize, code: String, rule, zh: &str, en: &str| Problem {
        line,
        position: i32::try_from(position).unwrap_or(i32::MAX),
        code,
        rule,
        message: Text::new(zh, en),
        input: input.clone(),
    };
    let cells = match fields {
        Ok(cells) if cells.len() == columns.count => cells,
        Ok(cells) => {
            return Err(vec![problem(
                0,
                "WRONG_COLUMN_COUNT".into(),
                None,
                &format!("应有 {} 列，实有 {} 列", columns.count, cells.len()),
                &format!("{} columns expected, {} found", columns.count, cells.len()),
            )]);
        }
        Err(fault) => {
            let (code, zh, en) = match fault {
                RowFault::Encoding => ("BAD_ENCODING", "不是有效的 UTF-8 文本", "not valid UTF-8"),
                RowFault::Quotes => (
                    "BROKEN_QUOTES",
                    "引号不成对",
                    "quotes are not closed properly",
                ),
                RowFault::TooLong => ("ROW_TOO_LONG", "该行过长", "the row is too long"),
            };
            return Err(vec![problem(0, code.into(), None, zh, en)]);
        }
    };
    let cell = |column: usize| {
        let index = columns.at.get(column).copied().flatten();
        index
            .and_then(|index| cells.get(index))
            .map_or("", |cell| cell.trim())
    };
    let mut problems = Vec::new();
    let mut errors = Vec::new();
    let name = fields::name(Party::Company, cell(0), "/name", &mut errors);
    for error in errors {
        problems.push(problem(
            problems.len(),
            format!("NAME_{}", error.code),
            Some("CUS-08"),
            &error.message.zh,
            &error.message.en,
        ));
    }
    let credit_code = match cell(1) {
        "" => None,
        text => match CreditCode::parse(text) {
            Ok(code) => Some(code),
            Err(error) => {
                problems.push(problem(
                    problems.len(),
                    format!("CREDIT_CODE_{}", error.code()),
                    None,
                    "统一社会信用代码不正确：18 位，末位为校验码",
                    &format!("the unified social credit code {error}"),
                ));
                None
            }
        },
    };
    let (division_code, address) = place(cell(2), cell(3), cell(4));
    if address
        .as_ref()
        .is_some_and(|a| a.chars().count() > ADDRESS)
    {
        problems.push(problem(
            problems.len(),
            "ADDRESS_TOO_LONG".into(),
            Some("CUS-09"),
            &format!("地址不能超过 {ADDRESS} 个字"),
            &format!("the address has more than {ADDRESS} characters"),
        ));
    }
    match name {
        Some(name) if problems.is_empty() => Ok((
            input,
            Imported {
                name,
                credit_code,
                division_code,
                address,
            },
        )),
        _ => Err(problems),
    }
}

/// Division and address. A division that the official list does not have stays readable in the address (CUS-11).
fn place(province: &str, city: &str, address: &str) -> (Option<String>, Option<String>) {
    let tidy: String = address.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = !(province.is_empty() && city.is_empty());
    let division = named
        .then(|| Divisions::builtin().find_by_name(province, city))
        .flatten();
    let kept = |text: String| (!text.is_empty()).then_some(text);
    match division {
        Some(division) => (Some(division.code.clone()), kept(tidy)),
        None => {
            // What the address already begins with is not said twice.
            let missing: String = [province, city]
                .into_iter()
                .filter(|text| !text.is_empty() && !tidy.contains(text))
                .collect();
            (None, kept(format!("{missing}{tidy}")))
        }
    }
}

#[cfg(test)]
#[path = "import_rows_tests.rs"]
mod tests;
