//! Where things should be: outlines of areas and fences of checkpoints.

use super::schema::{area_boundary, checkpoint, checkpoint_before};
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CheckpointId};
use keng_shared::time::Millis;

/// Where a checkpoint is or was, its radius in metres, and until when that held; what holds now has no end.
pub type Fence = (CheckpointId, LatLon, u16, Option<Millis>);

/// The GeoJSON geometry of an area.
pub fn boundary(conn: &mut Conn, area: AreaId) -> Result<Option<String>, DbError> {
    Ok(area_boundary::table
        .find(area.0)
        .select(area_boundary::geometry)
        .first(conn)
        .optional()?)
}

/// The fences that these checkpoints have, and those that they had before; retired ones too.
pub fn fences(conn: &mut Conn, ids: &[CheckpointId]) -> Result<Vec<Fence>, DbError> {
    let mut rows: Vec<(i64, i32, i32, i32, Option<i64>)> = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let now: Vec<(i64, i32, i32, i32)> = checkpoint::table
            .filter(checkpoint::id.eq_any(&ids))
            .select((
                checkpoint::id,
                checkpoint::lat_e7,
                checkpoint::lon_e7,
                checkpoint::radius_m,
            ))
            .load(conn)?;
        rows.extend(
            now.into_iter()
                .map(|(id, lat, lon, radius)| (id, lat, lon, radius, None)),
        );
        let before: Vec<(i64, i32, i32, i32, i64)> = checkpoint_before::table
            .filter(checkpoint_before::checkpoint_id.eq_any(&ids))
            .select((
                checkpoint_before::checkpoint_id,
                checkpoint_before::lat_e7,
                checkpoint_before::lon_e7,
                checkpoint_before::radius_m,
                checkpoint_before::until_at,
            ))
            .load(conn)?;
        rows.extend(
            before
                .into_iter()
                .map(|(id, lat, lon, radius, until)| (id, lat, lon, radius, Some(until))),
        );
    }
    rows.into_iter()
        .map(|(id, lat_e7, lon_e7, radius_m, until)| {
            let radius_m = DbError::unless(u16::try_from(radius_m).ok(), "checkpoint.radius_m")?;
            let centre = LatLon { lat_e7, lon_e7 };
            Ok((CheckpointId(id), centre, radius_m, until.map(Millis)))
        })
        .collect()
}
