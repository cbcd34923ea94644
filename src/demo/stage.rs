//! The stage: the demo's people act on it as themselves, at the times that the script says, through the services.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use chrono::{Datelike, Duration, NaiveDate, NaiveTime, TimeZone};

use super::{SOURCE, words::Dice};
use crate::{
    api::governance::approval::Decide,
    app::App,
    context::{Ctx, Origin},
    db::Tx,
    domain::{
        BusinessCalendar,
        id::kind::{AnyId, CustomerId, UserId},
        timestamp::Timestamp,
        vocabulary::{Opinion, SubjectKind},
    },
    error::{AppError, AppResult},
    services::governance::approvals,
};

/// Where the demo is played: one transaction, a clock that the script moves, everyone who has entered.
pub struct Stage<'s, 't> {
    /// The transaction.
    pub tx: &'s mut Tx<'t>,
    /// The application with the demo's clock and ids.
    pub app: App,
    clock: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    kept: u64,
    people: HashMap<&'static str, Ctx>,
    /// Customers by their number in the script.
    pub customers: HashMap<usize, CustomerId>,
    /// Whatever else later scenes refer to, by a name.
    pub records: HashMap<String, AnyId>,
}

impl<'s, 't> Stage<'s, 't> {
    /// An empty stage.
    pub fn new(tx: &'s mut Tx<'t>, app: App, clock: Arc<AtomicI64>, ids: Arc<AtomicU64>) -> Self {
        Self {
            tx,
            app,
            clock,
            ids,
            kept: 0,
            people: HashMap::new(),
            customers: HashMap::new(),
            records: HashMap::new(),
        }
    }

    /// Moves the clock.
    pub fn time(&mut self, at: Timestamp) {
        self.clock
            .store(at.utc().timestamp_micros(), Ordering::SeqCst);
    }

    /// Today in the company's zone.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.app.now())
    }

    /// The day of an instant in the company's zone.
    pub fn day_of(&self, at: Timestamp) -> NaiveDate {
        at.date_in(self.app.config().zone)
    }

    /// The next record gets the id of an example.
    pub fn number_from(&mut self, example: u64) {
        self.kept = self.ids.swap(example, Ordering::SeqCst);
    }

    /// Ids count on where they were, if an example was given meanwhile.
    pub fn number_on(&mut self) {
        if self.kept != 0 {
            self.ids.store(self.kept, Ordering::SeqCst);
            self.kept = 0;
        }
    }

    /// Someone enters, with the rights of this moment.
    ///
    /// # Errors
    /// A database fault.
    pub fn enter(&mut self, login: &'static str, id: UserId) -> AppResult<()> {
        let origin = Origin {
            source: SOURCE.to_owned(),
            trace_id: SOURCE.to_owned(),
        };
        let ctx = self.app.ctx_for(self.tx, id, origin)?;
        self.people.insert(login, ctx);
        Ok(())
    }

    /// Someone's id.
    ///
    /// # Errors
    /// When nobody with this login has entered.
    pub fn person(&self, login: &str) -> AppResult<UserId> {
        self.ctx(login).map(|ctx| ctx.actor.id)
    }

    fn ctx(&self, login: &str) -> AppResult<&Ctx> {
        self.people
            .get(login)
            .ok_or_else(|| AppError::internal(format!("{login} is not on the stage")))
    }

    /// Someone does something now.
    ///
    /// # Errors
    /// The service's.
    pub fn act<T>(
        &mut self,
        login: &str,
        work: impl FnOnce(&mut Tx<'_>, &Ctx) -> AppResult<T>,
    ) -> AppResult<T> {
        let mut ctx = self.ctx(login)?.clone();
        ctx.now = self.app.now();
        work(self.tx, &ctx)
    }

    /// Someone tries what the regulation refuses; the attempt stays on record.
    ///
    /// # Errors
    /// When it is not refused, or a fault.
    pub fn refused<T>(
        &mut self,
        login: &str,
        work: impl FnOnce(&mut Tx<'_>, &Ctx) -> AppResult<T>,
    ) -> AppResult<AppError> {
        match self.act(login, work) {
            Err(error) if error.is_recorded() => Ok(error),
            Err(error) => Err(error),
            Ok(_) => Err(AppError::internal("the demo expected a refusal")),
        }
    }

    /// Someone decides the pending approval of a record.
    ///
    /// # Errors
    /// When there is none, or the service's.
    pub fn decide(
        &mut self,
        login: &str,
        kind: SubjectKind,
        id: AnyId,
        opinion: Opinion,
        comment: Option<&str>,
    ) -> AppResult<()> {
        let approval = approvals::pending(self.tx, kind, id)?
            .ok_or_else(|| AppError::internal(format!("no approval of {kind} {id} is pending")))?;
        let body = Decide {
            opinion,
            comment: comment.map(str::to_owned),
        };
        self.act(login, |tx, ctx| approvals::decide(tx, ctx, approval, &body))
            .map(drop)
    }

    /// A customer of the script.
    ///
    /// # Errors
    /// When it is not there yet.
    pub fn customer(&self, number: usize) -> AppResult<CustomerId> {
        let found = self.customers.get(&number).copied();
        found.ok_or_else(|| AppError::internal(format!("customer {number} is not there yet")))
    }

    /// A record that an earlier scene left.
    ///
    /// # Errors
    /// When it is not there yet.
    pub fn record(&self, name: &str) -> AppResult<AnyId> {
        let found = self.records.get(name).copied();
        found.ok_or_else(|| AppError::internal(format!("{name} is not there yet")))
    }
}

/// What happens in a scene.
pub type Scene = Box<dyn FnOnce(&mut Stage<'_, '_>) -> AppResult<()>>;

/// Scenes and their times.
pub struct Script {
    scenes: Vec<(Timestamp, Scene)>,
    calendar: BusinessCalendar,
    zone: chrono_tz::Tz,
    /// Nothing happens after this.
    pub end: Timestamp,
}

impl Script {
    /// An empty script that ends now.
    pub fn new(zone: chrono_tz::Tz, end: Timestamp) -> Self {
        Self {
            scenes: Vec::new(),
            calendar: BusinessCalendar::builtin(),
            zone,
            end,
        }
    }

    /// A time in office hours, so many days ago: on that day or the next working day.
    pub fn days_ago(&self, days: i64, dice: &mut Dice) -> Timestamp {
        let day = self.end.plus(-Duration::days(days)).date_in(self.zone);
        self.in_office_hours(day, dice)
    }

    /// A later time in office hours, so many days later at the earliest; on the same day an hour or two later.
    pub fn later(&self, at: Timestamp, days: i64, dice: &mut Dice) -> Timestamp {
        let minutes = 25 + i64::try_from(dice.below(70)).unwrap_or(0);
        if days == 0 {
            return at.plus(Duration::minutes(minutes));
        }
        let day = at.plus(Duration::days(days)).date_in(self.zone);
        self.in_office_hours(day, dice)
    }

    fn in_office_hours(&self, day: NaiveDate, dice: &mut Dice) -> Timestamp {
        let day = if self.calendar.is_business_day(day) {
            day
        } else {
            self.calendar.add_business_days(day, 1)
        };
        let minutes = u32::try_from(dice.below(400)).unwrap_or(0);
        let time = NaiveTime::from_hms_opt(9 + minutes / 60, minutes % 60, 0).unwrap_or_default();
        let local = self.zone.from_local_datetime(&day.and_time(time));
        local
            .earliest()
            .map_or(self.end, |at| Timestamp::new(at.to_utc()))
    }

    /// The year of the end, for numbers of contracts.
    pub fn year(&self) -> i32 {
        self.end.date_in(self.zone).year()
    }

    /// Adds a scene. `false` when it would be in the future: then it has not happened yet, nor what would follow it.
    pub fn at(
        &mut self,
        at: Timestamp,
        scene: impl FnOnce(&mut Stage<'_, '_>) -> AppResult<()> + 'static,
    ) -> bool {
        let past = at <= self.end;
        if past {
            self.scenes.push((at, Box::new(scene)));
        }
        past
    }

    /// The scenes in the order of time.
    pub fn scenes(mut self) -> Vec<(Timestamp, Scene)> {
        self.scenes.sort_by_key(|(at, _)| *at);
        self.scenes
    }
}
