//! Documents: what may be kept.

pub mod file_type;
