//! PostgreSQL: a private cluster for this process; the template is a database, a copy of it a test's.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use diesel::{Connection, PgConnection, connection::SimpleConnection};

use super::{
    cluster::{self, Cluster},
    run_dir::{ends_with_us, run_dir},
};

const TEMPLATE: &str = "template_company";

/// Starts the cluster and founds a company in its template.
pub fn make_template(found: impl FnOnce(&str)) {
    run(&format!(
        "CREATE DATABASE {TEMPLATE} ENCODING 'UTF8' TEMPLATE template0"
    ));
    found(&url(TEMPLATE));
    // A template that someone is connected to cannot be copied.
    run(&format!(
        "ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'"
    ));
}

/// A copy of the template.
pub fn copy() -> String {
    let name = next();
    run(&format!(
        "CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"
    ));
    url(&name)
}

/// A database with nothing in it.
pub fn empty() -> String {
    let name = next();
    run(&format!(
        "CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
    ));
    url(&name)
}

fn next() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", NUMBER.fetch_add(1, Ordering::SeqCst))
}

/// Removes a test's database.
pub fn remove(url: &str) {
    if let Some((_, name)) = url.rsplit_once('/') {
        // What cannot be dropped is removed with the cluster at the end of the run.
        let _ = try_run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

fn run(statements: &str) {
    try_run(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// One statement after another: a database is not created in a transaction.
fn try_run(statements: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut connection = PgConnection::establish(&url("postgres"))?;
    for statement in statements.split(';') {
        connection.batch_execute(statement)?;
    }
    Ok(())
}

fn url(database: &str) -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let port = CLUSTER.get_or_init(start).port;
    format!("postgres://xianlu@127.0.0.1:{port}/{database}")
}

fn start() -> Cluster {
    let cluster = cluster::start(
        &run_dir().join("pg"),
        &[
            "listen_addresses=127.0.0.1",
            "max_connections=400",
            "shared_buffers=128MB",
            "fsync=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
        ],
    );
    ends_with_us(cluster.pid);
    cluster
}
