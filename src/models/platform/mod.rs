//! Jobs, idempotency, health.
pub mod blob;
pub mod exchange;
pub mod idempotency;
pub mod job;
