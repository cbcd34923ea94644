//! What the registry costs and how that grows: `make bench`.
//!
//! Builds registries of several sizes on SQLite and on PostgreSQL, serves each with the binary under test, and measures
//! the operations that everybody waits for, side by side with a floor: a bare handler that does the same SQL on the same
//! kind of pool. Latencies are of requests over HTTP on this machine; CPU is what server and database used.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::zombie_processes,
    missing_docs,
    reason = "a measuring program: it reads the clock, prints, and ends when something is wrong"
)]

mod cases;
#[path = "../../tests/it/harness/cluster.rs"]
mod cluster;
mod company;
mod files;
mod floor;
mod load;
mod process;
mod table;
mod wire;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measures the registry.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// Sizes of the registry, ascending: one grows into the next.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    pub sizes: Vec<u64>,
    /// Which databases.
    #[arg(
        long,
        value_delimiter = ',',
        value_enum,
        default_value = "sqlite,postgres"
    )]
    pub databases: Vec<Backend>,
    /// A CSV of real companies (name,credit_code,province,city,address); generated ones if absent, or when it runs out.
    #[arg(long)]
    pub names: Option<PathBuf>,
    /// Seconds that each operation is measured for.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// How many clients read at once.
    #[arg(long, default_value_t = 4)]
    pub readers: usize,
    /// How many clients register at once.
    #[arg(long, default_value_t = 128)]
    pub writers: usize,
    /// Where the registries are built; removed afterwards.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Measures only operations whose names begin so: get, list, search, duplicate check, register.
    #[arg(long)]
    pub only: Option<String>,
    /// Writes the table as Markdown too.
    #[arg(long)]
    pub markdown: Option<PathBuf>,
    /// The floor's server: started by the benchmark itself.
    #[arg(long, hide = true)]
    floor: bool,
    /// What cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Arguments {
    /// Whether an operation is to be measured.
    pub fn wants(&self, operation: &str) -> bool {
        self.only
            .as_deref()
            .is_none_or(|only| operation.starts_with(only))
    }
}

impl Backend {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

fn main() {
    let arguments = Arguments::parse();
    if arguments.floor {
        floor::serve();
        return;
    }
    let mut results = Vec::new();
    for backend in &arguments.databases {
        results.extend(measure(&arguments, *backend));
    }
    let text = table::render(&arguments, &results);
    println!("\n{text}");
    if let Some(path) = &arguments.markdown {
        std::fs::write(path, &text).expect("the table is written");
    }
}

fn measure(arguments: &Arguments, backend: Backend) -> Vec<table::Row> {
    let home = files::home(arguments, backend);
    let installation = process::Installation::new(backend, &home);
    let people = company::found(&installation);
    let mut names = files::Names::open(arguments.names.as_deref());
    let mut rows = Vec::new();
    let mut registered = 0;
    for size in &arguments.sizes {
        let import = company::grow(&installation, &people, &mut names, &home, registered, *size);
        registered = *size;
        rows.push(table::Row::import(backend, *size, &import));
        rows.extend(cases::run(
            arguments,
            backend,
            *size,
            &installation,
            &mut names,
        ));
    }
    drop(installation);
    let _ = std::fs::remove_dir_all(&home);
    rows
}
