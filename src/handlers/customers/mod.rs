//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod duplicate;
pub mod name;
pub mod reveal;
pub mod share;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(duplicate::check_duplicates)
        .service(duplicate::list_registration_attempts)
        .service(duplicate::list_likely_duplicates)
        .service(name::list_customer_names)
        .service(name::add_customer_name)
        .service(name::remove_customer_name)
        .service(customer::register_customer)
        .service(customer::list_customers)
        .service(customer::get_customer)
        .service(customer::update_customer)
        .service(customer::submit_customer)
        .service(customer::withdraw_customer)
        .service(customer::delete_customer)
        .service(customer::restore_customer)
        .service(contact::list_contacts)
        .service(contact::add_contact)
        .service(contact::get_contact)
        .service(contact::update_contact)
        .service(contact::remove_contact)
        .service(share::list_customer_shares)
        .service(share::share_customer)
        .service(share::end_share)
        .service(reveal::reveal_customer)
        .service(reveal::reveal_contact);
}
