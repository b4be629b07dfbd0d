//! What the app loads beside its wasm: style sheets, scripts, icons, Leaflet, the service worker.

use super::assets::{Assets, digest};
use super::styles;
use crate::{node, workspace};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Adds every file that a page may name. Only those that are named end up in the bundle.
pub fn add(assets: &mut Assets) -> Result<()> {
    let web = workspace::root().join("web");
    for sheet in files(&web.join("styles"))? {
        if sheet.ends_with(".css") {
            let text = styles::flatten(&web.join("styles"), &sheet)?;
            assets.add(&sheet, text.into_bytes());
        }
    }
    for folder in ["scripts", "icons"] {
        for file in files(&web.join(folder))? {
            assets.add(&file, fs::read(web.join(folder).join(&file))?);
        }
    }
    leaflet(assets, &node::packages()?.join("leaflet/dist"))
}

/// Leaflet as it is published, without the link to a source map that we do not ship.
fn leaflet(assets: &mut Assets, dist: &Path) -> Result<()> {
    let script = fs::read_to_string(dist.join("leaflet.js")).context("leaflet is not installed")?;
    let script = script.replace("//# sourceMappingURL=leaflet.js.map", "");
    assets.add("leaflet.js", script.into_bytes());
    let sheet = styles::flatten(dist, "leaflet.css")?.replace("url(images/", "url(/assets/leaflet-");
    assets.add("leaflet.css", sheet.into_bytes());
    for image in files(&dist.join("images"))? {
        assets.add(
            &format!("leaflet-{image}"),
            fs::read(dist.join("images").join(&image))?,
        );
    }
    Ok(())
}

/// Names of the files in a folder; none if there is no such folder.
fn files(folder: &Path) -> Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The service worker with its list of files to keep and the version of that list.
pub fn service_worker(text: &str, precache: &BTreeSet<String>, page: &[u8]) -> Result<String> {
    for marker in ["\"__PRECACHE__\"", "__VERSION__"] {
        if !text.contains(marker) {
            bail!("web/service-worker.js lacks {marker}");
        }
    }
    let version = digest(format!("{text}{precache:?}{}", digest(page)).as_bytes());
    let list: Vec<String> = precache.iter().map(|path| format!("{path:?}")).collect();
    Ok(text
        .replace("\"__PRECACHE__\"", &list.join(", "))
        .replace("__VERSION__", version.get(..12).unwrap_or(&version)))
}
