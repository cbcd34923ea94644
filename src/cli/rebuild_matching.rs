//! `xianlu rebuild-matching`: computes the matching index again from the records, in batches.

use std::{io::IsTerminal, time::Duration};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::{Failure, in_full, serve};
use crate::{
    config::Config,
    services::customers::matching_index::{self, Place},
};

/// Empties the index and fills it again; meanwhile likely duplicates may be missed, refusals are not.
///
/// # Errors
/// Configuration, database; a value that does not open.
pub fn run(config: &Config) -> Result<(), Failure> {
    let app = serve::open(config)?;
    let records = app.db().read_now(matching_index::count)?;
    let bar = ProgressBar::new(u64::try_from(records).unwrap_or(0));
    if let Ok(style) =
        ProgressStyle::with_template("{bar:32} {human_pos}/{human_len} records  ETA {eta}")
    {
        bar.set_style(style);
    }
    if std::io::stderr().is_terminal() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    app.db().write_now(matching_index::clear).map_err(in_full)?;
    let mut place = Some(Place::default());
    while let Some(at) = place {
        let vault = std::sync::Arc::clone(app.vault());
        let (done, next) = app
            .db()
            .write_now(move |tx| matching_index::batch(tx, &vault, &at))
            .map_err(in_full)?;
        bar.inc(u64::try_from(done).unwrap_or(0));
        place = next;
    }
    bar.finish_and_clear();
    println!(
        "the matching index holds {} records again ({:.1} s)",
        HumanCount(bar.position()),
        bar.elapsed().as_secs_f64()
    );
    Ok(())
}
