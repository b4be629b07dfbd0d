//! What the demo's people did in the last days, and what is planned, read from `demo/records.toml`.

use super::canvas::{Dice, HEIGHT, WIDTH};
use super::people::{Ground, People, Stop, user_id};
use super::phone::Phone;
use super::scene::{self, Scene};
use super::walk::{Gap, Walk, moved, walk};
use super::{LoadError, fixed_id};
use crate::db::patrol_plans::{self, Stretch};
use crate::db::records;
use crate::evidence::inspect::inspect;
use crate::problem::AppError;
use crate::state::AppState;
use crate::sync::Actor;
use crate::sync::announce::Announce;
use crate::sync::cases::Reporter;
use crate::sync::hold::{Content, Hold};
use crate::sync::put_record::PutRecord;
use crate::sync::review::{self, Review};
use crate::sync::segment::PutSegments;
use keng_shared::api::{NewPatrolPlan, NewReview, PhotoVerdict};
use keng_shared::evidence::{Manifest, Origin, sha256_hex};
use keng_shared::geo::{Fix, LatLon};
use keng_shared::id::{AreaId, EntryId, PhotoId, RecordId, SegmentId, TeamId};
use keng_shared::patrol::{
    CheckIn, CheckInProof, Crew, Finding, FindingCategory, OtherForce, Patrol, PatrolEnd,
};
use keng_shared::record::{self, PhotoRef, RecordDraft, RecordStatus, Verdict};
use keng_shared::roster::ShiftKind;
use keng_shared::time::{Millis, start_of_day};
use keng_shared::track::TrackSegment;
use serde::Deserialize;
use std::collections::HashMap;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Records {
    patrol: Vec<Past>,
    activity: Vec<Past>,
    plan: Vec<Plan>,
}

/// A finished patrol, or an activity of a plain kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    key: String,
    #[serde(default = "patrol_kind")]
    kind: String,
    author: String,
    team: Option<String>,
    #[serde(default)]
    crew: Vec<String>,
    #[serde(default)]
    others: Vec<OtherForce>,
    days_ago: i64,
    start: String,
    minutes: i64,
    /// Where a plain activity was.
    at: Option<String>,
    #[serde(default)]
    stops: Vec<Proof>,
    #[serde(default)]
    gaps: Vec<Gap>,
    #[serde(default)]
    photos: Vec<Picture>,
    #[serde(default)]
    findings: Vec<Found>,
    #[serde(default)]
    note: String,
    body: Option<serde_json::Value>,
    review: Option<Judged>,
}

fn patrol_kind() -> String {
    keng_shared::kind::PATROL.id.to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    name: String,
    proof: ProofKind,
    photo: Option<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProofKind {
    Gps,
    Qr,
    Photo,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Picture {
    minute: i64,
    scene: Scene,
    caption: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    minute: i64,
    category: FindingCategory,
    note: String,
    photo: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    verdict: Verdict,
    #[serde(default)]
    reason: String,
    /// The photo that the reason is about.
    photo: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    #[serde(default)]
    kind: ShiftKind,
    team: String,
    area: String,
    days_ahead: i64,
    start: String,
    minutes: i64,
    stops: Vec<String>,
    note: String,
}

pub(super) const FILE: &str = include_str!("../../demo/records.toml");

impl Records {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(FILE)
    }

    /// Steps of [`Records::store`] and [`Records::plan`].
    pub(super) fn len(&self) -> usize {
        self.patrol.len() + self.activity.len() + self.plan.len()
    }

    /// Stores what happened and is not there yet. Past records are dated from `since`, when the demo was loaded first.
    pub(super) async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        since: Millis,
        progress: &indicatif::ProgressBar,
    ) -> Result<(), LoadError> {
        let mut past: Vec<&Past> = self.patrol.iter().chain(&self.activity).collect();
        // Oldest first, as it happened: a phone numbers its photos.
        past.sort_by_key(|past| (std::cmp::Reverse(past.days_ago), &past.start));
        let mut phones: HashMap<&str, Phone> = HashMap::new();
        for past in past {
            progress.set_message(past.key.clone());
            if !phones.contains_key(past.author.as_str()) {
                let phone = Phone::of(&past.author).ok_or_else(|| past.wrong("author"))?;
                phones.insert(&past.author, phone);
            }
            if let Some(phone) = phones.get_mut(past.author.as_str()) {
                past.store(state, ground, people, since, phone).await?;
            }
            progress.inc(1);
        }
        Ok(())
    }

    /// Plans the coming night where nothing is planned yet.
    pub(super) async fn plan(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        now: Millis,
        progress: &indicatif::ProgressBar,
    ) -> Result<(), LoadError> {
        for plan in &self.plan {
            plan.store(state, ground, people, now).await?;
            progress.inc(1);
        }
        Ok(())
    }
}

impl Past {
    fn wrong(&self, what: &str) -> LoadError {
        LoadError::File(format!("record {}: {what}", self.key))
    }

    fn stop<'a>(&self, ground: &'a Ground, name: &str) -> Result<&'a Stop, LoadError> {
        ground.checkpoints.get(name).ok_or_else(|| self.wrong(name))
    }

    async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        since: Millis,
        phone: &mut Phone,
    ) -> Result<(), LoadError> {
        let id = RecordId(fixed_id("record", &self.key));
        let started_at = self.started_at(since)?;
        let ended_at = started_at.plus(self.minutes * MINUTE);
        let team = match &self.team {
            None => None,
            Some(key) => Some(*ground.teams.get(key).ok_or_else(|| self.wrong("team"))?),
        };
        let place = self.place(ground)?;
        let mut dice = Dice::new(started_at.0.unsigned_abs());
        let stops = self
            .stops
            .iter()
            .map(|proof| self.stop(ground, &proof.name).map(|stop| stop.position))
            .collect::<Result<Vec<LatLon>, _>>()?;
        let segment_id = |number: u32| SegmentId(fixed_id("segment", &format!("{} {number}", self.key)));
        let way = walk(
            id,
            started_at,
            self.minutes,
            &stops,
            &self.gaps,
            segment_id,
            &mut dice,
        );
        let shots = self
            .shots(id, started_at, place.position, &way.segments, phone)
            .await?;
        let body = match &self.body {
            Some(body) => self.with_camera(ground, body.clone())?,
            None => serde_json::to_value(self.patrol(ground, started_at, &way, &shots)?)
                .map_err(|why| self.wrong(&why.to_string()))?,
        };
        let is_patrol = self.body.is_none();
        let draft = RecordDraft {
            id,
            kind: self.kind.clone(),
            area_id: team.map_or(place.area, |(_, area)| area),
            team_id: team.map(|(team, _)| team),
            started_at,
            ended_at: (!is_patrol).then_some(ended_at),
            fix: Some(fix(place.position, &mut dice)),
            body,
            photos: shots.iter().map(|shot| shot.listed.clone()).collect(),
            files: Vec::new(),
            device_id: phone.device,
            clock_offset_ms: Some(0),
        };
        let actor = Actor {
            user: user_id(&self.author),
            device: phone.device,
            now: ended_at.plus(4 * MINUTE),
        };
        let commune = self.send(state, ground, actor, draft, shots, way).await?;
        match &self.review {
            None => Ok(()),
            Some(judged) => {
                self.judge(state, ground, people, judged, (id, commune), actor.now)
                    .await
            }
        }
    }

    /// The body with the id of the camera that it names.
    fn with_camera(
        &self,
        ground: &Ground,
        mut body: serde_json::Value,
    ) -> Result<serde_json::Value, LoadError> {
        if let Some(fields) = body.as_object_mut()
            && let Some(name) = fields.remove("camera")
        {
            let id = name.as_str().and_then(|name| ground.cameras.get(name));
            let id = id.ok_or_else(|| self.wrong("camera"))?;
            fields.insert("camera_id".to_owned(), id.0.into());
        }
        Ok(body)
    }

    /// The evening that many days before, or one more when it would not be over yet.
    fn started_at(&self, since: Millis) -> Result<Millis, LoadError> {
        let at = at_clock(since, -self.days_ago, &self.start).ok_or_else(|| self.wrong("start"))?;
        let is_over = at.plus((self.minutes + 30) * MINUTE) <= since;
        Ok(if is_over { at } else { at.plus(-DAY) })
    }

    fn place<'a>(&self, ground: &'a Ground) -> Result<&'a Stop, LoadError> {
        let first = self.at.as_ref().or(self.stops.first().map(|proof| &proof.name));
        self.stop(ground, first.ok_or_else(|| self.wrong("no place"))?)
    }

    /// Draws the photos and signs a manifest for each.
    async fn shots(
        &self,
        record: RecordId,
        started_at: Millis,
        place: LatLon,
        track: &[TrackSegment],
        phone: &mut Phone,
    ) -> Result<Vec<Shot>, LoadError> {
        let mut shots = Vec::new();
        for (index, picture) in self.photos.iter().enumerate() {
            let key = format!("{} {index}", self.key);
            let id = PhotoId(fixed_id("photo", &key));
            let (scene, seed) = (picture.scene, id.0.as_u128() as u64);
            let bytes = tokio::task::spawn_blocking(move || scene::draw(scene, seed))
                .await
                .map_err(|why| self.wrong(&why.to_string()))?
                .map_err(|why| self.wrong(&why.to_string()))?;
            let at = started_at.plus(picture.minute * MINUTE);
            let listed = PhotoRef {
                id,
                sha256: sha256_hex(&bytes),
                caption: picture.caption.clone(),
            };
            let manifest = Manifest {
                v: 1,
                photo_id: id,
                record_id: record,
                device_id: phone.device,
                user_id: user_id(&self.author),
                seq: 0,
                prev: String::new(),
                sha256: listed.sha256.clone(),
                size: bytes.len() as u64,
                mime: "image/jpeg".to_owned(),
                width: WIDTH as u32,
                height: HEIGHT as u32,
                captured_at: at,
                origin: Origin::Camera,
                fix: Some(fix(position_at(track, at).unwrap_or(place), &mut Dice::new(seed))),
            };
            shots.push(Shot {
                listed,
                signed: phone.sign(manifest),
                bytes,
            });
        }
        Ok(shots)
    }

    fn patrol(
        &self,
        ground: &Ground,
        started_at: Millis,
        way: &Walk,
        shots: &[Shot],
    ) -> Result<Patrol, LoadError> {
        let photo = |index: Option<usize>| {
            let shot = index.and_then(|index| shots.get(index));
            shot.map(|shot| shot.listed.id)
        };
        let mut check_ins = Vec::new();
        for (proof, reached) in self.stops.iter().zip(&way.reached) {
            let stop = self.stop(ground, &proof.name)?;
            let fix = Fix {
                at: reached.position,
                accuracy_cm: reached.accuracy_cm,
                age_ms: 1_200,
            };
            check_ins.push(CheckIn {
                id: EntryId(fixed_id("check-in", &format!("{} {}", self.key, proof.name))),
                checkpoint_id: stop.id,
                at: reached.at,
                proof: match proof.proof {
                    ProofKind::Gps => CheckInProof::Gps { fix },
                    ProofKind::Qr => CheckInProof::Qr {
                        token: stop.token.clone(),
                        fix: Some(fix),
                    },
                    ProofKind::Photo => CheckInProof::Photo {
                        photo_id: photo(proof.photo).ok_or_else(|| self.wrong("photo of a stop"))?,
                    },
                },
            });
        }
        let finding = |(index, found): (usize, &Found)| Finding {
            id: EntryId(fixed_id("finding", &format!("{} {index}", self.key))),
            at: started_at.plus(found.minute * MINUTE),
            category: found.category,
            note: found.note.clone(),
            fix: None,
            photos: photo(found.photo).into_iter().collect(),
        };
        Ok(Patrol {
            plan_id: None,
            planned_end: None,
            crew: Crew {
                members: self.crew.iter().map(|username| user_id(username)).collect(),
                others: self.others.clone(),
            },
            check_ins,
            pauses: Vec::new(),
            findings: self.findings.iter().enumerate().map(finding).collect(),
            end: Some(PatrolEnd {
                at: started_at.plus(self.minutes * MINUTE),
                early_reason: None,
            }),
            note: self.note.clone(),
        })
    }

    /// Sends everything as a phone would: the record, its track, its photos. Returns the commune.
    async fn send(
        &self,
        state: &AppState,
        ground: &Ground,
        actor: Actor,
        draft: RecordDraft,
        shots: Vec<Shot>,
        way: Walk,
    ) -> Result<AreaId, LoadError> {
        let id = draft.id;
        let record = record::parse(draft, actor.now)?;
        let commune = ground
            .tree
            .commune_of(record.draft().area_id, record.local_date())
            .ok_or_else(|| self.wrong("commune"))?;
        let above = ground.tree.chain(record.draft().area_id, record.local_date());
        let put = PutRecord::new(actor, record, commune, None, None, state.boundaries.clone())
            .reported_by(Reporter::below(above));
        state.db.write_in(commune, move |conn| put.run(conn)).await?;
        if self.body.is_none() {
            let segments = PutSegments {
                actor,
                record: id,
                segments: way.segments,
                operation: None,
            };
            state.db.write_in(commune, move |conn| segments.run(conn)).await?;
        }
        for shot in shots {
            let announce = Announce {
                actor,
                signed: shot.signed,
                operation: None,
                boundaries: state.boundaries.clone(),
            };
            state.db.write_in(commune, move |conn| announce.run(conn)).await?;
            let (photo, size) = (shot.listed.id, shot.bytes.len() as u64);
            let inspection =
                inspect(&shot.bytes).map_err(|_| self.wrong("a photo of the demo is no picture"))?;
            let bytes = bytes::Bytes::from(shot.bytes);
            let stored = state
                .evidence
                .store
                .put_original(photo, &shot.listed.sha256, bytes)
                .await;
            stored.map_err(AppError::internal)?;
            let hold = Hold {
                actor,
                photo,
                size,
                content: Content::Picture(inspection),
                key: state.evidence.key.clone(),
            };
            state.db.write_in(commune, move |conn| hold.run(conn)).await?;
        }
        Ok(commune)
    }

    async fn judge(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        judged: &Judged,
        (record, commune): (RecordId, AreaId),
        sent_at: Millis,
    ) -> Result<(), LoadError> {
        let officer = people
            .officer(ground, commune)
            .ok_or_else(|| self.wrong("no officer for it"))?;
        let stored = state.db.read(move |conn| records::find(conn, record)).await?;
        let stored = stored.ok_or_else(|| self.wrong("it is not stored"))?;
        if stored.status()? != RecordStatus::Submitted {
            return Ok(());
        }
        let photo = |(index, _): (usize, &Picture)| {
            let is_meant = judged.photo.is_none_or(|photo| photo == index);
            let verdict = if is_meant {
                judged.verdict
            } else {
                Verdict::Accepted
            };
            PhotoVerdict {
                photo_id: PhotoId(fixed_id("photo", &format!("{} {index}", self.key))),
                verdict,
                reason: match verdict {
                    Verdict::Returned => judged.reason.clone(),
                    Verdict::Accepted => String::new(),
                },
            }
        };
        let review = review::parse(NewReview {
            verdict: Some(judged.verdict),
            reason: judged.reason.clone(),
            photos: self.photos.iter().enumerate().map(photo).collect(),
        })?;
        let change = Review {
            actor: Actor {
                user: officer,
                // An officer judges at a desk that has no signing key here; the author's phone stands in for it.
                device: keng_shared::id::DeviceId(fixed_id("device", &self.author)),
                now: sent_at.plus(8 * 60 * MINUTE),
            },
            record,
            revision: stored.revision()?,
            review,
        };
        state.db.write_in(commune, move |conn| change.run(conn)).await?;
        Ok(())
    }
}

/// A photo on its way.
struct Shot {
    listed: PhotoRef,
    signed: keng_shared::evidence::SignedManifest,
    bytes: Vec<u8>,
}

impl Plan {
    async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        now: Millis,
    ) -> Result<(), LoadError> {
        let wrong = |what: &str| LoadError::File(format!("plan of {}: {what}", self.team));
        let (team_id, _): (TeamId, AreaId) = *ground.teams.get(&self.team).ok_or_else(|| wrong("team"))?;
        let area_id = ground.area(&self.area).ok_or_else(|| wrong("area"))?;
        let today = now.local_date().ok_or_else(|| wrong("today"))?;
        let commune = ground
            .tree
            .commune_of(area_id, today)
            .ok_or_else(|| wrong("commune"))?;
        let officer = people.officer(ground, commune).ok_or_else(|| wrong("officer"))?;
        let starts_at = at_clock(now, self.days_ahead, &self.start).ok_or_else(|| wrong("start"))?;
        let checkpoints = self
            .stops
            .iter()
            .map(|name| {
                ground
                    .checkpoints
                    .get(name)
                    .map(|stop| stop.id)
                    .ok_or_else(|| wrong(name))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let new = NewPatrolPlan {
            kind: self.kind,
            team_id,
            area_id,
            starts_at,
            ends_at: starts_at.plus(self.minutes * MINUTE),
            checkpoints,
            members: Vec::new(),
            note: self.note.clone(),
        };
        state
            .db
            .write(move |conn| {
                let stretch = Stretch {
                    from: starts_at,
                    to: starts_at.plus(1),
                };
                let planned = patrol_plans::of_teams(conn, &[team_id], stretch)?;
                if planned.is_empty() {
                    patrol_plans::insert(conn, &new, officer, now)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}

/// The instant of `HH:MM` on the day that lies `days` from the day of `from`, by the wall clock.
fn at_clock(from: Millis, days: i64, clock: &str) -> Option<Millis> {
    let (hours, minutes) = clock.split_once(':')?;
    let of_day = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some(start_of_day(from.local_date()?).plus(days * DAY + of_day * MINUTE))
}

/// Where a track was at an instant: its nearest fix in time.
fn position_at(track: &[TrackSegment], at: Millis) -> Option<LatLon> {
    let points = track.iter().flat_map(|segment| &segment.points);
    let nearest = points.min_by_key(|point| point.at.since(at).abs())?;
    Some(nearest.position)
}

fn fix(at: LatLon, dice: &mut Dice) -> Fix {
    Fix {
        at: moved(at, dice, 5.0),
        accuracy_cm: dice.between(400.0, 1_500.0) as u32,
        age_ms: dice.between(200.0, 3_000.0) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read_and_name_only_what_there_is() {
        let records = Records::read().unwrap();
        assert!(records.len() > 10);
        let people = People::read().unwrap();
        let accounts = people.accounts();
        let known = |username: &str| accounts.iter().any(|account| account.username == username);
        for past in records.patrol.iter().chain(&records.activity) {
            assert!(
                known(&past.author) && past.crew.iter().all(|member| known(member)),
                "{}",
                past.key
            );
        }
    }

    #[test]
    fn an_evening_of_yesterday_is_yesterday_by_the_wall_clock() {
        let now = Millis(1_795_356_000_000); // 2026-11-22 21:00 in Việt Nam
        assert_eq!(at_clock(now, -1, "21:00"), Some(now.plus(-DAY)));
        assert_eq!(at_clock(now, 0, "21:30"), Some(now.plus(30 * MINUTE)));
    }
}
