//! Opportunities, conflict cases, activities.

pub mod activity;
pub mod conflict_case;
pub mod opportunity;
pub mod reveal;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(opportunity::create_opportunity)
        .service(opportunity::list_opportunities)
        .service(opportunity::get_opportunity)
        .service(opportunity::update_opportunity)
        .service(opportunity::submit_opportunity)
        .service(opportunity::withdraw_opportunity)
        .service(opportunity::close_opportunity_won)
        .service(opportunity::close_opportunity_lost)
        .service(opportunity::reopen_opportunity)
        .service(opportunity::confirm_opportunity_close)
        .service(opportunity::reassign_opportunity)
        .service(reveal::reveal_opportunity)
        .service(conflict_case::list_conflict_cases)
        .service(conflict_case::get_conflict_case)
        .service(conflict_case::appeal_conflict_case)
        .service(conflict_case::withdraw_conflict_case)
        .service(conflict_case::rule_conflict_case)
        .service(conflict_case::appeal_registration_attempt)
        .service(conflict_case::list_conflict_case_entries)
        .service(conflict_case::add_conflict_case_entry)
        .service(conflict_case::list_cooperations)
        .service(activity::record_activity)
        .service(activity::list_activities)
        .service(activity::get_activity)
        .service(activity::correct_activity);
}
