//! `xianlu serve | migrate | openapi | …`: no logic here.

use std::process::ExitCode;

/// Several threads that allocate much and free it soon: this one does that in far less time than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match xianlu::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xianlu: {failure}");
            ExitCode::FAILURE
        }
    }
}
