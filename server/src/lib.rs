//! Kẻng's server: the HTTP API, storage and administration commands of one binary, `keng`.
//!
//! One request, three files: [`routes`] lists every URL, `endpoints/<area>.rs` holds its handler, `db/<table>.rs` the
//! queries. `routes → endpoints → {auth, db}`; only [`db`] knows diesel; nothing imports `endpoints`.
#![warn(missing_docs)]

pub mod app;
pub mod auth;
mod bulk;
mod bundle;
pub mod cli;
pub mod client_address;
pub mod clock;
pub mod config;
pub mod db;
mod demo;
mod endpoints;
pub mod events;
mod evidence;
mod export;
pub mod extract;
pub mod headers;
pub mod import;
pub mod indexing;
mod jobs;
pub mod logging;
pub mod openapi;
pub mod problem;
mod push;
mod qr;
mod range;
pub mod routes;
pub mod state;
mod sync;
pub mod targets;
mod tiles;

pub use app::{Running, StartError, start};
pub use clock::Clock;
pub use config::Config;
pub use push::PushService;
