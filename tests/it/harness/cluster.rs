//! A PostgreSQL cluster of one's own: made, started, ended with this process. Shared by the tests and the benchmark.
#![expect(
    clippy::disallowed_methods,
    reason = "the harness is what reads the environment and waits for processes"
)]

use std::{
    fs::{self, File},
    io,
    net::TcpListener,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use diesel::{Connection, PgConnection};

/// A running cluster.
#[derive(Debug, Clone, Copy)]
pub struct Cluster {
    /// Where it listens.
    pub port: u16,
    /// The postmaster.
    pub pid: i32,
}

/// Makes a cluster below `home` and starts it with these settings.
pub fn start(home: &Path, settings: &[&str]) -> Cluster {
    let account = account();
    fs::create_dir_all(home).expect("a directory for the cluster");
    fs::set_permissions(home, fs::Permissions::from_mode(0o700)).expect("permissions");
    if let Some((user, group)) = account {
        chown(home, Some(user), Some(group)).expect("the cluster's directory changes hands");
    }
    let data = home.join("data");
    let made = command(&program("initdb"), home, account)
        .arg("--pgdata")
        .arg(&data)
        .args([
            "--username=xianlu",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ])
        .output()
        .expect("initdb runs");
    assert!(
        made.status.success(),
        "initdb: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    for _ in 0..5 {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        if let Some(pid) = listens(port, home, &data, settings, account) {
            return Cluster { port, pid };
        }
    }
    let log = fs::read_to_string(home.join("log")).unwrap_or_default();
    panic!("PostgreSQL does not start: {log}");
}

/// Starts the server and waits until it answers; nothing if it ends first (the port was taken meanwhile).
fn listens(
    port: u16,
    home: &Path,
    data: &Path,
    settings: &[&str],
    account: Option<(u32, u32)>,
) -> Option<i32> {
    let log = File::create(home.join("log")).expect("a log");
    let mut server = command(&program("postgres"), home, account);
    server
        .arg("-D")
        .arg(data)
        .arg("-k")
        .arg(home)
        .args(["-p", &port.to_string()]);
    for setting in settings {
        server.args(["-c", setting]);
    }
    server.stdout(log.try_clone().expect("a log")).stderr(log);
    // SAFETY: prctl is async-signal-safe; it runs after the change of user, which would clear what it sets.
    unsafe {
        server.pre_exec(
            || match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT) {
                0 => Ok(()),
                _ => Err(io::Error::last_os_error()),
            },
        );
    }
    // The signal is sent when the thread ends that started the server, so that one waits as long as the server runs.
    let (sender, receiver) = mpsc::channel::<i32>();
    let (ended, has_ended) = mpsc::channel();
    thread::spawn(move || {
        let mut child: Child = server.spawn().expect("postgres runs");
        sender
            .send(i32::try_from(child.id()).expect("a process id"))
            .expect("the harness waits");
        let _ = child.wait();
        let _ = ended.send(());
    });
    let pid = receiver.recv().expect("postgres runs");
    let url = format!("postgres://xianlu@127.0.0.1:{port}/postgres");
    for _ in 0..1500 {
        if has_ended.try_recv().is_ok() {
            return None;
        }
        if PgConnection::establish(&url).is_ok() {
            return Some(pid);
        }
        thread::sleep(Duration::from_millis(20));
    }
    None
}

fn command(program: &Path, home: &Path, account: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(home)
        .stdin(Stdio::null())
        .env("LC_ALL", "C");
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command
}

/// PostgreSQL refuses to run as root: then the account `postgres`, or `nobody`, runs it.
fn account() -> Option<(u32, u32)> {
    // SAFETY: takes and changes nothing.
    if unsafe { libc::geteuid() } != 0 {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    Some(
        ids("postgres")
            .or_else(|| ids("nobody"))
            .expect("an account that PostgreSQL can run as"),
    )
}

/// A program of PostgreSQL: on the path, or where Debian puts it, the newest version.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    places.extend(versions.into_iter().rev().map(|(_, place)| place));
    places
        .into_iter()
        .map(|place| place.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| {
            panic!(
                "{name} is neither on the PATH nor in /usr/lib/postgresql/*/bin: install postgresql"
            )
        })
}
