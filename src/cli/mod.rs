//! The commands of the binary: no logic, only which service is called and what is printed.

pub mod bench;
pub mod demo;
pub mod found;
pub mod import;
pub mod rebuild_matching;
pub mod rotate_keys;
pub mod serve;
pub mod verify_audit;

use clap::{Parser, Subcommand};

use crate::{config::Config, error::AppError};

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
    /// Try it out: bring the database up to date, load the demo company if there is none, serve.
    Run,
    /// Load the demo company into an empty database.
    Demo,
    /// Bring the database up to date.
    Migrate,
    /// Found the company: its roles and its first administrator. XIANLU_ADMIN_PASSWORD sets the first password.
    Found(found::Arguments),
    /// Import records from a file.
    #[command(subcommand)]
    Import(import::Import),
    /// Seal all personal data under the first of the data keys; the server may run meanwhile.
    RotateKeys,
    /// Compute the index of likely duplicates again.
    RebuildMatching,
    /// Measure, on a database of its own.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Print the OpenAPI document.
    Openapi,
    /// Compute the audit trail again: finds edited, removed, reordered and inserted events.
    VerifyAudit(verify_audit::VerifyAudit),
}

/// What a failed command is shown as.
pub type Failure = Box<dyn std::error::Error>;

/// A refusal with every failing field, for someone who sees no JSON.
fn in_full(error: AppError) -> Failure {
    let fields = error
        .errors()
        .iter()
        .map(|field| format!("\n  {}: {}", field.pointer, field.message.en));
    let fields = fields.collect::<String>();
    format!("{error}{fields}").into()
}

/// Runs the command line.
///
/// # Errors
/// What the user is to read.
pub fn run() -> Result<(), Failure> {
    let Cli { config, command } = Cli::parse();
    match command {
        Command::Serve => serve::run(config),
        Command::Run => demo::run(config),
        Command::Demo => demo::load(&config),
        Command::Migrate => serve::migrate(&config),
        Command::Found(arguments) => found::run(&config, arguments),
        Command::Import(import::Import::Customers(arguments)) => import::run(&config, &arguments),
        Command::RotateKeys => rotate_keys::run(&config),
        Command::RebuildMatching => rebuild_matching::run(&config),
        Command::Bench(bench::Bench::Matching(arguments)) => {
            bench::matching::run(&config, &arguments)
        }
        Command::VerifyAudit(args) => verify_audit::run(config, &args),
        Command::Openapi => {
            println!("{}", crate::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }
}
