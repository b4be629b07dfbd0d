//! Command line of Kẻng.

use std::process::ExitCode;

fn main() -> ExitCode {
    keng_server::cli::run()
}
