//! A photo's renditions are made, and with them it is known how the photo looks: one like it in another record of the
//! commune is a flag on the later of the two.

use crate::db::flags as flag_text;
use crate::db::likenesses::Look;
use crate::db::photos::{self, RenditionState};
use crate::db::records::{self, Arrival};
use crate::db::{Conn, DbError, feed};
use crate::evidence::likeness;
use keng_shared::id::PhotoId;
use keng_shared::record::Flag;
use keng_shared::time::Millis;

/// The pixels of a held photo were decoded.
pub struct Looked {
    pub photo: PhotoId,
    /// How it looks; none when it shows too little to be recognised.
    pub hash: Option<u64>,
    pub now: Millis,
}

impl Looked {
    /// The write job.
    pub fn run(&self, conn: &mut Conn) -> Result<(), DbError> {
        photos::set_rendition(conn, self.photo, RenditionState::Made)?;
        let Some(hash) = self.hash else {
            return Ok(());
        };
        let Some((mut photo, row)) = photos::lock_with_record(conn, self.photo)? else {
            return Ok(());
        };
        let look = Look {
            photo: &photo.id,
            record: &row.id,
            commune: row.commune(),
            hash,
        };
        let earlier = look.find_earlier(conn, likeness::is_near)?;
        look.insert(conn, earlier.as_deref())?;
        let mut flags = photo.flag_set();
        // The same bytes look the same, which says nothing new.
        if earlier.is_none() || flags.contains(&Flag::RepeatedPhoto) || photo.position.is_none() {
            return Ok(());
        }
        flags.insert(Flag::SimilarPhoto);
        photo.flags = flag_text::to_text(&flags);
        photos::update(conn, &photo)?;
        let mut photo_flags = flag_text::from_text(&row.photo_flags);
        photo_flags.insert(Flag::SimilarPhoto);
        let arrival = Arrival {
            feed_rev: feed::bump(conn, row.commune())?,
            flags: row.flags.clone(),
            photo_flags: flag_text::to_text(&photo_flags),
            photos_held: row.photos_held,
            track: row.track.clone(),
            changed_at: self.now.0,
        };
        records::update_arrival(conn, &row.id, &arrival)
    }
}
