//! `xianlu found`: a company, its roles and its first administrator, so that a new installation can be used.

use clap::Args;

use super::{Failure, in_full, serve};
use crate::{
    auth::passwords,
    config::Config,
    services::org::{
        bootstrap::{self, Founding},
        sessions,
        users::FirstPassword,
    },
};

/// What a company is founded with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Name of the company.
    #[arg(long)]
    company: String,
    /// Login of the first administrator.
    #[arg(long)]
    login: String,
    /// Name of the first administrator.
    #[arg(long)]
    name: String,
    /// The administrator's first password, from the environment, because everyone on the machine can read arguments;
    /// if it is not set, one is generated and printed once.
    #[arg(
        env = "XIANLU_ADMIN_PASSWORD",
        long = "admin-password",
        hide = true,
        hide_env_values = true
    )]
    password: Option<String>,
}

/// Founds the company and says how to log in. The first password must be changed at the first login (ORG-19).
///
/// # Errors
/// Configuration, database; when the company is founded already; when the given password is too weak.
pub fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let Arguments {
        company,
        login,
        name,
        password,
    } = arguments;
    let app = serve::open(config)?;
    let generated = password.is_none();
    let password = password.unwrap_or_else(passwords::generate);
    if !generated {
        let reader = app.clone();
        app.db()
            .read_now(|conn| {
                sessions::judge_first_password(conn, reader.now(), &password, &login, &name)
            })
            .map_err(in_full)?;
    }
    let first = FirstPassword {
        hash: passwords::hash(&password)?,
        must_change: true,
    };
    let founding = Founding {
        company: company.clone(),
        login: login.clone(),
        name,
        password: first,
    };
    let founder = app.clone();
    app.db()
        .write_now(move |tx| bootstrap::found(tx, &founder, &founding, "cli"))
        .map_err(in_full)?;
    println!("founded: {company}");
    println!("login:    {login}");
    if generated {
        println!("password: {password}  (shown once; it must be changed at the first login)");
    } else {
        println!("password: as given; it must be changed at the first login");
    }
    Ok(())
}
