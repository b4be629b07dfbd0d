//! Files that get a name with their content's hash, and the names in whoever loads them.
//!
//! Invariant: a file's hash covers what it loads, since names are written into it before it is hashed. So a changed
//! style changes the page's version, and the files of one page can never load those of another version.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const PREFIX: &str = "/assets/";

/// Sources by plain name, and the finished files by path below the bundle.
#[derive(Debug, Default)]
pub struct Assets {
    sources: BTreeMap<String, Vec<u8>>,
    finished: BTreeMap<String, Finished>,
    files: BTreeMap<String, Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Finished {
    path: String,
    loads: BTreeSet<String>,
}

impl Assets {
    /// A file that others may name as `/assets/<name>`.
    pub fn add(&mut self, name: &str, content: Vec<u8>) {
        self.sources.insert(name.to_owned(), content);
    }

    /// A finished file under a name of its own.
    pub fn keep(&mut self, path: &str, content: Vec<u8>) {
        self.files.insert(path.to_owned(), content);
    }

    /// Content of a finished file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The text with hashed names in it, and the paths of every file that it loads, directly or not.
    pub fn resolve_text(&mut self, owner: &str, text: &str) -> Result<(String, BTreeSet<String>)> {
        let mut resolved = String::with_capacity(text.len());
        let mut loads = BTreeSet::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(PREFIX) {
            let end = after
                .find(|c: char| !(c.is_ascii_alphanumeric() || "._-/".contains(c)))
                .unwrap_or(after.len());
            let (name, tail) = after.split_at(end);
            resolved.push_str(before);
            if name.is_empty() {
                // The bare folder, as in a service worker's `startsWith("/assets/")`.
                resolved.push_str(PREFIX);
            } else {
                let finished = self
                    .finish(name)
                    .with_context(|| format!("{owner} names {PREFIX}{name}"))?;
                resolved.push_str(&format!("/{}", finished.path));
                loads.insert(finished.path);
                loads.extend(finished.loads);
            }
            rest = tail;
        }
        resolved.push_str(rest);
        Ok((resolved, loads))
    }

    /// Writes every finished file below `folder`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for (path, content) in &self.files {
            let file = folder.join(path);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }

    fn finish(&mut self, name: &str) -> Result<Finished> {
        if let Some(finished) = self.finished.get(name) {
            return Ok(finished.clone());
        }
        // Taken out while it is worked on, so that files that load each other are an error rather than endless.
        let Some(source) = self.sources.remove(name) else {
            bail!("there is no such file, or it loads itself");
        };
        if name.ends_with(".wasm") {
            return self.finish_wasm(name, source);
        }
        let is_text = [".js", ".css", ".svg", ".json"]
            .iter()
            .any(|end| name.ends_with(end));
        let (content, loads) = match String::from_utf8(source) {
            Ok(text) if is_text => {
                let (text, loads) = self.resolve_text(name, &text)?;
                (text.into_bytes(), loads)
            }
            Ok(text) => (text.into_bytes(), BTreeSet::new()),
            Err(binary) => (binary.into_bytes(), BTreeSet::new()),
        };
        Ok(self.put(name, hashed(name, &content), content, loads))
    }

    /// Wasm has its strings' lengths beside them, so no longer name can be written in. What it names keeps its plain
    /// name, and browsers ask each time whether it has changed.
    fn finish_wasm(&mut self, name: &str, wasm: Vec<u8>) -> Result<Finished> {
        let is_named = |asset: &&String| contains(&wasm, format!("{PREFIX}{asset}").as_bytes());
        let mut named: Vec<String> = self.sources.keys().filter(is_named).cloned().collect();
        named.extend(self.finished.keys().filter(is_named).cloned());
        let mut loads = BTreeSet::new();
        for asset in named {
            let finished = self.finish(&asset)?;
            let content = self.content(&finished.path).unwrap_or_default().to_vec();
            let plain = format!("assets/{asset}");
            self.keep(&plain, content);
            loads.insert(plain);
        }
        Ok(self.put(name, hashed(name, &wasm), wasm, loads))
    }

    fn put(&mut self, name: &str, path: String, content: Vec<u8>, loads: BTreeSet<String>) -> Finished {
        self.files.insert(path.clone(), content);
        let finished = Finished { path, loads };
        self.finished.insert(name.to_owned(), finished.clone());
        finished
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// `assets/<stem>.<hash>.<extension>`
fn hashed(name: &str, content: &[u8]) -> String {
    let hash = digest(content);
    let hash = hash.get(..10).unwrap_or(&hash);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("assets/{stem}.{hash}.{extension}"),
        None => format!("assets/{name}.{hash}"),
    }
}

/// SHA-256 in hexadecimal.
pub fn digest(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(style: &str) -> String {
        let mut assets = Assets::default();
        assets.add("app.js", b"import '/assets/app.css'".to_vec());
        assets.add("app.css", style.as_bytes().to_vec());
        assets
            .resolve_text("page", "<script src=\"/assets/app.js\">")
            .unwrap()
            .0
    }

    #[test]
    fn a_changed_style_renames_the_script_that_loads_it() {
        assert_eq!(page("a{}"), page("a{}"));
        assert_ne!(page("a{}"), page("b{}"));
    }

    #[test]
    fn a_page_lists_what_it_loads_through_others() {
        let mut assets = Assets::default();
        assets.add("app.js", b"import '/assets/app.css'".to_vec());
        assets.add("app.css", b"a{}".to_vec());
        assets.add("unused.css", b"b{}".to_vec());
        let (_, loads) = assets.resolve_text("page", "/assets/app.js").unwrap();
        let stems: Vec<_> = loads.iter().filter_map(|path| path.split('.').next()).collect();
        assert_eq!(stems, ["assets/app", "assets/app"]);
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_who_wants_it() {
        let error = Assets::default()
            .resolve_text("field.html", "/assets/none.css")
            .unwrap_err();
        assert_eq!(error.to_string(), "field.html names /assets/none.css");
    }

    #[test]
    fn what_wasm_names_keeps_its_plain_name() {
        let mut assets = Assets::default();
        assets.add("app.wasm", b"..x/assets/bell.svgmore".to_vec());
        assets.add("bell.svg", b"<svg/>".to_vec());
        let (_, loads) = assets.resolve_text("page", "/assets/app.wasm").unwrap();
        assert!(loads.contains("assets/bell.svg"), "{loads:?}");
        assert_eq!(assets.content("assets/bell.svg"), Some(b"<svg/>".as_slice()));
    }

    #[test]
    fn files_that_load_each_other_are_refused() {
        let mut assets = Assets::default();
        assets.add("a.js", b"/assets/b.js".to_vec());
        assets.add("b.js", b"/assets/a.js".to_vec());
        assert!(assets.resolve_text("page", "/assets/a.js").is_err());
    }
}
