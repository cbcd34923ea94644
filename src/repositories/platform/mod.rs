//! Jobs, idempotency, health.
pub mod blobs;
pub mod idempotency;
pub mod job_row_errors;
pub mod jobs;
pub mod sealing;
