//! The processes under test, and what they use of the machine.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Backend, cluster};

const SECRET: &str = "the secret of a benchmark, long enough for any mode";

/// A database with everything that runs on it.
pub struct Installation {
    backend: Backend,
    home: PathBuf,
    url: String,
    postmaster: Option<i32>,
}

/// A server: ended when dropped.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub address: String,
    postmaster: Option<i32>,
}

/// What a command used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    pub seconds: f64,
    pub cpu_ms: f64,
    pub peak_mb: f64,
}

impl Installation {
    pub fn new(backend: Backend, home: &Path) -> Self {
        let (url, postmaster) = match backend {
            Backend::Sqlite => (format!("sqlite:{}", home.join("xianlu.db").display()), None),
            Backend::Postgres => {
                let settings = [
                    "listen_addresses=127.0.0.1",
                    "max_connections=400",
                    "shared_buffers=512MB",
                    "max_wal_size=4GB",
                    "log_min_messages=error",
                ];
                let cluster = cluster::start(&home.join("pg"), &settings);
                (
                    format!("postgres://xianlu@127.0.0.1:{}/postgres", cluster.port),
                    Some(cluster.pid),
                )
            }
        };
        Self {
            backend,
            home: home.to_owned(),
            url,
            postmaster,
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("DATABASE_URL", &self.url)
            .env("XIANLU_DATA_DIR", &self.home)
            .env("XIANLU_SECRET", SECRET)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null());
        command
    }

    /// Runs a command of the binary to its end.
    pub fn run(&self, arguments: &[&str]) -> Used {
        let before = self.database_cpu_ms();
        let start = Instant::now();
        let child = self
            .command(Path::new(env!("CARGO_BIN_EXE_xianlu")))
            .args(arguments)
            .spawn()
            .expect("the binary runs");
        let id = child.id();
        let peak = thread::spawn(move || peak_mb(id));
        let (status, usage) = wait(&child);
        assert_eq!(status, 0, "xianlu {arguments:?}");
        let ms = |time: libc::timeval| time.tv_sec as f64 * 1e3 + time.tv_usec as f64 / 1e3;
        Used {
            seconds: start.elapsed().as_secs_f64(),
            cpu_ms: ms(usage.ru_utime) + ms(usage.ru_stime) + self.database_cpu_ms() - before,
            peak_mb: peak.join().expect("the memory was looked at"),
        }
    }

    /// Serves the product.
    pub fn serve(&self) -> Server {
        let port = free_port();
        let mut command = self.command(Path::new(env!("CARGO_BIN_EXE_xianlu")));
        command
            .arg("serve")
            .env("XIANLU_LISTEN", format!("127.0.0.1:{port}"));
        self.wait_for(command, port, "/health/ready")
    }

    /// Serves the floor.
    pub fn serve_floor(&self) -> Server {
        let port = free_port();
        let program = std::env::current_exe().expect("this program");
        let mut command = self.command(&program);
        command
            .arg("--floor")
            .env("XIANLU_LISTEN", format!("127.0.0.1:{port}"));
        self.wait_for(command, port, "/health/ready")
    }

    fn wait_for(&self, mut command: Command, port: u16, path: &str) -> Server {
        let server = Server {
            child: command.spawn().expect("the server starts"),
            address: format!("http://127.0.0.1:{port}"),
            postmaster: self.postmaster,
        };
        let agent = crate::load::agent();
        for _ in 0..600 {
            let answered = agent.get(format!("{}{path}", server.address)).call();
            if answered.is_ok_and(|answer| answer.status().as_u16() == 200) {
                return server;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not answer");
    }

    /// Size of the database, in MB.
    pub fn megabytes(&self) -> f64 {
        match self.backend {
            Backend::Sqlite => fs::metadata(self.home.join("xianlu.db"))
                .map_or(0.0, |file| file.len() as f64 / 1e6),
            Backend::Postgres => directory_bytes(&self.home.join("pg/data/base")) as f64 / 1e6,
        }
    }

    fn database_cpu_ms(&self) -> f64 {
        self.postmaster.map_or(0.0, family_cpu_ms)
    }
}

impl Server {
    /// CPU that server and database have used so far, in ms.
    pub fn cpu_ms(&self) -> f64 {
        let own = i32::try_from(self.child.id()).map_or(0.0, cpu_ms);
        own + self.postmaster.map_or(0.0, family_cpu_ms)
    }

    /// `127.0.0.1:port`.
    pub fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// Memory that the server has for itself now, in MB: pages of the database's file that it maps are the system's, and
    /// would count once for each connection.
    pub fn megabytes(&self) -> f64 {
        memory_mb(self.child.id(), "RssAnon:").unwrap_or_default()
    }
}

/// What the kernel says of a process's memory, while it lives.
fn memory_mb(process: u32, what: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(what))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// The most memory that a process ever had, looked at until it ends. What is told when it has ended begins with that of its
/// parent, which is this program.
fn peak_mb(process: u32) -> f64 {
    let mut peak = 0.0;
    while let Some(now) = memory_mb(process, "VmHWM:") {
        peak = now;
        thread::sleep(Duration::from_millis(20));
    }
    peak
}

impl Drop for Server {
    fn drop(&mut self) {
        // SAFETY: a signal to one's own child.
        unsafe { libc::kill(self.child.id() as i32, libc::SIGTERM) };
        let _ = self.child.wait();
    }
}

fn wait(child: &Child) -> (i32, libc::rusage) {
    let mut status = 0;
    // SAFETY: an all-zero rusage is a value; wait4 only writes to both.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers live through the call.
    let pid = unsafe { libc::wait4(child.id() as i32, &raw mut status, 0, &raw mut usage) };
    assert!(pid > 0, "the child is waited for");
    (status, usage)
}

/// A process and its children, also those that have ended.
fn family_cpu_ms(pid: i32) -> f64 {
    let children =
        fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let children = children
        .split_whitespace()
        .filter_map(|child| child.parse().ok());
    cpu_ms(pid) + ended_children_ms(pid) + children.map(cpu_ms).sum::<f64>()
}

fn cpu_ms(pid: i32) -> f64 {
    ticks(pid, 13) + ticks(pid, 14)
}

fn ended_children_ms(pid: i32) -> f64 {
    ticks(pid, 15) + ticks(pid, 16)
}

/// A field of /proc/PID/stat that counts ticks of 10 ms, in ms.
fn ticks(pid: i32, field: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in brackets may hold blanks.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace()
        .nth(field - 2)
        .and_then(|t| t.parse::<f64>().ok())
        .unwrap_or(0.0)
        * 10.0
}

fn directory_bytes(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => directory_bytes(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
