//! The running patrol in large figures: time, distance, points left.

use crate::engine::Engine;
use crate::item::{ItemKey, Work};
use crate::patrol::{Progress, progress};
use keng_shared::id::RecordId;
use keng_shared::order;
use keng_shared::patrol::Patrol;
use keng_shared::record::RecordDraft;
use keng_shared::sync::{Checkpoint, OpAction};
use keng_shared::time::Millis;
use keng_shared::track::{GapReason, TrackPoint, TrackSegment, TrackSummary, summarise};

/// The running patrol.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolView {
    /// Its record as it is now, in the times of the phone's clock.
    pub record: RecordDraft,
    /// The record's body.
    pub patrol: Patrol,
    /// Milliseconds since the start.
    pub elapsed_ms: i64,
    /// Whether it takes a break.
    pub is_paused: bool,
    /// What the track adds up to: segments only, nothing across a gap.
    pub track: TrackSummary,
    /// Track segments, closed and open, in their order.
    pub segments: Vec<TrackSegment>,
    /// The last fix.
    pub last: Option<TrackPoint>,
    /// Why no fix comes now.
    pub gap: Option<GapReason>,
    /// Points passed, left, next.
    pub progress: Progress,
    /// Segments that the server does not have yet.
    pub segments_waiting: usize,
}

impl Engine {
    /// The running patrol, if one runs.
    pub fn patrol(&self, now: Millis) -> Option<PatrolView> {
        let running = self.patrol.as_ref()?;
        let record = running.record();
        let mut segments = self.track(record.id);
        segments.extend(running.recorder.open().cloned());
        Some(PatrolView {
            elapsed_ms: now.since(record.started_at).max(0),
            is_paused: running.recorder.is_paused(),
            track: summarise(&segments),
            last: running.recorder.last(),
            gap: running.recorder.gap(),
            progress: progress(
                &self.route(&running.patrol, &record),
                &running.patrol.check_ins,
                running.recorder.last(),
            ),
            segments_waiting: self
                .items
                .values()
                .filter(|i| i.record_id == record.id && matches!(i.key, ItemKey::Segment(_)) && i.is_unsent())
                .count(),
            patrol: running.patrol.clone(),
            segments,
            record,
        })
    }

    /// The track of a patrol that was recorded on this phone, in its order.
    pub fn track(&self, record_id: RecordId) -> Vec<TrackSegment> {
        let of_record = self.items.values().filter(|item| item.record_id == record_id);
        let mut segments: Vec<_> = of_record
            .filter_map(|item| match &item.work {
                Work::Op { action, .. } => match action.as_ref() {
                    OpAction::PutSegment { segment } => Some(segment.clone()),
                    _ => None,
                },
                Work::Upload => None,
            })
            .collect();
        order::sort_by_key(&mut segments, |segment| segment.number);
        segments
    }

    /// The points to pass: those of the plan, or without a plan those of the area.
    fn route(&self, patrol: &Patrol, record: &RecordDraft) -> Vec<&Checkpoint> {
        let Some(scope) = self.scope() else {
            return Vec::new();
        };
        let plan = scope.plans.iter().find(|plan| Some(plan.id) == patrol.plan_id);
        match plan {
            Some(plan) => {
                let find = |id| scope.checkpoints.iter().find(|point| point.id == id);
                plan.checkpoints.iter().filter_map(|id| find(*id)).collect()
            }
            None => {
                let in_area = |point: &&Checkpoint| point.area_id == record.area_id;
                scope.checkpoints.iter().filter(in_area).collect()
            }
        }
    }
}
