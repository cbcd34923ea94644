//! Password hashes: Argon2id, each with its own salt (S9).

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::error::{AppError, AppResult};

/// Hashes a password; takes tens of milliseconds on purpose, so never call it inside a transaction.
///
/// # Errors
/// When the system gives no randomness for the salt.
pub fn hash(password: &str) -> AppResult<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(AppError::internal)
}

/// Whether the password is the hash's. As slow as [`hash`].
pub fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// Spends the time of a verification where there is no account, so that time does not tell which logins exist.
pub fn verify_nothing(password: &str) {
    static DECOY: LazyLock<String> =
        LazyLock::new(|| hash("nobody's password").unwrap_or_default());
    let _ = verify(password, &DECOY);
}

/// A password that nobody can guess, to be shown once: 96 random bits.
pub fn generate() -> String {
    super::keys::hex(&rand::random::<[u8; 12]>())
}
