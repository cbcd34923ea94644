//! The HTTP server: limits, time-outs, graceful stop.

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_cors::Cors;
use actix_web::{
    App as ActixApp, HttpRequest, HttpResponse, HttpServer,
    dev::Server,
    guard,
    http::header::{self, HeaderName},
    middleware::from_fn,
    web,
};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use super::{addresses::Addresses, edge};
use crate::{
    app::App,
    error::{AppError, AppResult},
    openapi, routes,
};

const SWAGGER: &str = "/swagger-ui/{_:.*}";

/// What is served outside of the OpenAPI document, to GET only.
pub const UNDOCUMENTED: [&str; 4] = [openapi::PATH, SWAGGER, "/swagger-ui", "/"];

/// Starts serving on a bound socket; the future ends when the server has stopped.
///
/// # Errors
/// When the socket cannot be served or the document cannot be written.
pub fn serve(app: &App, listener: TcpListener) -> std::io::Result<Server> {
    let workers = app.config().workers.unwrap_or_else(|| app.config().cores());
    let document = openapi::document();
    let addresses = web::Data::new(Addresses::of(&document));
    let document: Arc<str> = document
        .to_pretty_json()
        .map_err(std::io::Error::other)?
        .into();
    let data = web::Data::new(app.clone());
    let server = HttpServer::new(move || {
        let document = Arc::clone(&document);
        let served = move || {
            let document = Arc::clone(&document);
            async move {
                HttpResponse::Ok()
                    .content_type("application/json; charset=utf-8")
                    .body(document.to_string())
            }
        };
        let (actix, _) = ActixApp::new()
            .into_utoipa_app()
            .app_data(data.clone())
            .app_data(addresses.clone())
            .configure(routes::configure)
            .split_for_parts();
        // Each resource takes one method; what none takes is told apart, 404 or 405, by the default service.
        actix
            .service(web::resource(openapi::PATH).guard(guard::Get()).to(served))
            .service(
                SwaggerUi::new(SWAGGER)
                    .config(SwaggerConfig::new([openapi::PATH]).persist_authorization(true)),
            )
            .service(
                web::resource(["/swagger-ui", "/"])
                    .guard(guard::Get())
                    .to(to_swagger),
            )
            .default_service(web::to(nothing_here))
            .wrap(cors(&data))
            .wrap(from_fn(edge::around))
    })
    .workers(workers)
    .worker_max_blocking_threads(app.config().cores() * 2)
    .max_connections(4096)
    .client_request_timeout(Duration::from_secs(10))
    .client_disconnect_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(25)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

async fn nothing_here(
    addresses: web::Data<Addresses>,
    request: HttpRequest,
) -> AppResult<HttpResponse> {
    Err(addresses.refusal(&request))
}

async fn to_swagger() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, "/swagger-ui/"))
        .finish()
}

fn cors(app: &App) -> Cors {
    let mut cors = Cors::default();
    for origin in &app.config().cors_origins {
        cors = cors.allowed_origin(origin);
    }
    cors.allowed_methods(["GET", "POST", "PATCH", "PUT", "DELETE"])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT_LANGUAGE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::LINK,
            header::RETRY_AFTER,
            HeaderName::from_static("idempotency-replayed"),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(600)
}

/// What ends a start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The socket.
    #[error("cannot listen: {0}")]
    Listen(#[from] std::io::Error),
    /// The database or the application.
    #[error(transparent)]
    App(#[from] AppError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
}
