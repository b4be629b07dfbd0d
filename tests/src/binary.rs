//! The built `keng` binary as a process of its own, to be killed and measured.

use crate::stage::Stage;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Names the binary; without it, it is looked for beside the test and built when it is not there.
const BINARY: &str = "KENG_TEST_BINARY";
const ANNOUNCEMENT: &str = "Kẻng listens on ";

/// Mounts the disk, copies the folder onto it and becomes the server.
const SMALL_DISK: &str = r#"mount -t tmpfs -o "$1" tmpfs "$2" && cp -a "$3/." "$2" && exec "$4" serve"#;

/// Where a small disk is mounted.
pub struct SmallDisk {
    mebibytes: u32,
    folder: TempDir,
}

impl SmallDisk {
    pub fn of_mebibytes(mebibytes: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("keng-disk-").tempdir();
        Self {
            mebibytes,
            folder: folder.expect("a folder"),
        }
    }

    /// Takes all the room that is left.
    pub fn fill(&self, server: &Keng) {
        let mut filler = std::fs::File::create(self.filler(server)).expect("a filler");
        for size in [1 << 20, 1 << 12, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Gives it back.
    pub fn make_room(&self, server: &Keng) {
        std::fs::remove_file(self.filler(server)).expect("the filler");
    }

    fn filler(&self, server: &Keng) -> PathBuf {
        // The disk is mounted for the server alone; its process shows the way.
        let root = PathBuf::from(format!("/proc/{}/root", server.child.id()));
        let folder = self.folder.path().strip_prefix("/").expect("a whole path");
        root.join(folder).join("filler")
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

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
        Self::run(Command::new(binary).arg("serve"), stage, variables)
    }

    /// Starts the server on a disk of so many mebibytes that holds a copy of the stage's folder: a file system that
    /// only this process sees and that goes with it. On SQLite the database is on it too.
    pub fn start_on_small_disk(binary: &Path, stage: &Stage, disk: &SmallDisk) -> Self {
        let mut command = Command::new("unshare");
        // Without root a user namespace of one's own gives the right to mount.
        if !is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command
            .args(["--mount", "sh", "-c", SMALL_DISK, "sh"])
            .arg(format!("size={}m", disk.mebibytes))
            .arg(disk.folder.path())
            .arg(stage.folder())
            .arg(binary);
        let folder = disk.folder.path().display();
        let mut variables = vec![("KENG_DATA_DIR", folder.to_string())];
        if stage.database_url().starts_with("sqlite:") {
            variables.push(("KENG_DATABASE_URL", format!("sqlite:{folder}/keng.db")));
        }
        Self::run(&mut command, stage, &variables)
    }

    fn run(command: &mut Command, stage: &Stage, variables: &[(&str, String)]) -> Self {
        let began = Instant::now();
        // The server refuses settings that it does not know, and those of the tests are none of its own.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KENG_")) {
            command.env_remove(name);
        }
        let mut child = command
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

    /// Memory of the process that no file stands behind, in bytes: pages of a mapped database do not count.
    pub fn own_bytes(&self) -> u64 {
        self.memory("RssAnon:")
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
