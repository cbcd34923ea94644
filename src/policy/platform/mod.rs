//! What comes in and goes out.

pub mod exchange;
