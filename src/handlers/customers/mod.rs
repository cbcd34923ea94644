//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod duplicate;
pub mod handover;
pub mod share;
pub mod share_application;
pub mod sharing_rule;
pub mod transfer;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(duplicate::check_duplicates)
        .service(duplicate::list_registration_attempts)
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
        .service(share::list_shares)
        .service(share::update_share)
        .service(share_application::apply_for_share)
        .service(share_application::list_share_applications)
        .service(share_application::get_share_application)
        .service(share_application::withdraw_share_application)
        .service(sharing_rule::list_sharing_rules)
        .service(sharing_rule::create_sharing_rule)
        .service(sharing_rule::preview_sharing_rule)
        .service(sharing_rule::get_sharing_rule)
        .service(sharing_rule::update_sharing_rule)
        .service(transfer::transfer_customer)
        .service(transfer::transfer_customers)
        .service(transfer::return_customer_to_group)
        .service(transfer::take_customer_from_group)
        .service(transfer::list_shared_customers)
        .service(handover::preview_handover)
        .service(handover::order_handover)
        .service(handover::list_handovers)
        .service(handover::get_handover);
}
