//! `xianlu demo`, `xianlu run`: the demo company.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, in_full, serve};
use crate::{
    app::Clock,
    config::{Config, Mode},
    demo::{self, Present},
};

/// Loads the demo company and prints its logins.
///
/// # Errors
/// Configuration, database; when a company is founded already.
pub fn load(config: &Config) -> Result<(), Failure> {
    // Migrates, and makes the secret that the demo's server will use.
    drop(serve::open(config)?);
    play(config)?;
    tell(config)
}

/// Brings the database up to date, loads the demo company if there is none, and serves.
///
/// # Errors
/// Configuration, database, socket; in production, where everybody would know the passwords.
pub fn run(config: Config) -> Result<(), Failure> {
    if config.mode == Mode::Production {
        return Err("run loads a demo company whose passwords everybody knows: not in production; use serve".into());
    }
    let app = serve::open(&config)?;
    let present = app.db().read_now(demo::present)?;
    drop(app);
    match present {
        Present::Nothing => {
            play(&config)?;
            tell(&config)?;
        }
        Present::Demo => tell(&config)?,
        Present::Other => println!("a company is there already: no demo is loaded"),
    }
    serve::run(config)
}

fn play(config: &Config) -> Result<(), Failure> {
    let secret = config.load_secret()?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("demo company {bar:32} {pos}/{len}") {
        bar.set_style(style);
    }
    if std::io::stderr().is_terminal() {
        bar.enable_steady_tick(Duration::from_millis(200));
    } else {
        println!("loading the demo company");
    }
    let shown = bar.clone();
    demo::load(
        config,
        &secret,
        Clock::System.now(),
        move |played, count| {
            shown.set_length(count as u64);
            shown.set_position(played as u64);
        },
    )
    .map_err(in_full)?;
    bar.finish_and_clear();
    println!(
        "the demo company is loaded ({:.1} s)",
        bar.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Prints the logins, and writes them where the configuration says.
fn tell(config: &Config) -> Result<(), Failure> {
    println!("\nEverybody's password is {}", demo::PASSWORD);
    println!("  {:<26} login", "role");
    for login in demo::logins() {
        println!("  {:<26} {}", login.role, login.login);
    }
    println!(
        "  {:<26} {} (must change the initial password first)",
        "a newcomer",
        demo::NEWCOMER
    );
    println!(
        "  {:<26} {} (must send an Idempotency-Key)\n",
        "a service account",
        demo::MACHINE
    );
    if let Some(path) = &config.demo_logins {
        std::fs::write(path, serde_json::to_vec_pretty(&demo::logins())?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
