//! Where things should be: outlines of areas and fences of checkpoints.

use super::schema::{area_boundary, checkpoint};
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CheckpointId};

/// Where a checkpoint is, and its radius in metres.
pub type Fence = (CheckpointId, LatLon, u16);

/// The GeoJSON geometry of an area.
pub fn boundary(conn: &mut Conn, area: AreaId) -> Result<Option<String>, DbError> {
    Ok(area_boundary::table
        .find(area.0)
        .select(area_boundary::geometry)
        .first(conn)
        .optional()?)
}

/// The fences of these checkpoints, retired ones too.
pub fn fences(conn: &mut Conn, ids: &[CheckpointId]) -> Result<Vec<Fence>, DbError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, i32, i32, i32)> = checkpoint::table
            .filter(checkpoint::id.eq_any(chunk.iter().map(|id| id.0)))
            .select((
                checkpoint::id,
                checkpoint::lat_e7,
                checkpoint::lon_e7,
                checkpoint::radius_m,
            ))
            .load(conn)?;
        for (id, lat_e7, lon_e7, radius_m) in rows {
            let radius_m = DbError::unless(u16::try_from(radius_m).ok(), "checkpoint.radius_m")?;
            found.push((CheckpointId(id), LatLon { lat_e7, lon_e7 }, radius_m));
        }
    }
    Ok(found)
}
