//! Records as files to take away.

use super::{JobState, RecordQuery};
use crate::id::{JobId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// The form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// UTF-8 with a byte order mark, as spreadsheets open it.
    Csv,
    /// Excel.
    Xlsx,
    /// Places as GeoJSON; records without a position have no geometry.
    Geojson,
    /// Tracks of patrols, for maps and navigation programs.
    Gpx,
    /// Photos as people look at them, with a list of them.
    Zip,
}

impl ExportFormat {
    /// The wire form, which is also the ending of the file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Geojson => "geojson",
            Self::Gpx => "gpx",
            Self::Zip => "zip",
        }
    }

    /// The format with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx, Self::Geojson, Self::Gpx, Self::Zip]
            .into_iter()
            .find(|format| format.as_str() == text)
    }
}

/// The language of column heads and answers in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileLanguage {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// Body of `POST /exports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// The form of the file.
    pub format: ExportFormat,
    /// Its language.
    #[serde(default)]
    pub language: FileLanguage,
    /// Which records, as in the list; `after` and `limit` have no meaning here and are refused.
    #[serde(default)]
    pub filter: RecordQuery,
    /// Of those only these, where any are given; at most [`MAX_BULK`](super::MAX_BULK).
    #[serde(default)]
    pub only: Vec<RecordId>,
}

/// An export of the caller's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportView {
    /// The export; its file is at `/exports/{id}/file`.
    pub id: JobId,
    /// The form of the file.
    pub format: ExportFormat,
    /// Where it stands.
    pub state: JobState,
    /// Records that it will hold, about.
    pub total: u64,
    /// Records written so far.
    pub done: u64,
    /// Size of the finished file in bytes.
    pub size: Option<u64>,
    /// When it was asked for.
    pub created_at: Millis,
    /// When it was finished.
    pub finished_at: Option<Millis>,
    /// When the file goes away.
    pub expires_at: Millis,
}
