//! Areas, units, imports.

use crate::area::{Area, SuccessionRelation};
use crate::id::{AreaId, UnitId};
use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// An area with its place in the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaView {
    /// The area.
    #[serde(flatten)]
    pub area: Area,
    /// Everything above on the asked date, nearest first.
    pub above: Vec<AreaRef>,
    /// Number of areas directly below on the asked date.
    pub children: u32,
    /// Whether it has a boundary.
    pub has_boundary: bool,
}

/// What a page needs to know before it draws a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapSettings {
    /// Tiles to lay under what is drawn; by default none, and no other host is called.
    pub tiles: Option<TileLayer>,
}

/// Map tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TileLayer {
    /// Address with `{z}`, `{x}` and `{y}`, on this server or another.
    pub address: String,
    /// Words that name the makers.
    pub attribution: String,
    /// The smallest zoom level that there is.
    pub min_zoom: u8,
    /// The largest.
    pub max_zoom: u8,
}

/// An area, just enough to name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaRef {
    /// The area.
    pub id: AreaId,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
}

/// Answer to "which commune is old code X": `GET /areas/resolve?code=15118&as_of=2024-06-01&on=2026-11-22`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolved {
    /// The area that had the code on `as_of`.
    pub asked: Area,
    /// What it is on `on`: one area, or several after a split.
    pub now: Vec<Successor>,
}

/// One successor of an area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Successor {
    /// The area.
    pub area: Area,
    /// Whole or part.
    pub relation: SuccessionRelation,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Cơ quan.
    Agency,
    /// Doanh nghiệp.
    Enterprise,
    /// Cơ sở giáo dục.
    School,
}

impl UnitKind {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Enterprise => "enterprise",
            Self::School => "school",
        }
    }

    /// The kind with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Agency, Self::Enterprise, Self::School]
            .into_iter()
            .find(|k| k.as_str() == text)
    }
}

/// An agency, enterprise or school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitView {
    /// The unit.
    pub id: UnitId,
    /// What it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// The area that it hangs on.
    pub area_id: AreaId,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
}

/// Body of `POST /areas/{id}/units`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// What it is.
    pub kind: UnitKind,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// First day.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
}

/// What an import did, or would do in a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Whether nothing was written on purpose.
    pub dry_run: bool,
    /// Rows read.
    pub read: usize,
    /// Rows that made something new.
    pub created: usize,
    /// Rows that changed something.
    pub updated: usize,
    /// Rows that say what is already so.
    pub unchanged: usize,
    /// Rows that were refused, each with its reason.
    pub refused: Vec<RefusedRow>,
    /// What the import decided by itself; a person should look at it.
    #[serde(default)]
    pub remarks: Vec<ImportRemark>,
}

/// Something that an import decided by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRemark {
    /// Number of the row, from 1.
    pub row: usize,
    /// What the row is about: a name or code from it.
    pub what: String,
    /// What was decided.
    pub remark: Remark,
    /// Where or beside what: a place as `lat, lon`, or areas by code and name.
    pub detail: String,
}

/// What an import decides by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// The outline crossed itself at the place and was mended.
    Repaired,
    /// The area was not there and was made like its nearest neighbour: same tier, same area above, same first day.
    CreatedLikeNeighbour,
    /// The place lies far outside the boundary of its area; the row was kept as it is.
    FarOutside,
}

/// A row that an import refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedRow {
    /// Number of the row, from 1, or of the item in its list.
    pub row: usize,
    /// What the row is about: a name or code from it.
    pub what: String,
    /// Field and reason.
    pub error: crate::problem::FieldError,
}
