//! On which line of a file a key stood first. A million rows have three million keys: twelve bytes and a little each.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::domain::vocabulary::KeyKind;

/// Lists in which the keys are kept: few enough in each that one more is soon put in its place.
const LISTS: usize = 4_096;
/// By how much a list grows: not by half, as it would by itself, of which the other half stood empty.
const MORE: usize = 64;

/// Hashes in their order, and the line of each.
#[derive(Clone, Default)]
struct Sorted {
    hashes: Vec<u64>,
    lines: Vec<u32>,
}

impl Sorted {
    fn first(&mut self, hash: u64, line: i64) -> Option<i64> {
        match self.hashes.binary_search(&hash) {
            Ok(at) => self.lines.get(at).copied().map(i64::from),
            Err(at) => {
                if self.hashes.len() == self.hashes.capacity() {
                    self.hashes.reserve_exact(MORE);
                    self.lines.reserve_exact(MORE);
                }
                self.hashes.insert(at, hash);
                self.lines
                    .insert(at, u32::try_from(line).unwrap_or(u32::MAX));
                None
            }
        }
    }
}

/// The keys of the rows so far, by hash.
pub struct Seen(Vec<Sorted>);

impl Default for Seen {
    fn default() -> Self {
        Self(vec![Sorted::default(); LISTS])
    }
}

impl Seen {
    /// The line on which this key stood before; else this is the first.
    pub fn first(&mut self, kind: KeyKind, value: &str, line: i64) -> Option<i64> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((kind, value));
        let list = usize::try_from(hash % LISTS as u64).unwrap_or(0);
        self.0.get_mut(list)?.first(hash, line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_key_is_remembered_by_kind() {
        let mut seen = Seen::default();
        for line in 2..400_000 {
            assert_eq!(seen.first(KeyKind::Name, &line.to_string(), line), None);
        }
        assert_eq!(seen.first(KeyKind::Name, "77", 500_000), Some(77));
        assert_eq!(seen.first(KeyKind::CreditCode, "77", 500_000), None);
        assert_eq!(
            seen.first(KeyKind::CreditCode, "77", 500_001),
            Some(500_000)
        );
    }
}
