//! Configuration: flags and environment, read once at start.

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use crate::db::DbSettings;

/// How strict the start is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// One machine: a missing secret is generated and kept in the data directory.
    Local,
    /// The secret must be given.
    Production,
}

/// Everything that a start can be told.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`; default: an SQLite file in the data directory.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// A PostgreSQL replica for reads that may lag.
    #[arg(
        long,
        env = "DATABASE_REPLICA_URL",
        hide_env_values = true,
        global = true
    )]
    pub database_replica_url: Option<String>,
    /// Where local data and the generated secret are kept.
    #[arg(long, env = "XIANLU_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// Local or production.
    #[arg(
        long,
        env = "XIANLU_MODE",
        value_enum,
        default_value = "local",
        global = true
    )]
    pub mode: Mode,
    /// The secret from which all keys are derived: at least 32 characters.
    #[arg(long, env = "XIANLU_SECRET", hide_env_values = true, global = true)]
    pub secret: Option<String>,
    /// What personal data is sealed with, separated by commas: the first seals, the others still open. Each has at least
    /// 32 characters. Default in local mode: the secret.
    #[arg(
        long,
        env = "XIANLU_DATA_KEYS",
        hide_env_values = true,
        value_delimiter = ',',
        global = true
    )]
    pub data_keys: Vec<String>,
    /// The address to listen on.
    #[arg(
        long,
        env = "XIANLU_LISTEN",
        default_value = "127.0.0.1:8080",
        global = true
    )]
    pub listen: SocketAddr,
    /// Origins that browsers may call from, separated by commas; none by default.
    #[arg(
        long,
        env = "XIANLU_CORS_ORIGINS",
        value_delimiter = ',',
        global = true
    )]
    pub cors_origins: Vec<String>,
    /// Worker threads; default: the number of cores.
    #[arg(long, env = "XIANLU_WORKERS", global = true)]
    pub workers: Option<usize>,
    /// Database connections; default: four a core.
    #[arg(long, env = "XIANLU_DB_POOL", global = true)]
    pub db_pool: Option<u32>,
    /// The largest JSON body, in bytes.
    #[arg(
        long,
        env = "XIANLU_BODY_LIMIT",
        default_value_t = 1_048_576,
        global = true
    )]
    pub body_limit: usize,
    /// The largest file that an import takes over HTTP, in bytes.
    #[arg(
        long,
        env = "XIANLU_IMPORT_LIMIT",
        default_value_t = 268_435_456,
        global = true
    )]
    pub import_limit: usize,
    /// The largest document that is taken over HTTP, in bytes.
    #[arg(
        long,
        env = "XIANLU_DOCUMENT_LIMIT",
        default_value_t = 20_971_520,
        global = true
    )]
    pub document_limit: usize,
    /// Where `run` and `demo` write the demo logins as JSON.
    #[arg(long, env = "XIANLU_DEMO_LOGINS", global = true)]
    pub demo_logins: Option<PathBuf>,
    /// The company's time zone.
    #[arg(
        long,
        env = "XIANLU_ZONE",
        default_value = "Asia/Shanghai",
        global = true
    )]
    pub zone: chrono_tz::Tz,
    /// Whether proxies in front are trusted to name the client's address.
    #[arg(long, env = "XIANLU_TRUST_PROXY", global = true)]
    pub trust_proxy: bool,
}

/// A start that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Production without a secret.
    #[error("production mode needs a secret of at least 32 characters in XIANLU_SECRET")]
    NoSecret,
    /// A secret that can be guessed.
    #[error("XIANLU_SECRET must have at least 32 characters")]
    WeakSecret,
    /// Production without data keys.
    #[error("production mode needs data keys of at least 32 characters each in XIANLU_DATA_KEYS")]
    NoDataKeys,
    /// A data key that can be guessed.
    #[error("each key in XIANLU_DATA_KEYS must have at least 32 characters")]
    WeakDataKey,
    /// One data key twice.
    #[error("XIANLU_DATA_KEYS names a key twice")]
    SameDataKey,
    /// The data directory or the secret's file.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What failed.
        source: std::io::Error,
    },
    /// A secret's file that others may read.
    #[error("{0}: others may read this secret; chmod 600 it")]
    Exposed(String),
}

const SECRET_LENGTH: usize = 32;

impl Config {
    /// The database's address: as configured, or a file in the data directory.
    pub fn url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("xianlu.db").display()))
    }

    /// Cores of this machine.
    pub fn cores(&self) -> usize {
        std::thread::available_parallelism().map_or(2, usize::from)
    }

    /// How the database is opened.
    pub fn db(&self) -> DbSettings {
        DbSettings {
            url: self.url(),
            replica_url: self.database_replica_url.clone(),
            pool_size: self
                .db_pool
                .unwrap_or_else(|| u32::try_from(self.cores() * 4).unwrap_or(8)),
            wait_seconds: 2,
            mapped: true,
            watch: None,
        }
    }

    /// Creates the data directory, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn prepare_data_dir(&self) -> Result<(), ConfigError> {
        if !self.data_dir.exists() {
            fs::create_dir_all(&self.data_dir).map_err(at(&self.data_dir))?;
            fs::set_permissions(&self.data_dir, fs::Permissions::from_mode(0o700))
                .map_err(at(&self.data_dir))?;
        }
        Ok(())
    }

    /// The secret: as configured; in local mode otherwise from the data directory, generated on the first start.
    ///
    /// # Errors
    /// In production without a secret, with a weak one, or when the file fails.
    pub fn load_secret(&self) -> Result<String, ConfigError> {
        self.check_data_keys()?;
        match (&self.secret, self.mode) {
            (Some(secret), _) if secret.chars().count() >= SECRET_LENGTH => Ok(secret.clone()),
            (Some(_), _) => Err(ConfigError::WeakSecret),
            (None, Mode::Production) => Err(ConfigError::NoSecret),
            (None, Mode::Local) => self.local_secret(),
        }
    }

    /// Keys of their own in production, so that tokens and personal data do not stand and fall together.
    fn check_data_keys(&self) -> Result<(), ConfigError> {
        let keys = &self.data_keys;
        if keys.is_empty() && self.mode == Mode::Production {
            return Err(ConfigError::NoDataKeys);
        }
        if keys.iter().any(|key| key.chars().count() < SECRET_LENGTH) {
            return Err(ConfigError::WeakDataKey);
        }
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        if distinct.len() < keys.len() {
            return Err(ConfigError::SameDataKey);
        }
        Ok(())
    }

    fn local_secret(&self) -> Result<String, ConfigError> {
        self.prepare_data_dir()?;
        let path = self.data_dir.join("secret");
        if path.exists() {
            let mode = fs::metadata(&path).map_err(at(&path))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(ConfigError::Exposed(path.display().to_string()));
            }
            return fs::read_to_string(&path)
                .map(|text| text.trim().to_owned())
                .map_err(at(&path));
        }
        let secret: String = rand::random::<[u8; 32]>()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(at(&path))?;
        file.write_all(secret.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(at(&path))?;
        Ok(secret)
    }
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> ConfigError + use<> {
    let path = path.display().to_string();
    move |source| ConfigError::File { path, source }
}
