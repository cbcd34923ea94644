//! Every key is derived from the one secret, for one purpose each.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The derived keys of this installation.
#[derive(Clone)]
pub struct Keys {
    /// Signs access tokens.
    pub tokens: [u8; 32],
    /// Signs cursors.
    pub cursors: [u8; 32],
    /// Chains the audit trail.
    pub audit: [u8; 32],
    /// Hashes refresh tokens at rest.
    pub refresh: [u8; 32],
    /// Fingerprints requests that are kept for retries: their bodies may hold passwords.
    pub requests: [u8; 32],
}

impl Keys {
    /// Derives all keys.
    pub fn derive(secret: &str) -> Self {
        let key = |purpose: &str| mac(secret.as_bytes(), &[b"xianlu/v1/", purpose.as_bytes()]);
        Self {
            tokens: key("tokens"),
            cursors: key("cursors"),
            audit: key("audit"),
            refresh: key("refresh"),
            requests: key("requests"),
        }
    }
}

/// HMAC-SHA256 over the parts, each preceded by its length so that parts cannot be shifted into one another.
pub fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so this cannot fail; an empty MAC would fail every comparison.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256 of the parts, as [`mac`] joins them.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Compares without telling by time where the difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .fold(0, |difference, (x, y)| difference | (x ^ y))
            == 0
}
