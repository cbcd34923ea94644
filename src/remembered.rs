//! Values that are kept under a revision and read again once that has moved on.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, RwLock},
};

/// One value of a revision.
#[derive(Debug)]
pub struct Remembered<T>(RwLock<Option<(i64, Arc<T>)>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T> Remembered<T> {
    /// The value at a revision. Whoever asks read the revision first: what is loaded is at least as new.
    ///
    /// # Errors
    /// What loading it says.
    pub fn at<E>(&self, revision: i64, load: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        if let Ok(kept) = self.0.read()
            && let Some((of, value)) = &*kept
            && *of == revision
        {
            return Ok(Arc::clone(value));
        }
        let fresh = Arc::new(load()?);
        if let Ok(mut kept) = self.0.write() {
            *kept = Some((revision, Arc::clone(&fresh)));
        }
        Ok(fresh)
    }
}

/// How many values are remembered before all are forgotten.
const MOST: usize = 20_000;

/// The values of many keys, all of one revision.
#[derive(Debug)]
pub struct RememberedBy<K, T>(RwLock<(i64, HashMap<K, Arc<T>>)>);

impl<K, T> Default for RememberedBy<K, T> {
    fn default() -> Self {
        Self(RwLock::new((0, HashMap::new())))
    }
}

impl<K: Eq + Hash, T> RememberedBy<K, T> {
    /// The value of a key at a revision, as [`Remembered::at`].
    ///
    /// # Errors
    /// What loading it says.
    pub fn at<E>(
        &self,
        revision: i64,
        key: K,
        load: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        if let Ok(kept) = self.0.read()
            && kept.0 == revision
            && let Some(value) = kept.1.get(&key)
        {
            return Ok(Arc::clone(value));
        }
        let fresh = Arc::new(load()?);
        if let Ok(mut kept) = self.0.write() {
            if kept.0 != revision || kept.1.len() >= MOST {
                *kept = (revision, HashMap::new());
            }
            kept.1.insert(key, Arc::clone(&fresh));
        }
        Ok(fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_loaded_once_a_revision() {
        let kept = Remembered::default();
        let of = |revision, value| kept.at(revision, || Ok::<_, ()>(value)).map(|kept| *kept);
        assert_eq!(of(1, 'a'), Ok('a'));
        assert_eq!(of(1, 'b'), Ok('a'));
        assert_eq!(of(2, 'c'), Ok('c'));
        assert_eq!(of(1, 'd'), Ok('d'));
    }

    #[test]
    fn what_could_not_be_loaded_is_not_remembered() {
        let kept = RememberedBy::default();
        assert_eq!(kept.at(1, "x", || Err::<u8, _>("lost")).ok(), None);
        assert_eq!(kept.at(1, "x", || Ok::<_, ()>(7)).ok().as_deref(), Some(&7));
        assert_eq!(kept.at(1, "x", || Ok::<_, ()>(8)).ok().as_deref(), Some(&7));
    }

    #[test]
    fn a_new_revision_forgets_every_key() {
        let kept = RememberedBy::default();
        let of = |revision, key, value| {
            let found = kept.at(revision, key, || Ok::<_, ()>(value));
            found.map(|kept| *kept)
        };
        assert_eq!(of(1, "x", 1), Ok(1));
        assert_eq!(of(1, "y", 2), Ok(2));
        assert_eq!(of(2, "x", 3), Ok(3));
        assert_eq!(of(2, "y", 4), Ok(4));
    }
}
