//! Lighthouse on the field app's first page, as a slow phone on slow 4G sees it: the median of five runs.

use crate::process::{cargo, program, run, run_quietly, step};
use crate::{node, system, workspace};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

const RUNS: usize = 5;

/// Category and the least score, of 100.
const LIMITS: [(&str, f64); 3] = [
    ("performance", 95.0),
    ("accessibility", 100.0),
    ("best-practices", 100.0),
];

/// Figures that explain the score.
const FIGURES: [&str; 5] = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "speed-index",
];

pub fn measure() -> Result<()> {
    let tool = node::lighthouse()?.join("lighthouse/cli/index.js");
    let chromium = system::chromium()?;
    step("server: compile (release)", || {
        run(cargo().args(["build", "--release", "--workspace", "--bin", "keng"]))
    })?;
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path())?;
    let mut reports = Vec::new();
    for number in 1..=RUNS {
        let path = data.path().join(format!("{number}.json"));
        step(&format!("lighthouse {number} of {RUNS}"), || {
            run_quietly(
                node::node()?
                    .arg(&tool)
                    .arg(&server.url)
                    .args(["--quiet", "--output=json", "--no-enable-error-reporting"])
                    .arg("--only-categories=performance,accessibility,best-practices")
                    .arg("--chrome-flags=--headless=new --no-sandbox --disable-gpu --no-first-run")
                    .arg(format!("--output-path={}", path.display()))
                    .env("CHROME_PATH", &chromium),
            )
        })?;
        reports.push(serde_json::from_slice::<Value>(&fs::read(path)?)?);
    }
    print(&reports)
}

fn print(reports: &[Value]) -> Result<()> {
    let mut missed = Vec::new();
    for (category, limit) in LIMITS {
        let score = median(reports, &format!("/categories/{category}/score"))? * 100.0;
        println!("{category:<24} {score:>8.0}   at least {limit:.0}");
        if score < limit {
            missed.push(category);
        }
    }
    for figure in FIGURES {
        let value = median(reports, &format!("/audits/{figure}/numericValue"))?;
        println!("{figure:<24} {value:>8.2}");
    }
    for report in reports.iter().take(1) {
        print_failed(report);
    }
    if !missed.is_empty() {
        bail!("below the limit: {}", missed.join(", "));
    }
    Ok(())
}

/// What a person must mend: audits that say yes or no, and said no.
fn print_failed(report: &Value) {
    let audits = report.get("audits").and_then(Value::as_object);
    for (name, audit) in audits.into_iter().flatten() {
        let is_binary = audit.get("scoreDisplayMode").and_then(Value::as_str) == Some("binary");
        if is_binary && audit.get("score").and_then(Value::as_f64) == Some(0.0) {
            let title = audit.get("title").and_then(Value::as_str).unwrap_or(name);
            println!("  ✗ {name}: {title}");
        }
    }
}

fn median(reports: &[Value], pointer: &str) -> Result<f64> {
    let mut values = reports
        .iter()
        .map(|report| report.pointer(pointer).and_then(Value::as_f64))
        .collect::<Option<Vec<f64>>>()
        .with_context(|| format!("a report lacks {pointer}"))?;
    values.sort_by(f64::total_cmp);
    values
        .get(values.len() / 2)
        .copied()
        .context("there is no report")
}

/// A server on an empty folder, ended when dropped.
struct Server {
    process: Child,
    url: String,
    /// Kept open: a server whose output nobody takes would stop at its next line.
    _output: BufReader<ChildStdout>,
}

impl Server {
    fn start(data: &Path) -> Result<Self> {
        let mut process = program(workspace::keng("release"))
            .arg("serve")
            .env("KENG_DATA_DIR", data)
            .env("KENG_LISTEN", "127.0.0.1:0")
            .env("KENG_LOG_LEVEL", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start keng")?;
        let mut output = BufReader::new(process.stdout.take().context("keng has no output")?);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some((_, authority)) = line.split_once("http://") {
                let url = format!("http://{}", authority.trim());
                return Ok(Self {
                    process,
                    url,
                    _output: output,
                });
            }
            line.clear();
        }
        bail!("keng ended before it listened")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.process.kill().and_then(|()| self.process.wait().map(drop)) {
            eprintln!("  keng was not ended: {error}");
        }
    }
}
