//! Node.js and the npm packages of `xtask/npm/package-lock.json`, installed below `target/npm`.

use crate::process::{self, program, run_quietly};
use crate::{system, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of installed packages: `leaflet`, `binaryen`, `playwright-core`, `axe-core`.
pub fn packages() -> Result<PathBuf> {
    install(
        &workspace::root().join("xtask/npm"),
        &workspace::target().join("npm"),
    )
}

/// Lighthouse has many dependencies that only `bench lighthouse` needs, so it has a lock file of its own.
pub fn lighthouse() -> Result<PathBuf> {
    install(
        &workspace::root().join("xtask/npm/lighthouse"),
        &workspace::target().join("npm-lighthouse"),
    )
}

/// A node process in the repository's root.
pub fn node() -> Result<Command> {
    system::need(&["node", "npm"], &["nodejs", "npm"])?;
    Ok(program("node"))
}

/// `npm ci` of the lock file in `source`, unless it is what `target` already holds.
fn install(source: &Path, target: &Path) -> Result<PathBuf> {
    system::need(&["node", "npm"], &["nodejs", "npm"])?;
    let modules = target.join("node_modules");
    let stamp = target.join("installed-lock.json");
    let lock = fs::read(source.join("package-lock.json"))
        .with_context(|| format!("cannot read the lock file in {}", source.display()))?;
    if modules.is_dir() && fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(modules);
    }
    process::step("npm ci", || {
        fs::create_dir_all(target)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(source.join(file), target.join(file))?;
        }
        let mut npm = program("npm");
        npm.current_dir(target)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        run_quietly(&mut npm)?;
        fs::write(&stamp, &lock)?;
        Ok(modules)
    })
}
