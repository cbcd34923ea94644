//! The scheduler and long-running jobs.
