//! What every request can reach.

use crate::auth::Auth;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use actix_web::web;

/// Shared by all workers of this process.
pub struct AppState {
    /// The configuration.
    pub config: Config,
    /// The content security policy of every page.
    pub content_security_policy: String,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Tokens, passwords, and what is remembered about people and areas.
    pub auth: Auth,
}

/// [`AppState`] as an argument of a handler.
pub type State = web::Data<AppState>;
