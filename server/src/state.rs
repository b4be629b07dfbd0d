//! What every request can reach.

use crate::auth::Auth;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::db::map_points::SharedPoints;
use crate::events::Events;
use crate::evidence::Evidence;
use crate::push::Push;
use crate::sync::boundaries::Boundaries;
use crate::targets::kept::Kept;
use crate::targets::kept_figures::KeptFigures;
use crate::tiles::Archive;
use actix_web::http::header::HOST;
use actix_web::{HttpRequest, web};
use std::sync::Arc;

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
    /// Streams of events that browsers listen to.
    pub events: Events,
    /// Photos: their bytes, uploads under way, the key of receipts.
    pub(crate) evidence: Evidence,
    /// Messages to browsers that are not open.
    pub(crate) push: Push,
    /// The archive of map tiles, if there is one.
    pub(crate) tiles: Option<Archive>,
    /// Matrices of targets that were laid out before.
    pub(crate) matrices: Kept,
    /// Figures that were read before.
    pub(crate) figures: KeptFigures,
    /// Records as points, for the map of many communes.
    pub(crate) points: SharedPoints,
    /// Outlines of areas, to tell what lies outside.
    pub(crate) boundaries: Arc<Boundaries>,
}

impl AppState {
    /// The origin under which this request reached the server, for links that people open elsewhere.
    pub fn origin(&self, request: &HttpRequest) -> String {
        match &self.config.public_origin {
            Some(origin) => origin.clone(),
            None => {
                let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
                format!("http://{}", host.unwrap_or("localhost"))
            }
        }
    }
}

/// [`AppState`] as an argument of a handler.
pub type State = web::Data<AppState>;
