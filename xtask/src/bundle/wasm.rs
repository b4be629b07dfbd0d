//! From Rust to wasm and its JavaScript glue: cargo, wasm-bindgen, wasm-opt.

use super::assets::{Assets, digest};
use super::split::{LINK, Parts, split};
use crate::process::{cargo, program, run, run_quietly};
use crate::{node, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc emits for this target and every browser of the last three years runs. Listed one by one: with
/// `--all-features` wasm-opt writes instructions that browsers do not know, and the page stays blank.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Leptos keeps one type for all views instead of one for each, a fifth less code; and the app can be cut into chunks,
/// for which the linker has to leave its relocations.
const SMALL: &str = "--cfg erase_components --cfg split -Clink-args=--emit-relocs";

/// How small is made smaller.
const PASSES: [&str; 1] = ["-Oz"];

/// What nobody reads in a browser.
const STRIP: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// What is done with the compiler's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Nothing.
    AsCompiled,
    /// It is made as small as it can be.
    Small,
    /// The same, with the names of functions left in it.
    SmallWithNames,
}

/// A compiled binary of `keng-web`.
#[derive(Debug)]
pub struct App {
    pub name: &'static str,
    wasm: PathBuf,
}

/// Compiles the field app and the desk.
pub fn compile(dev: bool) -> Result<[App; 2]> {
    let folder = build(&["field", "desk"], dev)?;
    Ok(["field", "desk"].map(|name| App {
        name,
        wasm: folder.join(format!("{name}.wasm")),
    }))
}

/// The page that runs the contract of the phone's store in a browser: `contract.js` and what it loads, in `folder`.
/// Built as the apps are, so that it is what they carry that is tested, and their dependencies are not built again.
pub fn contract(folder: &Path) -> Result<()> {
    let wasm = build(&["contract"], false)?.join("contract.wasm");
    Bindgen::new()
        .input_path(&wasm)
        .web(true)?
        .typescript(false)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen refuses {}", wasm.display()))
}

/// Compiles binaries of `keng-web` and returns the folder that they are in.
fn build(names: &[&str], dev: bool) -> Result<PathBuf> {
    add_target()?;
    let profile = if dev { "wasm-dev" } else { "wasm-release" };
    let mut build = cargo();
    build
        .args(["build", "--package", "keng-web", "--target", TARGET])
        .args(["--profile", profile])
        .args(names.iter().flat_map(|name| ["--bin", *name]));
    if !dev {
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", SMALL);
    }
    run(&mut build)?;
    Ok(workspace::cargo_target().join(TARGET).join(profile))
}

/// rust-toolchain.toml names the target, so rustup brings it by itself; a Rust without rustup has to have it already.
pub fn add_target() -> Result<()> {
    if !crate::process::exists("rustup") {
        return Ok(());
    }
    run_quietly(program("rustup").args(["target", "add", TARGET]))
}

/// Adds `<name>.js` (which starts the app), `<name>-glue.js`, `<name>.wasm` and the scripts of the Rust crates.
pub fn add(assets: &mut Assets, app: &App, finish: Finish) -> Result<()> {
    let name = app.name;
    let compiled = fs::read(&app.wasm)?;
    let parts = match finish {
        Finish::AsCompiled => None,
        Finish::Small | Finish::SmallWithNames => Some(split(name, &compiled)?),
    };
    let main = parts.as_ref().map_or(&compiled, |parts| &parts.main);
    let mut output = Bindgen::new()
        .input_bytes(name, main.clone())
        // What chunks import from the program is exported by the linker.
        .keep_lld_exports(parts.is_some())
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(finish == Finish::Small)
        .remove_producers_section(finish != Finish::AsCompiled)
        .generate_output()
        .with_context(|| format!("wasm-bindgen refuses {}", app.wasm.display()))?;

    let glue = output.js().replace("'./snippets/", "'/assets/snippets/").replace(
        &format!("from \"{LINK}\""),
        &format!("from \"/assets/{name}-link.js\""),
    );
    assets.add(&format!("{name}-glue.js"), glue.into_bytes());
    for (path, script) in output.local_modules() {
        assets.add(&format!("snippets/{path}"), script.clone().into_bytes());
    }
    for (identifier, scripts) in output.snippets() {
        for (index, script) in scripts.iter().enumerate() {
            let path = format!("snippets/{identifier}/inline{index}.js");
            assets.add(&path, script.clone().into_bytes());
        }
    }
    let wasm = output.wasm_mut().emit_wasm();
    assets.add(&format!("{name}.wasm"), finished(&wasm, finish)?);
    let cut = parts.is_some();
    if let Some(Parts { link, chunks, .. }) = parts {
        assets.add(&format!("{name}-link.js"), link.into_bytes());
        for (chunk, wasm) in chunks {
            assets.add(&chunk, finished(&wasm, finish)?);
        }
    }
    assets.add(&format!("{name}.js"), start_script(name, cut).into_bytes());
    Ok(())
}

fn finished(wasm: &[u8], finish: Finish) -> Result<Vec<u8>> {
    match finish {
        Finish::AsCompiled => Ok(wasm.to_vec()),
        Finish::Small => optimise(wasm, &STRIP),
        Finish::SmallWithNames => optimise(wasm, &["--debuginfo"]),
    }
}

/// The only script that a page names. A browser that cannot start the app leaves a mark for the page's style.
fn start_script(name: &str, is_cut: bool) -> String {
    let (link, started) = match is_cut {
        true => (
            format!("import {{ provide }} from \"/assets/{name}-link.js\";\n"),
            ".then(provide)",
        ),
        false => (String::new(), ""),
    };
    format!(
        "import start from \"/assets/{name}-glue.js\";\n{link}\
         start({{ module_or_path: \"/assets/{name}.wasm\" }}){started}.catch((error) => {{\n  \
         document.documentElement.dataset.start = \"failed\";\n  throw error;\n}});\n"
    )
}

/// `wasm-opt -Oz`, remembered by the hash of what goes in.
fn optimise(wasm: &[u8], names: &[&str]) -> Result<Vec<u8>> {
    let packages = node::packages()?;
    let tool = packages.join("binaryen/bin/wasm-opt");
    let version = fs::read_to_string(packages.join("binaryen/package.json"))?;
    let key = digest(format!("{}{FEATURES:?}{PASSES:?}{names:?}{version}", digest(wasm)).as_bytes());
    let cache = workspace::target().join("bundle-cache");
    fs::create_dir_all(&cache)?;
    let after = cache.join(format!("{key}.wasm"));
    if !after.exists() {
        let before = cache.join(format!("{key}.in.wasm"));
        fs::write(&before, wasm)?;
        wasm_opt(&tool, names, &before, &after)?;
        fs::remove_file(before)?;
    }
    Ok(fs::read(after)?)
}

fn wasm_opt(tool: &Path, names: &[&str], before: &Path, after: &Path) -> Result<()> {
    // Written elsewhere first: a run that was stopped half-way leaves no file that the next would trust.
    let half = after.with_extension("half");
    run_quietly(
        node::node()?
            .arg(tool)
            .args(FEATURES)
            .args(PASSES)
            .args(names)
            .arg(before)
            .arg("-o")
            .arg(&half),
    )?;
    Ok(fs::rename(half, after)?)
}
