//! The commands of `keng`.

mod area;
mod demo;
mod migrate;
mod openapi;
mod progress;
mod recount;
mod serve;
mod user;

use crate::config::{Config, KEYS};
use crate::logging;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Why a command did not do its work; printed for people.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(
    name = "keng",
    version,
    about = "Kẻng: patrols, photo evidence and review for neighbourhood security work",
    after_long_help = configuration_help(),
)]
struct Keng {
    /// Configuration file (TOML); `keng --help` lists its keys
    #[arg(long, global = true, env = "KENG_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Serve),
    /// Bring the database up to date, and do nothing else
    Migrate(migrate::Migrate),
    /// Create the first administrator, list people, make enrolment links
    User(user::User),
    /// Import areas and boundaries, and ask what became of an old code
    Area(area::Area),
    /// A district to try Kẻng with
    Demo(demo::Demo),
    /// Count the figures of targets anew, or check them
    Recount(recount::Recount),
    /// Print the API as an OpenAPI document
    Openapi(openapi::OpenApi),
}

/// Parses the command line and runs the command.
pub fn run() -> ExitCode {
    let keng = Keng::parse();
    let result = Config::load(keng.config.as_deref())
        .map_err(CommandError::from)
        .and_then(|config| {
            logging::install(&config);
            dispatch(keng.command, config)
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keng: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command, config: Config) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    match command {
        Command::Serve(serve) => serve.run(&runtime, config),
        Command::Migrate(migrate) => migrate.run(&config),
        Command::User(user) => user.run(&runtime, config),
        Command::Area(area) => area.run(&runtime, config),
        Command::Demo(demo) => demo.run(&runtime, config),
        Command::Recount(recount) => recount.run(&runtime, config),
        Command::Openapi(openapi) => openapi.run(),
    }
}

fn configuration_help() -> String {
    let mut help = String::from(
        "Configuration. Later ones win: defaults, the file, KENG_<KEY>, KENG_<KEY>_FILE (a file that holds the value).\n",
    );
    for key in KEYS {
        let default = if key.default.is_empty() { "-" } else { key.default };
        help.push_str(&format!(
            "\n  {:<16} {}\n  {:<16} default: {default}\n",
            key.name, key.help, ""
        ));
    }
    help
}
