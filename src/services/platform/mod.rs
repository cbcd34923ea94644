//! Jobs, idempotency, health.
