//! What a first visit loads, by the bytes that travel: brotli, or the file itself where it does not compress.

use crate::bundle::Contents;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;

/// Bytes a thing may have: the gate, and where we want to be.
struct Budget {
    name: &'static str,
    limit: u64,
    aim: u64,
}

const FIELD: Budget = Budget {
    name: "field app",
    limit: 350_000,
    aim: 250_000,
};
const DESK: Budget = Budget {
    name: "desk",
    limit: 500_000,
    aim: 350_000,
};
const MAP: Budget = Budget {
    name: "map, when first shown",
    limit: 90_000,
    aim: 60_000,
};

/// Prints every file and fails when a budget is broken.
pub fn gate(contents: &Contents) -> Result<()> {
    let mut broken = Vec::new();
    for (budget, files) in [
        (FIELD, &contents.field),
        (DESK, &contents.desk),
        (MAP, &contents.map),
    ] {
        if !print(&budget, files)? {
            broken.push(budget.name);
        }
    }
    if !broken.is_empty() {
        bail!("too large: {}", broken.join(", "));
    }
    Ok(())
}

fn print(budget: &Budget, files: &BTreeSet<String>) -> Result<bool> {
    println!("{}", budget.name);
    let mut total = 0;
    for file in files {
        let size = travelling(file)?;
        total += size;
        println!("  {size:>9}  {file}");
    }
    println!("  {total:>9}  of at most {} (aim: {})", budget.limit, budget.aim);
    Ok(total <= budget.limit)
}

fn travelling(file: &str) -> Result<u64> {
    let path = workspace::bundle().join(file);
    let brotli = workspace::bundle().join(format!("{file}.br"));
    let sent = if brotli.exists() { brotli } else { path };
    Ok(fs::metadata(&sent)
        .with_context(|| format!("{file} is not in the bundle"))?
        .len())
}
