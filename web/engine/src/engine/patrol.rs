//! The running patrol: every event is stored at once and grows the record, which is sent again as it grows.

use super::rows::Row;
use super::{Engine, Turn};
use crate::effect::Effect;
use crate::event::PatrolEvent;
use crate::patrol::RunningPatrol;
use keng_shared::patrol::PatrolEnd;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::record::{self, RecordDraft};
use keng_shared::track::GapReason;

impl Engine {
    pub(super) fn patrol_event(&mut self, turn: &mut Turn, event: PatrolEvent) {
        match event {
            PatrolEvent::Started { draft } => self.patrol_started(turn, draft),
            PatrolEvent::Ended(end) => self.patrol_ended(turn, end),
            other => {
                let Some(patrol) = &mut self.patrol else { return };
                let segment = match &other {
                    PatrolEvent::Fix(point) => {
                        // The id of a segment that this fix may open.
                        let fresh = turn.id();
                        patrol.recorder.fix(*point, fresh)
                    }
                    PatrolEvent::Hidden => patrol.recorder.interrupt(GapReason::ScreenOff),
                    PatrolEvent::Denied => patrol.recorder.interrupt(GapReason::Denied),
                    PatrolEvent::NoFix => patrol.recorder.interrupt(GapReason::NoFix),
                    PatrolEvent::Paused => patrol.recorder.pause(),
                    _ => None,
                };
                let grows = grow(patrol, turn, other);
                self.mark(Row::Patrol);
                if let Some(segment) = segment {
                    self.queue_segment(segment);
                }
                if grows {
                    self.patrol_changed(turn);
                }
            }
        }
    }

    fn patrol_started(&mut self, turn: &mut Turn, draft: RecordDraft) {
        if self.patrol.is_some() {
            return self.invalid(&draft, FieldError::new("body", FieldCode::Duplicate));
        }
        if let Err(errors) = record::parse(draft.clone(), self.now_for(&draft, turn.now)) {
            self.effects.push(Effect::Invalid {
                record_id: draft.id,
                errors,
            });
            return;
        }
        let id = draft.id;
        match RunningPatrol::start(draft.clone()) {
            Ok(patrol) => {
                self.note(turn, "patrol_started", None, None);
                self.patrol = Some(patrol);
                self.drafts.remove(&id);
                self.mark(Row::Draft(id));
                self.patrol_changed(turn);
            }
            Err(_) => self.invalid(&draft, FieldError::new("body", FieldCode::WrongType)),
        }
    }

    fn patrol_ended(&mut self, turn: &mut Turn, end: PatrolEnd) {
        let Some(patrol) = &self.patrol else { return };
        let mut ended = patrol.clone();
        ended.resume(end.at);
        ended.patrol.end = Some(end);
        let record = ended.record();
        if let Err(errors) = record::parse(record.clone(), self.now_for(&record, turn.now)) {
            self.effects.push(Effect::Invalid {
                record_id: record.id,
                errors,
            });
            return;
        }
        self.note(turn, "patrol_ended", None, None);
        if let Some(segment) = ended.recorder.finish() {
            self.queue_segment(segment);
        }
        self.patrol = None;
        self.mark(Row::Patrol);
        self.enqueue_record(turn, record);
    }

    /// Stores the patrol and queues its record as it is now.
    pub(super) fn patrol_changed(&mut self, turn: &mut Turn) {
        self.mark(Row::Patrol);
        if let Some(patrol) = &self.patrol {
            self.enqueue_record(turn, patrol.record());
        }
    }

    fn invalid(&mut self, draft: &RecordDraft, error: FieldError) {
        self.effects.push(Effect::Invalid {
            record_id: draft.id,
            errors: vec![error],
        });
    }
}

/// Takes an event into the record; says whether the record grew by it.
fn grow(patrol: &mut RunningPatrol, turn: &Turn, event: PatrolEvent) -> bool {
    match event {
        PatrolEvent::Paused => patrol.pause(turn.now),
        PatrolEvent::Resumed => {
            patrol.recorder.resume();
            patrol.resume(turn.now);
        }
        PatrolEvent::CheckedIn(check_in) => patrol.check_in(check_in),
        PatrolEvent::Found(finding) => patrol.found(finding),
        PatrolEvent::Captioned { photo_id, caption } => patrol.caption(photo_id, caption),
        PatrolEvent::CrewChanged(crew) => patrol.patrol.crew = crew,
        PatrolEvent::NoteChanged(note) => patrol.patrol.note = note,
        PatrolEvent::Fix(_)
        | PatrolEvent::Hidden
        | PatrolEvent::Shown
        | PatrolEvent::Denied
        | PatrolEvent::NoFix
        | PatrolEvent::Started { .. }
        | PatrolEvent::Ended(_) => return false,
    }
    true
}
