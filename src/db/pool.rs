//! A bounded pool of connections.

use std::{ops::DerefMut, time::Duration};

use diesel::r2d2::{self, R2D2Connection};

use super::{
    DbSettings,
    connection::{self, Conn},
};
use crate::error::{AppError, AppResult};

/// Connections to one address.
#[derive(Clone)]
pub struct Pool(r2d2::Pool<Manager>);

struct Manager {
    url: String,
    read_only: bool,
    settings: DbSettings,
}

impl Pool {
    /// Opens the first connection; the others follow as they are needed.
    pub fn open(
        settings: &DbSettings,
        url: &str,
        wait: Duration,
        read_only: bool,
    ) -> AppResult<Self> {
        // A shared pool on PostgreSQL serves writes too, so only a pool of its own is read-only.
        r2d2::Pool::builder()
            .max_size(settings.pool_size.max(1))
            .min_idle(Some(1))
            .connection_timeout(wait)
            .test_on_check_out(false)
            .build(Manager {
                url: url.to_owned(),
                read_only,
                settings: settings.clone(),
            })
            .map(Self)
            .map_err(|e| AppError::unavailable(5, e))
    }

    /// Takes a connection that nobody uses, if there is one.
    pub fn idle(&self) -> Option<impl DerefMut<Target = Conn>> {
        self.0.try_get()
    }

    /// Takes a connection, waiting no longer than the pool's limit.
    pub fn get(&self) -> AppResult<impl DerefMut<Target = Conn>> {
        self.0.get().map_err(|e| AppError::unavailable(2, e))
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = AppError;

    fn connect(&self) -> Result<Conn, AppError> {
        connection::pooled(&self.settings, &self.url, self.read_only)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), AppError> {
        if connection::answers(conn) {
            Ok(())
        } else {
            Err(AppError::unavailable(1, "connection lost"))
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        match conn {
            Conn::Postgres(c) => c.is_broken(),
            Conn::Sqlite(c) => c.is_broken(),
        }
    }
}
