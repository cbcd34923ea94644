//! Keys, tokens and passwords.

pub mod keys;
pub mod passwords;
pub mod tokens;
pub mod vault;
