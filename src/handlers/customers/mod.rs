//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod duplicate;
pub mod overview;
pub mod share;
pub mod standing;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(duplicate::check_duplicates)
        .service(duplicate::list_registration_attempts)
        .service(customer::register_customer)
        .service(customer::list_customers)
        // Before `/customers/{id}`, which would take their names for ids.
        .service(overview::get_customer_distribution)
        .service(overview::list_reference_customers)
        .service(overview::get_customer_abc)
        .service(customer::get_customer)
        .service(customer::update_customer)
        .service(customer::submit_customer)
        .service(customer::withdraw_customer)
        .service(customer::delete_customer)
        .service(customer::restore_customer)
        .service(overview::get_customer_statistics)
        .service(overview::list_customer_timeline)
        .service(standing::assess_customer_value)
        .service(standing::list_value_assessments)
        .service(standing::mark_key_customer)
        .service(standing::unmark_key_customer)
        .service(standing::confirm_customer_current)
        .service(standing::enter_major_change)
        .service(standing::list_major_changes)
        .service(standing::supplement_customer)
        .service(contact::list_contacts)
        .service(contact::add_contact)
        .service(contact::get_contact)
        .service(contact::update_contact)
        .service(contact::remove_contact)
        .service(share::list_customer_shares)
        .service(share::share_customer)
        .service(share::end_share);
}
