//! The directory of this test run: in memory where there is room, removed when the process ends.
#![expect(
    clippy::disallowed_methods,
    reason = "the harness is what reads the environment and waits for processes"
)]

use std::{
    ffi::CString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process,
    sync::{
        OnceLock,
        atomic::{AtomicI32, Ordering},
    },
    thread,
    time::Duration,
};

static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
static POSTMASTER: AtomicI32 = AtomicI32::new(0);
const PREFIX: &str = "xianlu-it-";
const ROOM: u64 = 4 << 30;

/// The directory of this run.
pub fn run_dir() -> &'static Path {
    DIRECTORY.get_or_init(|| {
        let base = base();
        sweep(&base);
        let directory = base.join(format!("{PREFIX}{}", process::id()));
        fs::create_dir_all(&directory).expect("a directory for the test run");
        // PostgreSQL may have to run as another user, who passes through.
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o711)).expect("permissions");
        // SAFETY: `tidy` takes nothing and does not unwind.
        unsafe { libc::atexit(tidy) };
        directory
    })
}

/// Names the database server that ends with this process.
pub fn ends_with_us(postmaster: i32) {
    POSTMASTER.store(postmaster, Ordering::SeqCst);
}

/// `XIANLU_TEST_DIR`, else memory if it has room, else the system's directory for temporary files.
fn base() -> PathBuf {
    if let Some(chosen) = std::env::var_os("XIANLU_TEST_DIR") {
        return chosen.into();
    }
    let memory = Path::new("/dev/shm");
    if free_bytes(memory).is_some_and(|free| free >= ROOM) {
        memory.into()
    } else {
        std::env::temp_dir()
    }
}

fn free_bytes(path: &Path) -> Option<u64> {
    let name = CString::new(path.to_str()?).ok()?;
    // SAFETY: an all-zero statvfs is a value; the call only writes to it.
    let mut stat: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers live through the call.
    (unsafe { libc::statvfs(name.as_ptr(), &raw mut stat) } == 0)
        .then(|| stat.f_bavail * stat.f_frsize)
}

/// Removes what runs left behind that were killed.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        if number.parse::<u32>().is_ok() && !Path::new("/proc").join(number).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

extern "C" fn tidy() {
    let postmaster = POSTMASTER.load(Ordering::SeqCst);
    if postmaster > 0 {
        // SAFETY: a signal to the process that this run started.
        unsafe { libc::kill(postmaster, libc::SIGQUIT) };
        for _ in 0..200 {
            // SAFETY: signal 0 only asks whether the process is there.
            if unsafe { libc::kill(postmaster, 0) } != 0 {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
    if let Some(directory) = DIRECTORY.get() {
        let _ = fs::remove_dir_all(directory);
    }
}
