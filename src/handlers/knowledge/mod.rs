//! Documents, competitors.

pub mod competitor;
pub mod document;
pub mod opportunity_competitor;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(document::list_documents)
        .service(document::create_document)
        .service(document::upload_document)
        .service(document::get_document)
        .service(document::update_document)
        .service(document::list_document_versions)
        .service(document::upload_document_version)
        .service(document::download_document)
        .service(document::link_document)
        .service(document::unlink_document)
        .service(document::delete_document)
        .service(document::restore_document)
        .service(competitor::list_competitors)
        .service(competitor::create_competitor)
        .service(competitor::get_competitor)
        .service(competitor::update_competitor)
        .service(competitor::delete_competitor)
        .service(competitor::restore_competitor)
        .service(opportunity_competitor::list_opportunity_competitors)
        .service(opportunity_competitor::add_opportunity_competitor)
        .service(opportunity_competitor::update_opportunity_competitor)
        .service(opportunity_competitor::remove_opportunity_competitor)
        .service(opportunity_competitor::list_competitor_opportunities);
}
