//! The shared strings of a workbook: kept packed in blocks, of which the last used are at hand. A million rows of names
//! and addresses take some tens of megabytes that way.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    sync::Arc,
};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use quick_xml::events::Event;

use super::{archive::Xml, bomb, damaged, text_of};
use crate::error::{AppError, AppResult};

/// How much text a block holds before it is packed.
const BLOCK: usize = 64 * 1024;
/// How many unpacked blocks are at hand.
const AT_HAND: usize = 32;
/// The most packed text of one workbook.
const PACKED: usize = 80 << 20;
/// The longest string; a cell holds 32,767 characters.
const LONGEST: usize = 32_767 * 4;

#[derive(Default)]
struct Block {
    text: String,
    ends: Vec<u32>,
}

impl Block {
    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)? as usize,
        };
        self.text.get(start..end)
    }
}

struct Packed {
    first: usize,
    ends: Vec<u32>,
    text: Vec<u8>,
}

/// The strings, by number.
#[derive(Default)]
pub struct Strings {
    packed: Vec<Packed>,
    size: usize,
    count: usize,
    open: Block,
    at_hand: VecDeque<(usize, Arc<Block>)>,
}

impl Strings {
    /// Reads `sharedStrings.xml`.
    pub fn read<S: Read>(xml: &mut Xml<S>) -> AppResult<Self> {
        let mut strings = Self::default();
        let mut text = String::new();
        // Phonetic readings (rPh) are beside the text, not of it.
        let (mut in_text, mut beside) = (false, false);
        xml.walk(|event| {
            match event {
                Event::Start(tag) => match tag.local_name().into_inner() {
                    "si" => text.clear(),
                    "t" => in_text = true,
                    "rPh" => beside = true,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().into_inner() {
                    "si" => strings.push(&text)?,
                    "t" => in_text = false,
                    "rPh" => beside = false,
                    _ => {}
                },
                Event::Empty(tag) if tag.local_name().into_inner() == "si" => strings.push("")?,
                other if in_text && !beside => {
                    if let Some(part) = text_of(other)? {
                        text.push_str(&part);
                    }
                    if text.len() > LONGEST {
                        return Err(bomb());
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        strings.pack()?;
        Ok(strings)
    }

    fn push(&mut self, text: &str) -> AppResult<()> {
        self.open.text.push_str(text);
        let end = u32::try_from(self.open.text.len()).map_err(AppError::internal)?;
        self.open.ends.push(end);
        self.count += 1;
        // Empty strings take room too: their ends do.
        if self.open.text.len() + self.open.ends.len() * 4 >= BLOCK {
            self.pack()?;
        }
        Ok(())
    }

    fn pack(&mut self) -> AppResult<()> {
        let block = std::mem::take(&mut self.open);
        if block.ends.is_empty() {
            return Ok(());
        }
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
        packer
            .write_all(block.text.as_bytes())
            .map_err(AppError::internal)?;
        let mut text = packer.finish().map_err(AppError::internal)?;
        text.shrink_to_fit();
        let mut ends = block.ends;
        ends.shrink_to_fit();
        self.size += text.len() + ends.len() * 4;
        if self.size > PACKED {
            return Err(bomb());
        }
        self.packed.push(Packed {
            first: self.count - ends.len(),
            ends,
            text,
        });
        Ok(())
    }

    /// The string of a number.
    pub fn get(&mut self, number: usize) -> AppResult<String> {
        let at = self
            .packed
            .partition_point(|block| block.first <= number)
            .checked_sub(1)
            .ok_or_else(damaged)?;
        let block = self.block(at)?;
        let first = self.packed.get(at).map_or(0, |block| block.first);
        block
            .get(number - first)
            .map(str::to_owned)
            .ok_or_else(damaged)
    }

    fn block(&mut self, at: usize) -> AppResult<Arc<Block>> {
        if let Some(place) = self.at_hand.iter().position(|(number, _)| *number == at) {
            if place > AT_HAND / 4
                && let Some(found) = self.at_hand.remove(place)
            {
                self.at_hand.push_front(found);
                return self.block(at);
            }
            if let Some((_, block)) = self.at_hand.get(place) {
                return Ok(Arc::clone(block));
            }
        }
        let packed = self.packed.get(at).ok_or_else(damaged)?;
        let mut text = String::with_capacity(BLOCK);
        DeflateDecoder::new(packed.text.as_slice())
            .read_to_string(&mut text)
            .map_err(AppError::internal)?;
        let block = Arc::new(Block {
            text,
            ends: packed.ends.clone(),
        });
        self.at_hand.truncate(AT_HAND - 1);
        self.at_hand.push_front((at, Arc::clone(&block)));
        Ok(block)
    }
}
