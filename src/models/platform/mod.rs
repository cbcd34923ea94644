//! Jobs, idempotency, health.
pub mod exchange;
pub mod idempotency;
pub mod job;
