//! An incident (vụ việc): something seen by a camera, on a patrol or by a person, as a record like any other.
//!
//! What the witness says is the record: category, severity, place, time, words. What the police do with it is the
//! *case* ([`case`]), which lies beside the record on the server and never changes it. An incident describes a
//! situation; no field asks for a name.

pub mod calendar;
pub mod case;
pub mod near;

use crate::geo::LatLon;
use crate::id::{CameraId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::kind::{Choice, FieldSpec, FieldType, KindSpec, Label};
use crate::problem::{FieldCode, FieldError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Fields of the body beside those of the form: what the incident hangs on.
const LINKS: [&str; 3] = ["position", "camera_id", "patrol_id"];

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident, $choices:ident { $($(#[$about:meta])* $variant:ident = $id:literal, $vi:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$about])* $variant,)+
        }

        impl $name {
            /// All of them, in the order in which people see them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The wire form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// Words in both languages.
            pub fn label(self) -> Label {
                match self { $(Self::$variant => Label { vi: $vi, en: $en },)+ }
            }

            /// The one with this wire form.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        const $choices: &[Choice] = &[$(Choice { id: $id, label: Label { vi: $vi, en: $en } }),+];
    };
}

closed_list! {
    /// What sort of incident.
    Category, CATEGORIES {
        /// Fighting, disorder, noise late at night.
        PublicOrder = "public_order", "Gây rối, đánh nhau, ồn ào", "Disorder, fighting, noise";
        /// Theft or robbery, or signs of it.
        Theft = "theft", "Trộm cắp, cướp giật", "Theft, robbery";
        /// A traffic accident or obstruction.
        Traffic = "traffic", "Tai nạn, cản trở giao thông", "Traffic accident, obstruction";
        /// Fire, explosion, or a risk of it.
        Fire = "fire", "Cháy, nổ hoặc nguy cơ cháy", "Fire, explosion, or risk of it";
        /// Signs of drugs; a situation, never a person.
        Drugs = "drugs", "Dấu hiệu ma túy", "Signs of drugs";
        /// Fraud, swindling, usury leaflets.
        Fraud = "fraud", "Lừa đảo, tín dụng đen", "Fraud, usury";
        /// Damage to property or public works.
        Damage = "damage", "Phá hoại tài sản, công trình", "Damage to property or works";
        /// Somebody lost, hurt or in danger.
        PersonInDanger = "person_in_danger", "Người gặp nạn, đi lạc", "Person in danger or lost";
        /// Anything else.
        Other = "other", "Việc khác", "Anything else";
    }
}

closed_list! {
    /// How bad it is, as the witness sees it; an officer may see it otherwise in the case.
    Severity, SEVERITIES {
        /// Danger to life, happening now.
        Critical = "critical", "Khẩn cấp: đang nguy hiểm", "Critical: danger now";
        /// Serious, needs somebody today.
        High = "high", "Nghiêm trọng", "High";
        /// Needs looking into.
        Medium = "medium", "Cần xem xét", "Medium";
        /// To know about.
        Low = "low", "Để biết", "Low";
    }
}

impl Severity {
    /// Whether the officer's screen says so at once.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Critical | Self::High)
    }
}

/// Fields of the form, the same for both kinds of incident.
pub const FIELDS: &[FieldSpec] = &[
    FieldSpec::required(
        "category",
        "Việc gì",
        "What",
        FieldType::Choice { choices: CATEGORIES },
    ),
    FieldSpec::required(
        "severity",
        "Mức độ",
        "How bad",
        FieldType::Choice { choices: SEVERITIES },
    ),
    FieldSpec::optional(
        "place",
        "Ở chỗ nào",
        "Where exactly",
        FieldType::Text { max: 200 },
    ),
    FieldSpec::optional(
        "description",
        "Kể ngắn gọn (không cần ghi tên ai)",
        "In a few words (no names needed)",
        FieldType::LongText { max: 2_000 },
    ),
];

/// Body of a record of a kind of incident, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// What sort.
    pub category: Category,
    /// How bad.
    pub severity: Severity,
    /// The place in words, at most 200 characters: "cổng chợ Thành Sơn".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// In words, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Where it happened, when that is not where the form was filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<LatLon>,
    /// The camera that saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera_id: Option<CameraId>,
    /// The patrol on which it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patrol_id: Option<RecordId>,
}

impl Incident {
    /// Checks a body against the form of its kind and against its links; all errors at once.
    pub fn parse(kind: &KindSpec, body: &Value) -> Result<Self, Vec<FieldError>> {
        let Some(given) = body.as_object() else {
            return Err(vec![
                FieldError::new("body", FieldCode::WrongType).with("expected", "object"),
            ]);
        };
        let (links, form): (Map<String, Value>, Map<String, Value>) = given
            .clone()
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .partition(|(key, _)| LINKS.contains(&key.as_str()));
        let mut errors = Vec::new();
        let mut clean = match kind.parse_plain(&Value::Object(form)) {
            Ok(Value::Object(clean)) => clean,
            Ok(_) => Map::new(),
            Err(found) => {
                errors.extend(found);
                Map::new()
            }
        };
        if kind.id == crate::kind::CAMERA_INCIDENT.id && !links.contains_key("camera_id") {
            errors.push(FieldError::new("body.camera_id", FieldCode::Required));
        }
        for (key, value) in &links {
            if !is_link(key, value) {
                errors.push(FieldError::new(format!("body.{key}"), FieldCode::BadFormat));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        clean.extend(links);
        Self::read(&Value::Object(clean)).ok_or_else(|| vec![FieldError::new("body", FieldCode::BadFormat)])
    }

    /// An incident that was checked before, as it is stored.
    pub fn read(body: &Value) -> Option<Self> {
        Self::from_json(body.clone()).ok()
    }

    /// The body as it is stored.
    pub fn to_body(&self) -> Value {
        self.to_json()
    }
}

fn is_link(key: &str, value: &Value) -> bool {
    match key {
        "position" => LatLon::deserialize(value).is_ok_and(LatLon::is_valid),
        "camera_id" => value.as_i64().is_some(),
        _ => RecordId::deserialize(value).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{CAMERA_INCIDENT, INCIDENT};
    use serde_json::json;

    #[test]
    fn an_incident_needs_a_category_and_a_severity_and_nothing_else() {
        let errors = Incident::parse(&INCIDENT, &json!({"name_of_suspect": "x"})).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
        let expected = [
            ("body.category", FieldCode::Required),
            ("body.severity", FieldCode::Required),
            ("body.name_of_suspect", FieldCode::Unknown),
        ];
        assert_eq!(found, expected);
        let incident =
            Incident::parse(&INCIDENT, &json!({"category": "fire", "severity": "critical"})).unwrap();
        assert_eq!(
            incident.to_body(),
            json!({"category": "fire", "severity": "critical"})
        );
    }

    #[test]
    fn what_a_camera_saw_names_the_camera() {
        let body = json!({"category": "theft", "severity": "high", "camera_id": null});
        let errors = Incident::parse(&CAMERA_INCIDENT, &body).unwrap_err();
        assert_eq!(errors, [FieldError::new("body.camera_id", FieldCode::Required)]);
        let body = json!({"category": "theft", "severity": "high", "camera_id": 7});
        let incident = Incident::parse(&CAMERA_INCIDENT, &body).unwrap();
        assert_eq!(incident.camera_id, Some(CameraId(7)));
    }

    #[test]
    fn a_link_that_is_none_is_refused_at_its_field() {
        let body = json!({"category": "theft", "severity": "high", "patrol_id": "x",
            "position": {"lat_e7": 1_900_000_000, "lon_e7": 0}});
        let errors = Incident::parse(&INCIDENT, &body).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["body.patrol_id", "body.position"]);
    }
}
