//! The rows of a sheet, one after another.

use std::io::{self, Read};

use quick_xml::events::Event;

use super::{
    archive::Xml,
    attribute, bomb,
    formats::{self, Formats, Shown},
    strings::Strings,
    text_of,
};
use crate::{error::AppResult, services::platform::csv_rows::Row};

/// The last column that is read; what stands beyond it makes the row too wide.
const COLUMNS: usize = 256;
/// The longest text of a cell, in bytes; a cell holds 32,767 characters.
const LONGEST: usize = 32_767 * 4;

/// A sheet, row by row; rows without any text are none.
pub struct SheetRows<S> {
    xml: Xml<S>,
    strings: Strings,
    formats: Formats,
    since_1904: bool,
    row: i64,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Boolean,
}

#[derive(Default)]
struct Cell {
    column: usize,
    kind: Kind,
    shown: Shown,
    text: String,
}

/// What an event of the sheet means.
enum Step {
    Row(Option<i64>),
    EndRow,
    Cell(Cell),
    EndCell,
    Open,
    Close,
    Beside(bool),
    Text(String),
    Other,
    End,
}

impl<S: Read> SheetRows<S> {
    pub(super) fn new(xml: Xml<S>, strings: Strings, formats: Formats, since_1904: bool) -> Self {
        Self {
            xml,
            strings,
            formats,
            since_1904,
            row: 0,
        }
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// What is wrong with the workbook, or the source's.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        self.next().map_err(io::Error::other)
    }

    fn next(&mut self) -> AppResult<Option<Row>> {
        let mut fields: Vec<String> = Vec::new();
        let mut cell = Cell::default();
        let (mut within, mut beside) = (false, false);
        let mut column = 0;
        loop {
            match self.step(column)? {
                Step::Row(number) => {
                    self.row = number.unwrap_or(self.row + 1).max(self.row + 1);
                    column = 0;
                    fields.clear();
                }
                Step::EndRow => {
                    while fields.last().is_some_and(String::is_empty) {
                        fields.pop();
                    }
                    if !fields.is_empty() {
                        return Ok(Some(Row {
                            line: self.row,
                            fields: Ok(fields),
                        }));
                    }
                }
                Step::Cell(begun) => cell = begun,
                Step::EndCell => {
                    column = cell.column + 1;
                    let done = std::mem::take(&mut cell);
                    let at = done.column.min(COLUMNS);
                    let text = self.text(done)?;
                    if !text.is_empty() {
                        if fields.len() <= at {
                            fields.resize(at + 1, String::new());
                        }
                        if let Some(field) = fields.get_mut(at) {
                            *field = text;
                        }
                    }
                }
                Step::Open => within = true,
                Step::Close => within = false,
                Step::Beside(begun) => beside = begun,
                Step::Text(text) if within && !beside => {
                    cell.text.push_str(&text);
                    if cell.text.len() > LONGEST {
                        return Err(bomb());
                    }
                }
                Step::Text(_) | Step::Other => {}
                Step::End => return Ok(None),
            }
        }
    }

    fn step(&mut self, next_column: usize) -> AppResult<Step> {
        let formats = &self.formats;
        let step = self.xml.next(|event| {
            Ok(match event {
                Event::Start(tag) => match tag.local_name().into_inner() {
                    "row" => Step::Row(attribute(tag, "r")?.and_then(|r| r.parse().ok())),
                    "c" => Step::Cell(Cell {
                        column: attribute(tag, "r")?
                            .and_then(|place| column_of(&place))
                            .unwrap_or(next_column),
                        kind: match attribute(tag, "t")?.as_deref() {
                            Some("s") => Kind::Shared,
                            Some("b") => Kind::Boolean,
                            Some("n") | None => Kind::Number,
                            // Inline text, a formula's text, an error, a date in ISO 8601.
                            Some(_) => Kind::Text,
                        },
                        shown: attribute(tag, "s")?
                            .and_then(|style| style.parse().ok())
                            .map_or(Shown::Plain, |style| formats.of(style)),
                        text: String::new(),
                    }),
                    "v" | "t" => Step::Open,
                    "rPh" => Step::Beside(true),
                    _ => Step::Other,
                },
                Event::End(tag) => match tag.local_name().into_inner() {
                    "row" => Step::EndRow,
                    "c" => Step::EndCell,
                    "v" | "t" => Step::Close,
                    "rPh" => Step::Beside(false),
                    _ => Step::Other,
                },
                other => text_of(other)?.map_or(Step::Other, Step::Text),
            })
        })?;
        Ok(step.unwrap_or(Step::End))
    }

    fn text(&mut self, cell: Cell) -> AppResult<String> {
        if cell.text.is_empty() {
            return Ok(String::new());
        }
        Ok(match cell.kind {
            Kind::Text => cell.text,
            Kind::Number => formats::text(&cell.text, cell.shown, self.since_1904),
            Kind::Boolean if cell.text == "1" => "TRUE".to_owned(),
            Kind::Boolean => "FALSE".to_owned(),
            Kind::Shared => {
                let number = cell.text.trim().parse().map_err(|_| super::damaged())?;
                self.strings.get(number)?
            }
        })
    }
}

/// `AB12` → 27.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0, |number: usize, letter| {
        number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    number.checked_sub(1)
}
