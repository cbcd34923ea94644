//! `xianlu serve`, `xianlu migrate`.

use std::{io::IsTerminal as _, net::TcpListener};

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::{
    app::{App, Clock, IdSource},
    config::Config,
    db::{Database, DbSettings},
    http::server,
    jobs::{runner::Runner, sealing},
};

/// Opens the application for a command, with the configured secret, on a migrated database in which all personal data is
/// sealed.
///
/// # Errors
/// Configuration, database; when the database holds values under a data key that is not configured.
pub fn open(config: &Config) -> Result<App, Failure> {
    // A command reads little, and is to stay small.
    let settings = DbSettings {
        mapped: false,
        ..config.db()
    };
    migrated(config, &settings).map(|(app, _)| app)
}

fn migrated(config: &Config, settings: &DbSettings) -> Result<(App, Vec<String>), Failure> {
    let secret = config.load_secret()?;
    if config.database_url.is_none() {
        config.prepare_data_dir()?;
    }
    let applied = migrate_shown(&config.url())?;
    let app = App::open(
        config.clone(),
        settings,
        &secret,
        Clock::System,
        IdSource::Random,
    )?;
    let sealed = sealing::prepare(&app).map_err(|error| {
        error
            .cause()
            .map_or_else(|| error.to_string(), str::to_owned)
    })?;
    if sealed > 0 {
        println!("sealed {sealed} values that were kept in clear");
    }
    Ok((app, applied))
}

/// Migrates; shows how far the conversion of a database from before decision 018 is.
fn migrate_shown(url: &str) -> Result<Vec<String>, Failure> {
    let bar = ProgressBar::new(0).with_message("converting ids and instants: tables");
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    let applied = Database::migrate_told(url, &|done, tables| {
        if done == 0 && !std::io::stderr().is_terminal() {
            eprintln!("converting ids and instants: about ten seconds for 100,000 customers");
        }
        bar.set_length(tables as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    Ok(applied)
}

/// Serves until told to stop.
///
/// # Errors
/// Configuration, database, socket.
pub fn run(config: Config) -> Result<(), Failure> {
    crate::logging::start();
    let (app, _) = migrated(&config, &config.db())?;
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
/// As [`open`].
pub fn migrate(config: &Config) -> Result<(), Failure> {
    // A conversion may have something to say that is no failure.
    crate::logging::start();
    let (_, applied) = migrated(config, &config.db())?;
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
