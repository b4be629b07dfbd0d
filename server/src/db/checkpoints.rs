//! Places that patrols pass, each with the secret in its QR code.

use super::boundaries::CHUNK;
use super::schema::checkpoint;
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

type Columns = (i64, i64, String, i32, i32, i32, String);
const COLUMNS: (
    checkpoint::id,
    checkpoint::area_id,
    checkpoint::name,
    checkpoint::lat_e7,
    checkpoint::lon_e7,
    checkpoint::radius_m,
    checkpoint::qr_token,
) = (
    checkpoint::id,
    checkpoint::area_id,
    checkpoint::name,
    checkpoint::lat_e7,
    checkpoint::lon_e7,
    checkpoint::radius_m,
    checkpoint::qr_token,
);

/// Checkpoints of these areas, in Vietnamese order.
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
    rows.sort_by(|(a, a_sort), (b, b_sort)| (a_sort, a.0).cmp(&(b_sort, b.0)));
    rows.into_iter()
        .map(|(row, _)| sheet_of(row).map(|sheet| sheet.checkpoint))
        .collect()
}

/// Those of these checkpoints that exist, with their tokens, by id.
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

/// The id of the checkpoint with this name in this area.
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

fn sheet_of((id, area_id, name, lat_e7, lon_e7, radius_m, token): Columns) -> Result<Sheet, DbError> {
    let checkpoint = Checkpoint {
        id: CheckpointId(id),
        area_id: AreaId(area_id),
        name,
        position: LatLon { lat_e7, lon_e7 },
        radius_m: DbError::unless(radius_m.try_into().ok(), "checkpoint.radius_m")?,
        token_sha256: sha256_hex(token.as_bytes()),
    };
    Ok(Sheet { checkpoint, token })
}
