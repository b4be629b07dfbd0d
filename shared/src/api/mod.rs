//! Requests and answers of `/api/v1` beside sync: sign-in, areas, people, teams, review.
//!
//! Every request type refuses unknown fields, so that a field that only the server may set is an error, not ignored.

mod access;
mod areas;
mod broadcast;
mod cameras;
mod campaigns;
mod evaluations;
mod exports;
mod incidents;
mod jobs;
mod map;
mod models;
mod people;
mod plan_versions;
mod push;
mod records;
mod target_entry;
mod target_reminders;
mod target_years;
mod targets;
mod teams;
mod views;
mod working_days;

pub use access::*;
pub use areas::*;
pub use broadcast::*;
pub use cameras::*;
pub use campaigns::*;
pub use evaluations::*;
pub use exports::*;
pub use incidents::*;
pub use jobs::*;
pub use map::*;
pub use models::*;
pub use people::*;
pub use plan_versions::*;
pub use push::*;
pub use records::*;
pub use target_entry::*;
pub use target_reminders::*;
pub use target_years::*;
pub use targets::*;
pub use teams::*;
pub use views::*;
pub use working_days::*;

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};

/// Root of the API.
pub const BASE: &str = "/api/v1";
/// Most items on one page.
pub const MAX_PAGE: usize = 200;
/// Items on a page when the caller does not say.
pub const DEFAULT_PAGE: usize = 50;
/// Largest JSON body, in bytes, outside sync.
pub const MAX_JSON_BYTES: usize = 256 * 1024;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// Items, at most [`MAX_PAGE`].
    pub items: Vec<T>,
    /// Pass it as `after` to get the next page; none on the last.
    pub next: Option<String>,
}
