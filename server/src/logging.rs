//! Log lines: JSON for machines, readable for people, never with personal data.
//!
//! Good: `tracing::info!(method = "POST", route = "/api/v1/records/{id}", status = 409)`.
//! Bad: a name, a coordinate, a file name, a token, a query string or a request body in any line.

use crate::config::{Config, LogFormat};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;

/// Installs the log for this process; a second call changes nothing.
pub fn install(config: &Config) {
    // What actix says about its own threads at `info` is of no use to whoever runs the server.
    let filter = EnvFilter::try_new(format!("actix_server=warn,{}", config.log_level))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal());
    let installed = match config.log_format {
        LogFormat::Pretty => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    if installed.is_err() {
        tracing::debug!("the log is installed already");
    }
}
