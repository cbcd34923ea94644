//! The text of an uploaded file: how it is encoded and delimited, found out while it arrives, and the text itself as
//! UTF-8, decoded while it is read.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

use crate::domain::vocabulary::{FieldDelimiter, FileFormat, TextEncoding};

/// How much of a file's beginning is looked at for its delimiter.
const HEAD: usize = 65_536;
/// A line is judged by so much of it.
const LINE: usize = 65_536;
/// After so many lines within one quote it is taken for broken, as the reader does.
const OPEN_LINES: u32 = 50;

/// What was found out about a file while it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// CSV, or a workbook.
    pub format: FileFormat,
    /// Of a CSV file: how its text is encoded.
    pub encoding: TextEncoding,
    /// Of a CSV file: what stands between its fields.
    pub delimiter: FieldDelimiter,
    /// Of a CSV file: how many rows it has, the header not counted.
    pub rows: i64,
    /// Of a workbook: the names of its sheets.
    #[serde(default)]
    pub sheets: Vec<String>,
}

/// Why a file is neither a text nor a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTable {
    /// An Excel file of before 2007.
    OldWorkbook,
    /// Neither.
    Binary,
    /// No byte at all.
    Empty,
}

/// Looks at a file as it arrives, piece by piece.
pub struct Sniffer {
    head: Vec<u8>,
    line: Vec<u8>,
    utf16: Option<Decoder>,
    encoding: TextEncoding,
    quoted: bool,
    quoted_lines: u32,
    rows: i64,
    votes: Votes,
    begun: bool,
}

#[derive(Default)]
struct Votes {
    utf8: u64,
    gb18030: u64,
    neither: u64,
    ascii: u64,
}

impl Default for Sniffer {
    fn default() -> Self {
        Self::new()
    }
}

impl Sniffer {
    /// Nothing has arrived yet.
    pub fn new() -> Self {
        Self {
            head: Vec::new(),
            line: Vec::new(),
            utf16: None,
            encoding: TextEncoding::Utf8,
            quoted: false,
            quoted_lines: 0,
            rows: 0,
            votes: Votes::default(),
            begun: false,
        }
    }

    /// The next piece: the first one has at least the file's first kilobyte, if the file is as long.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head
            .extend_from_slice(bytes.get(..room).unwrap_or_default());
        if !self.begun && !bytes.is_empty() {
            self.begun = true;
            if let Some((encoding, decoder)) = utf16(&self.head) {
                self.encoding = encoding;
                self.utf16 = Some(decoder.new_decoder());
            }
        }
        if self.is_workbook() {
            return;
        }
        match self.utf16.take() {
            None => self.lines(bytes),
            Some(mut decoder) => {
                let mut text = String::with_capacity(
                    decoder
                        .max_utf8_buffer_length(bytes.len())
                        .unwrap_or(bytes.len() * 3 + 16),
                );
                let _ = decoder.decode_to_string(bytes, &mut text, false);
                self.utf16 = Some(decoder);
                self.lines(text.as_bytes());
            }
        }
    }

    fn is_workbook(&self) -> bool {
        self.head.starts_with(b"PK\x03\x04")
    }

    fn lines(&mut self, bytes: &[u8]) {
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        let last = pieces.next_back().unwrap_or_default();
        for piece in pieces {
            self.extend(piece);
            self.end_line();
        }
        self.extend(last);
    }

    fn extend(&mut self, piece: &[u8]) {
        let room = LINE.saturating_sub(self.line.len()).min(piece.len());
        self.line
            .extend_from_slice(piece.get(..room).unwrap_or_default());
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.judge(&line);
        let blank = line.iter().all(u8::is_ascii_whitespace);
        let quotes = line.iter().filter(|byte| **byte == b'"').count();
        self.quoted ^= quotes % 2 == 1;
        if self.quoted {
            self.quoted_lines += 1;
            if self.quoted_lines > OPEN_LINES {
                // It never closes: each of these lines will be read as a row.
                self.rows += i64::from(self.quoted_lines);
                self.quoted = false;
                self.quoted_lines = 0;
            }
        } else {
            self.quoted_lines = 0;
            self.rows += i64::from(!blank);
        }
        self.line = line;
        self.line.clear();
    }

    fn judge(&mut self, line: &[u8]) {
        let control = |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\r' | 0x0b | 0x0c);
        let vote = if line.iter().any(control) {
            &mut self.votes.neither
        } else if line.is_ascii() {
            &mut self.votes.ascii
        } else if std::str::from_utf8(line).is_ok() {
            &mut self.votes.utf8
        } else if GB18030
            .decode_without_bom_handling_and_without_replacement(line)
            .is_some()
        {
            &mut self.votes.gb18030
        } else {
            &mut self.votes.neither
        };
        *vote += 1;
    }

    /// What was found.
    ///
    /// # Errors
    /// What it is instead of a table.
    pub fn finish(mut self) -> Result<Findings, NoTable> {
        if !self.begun {
            return Err(NoTable::Empty);
        }
        if self.is_workbook() {
            return Ok(Findings {
                format: FileFormat::Xlsx,
                encoding: TextEncoding::Utf8,
                delimiter: FieldDelimiter::Comma,
                rows: 0,
                sheets: Vec::new(),
            });
        }
        if self.head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(NoTable::OldWorkbook);
        }
        if !self.line.is_empty() {
            self.end_line();
        }
        let Votes {
            utf8,
            gb18030,
            neither,
            ascii,
        } = self.votes;
        if neither > utf8 + gb18030 + ascii {
            return Err(NoTable::Binary);
        }
        let encoding = if self.utf16.is_none() && gb18030 > utf8 {
            TextEncoding::Gb18030
        } else {
            self.encoding
        };
        Ok(Findings {
            format: FileFormat::Csv,
            encoding,
            delimiter: delimiter(&self.head, encoding),
            rows: (self.rows - 1).max(0),
            sheets: Vec::new(),
        })
    }
}

/// By its mark, or by the zeros of its Latin letters.
fn utf16(head: &[u8]) -> Option<(TextEncoding, &'static Encoding)> {
    let head = head.get(..head.len().min(1_024)).unwrap_or_default();
    let zeros = |odd: usize| {
        let at = head.iter().skip(odd).step_by(2);
        at.filter(|byte| **byte == 0).count() * 4 > head.len().max(8)
    };
    if head.starts_with(&[0xff, 0xfe]) || zeros(1) {
        Some((TextEncoding::Utf16Le, UTF_16LE))
    } else if head.starts_with(&[0xfe, 0xff]) || zeros(0) {
        Some((TextEncoding::Utf16Be, UTF_16BE))
    } else {
        None
    }
}

fn coding(encoding: TextEncoding) -> Option<&'static Encoding> {
    match encoding {
        TextEncoding::Utf8 => None,
        TextEncoding::Utf16Le => Some(UTF_16LE),
        TextEncoding::Utf16Be => Some(UTF_16BE),
        TextEncoding::Gb18030 => Some(GB18030),
    }
}

/// The delimiter that stands most often in the first line, outside of quotes; a comma if none does.
fn delimiter(head: &[u8], encoding: TextEncoding) -> FieldDelimiter {
    let text = match coding(encoding) {
        None => String::from_utf8_lossy(head),
        Some(coding) => coding.decode_with_bom_removal(head).0,
    };
    let line = text.lines().find(|line| !line.trim().is_empty());
    let outside: String = line.unwrap_or_default().split('"').step_by(2).collect();
    let mut best = (0, FieldDelimiter::Comma);
    for candidate in FieldDelimiter::ALL {
        let count = outside.matches(candidate.as_char()).count();
        if count > best.0 {
            best = (count, *candidate);
        }
    }
    best.1
}

/// A file's text as UTF-8. What is not text in its encoding becomes U+FFFD, which the reader of rows tells.
pub struct Decoded<R> {
    source: R,
    decoder: Option<Decoder>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Decoded<R> {
    /// Reads text in this encoding.
    pub fn new(source: R, encoding: TextEncoding) -> Self {
        Self {
            source,
            decoder: coding(encoding).map(Encoding::new_decoder_with_bom_removal),
            text: Vec::new(),
            at: 0,
            ended: false,
        }
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let count = available.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Some(decoder) = &mut self.decoder else {
            return self.source.fill_buf();
        };
        while self.at >= self.text.len() && !self.ended {
            let bytes = self.source.fill_buf()?;
            self.ended = bytes.is_empty();
            let most = decoder
                .max_utf8_buffer_length(bytes.len())
                .unwrap_or(bytes.len() * 3 + 16);
            self.text.resize(most, 0);
            let (_, read, written, _) = decoder.decode_to_utf8(bytes, &mut self.text, self.ended);
            self.source.consume(read);
            self.text.truncate(written);
            self.at = 0;
        }
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        if self.decoder.is_some() {
            self.at += count;
        } else {
            self.source.consume(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sniff(file: &[u8]) -> Result<Findings, NoTable> {
        let mut sniffer = Sniffer::new();
        let (first, rest) = file.split_at(file.len().min(1_024));
        sniffer.feed(first);
        rest.chunks(7).for_each(|piece| sniffer.feed(piece));
        sniffer.finish()
    }

    fn decoded(file: &[u8], encoding: TextEncoding) -> String {
        let mut text = String::new();
        let source = io::BufReader::with_capacity(5, file);
        Decoded::new(source, encoding)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn utf16le(text: &str, mark: bool) -> Vec<u8> {
        let begun = mark.then_some([0xff, 0xfe]).into_iter().flatten();
        begun
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect()
    }

    const TEXT: &str = "name,city\n上海甲乙有限公司,上海\n\"北京\n丙丁\",\n\n西安,西安\n";

    #[test]
    fn each_encoding_is_recognised_counted_and_read() {
        let gbk = GB18030.encode(TEXT).0.into_owned();
        let be: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(TEXT.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        for (file, encoding) in [
            (TEXT.as_bytes().to_vec(), TextEncoding::Utf8),
            (
                [b"\xef\xbb\xbf", TEXT.as_bytes()].concat(),
                TextEncoding::Utf8,
            ),
            (gbk, TextEncoding::Gb18030),
            (utf16le(TEXT, true), TextEncoding::Utf16Le),
            (be, TextEncoding::Utf16Be),
        ] {
            let findings = sniff(&file).unwrap();
            assert_eq!((findings.encoding, findings.rows), (encoding, 3));
            let text = decoded(&file, encoding);
            assert_eq!(text.trim_start_matches('\u{feff}'), TEXT);
        }
    }

    #[test]
    fn utf_16_without_a_mark_is_known_by_its_zeros() {
        let file = utf16le("name,credit_code,province,city\nA,B,C,D\n", false);
        assert_eq!(sniff(&file).unwrap().encoding, TextEncoding::Utf16Le);
    }

    #[test]
    fn one_bad_line_does_not_make_a_text_another_encoding() {
        let mut file = TEXT.as_bytes().to_vec();
        file.extend_from_slice(b"\xb1\xb1\xbe\xa9,x\n");
        assert_eq!(sniff(&file).unwrap().encoding, TextEncoding::Utf8);
    }

    #[test]
    fn what_is_no_table_is_told_apart() {
        assert_eq!(sniff(b""), Err(NoTable::Empty));
        assert_eq!(
            sniff(b"\xd0\xcf\x11\xe0\xa1\xb1"),
            Err(NoTable::OldWorkbook)
        );
        let garbage: Vec<u8> = (0..4_000_u32).map(|n| (n * n % 251) as u8).collect();
        assert_eq!(sniff(&garbage), Err(NoTable::Binary));
        assert_eq!(sniff(b"PK\x03\x04...").unwrap().format, FileFormat::Xlsx);
    }

    #[test]
    fn the_delimiter_is_what_the_header_has_most_of() {
        for (header, delimiter) in [
            ("a;b;\"c,d,e,f\"\n", FieldDelimiter::Semicolon),
            ("a\tb\n", FieldDelimiter::Tab),
            ("a|b|c,d\n", FieldDelimiter::Pipe),
            ("a\n", FieldDelimiter::Comma),
        ] {
            assert_eq!(
                sniff(header.as_bytes()).unwrap().delimiter,
                delimiter,
                "{header}"
            );
        }
    }

    #[test]
    fn a_quote_that_never_closes_hides_no_rows_from_the_count() {
        let file: String = std::iter::once("name\n\"甲\n".to_owned())
            .chain((0..200).map(|n| format!("乙{n}\n")))
            .collect();
        assert!(sniff(file.as_bytes()).unwrap().rows >= 190);
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_and_decoded_without_a_panic(file in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = sniff(&file);
            for encoding in TextEncoding::ALL {
                let _ = io::read_to_string(Decoded::new(&file[..], *encoding));
            }
        }
    }
}
