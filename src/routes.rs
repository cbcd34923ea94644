//! The one table that names every area: what is served, and so what the OpenAPI document shows.

use utoipa_actix_web::{scope, service_config::ServiceConfig};

use crate::handlers::{commerce, customers, governance, knowledge, org, platform, sales};

/// Everything that is served.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(platform::health::live)
        .service(platform::health::ready)
        .service(platform::health::metrics)
        .service(
            scope::scope("/api/v1")
                // An address is looked for in this order: what is asked for most comes first.
                .configure(customers::routes)
                .configure(org::routes)
                .configure(commerce::routes)
                .configure(governance::routes)
                .configure(sales::routes)
                .configure(knowledge::routes)
                .configure(platform::routes),
        );
}
