//! The scheduler and long-running jobs: one thread a server, which `serve` starts and stops.

pub mod ahead;
pub mod customer_export;
pub mod customer_import;
pub mod duplicate_scan;
pub mod handover;
pub mod runner;
pub mod sealing;
pub mod signal;
