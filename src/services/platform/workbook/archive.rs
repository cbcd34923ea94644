//! The parts of a workbook: found through the archive's directory, inflated as streams under a watch.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::read::DeflateDecoder;
use quick_xml::{Reader, events::Event};
use zip::{CompressionMethod, ZipArchive};

use super::{bomb, damaged, not_a_workbook};
use crate::error::{AppError, AppResult};

/// A workbook has a few dozen parts; pictures and charts make it some hundreds.
const ENTRIES: usize = 2_000;
/// A million rows of thirty columns are about this large.
const INFLATED: u64 = 3 << 30;
/// XML of sheets shrinks by ten to forty; a bomb by a thousand.
const RATIO: u64 = 250;
/// Below this the ratio says nothing.
const SMALL: u64 = 8 << 20;
/// The longest tag or text that a sheet has; a cell holds 32,767 characters.
const EVENT: u64 = 1 << 20;

/// An opened archive.
pub struct Archive<S> {
    source: S,
    zip: ZipArchive<S>,
}

impl<S: Read + Seek + Clone> Archive<S> {
    pub fn open(mut source: S) -> AppResult<Self> {
        few_entries(&mut source)?;
        let zip = ZipArchive::new(source.clone()).map_err(|_| not_a_workbook())?;
        if zip.len() > ENTRIES {
            return Err(bomb());
        }
        Ok(Self { source, zip })
    }

    /// A part as XML; none if there is no such part.
    pub fn xml(&mut self, path: &str) -> AppResult<Option<Xml<S>>> {
        let Some(index) = self.zip.index_for_name(path) else {
            return Ok(None);
        };
        let entry = self.zip.by_index_raw(index).map_err(|_| damaged())?;
        if entry.encrypted() {
            return Err(not_a_workbook());
        }
        let (size, method) = (entry.compressed_size(), entry.compression());
        let start = entry.data_start().ok_or_else(damaged)?;
        drop(entry);
        let mut source = self.source.clone();
        source
            .seek(SeekFrom::Start(start))
            .map_err(crate::services::platform::stored_files::unread)?;
        let packed = BufReader::new(source.take(size));
        let inflating = match method {
            CompressionMethod::Stored => Inflating::Plain(packed),
            CompressionMethod::Deflated => Inflating::Deflated(DeflateDecoder::new(packed)),
            _ => return Err(not_a_workbook()),
        };
        let watched = Watched {
            inflating,
            packed: size,
            inflated: 0,
            event: 0,
        };
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, watched));
        reader.config_mut().check_end_names = false;
        Ok(Some(Xml {
            reader,
            buffer: Vec::new(),
        }))
    }
}

/// The archive's own count of its entries, before anything is made of them.
fn few_entries<S: Read + Seek>(source: &mut S) -> AppResult<()> {
    use crate::services::platform::stored_files::unread;
    const TAIL: u64 = 65_535 + 22;
    let size = source.seek(SeekFrom::End(0)).map_err(unread)?;
    source
        .seek(SeekFrom::Start(size.saturating_sub(TAIL)))
        .map_err(unread)?;
    let mut tail = Vec::new();
    source.take(TAIL).read_to_end(&mut tail).map_err(unread)?;
    let count = tail
        .windows(22)
        .rev()
        .find(|window| window.starts_with(b"PK\x05\x06"))
        .and_then(|end| end.get(10..)?.first_chunk::<2>().copied())
        .map(u16::from_le_bytes);
    match count {
        None => Err(not_a_workbook()),
        Some(count) if usize::from(count) > ENTRIES => Err(bomb()),
        Some(_) => Ok(()),
    }
}

enum Inflating<S> {
    Plain(BufReader<Take<S>>),
    Deflated(DeflateDecoder<BufReader<Take<S>>>),
}

/// Counts what comes out, and stops what comes out for too long.
struct Watched<S> {
    inflating: Inflating<S>,
    packed: u64,
    inflated: u64,
    /// Since the last event ended.
    event: u64,
}

impl<S: Read> Read for Watched<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.inflating {
            Inflating::Plain(source) => source.read(buffer),
            Inflating::Deflated(source) => source.read(buffer),
        }
        .map_err(|error| match error.downcast::<AppError>() {
            Ok(error) => io::Error::other(error),
            Err(_) => io::Error::other(damaged()),
        })?;
        self.inflated += count as u64;
        self.event += count as u64;
        let ratio = self.inflated / self.packed.max(1);
        if self.inflated > INFLATED
            || (self.inflated > SMALL && ratio > RATIO)
            || self.event > EVENT
        {
            return Err(io::Error::other(bomb()));
        }
        Ok(count)
    }
}

/// A part, event by event.
pub struct Xml<S> {
    reader: Reader<BufReader<Watched<S>>>,
    buffer: Vec<u8>,
}

impl<S: Read> Xml<S> {
    /// Hands the next event on; `None` at the end.
    pub fn next<T>(
        &mut self,
        visit: impl FnOnce(&Event<'_>) -> AppResult<T>,
    ) -> AppResult<Option<T>> {
        self.buffer.clear();
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return Err(passed_on(&error)),
            Err(_) => return Err(damaged()),
        };
        let visited = match event {
            Event::Eof => return Ok(None),
            event => visit(&event)?,
        };
        self.reader.get_mut().get_mut().event = 0;
        Ok(Some(visited))
    }

    /// Hands every event on.
    pub fn walk(&mut self, mut visit: impl FnMut(&Event<'_>) -> AppResult<()>) -> AppResult<()> {
        while self.next(&mut visit)?.is_some() {}
        Ok(())
    }
}

/// The reader shares its error, so it is told again rather than handed on.
fn passed_on(error: &io::Error) -> AppError {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<AppError>());
    match inner {
        Some(known) if known.code() == crate::error::Code::Invalid => {
            AppError::invalid(known.errors().to_vec())
        }
        Some(known) => AppError::unavailable(1, known),
        None => damaged(),
    }
}
