//! The registry of cameras. What leaves this file with a coordinate or a contact goes to officers of the area only.

use super::schema::app_user;
use super::schema_incidents::camera;
use super::{CHUNK, Conn, DbError, people};
use diesel::prelude::*;
use keng_shared::api::{CameraDraft, CameraView};
use keng_shared::camera::{OwnCamera, Sight};
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CameraId, TeamId, UserId};
use keng_shared::text;
use keng_shared::time::Millis;
use std::collections::HashMap;

/// A row of [`camera`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct StoredCamera {
    pub id: i64,
    pub area_id: i64,
    pub team_id: Option<i64>,
    pub keeper_id: Option<String>,
    pub name: String,
    pub sort: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub direction_deg: i32,
    pub view_deg: i32,
    pub range_m: i32,
    pub keep_days: i32,
    pub consent_on: Option<String>,
    pub holder_name: String,
    pub holder_phone: String,
    pub revision: i32,
    pub created_at: i64,
    pub retired_at: Option<i64>,
}

impl StoredCamera {
    pub fn area(&self) -> AreaId {
        AreaId(self.area_id)
    }

    pub fn position(&self) -> LatLon {
        LatLon {
            lat_e7: self.lat_e7,
            lon_e7: self.lon_e7,
        }
    }

    pub fn revision(&self) -> Result<u32, DbError> {
        DbError::unless(u32::try_from(self.revision).ok(), "camera.revision")
    }

    pub fn keeper(&self) -> Result<Option<UserId>, DbError> {
        user(self.keeper_id.as_deref(), "camera.keeper_id")
    }

    pub fn keep_days(&self) -> Result<u16, DbError> {
        small(self.keep_days, "camera.keep_days")
    }

    /// What an officer says about it.
    pub fn draft(&self) -> Result<CameraDraft, DbError> {
        Ok(CameraDraft {
            area_id: self.area(),
            name: self.name.clone(),
            team_id: self.team_id.map(TeamId),
            sight: Sight {
                position: self.position(),
                direction_deg: small(self.direction_deg, "camera.direction_deg")?,
                view_deg: small(self.view_deg, "camera.view_deg")?,
                range_m: small(self.range_m, "camera.range_m")?,
            },
            keep_days: self.keep_days()?,
            consent_on: self
                .consent_on
                .as_deref()
                .map(|date| DbError::unless(date.parse().ok(), "camera.consent_on"))
                .transpose()?,
            keeper: self.keeper()?,
            holder_name: self.holder_name.clone(),
            holder_phone: self.holder_phone.clone(),
        })
    }
}

/// Cameras of these areas that are in use, in Vietnamese order.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<StoredCamera>, DbError> {
    let mut found: Vec<StoredCamera> = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        found.extend(
            camera::table
                .filter(camera::area_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(camera::retired_at.is_null())
                .load::<StoredCamera>(conn)?,
        );
    }
    found.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
    Ok(found)
}

/// Those of these cameras that exist, retired ones too.
pub fn by_ids(conn: &mut Conn, ids: &[CameraId]) -> Result<HashMap<CameraId, StoredCamera>, DbError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows = camera::table
            .filter(camera::id.eq_any(chunk.iter().map(|id| id.0)))
            .load::<StoredCamera>(conn)?;
        found.extend(rows.into_iter().map(|row| (CameraId(row.id), row)));
    }
    Ok(found)
}

/// The camera with this id, retired or not.
pub fn find(conn: &mut Conn, id: CameraId) -> Result<Option<StoredCamera>, DbError> {
    Ok(by_ids(conn, &[id])?.remove(&id))
}

/// As [`find`], and nobody else changes the camera before this transaction ends.
pub fn lock(conn: &mut Conn, id: CameraId) -> Result<Option<StoredCamera>, DbError> {
    let query = camera::table.find(id.0);
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first(conn).optional(),
        Conn::Sqlite(conn) => query.first(conn).optional(),
    };
    Ok(found?)
}

/// The camera in use with this name in this area.
pub fn by_name(conn: &mut Conn, area: AreaId, name: &str) -> Result<Option<StoredCamera>, DbError> {
    Ok(camera::table
        .filter(camera::area_id.eq(area.0))
        .filter(camera::name.eq(name))
        .filter(camera::retired_at.is_null())
        .first(conn)
        .optional()?)
}

/// Cameras in use that a volunteer keeps, in Vietnamese order, as the phone holds them.
pub fn kept_by(conn: &mut Conn, keeper: UserId) -> Result<Vec<OwnCamera>, DbError> {
    let rows: Vec<(i64, i64, String, i32)> = camera::table
        .filter(camera::keeper_id.eq(keeper.to_string()))
        .filter(camera::retired_at.is_null())
        .order((camera::sort, camera::id))
        .select((camera::id, camera::area_id, camera::name, camera::keep_days))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, area_id, name, keep_days)| {
            Ok(OwnCamera {
                id: CameraId(id),
                area_id: AreaId(area_id),
                name,
                keep_days: small(keep_days, "camera.keep_days")?,
            })
        })
        .collect()
}

/// Stores a camera whose fields have been checked.
pub fn insert(conn: &mut Conn, new: &CameraDraft, now: Millis) -> Result<StoredCamera, DbError> {
    let id = diesel::insert_into(camera::table)
        .values((columns(new), camera::revision.eq(1), camera::created_at.eq(now.0)))
        .returning(camera::id)
        .get_result::<i64>(conn)?;
    DbError::unless(find(conn, CameraId(id))?, "camera")
}

/// Writes what an officer says about a camera.
pub fn update(conn: &mut Conn, id: CameraId, new: &CameraDraft) -> Result<StoredCamera, DbError> {
    diesel::update(camera::table.find(id.0))
        .set((columns(new), camera::revision.eq(camera::revision + 1)))
        .execute(conn)?;
    DbError::unless(find(conn, id)?, "camera")
}

/// Takes a camera out of use. Reports and requests that name it keep it.
pub fn retire(conn: &mut Conn, id: CameraId, now: Millis) -> Result<(), DbError> {
    diesel::update(camera::table.find(id.0))
        .set((
            camera::retired_at.eq(now.0),
            camera::revision.eq(camera::revision + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Cameras as officers see them.
pub fn views(conn: &mut Conn, rows: Vec<StoredCamera>) -> Result<Vec<CameraView>, DbError> {
    let names = people::names(conn, rows.iter().filter_map(|row| row.keeper_id.clone()))?;
    rows.into_iter()
        .map(|row| {
            Ok(CameraView {
                id: CameraId(row.id),
                camera: row.draft()?,
                keeper_name: row.keeper_id.as_ref().and_then(|id| names.get(id).cloned()),
                revision: row.revision()?,
            })
        })
        .collect()
}

/// Ids of the users with these sign-in names.
pub fn keepers(conn: &mut Conn, usernames: &[String]) -> Result<HashMap<String, UserId>, DbError> {
    let mut found = HashMap::new();
    for chunk in usernames.chunks(CHUNK) {
        let rows: Vec<(String, String)> = app_user::table
            .filter(app_user::username.eq_any(chunk))
            .select((app_user::username, app_user::id))
            .load(conn)?;
        for (username, id) in rows {
            found.insert(username, DbError::unless(id.parse().ok(), "app_user.id")?);
        }
    }
    Ok(found)
}

type Columns = (
    diesel::dsl::Eq<camera::area_id, i64>,
    diesel::dsl::Eq<camera::team_id, Option<i64>>,
    diesel::dsl::Eq<camera::keeper_id, Option<String>>,
    diesel::dsl::Eq<camera::name, String>,
    diesel::dsl::Eq<camera::sort, String>,
    diesel::dsl::Eq<camera::lat_e7, i32>,
    diesel::dsl::Eq<camera::lon_e7, i32>,
    diesel::dsl::Eq<camera::direction_deg, i32>,
    diesel::dsl::Eq<camera::view_deg, i32>,
    diesel::dsl::Eq<camera::range_m, i32>,
    diesel::dsl::Eq<camera::keep_days, i32>,
    diesel::dsl::Eq<camera::consent_on, Option<String>>,
    diesel::dsl::Eq<camera::holder_name, String>,
    diesel::dsl::Eq<camera::holder_phone, String>,
);

fn columns(new: &CameraDraft) -> Columns {
    (
        camera::area_id.eq(new.area_id.0),
        camera::team_id.eq(new.team_id.map(|team| team.0)),
        camera::keeper_id.eq(new.keeper.map(|keeper| keeper.to_string())),
        camera::name.eq(new.name.clone()),
        camera::sort.eq(text::sort_key(&new.name)),
        camera::lat_e7.eq(new.sight.position.lat_e7),
        camera::lon_e7.eq(new.sight.position.lon_e7),
        camera::direction_deg.eq(i32::from(new.sight.direction_deg)),
        camera::view_deg.eq(i32::from(new.sight.view_deg)),
        camera::range_m.eq(i32::from(new.sight.range_m)),
        camera::keep_days.eq(i32::from(new.keep_days)),
        camera::consent_on.eq(new.consent_on.map(|date| date.to_string())),
        camera::holder_name.eq(new.holder_name.clone()),
        camera::holder_phone.eq(new.holder_phone.clone()),
    )
}

fn small(value: i32, what: &str) -> Result<u16, DbError> {
    DbError::unless(u16::try_from(value).ok(), what)
}

/// The user of a nullable column.
pub(super) fn user(id: Option<&str>, what: &str) -> Result<Option<UserId>, DbError> {
    id.map(|id| DbError::unless(id.parse().ok(), what)).transpose()
}
