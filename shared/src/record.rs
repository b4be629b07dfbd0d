//! A record: one logged activity of any kind, as a draft from a phone, as a checked record, and as the server shows it.

use crate::evidence::{MAX_CAPTION, MAX_PHOTOS, Origin, is_sha256_hex};
use crate::file::{self, FileRef, FileView};
use crate::geo::Fix;
use crate::id::{AreaId, DeviceId, PhotoId, RecordId, TeamId, UserId};
use crate::incident::Incident;
use crate::incident::case::CaseState;
use crate::json::{FromJson, ToJson, Unreadable};
use crate::kind::{self, KindShape};
use crate::loudspeaker::LoudspeakerSession;
use crate::patrol::Patrol;
use crate::problem::{FieldCode, FieldError};
use crate::text;
use crate::time::{LocalDate, Millis};
use crate::track::TrackSummary;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How far in the future a time may lie before it is refused: 10 minutes (TRUST E4: a larger skew is flagged).
pub const CLOCK_TOLERANCE_MS: i64 = 10 * 60_000;
/// The earliest accepted start: 2020-01-01 in Việt Nam.
pub const EARLIEST: Millis = Millis(1_577_811_600_000);

/// A photo as its record lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PhotoRef {
    /// Made by the phone.
    pub id: PhotoId,
    /// SHA-256 (hex) of the bytes that will be uploaded.
    pub sha256: String,
    /// Words under the photo, at most [`MAX_CAPTION`] characters.
    #[serde(default)]
    pub caption: String,
}

/// A record as a phone sends it, whole, at creation and at every edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordDraft {
    /// Made by the phone when the form opens.
    pub id: RecordId,
    /// Id of the kind in the catalogue.
    pub kind: String,
    /// Where it happened: a residential area, or a commune where none fits.
    pub area_id: AreaId,
    /// The team that did it.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// When it started, by the phone's clock corrected to the server's.
    pub started_at: Millis,
    /// When it ended. A patrol's end is in its body.
    #[serde(default)]
    pub ended_at: Option<Millis>,
    /// Where the form was filled or the patrol started.
    #[serde(default)]
    pub fix: Option<Fix>,
    /// Fields of the kind.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Value,
    /// Photos that belong to it.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
    /// Files that belong to it, where its kind takes any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// The device that wrote it.
    pub device_id: DeviceId,
    /// Server clock minus device clock when written, in milliseconds, if the phone knew it.
    #[serde(default)]
    pub clock_offset_ms: Option<i64>,
}

impl RecordDraft {
    /// Ids of its photos, then of its files: what is announced and uploaded.
    pub fn attached(&self) -> impl Iterator<Item = PhotoId> + '_ {
        let photos = self.photos.iter().map(|photo| photo.id);
        photos.chain(self.files.iter().map(|file| file.id))
    }
}

/// The body of a record after checking.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A patrol.
    Patrol(Box<Patrol>),
    /// An incident.
    Incident(Box<Incident>),
    /// A loudspeaker session.
    Loudspeaker(Box<LoudspeakerSession>),
    /// The cleaned fields of a plain kind.
    Plain(Value),
}

/// A record whose every field has been checked and cleaned. Only [`parse`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    draft: RecordDraft,
    body: Body,
    local_date: LocalDate,
}

impl Record {
    /// The draft with its texts cleaned.
    pub fn draft(&self) -> &RecordDraft {
        &self.draft
    }

    /// The checked body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The local date on which it starts; a patrol across midnight belongs to its first date.
    pub fn local_date(&self) -> LocalDate {
        self.local_date
    }

    /// Whether the activity still goes on: a patrol without an end.
    pub fn is_open(&self) -> bool {
        matches!(&self.body, Body::Patrol(patrol) if patrol.end.is_none())
    }

    /// When it ended, from the body of a patrol or a loudspeaker session, or from the draft.
    pub fn ended_at(&self) -> Option<Millis> {
        match &self.body {
            Body::Patrol(patrol) => patrol.end.as_ref().map(|end| end.at),
            Body::Loudspeaker(session) => Some(session.ended_at(self.draft.started_at)),
            Body::Incident(_) | Body::Plain(_) => self.draft.ended_at,
        }
    }
}

/// Checks a draft. `now` is the best known server time. The same function runs on the phone and on the server.
pub fn parse(mut draft: RecordDraft, now: Millis) -> Result<Record, Vec<FieldError>> {
    let mut errors = Vec::new();
    check_times(&draft, now, &mut errors);
    check_photos(&mut draft.photos, &mut errors);
    let is_photo = |id| draft.photos.iter().any(|photo| photo.id == id);
    file::check(&mut draft.files, &draft.kind, is_photo, &mut errors);
    if draft.fix.is_some_and(|fix| !fix.at.is_valid()) {
        errors.push(FieldError::new("fix", FieldCode::BadFormat));
    }
    let body = match parse_body(&draft) {
        Ok(body) => Some(body),
        Err(found) => {
            errors.extend(found);
            None
        }
    };
    if let Some(Body::Patrol(patrol)) = &body {
        errors.extend(patrol.check(draft.started_at));
        let unlisted = patrol
            .named_photos()
            .find(|id| !draft.photos.iter().any(|photo| photo.id == *id));
        if unlisted.is_some() {
            errors.push(FieldError::new("photos", FieldCode::NoSuchObject));
        }
        if patrol
            .end
            .as_ref()
            .is_some_and(|end| end.at > now.plus(CLOCK_TOLERANCE_MS))
        {
            errors.push(FieldError::new("body.end.at", FieldCode::InFuture));
        }
    }
    if let Some(Body::Loudspeaker(session)) = &body {
        errors.extend(session.check(draft.started_at, now.plus(CLOCK_TOLERANCE_MS)));
    }
    match (body, draft.started_at.local_date()) {
        (Some(body), Some(local_date)) if errors.is_empty() => {
            draft.body = match &body {
                Body::Plain(value) => value.clone(),
                Body::Patrol(patrol) => patrol.to_json(),
                Body::Incident(incident) => incident.to_body(),
                Body::Loudspeaker(session) => session.to_json(),
            };
            Ok(Record {
                draft,
                body,
                local_date,
            })
        }
        _ => Err(errors),
    }
}

fn check_times(draft: &RecordDraft, now: Millis, errors: &mut Vec<FieldError>) {
    if draft.started_at > now.plus(CLOCK_TOLERANCE_MS) {
        errors.push(FieldError::new("started_at", FieldCode::InFuture));
    }
    if draft.started_at < EARLIEST {
        errors.push(FieldError::new("started_at", FieldCode::TooEarly).with("min", "2020-01-01"));
    }
    if let Some(end) = draft.ended_at {
        if end < draft.started_at {
            errors.push(FieldError::new("ended_at", FieldCode::EndBeforeStart));
        } else if end > now.plus(CLOCK_TOLERANCE_MS) {
            errors.push(FieldError::new("ended_at", FieldCode::InFuture));
        }
    }
}

fn check_photos(photos: &mut [PhotoRef], errors: &mut Vec<FieldError>) {
    if photos.len() > MAX_PHOTOS {
        errors.push(FieldError::new("photos", FieldCode::TooLong).with("max", MAX_PHOTOS));
    }
    let ids: Vec<PhotoId> = photos.iter().take(MAX_PHOTOS).map(|photo| photo.id).collect();
    for (i, photo) in photos.iter_mut().enumerate() {
        photo.caption = text::clean(&photo.caption);
        if ids.iter().take(i).any(|id| *id == photo.id) {
            errors.push(FieldError::new(format!("photos.{i}.id"), FieldCode::Duplicate));
        }
        if !is_sha256_hex(&photo.sha256) {
            errors.push(FieldError::new(
                format!("photos.{i}.sha256"),
                FieldCode::BadFormat,
            ));
        }
        if photo.caption.chars().count() > MAX_CAPTION {
            errors.push(
                FieldError::new(format!("photos.{i}.caption"), FieldCode::TooLong).with("max", MAX_CAPTION),
            );
        }
    }
}

fn parse_body(draft: &RecordDraft) -> Result<Body, Vec<FieldError>> {
    let Some(kind) = kind::find(&draft.kind) else {
        return Err(vec![FieldError::new("kind", FieldCode::NotAChoice)]);
    };
    match kind.shape {
        KindShape::Plain => kind.parse_plain(&draft.body).map(Body::Plain),
        KindShape::Incident => {
            Incident::parse(kind, &draft.body).map(|incident| Body::Incident(Box::new(incident)))
        }
        KindShape::Patrol => match Patrol::from_json(draft.body.clone()) {
            Ok(mut patrol) => {
                patrol.note = text::clean(&patrol.note);
                patrol
                    .findings
                    .iter_mut()
                    .for_each(|finding| finding.note = text::clean(&finding.note));
                Ok(Body::Patrol(Box::new(patrol)))
            }
            Err(error) => Err(unreadable(kind.id, &error)),
        },
        KindShape::Loudspeaker => match LoudspeakerSession::from_json(draft.body.clone()) {
            Ok(mut session) => {
                session.clean();
                Ok(Body::Loudspeaker(Box::new(session)))
            }
            Err(error) => Err(unreadable(kind.id, &error)),
        },
    }
}

fn unreadable(kind: &str, why: &Unreadable) -> Vec<FieldError> {
    let error = FieldError::new("body", FieldCode::WrongType)
        .with("expected", kind)
        .with("why", why);
    vec![error]
}

/// Where a record stands on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecordStatus {
    /// The activity still goes on.
    Open,
    /// Waits for review.
    Submitted,
    /// Accepted by an officer; counts.
    Accepted,
    /// Returned with a reason; the author mends and sends it again.
    Returned,
    /// Withdrawn by the author.
    Withdrawn,
}

impl RecordStatus {
    /// All states.
    pub const ALL: &'static [Self] = &[
        Self::Open,
        Self::Submitted,
        Self::Accepted,
        Self::Returned,
        Self::Withdrawn,
    ];

    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.as_str() == text)
    }

    /// Whether the author may edit: an accepted record is closed, a withdrawn one is gone.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Open | Self::Submitted | Self::Returned)
    }
}

/// Something about a record or photo that a reviewer should look at. A flag never refuses anything.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The position lies outside the area's boundary.
    OutsideArea,
    /// The phone's clock was more than 10 minutes off.
    ClockSkew,
    /// The photo's EXIF time is more than 10 minutes from the stated time.
    ExifTimeDiffers,
    /// The photo's EXIF position is more than 200 m from the stated position.
    ExifPlaceDiffers,
    /// The photo was picked from files, not taken in the app.
    PickedFile,
    /// No position.
    NoPosition,
    /// The manifest does not follow the device's last one.
    ChainBroken,
    /// The track has fixes at an impossible speed.
    ImpossibleSpeed,
    /// The track has a gap longer than 15 minutes.
    LongGap,
    /// A check-in by position lies outside the checkpoint's fence.
    OutsideFence,
    /// Sent more than 72 hours after the end.
    LateSend,
    /// A planned broadcast was confirmed more than 48 hours after its end.
    LateConfirmation,
    /// The bytes could not be decoded as a picture.
    Undecodable,
    /// A photo of exactly these bytes is in an earlier record.
    RepeatedPhoto,
    /// The photo looks the same as one of an earlier record.
    SimilarPhoto,
    /// The long texts are word for word those of an earlier record.
    CopiedText,
}

impl Flag {
    /// All, in the order in which they are declared.
    pub const ALL: [Self; 16] = [
        Self::OutsideArea,
        Self::ClockSkew,
        Self::ExifTimeDiffers,
        Self::ExifPlaceDiffers,
        Self::PickedFile,
        Self::NoPosition,
        Self::ChainBroken,
        Self::ImpossibleSpeed,
        Self::LongGap,
        Self::OutsideFence,
        Self::LateSend,
        Self::LateConfirmation,
        Self::Undecodable,
        Self::RepeatedPhoto,
        Self::SimilarPhoto,
        Self::CopiedText,
    ];

    /// The wire form. None is part of another.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutsideArea => "outside_area",
            Self::ClockSkew => "clock_skew",
            Self::ExifTimeDiffers => "exif_time_differs",
            Self::ExifPlaceDiffers => "exif_place_differs",
            Self::PickedFile => "picked_file",
            Self::NoPosition => "no_position",
            Self::ChainBroken => "chain_broken",
            Self::ImpossibleSpeed => "impossible_speed",
            Self::LongGap => "long_gap",
            Self::OutsideFence => "outside_fence",
            Self::LateSend => "late_send",
            Self::LateConfirmation => "late_confirmation",
            Self::Undecodable => "undecodable",
            Self::RepeatedPhoto => "repeated_photo",
            Self::SimilarPhoto => "similar_photo",
            Self::CopiedText => "copied_text",
        }
    }

    /// The flag with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.as_str() == text)
    }
}

/// Where a photo stands on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// Listed by its record, bytes not here yet.
    Expected,
    /// Bytes durable, receipt signed.
    Held,
}

/// Verdict on a record or a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Counts as evidence.
    Accepted,
    /// Goes back to the author with a reason.
    Returned,
}

impl Verdict {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Returned => "returned",
        }
    }
}

/// The last verdict on a record or a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// The verdict.
    pub verdict: Verdict,
    /// The officer's words; never empty for `returned`.
    pub reason: String,
    /// Who.
    pub by: PersonName,
    /// When, by the server's clock.
    pub at: Millis,
}

/// A person as others see them: an id and the name shown in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonName {
    /// The user.
    pub id: UserId,
    /// Display name.
    pub name: String,
}

/// What EXIF says: a hint, compared with the manifest, never trusted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExifHint {
    /// Local time of the shutter as written, `YYYY-MM-DDTHH:MM:SS`, without a zone.
    pub taken_at: Option<String>,
    /// Position as written.
    pub position: Option<crate::geo::LatLon>,
    /// Maker and model of the camera.
    pub device: Option<String>,
}

/// A photo as the server shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoView {
    /// The photo.
    pub id: PhotoId,
    /// SHA-256 (hex) that the record lists.
    pub sha256: String,
    /// Words under it.
    pub caption: String,
    /// Whether the server holds the bytes.
    pub state: PhotoState,
    /// Stated time of the shutter, from the manifest.
    pub captured_at: Option<Millis>,
    /// Stated position, from the manifest.
    pub fix: Option<Fix>,
    /// Stated origin, from the manifest.
    pub origin: Option<Origin>,
    /// Bytes.
    pub size: Option<u64>,
    /// Pixels across, upright.
    pub width: Option<u32>,
    /// Pixels down, upright.
    pub height: Option<u32>,
    /// What EXIF says.
    pub exif: Option<ExifHint>,
    /// What a reviewer should look at.
    pub flags: Vec<Flag>,
    /// The last verdict.
    pub review: Option<Review>,
}

/// A record as the server shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordView {
    /// The record.
    pub id: RecordId,
    /// Id of the kind; possibly one that an older app does not know.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// The commune that the area belongs to on `local_date`.
    pub commune_id: AreaId,
    /// The team.
    pub team_id: Option<TeamId>,
    /// Who wrote it.
    pub author: PersonName,
    /// The date that it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub local_date: LocalDate,
    /// Start.
    pub started_at: Millis,
    /// End.
    pub ended_at: Option<Millis>,
    /// Position of the form.
    pub fix: Option<Fix>,
    /// Where it stands.
    pub status: RecordStatus,
    /// Counts up at every change of the content by its author; the ETag.
    pub revision: u32,
    /// Fields of the kind.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Value,
    /// Photos in the order of the list.
    pub photos: Vec<PhotoView>,
    /// Files in the order of the list.
    #[serde(default)]
    pub files: Vec<FileView>,
    /// What the track adds up to, for a patrol.
    pub track: Option<TrackSummary>,
    /// What a reviewer should look at.
    pub flags: Vec<Flag>,
    /// The last verdict.
    pub review: Option<Review>,
    /// Where the case of an incident stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseState>,
    /// When the first version arrived, by the server's clock.
    pub received_at: Millis,
    /// When anything about it changed last, by the server's clock.
    pub changed_at: Millis,
}

impl RecordView {
    /// The record as its author writes it again, on this device.
    pub fn as_draft(&self, device_id: DeviceId, clock_offset_ms: i64) -> RecordDraft {
        let photos = self.photos.iter().map(|photo| PhotoRef {
            id: photo.id,
            sha256: photo.sha256.clone(),
            caption: photo.caption.clone(),
        });
        let files = self.files.iter().map(|file| FileRef {
            id: file.id,
            sha256: file.sha256.clone(),
            name: file.name.clone(),
        });
        RecordDraft {
            id: self.id,
            kind: self.kind.clone(),
            area_id: self.area_id,
            team_id: self.team_id,
            started_at: self.started_at,
            ended_at: self.ended_at,
            fix: self.fix,
            body: self.body.clone(),
            photos: photos.collect(),
            files: files.collect(),
            device_id,
            clock_offset_ms: Some(clock_offset_ms),
        }
    }

    /// Its photos, then its files, each with whether the server holds it.
    pub fn attached(&self) -> impl Iterator<Item = (PhotoId, PhotoState)> + '_ {
        let photos = self.photos.iter().map(|photo| (photo.id, photo.state));
        photos.chain(self.files.iter().map(|file| (file.id, file.state)))
    }

    /// How many of the listed photos the server holds.
    pub fn photos_held(&self) -> usize {
        self.photos
            .iter()
            .filter(|photo| photo.state == PhotoState::Held)
            .count()
    }

    /// Whether the server holds everything that the record lists.
    pub fn is_complete(&self) -> bool {
        self.photos_held() == self.photos.len()
    }
}

/// One step in the history of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// When, by the server's clock.
    pub at: Millis,
    /// Who; none for the server itself.
    pub by: Option<PersonName>,
    /// What.
    pub action: HistoryAction,
    /// The photo that it is about.
    pub photo_id: Option<PhotoId>,
    /// Words, such as the reason of a return.
    pub words: String,
    /// The revision that it made or judged.
    pub revision: u32,
}

/// Steps in the history of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HistoryAction {
    /// The first version arrived.
    Created,
    /// The author changed it.
    Edited,
    /// A photo's bytes became durable.
    PhotoHeld,
    /// A file's bytes became durable.
    FileHeld,
    /// An officer accepted it or a photo of it.
    Accepted,
    /// An officer returned it or a photo of it.
    Returned,
    /// The author withdrew it.
    Withdrawn,
    /// An officer took a verdict back: it waits for one again.
    Reopened,
}
