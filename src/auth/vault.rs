//! The vault: personal data sealed at rest (SEC-02, AMB-36), and found again through keyed blind indexes (DUP-05).
//!
//! A sealed value is `v1.<key id>.<base64url of nonce, ciphertext and tag>` by AES-256-GCM-SIV. Its place (table, column,
//! record) is authenticated with it, so that whoever can write to the database cannot put one person's phone into
//! another's card. A blind index is `<key id>.<base64url>` of an HMAC-SHA-256 cut to 128 bits: equal values have equal
//! indexes, and without the key nobody can try out numbers.
//!
//! Keys come as a ring. The first seals; all of them open. Unique keys are claimed under every key of the ring, so that
//! duplicates are refused while a rotation goes on ([decision 009](../../docs/decisions/009-personal-data-at-rest.md)).

use std::fmt;

use aes_gcm_siv::{
    Aes256GcmSiv, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::keys::{hex, mac};
use crate::error::{AppError, AppResult};

const VERSION: &str = "v1";
const NONCE: usize = 12;
const INDEX: usize = 16;

/// A column that holds sealed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub name: &'static str,
    /// The columns of the table's primary key, in the order in which [`Column::at`] is given them, joined by `/`.
    pub key: &'static [&'static str],
}

impl Column {
    /// A column of a table whose primary key is `id`.
    pub const fn of(table: &'static str, name: &'static str) -> Self {
        Self::keyed(table, name, &["id"])
    }

    /// A column of a table with another primary key.
    pub const fn keyed(
        table: &'static str,
        name: &'static str,
        key: &'static [&'static str],
    ) -> Self {
        Self { table, name, key }
    }

    /// This column in one row.
    pub fn at(&self, record: impl fmt::Display) -> Place {
        Place {
            column: *self,
            record: record.to_string(),
        }
    }
}

/// Where a value stands: it opens nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    column: Column,
    record: String,
}

impl Place {
    /// What is authenticated with the value. No part may hold the separator, so parts cannot be shifted.
    fn associated(&self) -> Vec<u8> {
        [VERSION, self.column.table, self.column.name, &self.record]
            .join("\u{1f}")
            .into_bytes()
    }
}

/// A sealed value, as the database keeps it.
#[derive(
    Clone, PartialEq, Eq, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Sealed(String);

impl Sealed {
    /// What a database row says.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// As the database keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the key that sealed it, if it is sealed at all.
    pub fn key_id(&self) -> Option<&str> {
        key_id(&self.0)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

/// The id of the key that sealed a stored text, if it is sealed at all.
pub fn key_id(stored: &str) -> Option<&str> {
    match stored.split('.').collect::<Vec<_>>()[..] {
        [VERSION, id, _] => Some(id),
        _ => None,
    }
}

struct Key {
    id: String,
    cipher: Aes256GcmSiv,
    index: [u8; 32],
}

impl Key {
    fn derive(secret: &str) -> Self {
        let key = |purpose: &str| mac(secret.as_bytes(), &[b"xianlu/v1/data/", purpose.as_bytes()]);
        Self {
            id: hex(&key("id")[..4]),
            cipher: Aes256GcmSiv::new(&key("seal").into()),
            index: key("index"),
        }
    }

    fn blind(&self, label: &str, value: &str) -> String {
        let hash = mac(&self.index, &[label.as_bytes(), value.as_bytes()]);
        format!("{}.{}", self.id, BASE64.encode(&hash[..INDEX]))
    }
}

/// Seals and opens personal data.
pub struct Vault {
    current: Key,
    older: Vec<Key>,
    hashing: [u8; 32],
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A ring of data keys, the current one first; without any, the one that follows from the installation's secret.
    pub fn new(data_keys: &[String], secret: &str) -> Self {
        let mut ring = data_keys.iter().map(|key| Key::derive(key));
        Self {
            current: ring.next().unwrap_or_else(|| Key::derive(secret)),
            older: ring.collect(),
            hashing: mac(secret.as_bytes(), &[b"xianlu/v1/data/hash64"]),
        }
    }

    fn ring(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.older)
    }

    /// The id of the key that seals.
    pub fn current_id(&self) -> &str {
        &self.current.id
    }

    /// The ids of all keys that open, the current one first.
    pub fn ids(&self) -> Vec<&str> {
        self.ring().map(|key| key.id.as_str()).collect()
    }

    /// Seals a text for its place.
    ///
    /// # Errors
    /// A text beyond the cipher's limit of 64 GiB.
    pub fn seal(&self, place: &Place, text: &str) -> AppResult<Sealed> {
        self.seal_bytes(place, text.as_bytes())
    }

    /// Seals what may be there.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal_some(&self, place: &Place, text: Option<&str>) -> AppResult<Option<Sealed>> {
        text.map(|text| self.seal(place, text)).transpose()
    }

    /// Seals bytes for their place.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal_bytes(&self, place: &Place, bytes: &[u8]) -> AppResult<Sealed> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: bytes,
            aad: &place.associated(),
        };
        let sealed = self
            .current
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| AppError::internal("a value is too long to be sealed"))?;
        let mut text = format!("{VERSION}.{}.", self.current.id);
        BASE64.encode_string([&nonce[..], &sealed].concat(), &mut text);
        Ok(Sealed(text))
    }

    /// Opens a text.
    ///
    /// # Errors
    /// A fault: the value was changed or moved, or its key is not in the ring. Nothing of it is told.
    pub fn open(&self, place: &Place, sealed: &Sealed) -> AppResult<String> {
        String::from_utf8(self.open_bytes(place, sealed)?)
            .map_err(|_| AppError::internal("a sealed value is no text"))
    }

    /// Opens what may be there.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_some(&self, place: &Place, sealed: Option<&Sealed>) -> AppResult<Option<String>> {
        sealed.map(|sealed| self.open(place, sealed)).transpose()
    }

    /// Opens bytes.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_bytes(&self, place: &Place, sealed: &Sealed) -> AppResult<Vec<u8>> {
        let fault = |why: &str| {
            let Column { table, name, .. } = place.column;
            AppError::internal(format!("{table}.{name} of {}: {why}", place.record))
        };
        let id = sealed.key_id().ok_or_else(|| fault("not sealed"))?;
        let key = self
            .ring()
            .find(|key| key.id == id)
            .ok_or_else(|| fault("its key is not in XIANLU_DATA_KEYS"))?;
        let encoded = sealed.0.rsplit('.').next().unwrap_or_default();
        let bytes = BASE64.decode(encoded).map_err(|_| fault("damaged"))?;
        let (nonce, message) = bytes
            .split_first_chunk::<NONCE>()
            .ok_or_else(|| fault("damaged"))?;
        let payload = Payload {
            msg: message,
            aad: &place.associated(),
        };
        key.cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| fault("changed or moved"))
    }

    /// The blind index of a canonical value under the current key. `label` separates kinds of values.
    pub fn blind(&self, label: &str, value: &str) -> String {
        self.current.blind(label, value)
    }

    /// The blind indexes of a value under every key of the ring, the current one first: what a unique key claims, and
    /// what a look-up looks for.
    pub fn blinds(&self, label: &str, value: &str) -> Vec<String> {
        self.ring().map(|key| key.blind(label, value)).collect()
    }

    /// A keyed hash for indexes that only narrow a search. Its key follows from the installation's secret and does not
    /// rotate with the data keys.
    pub fn keyed_hash64(&self, label: &str, bytes: &[u8]) -> i64 {
        let hash = mac(&self.hashing, &[label.as_bytes(), bytes]);
        hash.first_chunk()
            .map_or(0, |head| i64::from_be_bytes(*head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: Column = Column::of("customers", "phone");
    const MOBILE: Column = Column::of("contacts", "mobile");

    fn ring(keys: &[&str]) -> Vault {
        let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
        Vault::new(&keys, "the installation's secret")
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_only() {
        let vault = ring(&["one"]);
        let sealed = vault.seal(&PHONE.at(1), "13800138000").unwrap();
        assert_eq!(vault.open(&PHONE.at(1), &sealed).unwrap(), "13800138000");
        assert!(vault.open(&PHONE.at(2), &sealed).is_err());
        assert!(vault.open(&MOBILE.at(1), &sealed).is_err());
        assert_eq!(format!("{sealed:?}"), "Sealed");
    }

    #[test]
    fn every_changed_character_is_found_out() {
        let vault = ring(&["one"]);
        let place = PHONE.at(1);
        let sealed = vault.seal(&place, "13800138000").unwrap();
        for (at, old) in sealed.as_str().char_indices() {
            let new = if old == 'A' { "B" } else { "A" };
            let mut text = sealed.as_str().to_owned();
            text.replace_range(at..=at, new);
            assert!(
                vault.open(&place, &Sealed::from_stored(text)).is_err(),
                "character {at}"
            );
        }
        for damaged in ["", "13800138000", "v1", "v1..", "v1.x.", "v2.a.b"] {
            let stored = Sealed::from_stored(damaged.to_owned());
            assert!(vault.open(&place, &stored).is_err(), "{damaged}");
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_the_same() {
        let vault = ring(&["one"]);
        let seal = || vault.seal(&PHONE.at(1), "13800138000").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn an_older_key_opens_and_the_first_seals() {
        let place = PHONE.at(1);
        let old = ring(&["one"]).seal(&place, "13800138000").unwrap();
        let both = ring(&["two", "one"]);
        assert_eq!(both.open(&place, &old).unwrap(), "13800138000");
        let new = both.seal(&place, "13800138000").unwrap();
        assert_eq!(new.key_id(), Some(both.current_id()));
        assert!(ring(&["two"]).open(&place, &new).is_ok());
        let refused = ring(&["two"]).open(&place, &old).unwrap_err();
        assert_eq!(refused.code(), crate::error::Code::Internal);
    }

    #[test]
    fn indexes_are_equal_for_equal_values_of_one_kind_and_key() {
        let vault = ring(&["one"]);
        assert_eq!(vault.blind("phone", "1"), vault.blind("phone", "1"));
        assert_ne!(vault.blind("phone", "1"), vault.blind("phone", "2"));
        assert_ne!(vault.blind("phone", "1"), vault.blind("email", "1"));
        assert_ne!(
            vault.blind("phone", "1"),
            ring(&["two"]).blind("phone", "1")
        );
        assert_eq!(
            ring(&["two", "one"]).blinds("phone", "1"),
            [
                ring(&["two"]).blind("phone", "1"),
                vault.blind("phone", "1")
            ]
        );
        assert_eq!(
            vault.keyed_hash64("address", b"x"),
            ring(&["two"]).keyed_hash64("address", b"x")
        );
    }

    #[test]
    fn without_data_keys_the_secret_seals_and_may_be_named_later() {
        let place = PHONE.at(1);
        let sealed = ring(&[]).seal(&place, "13800138000").unwrap();
        let named = ring(&["new", "the installation's secret"]);
        assert_eq!(named.open(&place, &sealed).unwrap(), "13800138000");
    }
}
