//! The machine that is measured on.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Cores, load and how often a second this disk syncs an appended 4 KiB page.
pub fn describe(folder: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    format!(
        "machine: {cores} cores, load {load} before the start, {:.0} fsync/s of an appended page",
        syncs_a_second(folder)
    )
}

fn syncs_a_second(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("sync")).expect("a file");
    let (began, mut syncs) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(2) {
        file.write_all(&[7; 4096]).expect("a page");
        file.sync_data().expect("a sync");
        syncs += 1;
    }
    f64::from(syncs) / began.elapsed().as_secs_f64()
}
