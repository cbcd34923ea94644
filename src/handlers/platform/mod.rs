//! Jobs, health, metadata.

pub mod health;
pub mod metadata;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(metadata::list_enums)
        .service(metadata::list_divisions);
}
