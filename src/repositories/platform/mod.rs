//! Jobs, idempotency, health.
pub mod idempotency;
