//! A `.br` and a `.gz` beside each text file: made once here, so that the server never compresses a file.

use crate::{node, process, workspace};
use anyhow::Result;

/// Node compresses the bundle, with the libraries that it has anyway, and remembers results by content.
pub fn run() -> Result<()> {
    let script = workspace::root().join("xtask/npm/compress.mjs");
    let cache = workspace::target().join("bundle-cache");
    process::run(node::node()?.arg(script).arg(workspace::bundle()).arg(cache))
}
