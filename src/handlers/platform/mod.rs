//! Jobs, imports, health, metadata.

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
        .service(job::list_jobs)
        .service(job::get_job)
        .service(job::cancel_job)
        .service(job::list_job_row_errors)
        .service(job::download_job_row_errors);
}
