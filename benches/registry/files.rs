//! Where the registries are built, and the companies that fill them.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use xianlu::cli::bench::names::Companies;

use crate::{Arguments, Backend};

/// From which the generated companies are drawn: the same at each run.
const SEED: u64 = 2026;

/// What a file of names says of each company.
const COLUMNS: &str = "name,credit_code,province,city,address";

/// A directory of its own for a backend.
pub fn home(arguments: &Arguments, backend: Backend) -> PathBuf {
    let base = arguments.dir.clone().unwrap_or_else(std::env::temp_dir);
    let home = base.join(format!(
        "xianlu-bench-{}-{}",
        std::process::id(),
        backend.name()
    ));
    fs::create_dir_all(&home).expect("a directory");
    // PostgreSQL may have to run as another user, who passes through.
    fs::set_permissions(&home, fs::Permissions::from_mode(0o711)).expect("permissions");
    home
}

/// Companies, each once: the file's first, then generated ones.
pub struct Names {
    file: Option<std::io::Lines<BufReader<File>>>,
    generated: Companies,
}

impl Names {
    pub fn open(path: Option<&Path>) -> Self {
        let file = path.map(|path| {
            let mut lines = BufReader::new(File::open(path).expect("the file of names")).lines();
            let header = lines.next().and_then(Result::ok).unwrap_or_default();
            assert!(
                header.trim_start_matches('\u{feff}').trim() == COLUMNS,
                "columns: {header}"
            );
            lines
        });
        Self {
            file,
            generated: Companies::new(SEED),
        }
    }

    /// The next company, as a line of CSV.
    pub fn line(&mut self) -> String {
        if let Some(line) = self.file.as_mut().and_then(Iterator::next) {
            return line.expect("a line of the file");
        }
        let made = self.generated.next().expect("there are enough names");
        format!(
            "{},,{},{},{}",
            made.name, made.province, made.city, made.address
        )
    }

    /// The next company's name.
    pub fn name(&mut self) -> String {
        self.line().split(',').next().unwrap_or_default().to_owned()
    }

    /// Writes the next companies to a file: so many for each of the owners, one after another.
    pub fn write<'o>(&mut self, path: &Path, owners: impl IntoIterator<Item = (&'o str, u64)>) {
        let mut file = BufWriter::new(File::create(path).expect("a file"));
        writeln!(file, "{COLUMNS},owner_login").expect("written");
        for (owner, count) in owners {
            for _ in 0..count {
                writeln!(file, "{},{owner}", self.line()).expect("written");
            }
        }
        file.flush().expect("written");
    }
}
