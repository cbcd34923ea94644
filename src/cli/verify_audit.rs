//! `xianlu verify-audit`: exit code 0 when the audit trail is whole, 1 when it is not or could not be read.

use std::io::IsTerminal;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;
use crate::{
    app::{App, Clock, IdSource},
    config::Config,
    services::governance::verification::{self, Anchor, Report, Step},
};

/// What to compare with, and how to print it.
#[derive(Debug, Args)]
pub struct VerifyAudit {
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// An anchor that an earlier run printed and that was kept elsewhere: the trail must still contain it.
    #[arg(long, value_name = "ANCHOR")]
    expect: Option<Anchor>,
}

/// Verifies and prints.
///
/// # Errors
/// Configuration, database, and every finding.
pub fn run(config: Config, args: &VerifyAudit) -> Result<(), Failure> {
    let secret = config.load_secret()?;
    // Not migrated: what is verified is what is there.
    let app = App::open(
        config.clone(),
        &config.db(),
        &secret,
        Clock::System,
        IdSource::Random,
    )?;
    let bar = progress_bar();
    let report = app.db().read_now(|conn| {
        let key = &app.keys().audit;
        verification::verify(conn, key, args.expect.as_ref(), |step| match step {
            Step::Total(rows) => bar.set_length(u64::try_from(rows).unwrap_or(0)),
            Step::Seen(rows) => bar.inc(rows),
        })
    })?;
    bar.finish_and_clear();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report, args.expect.is_some());
    }
    match report.findings.len() {
        0 => Ok(()),
        found => Err(format!("the audit trail is not whole: {found} finding(s)").into()),
    }
}

fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} events, {eta} left")
    {
        bar.set_style(style);
    }
    bar
}

fn print(report: &Report, expected: bool) {
    for finding in &report.findings {
        let id = finding
            .id
            .map_or_else(|| "-".to_owned(), |id| id.to_string());
        println!(
            "{:?}\tlane {}\tplace {}\tevent {id}\t{}",
            finding.kind, finding.lane, finding.seq, finding.detail
        );
    }
    if report.findings.is_empty() {
        println!("{} events, all as they were written", report.events);
        if expected {
            println!("the anchor is contained");
        }
        println!(
            "anchor, to be kept elsewhere and given to --expect later:\n{}",
            report.anchor
        );
    } else {
        println!(
            "{} events, {} finding(s)",
            report.events,
            report.findings.len()
        );
    }
}
