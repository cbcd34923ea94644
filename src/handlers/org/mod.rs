//! Units, users, roles, sessions.

pub mod session;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(session::login)
        .service(session::refresh)
        .service(session::logout)
        .service(session::change_password)
        .service(session::me);
}
