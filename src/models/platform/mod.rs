//! Jobs, idempotency, health.
pub mod blob;
pub mod idempotency;
pub mod job;
