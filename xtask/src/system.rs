//! Programs that the machine must have, installed from Debian's packages where we may.

use crate::process::{self, answer, exists, program, run_quietly};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Makes sure that every program is there: `packages` holds them on Debian.
pub fn need(programs: &[&str], packages: &[&str]) -> Result<()> {
    if programs.iter().all(|name| exists(name)) {
        return Ok(());
    }
    install(packages)
}

/// Installs Debian packages when we are root and `apt-get` is there; says in one line what is missing otherwise.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_root() || !exists("apt-get") {
        bail!("please install: {list} (on Debian: sudo apt-get install {list})");
    }
    process::step(&format!("apt-get install {list}"), || {
        let mut apt = program("apt-get");
        apt.args(["install", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive");
        // The package lists of a fresh image are missing or old, so a first failure is not yet one.
        run_quietly(program("apt-get").arg("update"))?;
        run_quietly(&mut apt)
    })
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    answer(program("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// A Chromium or Chrome with fonts that carry Vietnamese.
pub fn chromium() -> Result<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let found = || names.iter().find_map(|name| process::find(name));
    if let Some(path) = found() {
        return Ok(path);
    }
    install(&["chromium", "fonts-noto-core"])?;
    match found() {
        Some(path) => Ok(path),
        None => bail!("please install Chromium and put it on the PATH"),
    }
}
