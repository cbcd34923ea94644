//! Customers, contacts, registrations.

pub mod contact;
pub mod contact_plan;
pub mod customer;
pub mod customer_product;
pub mod duplicate;
pub mod duplicate_pair;
pub mod feedback;
pub mod handover;
pub mod merge;
pub mod name;
pub mod overview;
pub mod reveal;
pub mod share;
pub mod share_application;
pub mod sharing_rule;
pub mod standing;
pub mod transfer;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        // Before `/customers/{id}`, which would take their names for ids.
        .service(duplicate::check_duplicates)
        .service(duplicate_pair::scan_duplicates)
        .service(overview::get_customer_distribution)
        .service(overview::list_reference_customers)
        .service(overview::get_customer_abc)
        // An address is looked for in this order, each by a regular expression: what is asked for most comes first.
        .service(customer::register_customer)
        .service(customer::list_customers)
        .service(customer::get_customer)
        .service(customer::update_customer)
        .service(customer::correct_customer)
        .service(customer::submit_customer)
        .service(customer::withdraw_customer)
        .service(customer::delete_customer)
        .service(customer::restore_customer)
        .service(duplicate::list_registration_attempts)
        .service(duplicate::list_likely_duplicates)
        .service(name::list_customer_names)
        .service(name::add_customer_name)
        .service(name::remove_customer_name)
        .service(duplicate::get_registration_attempt)
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
        // Before `/contacts/{id}`, which fits its address too.
        .service(contact_plan::list_birthdays)
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
        .service(share::end_share)
        .service(reveal::reveal_customer)
        .service(reveal::reveal_contact)
        .service(contact_plan::list_due_care)
        .service(contact_plan::list_contact_plans)
        .service(contact_plan::create_contact_plan)
        .service(contact_plan::get_contact_plan)
        .service(contact_plan::update_contact_plan)
        .service(contact_plan::remove_contact_plan)
        .service(customer_product::list_customer_products)
        .service(customer_product::add_customer_product)
        .service(customer_product::update_customer_product)
        .service(customer_product::remove_customer_product)
        .service(customer_product::list_product_customers)
        .service(feedback::list_feedback)
        .service(feedback::record_feedback)
        .service(feedback::summarize_feedback)
        .service(feedback::get_feedback)
        .service(feedback::correct_feedback)
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
