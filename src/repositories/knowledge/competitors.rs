//! Competitors' files.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::competitors,
        violates,
    },
    domain::{id::kind::CompetitorId, timestamp::Timestamp},
    error::{AppError, AppResult, Code, FieldError},
    models::knowledge::competitor::Competitor,
};

const NAME: Unique = Unique {
    name: "competitors_name_claim",
    columns: "competitors.name_claim",
};

crate::sortable! {
    competitors, Competitor, CompetitorSort {
        Name = "name" => folded_name: String,
        UpdatedAt = "updated_at" => updated_at: Timestamp,
    } default Name Up
}

/// What a list of competitors is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// The folded name begins with this.
    pub name_prefix: Option<String>,
    /// The deleted ones instead of the others.
    pub deleted: bool,
}

/// One page of competitors.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<CompetitorSort>,
) -> AppResult<Page<Competitor>> {
    page(conn, request, || narrowed(narrow))
}

fn narrowed<'q>(narrow: &Narrow) -> competitors::BoxedQuery<'q, MultiBackend> {
    let mut query = competitors::table.into_boxed();
    query = if narrow.deleted {
        query.filter(competitors::deleted_at.is_not_null())
    } else {
        query.filter(competitors::deleted_at.is_null())
    };
    if let Some(prefix) = &narrow.name_prefix {
        query = query
            .filter(competitors::folded_name.ge(prefix.clone()))
            .filter(competitors::folded_name.lt(format!("{prefix}\u{10ffff}")));
    }
    query
}

/// A competitor, deleted or not.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: CompetitorId) -> AppResult<Competitor> {
    Ok(Competitor::query()
        .filter(competitors::id.eq(id))
        .first(conn)?)
}

/// A competitor that is not deleted.
///
/// # Errors
/// 404, or a database fault.
pub fn live(conn: &mut Conn, id: CompetitorId) -> AppResult<Competitor> {
    Ok(Competitor::query()
        .filter(competitors::id.eq(id))
        .filter(competitors::deleted_at.is_null())
        .first(conn)?)
}

/// Inserts a competitor.
///
/// # Errors
/// 409 when its name is another's.
pub fn insert(tx: &mut Tx<'_>, competitor: &Competitor) -> AppResult<()> {
    diesel::insert_into(competitors::table)
        .values(competitor)
        .execute(tx.conn())
        .map(drop)
        .map_err(taken_or)
}

/// Keeps a changed competitor, if it still has the version that was read.
///
/// # Errors
/// 409 when its name is another's. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, competitor: &Competitor, read: i64) -> AppResult<bool> {
    let target = competitors::table
        .filter(competitors::id.eq(competitor.id))
        .filter(competitors::version.eq(read));
    diesel::update(target)
        .set(competitor)
        .execute(tx.conn())
        .map(|rows| rows == 1)
        .map_err(taken_or)
}

fn taken_or(error: diesel::result::Error) -> AppError {
    if !violates(&error, &NAME) {
        return error.into();
    }
    AppError::new(
        Code::Duplicate,
        "该竞争对手已有档案；请在列表中按名称查找。",
        "There is a file of this competitor: find it in the list by its name.",
    )
    .rule("CUS-50")
    .with_errors(vec![FieldError::new(
        "/name",
        "TAKEN",
        "已被使用。",
        "Taken.",
    )])
}

/// Names of competitors, deleted ones too.
///
/// # Errors
/// A database fault.
pub fn names(conn: &mut Conn, ids: &[CompetitorId]) -> AppResult<Vec<(CompetitorId, String)>> {
    Ok(competitors::table
        .filter(competitors::id.eq_any(ids))
        .select((competitors::id, competitors::name))
        .load(conn)?)
}
