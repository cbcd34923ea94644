//! Jobs, imports, idempotency, metadata.

pub mod import;
pub mod job;
pub mod metadata;
