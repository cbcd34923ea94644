//! `xianlu import customers`: the code of the import job, from a file.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, IsTerminal, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::{Args, Subcommand};
use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

use super::{Failure, in_full, serve};
use crate::{
    config::Config,
    domain::vocabulary::{FileFormat, Line},
    error::{AppError, AppResult},
    jobs::ahead::ahead,
    services::{
        customers::scans,
        platform::{
            import_chunks, import_files, import_report,
            import_rows::{Chunk, LARGE_CHUNK, Problem, Table},
            imports,
            jobs::Progress,
            table_writer,
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
    /// CSV (UTF-8, UTF-16 or GBK) or .xlsx; the first line names the columns, in Chinese or English: name, credit_code,
    /// province, city, county, address, phone, owner_login, contact_name, contact_mobile and others.
    file: PathBuf,
    /// Login of whoever imports, with the capability IMPORT_RECORDS; the first administrator if absent.
    #[arg(long = "as", value_name = "LOGIN")]
    importer: Option<String>,
    /// Login of who will own the customers whose row names no owner; whoever imports them if absent.
    #[arg(long, value_name = "LOGIN")]
    owner: Option<String>,
    /// Business line: GENERAL, CALL_CENTRE, SECURITIES, CONCEPT_THEME or FLYING_STOCK.
    #[arg(long, default_value = "GENERAL", value_parser = line)]
    line: Line,
    /// Which sheet of a workbook; the first if absent.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Check everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where the refused rows are written, with their reasons: CSV, or a workbook if the name ends with .xlsx.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

fn line(text: &str) -> Result<Line, String> {
    text.parse().map_err(|_| {
        Line::ALL
            .iter()
            .map(Line::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    })
}

/// Imports the file and prints what became of it.
///
/// # Errors
/// When the file cannot be read, its columns are wrong, the importer may not import, or the database fails.
pub fn run(config: &Config, arguments: &Customers) -> Result<(), Failure> {
    let app = serve::open(config)?;
    let path = &arguments.file;
    let source = DiskFile::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let findings = import_files::look_at(source.clone()).map_err(in_full)?;
    let user = |login: Option<&str>| {
        app.db()
            .read_now(|conn| imports::user(conn, login))
            .map_err(|_| format!("there is no user {}", login.unwrap_or("who administers")))
    };
    let importer = user(arguments.importer.as_deref())?;
    let owner = match arguments.owner.as_deref() {
        Some(login) => user(Some(login))?,
        None => importer,
    };
    let (line, dry_run, began) = (arguments.line, arguments.dry_run, app.now());
    let rules = app
        .read_as(importer, "cli", |_, ctx| imports::rules(ctx, line))
        .map_err(in_full)?;
    let sheet = arguments.sheet.as_deref();
    let header = Table::open(source.clone(), &findings, sheet)
        .and_then(|mut table| table.header())
        .map_err(in_full)?;
    // Wrong columns are told before anything is read ahead.
    imports::columns(header.clone(), None).map_err(in_full)?;
    let mut report = match &arguments.errors {
        Some(path) => Some(Report::begin(path, header)?),
        None => None,
    };
    let bar = progress_bar(findings.rows);
    let mut progress = Progress { done: 0, failed: 0 };
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    let produce = |hand_over: &dyn Fn(Chunk) -> bool| {
        let ask = import_chunks::asking(&app, (importer, "cli"), line, owner);
        let rows = imports::open(source, &findings, sheet, None, rules)?.asking(ask);
        let (who, whose) = ((importer, "cli"), (line, owner));
        import_chunks::read_ahead(&app, who, whose, (rows, LARGE_CHUNK), hand_over)
    };
    ahead(produce, |chunks| {
        for chunk in chunks {
            let rows = i64::try_from(chunk.rows).map_err(AppError::internal)?;
            let registered = app.write_step_as(importer, "cli", move |tx, ctx| {
                if dry_run {
                    import_chunks::check(tx, ctx, line, owner, &chunk)
                } else {
                    import_chunks::register(tx, ctx, line, owner, &chunk)
                }
            })?;
            progress.done += rows;
            progress.failed += i64::try_from(registered.refused).map_err(AppError::internal)?;
            for problem in &registered.problems {
                *reasons.entry(problem.code.clone()).or_default() += 1;
            }
            if let Some(report) = &mut report {
                report.add(&registered.problems)?;
            }
            show(&bar, progress);
        }
        Ok(())
    })
    .map_err(in_full)?;
    bar.finish_and_clear();
    if !dry_run && progress.done > progress.failed {
        // A server looks for duplicates among what was imported (DUP-10).
        app.write_as(importer, "cli", move |tx, ctx| {
            scans::after_import(tx, ctx, began)
        })
        .map_err(in_full)?;
    }
    if let Some(report) = report {
        report.end().map_err(in_full)?;
    }
    summarise(&bar, progress, dry_run, &reasons);
    Ok(())
}

/// A file on the disk; copies of it are read independently.
#[derive(Clone)]
struct DiskFile {
    file: Arc<File>,
    size: u64,
    at: u64,
}

impl DiskFile {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self {
            size: file.metadata()?.len(),
            file: Arc::new(file),
            at: 0,
        })
    }
}

impl Read for DiskFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for DiskFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let wanted = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = wanted.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// The report of refused rows: a workbook if its name says so, else CSV.
struct Report {
    table: table_writer::Table<BufWriter<File>>,
    header: Vec<String>,
}

impl Report {
    fn begin(path: &Path, header: Vec<String>) -> Result<Self, Failure> {
        let workbook = path
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
        let format = if workbook {
            FileFormat::Xlsx
        } else {
            FileFormat::Csv
        };
        let file = BufWriter::new(File::create(path)?);
        let mut table = table_writer::Table::new(format, "Errors", file).map_err(in_full)?;
        table
            .row(&import_report::header(&header))
            .map_err(in_full)?;
        Ok(Self { table, header })
    }

    fn add(&mut self, problems: &[Problem]) -> AppResult<()> {
        import_report::lines(problems, &self.header)
            .iter()
            .try_for_each(|line| self.table.row(line))
    }

    fn end(self) -> AppResult<()> {
        self.table.finish().map(drop)
    }
}

/// A bar on a terminal; hidden elsewhere, where plain lines are printed instead.
fn progress_bar(rows: i64) -> ProgressBar {
    let bar = ProgressBar::new(rows.unsigned_abs());
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

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_position(progress.done.unsigned_abs());
    let line = format!(
        "{} rows, {} refused, {:.0} rows/s",
        HumanCount(progress.done.unsigned_abs()),
        HumanCount(progress.failed.unsigned_abs()),
        rate(bar, progress)
    );
    if !std::io::stderr().is_terminal() && progress.done % 20_000 == 0 {
        println!("{line}");
    }
    bar.set_message(line);
}

#[expect(clippy::cast_precision_loss, reason = "a rate to be read by people")]
fn rate(bar: &ProgressBar, progress: Progress) -> f64 {
    progress.done as f64 / bar.elapsed().as_secs_f64().max(0.001)
}

fn summarise(
    bar: &ProgressBar,
    progress: Progress,
    dry_run: bool,
    reasons: &BTreeMap<String, u64>,
) {
    println!(
        "{}  ({:.1} s, {:.0} rows/s)",
        imports::summary(progress, dry_run).en,
        bar.elapsed().as_secs_f64(),
        rate(bar, progress)
    );
    for (code, count) in reasons {
        println!("  {code:<32} {:>10}", HumanCount(*count));
    }
}
