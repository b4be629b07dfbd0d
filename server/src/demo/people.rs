//! The demo's areas with everything that hangs on them, and its people.

use super::phone::Phone;
use super::places::Places;
use super::{Account, LoadError, PASSWORD, fixed_id};
use crate::db::area_import::{self, Terms};
use crate::db::memberships::{self, NewMembership};
use crate::db::{Conn, DbError, areas, boundaries, checkpoints, org_units, sessions, teams, users};
use crate::state::AppState;
use keng_shared::api::{NewCheckpoint, NewTeam, NewUnit};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CameraId, CheckpointId, TeamId, UserId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::sync::TeamKind;
use keng_shared::time::{LocalDate, Millis};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// What the records stand on.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) tree: AreaTree,
    pub(super) teams: HashMap<String, (TeamId, AreaId)>,
    pub(super) checkpoints: HashMap<String, Stop>,
    pub(super) cameras: HashMap<String, CameraId>,
    reform: LocalDate,
}

/// A checkpoint with its secret.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    pub(super) id: CheckpointId,
    pub(super) area: AreaId,
    pub(super) position: LatLon,
    pub(super) token: String,
}

impl Ground {
    /// The area with this name or code: today's, or the last one that had the code.
    pub(super) fn area(&self, key: &str) -> Option<AreaId> {
        find(&self.tree, key, self.reform).or_else(|| find(&self.tree, key, self.reform.pred_opt()?))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct People {
    team: Vec<Team>,
    person: Vec<Person>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Team {
    key: String,
    kind: TeamKind,
    name: String,
    area: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    username: String,
    name: String,
    role: Role,
    area: String,
    team: Option<String>,
    valid_to: Option<LocalDate>,
}

impl People {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../demo/people.toml"))
    }

    pub(super) fn accounts(&self) -> Vec<Account> {
        let account = |person: &Person| Account {
            username: person.username.clone(),
            name: person.name.clone(),
            role: role_words(person.role),
        };
        self.person.iter().map(account).collect()
    }

    /// An officer of this commune: reviews and plans there.
    pub(super) fn officer(&self, ground: &Ground, commune: AreaId) -> Option<UserId> {
        let officer = self
            .person
            .iter()
            .find(|person| person.role == Role::CommuneOfficer && ground.area(&person.area) == Some(commune));
        officer.map(|person| user_id(&person.username))
    }

    /// Stores people who are not there yet, with their phones.
    pub(super) async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        now: Millis,
    ) -> Result<(), LoadError> {
        let hash = state.auth.passwords.hash(PASSWORD.to_owned()).await?;
        for person in &self.person {
            let missing = |what: &str| LoadError::File(format!("{}: {what}", person.username));
            let membership = NewMembership {
                role: person.role,
                area_id: ground.area(&person.area).ok_or_else(|| missing("area"))?,
                team_id: match &person.team {
                    None => None,
                    Some(key) => Some(ground.teams.get(key).ok_or_else(|| missing("team"))?.0),
                },
                state: match person.valid_to {
                    None => MembershipState::Active,
                    Some(_) => MembershipState::Ended,
                },
                valid_from: None,
                valid_to: person.valid_to,
            };
            let device = Phone::of(&person.username)
                .ok_or_else(|| missing("phone"))?
                .info();
            let (person, hash) = (person.clone(), hash.clone());
            state
                .db
                .write(move |conn| {
                    if users::by_username(conn, &person.username)?.is_some() {
                        return Ok(());
                    }
                    let id = user_id(&person.username);
                    users::insert(conn, id, &person.username, &person.name, now)?;
                    users::set_password(conn, id, &hash, now)?;
                    memberships::insert(conn, id, &membership, now)?;
                    sessions::insert_device(conn, &device, now)
                })
                .await?;
        }
        Ok(())
    }
}

/// The id of the person with this sign-in name.
pub(super) fn user_id(username: &str) -> UserId {
    UserId(fixed_id("user", username))
}

/// Stores areas, boundaries, units, teams and checkpoints that are not there yet.
pub(super) async fn lay_ground(state: &AppState, places: &Places, now: Millis) -> Result<Ground, LoadError> {
    let reform = places
        .reform()
        .ok_or_else(|| LoadError::File("the district has no end".to_owned()))?;
    let rows = Arc::new(places.rows());
    let terms = Terms::operator(state.clock.today(), now);
    let report = state
        .db
        .write(move |conn| area_import::import_tree(conn, &rows, &terms, &mut || {}))
        .await?;
    if let Some(refused) = report.refused.first() {
        return Err(LoadError::File(format!("{refused:?}")));
    }
    state.auth.tree.forget();
    let tree = state.db.read(areas::load_tree).await?;
    let mut ground = Ground {
        tree,
        teams: HashMap::new(),
        checkpoints: HashMap::new(),
        cameras: HashMap::new(),
        reform,
    };
    let unknown = |key: &str| LoadError::File(format!("there is no area {key}"));

    let mut outlines = Vec::new();
    for outline in places.outlines() {
        let area = find(&ground.tree, &outline.key, outline.on).ok_or_else(|| unknown(&outline.key))?;
        outlines.push((area, outline.polygons));
    }
    state
        .db
        .write(move |conn| {
            for (area, polygons) in &outlines {
                boundaries::put(conn, *area, polygons, now)?;
            }
            Ok(())
        })
        .await?;

    for unit in &places.unit {
        let area = ground.area(&unit.commune).ok_or_else(|| unknown(&unit.commune))?;
        let new = NewUnit {
            kind: unit.kind,
            name: unit.name.clone(),
            valid_from: None,
            valid_to: None,
        };
        state
            .db
            .write(move |conn| match org_units::by_name(conn, area, &new.name)? {
                Some(id) => Ok(id),
                None => org_units::insert(conn, area, &new, now),
            })
            .await?;
    }
    for team in People::read()?.team {
        let area_id = ground.area(&team.area).ok_or_else(|| unknown(&team.area))?;
        let new = NewTeam {
            kind: team.kind,
            name: team.name,
            area_id,
        };
        let id = state
            .db
            .write(move |conn| match teams::by_name(conn, area_id, &new.name)? {
                Some(id) => Ok(id),
                None => teams::insert(conn, &new, now),
            })
            .await?;
        ground.teams.insert(team.key, (id, area_id));
    }
    for village in &places.residential_area {
        let area = ground.area(&village.name).ok_or_else(|| unknown(&village.name))?;
        for checkpoint in &village.checkpoints {
            let new = NewCheckpoint {
                area_id: area,
                name: checkpoint.name.clone(),
                position: checkpoint.position().ok_or_else(|| unknown(&checkpoint.name))?,
                radius_m: checkpoint.radius_m,
            };
            let token = checkpoints::new_token();
            let stop = state
                .db
                .write(move |conn| store_checkpoint(conn, &new, &token, now))
                .await?;
            ground.checkpoints.insert(checkpoint.name.clone(), stop);
        }
    }
    Ok(ground)
}

fn store_checkpoint(conn: &mut Conn, new: &NewCheckpoint, token: &str, now: Millis) -> Result<Stop, DbError> {
    let id = match checkpoints::by_name(conn, new.area_id, &new.name)? {
        Some(id) => id,
        None => checkpoints::insert(conn, new, token, now)?,
    };
    let sheet = DbError::unless(checkpoints::sheet(conn, id)?, "checkpoint.id")?;
    Ok(Stop {
        id,
        area: new.area_id,
        position: sheet.checkpoint.position,
        token: sheet.token,
    })
}

/// The area that has this code, or the residential area that has this name, on a date.
fn find(tree: &AreaTree, key: &str, on: LocalDate) -> Option<AreaId> {
    let is_meant = |area: &&keng_shared::area::Area| match area.kind {
        AreaKind::ResidentialArea => area.name == key,
        _ => area.code.as_deref() == Some(key),
    };
    tree.iter()
        .filter(is_meant)
        .find(|area| area.is_valid_on(on))
        .map(|area| area.id)
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Member => "tổ viên",
        Role::TeamLeader => "tổ trưởng",
        Role::CameraVolunteer => "tình nguyện viên camera",
        Role::CommuneOfficer => "cán bộ Công an xã",
        Role::DistrictStaff => "cán bộ huyện (đến 30/06/2025)",
        Role::ProvinceStaff => "cán bộ tỉnh",
        Role::Administrator => "quản trị",
    }
}
