//! Jobs, imports and exports, metadata.

pub mod blobs;
pub mod csv_cells;
pub mod csv_rows;
mod export_cells;
pub mod exports;
pub mod housekeeping;
mod import_check;
pub mod import_chunks;
pub mod import_columns;
pub mod import_files;
pub mod import_owners;
pub mod import_presets;
pub mod import_report;
pub mod import_rows;
mod import_seen;
pub mod imports;
pub mod job_results;
pub mod jobs;
pub mod metadata;
pub mod sealing;
pub mod stored_files;
pub mod table_writer;
pub mod text_source;
pub mod workbook;
