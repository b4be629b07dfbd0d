//! Cases of incidents, the inbox, the stream of events.

use super::{CameraView, FootageRequestView};
use crate::geo::LatLon;
use crate::id::{AreaId, InboxItemId, RecordId, UserId};
use crate::inbox::InboxItem;
use crate::incident::case::{CaseState, PlaceOf};
use crate::incident::{Category, Severity};
use crate::json::{Fields, FromJson, ToJson, Unreadable, Value};
use crate::record::{PersonName, RecordView};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Query of `GET /incidents`. Everything given must hold. The latest received first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct CaseQuery {
    /// In this area or below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CaseState>,
    /// Assigned to this officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<UserId>,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Items on the page, 1 to 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// A case in a list or on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseRow {
    /// The incident's record.
    pub record_id: RecordId,
    /// Id of its kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// Name of the area.
    pub area_name: String,
    /// What sort.
    pub category: Category,
    /// How bad, as the officers see it.
    pub severity: Severity,
    /// Where the case stands.
    pub state: CaseState,
    /// For `If-Match`.
    pub revision: u32,
    /// The place in words.
    pub place: String,
    /// Where it happened; none if unknown, or if it is a camera's and the caller may not see where cameras hang.
    pub position: Option<LatLon>,
    /// Who says so.
    #[serde(default)]
    pub place_of: PlaceOf,
    /// When it began.
    pub happened_at: Millis,
    /// When the report arrived.
    pub received_at: Millis,
    /// When it must have been verified and handed over or closed.
    pub due_at: Millis,
    /// The officer who has it.
    pub assignee: Option<PersonName>,
    /// Who reported it.
    pub author: PersonName,
    /// Photos that the report lists.
    pub photos: u32,
    /// Reports that may be the same event and that nobody has judged. `GET /incidents` counts them for cases that are not
    /// closed; elsewhere it is 0.
    #[serde(default)]
    pub near: u32,
}

/// A case with all that the desk shows: `GET /incidents/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseDetail {
    /// The case.
    pub case: CaseRow,
    /// What the witness sent.
    pub record: RecordView,
    /// What was done, oldest first.
    pub steps: Vec<CaseStep>,
    /// Reports that an officer linked as the same event.
    pub linked: Vec<CaseRow>,
    /// Reports that may be the same event and that nobody has judged.
    pub near: Vec<NearCase>,
    /// Officers to whom it can be assigned.
    pub officers: Vec<PersonName>,
    /// The camera that saw it, for those who may see cameras.
    pub camera: Option<CameraView>,
    /// Footage asked for because of it, for those who may see cameras.
    pub footage: Vec<FootageRequestView>,
}

/// A report that may be the same event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearCase {
    /// The other case.
    pub case: CaseRow,
    /// How far apart, in metres, if both places are known.
    pub distance_m: Option<u32>,
    /// How long apart, in milliseconds.
    pub apart_ms: i64,
}

/// One step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseStep {
    /// When, by the server's clock.
    pub at: Millis,
    /// Who; none for the server itself.
    pub by: Option<PersonName>,
    /// What was done.
    pub action: CaseAction,
    /// Words.
    pub words: String,
}

/// What can be done with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum CaseAction {
    /// It went into another state.
    Moved {
        /// Which.
        to: CaseState,
    },
    /// It was given to an officer, or to nobody.
    Assigned {
        /// To whom.
        to: Option<PersonName>,
    },
    /// Its severity was judged anew.
    Weighed {
        /// How bad.
        severity: Severity,
    },
    /// An officer said where it happened.
    Placed {
        /// Where; none if nobody knows.
        position: Option<LatLon>,
    },
    /// It was said to be the same event as another report, or not.
    Compared {
        /// The other.
        other: RecordId,
        /// Whether.
        verdict: SameEvent,
    },
}

/// Body of `POST /incidents/{id}/steps`, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCaseStep {
    /// The state to put it in.
    pub to: CaseState,
    /// Words, at most 1,000 characters; required but for the first step.
    #[serde(default)]
    pub words: String,
}

/// Body of `POST /incidents/{id}/assignee`, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAssignee {
    /// The officer; none takes it back.
    pub user_id: Option<UserId>,
}

/// Body of `POST /incidents/{id}/severity`, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSeverity {
    /// How bad.
    pub severity: Severity,
    /// Why, 1 to 1,000 characters.
    pub words: String,
}

/// Body of `POST /incidents/{id}/place`, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlace {
    /// Where it happened; none if what was known is wrong and nobody knows better.
    pub position: Option<LatLon>,
    /// Why, 1 to 1,000 characters.
    pub words: String,
}

/// Body of `POST /incidents/{id}/same-event`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewComparison {
    /// The other report.
    pub other: RecordId,
    /// Whether it is the same event.
    pub verdict: SameEvent,
}

/// Whether two reports are about one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SameEvent {
    /// They are.
    Same,
    /// They are not; the pair is not offered again.
    Different,
}

impl SameEvent {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
        }
    }

    /// The verdict with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Same, Self::Different]
            .into_iter()
            .find(|v| v.as_str() == text)
    }
}

/// The caller's inbox: `GET /inbox`, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The latest lines, at most 200.
    pub items: Vec<InboxItem>,
    /// How many lines are unread, beyond those shown too.
    pub unread: u32,
}

impl FromJson for Inbox {
    /// The server may be newer than the app. A line that the app cannot read is left out and not counted, so that the
    /// others stay readable and no number asks for a line that is not there.
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        let mut fields = Fields::of(json)?;
        let lines: Vec<Value> = fields.take("items")?;
        let mut inbox = Self {
            items: Vec::with_capacity(lines.len()),
            unread: fields.take("unread")?,
        };
        for line in lines {
            let is_unread = line.get("read_at").is_none_or(Value::is_null);
            match InboxItem::from_json(line) {
                Ok(item) => inbox.items.push(item),
                Err(_) if is_unread => inbox.unread = inbox.unread.saturating_sub(1),
                Err(_) => {}
            }
        }
        Ok(inbox)
    }
}

/// Body of `POST /inbox/read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// Lines that the person has seen, at most 200.
    pub ids: Vec<InboxItemId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(news: Value, read_at: Option<i64>) -> Value {
        json!({"id": uuid::Uuid::from_u128(1), "at": 5, "news": news, "read_at": read_at})
    }

    #[test]
    fn lines_of_a_kind_that_this_app_does_not_know_are_left_out_and_not_counted() {
        let known = json!({"type": "record_returned", "record_id": uuid::Uuid::from_u128(2)});
        let unknown = json!({"type": "moon_eclipsed", "moon": {"phase": 3}});
        let inbox = json!({
            "items": [
                line(unknown.clone(), None),
                line(known, None),
                line(unknown, Some(7)),
                line(json!("a word"), None),
            ],
            "unread": 12,
        });
        let read = Inbox::from_json(inbox).unwrap();
        assert_eq!(read.items.len(), 1);
        assert_eq!(read.unread, 10);
    }

    #[test]
    fn what_is_no_inbox_is_not_read_as_an_empty_one() {
        for wrong in [json!({}), json!([]), json!({"items": {}, "unread": 0})] {
            assert!(Inbox::from_json(wrong).is_err());
        }
    }
}
