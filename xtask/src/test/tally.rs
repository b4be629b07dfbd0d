//! The sum over all runners, read from their own closing lines.

use crate::process::step;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// What passed and what failed so far.
#[derive(Debug, Default)]
pub struct Tally {
    passed: u64,
    failed: u64,
    broken: Vec<String>,
}

impl Tally {
    /// A step that either holds or does not. Returns whether it does.
    pub fn check(&mut self, title: &str, work: impl FnOnce() -> Result<()>) -> bool {
        let outcome = step(title, work);
        if let Err(error) = &outcome {
            eprintln!("  {error:#}");
            self.failed += 1;
            self.broken.push(title.to_owned());
        }
        outcome.is_ok()
    }

    /// A test runner, whose output goes on to ours while its closing lines are counted.
    pub fn runner(&mut self, title: &str, command: &mut Command) {
        let before = (self.passed, self.failed);
        let outcome = step(title, || self.count(command));
        match outcome {
            Ok(true) if self.passed + self.failed > before.0 + before.1 => {}
            Ok(true) => self.fail(title, "ran no test"),
            // A runner that stops before its closing line, as when a test does not compile, counts once.
            Ok(false) if self.failed == before.1 => self.fail(title, "failed without a count"),
            Ok(false) => self.broken.push(title.to_owned()),
            Err(error) => self.fail(title, &format!("{error:#}")),
        }
    }

    fn fail(&mut self, title: &str, why: &str) {
        eprintln!("  {title}: {why}");
        self.failed += 1;
        self.broken.push(title.to_owned());
    }

    /// Runs a runner and says whether it was content.
    fn count(&mut self, command: &mut Command) -> Result<bool> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
        let output = child.stdout.take().context("the runner has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line?;
            println!("{line}");
            self.read(&line);
        }
        Ok(child.wait()?.success())
    }

    /// Counts cargo's `test result: ok. 12 passed; 0 failed; …` and node's `ℹ pass 12`, `ℹ fail 0`.
    fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["test", "result:", _, passed, "passed;", failed, "failed;", ..] = words.as_slice() {
            self.passed += passed.parse().unwrap_or(0);
            self.failed += failed.parse().unwrap_or(0);
        }
        match words.as_slice() {
            ["ℹ" | "#", "pass", count] => self.passed += count.parse().unwrap_or(0),
            ["ℹ" | "#", "fail" | "cancelled", count] => self.failed += count.parse().unwrap_or(0),
            _ => {}
        }
    }

    /// Prints the last line; an error unless everything passed.
    pub fn close(self) -> Result<()> {
        if !self.broken.is_empty() {
            eprintln!("  failed: {}", self.broken.join(", "));
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 || !self.broken.is_empty() {
            bail!("not everything passed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_both_runners_are_counted() {
        let mut tally = Tally::default();
        for line in [
            "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s",
            "ℹ tests 4",
            "ℹ pass 3",
            "ℹ fail 1",
            "ℹ cancelled 0",
            "a test prints: 5 passed; 5 failed",
        ] {
            tally.read(line);
        }
        assert_eq!((tally.passed, tally.failed), (15, 3));
    }

    #[test]
    fn a_runner_that_ran_nothing_has_failed() {
        let mut tally = Tally::default();
        tally.runner("nothing", &mut Command::new("true"));
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert!(tally.close().is_err());
    }

    #[test]
    fn a_runner_that_breaks_off_counts_once() {
        let mut tally = Tally::default();
        tally.runner("broken", &mut Command::new("false"));
        assert_eq!(tally.failed, 1);
    }
}
