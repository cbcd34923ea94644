//! `xianlu rotate-keys`: seals all personal data under the first of the data keys.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Failure, serve};
use crate::{
    config::Config,
    jobs::sealing::{self, Rotated},
};

/// Rotates and says what may be retired.
///
/// # Errors
/// Configuration, database; when an older key cannot be retired yet.
pub fn run(config: &Config) -> Result<(), Failure> {
    let app = serve::open(config)?;
    let bar = ProgressBar::new(sealing::to_rotate(&app)?);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:32} {percent:>3}%  {pos}/{len}  ETA {eta}")
    {
        bar.set_style(style);
    }
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        println!("{} values to seal again", bar.length().unwrap_or(0));
    }
    let outcome = sealing::rotate(&app, |sealed| bar.inc(sealed))?;
    bar.finish_and_clear();
    match outcome {
        Rotated::Done => {
            println!(
                "everything is sealed under {}: take the other data keys out of XIANLU_DATA_KEYS and restart the servers",
                app.vault().current_id()
            );
            Ok(())
        }
        Rotated::Stuck(keys) => Err(format!(
            "everything is sealed under {}, but {keys} unique keys of phones that are on no card any more stand under an older one: keep it",
            app.vault().current_id()
        )
        .into()),
    }
}
