//! Customers, contacts, registrations.

pub mod contact;
pub mod customer;
pub mod duplicate;
pub mod duplicate_pair;
pub mod merge;
pub mod share;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(duplicate::check_duplicates)
        .service(duplicate::list_registration_attempts)
        .service(duplicate::get_registration_attempt)
        .service(duplicate_pair::scan_duplicates)
        .service(duplicate_pair::list_duplicate_pairs)
        .service(duplicate_pair::get_duplicate_pair)
        .service(duplicate_pair::dismiss_duplicate_pair)
        .service(duplicate_pair::reopen_duplicate_pair)
        .service(merge::preview_customer_merge)
        .service(merge::merge_customers)
        .service(merge::list_merges)
        .service(merge::get_merge)
        .service(merge::list_merge_moves)
        .service(merge::undo_merge)
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
        .service(share::end_share);
}
