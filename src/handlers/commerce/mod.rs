//! Products, quotes, contracts.

pub mod contract;
pub mod product;
pub mod quote;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(product::list_products)
        .service(product::create_product)
        .service(product::get_product)
        .service(product::update_product)
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
