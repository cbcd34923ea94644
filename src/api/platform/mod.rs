//! Jobs, imports, idempotency, metadata.

pub mod export;
pub mod import;
pub mod job;
pub mod metadata;
