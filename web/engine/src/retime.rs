//! Moves the times of a record that was written by a wrong clock, once, when the engine first sends it.

use keng_shared::json::{FromJson, ToJson};
use keng_shared::kind::{self, KindShape};
use keng_shared::patrol::Patrol;
use keng_shared::record::RecordDraft;
use keng_shared::time::Millis;

/// The same record with every time of the phone's clock moved by `offset_ms`, and marked as corrected.
/// The planned end of a patrol was the server's own and stays.
pub(crate) fn retime(mut draft: RecordDraft, offset_ms: i64) -> RecordDraft {
    let shift = |at: Millis| at.plus(offset_ms);
    draft.clock_offset_ms = Some(offset_ms);
    draft.started_at = shift(draft.started_at);
    draft.ended_at = draft.ended_at.map(shift);
    let is_patrol = kind::find(&draft.kind).is_some_and(|kind| kind.shape == KindShape::Patrol);
    if is_patrol && let Ok(mut patrol) = Patrol::from_json(draft.body.clone()) {
        for check_in in &mut patrol.check_ins {
            check_in.at = shift(check_in.at);
        }
        for finding in &mut patrol.findings {
            finding.at = shift(finding.at);
        }
        for pause in &mut patrol.pauses {
            pause.from = shift(pause.from);
            pause.to = pause.to.map(shift);
        }
        if let Some(end) = &mut patrol.end {
            end.at = shift(end.at);
        }
        draft.body = patrol.to_json();
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::{AreaId, DeviceId, RecordId};
    use uuid::Uuid;

    #[test]
    fn a_patrol_by_a_clock_two_days_ahead_is_moved_as_a_whole_but_not_its_planned_end() {
        let start = 1_700_000_000_000;
        let draft = RecordDraft {
            id: RecordId(Uuid::nil()),
            kind: "patrol".into(),
            area_id: AreaId(1),
            team_id: None,
            started_at: Millis(start),
            ended_at: None,
            fix: None,
            body: serde_json::json!({
                "crew": {"members": [Uuid::from_u128(1)]},
                "planned_end": 5,
                "pauses": [{"from": start + 10, "to": start + 20}],
                "end": {"at": start + 100},
            }),
            photos: vec![],
            files: Vec::new(),
            device_id: DeviceId(Uuid::nil()),
            clock_offset_ms: None,
        };
        let moved = retime(draft, -1_000);
        assert_eq!(moved.started_at, Millis(start - 1_000));
        assert_eq!(moved.clock_offset_ms, Some(-1_000));
        let patrol = Patrol::from_json(moved.body.clone()).unwrap();
        assert_eq!(patrol.planned_end, Some(Millis(5)));
        assert_eq!(patrol.end.unwrap().at, Millis(start - 900));
        assert_eq!(patrol.pauses[0].to, Some(Millis(start - 980)));
    }
}
