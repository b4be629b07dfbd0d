//! Cuts a compiled app into what a first visit loads and what comes later.
//!
//! `wasm_split_cli_support` follows the marks of `leptos::wasm_split`: each chunk becomes a file, what several chunks
//! share becomes one more, and a script knows how to fetch them. The script would import the app's glue to reach the
//! running program; here it is told, since files that load each other cannot have their content's hash in their names.

use anyhow::{Result, anyhow, bail};
use std::fs;
use std::path::Path;
use wasm_split_cli_support::{Options, transform};

/// What fetches the chunks, as the wasm and the glue name it; with `provide` it is told the exports of its program.
pub const LINK: &str = "./link.js";

/// An app in parts.
#[derive(Debug)]
pub struct Parts {
    /// What is loaded first; wasm-bindgen has yet to see it.
    pub main: Vec<u8>,
    /// The script that fetches the rest.
    pub link: String,
    /// Names below the assets and contents of the rest.
    pub chunks: Vec<(String, Vec<u8>)>,
}

/// Cuts `wasm`, the app `name`, as it came from the linker with its relocations.
pub fn split(name: &str, wasm: &[u8]) -> Result<Parts> {
    let folder = tempfile::tempdir()?;
    let main = folder.path().join("main.wasm");
    let mut options = Options::new(wasm);
    options.output_dir = folder.path();
    options.main_out_path = &main;
    options.link_name = LINK;
    let made = transform(options).map_err(|error| anyhow!("{error:?}"))?;
    let mut link = told(&fs::read_to_string(folder.path().join(LINK))?)?;
    let mut chunks = Vec::new();
    for path in &made.split_modules {
        let file = file_name(path)?;
        let asset = format!("{name}-{file}");
        link = link.replace(
            &format!("new URL(\"./{file}\", import.meta.url)"),
            &format!("\"/assets/{asset}\""),
        );
        chunks.push((asset, fs::read(path)?));
    }
    if link.contains("import.meta.url") {
        bail!("the script of the chunks of {name} names a file that was not written");
    }
    Ok(Parts {
        main: fs::read(main)?,
        link,
        chunks,
    })
}

/// Whether a file of the bundle is a chunk: `assets/field-split_forms.0123456789.wasm`, `assets/desk-chunk_2.….wasm`.
pub fn is_chunk(file: &str) -> bool {
    file.ends_with(".wasm") && (file.contains("-split_") || file.contains("-chunk_"))
}

/// The script with `provide` in the place of an import of the glue.
fn told(link: &str) -> Result<String> {
    const IMPORT: &str = "import { initSync } from \"./main.js\";";
    const EXPORTS: &str = "initSync(undefined, undefined)";
    if !link.contains(IMPORT) || !link.contains(EXPORTS) {
        bail!("wasm_split_cli_support writes another script than this was made for");
    }
    let provide = "let program;\nexport function provide(exports) {\n    program = exports;\n}";
    Ok(link.replace(IMPORT, provide).replace(EXPORTS, "program"))
}

fn file_name(path: &Path) -> Result<&str> {
    path.file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| anyhow!("{} has no name", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_told_its_program_and_imports_nothing() {
        let link = "import { initSync } from \"./main.js\";\nconst { a } = initSync(undefined, undefined);";
        let link = told(link).unwrap();
        assert!(!link.contains("import ") && link.ends_with("const { a } = program;"));
    }

    #[test]
    fn a_script_of_another_form_is_refused() {
        assert!(told("import x from 'main'").is_err());
    }
}
