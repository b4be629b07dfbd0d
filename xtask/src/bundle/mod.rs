//! The web app as files: `target/bundle`, which the server embeds.
//!
//! The pages of `web/` name what they load by plain names (`/assets/field.css`). The bundle gives each of these files
//! a name with its content's hash and writes that into whoever names it, so that browsers may keep them for ever.
//! Every text file has a `.br` and a `.gz` beside it. See `docs/decisions/0009-bundle.md`.

mod assets;
mod compress;
mod sources;
mod split;
mod styles;
mod wasm;

use crate::process::step;
use crate::workspace;
use anyhow::{Context, Result};
use assets::Assets;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Pages below the bundle; the server answers every path of an app with its page.
const FIELD: &str = "field.html";
const DESK: &str = "desk.html";

#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// Builds in seconds rather than minutes, but ten times as large: for looking at while writing
    #[arg(long)]
    dev: bool,
    /// Keeps the names of functions in the wasm, to see where its bytes are
    #[arg(long, conflicts_with = "dev")]
    names: bool,
}

impl Options {
    fn finish(&self) -> wasm::Finish {
        match (self.dev, self.names) {
            (true, _) => wasm::Finish::AsCompiled,
            (false, true) => wasm::Finish::SmallWithNames,
            (false, false) => wasm::Finish::Small,
        }
    }
}

/// Which files each page loads, for the size gate.
#[derive(Debug, Serialize, Deserialize)]
pub struct Contents {
    /// Files below the bundle that a phone loads before it can be used.
    pub field: BTreeSet<String>,
    /// The same for the desk.
    pub desk: BTreeSet<String>,
    /// Chunks of the field app, fetched with the shell and run when their screens are first shown.
    pub field_later: BTreeSet<String>,
    /// Chunks of the desk, fetched when their pages are first shown.
    pub desk_later: BTreeSet<String>,
    /// Loaded when a map is first shown.
    pub map: BTreeSet<String>,
}

impl Contents {
    /// What the last bundle holds.
    pub fn read() -> Result<Self> {
        let text = fs::read(workspace::target().join("bundle-contents.json"))
            .context("there is no bundle yet: run `cargo xtask bundle`")?;
        Ok(serde_json::from_slice(&text)?)
    }
}

pub fn run(options: &Options) -> Result<()> {
    let mut assets = Assets::default();
    let apps = step("web app: compile", || wasm::compile(options.dev))?;
    for app in &apps {
        step(&format!("web app: {}", app.name), || {
            wasm::add(&mut assets, app, options.finish())
        })?;
    }
    sources::add(&mut assets)?;
    let contents = write(&mut assets)?;
    fs::write(
        workspace::target().join("bundle-contents.json"),
        serde_json::to_vec_pretty(&contents)?,
    )?;
    step("web app: compress", compress::run)?;
    eprintln!("  {}", workspace::bundle().display());
    Ok(())
}

/// Builds the page that runs the contract of the phone's store over IndexedDB, and returns its folder.
pub fn contract() -> Result<PathBuf> {
    let folder = workspace::target().join("contract");
    wasm::contract(&folder)?;
    Ok(folder)
}

/// Writes the pages, and with them whatever they name, into an empty `target/bundle`.
fn write(assets: &mut Assets) -> Result<Contents> {
    let bundle = workspace::bundle();
    if bundle.exists() {
        fs::remove_dir_all(&bundle).with_context(|| format!("cannot empty {}", bundle.display()))?;
    }
    let web = workspace::root().join("web");
    let page = |assets: &mut Assets, file: &str, path: &str| -> Result<BTreeSet<String>> {
        let text = fs::read_to_string(web.join(file)).with_context(|| format!("cannot read web/{file}"))?;
        let (text, names) = assets.resolve_text(file, &text)?;
        assets.keep(path, text.into_bytes());
        Ok(names)
    };
    let manifest = page(assets, "manifest.webmanifest", "manifest.webmanifest")?;
    let field = page(assets, "field.html", FIELD)?;
    let desk = page(assets, "desk.html", DESK)?;

    let worker =
        fs::read_to_string(web.join("service-worker.js")).context("cannot read web/service-worker.js")?;
    let precache: BTreeSet<String> = field
        .iter()
        .chain(&manifest)
        .map(|file| format!("/{file}"))
        .collect();
    let (worker, _) = assets.resolve_text("service-worker.js", &worker)?;
    let page = assets.content(FIELD).unwrap_or_default();
    let worker = sources::service_worker(&worker, &precache, page)?;
    assets.keep("service-worker.js", worker.into_bytes());

    assets.write(&bundle)?;
    let is_map = |file: &&String| file.starts_with("assets/leaflet") || file.starts_with("assets/map");
    // Icons are for the tab and the home screen: the browser takes them in its own time, and nothing waits for them.
    let is_icon = |file: &&String| file.ends_with(".png") || file.ends_with(".svg");
    let is_chunk = |file: &&String| split::is_chunk(file);
    let first = |page: &str, names: &BTreeSet<String>| {
        let wanted = names
            .iter()
            .filter(|file| !is_map(file) && !is_icon(file) && !is_chunk(file));
        let mut files: BTreeSet<String> = wanted.cloned().collect();
        files.insert(page.to_owned());
        files
    };
    Ok(Contents {
        map: field.union(&desk).filter(is_map).cloned().collect(),
        field: first(FIELD, &field),
        desk: first(DESK, &desk),
        field_later: field.iter().filter(is_chunk).cloned().collect(),
        desk_later: desk.iter().filter(is_chunk).cloned().collect(),
    })
}
