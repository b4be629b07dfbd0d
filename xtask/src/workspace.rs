//! Where things lie.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Where cargo puts compiled code: `target`, unless `CARGO_TARGET_DIR` says otherwise.
pub fn cargo_target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => target(),
    }
}

/// Where everything else goes that can be made again. The server embeds `target/bundle` by this path.
pub fn target() -> PathBuf {
    root().join("target")
}

/// The bundle that the server embeds.
pub fn bundle() -> PathBuf {
    target().join("bundle")
}

/// The server's binary, built in cargo's `profile` folder (`debug` or `release`).
pub fn keng(profile: &str) -> PathBuf {
    cargo_target().join(profile).join("keng")
}
