//! A chunk of an import: its rows are made ready, registered or checked, and every refused one is answered for.

use std::{
    borrow::Cow,
    io::{Read, Seek},
};

use super::{
    import_check::Found,
    import_owners::{Named, Owners},
    import_rows::{Candidate, Chunk, CustomerFile, Problem},
};
use crate::{
    app::App,
    context::Ctx,
    db::{Conn, Tx},
    domain::{id::kind::UserId, vocabulary::Line},
    error::{AppResult, Text},
    services::customers::{
        import_drafts::Drafted,
        imports::{self, Met},
    },
};

/// What became of a chunk.
#[derive(Debug, Clone, Default)]
pub struct Registered {
    /// How many rows were refused.
    pub refused: usize,
    /// Why.
    pub problems: Vec<Problem>,
}

/// Registers a chunk; every refused row is answered for.
///
/// # Errors
/// 403; a database fault.
pub fn register(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    line: Line,
    owner: UserId,
    chunk: &Chunk,
) -> AppResult<Registered> {
    let owners = Owners::of(tx, ctx, line, owner, chunk.named.as_ref())?;
    let answers = imports::register(tx, ctx, &*drafted(ctx, &owners, chunk)?)?;
    let met = owned(chunk, &owners).zip(answers);
    let duplicates = met.filter_map(|(candidate, met)| Some(duplicate(candidate, Some(&met?))));
    Ok(answered(chunk, &owners, duplicates))
}

/// Checks a chunk as [`register`] would; nothing is written.
///
/// # Errors
/// 403; a database fault.
pub fn check(
    conn: &mut Conn,
    ctx: &Ctx,
    line: Line,
    owner: UserId,
    chunk: &Chunk,
) -> AppResult<Registered> {
    let owners = Owners::of(conn, ctx, line, owner, chunk.named.as_ref())?;
    let answers = imports::check(conn, &*drafted(ctx, &owners, chunk)?)?;
    let met = owned(chunk, &owners).zip(answers);
    let duplicates = met
        .filter(|(candidate, met)| met.is_some() || candidate.same_as.is_some())
        .map(|(candidate, met)| duplicate(candidate, met.as_ref()));
    Ok(answered(chunk, &owners, duplicates))
}

/// Asks ahead of the transaction who the owners are whom a chunk names. What cannot be found out here, the writer finds
/// out, or says why not.
pub fn asking(
    app: &App,
    (importer, source): (UserId, &'static str),
    line: Line,
    owner: UserId,
) -> impl Fn(&Named) -> Option<Owners> {
    move |named| {
        app.read_as(importer, source, |conn, ctx| {
            Owners::of(conn, ctx, line, owner, Some(named))
        })
        .ok()
    }
}

/// Reads the rows that are left in chunks of at most so many, and hands each over ready to be written, until there are no
/// more or nobody takes them.
///
/// # Errors
/// As [`CustomerFile::next_chunk`].
pub fn read_ahead<S: Read + Seek + Clone>(
    app: &App,
    (importer, source): (UserId, &'static str),
    (line, owner): (Line, UserId),
    (mut rows, most): (CustomerFile<'_, S>, usize),
    hand_over: &dyn Fn(Chunk) -> bool,
) -> AppResult<()> {
    while let Some(mut chunk) = rows.next_chunk(most)? {
        // What cannot be made ready here, the writer makes ready, or says why not.
        let _ = app.read_as(importer, source, |conn, ctx| {
            draft_ahead(conn, ctx, line, owner, &mut chunk)
        });
        if !hand_over(chunk) {
            break;
        }
    }
    Ok(())
}

/// Makes a chunk ready ahead of its transaction.
///
/// # Errors
/// As [`Owners::of`]; a fault.
pub fn draft_ahead(
    conn: &mut Conn,
    ctx: &Ctx,
    line: Line,
    owner: UserId,
    chunk: &mut Chunk,
) -> AppResult<()> {
    let owners = match chunk.owners.take() {
        Some(owners) => owners,
        None => Owners::of(conn, ctx, line, owner, chunk.named.as_ref())?,
    };
    chunk.drafted = Some(draft(ctx, &owners, chunk)?);
    chunk.owners = Some(owners);
    Ok(())
}

/// The chunk's drafts as they were made ahead; made anew if they would be others now.
fn drafted<'c>(ctx: &Ctx, owners: &Owners, chunk: &'c Chunk) -> AppResult<Cow<'c, Drafted>> {
    match &chunk.drafted {
        Some(drafted) if chunk.owners.as_ref() == Some(owners) && drafted.stands(ctx)? => {
            Ok(Cow::Borrowed(drafted))
        }
        _ => draft(ctx, owners, chunk).map(Cow::Owned),
    }
}

fn draft(ctx: &Ctx, owners: &Owners, chunk: &Chunk) -> AppResult<Drafted> {
    let rows = chunk.candidates.iter();
    Drafted::of(
        ctx,
        rows.filter_map(|row| Some((owners.terms_of(&row.cells)?, &row.row))),
    )
}

/// The rows that can have the owner whom they name: those that are drafted, in their order.
fn owned<'c>(chunk: &'c Chunk, owners: &Owners) -> impl Iterator<Item = &'c Candidate> {
    let rows = chunk.candidates.iter();
    rows.filter(|candidate| owners.terms_of(&candidate.cells).is_some())
}

fn answered(
    chunk: &Chunk,
    owners: &Owners,
    duplicates: impl Iterator<Item = Problem>,
) -> Registered {
    let mut problems = chunk.problems.clone();
    problems.extend(duplicates);
    if chunk.named.is_some() {
        problems.extend(not_owned(chunk, owners));
    }
    let refused = problems.iter().filter(|p| p.position == 0).count();
    problems.sort_unstable_by_key(|problem| (problem.line, problem.position));
    Registered { refused, problems }
}

/// The rows that cannot have the owner whom they name, be they in order otherwise or not: every fault of a row is told.
fn not_owned(chunk: &Chunk, owners: &Owners) -> impl Iterator<Item = Problem> {
    let sound = chunk.candidates.iter().filter_map(|candidate| {
        let found = owners.fault_of(&candidate.cells)?;
        Some(Problem::of(candidate.line, 0, found, &candidate.cells))
    });
    let by_row = chunk.problems.chunk_by(|a, b| a.line == b.line);
    let faulty = by_row.filter_map(|of_row| {
        let last = of_row.last()?;
        let found = owners.fault_of(&last.cells)?;
        Some(Problem::of(
            last.line,
            last.position + 1,
            found,
            &last.cells,
        ))
    });
    sound.chain(faulty)
}

/// A row that was not first. Whoever was is named, if that is known already.
fn duplicate(candidate: &Candidate, met: Option<&Met>) -> Problem {
    let (code, message) = match (candidate.same_as, met) {
        (Some(line), Some(met)) => {
            let (key, winner) = (met.key_kind.label(), winner(met));
            (
                "DUPLICATE_IN_FILE",
                Text::new(
                    format!("与第 {line} 行{}相同：{}；先录先得", key.zh, winner.zh),
                    format!(
                        "same {} as line {line}: {}; first registered wins",
                        key.en, winner.en
                    ),
                ),
            )
        }
        (Some(line), None) => (
            "DUPLICATE_IN_FILE",
            Text::new(
                format!("与第 {line} 行相同；先录先得"),
                format!("same as line {line}; first registered wins"),
            ),
        ),
        (None, Some(met)) => {
            let (key, winner) = (met.key_kind.label(), winner(met));
            (
                "ALREADY_REGISTERED",
                Text::new(
                    format!("{}已被登记：{}；先录先得", key.zh, winner.zh),
                    format!(
                        "{} registered already: {}; first registered wins",
                        key.en, winner.en
                    ),
                ),
            )
        }
        (None, None) => ("ALREADY_REGISTERED", Text::default()),
    };
    let found = Found {
        column: None,
        code: code.to_owned(),
        rule: Some(met.map_or("CONF-01", |met| met.rule)),
        message,
    };
    Problem::of(candidate.line, 0, found, &candidate.cells)
}

fn winner(met: &Met) -> Text {
    let Met {
        customer_name,
        owner_name,
        department,
        ..
    } = met;
    Text::new(
        format!("“{customer_name}”，归属{owner_name}（{department}）"),
        format!("{customer_name}, owned by {owner_name} ({department})"),
    )
}
