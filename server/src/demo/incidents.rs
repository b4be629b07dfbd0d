//! Cameras of the demo, the way of its cases, and footage that was asked for.

use super::people::{Ground, user_id};
use super::{LoadError, fixed_id};
use crate::db::footage::{self, NewTask};
use crate::db::{DbError, cameras, cases, inbox, records};
use crate::state::AppState;
use crate::sync::Actor;
use crate::sync::cases::{CaseChange, StepCase};
use keng_shared::api::{CameraDraft, NewFootageRequest};
use keng_shared::camera::{Sight, overwritten_at};
use keng_shared::geo::LatLon;
use keng_shared::id::{CameraId, DeviceId, FootageRequestId, RecordId};
use keng_shared::inbox::News;
use keng_shared::incident::case::CaseState;
use keng_shared::time::{LocalDate, Millis};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

const HOUR: i64 = 3_600_000;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Incidents {
    camera: Vec<Camera>,
    case: Vec<Case>,
    footage: Vec<Footage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Camera {
    name: String,
    /// The checkpoint at which it hangs.
    at: String,
    #[serde(default)]
    north_m: f64,
    direction: u16,
    view: u16,
    range_m: u16,
    keep_days: u16,
    consent_on: Option<LocalDate>,
    keeper: Option<String>,
    holder_name: String,
    holder_phone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    record: String,
    officer: String,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    to: CaseState,
    hours: i64,
    #[serde(default)]
    words: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Footage {
    key: String,
    record: String,
    officer: String,
    radius_m: u16,
    words: String,
    cameras: Vec<String>,
}

impl Incidents {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../demo/incidents.toml"))
    }

    /// Stores cameras that are not there yet; gives each its id.
    pub(super) async fn store_cameras(
        &self,
        state: &AppState,
        ground: &Ground,
        now: Millis,
    ) -> Result<HashMap<String, CameraId>, LoadError> {
        let drafts: Vec<CameraDraft> = self
            .camera
            .iter()
            .map(|camera| camera.draft(ground))
            .collect::<Result<_, _>>()?;
        let stored = state.db.write(move |conn| {
            let mut ids = HashMap::new();
            for draft in &drafts {
                let known = cameras::by_name(conn, draft.area_id, &draft.name)?;
                let row = match known {
                    Some(row) => row,
                    None => cameras::insert(conn, draft, now)?,
                };
                ids.insert(row.name.clone(), CameraId(row.id));
            }
            Ok(ids)
        });
        Ok(stored.await?)
    }

    /// Takes each case its way and asks for footage; what was done before stays.
    pub(super) async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        now: Millis,
    ) -> Result<(), LoadError> {
        for case in &self.case {
            case.store(state, ground, now).await?;
        }
        for footage in &self.footage {
            footage.store(state, ground, now).await?;
        }
        Ok(())
    }
}

impl Camera {
    fn draft(&self, ground: &Ground) -> Result<CameraDraft, LoadError> {
        let stop = ground.checkpoints.get(&self.at);
        let stop = stop.ok_or_else(|| LoadError::File(format!("camera {}: {}", self.name, self.at)))?;
        let north = (self.north_m / DEGREE_M * 1e7).round() as i32;
        Ok(CameraDraft {
            area_id: stop.area,
            name: self.name.clone(),
            team_id: ground.teams.get("camera").map(|(team, _)| *team),
            sight: Sight {
                position: LatLon {
                    lat_e7: stop.position.lat_e7.saturating_add(north),
                    ..stop.position
                },
                direction_deg: self.direction,
                view_deg: self.view,
                range_m: self.range_m,
            },
            keep_days: self.keep_days,
            consent_on: self.consent_on,
            keeper: self.keeper.as_deref().map(user_id),
            holder_name: self.holder_name.clone(),
            holder_phone: self.holder_phone.clone(),
        })
    }
}

impl Case {
    async fn store(&self, state: &AppState, ground: &Ground, now: Millis) -> Result<(), LoadError> {
        let record = RecordId(fixed_id("record", &self.record));
        let missing = || LoadError::File(format!("case {}", self.record));
        let found = state.db.read(move |conn| cases::find(conn, record)).await?;
        let case = found.ok_or_else(missing)?;
        if case.state()? != CaseState::Received {
            return Ok(());
        }
        let today = now.local_date().ok_or_else(missing)?;
        let above = ground.tree.chain(case.area(), today);
        let tree = Arc::new(ground.tree.clone());
        for (revision, step) in (1..).zip(&self.steps) {
            let at = Millis(case.received_at).plus(step.hours * HOUR).min(now);
            let change = StepCase {
                actor: self.actor(at),
                record,
                revision,
                change: CaseChange::Move {
                    to: step.to,
                    words: step.words.clone(),
                },
                above: above.clone(),
                tree: tree.clone(),
                camera_areas: Vec::new(),
            };
            state.db.write(move |conn| change.run(conn)).await?;
        }
        Ok(())
    }

    fn actor(&self, now: Millis) -> Actor {
        Actor {
            user: user_id(&self.officer),
            device: DeviceId(fixed_id("device", &self.officer)),
            now,
        }
    }
}

impl Footage {
    async fn store(&self, state: &AppState, ground: &Ground, now: Millis) -> Result<(), LoadError> {
        let record = RecordId(fixed_id("record", &self.record));
        let by = user_id(&self.officer);
        let id = FootageRequestId(fixed_id("footage", &self.key));
        let ids: Vec<CameraId> = self
            .cameras
            .iter()
            .map(|name| {
                let found = ground.cameras.get(name).copied();
                found.ok_or_else(|| LoadError::File(format!("footage {}: {name}", self.key)))
            })
            .collect::<Result<_, _>>()?;
        let (words, radius_m) = (self.words.clone(), self.radius_m);
        let stored = state.db.write(move |conn| {
            if footage::find(conn, id)?.is_some() {
                return Ok(());
            }
            let case = DbError::unless(cases::find(conn, record)?, "a case of the demo")?;
            let row = DbError::unless(records::find(conn, record)?, "a record of the demo")?;
            let at = Millis(case.received_at).plus(HOUR).min(now);
            let new = NewFootageRequest {
                id,
                area_id: case.area(),
                record_id: Some(record),
                position: DbError::unless(case.position(), "a place of the demo")?,
                radius_m,
                from: Millis(row.started_at).plus(-HOUR / 2),
                to: Millis(row.started_at).plus(HOUR / 4),
                words: words.clone(),
                cameras: ids.clone(),
            };
            let mut tasks = Vec::new();
            for camera in cameras::by_ids(conn, &ids)?.values() {
                tasks.push(NewTask {
                    camera: CameraId(camera.id),
                    keeper: camera.keeper()?,
                    overwritten_at: overwritten_at(new.from, camera.keep_days()?),
                });
            }
            footage::insert(conn, &new, &tasks, by, at)?;
            for task in &tasks {
                let news = News::FootageRequested {
                    request_id: id,
                    overwritten_at: task.overwritten_at,
                };
                inbox::put(conn, task.keeper, at, &news)?;
            }
            Ok(())
        });
        Ok(stored.await?)
    }
}
