//! A PostgreSQL of our own for one run of the tests: in a temporary folder, on a free port of 127.0.0.1, gone afterwards.

use crate::process::{self, exists, program, run_quietly};
use crate::system;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A running server; dropping it stops it and removes its files.
#[derive(Debug)]
pub struct Postgres {
    binaries: PathBuf,
    folder: TempDir,
    port: u16,
}

const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 400
shared_buffers = 128MB
log_min_messages = fatal
";

/// What a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Nothing: what tests write does not outlive the run. Kill tests end our server, never PostgreSQL.
    InMemory,
    /// The disk, as in production.
    OnDisk,
}

impl Commit {
    fn settings(self) -> &'static str {
        match self {
            Self::InMemory => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
            Self::OnDisk => "",
        }
    }
}

impl Postgres {
    pub fn start(commit: Commit) -> Result<Self> {
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("keng-postgres-").tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self {
            binaries,
            folder,
            port,
        };
        if system::is_root() {
            // PostgreSQL refuses to run as root.
            run_quietly(program("chown").arg("postgres").arg(server.folder.path()))?;
        }
        let data = server.data();
        let mut initdb = server.tool("initdb");
        initdb
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(&data);
        run_quietly(&mut initdb)?;
        let configuration = data.join("postgresql.conf");
        let mut settings = fs::read_to_string(&configuration)?;
        settings.push_str(SETTINGS);
        settings.push_str(commit.settings());
        settings.push_str(&format!(
            "port = {port}\nunix_socket_directories = '{}'\n",
            server.folder.path().display()
        ));
        fs::write(&configuration, settings)?;

        let log = server.folder.path().join("log");
        let mut start = server.tool("pg_ctl");
        start
            .arg("start")
            .arg("--wait")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(&log);
        // Its output would be held open by the server that it leaves behind.
        let status = start.stdout(std::process::Stdio::null()).status()?;
        if !status.success() {
            bail!(
                "PostgreSQL does not start: {}",
                fs::read_to_string(&log).unwrap_or_default()
            );
        }
        Ok(server)
    }

    /// The URL of its maintenance database; tests make databases of their own beside it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of PostgreSQL's programs, run by its own user when we are root.
    fn tool(&self, name: &str) -> Command {
        let tool = self.binaries.join(name);
        let mut command = if system::is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(tool);
            command
        } else {
            Command::new(tool)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.tool("pg_ctl");
        stop.args(["stop", "--mode=immediate", "-D"]).arg(self.data());
        if let Err(error) = run_quietly(&mut stop) {
            eprintln!("  PostgreSQL on port {} was not stopped: {error:#}", self.port);
        }
    }
}

/// Where `initdb` is: on the PATH, or where Debian hides it. Installed if it is nowhere.
fn binaries() -> Result<PathBuf> {
    if let Some(folder) = known_binaries() {
        return Ok(folder);
    }
    system::install(&["postgresql"])?;
    known_binaries().context("PostgreSQL is installed, but initdb is nowhere to be found")
}

fn known_binaries() -> Option<PathBuf> {
    if exists("initdb") {
        return process::find("initdb")?.parent().map(Path::to_owned);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    folders.sort();
    folders.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn it_listens_while_it_is_held_and_is_gone_afterwards() {
        let server = Postgres::start(Commit::InMemory).unwrap();
        let (address, folder) = (("127.0.0.1", server.port), server.folder.path().to_owned());
        assert!(TcpStream::connect(address).is_ok());
        drop(server);
        assert!(TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }
}
