//! Jobs, imports, idempotency, metadata.

pub mod blobs;
pub mod csv_cells;
pub mod csv_rows;
pub mod housekeeping;
pub mod import_rows;
pub mod imports;
pub mod jobs;
pub mod metadata;
pub mod sealing;
