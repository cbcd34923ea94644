//! Jobs, idempotency, health.
pub mod idempotency;
pub mod job;
