//! Jobs, idempotency, health.
pub mod blobs;
pub mod exchange_files;
pub mod idempotency;
pub mod import_presets;
pub mod job_row_errors;
pub mod jobs;
pub mod revisions;
pub mod sealing;
