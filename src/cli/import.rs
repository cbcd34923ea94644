//! `xianlu import customers`: the code of the import job, from a file.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, BufWriter, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use clap::{Args, Subcommand};
use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

use super::{Failure, in_full, serve};
use crate::{
    config::Config,
    domain::vocabulary::Line,
    services::{
        customers::scans,
        platform::{
            import_rows::{CustomerFile, LARGE_CHUNK},
            imports::{self, Told},
            jobs::Progress,
        },
    },
};

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Register the customers of a CSV file, as drafts; refused rows are told with their reasons.
    Customers(Customers),
}

/// What is imported, as whom.
#[derive(Debug, Args)]
pub struct Customers {
    /// CSV in UTF-8; the first line names the columns: name, credit_code, province, city, address.
    file: PathBuf,
    /// Login of whoever imports, with the capability IMPORT_RECORDS; the first administrator if absent.
    #[arg(long = "as", value_name = "LOGIN")]
    importer: Option<String>,
    /// Login of who will own the customers; whoever imports them if absent.
    #[arg(long, value_name = "LOGIN")]
    owner: Option<String>,
    /// Business line: GENERAL or CALL_CENTRE.
    #[arg(long, default_value = "GENERAL", value_parser = line)]
    line: Line,
    /// Where the refused rows are written, with their reasons, as CSV.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

fn line(text: &str) -> Result<Line, String> {
    text.parse()
        .map_err(|_| "GENERAL or CALL_CENTRE".to_owned())
}

/// Imports the file and prints what became of it.
///
/// # Errors
/// When the file cannot be read, its columns are wrong, the importer may not import, or the database fails.
pub fn run(config: &Config, arguments: &Customers) -> Result<(), Failure> {
    let app = serve::open(config)?;
    let path = &arguments.file;
    let opened = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let size = opened.metadata()?.len();
    let mut file =
        CustomerFile::open(BufReader::with_capacity(1 << 16, opened))?.map_err(in_full)?;
    let user = |login: Option<&str>| {
        app.db()
            .read_now(|conn| imports::user(conn, login))
            .map_err(|_| format!("there is no user {}", login.unwrap_or("who administers")))
    };
    let importer = user(arguments.importer.as_deref())?;
    let owner = arguments.owner.as_deref();
    let told = Told {
        owner_id: owner.map_or(Ok(importer), |login| user(Some(login)))?,
        line: arguments.line,
    };
    let mut report = arguments.errors.as_ref().map(report).transpose()?;
    let bar = progress_bar(size);
    let mut progress = Progress { done: 0, failed: 0 };
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(chunk) = file.next_chunk(LARGE_CHUNK)? {
        let chunk = Arc::new(chunk);
        let rows = i64::try_from(chunk.rows)?;
        let registered = app
            .write_as(importer, "cli", move |tx, ctx| {
                imports::register(tx, ctx, told.line, told.owner_id, &chunk)
            })
            .map_err(in_full)?;
        progress.done += rows;
        progress.failed += i64::try_from(registered.refused)?;
        for problem in &registered.problems {
            *reasons.entry(problem.code.clone()).or_default() += 1;
            if let Some(report) = &mut report {
                report.write_all(imports::report_line(problem).as_bytes())?;
            }
        }
        show(&bar, file.bytes(), progress);
    }
    bar.finish_and_clear();
    if progress.done > progress.failed {
        // A server looks for duplicates among what was imported (DUP-10).
        app.write_as(importer, "cli", scans::scan_later)
            .map_err(in_full)?;
    }
    if let Some(mut report) = report {
        report.flush()?;
    }
    summarise(&bar, progress, &reasons);
    Ok(())
}

fn report(path: &PathBuf) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut report = BufWriter::new(file);
    // A spreadsheet takes a file for UTF-8 by the mark at its beginning.
    write!(report, "\u{feff}{}", imports::report_header())?;
    Ok(report)
}

/// A bar on a terminal; hidden elsewhere, where plain lines are printed instead.
fn progress_bar(size: u64) -> ProgressBar {
    let bar = ProgressBar::new(size);
    let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        // Formatting cannot fail here.
        let _ = write!(out, "{:.0}%", state.fraction() * 100.0);
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {share:>4}  {msg}  ETA {eta}") {
        bar.set_style(style.with_key("share", rate));
    }
    if std::io::stderr().is_terminal() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}

fn show(bar: &ProgressBar, bytes: u64, progress: Progress) {
    bar.set_position(bytes);
    let line = format!(
        "{} rows, {} refused, {:.0} rows/s",
        HumanCount(progress.done.unsigned_abs()),
        HumanCount(progress.failed.unsigned_abs()),
        rate(bar, progress)
    );
    if !std::io::stderr().is_terminal() && progress.done % 18_000 == 0 {
        println!("{line}");
    }
    bar.set_message(line);
}

#[expect(clippy::cast_precision_loss, reason = "a rate to be read by people")]
fn rate(bar: &ProgressBar, progress: Progress) -> f64 {
    progress.done as f64 / bar.elapsed().as_secs_f64().max(0.001)
}

fn summarise(bar: &ProgressBar, progress: Progress, reasons: &BTreeMap<String, u64>) {
    println!(
        "{}  ({:.1} s, {:.0} rows/s)",
        imports::summary(progress).en,
        bar.elapsed().as_secs_f64(),
        rate(bar, progress)
    );
    for (code, count) in reasons {
        println!("  {code:<32} {:>10}", HumanCount(*count));
    }
}
