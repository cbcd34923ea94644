//! Who will own the customers of an import: whom their row names by login, or else whom the import names (CUS-34).

use std::collections::{BTreeSet, HashMap};

use super::{csv_cells, import_check::Found, import_columns::Columns};
use crate::{
    context::Ctx,
    db::Conn,
    domain::{
        id::kind::{UnitId, UserId},
        vocabulary::{Capability, ImportField, Line},
    },
    error::{AppError, AppResult, Text},
    policy::Refusal,
    repositories::org::users,
    services::{
        customers::import_drafts::Terms,
        org::{fields::Fields, scope, sessions::login_key, users::enabled},
    },
};

/// The longest login, in characters (ORG-17): whatever is longer is nobody's.
const LONGEST: usize = 100;

/// The column in which rows name their owners.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    at: usize,
    title: String,
    width: usize,
}

impl Column {
    /// The login in a row's cells. None if the row names nobody, or if nobody knows which of its cells is what.
    fn login<'c>(&self, cells: &'c [String]) -> Option<&'c str> {
        let cell = cells.get(self.at).filter(|_| cells.len() == self.width)?;
        let login = csv_cells::bare(cell.trim());
        (!login.is_empty()).then_some(login)
    }
}

/// Whom the rows of a chunk name, each once.
#[derive(Debug, Clone)]
pub struct Named {
    column: Column,
    logins: BTreeSet<String>,
}

impl Named {
    /// Nobody so far; none if the file has no column for it.
    pub fn of(columns: &Columns) -> Option<Self> {
        let at = columns.at(ImportField::OwnerLogin)?;
        let title = columns.title(ImportField::OwnerLogin)?;
        let column = Column {
            at,
            title: title.trim().to_owned(),
            width: columns.count(),
        };
        Some(Self {
            column,
            logins: BTreeSet::new(),
        })
    }

    /// Takes down whom a row names.
    pub fn note(&mut self, cells: &[String]) {
        let Some(login) = self.column.login(cells) else {
            return;
        };
        if !self.logins.contains(login) && login.chars().count() <= LONGEST {
            self.logins.insert(login.to_owned());
        }
    }

    /// Whether no row names anybody.
    pub fn is_empty(&self) -> bool {
        self.logins.is_empty()
    }
}

/// Who the owners of a chunk's rows are: as long as this is the same, what was made of the rows stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owners {
    of_import: Terms,
    column: Option<Column>,
    known: HashMap<String, Result<Terms, Refusal>>,
}

impl Owners {
    /// Looks up whom a chunk names: one statement for all of them, none if it names nobody.
    ///
    /// # Errors
    /// As [`terms`], and a database fault; whoever may not be named costs only the rows that do.
    pub fn of(
        conn: &mut Conn,
        ctx: &Ctx,
        line: Line,
        owner: UserId,
        named: Option<&Named>,
    ) -> AppResult<Self> {
        let of_import = terms(conn, ctx, line, owner)?;
        let known = match named {
            Some(named) if !named.is_empty() => known(conn, ctx, line, &named.logins)?,
            _ => HashMap::new(),
        };
        Ok(Self {
            of_import,
            column: named.map(|named| named.column.clone()),
            known,
        })
    }

    /// On what terms a row is registered; none if it names somebody who may not be its owner.
    pub fn terms_of(&self, cells: &[String]) -> Option<Terms> {
        match self.named_in(cells) {
            None => Some(self.of_import),
            Some((_, known)) => known?.as_ref().ok().copied(),
        }
    }

    /// Why a row cannot have the owner whom it names.
    pub fn fault_of(&self, cells: &[String]) -> Option<Found> {
        let (title, known) = self.named_in(cells)?;
        let (code, rule, message) = match known {
            Some(Ok(_)) => return None,
            Some(Err(refusal)) => (
                "OWNER_BEYOND_REACH",
                Some(refusal.rule),
                Text::new(
                    "该负责人所在的单元超出您的导入权限范围；请由权限覆盖该单元的人员导入",
                    "the owner's unit is beyond the reach of your right to import: someone whose right covers it must import this row",
                ),
            ),
            None => (
                "UNKNOWN_OWNER",
                None,
                Text::new(
                    "没有使用该登录名的在用账号；须填负责人的登录名，而不是姓名；留空则为本次导入的负责人",
                    "no account in use has this login: the owner's login is asked for, not the name; left empty, the owner is the import's",
                ),
            ),
        };
        Some(Found {
            column: Some(title.to_owned()),
            code: code.to_owned(),
            rule,
            message,
        })
    }

    /// Under which header a row names an owner, and who that is.
    fn named_in(&self, cells: &[String]) -> Option<(&str, Option<&Result<Terms, Refusal>>)> {
        let column = self.column.as_ref()?;
        let login = column.login(cells)?;
        Some((&column.title, self.known.get(login)))
    }
}

/// Those of these logins whom somebody has, as they are written, and whether the importer may name them.
fn known(
    conn: &mut Conn,
    ctx: &Ctx,
    line: Line,
    logins: &BTreeSet<String>,
) -> AppResult<HashMap<String, Result<Terms, Refusal>>> {
    let keys: Vec<_> = logins.iter().map(|login| login_key(login)).collect();
    let asked: BTreeSet<_> = keys.iter().map(String::as_str).collect();
    let asked: Vec<_> = asked.into_iter().filter(|key| !key.is_empty()).collect();
    let users: HashMap<_, _> = users::enabled_by_logins(conn, &asked)?
        .into_iter()
        .map(|(key, id, unit)| (key, (id, unit)))
        .collect();
    // Nobody needs a reach to own what one imports oneself.
    let units: BTreeSet<UnitId> = users
        .values()
        .filter(|(id, _)| *id != ctx.actor.id)
        .map(|(_, unit)| *unit)
        .collect();
    let units: Vec<_> = units.into_iter().collect();
    let beyond = scope::beyond(conn, ctx, Capability::ImportRecords, &units)?;
    let judged = logins.iter().zip(keys).filter_map(|(login, key)| {
        let (owner_id, unit_id) = *users.get(&key)?;
        let judged = match beyond.get(&unit_id) {
            Some(refusal) if owner_id != ctx.actor.id => Err(refusal.clone()),
            _ => Ok(Terms {
                line,
                owner_id,
                unit_id,
            }),
        };
        Some((login.clone(), judged))
    });
    Ok(judged.collect())
}

/// Who will own the customers whose rows name nobody: the one whom the import names, or else the importer.
///
/// # Errors
/// 403 for an owner beyond the reach of the importer's role; 422 for an unknown or disabled one.
pub fn terms(conn: &mut Conn, ctx: &Ctx, line: Line, owner: UserId) -> AppResult<Terms> {
    ctx.require(Capability::ImportRecords)?;
    if owner == ctx.actor.id {
        return Ok(Terms {
            line,
            owner_id: owner,
            unit_id: ctx.actor.unit_id,
        });
    }
    let mut fields = Fields::default();
    let user = enabled(conn, "/owner_id", owner, &mut fields)?;
    fields.done()?;
    let user = user.ok_or_else(AppError::not_found)?;
    scope::require_in(conn, ctx, Capability::ImportRecords, user.unit_id)?;
    Ok(Terms {
        line,
        owner_id: user.id,
        unit_id: user.unit_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn named(header: &[&str]) -> Option<Named> {
        Named::of(&Columns::by_header(texts(header)).unwrap())
    }

    #[test]
    fn each_login_is_asked_for_once_and_no_other_cell() {
        let mut named = named(&["name", " 负责人登录名 "]).unwrap();
        assert!(named.is_empty());
        let longest = "a".repeat(LONGEST);
        for cells in [
            &["甲", " zhang.wei "][..],
            &["乙", "zhang.wei"],
            &["丙", "'=li"],
            &["丁", " \u{3000}"],
            &["戊", &format!("{longest}a")],
            &["己", &longest],
            &["庚"],
            &["辛", "wang", "x"],
        ] {
            named.note(&texts(cells));
        }
        let asked: Vec<_> = named.logins.iter().map(String::as_str).collect();
        assert_eq!(asked, ["=li", &longest, "zhang.wei"]);
    }

    #[test]
    fn a_file_without_the_column_names_nobody() {
        assert!(named(&["name", "phone"]).is_none());
    }

    #[test]
    fn a_row_is_whose_it_says_or_the_imports_and_nobody_elses() {
        let terms = |owner| Terms {
            line: Line::General,
            owner_id: UserId::from_uuid(uuid::Uuid::from_u128(owner)),
            unit_id: UnitId::from_uuid(uuid::Uuid::from_u128(9)),
        };
        let beyond = Refusal::new("ORG-07", "OUTSIDE_ADMINISTERED_UNITS", "", "");
        let owners = Owners {
            of_import: terms(1),
            column: named(&["name", "owner_login"]).map(|named| named.column),
            known: HashMap::from([
                ("zhang".to_owned(), Ok(terms(2))),
                ("li".to_owned(), Err(beyond)),
            ]),
        };
        let judged = |cells: &[&str]| {
            let cells = texts(cells);
            let fault = owners.fault_of(&cells).map(|found| found.code);
            (owners.terms_of(&cells), fault)
        };
        assert_eq!(judged(&["甲", " "]), (Some(terms(1)), None));
        assert_eq!(judged(&["甲", "zhang"]), (Some(terms(2)), None));
        let refused = |code: &str| (None, Some(code.to_owned()));
        assert_eq!(judged(&["甲", "li"]), refused("OWNER_BEYOND_REACH"));
        assert_eq!(judged(&["甲", "wang"]), refused("UNKNOWN_OWNER"));
    }
}
