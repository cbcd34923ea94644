//! On which line of a file a key stood first. A million rows have two million keys: thirteen bytes and a little each.

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher},
};

use crate::domain::vocabulary::KeyKind;

/// Parts of the table: each grows alone, so that growing never takes twice the room of all.
const SHARDS: usize = 48;

/// A hash that is one already.
#[derive(Default)]
struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u32(&mut self, half: u32) {
        self.0 = (self.0 << 32) | u64::from(half);
    }
}

type Shard = HashMap<Halves, u32, BuildHasherDefault<Given>>;

/// Two halves, so that an entry takes twelve bytes and not sixteen.
#[derive(PartialEq, Eq, Clone, Copy)]
struct Halves(u32, u32);

impl std::hash::Hash for Halves {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.0);
        state.write_u32(self.1);
    }
}

/// The keys of the rows so far, by hash.
pub struct Seen(Vec<Shard>);

impl Default for Seen {
    fn default() -> Self {
        Self((0..SHARDS).map(|_| Shard::default()).collect())
    }
}

impl Seen {
    /// The line on which this key stood before; else this is the first.
    pub fn first(&mut self, kind: KeyKind, value: &str, line: i64) -> Option<i64> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((kind, value));
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
        let halves = Halves((hash >> 32) as u32, hash as u32);
        let known = self.0.get_mut(shard)?.entry(halves);
        match known {
            std::collections::hash_map::Entry::Occupied(known) => Some(i64::from(*known.get())),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(u32::try_from(line).unwrap_or(u32::MAX));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_key_is_remembered_by_kind() {
        let mut seen = Seen::default();
        for line in 2..10_000 {
            assert_eq!(seen.first(KeyKind::Name, &line.to_string(), line), None);
        }
        assert_eq!(seen.first(KeyKind::Name, "77", 20_000), Some(77));
        assert_eq!(seen.first(KeyKind::CreditCode, "77", 20_000), None);
        assert_eq!(seen.first(KeyKind::CreditCode, "77", 20_001), Some(20_000));
    }
}
