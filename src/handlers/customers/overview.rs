//! What is told of customers beside their cards.

use actix_web::{get, web};

use crate::{
    api::customers::overview::{
        AbcFilter, AbcView, CustomerStatistics, Distribution, DistributionFilter,
        ReferenceCustomer, ReferenceFilter, TimelineEntry, TimelineFilter,
    },
    app::App,
    domain::id::kind::{Customer, CustomerId},
    error::AppResult,
    http::{
        Caller, Filtered, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::{
        abc, distribution,
        lists::{self, CustomerSort},
        statistics,
        timeline::{self, TimelineSort},
    },
};

/// Get the statistics of a customer.
///
/// Opportunities, quotes and contracts by state with their amounts, activities, contacts, shares, refused attempts
/// (CUS-17, CUS-40): of all this what the caller may see.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "The statistics.", body = CustomerStatistics)))]
#[get("/customers/{id}/statistics")]
pub async fn get_customer_statistics(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| statistics::of(conn, ctx, id.0))
        .await
}

/// List a customer's timeline.
///
/// Everything that happened with it, in one order of time: its own history, opportunities, quotes, contracts, approvals,
/// conflict cases, activities (CUS-17, CUS-40, CUS-44), as far as the caller may see them. Of each kind of record the
/// 1,000 latest are followed; `include_total` counts nothing here. Sort key: `at`.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer."), TimelineFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<TimelineEntry>)))]
#[get("/customers/{id}/timeline")]
pub async fn list_customer_timeline(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    query: Listed<TimelineFilter, TimelineSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        timeline::list(conn, ctx, id.0, query)
    })
    .await
}

/// Count customers by a class.
///
/// By source, value, industry, condition, relationship, owner and so on, among those that the caller may see (CUS-32).
#[utoipa::path(tag = "Customers", params(DistributionFilter), responses((status = 200, description = "The groups, largest first.", body = Distribution)))]
#[get("/customers/distribution")]
pub async fn get_customer_distribution(
    app: web::Data<App>,
    caller: Caller,
    query: Filtered<DistributionFilter>,
) -> AppResult<Reply> {
    app.query(caller, query, distribution::count).await
}

/// List reference customers.
///
/// Successful customers in effect with their signed contracts, by industry or division (CUS-47). Sort keys: those of the
/// customers.
#[utoipa::path(tag = "Customers", params(ReferenceFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ReferenceCustomer>)))]
#[get("/customers/references")]
pub async fn list_reference_customers(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ReferenceFilter, CustomerSort>,
) -> AppResult<Reply> {
    app.list(caller, query, lists::references).await
}

/// Get the 80/20 view of the business.
///
/// Signed contracts by customer, largest first, with classes A, B and C by the policy `customer_value` (CUS-46).
#[utoipa::path(tag = "Customers", params(AbcFilter), responses((status = 200, description = "The business by customer.", body = AbcView)))]
#[get("/customers/abc")]
pub async fn get_customer_abc(
    app: web::Data<App>,
    caller: Caller,
    query: Filtered<AbcFilter>,
) -> AppResult<Reply> {
    app.query(caller, query, abc::view).await
}
