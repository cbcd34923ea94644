//! Products, quotes, contracts.

pub mod contract;
pub mod placement;
pub mod product;
pub mod quote;
pub mod supplier;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(product::list_products)
        .service(product::create_product)
        .service(product::get_product)
        .service(product::update_product)
        .service(placement::list_placements)
        .service(placement::add_placement)
        .service(placement::get_placement)
        .service(placement::update_placement)
        .service(supplier::list_suppliers)
        .service(supplier::register_supplier)
        .service(supplier::get_supplier)
        .service(supplier::update_supplier)
        .service(supplier::rate_supplier)
        .service(supplier::delete_supplier)
        .service(supplier::restore_supplier)
        .service(quote::list_quotes)
        .service(quote::create_quote)
        .service(quote::get_quote)
        .service(quote::update_quote)
        .service(quote::submit_quote)
        .service(quote::withdraw_quote)
        .service(quote::send_quote)
        .service(quote::accept_quote)
        .service(quote::decline_quote)
        .service(contract::list_contracts)
        .service(contract::create_contract)
        .service(contract::get_contract)
        .service(contract::update_contract)
        .service(contract::submit_contract)
        .service(contract::withdraw_contract)
        .service(contract::sign_contract)
        .service(contract::cancel_contract);
}
