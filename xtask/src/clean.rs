//! `cargo xtask clean`.

use crate::workspace;
use anyhow::{Context, Result};
use std::fs;

/// Made by our commands below `target/`; cargo's own folders stay.
const FOLDERS: [&str; 6] = [
    "bundle",
    "bundle-cache",
    "npm",
    "npm-lighthouse",
    "screens",
    "bench",
];

pub fn run() -> Result<()> {
    for name in FOLDERS {
        let folder = workspace::target().join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
            eprintln!("removed {}", folder.display());
        }
    }
    Ok(())
}
