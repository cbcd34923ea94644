//! `xianlu bench matching`: registers what a labelled file names, and enough companies besides, in a database of its own,
//! then asks for every name of the file as the duplicate check does, and counts.

use std::{
    collections::{BTreeMap, HashSet},
    io::{Cursor, IsTerminal},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::{
    disturb,
    labelled::{Expected, Pair},
    names::Companies,
};
use crate::{
    api::customers::duplicate::{DuplicateCheck, DuplicateReport},
    app::{App, Clock, IdSource},
    auth::passwords,
    cli::{Failure, in_full},
    config::Config,
    db::{Database, DbSettings},
    domain::{
        Website, fold,
        id::kind::UserId,
        vocabulary::{LikenessRelation, Line},
    },
    services::{
        customers::duplicates,
        org::{
            bootstrap::{self, Founding},
            users::FirstPassword,
        },
        platform::{import_chunks, import_files, import_rows::CHUNK, imports},
    },
};

/// What is measured, and against how many.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Labelled pairs, CSV: registered,address,website,queried,kind,expected (same, related, different). An empty
    /// registered name with `different` is a new company for which nothing should be listed.
    file: PathBuf,
    /// Make the file instead: from generated names, disturbed in every way.
    #[arg(long)]
    generate: bool,
    /// How many companies are disturbed when the file is made, and how many new ones it has.
    #[arg(long, default_value_t = 2_000)]
    count: usize,
    /// The same seed makes the same file and the same registry.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many companies are registered, with those of the file.
    #[arg(long, default_value_t = 200_000)]
    registry: usize,
    /// Take the other companies from this CSV file (column `name`, and `address` if there is one) instead of making them.
    #[arg(long, value_name = "FILE")]
    registry_file: Option<PathBuf>,
    /// Database to fill; an empty one. A temporary SQLite file if absent.
    #[arg(long, value_name = "URL")]
    into: Option<String>,
    /// Print so many names per kind that were not found as expected.
    #[arg(long, default_value_t = 0)]
    show: usize,
}

/// Runs it.
///
/// # Errors
/// Files, database.
pub fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.generate {
        return generate(arguments);
    }
    let pairs = read(&arguments.file)?;
    let scratch = std::env::temp_dir().join(format!("xianlu-bench-{}", std::process::id()));
    let url = match &arguments.into {
        Some(url) => url.clone(),
        None => {
            std::fs::create_dir_all(&scratch)?;
            format!("sqlite:{}", scratch.join("bench.sqlite").display())
        }
    };
    let measured = measure(config, arguments, &url, &pairs);
    if arguments.into.is_none() {
        std::fs::remove_dir_all(&scratch)?;
    }
    measured
}

fn generate(arguments: &Arguments) -> Result<(), Failure> {
    let mut companies = Companies::new(arguments.seed);
    let mut file = csv::Writer::from_path(&arguments.file)?;
    let mut written = 0_usize;
    let disturbed: Vec<_> = companies.by_ref().take(arguments.count).collect();
    for company in &disturbed {
        for pair in disturb::pairs(company, companies.dice()) {
            file.serialize(&pair)?;
            written += 1;
        }
    }
    // Names that the registry, which goes on from another seed, has not.
    for company in Companies::new(arguments.seed ^ 0x5eed_0fa1).take(arguments.count) {
        file.serialize(Pair {
            registered: String::new(),
            address: String::new(),
            website: String::new(),
            queried: company.name,
            kind: "random_new".to_owned(),
            expected: Expected::Different,
        })?;
        written += 1;
    }
    file.flush()?;
    println!("{} pairs written", HumanCount(written as u64));
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Pair>, Failure> {
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let pairs = reader.deserialize().collect::<Result<Vec<Pair>, _>>()?;
    Ok(pairs)
}

/// A company to register.
#[derive(Clone)]
struct Row {
    name: String,
    address: String,
}

/// The companies of the file, then others until there are enough; none that the file asks for as a new one.
fn registry(arguments: &Arguments, pairs: &[Pair]) -> Result<Vec<Row>, Failure> {
    let new: HashSet<String> = pairs
        .iter()
        .filter(|pair| pair.registered.is_empty())
        .map(|pair| fold(&pair.queried))
        .collect();
    let mut seen = new;
    let mut rows = Vec::with_capacity(arguments.registry);
    for pair in pairs.iter().filter(|pair| !pair.registered.is_empty()) {
        if seen.insert(fold(&pair.registered)) {
            rows.push(Row {
                name: pair.registered.clone(),
                address: pair.address.clone(),
            });
        } else if let Some(row) = rows
            .iter_mut()
            .rev()
            .find(|row: &&mut Row| row.name == pair.registered && row.address.is_empty())
        {
            row.address.clone_from(&pair.address);
        }
    }
    let mut others: Box<dyn Iterator<Item = Row>> = match &arguments.registry_file {
        Some(path) => Box::new(rows_of(path)?.into_iter()),
        None => Box::new(
            Companies::new(arguments.seed ^ 0x00f1_11e5).map(|company| Row {
                name: company.name,
                address: company.address,
            }),
        ),
    };
    while rows.len() < arguments.registry
        && let Some(row) = others.next()
    {
        if seen.insert(fold(&row.name)) {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn rows_of(path: &Path) -> Result<Vec<Row>, Failure> {
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|column| column == name);
    let name = column("name").ok_or("the registry file has no column `name`")?;
    let address = column("address");
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let text = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        rows.push(Row {
            name: text(Some(name)).to_owned(),
            address: text(address).to_owned(),
        });
    }
    Ok(rows)
}

fn measure(
    config: &Config,
    arguments: &Arguments,
    url: &str,
    pairs: &[Pair],
) -> Result<(), Failure> {
    Database::migrate(url)?;
    let settings = DbSettings {
        url: url.to_owned(),
        ..config.db()
    };
    let secret = passwords::generate();
    let app = App::open(
        config.clone(),
        &settings,
        &secret,
        Clock::System,
        IdSource::Random,
    )?;
    let founding = Founding {
        company: "Bench".to_owned(),
        login: "bench".to_owned(),
        name: "Bench".to_owned(),
        password: FirstPassword {
            hash: passwords::hash(&secret)?,
            must_change: false,
        },
    };
    let founder = app.clone();
    let founded = app
        .db()
        .write_now(move |tx| bootstrap::found(tx, &founder, &founding, "bench"))
        .map_err(in_full)?;
    fill(&app, founded.administrator, registry(arguments, pairs)?)?;
    ask(&app, founded.administrator, pairs, arguments.show)
}

/// Registers the companies by the code of the import.
fn fill(app: &App, owner: UserId, rows: Vec<Row>) -> Result<(), Failure> {
    let mut text = csv::Writer::from_writer(Vec::new());
    text.write_record(["name", "address"])?;
    for row in &rows {
        text.write_record([&row.name, &row.address])?;
    }
    let text = text.into_inner()?;
    let source = Cursor::new(text.as_slice());
    let findings = import_files::look_at(source.clone()).map_err(in_full)?;
    let rules = app
        .read_as(owner, "bench", |_, ctx| imports::rules(ctx, Line::General))
        .map_err(in_full)?;
    let mut file = imports::open(source, &findings, None, None, rules).map_err(in_full)?;
    let bar = progress(rows.len(), "registering");
    let mut refused = 0;
    while let Some(chunk) = file.next_chunk(CHUNK)? {
        let chunk = Arc::new(chunk);
        bar.inc(chunk.rows as u64);
        let registered = app
            .write_as(owner, "bench", move |tx, ctx| {
                import_chunks::register(tx, ctx, Line::General, owner, &chunk)
            })
            .map_err(in_full)?;
        refused += registered.refused;
    }
    bar.finish_and_clear();
    println!(
        "registered {} companies, {} refused, in {:.1} s",
        HumanCount(rows.len() as u64),
        HumanCount(refused as u64),
        bar.elapsed().as_secs_f64()
    );
    Ok(())
}

/// What was counted of one kind of disturbance.
#[derive(Default)]
struct Count {
    asked: u32,
    refused: u32,
    first: u32,
    in_five: u32,
    listed: u32,
    related: u32,
    missed: Vec<String>,
}

fn ask(app: &App, user: UserId, pairs: &[Pair], show: usize) -> Result<(), Failure> {
    let bar = progress(pairs.len(), "asking");
    let mut counts: BTreeMap<(Expected, String), Count> = BTreeMap::new();
    let mut times = Vec::with_capacity(pairs.len());
    for pair in pairs {
        bar.inc(1);
        let body = DuplicateCheck {
            name: Some(pair.queried.clone()),
            party: None,
            credit_code: None,
            phone: None,
            line: None,
            line_symbol: None,
            address: Some(pair.address.clone()).filter(|address| !address.is_empty()),
            website: Website::parse(&pair.website).ok(),
        };
        let (report, time) = app
            .read_as(user, "bench", |conn, ctx| {
                let started = now();
                let report = duplicates::check(conn, ctx, &body)?;
                Ok((report, started.elapsed()))
            })
            .map_err(in_full)?;
        times.push(time);
        let count = counts
            .entry((pair.expected, pair.kind.clone()))
            .or_default();
        judge(count, pair, &report, show);
    }
    bar.finish_and_clear();
    print(&counts);
    times.sort_unstable();
    let at = |share: usize| {
        let place = (times.len() * share / 1_000).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default().as_secs_f64() * 1_000.0
    };
    println!(
        "\nchecks: p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, slowest {:.2} ms",
        at(500),
        at(950),
        at(990),
        at(1_000)
    );
    Ok(())
}

fn judge(count: &mut Count, pair: &Pair, report: &DuplicateReport, show: usize) {
    let registered = fold(&pair.registered);
    count.asked += 1;
    count.refused += u32::from(report.registered);
    count.listed += u32::from(!report.candidates.is_empty());
    let is_related = |relation| relation == LikenessRelation::Related;
    count.related += u32::from(
        !report.candidates.is_empty()
            && report
                .candidates
                .iter()
                .all(|found| is_related(found.relation)),
    );
    let holders = report.holders.iter().map(|holder| &holder.customer_name);
    let found = report.candidates.iter().map(|candidate| &candidate.name);
    let place = holders
        .chain(found)
        .position(|name| fold(name) == registered);
    count.first += u32::from(place == Some(0));
    count.in_five += u32::from(place.is_some_and(|place| place < 5));
    let as_expected = match pair.expected {
        Expected::Same | Expected::Related => place == Some(0),
        Expected::Different => !report.registered && report.candidates.is_empty(),
    };
    if !as_expected && count.missed.len() < show {
        let first = report.candidates.first().map(|found| found.name.as_str());
        count.missed.push(format!(
            "{} ? {} -> {place:?} {first:?}",
            pair.registered, pair.queried
        ));
    }
}

fn print(counts: &BTreeMap<(Expected, String), Count>) {
    println!(
        "{:<10} {:<28} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "expected", "kind", "asked", "refused", "first", "in five", "listed", "related"
    );
    for ((expected, kind), count) in counts {
        let share = |n: u32| format!("{:.2} %", f64::from(n) * 100.0 / f64::from(count.asked));
        println!(
            "{:<10} {kind:<28} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
            format!("{expected:?}").to_lowercase(),
            count.asked,
            share(count.refused),
            share(count.first),
            share(count.in_five),
            share(count.listed),
            share(count.related),
        );
        for missed in &count.missed {
            println!("    {missed}");
        }
    }
}

fn progress(count: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(count as u64);
    if let Ok(style) =
        ProgressStyle::with_template("{msg} {bar:32} {human_pos}/{human_len} {per_sec} ETA {eta}")
    {
        bar.set_style(style);
    }
    bar.set_message(what);
    if std::io::stderr().is_terminal() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement of this machine, not a time of the business"
)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}
