//! Jobs, idempotency, metadata.

pub mod metadata;
