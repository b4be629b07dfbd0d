//! The record of a running patrol, grown by what happens on the way.

use super::Recorder;
use keng_shared::id::PhotoId;
use keng_shared::json::{FromJson, ToJson, Unreadable};
use keng_shared::patrol::{CheckIn, Finding, Patrol, Pause};
use keng_shared::record::{PhotoRef, RecordDraft};
use keng_shared::time::Millis;

/// A running patrol. Its times are by the phone's own clock until the engine sends them.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub(crate) struct RunningPatrol {
    draft: RecordDraft,
    /// What has happened so far.
    pub patrol: Patrol,
    /// Its track.
    pub recorder: Recorder,
}

impl RunningPatrol {
    /// A patrol from the draft that starts it; the draft's body as it is if it is not a patrol.
    pub fn start(draft: RecordDraft) -> Result<Self, Unreadable> {
        let patrol = Patrol::from_json(draft.body.clone())?;
        Ok(Self {
            recorder: Recorder::new(draft.id),
            patrol,
            draft,
        })
    }

    /// The whole record as it is now.
    pub fn record(&self) -> RecordDraft {
        RecordDraft {
            body: self.patrol.to_json(),
            ..self.draft.clone()
        }
    }

    /// The record's fields beside the body.
    pub fn head(&self) -> &RecordDraft {
        &self.draft
    }

    /// Adds a check-in, or replaces the one with the same id.
    pub fn check_in(&mut self, check_in: CheckIn) {
        match self.patrol.check_ins.iter_mut().find(|c| c.id == check_in.id) {
            Some(known) => *known = check_in,
            None => self.patrol.check_ins.push(check_in),
        }
    }

    /// Adds a finding, or replaces the one with the same id.
    pub fn found(&mut self, finding: Finding) {
        match self.patrol.findings.iter_mut().find(|f| f.id == finding.id) {
            Some(known) => *known = finding,
            None => self.patrol.findings.push(finding),
        }
    }

    /// Lists a photo, once.
    pub fn list(&mut self, photo: PhotoRef) {
        if !self.draft.photos.iter().any(|listed| listed.id == photo.id) {
            self.draft.photos.push(photo);
        }
    }

    /// Forgets a photo wherever it is named.
    pub fn unlist(&mut self, id: PhotoId) {
        self.draft.photos.retain(|photo| photo.id != id);
        for finding in &mut self.patrol.findings {
            finding.photos.retain(|photo| *photo != id);
        }
        self.patrol.check_ins.retain(
            |c| !matches!(c.proof, keng_shared::patrol::CheckInProof::Photo { photo_id } if photo_id == id),
        );
    }

    /// Puts words under a photo.
    pub fn caption(&mut self, id: PhotoId, caption: String) {
        if let Some(photo) = self.draft.photos.iter_mut().find(|photo| photo.id == id) {
            photo.caption = caption;
        }
    }

    /// A break begins.
    pub fn pause(&mut self, at: Millis) {
        if self.patrol.pauses.last().is_none_or(|pause| pause.to.is_some()) {
            self.patrol.pauses.push(Pause { from: at, to: None });
        }
    }

    /// A break ends.
    pub fn resume(&mut self, at: Millis) {
        if let Some(pause) = self.patrol.pauses.last_mut()
            && pause.to.is_none()
        {
            // A clock that was set back in the meantime must not end a break before it began.
            pause.to = Some(at.max(pause.from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::{AreaId, DeviceId, RecordId, UserId};
    use uuid::Uuid;

    fn running() -> RunningPatrol {
        let draft = RecordDraft {
            id: RecordId(Uuid::from_u128(1)),
            kind: "patrol".into(),
            area_id: AreaId(1),
            team_id: None,
            started_at: Millis(1_700_000_000_000),
            ended_at: None,
            fix: None,
            body: serde_json::json!({"crew": {"members": [UserId(Uuid::from_u128(9))]}}),
            photos: vec![],
            files: Vec::new(),
            device_id: DeviceId(Uuid::from_u128(3)),
            clock_offset_ms: None,
        };
        RunningPatrol::start(draft).unwrap()
    }

    #[test]
    fn a_break_is_ended_once_and_never_before_it_began() {
        let mut patrol = running();
        patrol.pause(Millis(100));
        patrol.pause(Millis(200));
        patrol.resume(Millis(50));
        patrol.resume(Millis(300));
        assert_eq!(
            patrol.patrol.pauses,
            [Pause {
                from: Millis(100),
                to: Some(Millis(100))
            }]
        );
    }

    #[test]
    fn a_removed_photo_is_named_nowhere() {
        let mut patrol = running();
        let id = PhotoId(Uuid::from_u128(7));
        patrol.list(PhotoRef {
            id,
            sha256: String::new(),
            caption: String::new(),
        });
        patrol.found(Finding {
            id: keng_shared::id::EntryId(Uuid::from_u128(8)),
            at: Millis(0),
            category: keng_shared::patrol::FindingCategory::Other,
            note: String::new(),
            fix: None,
            photos: vec![id],
        });
        patrol.unlist(id);
        assert!(patrol.record().photos.is_empty() && patrol.patrol.named_photos().count() == 0);
    }
}
