//! Places that patrols pass, each with the secret in its QR code. A retired one stays stored, for records name it.

use super::boundaries::CHUNK;
use super::schema::{checkpoint, checkpoint_before};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::NewCheckpoint;
use keng_shared::evidence::sha256_hex;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CheckpointId};
use keng_shared::sync::Checkpoint;
use keng_shared::text;
use keng_shared::time::Millis;

/// A checkpoint with what its sheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// What the QR code says.
    pub token: String,
}

type Columns = (
    i64,
    i64,
    String,
    i32,
    i32,
    i32,
    String,
    i32,
    Option<i64>,
    Option<i64>,
);
const COLUMNS: (
    checkpoint::id,
    checkpoint::area_id,
    checkpoint::name,
    checkpoint::lat_e7,
    checkpoint::lon_e7,
    checkpoint::radius_m,
    checkpoint::qr_token,
    checkpoint::revision,
    checkpoint::moved_at,
    checkpoint::retired_at,
) = (
    checkpoint::id,
    checkpoint::area_id,
    checkpoint::name,
    checkpoint::lat_e7,
    checkpoint::lon_e7,
    checkpoint::radius_m,
    checkpoint::qr_token,
    checkpoint::revision,
    checkpoint::moved_at,
    checkpoint::retired_at,
);

/// Checkpoints of these areas that are in use, in Vietnamese order.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<Checkpoint>, DbError> {
    let mut rows = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        rows.extend(
            checkpoint::table
                .filter(checkpoint::area_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
                .filter(checkpoint::retired_at.is_null())
                .select((COLUMNS, checkpoint::sort))
                .load::<(Columns, String)>(conn)?,
        );
    }
    in_order(rows)
}

/// Checkpoints of these areas that are retired, in Vietnamese order.
pub fn retired(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<Checkpoint>, DbError> {
    let mut rows = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        rows.extend(
            checkpoint::table
                .filter(checkpoint::area_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
                .filter(checkpoint::retired_at.is_not_null())
                .select((COLUMNS, checkpoint::sort))
                .load::<(Columns, String)>(conn)?,
        );
    }
    in_order(rows)
}

/// Those of these checkpoints that exist, with their tokens, by id; retired ones too.
pub fn sheets(conn: &mut Conn, ids: &[CheckpointId]) -> Result<Vec<Sheet>, DbError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let rows = checkpoint::table
            .filter(checkpoint::id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
            .order(checkpoint::id)
            .select(COLUMNS)
            .load::<Columns>(conn)?;
        for row in rows {
            found.push(sheet_of(row)?);
        }
    }
    Ok(found)
}

/// The checkpoint with this id.
pub fn sheet(conn: &mut Conn, id: CheckpointId) -> Result<Option<Sheet>, DbError> {
    Ok(sheets(conn, &[id])?.pop())
}

/// The checkpoint with this id, and nobody else changes it before this transaction ends.
pub fn lock(conn: &mut Conn, id: CheckpointId) -> Result<Option<Checkpoint>, DbError> {
    if let Conn::Postgres(conn) = conn {
        let query = checkpoint::table.find(id.0).select(checkpoint::id);
        query.for_no_key_update().first::<i64>(conn).optional()?;
    }
    Ok(sheet(conn, id)?.map(|sheet| sheet.checkpoint))
}

/// The id of the checkpoint with this name in this area that is in use.
pub fn by_name(conn: &mut Conn, area: AreaId, name: &str) -> Result<Option<CheckpointId>, DbError> {
    let id = checkpoint::table
        .filter(checkpoint::area_id.eq(area.0))
        .filter(checkpoint::name.eq(name))
        .filter(checkpoint::retired_at.is_null())
        .select(checkpoint::id)
        .first::<i64>(conn)
        .optional()?;
    Ok(id.map(CheckpointId))
}

/// Replaces what can be changed of a checkpoint; its revision grows by one, its code stays. The fence that it had is kept.
pub fn update(conn: &mut Conn, old: &Checkpoint, new: &NewCheckpoint, now: Millis) -> Result<(), DbError> {
    let is_moved = old.position != new.position;
    if is_moved || old.radius_m != new.radius_m {
        let revision = i32::try_from(old.revision).ok();
        diesel::insert_into(checkpoint_before::table)
            .values((
                checkpoint_before::checkpoint_id.eq(old.id.0),
                checkpoint_before::until_at.eq(now.0),
                checkpoint_before::revision.eq(DbError::unless(revision, "checkpoint.revision")?),
                checkpoint_before::lat_e7.eq(old.position.lat_e7),
                checkpoint_before::lon_e7.eq(old.position.lon_e7),
                checkpoint_before::radius_m.eq(i32::from(old.radius_m)),
            ))
            .execute(conn)?;
    }
    let moved_at = if is_moved { Some(now) } else { old.moved_at };
    diesel::update(checkpoint::table.find(old.id.0))
        .set((
            checkpoint::area_id.eq(new.area_id.0),
            checkpoint::name.eq(&new.name),
            checkpoint::search.eq(text::search_key(&new.name)),
            checkpoint::sort.eq(text::sort_key(&new.name)),
            checkpoint::lat_e7.eq(new.position.lat_e7),
            checkpoint::lon_e7.eq(new.position.lon_e7),
            checkpoint::radius_m.eq(i32::from(new.radius_m)),
            checkpoint::revision.eq(checkpoint::revision + 1),
            checkpoint::moved_at.eq(moved_at.map(|at| at.0)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Retires a checkpoint, or brings it back with `None`; its revision grows by one.
pub fn set_retired(conn: &mut Conn, id: CheckpointId, at: Option<Millis>) -> Result<(), DbError> {
    diesel::update(checkpoint::table.find(id.0))
        .set((
            checkpoint::retired_at.eq(at.map(|at| at.0)),
            checkpoint::revision.eq(checkpoint::revision + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Digits and letters of a token: those that people do not mistake for each other (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a token: 130 random bits.
const TOKEN_LETTERS: usize = 26;

/// The secret of a new checkpoint. Capitals and digits alone make a code that is coarse enough for a phone at night, and
/// one that can be typed where a phone cannot scan.
pub fn new_token() -> String {
    let letter = |byte: u8| LETTERS.get(usize::from(byte % 32)).copied().map(char::from);
    let random = rand::random::<[u8; TOKEN_LETTERS]>();
    random.into_iter().filter_map(letter).collect()
}

/// Stores a checkpoint whose fields have been checked; `token` goes into its QR code.
pub fn insert(
    conn: &mut Conn,
    new: &NewCheckpoint,
    token: &str,
    now: Millis,
) -> Result<CheckpointId, DbError> {
    let id = diesel::insert_into(checkpoint::table)
        .values((
            checkpoint::area_id.eq(new.area_id.0),
            checkpoint::name.eq(&new.name),
            checkpoint::search.eq(text::search_key(&new.name)),
            checkpoint::sort.eq(text::sort_key(&new.name)),
            checkpoint::lat_e7.eq(new.position.lat_e7),
            checkpoint::lon_e7.eq(new.position.lon_e7),
            checkpoint::radius_m.eq(i32::from(new.radius_m)),
            checkpoint::qr_token.eq(token),
            checkpoint::created_at.eq(now.0),
        ))
        .returning(checkpoint::id)
        .get_result::<i64>(conn)?;
    Ok(CheckpointId(id))
}

fn in_order(mut rows: Vec<(Columns, String)>) -> Result<Vec<Checkpoint>, DbError> {
    rows.sort_by(|(a, a_sort), (b, b_sort)| (a_sort, a.0).cmp(&(b_sort, b.0)));
    rows.into_iter()
        .map(|(row, _)| sheet_of(row).map(|sheet| sheet.checkpoint))
        .collect()
}

fn sheet_of(row: Columns) -> Result<Sheet, DbError> {
    let (id, area_id, name, lat_e7, lon_e7, radius_m, token, revision, moved_at, retired_at) = row;
    let checkpoint = Checkpoint {
        id: CheckpointId(id),
        area_id: AreaId(area_id),
        name,
        position: LatLon { lat_e7, lon_e7 },
        radius_m: DbError::unless(radius_m.try_into().ok(), "checkpoint.radius_m")?,
        token_sha256: sha256_hex(token.as_bytes()),
        revision: DbError::unless(revision.try_into().ok(), "checkpoint.revision")?,
        moved_at: moved_at.map(Millis),
        retired_at: retired_at.map(Millis),
    };
    Ok(Sheet { checkpoint, token })
}
