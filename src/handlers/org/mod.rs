//! Units, users, roles, sessions.

pub mod calendar;
pub mod delegation;
pub mod departure;
pub mod grant;
pub mod role;
pub mod session;
pub mod unit;
pub mod user;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(session::login)
        .service(session::refresh)
        .service(session::logout)
        .service(session::change_password)
        .service(session::me)
        .service(unit::list_units)
        .service(unit::create_unit)
        .service(unit::get_unit)
        .service(unit::update_unit)
        .service(user::list_users)
        .service(user::create_user)
        .service(user::get_user)
        .service(user::update_user)
        .service(user::disable_user)
        .service(user::enable_user)
        .service(user::reset_user_password)
        .service(grant::list_user_grants)
        .service(grant::create_user_grant)
        .service(grant::get_grant)
        .service(grant::revoke_grant)
        .service(role::list_roles)
        .service(role::create_role)
        .service(role::get_role)
        .service(role::update_role)
        .service(delegation::list_delegations)
        .service(delegation::create_delegation)
        .service(delegation::get_delegation)
        .service(delegation::revoke_delegation)
        .service(delegation::list_work_in_stead)
        .service(departure::list_departures)
        .service(departure::announce_departure)
        .service(departure::get_departure)
        .service(departure::complete_departure)
        .service(departure::cancel_departure)
        .service(departure::reinstate_departure)
        .service(calendar::list_calendar_years)
        .service(calendar::get_calendar_year)
        .service(calendar::put_calendar_year)
        .service(calendar::count_business_days);
}
