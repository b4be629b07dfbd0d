//! The built `keng` binary as a process of its own, to be killed and measured.

use crate::stage::Stage;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Names the binary; without it, it is looked for beside the test and built when it is not there.
const BINARY: &str = "KENG_TEST_BINARY";
const ANNOUNCEMENT: &str = "Kẻng listens on ";

/// A running `keng serve`. Dropping it kills it.
pub struct Keng {
    child: Child,
    /// Scheme, host and port.
    pub origin: String,
    /// From starting the process to listening.
    pub started_in: Duration,
}

impl Keng {
    /// Starts the server on the stage's database and folder, and waits until it listens.
    pub fn start(binary: &Path, stage: &Stage) -> Self {
        Self::start_with(binary, stage, &[])
    }

    /// As [`Keng::start`], with more variables in its environment.
    pub fn start_with(binary: &Path, stage: &Stage, variables: &[(&str, String)]) -> Self {
        let began = Instant::now();
        let mut command = Command::new(binary);
        // The server refuses settings that it does not know, and those of the tests are none of its own.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KENG_")) {
            command.env_remove(name);
        }
        let mut child = command
            .arg("serve")
            .env("KENG_DATABASE_URL", stage.database_url())
            .env("KENG_DATA_DIR", stage.folder())
            .env("KENG_LISTEN", "127.0.0.1:0")
            .env("KENG_LOG_LEVEL", "error")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server's process");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let origin = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once(ANNOUNCEMENT)?.1.trim().to_owned()));
        let started_in = began.elapsed();
        // What else it says must not fill the pipe and stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            origin: origin.expect("the server listens"),
            started_in,
        }
    }

    /// Kills the process as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("a kill");
        self.child.wait().expect("its end");
    }

    /// Memory of the process that is in use, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// The most memory that the process ever had in use, in bytes.
    pub fn peak_bytes(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|status| status.strip_prefix(line));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kibibytes.unwrap_or(0) * 1024
    }
}

impl Drop for Keng {
    fn drop(&mut self) {
        // It may have been killed before.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The `keng` binary of the profile that this code runs in.
pub fn keng() -> PathBuf {
    if let Some(named) = std::env::var_os(BINARY) {
        return named.into();
    }
    let own = std::env::current_exe().expect("this program's path");
    let folder = own
        .ancestors()
        .find(|folder| folder.ends_with("debug") || folder.ends_with("release"));
    let binary = folder.expect("a profile's folder").join("keng");
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With the features that the tests themselves were built with; otherwise each would undo the other's build.
    build.args([
        "build",
        "--quiet",
        "--package",
        "keng-tests",
        "--package",
        "keng-server",
        "--bin",
        "keng",
    ]);
    if binary.parent().is_some_and(|folder| folder.ends_with("release")) {
        build.arg("--release");
    }
    assert!(build.status().expect("cargo").success(), "the server compiles");
    binary
}
