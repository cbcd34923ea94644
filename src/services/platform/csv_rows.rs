//! Rows of a CSV file (RFC 4180), read as a stream. A row that cannot be read is reported and costs no other row: after
//! a quote that never closes, reading goes on with the next line.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

/// The longest row, in bytes.
const LONGEST: usize = 65_536;
/// How many lines one row may span, by line breaks within quotes.
const LINES: usize = 50;

/// Why a row cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// Not UTF-8, or a character that no text has.
    Encoding,
    /// A quote that never closes, or text after one that did.
    Quotes,
    /// Longer than any row should be.
    TooLong,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub fault: RowFault,
    /// The character of its first line at which it goes wrong, from 1, where that can be said.
    pub at: Option<usize>,
    /// Its first line as it stands in the file.
    pub text: String,
}

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins; the file's first is 1.
    pub line: i64,
    /// Its fields.
    pub fields: Result<Vec<String>, Unread>,
}

/// Reads rows; blank lines are none.
pub struct CsvRows<R> {
    source: R,
    delimiter: char,
    /// Lines that were read in search of a closing quote and given back.
    ahead: VecDeque<Line>,
    line: i64,
    bytes: u64,
}

struct Line {
    bytes: Vec<u8>,
    cut: bool,
}

enum Split {
    Whole(Vec<String>),
    /// A quote that was opened at this byte and does not close.
    Open(usize),
    /// Text behind a closing quote: where the quote was opened, and where the text begins.
    Broken(usize, usize),
}

impl<R: BufRead> CsvRows<R> {
    /// Begins at the first line; a byte-order mark before it is skipped.
    pub fn new(source: R, delimiter: char) -> Self {
        Self {
            source,
            delimiter,
            ahead: VecDeque::new(),
            line: 0,
            bytes: 0,
        }
    }

    /// How many bytes have been read from the source.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// The source's.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(first) = self.take()? else {
                return Ok(None);
            };
            if first.cut || !first.bytes.iter().all(u8::is_ascii_whitespace) {
                return self.row(first).map(Some);
            }
        }
    }

    fn row(&mut self, first: Line) -> io::Result<Row> {
        let line = self.line;
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
        let fault = |bytes: &[u8], fault, at: Option<usize>| Row {
            line,
            fields: Err(Unread {
                fault,
                // Bytes before it are text that was read, so they can be counted in characters.
                at: at.map(|at| {
                    String::from_utf8_lossy(bytes.get(..at).unwrap_or(bytes))
                        .chars()
                        .count()
                        + 1
                }),
                text: shown(bytes),
            }),
        };
        if first.cut {
            return Ok(fault(&first.bytes, RowFault::TooLong, None));
        }
        let mut whole = first.bytes;
        let length_of_first = whole.len();
        let mut more: VecDeque<Line> = VecDeque::new();
        loop {
            let Some(text) = readable(&whole) else {
                // The line that does not read may not even be this row's: only the first is given up.
                let own = whole.get(..length_of_first).unwrap_or_default();
                let reason = if readable(own).is_some() {
                    RowFault::Quotes
                } else {
                    RowFault::Encoding
                };
                let row = fault(own, reason, None);
                self.give_back(more);
                return Ok(row);
            };
            let at = match split(text, self.delimiter) {
                Split::Whole(fields) => {
                    return Ok(Row {
                        line,
                        fields: Ok(fields),
                    });
                }
                Split::Open(at) => {
                    if more.len() < LINES
                        && whole.len() < LONGEST
                        && let Some(next) = self.take()?
                    {
                        whole.push(b'\n');
                        whole.extend_from_slice(&next.bytes);
                        more.push_back(next);
                        continue;
                    }
                    at
                }
                // What is wrong may stand on a later line; the quote was opened on this one.
                Split::Broken(opened, at) if at > length_of_first => opened,
                Split::Broken(_, at) => at,
            };
            let row = fault(
                whole.get(..length_of_first).unwrap_or_default(),
                RowFault::Quotes,
                Some(at),
            );
            self.give_back(more);
            return Ok(row);
        }
    }

    fn give_back(&mut self, mut lines: VecDeque<Line>) {
        self.line -= i64::try_from(lines.len()).unwrap_or(0);
        lines.append(&mut self.ahead);
        self.ahead = lines;
    }

    /// The next line without its line break, cut at the longest row.
    fn take(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.ahead.pop_front() {
            self.line += 1;
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let mut cut = false;
        let mut begun = false;
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                break;
            }
            begun = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = available.get(..end.unwrap_or(available.len()));
            let part = part.unwrap_or_default();
            let room = LONGEST.saturating_sub(bytes.len());
            cut |= part.len() > room;
            bytes.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            let used = part.len() + usize::from(end.is_some());
            self.source.consume(used);
            self.bytes += used as u64;
            if end.is_some() {
                break;
            }
        }
        if !begun {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if self.line == 0 && bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(..3);
        }
        self.line += 1;
        Ok(Some(Line { bytes, cut }))
    }
}

/// UTF-8 without NUL and without the mark that an earlier conversion left for what it could not read.
fn readable(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains(['\0', '\u{fffd}']))
}

fn split(text: &str, delimiter: char) -> Split {
    let mut fields = Vec::with_capacity(8);
    let mut rest = text;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            match rest.split_once(delimiter) {
                Some((field, after)) => {
                    fields.push(field.to_owned());
                    rest = after;
                    continue;
                }
                None => {
                    fields.push(rest.to_owned());
                    return Split::Whole(fields);
                }
            }
        };
        let opened = text.len() - rest.len();
        let mut field = String::new();
        rest = quoted;
        loop {
            let Some((part, after)) = rest.split_once('"') else {
                return Split::Open(opened);
            };
            field.push_str(part);
            match after.strip_prefix('"') {
                Some(after) => {
                    field.push('"');
                    rest = after;
                }
                None => {
                    rest = after;
                    break;
                }
            }
        }
        fields.push(field);
        match rest.strip_prefix(delimiter) {
            Some(after) => rest = after,
            None if rest.is_empty() => return Split::Whole(fields),
            None => return Split::Broken(opened, text.len() - rest.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(file: &[u8]) -> Vec<Row> {
        let mut rows = CsvRows::new(file, ',');
        std::iter::from_fn(|| rows.next_row().unwrap()).collect()
    }

    fn fields(file: &str) -> Vec<Vec<String>> {
        rows(file.as_bytes())
            .into_iter()
            .map(|row| row.fields.unwrap())
            .collect()
    }

    #[test]
    fn a_mark_blank_lines_and_either_line_break_are_no_part_of_a_row() {
        let file = "\u{feff}name,city\r\n\r\n甲,\n  \n\"乙, \"\"丙\"\"\",丁";
        assert_eq!(
            fields(file),
            [["name", "city"], ["甲", ""], ["乙, \"丙\"", "丁"]]
        );
        let lines: Vec<_> = rows(file.as_bytes()).iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 3, 5]);
    }

    #[test]
    fn a_line_break_within_quotes_stays_in_its_field() {
        let read = rows("a,\"b\nc\"\nd,e\n".as_bytes());
        assert_eq!(read[0].fields, Ok(vec!["a".into(), "b\nc".into()]));
        assert_eq!((read[0].line, read[1].line), (1, 3));
    }

    #[test]
    fn a_quote_that_never_closes_costs_its_own_line_only() {
        let mut file = String::from("\"甲,1\n");
        for number in 0..100 {
            file.push_str(&format!("乙{number},2\n"));
        }
        let read = rows(file.as_bytes());
        assert_eq!(read.len(), 101);
        let unread = read[0].fields.clone().unwrap_err();
        assert_eq!((unread.fault, unread.at), (RowFault::Quotes, Some(1)));
        assert_eq!(unread.text, "\"甲,1");
        assert!(read[1..].iter().all(|row| row.fields.is_ok()));
        assert_eq!(read[100].line, 101);
    }

    #[test]
    fn text_after_a_closing_quote_and_quotes_that_swallow_a_row_are_broken() {
        let read = rows("\"甲\"乙,1\n\"丙,1\n\"丁, 2\",3\n戊,4\n".as_bytes());
        let broken: Vec<_> = read
            .iter()
            .map(|row| row.fields.as_ref().err().and_then(|unread| unread.at))
            .collect();
        assert_eq!(broken, [Some(4), Some(1), None, None]);
    }

    #[test]
    fn what_is_not_utf_8_is_told_with_its_line() {
        let read = rows(b"a,b\n\xce\xf7\xb0\xb2,c\nd,e\0\nf,g\n");
        for row in &read[1..3] {
            let unread = row.fields.clone().unwrap_err();
            assert_eq!(unread.fault, RowFault::Encoding);
            assert!(!unread.text.contains('\0'));
        }
        assert_eq!((read[1].line, read[3].line), (2, 4));
    }

    #[test]
    fn a_file_without_line_breaks_is_one_row_that_is_too_long() {
        let mut file = vec![b'x'; 300_000];
        file.extend_from_slice(b"\na,b\n");
        let read = rows(&file);
        let unread = read[0].fields.clone().unwrap_err();
        assert_eq!(
            (unread.fault, unread.text.len()),
            (RowFault::TooLong, LONGEST)
        );
        assert_eq!(read[1].fields, Ok(vec!["a".into(), "b".into()]));
    }

    proptest! {
        #[test]
        fn any_bytes_end_and_no_line_is_lost(file in prop::collection::vec(prop::sample::select(b"a,\"\n\r\0\xff ".to_vec()), 0..300)) {
            let read = rows(&file);
            let lines = file.split(|byte| *byte == b'\n').count() as i64;
            prop_assert!(read.windows(2).all(|pair| pair[0].line < pair[1].line));
            prop_assert!(read.iter().all(|row| row.line <= lines));
        }

        #[test]
        fn what_a_writer_quoted_is_read_as_it_was(cells in prop::collection::vec("[a甲,\" ]{1,5}|x\ny", 1..6)) {
            let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            prop_assert_eq!(fields(&quoted.join(",")), vec![cells]);
        }
    }
}
