//! The demo company: ninety days of a believable organisation, made by the same services as everything else, by its
//! people as themselves, at the times at which they would have done it; never by inserting rows.
//!
//! All of it is one transaction: there is the whole company, or nothing of it. Ids count up and the dice fall the same
//! way every time, so that the examples of the OpenAPI document can name its records.

mod commerce;
mod company;
mod customers;
mod disputes;
mod sales;
mod stage;
mod succession;
pub mod words;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64},
};

use chrono::Duration;
use serde::Serialize;

pub use company::{ADMINISTRATOR, LEAVER, MACHINE, NEWCOMER, PASSWORD, PEOPLE, Person, ROOT};

use self::{
    company::Hashes,
    stage::{Script, Stage},
    words::Dice,
};
use crate::{
    app::{App, Clock, IdSource},
    auth::passwords,
    config::Config,
    db::Conn,
    domain::timestamp::Timestamp,
    error::{AppError, AppResult, Code},
    policy::org::password::PasswordSettings,
    services::{governance::policies, org::bootstrap},
};

/// What the events of the demo name as their source.
const SOURCE: &str = "demo";
/// How far back the demo begins.
const DAYS: i64 = 91;
const SEED: u64 = 20_260_101;

// The first record of each of these kinds has an id that the OpenAPI document's examples name.
const EXAMPLE_PRODUCT: u64 = 0x1_0000_0000;
const EXAMPLE_CUSTOMER: u64 = 0x2_0000_0000;
const EXAMPLE_OPPORTUNITY: u64 = 0x3_0000_0000;
const EXAMPLE_QUOTE: u64 = 0x4_0000_0000;
const EXAMPLE_CONTRACT: u64 = 0x5_0000_0000;

/// A login of the demo company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Login {
    /// Code of the role.
    pub role: &'static str,
    /// Login.
    pub login: &'static str,
    /// Password.
    pub password: &'static str,
}

/// One login per role: of people who can log in and go on.
pub fn logins() -> Vec<Login> {
    let mut logins: Vec<Login> = Vec::new();
    for person in PEOPLE {
        let usual = ![NEWCOMER, LEAVER, MACHINE].contains(&person.login);
        if usual && logins.iter().all(|known| known.role != person.role) {
            logins.push(Login {
                role: person.role,
                login: person.login,
                password: PASSWORD,
            });
        }
    }
    logins
}

/// Whether a company is there already, and whether it is the demo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Present {
    /// Nobody.
    Nothing,
    /// The demo company.
    Demo,
    /// Another one.
    Other,
}

/// What is there.
///
/// # Errors
/// A database fault.
pub fn present(conn: &mut Conn) -> AppResult<Present> {
    Ok(match bootstrap::founded(conn)? {
        None => Present::Nothing,
        Some(root) if root == ROOT => Present::Demo,
        Some(_) => Present::Other,
    })
}

/// Loads the demo company as it would be at `now`; `played` is told how many scenes of how many have been played.
///
/// # Errors
/// 409 when a company is founded already; a database fault.
pub fn load(
    config: &Config,
    secret: &str,
    now: Timestamp,
    played: impl Fn(usize, usize) + Send + 'static,
) -> AppResult<()> {
    let begun = now.plus(-Duration::days(DAYS));
    let clock = Arc::new(AtomicI64::new(begun.utc().timestamp_micros()));
    let ids = Arc::new(AtomicU64::new(1));
    let app = App::open(
        config.clone(),
        &config.db(),
        secret,
        Clock::Manual(Arc::clone(&clock)),
        IdSource::Counting(Arc::clone(&ids)),
    )?;
    let initial = app.db().read_now(|conn| {
        if present(conn)? != Present::Nothing {
            return Err(AppError::new(
                Code::StateConflict,
                "数据库中已有公司，不再载入演示数据。",
                "There is a company already: the demo is loaded into an empty database only.",
            ));
        }
        let settings = policies::current::<PasswordSettings>(conn, begun)?;
        Ok(settings.value.initial_password)
    })?;
    let hashes = Hashes {
        usual: passwords::hash(PASSWORD)?,
        former: passwords::hash(&passwords::generate())?,
        initial: passwords::hash(&initial)?,
    };
    let inside = app.clone();
    app.db().write_now(move |tx| {
        // The closure may be run again after a lost race: it begins from the beginning.
        clock.store(
            begun.utc().timestamp_micros(),
            std::sync::atomic::Ordering::SeqCst,
        );
        ids.store(1, std::sync::atomic::Ordering::SeqCst);
        let mut stage = Stage::new(tx, inside.clone(), Arc::clone(&clock), Arc::clone(&ids));
        let scenes = script(&inside, now, &hashes).scenes();
        let count = scenes.len();
        for (index, (at, scene)) in scenes.into_iter().enumerate() {
            stage.time(at);
            scene(&mut stage)?;
            played(index + 1, count);
        }
        Ok(())
    })
}

fn script(app: &App, now: Timestamp, hashes: &Hashes) -> Script {
    let mut dice = Dice::new(SEED);
    let mut script = Script::new(app.config().zone, now);
    let begun = now.plus(-Duration::days(DAYS));
    let (at_first, lately, at_last) = (hashes.clone(), hashes.clone(), hashes.clone());
    script.at(begun, move |stage| company::found(stage, &at_first));
    script.at(begun.plus(Duration::hours(1)), commerce::offer);
    let changed = script.days_ago(6, &mut dice);
    script.at(changed, move |stage| {
        company::change_passwords(stage, &lately)
    });
    let hired = script.days_ago(3, &mut dice);
    script.at(hired, move |stage| company::welcome(stage, &at_last));
    let planned = customers::plan(&mut script, &mut dice);
    sales::plan(&mut script, &mut dice, &planned);
    disputes::plan(&mut script, &planned);
    succession::plan(&mut script);
    script
}
