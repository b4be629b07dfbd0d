//! What a first visit loads, by the bytes that travel: brotli, or the file itself where it does not compress.

use crate::bundle::Contents;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;

/// Bytes a thing may have. `ceiling` is what CI lets pass: little more than it has now, so that growth is noticed.
struct Budget {
    name: &'static str,
    budget: u64,
    aim: u64,
    ceiling: u64,
}

const FIELD: Budget = Budget {
    name: "field app",
    budget: 350_000,
    aim: 250_000,
    ceiling: 335_000,
};
const DESK: Budget = Budget {
    name: "desk",
    budget: 500_000,
    aim: 350_000,
    ceiling: 300_000,
};
const MAP: Budget = Budget {
    name: "map, when first shown",
    budget: 90_000,
    aim: 60_000,
    ceiling: 90_000,
};

/// Whom a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// What we promise.
    Budget,
    /// What CI lets pass.
    Ceiling,
}

/// Prints every file and fails when something is too large.
pub fn gate(contents: &Contents, against: Against) -> Result<()> {
    let mut broken = Vec::new();
    for (budget, files) in [
        (FIELD, &contents.field),
        (DESK, &contents.desk),
        (MAP, &contents.map),
    ] {
        let total = print(&budget, files)?;
        let limit = match against {
            Against::Budget => budget.budget,
            Against::Ceiling => budget.ceiling,
        };
        if total > limit {
            broken.push(budget.name);
        }
    }
    for (name, files) in [
        ("field app, later", &contents.field_later),
        ("desk, later", &contents.desk_later),
    ] {
        println!("{name}");
        println!("  {:>9}  in all", list(files)?);
    }
    if !broken.is_empty() {
        bail!("too large: {}", broken.join(", "));
    }
    Ok(())
}

fn print(budget: &Budget, files: &BTreeSet<String>) -> Result<u64> {
    println!("{}", budget.name);
    let total = list(files)?;
    println!(
        "  {total:>9}  budget {}, aim {}, CI lets pass {}",
        budget.budget, budget.aim, budget.ceiling
    );
    Ok(total)
}

/// Prints the files and returns the bytes of all.
fn list(files: &BTreeSet<String>) -> Result<u64> {
    let mut total = 0;
    for file in files {
        let size = travelling(file)?;
        total += size;
        println!("  {size:>9}  {file}");
    }
    Ok(total)
}

fn travelling(file: &str) -> Result<u64> {
    let path = workspace::bundle().join(file);
    let brotli = workspace::bundle().join(format!("{file}.br"));
    let sent = if brotli.exists() { brotli } else { path };
    Ok(fs::metadata(&sent)
        .with_context(|| format!("{file} is not in the bundle"))?
        .len())
}
