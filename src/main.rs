//! `xianlu serve | migrate | openapi | …`: no logic here.

use std::process::ExitCode;

fn main() -> ExitCode {
    match xianlu::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xianlu: {failure}");
            ExitCode::FAILURE
        }
    }
}
