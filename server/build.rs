//! Makes sure that the folder of the web bundle exists, so that the server also builds before the bundle does.

use std::fs;
use std::path::Path;

fn main() {
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bundle");
    if let Err(error) = fs::create_dir_all(&bundle) {
        println!("cargo::warning=cannot create {}: {error}", bundle.display());
    }
    println!("cargo::rerun-if-changed=../target/bundle");
    println!("cargo::rerun-if-changed=../migrations");
}
