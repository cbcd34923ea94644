//! A database for each test: a copy of one that was migrated and founded once in this run.

use std::sync::{Arc, OnceLock, atomic::AtomicI64};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    backend::Backend as DieselBackend,
    connection::SimpleConnection,
    deserialize::{self, FromSql, FromSqlRow},
    pg::Pg,
    sql_query,
    sql_types::{BigInt, Text},
    sqlite::{Sqlite, SqliteType},
};
use uuid::Uuid;

use super::{beginning, company, open, postgres, sqlite};

/// Which database the run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A cluster that this process starts.
    Postgres,
}

/// `XIANLU_TEST_BACKEND`.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness is what reads the environment"
)]
pub fn backend() -> Backend {
    match std::env::var("XIANLU_TEST_BACKEND").as_deref() {
        Err(_) | Ok("" | "sqlite") => Backend::Sqlite,
        Ok("postgres") => Backend::Postgres,
        Ok(other) => panic!("XIANLU_TEST_BACKEND={other}: sqlite or postgres"),
    }
}

/// A test's database; dropped with the test.
pub struct TestDatabase {
    /// As `DATABASE_URL` would say it.
    pub url: String,
    backend: Backend,
}

/// A fresh copy of the founded company.
pub fn fresh() -> TestDatabase {
    static TEMPLATE: OnceLock<()> = OnceLock::new();
    let backend = backend();
    match backend {
        Backend::Sqlite => {
            TEMPLATE.get_or_init(|| sqlite::make_template(found));
            TestDatabase {
                url: sqlite::copy(),
                backend,
            }
        }
        Backend::Postgres => {
            TEMPLATE.get_or_init(|| postgres::make_template(found));
            TestDatabase {
                url: postgres::copy(),
                backend,
            }
        }
    }
}

/// A migrated database with nothing in it.
pub fn unfounded() -> TestDatabase {
    let backend = backend();
    let url = match backend {
        Backend::Sqlite => sqlite::empty(),
        Backend::Postgres => postgres::empty(),
    };
    xianlu::db::Database::migrate(&url).expect("the migrations run");
    TestDatabase { url, backend }
}

/// Migrates an empty database and founds the company in it.
fn found(url: &str) {
    xianlu::db::Database::migrate(url).expect("the migrations run");
    let clock = Arc::new(AtomicI64::new(beginning()));
    let app = open(url, &clock, 1, |config| config.db_pool = Some(1), None);
    company::found(&app);
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    text: Shown,
}

/// Text; an id in its canonical form, wherever it is kept.
#[derive(FromSqlRow)]
struct Shown(String);

impl FromSql<Text, Pg> for Shown {
    fn from_sql(value: <Pg as DieselBackend>::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Text, Pg>::from_sql(value).map(Self)
    }
}

impl FromSql<Text, Sqlite> for Shown {
    fn from_sql(mut value: <Sqlite as DieselBackend>::RawValue<'_>) -> deserialize::Result<Self> {
        if value.value_type() == Some(SqliteType::Binary) {
            return Ok(Self(Uuid::from_slice(value.read_blob())?.to_string()));
        }
        FromSql::<Text, Sqlite>::from_sql(value).map(Self)
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

impl TestDatabase {
    /// Runs statements.
    pub fn execute(&self, statements: &str) {
        self.try_execute(statements)
            .unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// Runs statements that the database may refuse, with its words.
    pub fn try_execute(&self, statements: &str) -> Result<(), String> {
        match self.backend {
            Backend::Sqlite => self.sqlite().batch_execute(&sqlite::spelt(statements)),
            Backend::Postgres => self.postgres().batch_execute(statements),
        }
        .map_err(|error| error.to_string())
    }

    /// The one number that a query gives as `number`.
    pub fn number(&self, query: &str) -> i64 {
        let found: Number = match self.backend {
            Backend::Sqlite => sql_query(sqlite::spelt(query)).get_result(&mut self.sqlite()),
            Backend::Postgres => sql_query(query).get_result(&mut self.postgres()),
        }
        .unwrap_or_else(|error| panic!("{query}: {error}"));
        found.number
    }

    /// What a query gives as `text`.
    pub fn texts(&self, query: &str) -> Vec<String> {
        let found: Vec<Word> = match self.backend {
            Backend::Sqlite => sql_query(sqlite::spelt(query)).load(&mut self.sqlite()),
            Backend::Postgres => sql_query(query).load(&mut self.postgres()),
        }
        .unwrap_or_else(|error| panic!("{query}: {error}"));
        found.into_iter().map(|word| word.text.0).collect()
    }

    /// How the database would run a statement whose values are not known, a line a step. PostgreSQL plans it as if the
    /// tables were large: it reads a whole table only where no index could serve.
    pub fn plan(&self, statement: &str) -> Vec<String> {
        match self.backend {
            Backend::Sqlite => {
                let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
                    .load(&mut self.sqlite())
                    .unwrap_or_else(|error| panic!("{statement}: {error}"));
                steps.into_iter().map(|step| step.detail).collect()
            }
            Backend::Postgres => {
                let values = (1..)
                    .take_while(|number| statement.contains(&format!("${number}")))
                    .count();
                let values = vec!["NULL"; values].join(", ");
                let values = if values.is_empty() {
                    values
                } else {
                    format!("({values})")
                };
                let mut connection = self.postgres();
                connection
                    .batch_execute(&format!(
                        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}"
                    ))
                    .unwrap_or_else(|error| panic!("{statement}: {error}"));
                let steps: Vec<Line> = sql_query(format!("EXPLAIN EXECUTE asked{values}"))
                    .load(&mut connection)
                    .unwrap_or_else(|error| panic!("{statement}: {error}"));
                steps.into_iter().map(|step| step.line).collect()
            }
        }
    }

    fn sqlite(&self) -> SqliteConnection {
        sqlite::connect(&self.url)
    }

    fn postgres(&self) -> PgConnection {
        PgConnection::establish(&self.url).expect("the database answers")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match self.backend {
            Backend::Sqlite => sqlite::remove(&self.url),
            Backend::Postgres => postgres::remove(&self.url),
        }
    }
}
