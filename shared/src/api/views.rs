//! Saved views of the table of records: a filter, an order and columns under a name, one person's own.

use super::RecordQuery;
use crate::id::SavedViewId;
use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};

/// Most views that a person keeps.
pub const MAX_VIEWS: usize = 50;
/// Longest name of a view, in characters.
pub const MAX_VIEW_NAME: usize = 60;
/// Most columns of a view.
pub const MAX_COLUMNS: usize = 30;

/// Body of `POST /views`. The same name again replaces the view that had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSavedView {
    /// What the person calls it.
    pub name: String,
    /// Filter and order; `after` and `limit` have no meaning here and are refused.
    #[serde(default)]
    pub filter: RecordQuery,
    /// Ids of the columns, in their order; the page that shows them knows what they mean.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// A view of the caller's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedView {
    /// The view.
    pub id: SavedViewId,
    /// What the person calls it.
    pub name: String,
    /// Filter and order.
    pub filter: RecordQuery,
    /// Ids of the columns.
    pub columns: Vec<String>,
}
