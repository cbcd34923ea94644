//! `xianlu serve`, `xianlu migrate`.

use std::net::TcpListener;

use super::Failure;
use crate::{
    app::{App, Clock, IdSource},
    config::Config,
    db::Database,
    http::server,
    jobs::runner::Runner,
};

/// Opens the application with the configured secret, on a migrated database.
///
/// # Errors
/// Configuration, database.
pub fn open(config: &Config) -> Result<App, Failure> {
    let secret = config.load_secret()?;
    if config.database_url.is_none() {
        config.prepare_data_dir()?;
    }
    Database::migrate(&config.url())?;
    Ok(App::open(
        config.clone(),
        &config.db(),
        &secret,
        Clock::System,
        IdSource::Random,
    )?)
}

/// Serves until told to stop.
///
/// # Errors
/// Configuration, database, socket.
pub fn run(config: Config) -> Result<(), Failure> {
    crate::logging::start();
    let app = open(&config)?;
    let listener = TcpListener::bind(config.listen)?;
    let address = listener.local_addr()?;
    println!("Xianlu listens on http://{address}");
    println!("  Swagger UI        http://{address}/swagger-ui/");
    println!(
        "  OpenAPI document  http://{address}{}",
        crate::openapi::PATH
    );
    let runner = Runner::start(&app)?;
    let served = actix_web::rt::System::new().block_on(async {
        let server = server::serve(&app, listener)?;
        let handle = server.handle();
        let jobs = app.clone();
        actix_web::rt::spawn(async move {
            stop_signal().await;
            log::info!(target: "xianlu", "stopping: requests under way are finished first");
            jobs.jobs().stop();
            handle.stop(true).await;
        });
        server.await
    });
    runner.stop();
    Ok(served?)
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        // Without signal handlers the process ends the hard way.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Applies pending migrations and says which.
///
/// # Errors
/// Database.
pub fn migrate(config: &Config) -> Result<(), Failure> {
    if config.database_url.is_none() {
        config.prepare_data_dir()?;
    }
    let applied = Database::migrate(&config.url())?;
    println!(
        "{}",
        if applied.is_empty() {
            "up to date".into()
        } else {
            format!("applied: {}", applied.join(", "))
        }
    );
    Ok(())
}
