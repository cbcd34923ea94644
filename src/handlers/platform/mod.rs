//! Jobs, health, metadata.

pub mod health;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(_config: &mut ServiceConfig<'_>) {}
