//! The kind catalogue: every kind of activity that can be logged is one [`KindSpec`].
//!
//! Forms, detail pages, exports and the OpenAPI document are made from the entry. A *plain* kind is a list of fields
//! and nothing else: adding one is adding an entry to [`plain`]. A kind with behaviour of its own (the patrol) has a
//! module of its own and a catalogue entry without fields. A kind that an older app does not know is kept as it is
//! and shown by its values, never dropped.

mod field;
mod plain;
mod topic;

pub use field::{Choice, FieldSpec, FieldType, Label, Need};
pub use topic::{TOPICS, is_topic};

use crate::file::MAX_FILES;
use crate::permission::Verb;
use crate::problem::FieldError;
use serde::Serialize;
use serde_json::Value;

/// The group that a kind is listed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KindGroup {
    /// Work in the field: patrols, incidents.
    Field,
    /// Tuyên truyền.
    Propaganda,
    /// Festivals, campaigns, forums.
    Event,
    /// Self-management models.
    Model,
    /// Exemplars and commendations.
    Recognition,
    /// Documents, conferences, inspections.
    Direction,
    /// Bồi dưỡng lực lượng: training, equipment, money.
    Capacity,
    /// Figures about citizens' matters.
    Service,
    /// Registration, recognition, rating.
    Assessment,
}

impl KindGroup {
    /// All groups, in the order in which people see them.
    pub const ALL: &'static [Self] = &[
        Self::Field,
        Self::Propaganda,
        Self::Event,
        Self::Model,
        Self::Recognition,
        Self::Direction,
        Self::Capacity,
        Self::Service,
        Self::Assessment,
    ];
}

/// How the body of a kind is formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KindShape {
    /// The fields of the entry.
    Plain,
    /// [`crate::patrol::Patrol`].
    Patrol,
    /// [`crate::incident::Incident`]; the fields of the entry are those of its form.
    Incident,
    /// [`crate::loudspeaker::LoudspeakerSession`].
    Loudspeaker,
}

/// One kind of activity.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindSpec {
    /// Stable id on the wire.
    pub id: &'static str,
    /// Group in lists.
    pub group: KindGroup,
    /// Name in both languages.
    pub label: Label,
    /// Name of the icon in the app's icon set.
    pub icon: &'static str,
    /// How the body is formed.
    pub shape: KindShape,
    /// What somebody must be allowed to do where it happened, to log it.
    pub verb: Verb,
    /// Fields of the form.
    pub fields: &'static [FieldSpec],
    /// Most files that a record of this kind carries; none for most kinds.
    pub files: usize,
    /// Targets (D0-…) and criteria (C…) that accepted records of this kind count for.
    pub feeds: &'static [&'static str],
}

/// Every kind, in the order in which people see them.
pub fn catalogue() -> impl Iterator<Item = &'static KindSpec> {
    [&INCIDENT, &CAMERA_INCIDENT, &PATROL, &LOUDSPEAKER_SESSION]
        .into_iter()
        .chain(plain::GROUPS.iter().copied().flatten())
}

/// The kind with this id.
pub fn find(id: &str) -> Option<&'static KindSpec> {
    catalogue().find(|kind| kind.id == id)
}

/// The patrol: its body is [`crate::patrol::Patrol`].
pub const PATROL: KindSpec = KindSpec {
    id: "patrol",
    group: KindGroup::Field,
    label: Label {
        vi: "Ca tuần tra",
        en: "Patrol",
    },
    icon: "footprints",
    shape: KindShape::Patrol,
    verb: Verb::LogActivity,
    fields: &[],
    files: 0,
    feeds: &[],
};

/// What somebody saw, here and now or on a patrol: its body is [`crate::incident::Incident`].
pub const INCIDENT: KindSpec = KindSpec {
    id: "incident",
    group: KindGroup::Field,
    label: Label {
        vi: "Vụ việc",
        en: "Incident",
    },
    icon: "siren",
    shape: KindShape::Incident,
    verb: Verb::LogActivity,
    fields: crate::incident::FIELDS,
    files: 0,
    feeds: &[],
};

/// What a camera saw: as [`INCIDENT`], and it names the camera.
pub const CAMERA_INCIDENT: KindSpec = KindSpec {
    id: "camera_incident",
    label: Label {
        vi: "Vụ việc qua camera",
        en: "Camera incident",
    },
    icon: "cctv",
    ..INCIDENT
};

/// The loudspeaker session: its body is [`crate::loudspeaker::LoudspeakerSession`].
pub const LOUDSPEAKER_SESSION: KindSpec = KindSpec {
    id: "loudspeaker_session",
    group: KindGroup::Propaganda,
    label: Label {
        vi: "Buổi phát loa",
        en: "Loudspeaker session",
    },
    icon: "radio-tower",
    shape: KindShape::Loudspeaker,
    verb: Verb::LogBroadcasts,
    fields: &[],
    files: 0,
    feeds: &["D0-A1.17a"],
};

impl KindSpec {
    /// The same kind, whose records carry files.
    const fn with_files(self) -> Self {
        Self {
            files: MAX_FILES,
            ..self
        }
    }

    /// Checks and cleans the body of a plain kind. Fields are named from `body`.
    pub fn parse_plain(&self, body: &Value) -> Result<Value, Vec<FieldError>> {
        field::parse_object(self.fields, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_of_kinds_and_of_fields_within_a_kind_are_unique_snake_case() {
        let snake = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let mut kinds = HashSet::new();
        for kind in catalogue() {
            assert!(snake(kind.id) && kinds.insert(kind.id), "{}", kind.id);
            let mut fields = HashSet::new();
            for field in kind.fields {
                assert!(
                    snake(field.id) && fields.insert(field.id),
                    "{}.{}",
                    kind.id,
                    field.id
                );
            }
        }
    }

    #[test]
    fn every_label_is_there_in_both_languages() {
        for kind in catalogue() {
            let labels = kind.fields.iter().map(|f| f.label).chain([kind.label]);
            assert!(
                labels.into_iter().all(|l| !l.vi.is_empty() && !l.en.is_empty()),
                "{}",
                kind.id
            );
        }
    }
}
