//! What every test starts from: an application of its own, the company's people as clients, a clock.

pub mod answer;
pub mod client;
mod cluster;
pub mod company;
pub mod database;
pub mod document;
mod postgres;
mod run_dir;
mod sqlite;

use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{
        Arc, Barrier, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use actix_web::{dev::ServerHandle, rt::System};
use xianlu::{
    app::{App, Clock, IdSource},
    config::{Config, Mode},
    db::{DbSettings, Watch},
    domain::timestamp::Timestamp,
    http::server,
};

pub use answer::Answer;
pub use client::Client;
pub use company::Person;
pub use database::{Backend, backend};
pub use serde_json::{Value, json};

/// The secret of every test installation.
pub const SECRET: &str = "the secret of a test run, long enough for any mode";

/// Monday, 2 March 2026, 09:00 in Shanghai: when every test begins.
pub const BEGINNING: &str = "2026-03-02T01:00:00Z";

/// An installation of its own: database, server, clock.
pub struct TestApp {
    app: App,
    address: SocketAddr,
    clock: Arc<AtomicI64>,
    agent: ureq::Agent,
    sessions: Mutex<HashMap<Person, (i64, String)>>,
    servers: Mutex<Vec<(ServerHandle, JoinHandle<()>)>>,
    starts: u64,
    database: database::TestDatabase,
}

impl TestApp {
    /// The founded company, served.
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    /// The same with another configuration.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(database::fresh(), change, None)
    }

    /// The founded company, and every statement that it runs from now on.
    pub fn watched() -> (Self, Arc<Mutex<Vec<String>>>) {
        let statements = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&statements);
        let watch: Watch = Arc::new(move |statement| {
            let mut statements = sink.lock().unwrap_or_else(PoisonError::into_inner);
            statements.push(statement.to_owned());
        });
        (Self::on(database::fresh(), |_| {}, Some(watch)), statements)
    }

    /// An installation in which no company has been founded yet.
    pub fn unfounded() -> Self {
        Self::on(database::unfounded(), |_| {}, None)
    }

    fn on(
        database: database::TestDatabase,
        change: impl FnOnce(&mut Config),
        watch: Option<Watch>,
    ) -> Self {
        let clock = Arc::new(AtomicI64::new(beginning()));
        // What the template holds was counted from 1.
        let app = open(&database.url, &clock, 1_000_000, change, watch);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let servers = Mutex::new(vec![serve(app.clone(), listener)]);
        let agent = client::agent();
        Self {
            app,
            address,
            clock,
            agent,
            sessions: Mutex::default(),
            servers,
            starts: 0,
            database,
        }
    }

    /// Stops the server and starts another one on the same database, with another configuration. People log in again.
    pub fn restart(&mut self, change: impl FnOnce(&mut Config)) {
        self.stop();
        // Ids go on where no earlier start has counted to.
        self.starts += 1;
        let first_id = 1_000_000 * (1 + self.starts);
        self.app = open(&self.database.url, &self.clock, first_id, change, None);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        self.address = listener.local_addr().expect("an address");
        self.servers = Mutex::new(vec![serve(self.app.clone(), listener)]);
        self.sessions = Mutex::default();
    }

    fn stop(&mut self) {
        let servers = self
            .servers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for (handle, thread) in servers.drain(..) {
            drop(handle.stop(false));
            // Whatever the server died of has failed a request before.
            let _ = thread.join();
        }
    }

    /// The application inside, for what no client can do.
    pub fn inside(&self) -> &App {
        &self.app
    }

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of another server on the same database, with caches and connections of its own. One process writes an
    /// SQLite file: there it is the same server.
    pub fn another_server(&self) -> SocketAddr {
        if backend() == Backend::Sqlite {
            return self.address;
        }
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let first_id = 1_000_000 * (u64::try_from(servers.len()).expect("a few servers") + 1);
        let app = open(&self.database.url, &self.clock, first_id, |_| {}, None);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        servers.push(serve(app, listener));
        address
    }

    /// Now, as the installation sees it.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Moves the clock. People whose access tokens have expired by then log in again with their next request.
    pub fn advance(&self, by: chrono::Duration) {
        self.clock.fetch_add(
            by.num_microseconds().expect("a duration that a test needs"),
            Ordering::SeqCst,
        );
    }

    /// Runs SQL past the application, as someone with the database's password could.
    pub fn sql(&self, statements: &str) {
        self.database.execute(statements);
    }

    /// How many rows a table has, or how many fulfil `table WHERE …`.
    pub fn count(&self, table: &str) -> i64 {
        self.database
            .number(&format!("SELECT COUNT(*) AS number FROM {table}"))
    }

    /// The first column of a query's rows, which is text.
    pub fn texts(&self, query: &str) -> Vec<String> {
        self.database.texts(query)
    }

    /// The database itself.
    pub fn database(&self) -> &database::TestDatabase {
        &self.database
    }

    /// A person of the company as a client: logged in with the first request.
    pub fn client(&self, person: Person) -> Client<'_> {
        Client::person(self, person)
    }

    /// Someone who holds exactly this access token.
    pub fn holder_of(&self, token: &str) -> Client<'_> {
        Client::holder(self, token)
    }

    /// Nobody: requests without a token.
    pub fn anonymous(&self) -> Client<'_> {
        Client::anonymous(self)
    }

    /// A login with this password, whatever comes of it.
    pub fn login(&self, login: &str, password: &str) -> Answer {
        self.anonymous().post(
            "/auth/login",
            json!({ "login": login, "password": password }),
        )
    }

    fn token_of(&self, person: Person) -> String {
        let now = self.now().unix_seconds();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        match sessions.get(&person) {
            Some((until, token)) if now < *until => token.clone(),
            _ => {
                self.keep_password(person);
                let pair = self
                    .login(person.login(), company::PASSWORD)
                    .expect(200)
                    .json();
                let token = pair["access_token"].as_str().expect("a token").to_owned();
                let lasts = pair["expires_in"].as_i64().expect("seconds");
                sessions.insert(person, (now + lasts, token.clone()));
                token
            }
        }
    }

    /// Passwords expire after 90 days, which is not what a test is about that jumps over months and lets people act.
    fn keep_password(&self, person: Person) {
        let now = self.now().utc();
        if self.clock.load(Ordering::SeqCst) - beginning() > 80 * 86_400 * 1_000_000 {
            let (login, now) = (person.login(), now.format("%F %T"));
            self.sql(&format!(
                "UPDATE users SET password_changed_at = '{now}' WHERE login_key = '{login}'"
            ));
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs `work` on `count` threads that are released together, and gives what each answered.
pub fn together<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = Barrier::new(count);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (gate, work) = (&gate, &work);
                scope.spawn(move || {
                    gate.wait();
                    work(number)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no thread fails"))
            .collect()
    })
}

/// How many of the answers have each status, in order of the status.
pub fn statuses(answers: &[Answer]) -> Vec<(u16, usize)> {
    let mut counted = std::collections::BTreeMap::new();
    for answer in answers {
        *counted.entry(answer.status()).or_insert(0) += 1;
    }
    counted.into_iter().collect()
}

fn beginning() -> i64 {
    BEGINNING
        .parse::<Timestamp>()
        .expect("an instant")
        .utc()
        .timestamp_micros()
}

/// Opens an application with a clock that stands still and ids that count up from `first_id`.
fn open(
    url: &str,
    clock: &Arc<AtomicI64>,
    first_id: u64,
    change: impl FnOnce(&mut Config),
    watch: Option<Watch>,
) -> App {
    let mut config = Config {
        database_url: Some(url.to_owned()),
        database_replica_url: None,
        data_dir: PathBuf::from("/nonexistent"),
        mode: Mode::Production,
        secret: Some(SECRET.to_owned()),
        data_keys: Vec::new(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        cors_origins: Vec::new(),
        workers: Some(2),
        db_pool: Some(4),
        body_limit: 1_048_576,
        import_limit: 4_194_304,
        document_limit: 4_194_304,
        demo_logins: None,
        zone: chrono_tz::Asia::Shanghai,
        trust_proxy: false,
    };
    change(&mut config);
    let ids = IdSource::Counting(Arc::new(AtomicU64::new(first_id)));
    App::open(
        config.clone(),
        &DbSettings {
            watch,
            ..config.db()
        },
        SECRET,
        Clock::Manual(Arc::clone(clock)),
        ids,
    )
    .expect("the application opens")
}

fn serve(app: App, listener: TcpListener) -> (ServerHandle, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        System::new().block_on(async move {
            let server = server::serve(&app, listener).expect("the server starts");
            sender.send(server.handle()).expect("the test waits");
            server.await.expect("the server ends well");
        });
    });
    (
        receiver
            .recv_timeout(Duration::from_secs(30))
            .expect("the server starts"),
        thread,
    )
}
