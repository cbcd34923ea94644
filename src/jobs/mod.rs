//! The scheduler and long-running jobs: one thread a server, which `serve` starts and stops.

pub mod customer_import;
pub mod duplicate_scan;
pub mod runner;
pub mod signal;
