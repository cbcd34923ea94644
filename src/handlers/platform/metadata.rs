//! Enumerations with labels, administrative divisions.

use actix_web::{get, web};

use crate::{
    api::platform::metadata::{DivisionFilter, DivisionList, Enumerations, IndustryList},
    app::App,
    error::AppResult,
    http::{Caller, Filtered, Reply},
    services::platform::metadata,
};

/// List enumerations.
///
/// Every enumeration of the document with the Chinese and English label of each value; for everyone who is signed in
/// (ORG-08).
#[utoipa::path(tag = "Metadata", responses((status = 200, description = "The enumerations.", body = Enumerations)))]
#[get("/metadata/enums")]
pub async fn list_enums(app: web::Data<App>, caller: Caller) -> AppResult<Reply> {
    app.read(caller, |_, _| Ok(metadata::enumerations())).await
}

/// List administrative divisions.
///
/// The provinces, or what lies directly below `parent`: cities, then counties (CUS-11); for everyone who is signed in.
#[utoipa::path(tag = "Metadata", params(DivisionFilter), responses((status = 200, description = "The divisions.", body = DivisionList)))]
#[get("/metadata/divisions")]
pub async fn list_divisions(
    app: web::Data<App>,
    caller: Caller,
    query: Filtered<DivisionFilter>,
) -> AppResult<Reply> {
    app.query(caller, query, |_, _, filter| metadata::divisions(filter))
        .await
}

/// List industries.
///
/// The 20 sections and 97 divisions of GB/T 4754-2017 (CUS-16); for everyone who is signed in.
#[utoipa::path(tag = "Metadata", responses((status = 200, description = "The industries.", body = IndustryList)))]
#[get("/metadata/industries")]
pub async fn list_industries(app: web::Data<App>, caller: Caller) -> AppResult<Reply> {
    app.read(caller, |_, _| Ok(metadata::industries())).await
}
