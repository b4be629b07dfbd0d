//! The register of self-management models.

use crate::id::{AreaId, PhotoId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::model_register::{Ending, ModelState, YearRating};
use crate::record::PersonName;
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// What `GET /models` shows; all of it if missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ModelQuery {
    /// In this area or below; everything in reach if missing.
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub area: Option<AreaId>,
    /// Of this category.
    pub category: Option<String>,
    /// In this state.
    pub state: Option<ModelState>,
    /// With this rating in the year before or this year, the newest.
    pub rating: Option<String>,
    /// Words of the name; marks make no difference.
    pub search: Option<String>,
    /// Only those that nobody has reviewed this year.
    pub overdue: Option<bool>,
}

/// Answer of `GET /models`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelRegister {
    /// This year, by the server's clock.
    pub year: i32,
    /// How many models the filter shows.
    pub total: u32,
    /// How many of them go on.
    pub active: u32,
    /// How many of them nobody has reviewed this year.
    pub overdue: u32,
    /// Members of those that go on, as last counted.
    pub members: u32,
    /// The models by commune and name, at most 500.
    pub models: Vec<ModelRow>,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelRow {
    /// The commune in which it is today.
    pub commune: AreaId,
    /// Answer of the form.
    pub category: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area_id: AreaId,
    /// When it was launched.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub launched_on: Option<LocalDate>,
    /// Number of the decision, as last given.
    pub decision_number: String,
    /// Members, as last counted.
    pub members: Option<u32>,
    /// Households, as last counted.
    pub households: Option<u32>,
    /// How it stands.
    pub state: ModelState,
    /// Ratings, the newest year first.
    pub ratings: Vec<YearRating>,
    /// Whether it should have been reviewed this year and was not.
    pub lacks_review: bool,
    /// How many accepted records speak of it.
    pub records: u32,
}

/// Which model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct WhichModel {
    /// Its commune.
    #[cfg_attr(feature = "openapi", param(value_type = i64))]
    pub commune: AreaId,
    /// Its category.
    pub category: String,
    /// Its name.
    pub name: String,
}

/// Answer of `GET /models/one`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelView {
    /// What its records tell.
    pub model: ModelRow,
    /// Accepted records, the newest first.
    pub timeline: Vec<ModelRecord>,
    /// That it was merged or closed at the desk.
    pub ended: Option<ModelEnded>,
    /// Counts what was said at the desk, for `If-Match`; 0 for nothing.
    pub revision: u32,
    /// Whether the caller may merge, close and take that back.
    pub may_end: bool,
}

/// An accepted record about a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelRecord {
    /// The record.
    pub record_id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub local_date: LocalDate,
    /// How the model stood by it.
    pub state: Option<ModelState>,
    /// The rating that it gives.
    pub rating: Option<YearRating>,
    /// What it says in words.
    pub words: String,
    /// Photos that the server holds.
    pub photos: Vec<PhotoId>,
}

/// That a model was merged or closed at the desk, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelEnded {
    /// What was said.
    pub ending: Ending,
    /// By whom.
    pub by: PersonName,
    /// When, by the server's clock.
    pub at: Millis,
}

/// A model to choose in a form, for phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownModel {
    /// Answer of the form.
    pub category: String,
    /// Its name.
    pub name: String,
}
