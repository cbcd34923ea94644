//! Policies, approvals, audit.

pub mod approval;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(approval::list_approvals)
        .service(approval::get_approval)
        .service(approval::decide_approval)
        .service(approval::withdraw_approval);
}
