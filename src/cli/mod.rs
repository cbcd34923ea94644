//! The commands of the binary: no logic, only which service is called and what is printed.

pub mod serve;
pub mod verify_audit;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Xianlu (先录): customer management by regulation.
#[derive(Debug, Parser)]
#[command(name = "xianlu", version, about)]
pub struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Compute the audit trail again: finds edited, removed, reordered and inserted events.
    VerifyAudit(verify_audit::VerifyAudit),
}

/// What a failed command is shown as.
pub type Failure = Box<dyn std::error::Error>;

/// Runs the command line.
///
/// # Errors
/// What the user is to read.
pub fn run() -> Result<(), Failure> {
    let Cli { config, command } = Cli::parse();
    match command {
        Command::Serve => serve::run(config),
        Command::Migrate => serve::migrate(&config),
        Command::VerifyAudit(args) => verify_audit::run(config, &args),
        Command::Openapi => {
            println!("{}", crate::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }
}
