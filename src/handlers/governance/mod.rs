//! Policies, approvals, audit.

pub mod approval;
pub mod event;
pub mod policy;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(approval::list_approvals)
        .service(approval::get_approval)
        .service(approval::decide_approval)
        .service(approval::withdraw_approval)
        .service(policy::list_policies)
        .service(policy::get_policy)
        .service(policy::list_policy_versions)
        .service(policy::propose_policy_version)
        .service(policy::get_policy_version)
        .service(policy::withdraw_policy_version)
        .service(event::list_events)
        .service(event::list_history);
}
