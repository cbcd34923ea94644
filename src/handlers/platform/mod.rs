//! Jobs, imports, health, metadata.

pub mod export;
pub mod health;
pub mod import;
pub mod job;
pub mod metadata;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(metadata::list_enums)
        .service(metadata::list_divisions)
        .service(metadata::list_industries)
        .service(import::import_customers)
        .service(import::upload_import_file)
        .service(import::list_import_files)
        .service(import::list_import_presets)
        .service(import::create_import_preset)
        .service(import::remove_import_preset)
        .service(import::get_import_file)
        .service(import::preview_import_file)
        .service(import::start_import)
        .service(import::remove_import_file)
        .service(export::export_customers)
        .service(job::list_jobs)
        .service(job::get_job)
        .service(job::cancel_job)
        .service(job::list_job_row_errors)
        .service(job::download_job_row_errors)
        .service(job::download_job_row_errors_workbook)
        .service(job::download_job_result);
}
