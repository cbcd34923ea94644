//! Cursors: opaque, signed, bound to the query that they continue.

use crate::{
    auth::keys,
    db::paging::bad_cursor,
    error::{AppError, AppResult},
};

const MAC: usize = 32;

/// Seals the last row's sort values into a cursor.
///
/// # Errors
/// When the values cannot be written.
pub fn seal(key: &[u8; 32], binding: &str, values: &[String]) -> AppResult<String> {
    let payload = serde_json::to_vec(values).map_err(AppError::internal)?;
    let mac = keys::hex(&keys::mac(key, &[binding.as_bytes(), &payload])[..MAC / 2]);
    Ok(format!("{mac}{}", keys::hex(&payload)))
}

/// The values of a cursor that was sealed for this query.
///
/// # Errors
/// `INVALID_CURSOR`.
pub fn open(key: &[u8; 32], binding: &str, text: &str) -> AppResult<Vec<String>> {
    let (mac, payload) = text.split_at_checked(MAC).ok_or_else(bad_cursor)?;
    let payload = unhex(payload).ok_or_else(bad_cursor)?;
    let wanted = keys::hex(&keys::mac(key, &[binding.as_bytes(), &payload])[..MAC / 2]);
    if !keys::same(mac.as_bytes(), wanted.as_bytes()) {
        return Err(bad_cursor());
    }
    serde_json::from_slice(&payload).map_err(|_| bad_cursor())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
