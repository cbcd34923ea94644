//! The application: database, clock, ids, keys. The only place that knows real time and randomness.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::DateTime;
use uuid::Uuid;

use crate::{
    auth::{keys::Keys, tokens::Tokens, vault::Vault},
    config::Config,
    context::{Actor, Ctx, Origin},
    db::{Conn, Database, DbSettings, Tx},
    domain::{
        BusinessCalendar,
        id::{
            Id,
            kind::{SessionId, UnitId, UserId},
        },
        timestamp::Timestamp,
    },
    error::AppResult,
    http::metrics::Metrics,
    jobs::signal::Signal,
    policy::Policies,
    remembered::{Remembered, RememberedBy},
    repositories::platform::revisions,
    services::{
        self,
        org::actors::{self, Rights},
    },
};

/// The one clock.
#[derive(Clone)]
pub enum Clock {
    /// The system's.
    System,
    /// Moves only when told: microseconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Now, in microseconds.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::new(chrono::Utc::now()),
            Self::Manual(micros) => Timestamp::new(
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default(),
            ),
        }
    }
}

/// Where record ids come from.
#[derive(Clone)]
pub enum IdSource {
    /// UUIDv7 from time and randomness.
    Random,
    /// UUIDv7 that count up, for reproducible data.
    Counting(Arc<AtomicU64>),
}

impl IdSource {
    /// The next id.
    #[expect(clippy::disallowed_methods, reason = "this is the one source of ids")]
    pub fn next<T>(&self, _now: Timestamp) -> Id<T> {
        Id::from_uuid(match self {
            Self::Random => Uuid::now_v7(),
            Self::Counting(counter) => {
                let n = counter.fetch_add(1, Ordering::SeqCst);
                Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 | u128::from(n))
            }
        })
    }
}

/// What every unit of work needs and seldom changes.
#[derive(Debug)]
pub struct Kept {
    /// The business calendar, with the years that were loaded at run time.
    pub calendar: Arc<BusinessCalendar>,
    /// The policies.
    pub policies: Arc<Policies>,
    /// The revision of everybody's rights.
    rights: i64,
}

/// Everything a request needs; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Database,
    clock: Clock,
    ids: IdSource,
    keys: Keys,
    vault: Arc<Vault>,
    tokens: Tokens,
    config: Config,
    metrics: Metrics,
    jobs: Signal,
    calendar: Remembered<BusinessCalendar>,
    policies: Remembered<Policies>,
    rights: RememberedBy<(UserId, UnitId), Rights>,
}

impl App {
    /// Opens the database and puts the application together.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(
        config: Config,
        db: &DbSettings,
        secret: &str,
        clock: Clock,
        ids: IdSource,
    ) -> AppResult<Self> {
        let keys = Keys::derive(secret);
        let audit = keys.audit;
        let seal = Arc::new(move |conn: &mut Conn, events| {
            services::governance::audit::seal(conn, &audit, events)
        });
        Ok(Self(Arc::new(Inner {
            db: Database::open(db, seal)?,
            clock,
            ids,
            tokens: Tokens::new(&keys),
            vault: Arc::new(Vault::new(&config.data_keys, secret)),
            keys,
            config,
            metrics: Metrics::new()?,
            jobs: Signal::default(),
            calendar: Remembered::default(),
            policies: Remembered::default(),
            rights: RememberedBy::default(),
        })))
    }

    /// The database.
    pub fn db(&self) -> &Database {
        &self.0.db
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Where ids come from.
    pub fn ids(&self) -> &IdSource {
        &self.0.ids
    }

    /// The derived keys.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// What seals and opens personal data.
    pub fn vault(&self) -> &Arc<Vault> {
        &self.0.vault
    }

    /// Issues and checks tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What every unit of work needs and seldom changes: read again once it has changed, by whatever server.
    ///
    /// # Errors
    /// A database fault, or something kept that no longer reads.
    pub fn kept(&self, conn: &mut Conn) -> AppResult<Kept> {
        let at = revisions::now(conn)?;
        let calendar = &self.0.calendar;
        let policies = &self.0.policies;
        Ok(Kept {
            calendar: calendar.at(at.calendar, || services::org::calendar::load(conn))?,
            policies: policies.at(at.policies, || services::governance::policies::load(conn))?,
            rights: at.rights,
        })
    }

    /// Who acts, with the rights of this moment.
    ///
    /// # Errors
    /// 401 when the account is disabled or the session has ended.
    pub fn actor(
        &self,
        conn: &mut Conn,
        user: UserId,
        session: Option<SessionId>,
        kept: &Kept,
        now: Timestamp,
    ) -> AppResult<Actor> {
        let account = actors::account(conn, user, session, now)?;
        let of = (account.id, account.unit_id);
        let rights = &self.0.rights;
        let rights = rights.at(kept.rights, of, || actors::rights(conn, of))?;
        Ok(actors::actor(account, session, &rights, now))
    }

    /// The context of a user's unit of work outside a request: jobs, commands, the demo.
    ///
    /// # Errors
    /// When the user is unknown or disabled.
    pub fn ctx_for(&self, conn: &mut Conn, user: UserId, origin: Origin) -> AppResult<Ctx> {
        let kept = self.kept(conn)?;
        let now = self.now();
        Ok(Ctx {
            actor: self.actor(conn, user, None, &kept, now)?,
            now,
            origin,
            zone: self.config().zone,
            calendar: kept.calendar,
            policies: kept.policies,
            if_match: None,
            ids: self.0.ids.clone(),
            vault: Arc::clone(&self.0.vault),
            in_stead: std::cell::Cell::default(),
        })
    }

    /// The context of what is noted in a user's name without any of the user's rights: the end of a job.
    ///
    /// # Errors
    /// A database fault.
    pub fn ctx_without_rights(
        &self,
        conn: &mut Conn,
        user: UserId,
        origin: Origin,
    ) -> AppResult<Ctx> {
        let now = self.now();
        let kept = self.kept(conn)?;
        Ok(Ctx {
            actor: Actor {
                id: user,
                name: String::new(),
                unit_id: self.0.ids.next(now),
                clearance: 0,
                session_id: None,
                grants: Vec::new(),
                service_account: false,
                must_change_password: false,
                stands_in_for: Vec::new(),
                ties: crate::context::Ties::default(),
            },
            now,
            origin,
            zone: self.config().zone,
            calendar: kept.calendar,
            policies: kept.policies,
            if_match: None,
            ids: self.0.ids.clone(),
            vault: Arc::clone(&self.0.vault),
            in_stead: std::cell::Cell::default(),
        })
    }

    /// What wakes and stops this process's job runner.
    pub fn jobs(&self) -> &Signal {
        &self.0.jobs
    }

    /// Reads as a user outside a request.
    ///
    /// # Errors
    /// The closure's.
    pub fn read_as<T>(
        &self,
        user: UserId,
        source: &str,
        work: impl FnOnce(&mut Conn, &Ctx) -> AppResult<T>,
    ) -> AppResult<T> {
        self.db().read_now(|conn| {
            let ctx = self.ctx_for(conn, user, Origin::of(source))?;
            work(conn, &ctx)
        })
    }

    /// Runs a user's unit of work outside a request, in one transaction.
    ///
    /// # Errors
    /// The closure's.
    pub fn write_as<T, F>(&self, user: UserId, source: &str, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> AppResult<T> + Send + 'static,
    {
        self.db().write_now(self.on_behalf(user, source, work))
    }

    /// [`App::write_as`] for one step of many, as [`Database::write_step`].
    ///
    /// # Errors
    /// The closure's.
    pub fn write_step_as<T, F>(&self, user: UserId, source: &str, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> AppResult<T> + Send + 'static,
    {
        self.db().write_step(self.on_behalf(user, source, work))
    }

    fn on_behalf<T, F>(
        &self,
        user: UserId,
        source: &str,
        mut work: F,
    ) -> impl FnMut(&mut Tx<'_>) -> AppResult<T> + Send + use<T, F>
    where
        F: FnMut(&mut Tx<'_>, &Ctx) -> AppResult<T> + Send,
    {
        let app = self.clone();
        let origin = Origin::of(source);
        move |tx| {
            let ctx = app.ctx_for(tx, user, origin.clone())?;
            work(tx, &ctx)
        }
    }
}
