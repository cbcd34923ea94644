//! A file of customers: its rows in chunks, and what is wrong with a row before anything is looked up.

use std::io::{self, BufReader, Read, Seek};

use chrono::NaiveDate;

use super::{
    csv_rows::{CsvRows, Row, RowFault},
    import_check::{Checker, Found},
    import_columns::Columns,
    import_owners::{Named, Owners},
    import_seen::Seen,
    stored_files::unread,
    text_source::{Decoded, Findings},
    workbook::{SheetRows, Workbook},
};
use crate::{
    domain::vocabulary::{FileFormat, Line},
    error::{AppError, AppResult, FieldError, Text},
    policy::customers::{
        registration::RegistrationSettings,
        unique_key::{self, KeyFacts},
    },
    services::customers::import_drafts::{Drafted, Imported},
};

/// How many rows of an import share one unit of work: other writers wait no longer than for these.
pub const CHUNK: usize = 1_000;
/// The same on the command line, beside which hardly anybody writes: pages that many rows change are written once.
pub const LARGE_CHUNK: usize = 4_000;
/// The longest cell that a row error shows, in characters.
const SHOWN: usize = 1_000;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line on which the row begins; the header's is 1.
    pub line: i64,
    /// From 0: a row may have several.
    pub position: i32,
    /// The column, by its header.
    pub column: Option<String>,
    /// Stable code, UPPER_SNAKE.
    pub code: String,
    /// The requirement that refuses.
    pub rule: Option<&'static str>,
    /// In both languages.
    pub message: Text,
    /// The row's cells as they stand in the file.
    pub cells: Vec<String>,
}

impl Problem {
    /// What was found wrong with the row on a line.
    pub fn of(line: i64, position: i32, found: Found, cells: &[String]) -> Self {
        Self {
            line,
            position,
            column: found.column,
            code: found.code,
            rule: found.rule,
            message: found.message,
            cells: cells.to_vec(),
        }
    }
}

/// A row whose fields are in order.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The line on which it begins.
    pub line: i64,
    /// Its cells as they stand in the file.
    pub cells: Vec<String>,
    /// What it says.
    pub row: Imported,
    /// The earlier line with one of its unique keys.
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
    /// Whom they name as their owners, if the file has a column for it.
    pub named: Option<Named>,
    /// Who those are, where that was looked up ahead.
    pub owners: Option<Owners>,
    /// Those in order, ready to be written, where that was done ahead.
    pub drafted: Option<Drafted>,
}

/// By what rows are judged before anything is looked up.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Business line.
    pub line: Line,
    /// Which keys are unique.
    pub settings: RegistrationSettings,
    /// The day of the import.
    pub today: NaiveDate,
    /// The most rows that a file may have.
    pub most: i64,
}

/// Rows of text or of a sheet.
pub enum Table<S> {
    /// CSV.
    Text(CsvRows<Decoded<BufReader<S>>>),
    /// A sheet of a workbook.
    Sheet(Box<SheetRows<S>>),
}

impl<S: Read + Seek + Clone> Table<S> {
    /// Begins at the first row.
    ///
    /// # Errors
    /// 422 for a workbook that cannot be read or has no such sheet.
    pub fn open(source: S, findings: &Findings, sheet: Option<&str>) -> AppResult<Self> {
        Ok(match findings.format {
            FileFormat::Csv => Self::Text(CsvRows::new(
                Decoded::new(BufReader::with_capacity(1 << 16, source), findings.encoding),
                findings.delimiter.as_char(),
            )),
            FileFormat::Xlsx => Self::Sheet(Box::new(Workbook::open(source)?.rows(sheet)?)),
        })
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// The source's.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        match self {
            Self::Text(rows) => rows.next_row(),
            Self::Sheet(rows) => rows.next_row(),
        }
    }

    /// The header: the first row.
    ///
    /// # Errors
    /// 422 when it cannot be read.
    pub fn header(&mut self) -> AppResult<Vec<String>> {
        match self.next_row().map_err(unread)? {
            None => Ok(Vec::new()),
            Some(row) => row.fields.map_err(|_| {
                AppError::invalid(vec![FieldError::new(
                    "/columns",
                    "UNREADABLE",
                    "首行无法读取：引号须成对，编码须一致。",
                    "The first line cannot be read: quotes must close, and the encoding must be one.",
                )])
            }),
        }
    }

    /// Whether a sheet: its rows leave out the empty cells at their end.
    fn is_sheet(&self) -> bool {
        matches!(self, Self::Sheet(_))
    }
}

/// Who the owners are whom a chunk names, as far as that can be found out ahead.
type Ask<'f> = Box<dyn Fn(&Named) -> Option<Owners> + 'f>;

/// A file of customers, read in chunks.
pub struct CustomerFile<'f, S> {
    table: Table<S>,
    checker: Checker,
    rules: Rules,
    seen: Seen,
    ask: Option<Ask<'f>>,
    count: i64,
}

impl<'f, S: Read + Seek + Clone> CustomerFile<'f, S> {
    /// Goes on behind the header.
    pub fn new(table: Table<S>, columns: Columns, rules: Rules) -> Self {
        Self {
            checker: Checker::new(columns, rules.today),
            table,
            rules,
            seen: Seen::default(),
            ask: None,
            count: 0,
        }
    }

    /// Asks who the owners are whom a chunk names: a row that cannot have its owner claims nothing, so that a later one
    /// of the same customer is none too many.
    pub fn asking(mut self, ask: impl Fn(&Named) -> Option<Owners> + 'f) -> Self {
        self.ask = Some(Box::new(ask));
        self
    }

    /// Passes over rows that an earlier run has finished.
    ///
    /// # Errors
    /// As [`CustomerFile::next_chunk`].
    pub fn skip(&mut self, rows: i64) -> AppResult<()> {
        let mut left = usize::try_from(rows).unwrap_or(0);
        while left > 0
            && let Some(passed) = self.next_chunk(left.min(CHUNK))?
        {
            left -= passed.rows;
        }
        Ok(())
    }

    /// The next rows, at most so many; none at the end of the file.
    ///
    /// # Errors
    /// 422 beyond the last row that a file may have, and for a workbook that cannot be read; the source's.
    pub fn next_chunk(&mut self, most: usize) -> AppResult<Option<Chunk>> {
        let mut chunk = Chunk {
            named: Named::of(self.checker.columns()),
            ..Chunk::default()
        };
        while chunk.rows < most {
            let checked = match self.next_checked() {
                Ok(Some(checked)) => checked,
                Ok(None) => break,
                // What came before it is registered first; then it is met again.
                Err(error)
                    if chunk.rows > 0
                        && error.errors().iter().any(|e| e.code == "TOO_MANY_ROWS") =>
                {
                    break;
                }
                Err(error) => return Err(error),
            };
            chunk.rows += 1;
            if let Some(named) = &mut chunk.named {
                named.note(match &checked {
                    Ok(candidate) => &candidate.cells,
                    Err(problems) => problems.first().map_or(&[][..], |first| &first.cells),
                });
            }
            match checked {
                Ok(candidate) => chunk.candidates.push(candidate),
                Err(problems) => chunk.problems.extend(problems),
            }
        }
        self.compare(&mut chunk);
        Ok((chunk.rows > 0).then_some(chunk))
    }

    /// Compares rows with those before them.
    fn compare(&mut self, chunk: &mut Chunk) {
        let named = chunk.named.as_ref().filter(|named| !named.is_empty());
        if let (Some(named), Some(ask)) = (named, &self.ask) {
            chunk.owners = ask(named);
        }
        let owners = chunk.owners.as_ref();
        for Candidate {
            line,
            cells,
            row,
            same_as,
        } in &mut chunk.candidates
        {
            if owners.is_none_or(|owners| owners.terms_of(cells).is_some()) {
                *same_as = self.same_as(row, *line);
            }
        }
    }

    fn next_checked(&mut self) -> AppResult<Option<Result<Candidate, Vec<Problem>>>> {
        if self.count > self.rules.most {
            return Err(too_many(self.rules.most));
        }
        let Some(row) = self.table.next_row().map_err(unread)? else {
            return Ok(None);
        };
        self.count += 1;
        if self.count > self.rules.most {
            return Err(too_many(self.rules.most));
        }
        let line = row.line;
        let mut cells = match row.fields {
            Ok(cells) => cells,
            Err(bad) => {
                let found = unreadable(bad.fault, bad.at);
                return Ok(Some(Err(problems(line, vec![bad.text], vec![found]))));
            }
        };
        let wanted = self.checker.columns().count();
        if self.table.is_sheet() && cells.len() < wanted {
            cells.resize(wanted, String::new());
        }
        if cells.len() != wanted {
            let found = Found::of_row(
                "WRONG_COLUMN_COUNT",
                format!("应有 {wanted} 列，实有 {} 列", cells.len()),
                format!("{wanted} columns expected, {} found", cells.len()),
            );
            return Ok(Some(Err(problems(line, cells, vec![found]))));
        }
        Ok(Some(match self.checker.check(&cells) {
            Err(found) => Err(problems(line, cells, found)),
            Ok(row) => Ok(Candidate {
                line,
                cells,
                row,
                same_as: None,
            }),
        }))
    }

    /// The earliest line that claims what this row claims.
    fn same_as(&mut self, row: &Imported, line: i64) -> Option<i64> {
        let phone = row.phone.as_ref().map(crate::domain::Phone::key);
        let keys = unique_key::keys(
            &KeyFacts {
                line: self.rules.line,
                has_symbol: false,
                party: row.party,
                names: vec![&row.name.folded],
                credit_code: row.credit_code.as_ref().map(|code| code.as_str()),
                phones: phone.as_deref().into_iter().collect(),
            },
            &self.rules.settings,
        );
        keys.iter()
            // What it claims in other lines too is the same value.
            .filter(|key| key.line == self.rules.line)
            .filter_map(|key| self.seen.first(key.kind, &key.value, line))
            .min()
    }
}

/// What is told of a row: each finding with its place and the row as it stands in the file.
fn problems(line: i64, cells: Vec<String>, found: Vec<Found>) -> Vec<Problem> {
    let cells: Vec<String> = cells
        .into_iter()
        .map(|cell| match cell.char_indices().nth(SHOWN) {
            Some((end, _)) => cell.get(..end).unwrap_or_default().to_owned(),
            None => cell,
        })
        .collect();
    (0..)
        .zip(found)
        .map(|(position, found)| Problem::of(line, position, found, &cells))
        .collect()
}

fn unreadable(fault: RowFault, at: Option<usize>) -> Found {
    match fault {
        RowFault::Encoding => Found::of_row(
            "BAD_ENCODING",
            "不是文件编码中的有效文本",
            "not valid text in the file's encoding",
        ),
        RowFault::Quotes => {
            let at = at.unwrap_or(1);
            Found::of_row(
                "BROKEN_QUOTES",
                format!("引号不成对（从该行第 {at} 个字符起）"),
                format!("quotes are not closed properly (from character {at} of the line)"),
            )
        }
        RowFault::TooLong => Found::of_row("ROW_TOO_LONG", "该行过长", "the row is too long"),
    }
}

/// 422: a file has more rows than may be imported.
pub fn too_many(most: i64) -> AppError {
    AppError::invalid(vec![FieldError::new(
        "/file",
        "TOO_MANY_ROWS",
        format!("文件超过 {most} 行的上限；请拆分后导入。超出上限的行一律未处理。"),
        format!("The file has more than {most} rows: split it. No row beyond them was touched."),
    )])
}

#[cfg(test)]
#[path = "import_rows_tests.rs"]
mod tests;
