//! `xianlu bench`: measurements that anyone can repeat, on a database of their own.

pub mod disturb;
pub mod labelled;
pub mod matching;
pub mod names;

use clap::Subcommand;

/// What can be measured.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// How well likely duplicates are found, on a labelled file; --generate makes one.
    Matching(matching::Arguments),
}
