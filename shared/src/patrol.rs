//! A patrol (ca tuần tra): crew, check-ins, pauses, findings and its end.
//!
//! A patrol belongs to the local date on which it starts and may cross midnight. The record is sent when the patrol
//! starts and again as it grows, so that what was done survives a lost phone; it is *open* until it has an `end`.

use crate::geo::Fix;
use crate::id::{CheckpointId, EntryId, PatrolPlanId, PhotoId, UserId};
use crate::json::{FromJson, ToJson};
use crate::problem::{FieldCode, FieldError};
use crate::text;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// The longest patrol: 16 hours.
pub const MAX_PATROL_MS: i64 = 16 * 3_600_000;
/// Most named members in a crew.
pub const MAX_CREW: usize = 50;
/// Most check-ins, findings or pauses of one patrol.
pub const MAX_ENTRIES: usize = 200;
/// Longest note, in characters.
pub const MAX_NOTE: usize = 2_000;
/// An end this much before the planned end wants a reason: 10 minutes.
pub const EARLY_END_MS: i64 = 10 * 60_000;

/// Body of a record of kind `patrol`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Patrol {
    /// The plan that it fulfils; none for an ad hoc patrol.
    #[serde(default)]
    pub plan_id: Option<PatrolPlanId>,
    /// Planned end, copied from the plan, so that an early end can be told offline.
    #[serde(default)]
    pub planned_end: Option<Millis>,
    /// Who walks.
    pub crew: Crew,
    /// Proofs of presence at checkpoints.
    #[serde(default)]
    pub check_ins: Vec<CheckIn>,
    /// Breaks.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// What was found.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The end; none while the patrol runs.
    #[serde(default)]
    pub end: Option<PatrolEnd>,
    /// A free note, at most [`MAX_NOTE`] characters.
    #[serde(default)]
    pub note: String,
}

/// Who walks: users of the team by id, other forces only as numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Crew {
    /// Members of the team, 1 to [`MAX_CREW`], each once.
    pub members: Vec<UserId>,
    /// Other forces that came along.
    #[serde(default)]
    pub others: Vec<OtherForce>,
}

/// Another force, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OtherForce {
    /// Which.
    pub force: Force,
    /// How many people, 1 to 200.
    pub count: u16,
}

/// Forces that patrol together with a security team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Công an xã.
    CommunePolice,
    /// Dân quân.
    Militia,
    /// Đoàn Thanh niên.
    YouthUnion,
    /// Hội Cựu chiến binh.
    Veterans,
    /// Hội Phụ nữ.
    WomensUnion,
    /// Mặt trận Tổ quốc.
    FatherlandFront,
    /// Trưởng thôn, người có uy tín.
    AreaHead,
    /// Any other.
    Other,
}

/// Presence at a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    /// Made by the phone.
    pub id: EntryId,
    /// Where.
    pub checkpoint_id: CheckpointId,
    /// When, by the phone's clock.
    pub at: Millis,
    /// How it was proved.
    pub proof: CheckInProof,
}

/// How a check-in was proved; the three are equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum CheckInProof {
    /// The phone was inside the checkpoint's fence.
    Gps {
        /// The fix.
        fix: Fix,
    },
    /// The code on the checkpoint's sheet was read.
    Qr {
        /// What the code says.
        token: String,
        /// The fix, if there was one.
        #[serde(default)]
        fix: Option<Fix>,
    },
    /// A photo was taken there.
    Photo {
        /// The photo, listed by the record.
        photo_id: PhotoId,
    },
}

/// A break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// First instant.
    pub from: Millis,
    /// Last instant; none while it lasts.
    #[serde(default)]
    pub to: Option<Millis>,
}

/// Something found on the way. It describes a situation, never a named person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Made by the phone.
    pub id: EntryId,
    /// When, by the phone's clock.
    pub at: Millis,
    /// What sort.
    pub category: FindingCategory,
    /// In words, at most [`MAX_NOTE`] characters.
    #[serde(default)]
    pub note: String,
    /// Where.
    #[serde(default)]
    pub fix: Option<Fix>,
    /// Photos of it, listed by the record.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Sorts of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingCategory {
    /// Public disorder, noise late at night.
    PublicOrder,
    /// Dispute or conflict.
    Dispute,
    /// Signs of theft or an unlocked place.
    Theft,
    /// Traffic, an accident.
    Traffic,
    /// Fire or a risk of fire.
    FireRisk,
    /// Broken lamp, camera, road, sign.
    Infrastructure,
    /// Anything else.
    Other,
}

/// How a patrol ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PatrolEnd {
    /// When, by the phone's clock.
    pub at: Millis,
    /// Required when the end is more than [`EARLY_END_MS`] before the planned end.
    #[serde(default)]
    pub early_reason: Option<EarlyEnd>,
}

/// Why a patrol ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EarlyEnd {
    /// Storm, flood.
    Weather,
    /// Called to an incident.
    CalledAway,
    /// Somebody fell ill or was hurt.
    Health,
    /// Phone, lamp or vehicle failed.
    Equipment,
    /// Anything else; the note says what.
    Other,
}

impl Patrol {
    /// Checks the body against its own start; fields are named from `body`.
    pub fn check(&self, started_at: Millis) -> Vec<FieldError> {
        let mut errors = Vec::new();
        self.check_crew(&mut errors);
        self.check_counts(&mut errors);
        check_note("body.note", &self.note, &mut errors);
        for (i, finding) in self.findings.iter().enumerate() {
            check_note(&format!("body.findings.{i}.note"), &finding.note, &mut errors);
        }
        let end = self.end.as_ref().map(|end| end.at);
        self.check_times(started_at, end, &mut errors);
        if let Some(end) = &self.end {
            let early = self
                .planned_end
                .is_some_and(|planned| planned.since(end.at) > EARLY_END_MS);
            if early && end.early_reason.is_none() {
                errors.push(FieldError::new("body.end.early_reason", FieldCode::Required));
            }
            if end.early_reason == Some(EarlyEnd::Other) && text::clean(&self.note).is_empty() {
                errors.push(FieldError::new("body.note", FieldCode::Required));
            }
        }
        errors
    }

    /// Photos that the body names outside the record's own list of photos.
    pub fn named_photos(&self) -> impl Iterator<Item = PhotoId> + '_ {
        let proofs = self.check_ins.iter().filter_map(|c| match c.proof {
            CheckInProof::Photo { photo_id } => Some(photo_id),
            _ => None,
        });
        proofs.chain(self.findings.iter().flat_map(|f| f.photos.iter().copied()))
    }

    fn check_crew(&self, errors: &mut Vec<FieldError>) {
        let members = &self.crew.members;
        if members.is_empty() {
            errors.push(FieldError::new("body.crew.members", FieldCode::Required));
        }
        if members.len() > MAX_CREW {
            errors.push(FieldError::new("body.crew.members", FieldCode::TooLong).with("max", MAX_CREW));
        }
        for (i, member) in members.iter().enumerate() {
            if members.iter().take(i).any(|earlier| earlier == member) {
                errors.push(FieldError::new(
                    format!("body.crew.members.{i}"),
                    FieldCode::Duplicate,
                ));
            }
        }
        for (i, other) in self.crew.others.iter().enumerate() {
            let field = format!("body.crew.others.{i}.count");
            match other.count {
                0 => errors.push(FieldError::new(field, FieldCode::TooSmall).with("min", 1)),
                1..=200 => {}
                _ => errors.push(FieldError::new(field, FieldCode::TooBig).with("max", 200)),
            }
        }
    }

    fn check_counts(&self, errors: &mut Vec<FieldError>) {
        let lists = [
            ("body.check_ins", self.check_ins.len()),
            ("body.pauses", self.pauses.len()),
            ("body.findings", self.findings.len()),
            ("body.crew.others", self.crew.others.len()),
        ];
        for (field, count) in lists {
            if count > MAX_ENTRIES {
                errors.push(FieldError::new(field, FieldCode::TooLong).with("max", MAX_ENTRIES));
            }
        }
    }

    fn check_times(&self, started_at: Millis, end: Option<Millis>, errors: &mut Vec<FieldError>) {
        if let Some(end) = end {
            if end < started_at {
                errors.push(FieldError::new("body.end.at", FieldCode::EndBeforeStart));
            } else if end.since(started_at) > MAX_PATROL_MS {
                errors.push(FieldError::new("body.end.at", FieldCode::TooLongAgo).with("max", MAX_PATROL_MS));
            }
        }
        let outside = |at: Millis| at < started_at || end.is_some_and(|end| at > end);
        for (i, check_in) in self.check_ins.iter().enumerate().filter(|(_, c)| outside(c.at)) {
            let code = if check_in.at < started_at {
                FieldCode::TooEarly
            } else {
                FieldCode::InFuture
            };
            errors.push(FieldError::new(format!("body.check_ins.{i}.at"), code));
        }
        for (i, finding) in self.findings.iter().enumerate().filter(|(_, f)| outside(f.at)) {
            let code = if finding.at < started_at {
                FieldCode::TooEarly
            } else {
                FieldCode::InFuture
            };
            errors.push(FieldError::new(format!("body.findings.{i}.at"), code));
        }
        for (i, pause) in self.pauses.iter().enumerate() {
            if pause.to.is_some_and(|to| to < pause.from) {
                errors.push(FieldError::new(
                    format!("body.pauses.{i}.to"),
                    FieldCode::EndBeforeStart,
                ));
            }
            if end.is_some() && pause.to.is_none() {
                errors.push(FieldError::new(
                    format!("body.pauses.{i}.to"),
                    FieldCode::Required,
                ));
            }
        }
    }
}

fn check_note(field: &str, note: &str, errors: &mut Vec<FieldError>) {
    if note.chars().count() > MAX_NOTE {
        errors.push(FieldError::new(field, FieldCode::TooLong).with("max", MAX_NOTE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const START: Millis = Millis(1_700_000_000_000);

    fn patrol() -> Patrol {
        Patrol {
            plan_id: None,
            planned_end: None,
            crew: Crew {
                members: vec![UserId(Uuid::from_u128(1))],
                others: vec![],
            },
            check_ins: vec![],
            pauses: vec![],
            findings: vec![],
            end: Some(PatrolEnd {
                at: START.plus(5 * 3_600_000),
                early_reason: None,
            }),
            note: String::new(),
        }
    }

    fn codes(patrol: &Patrol) -> Vec<(String, FieldCode)> {
        patrol
            .check(START)
            .into_iter()
            .map(|e| (e.field, e.code))
            .collect()
    }

    #[test]
    fn a_five_hour_patrol_across_midnight_is_fine() {
        assert_eq!(codes(&patrol()), []);
    }

    #[test]
    fn a_patrol_without_crew_is_refused() {
        let mut p = patrol();
        p.crew.members.clear();
        assert_eq!(codes(&p), [("body.crew.members".into(), FieldCode::Required)]);
    }

    #[test]
    fn an_end_before_the_start_and_a_patrol_of_seventeen_hours_are_refused() {
        let mut p = patrol();
        p.end = Some(PatrolEnd {
            at: START.plus(-1),
            early_reason: None,
        });
        assert_eq!(codes(&p), [("body.end.at".into(), FieldCode::EndBeforeStart)]);
        p.end = Some(PatrolEnd {
            at: START.plus(17 * 3_600_000),
            early_reason: None,
        });
        assert_eq!(codes(&p), [("body.end.at".into(), FieldCode::TooLongAgo)]);
    }

    #[test]
    fn ending_early_wants_a_reason_and_the_reason_other_wants_words() {
        let mut p = patrol();
        p.planned_end = Some(START.plus(6 * 3_600_000));
        assert_eq!(codes(&p), [("body.end.early_reason".into(), FieldCode::Required)]);
        p.end = Some(PatrolEnd {
            at: START.plus(5 * 3_600_000),
            early_reason: Some(EarlyEnd::Other),
        });
        assert_eq!(codes(&p), [("body.note".into(), FieldCode::Required)]);
        p.note = "Cầu ngập".into();
        assert_eq!(codes(&p), []);
    }
}
