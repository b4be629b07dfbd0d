//! Progress bars of long commands. They draw on the terminal only; in a pipe nothing is printed.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is told its length later.
pub fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(1).with_prefix(what);
    // The template is fixed text; were it wrong, the default style would do.
    match ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {eta} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
