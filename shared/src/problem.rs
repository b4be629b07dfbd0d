//! What can go wrong, as one closed list. On the wire a problem is RFC 9457 `application/problem+json`.

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// Every kind of problem that the server reports. The wire form is the stable snake-case code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
        }

        impl ProblemCode {
            /// All codes, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// A short English title for developers; people read the words that the app keeps for the code.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

problem_codes! {
    /// The body, a query parameter or a header could not be read at all.
    MalformedRequest = "malformed_request", 400, "The request could not be read";
    /// Fields are wrong; `fields` says which and why.
    InvalidFields = "invalid_fields", 422, "Some fields are not valid";
    /// No token, or one that is not valid any more.
    NotSignedIn = "not_signed_in", 401, "Sign in first";
    /// The access token has run out; refresh and repeat.
    TokenExpired = "token_expired", 401, "The access token has expired";
    /// Name or password is wrong; deliberately the same for an unknown name.
    WrongCredentials = "wrong_credentials", 401, "Wrong name or password";
    /// The device session was ended by the person, an administrator, or because a refresh value was used twice.
    SessionEnded = "session_ended", 401, "This device session has ended";
    /// The caller's role does not allow the action, on an object that the caller may see.
    Forbidden = "forbidden", 403, "Not allowed";
    /// A state-changing request came from another origin.
    ForeignOrigin = "foreign_origin", 403, "The request comes from a foreign origin";
    /// No such object, or one that the caller may not know of.
    NotFound = "not_found", 404, "Not found";
    /// The address exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The id is taken by other content; `stored` holds what the server has.
    IdTaken = "id_taken", 409, "The id exists with other content";
    /// The step does not fit the current state; `state` says which it is.
    StateConflict = "state_conflict", 409, "The object is in another state";
    /// A name that must be unique is taken.
    NameTaken = "name_taken", 409, "The name is taken";
    /// Somebody has confirmed this slot already; `stored` holds who, and the record.
    SlotTaken = "slot_taken", 409, "The slot is confirmed already";
    /// Upload offsets do not agree; ask with HEAD and go on from there.
    OffsetMismatch = "offset_mismatch", 409, "The upload offset does not match";
    /// The object was withdrawn or erased.
    Gone = "gone", 410, "The object is gone";
    /// The cursor belongs to another epoch or scope; pull again from the beginning.
    CursorExpired = "cursor_expired", 410, "The cursor has expired";
    /// The enrolment code was used, revoked or has run out.
    EnrolmentExpired = "enrolment_expired", 410, "The enrolment code is not valid any more";
    /// `If-Match` does not name the current revision.
    RevisionMismatch = "revision_mismatch", 412, "Changed by somebody else";
    /// The body is larger than the stated limit.
    TooLarge = "too_large", 413, "Too large";
    /// Not one of the accepted media types, judged by magic bytes.
    UnsupportedMedia = "unsupported_media", 415, "Unsupported media type";
    /// A file that is no PDF by its bytes.
    NotPdf = "not_pdf", 415, "Not a PDF";
    /// A PDF that is cut off or damaged.
    FileBroken = "file_broken", 422, "The PDF is damaged";
    /// A PDF that is encrypted.
    FileLocked = "file_locked", 422, "The PDF is encrypted";
    /// `If-Match` is missing on an edit.
    RevisionRequired = "revision_required", 428, "If-Match is required";
    /// Too many tries; `Retry-After` says when to try again.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// The bytes received do not have the announced SHA-256.
    ChecksumMismatch = "checksum_mismatch", 460, "The checksum does not match";
    /// A fault of the server; the request id finds it in the log.
    Internal = "internal", 500, "Internal error";
    /// Too busy; nothing was done; `Retry-After` says when to try again.
    Busy = "busy", 503, "Too busy, try again";
    /// The disk is full; nothing was done and nothing stored is lost.
    StorageFull = "storage_full", 507, "Storage is full";
}

macro_rules! field_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal;)+) => {
        /// What is wrong with one field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum FieldCode {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
        }

        impl FieldCode {
            /// All codes, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

field_codes! {
    /// A required field is missing or empty.
    Required = "required";
    /// A value of another type was expected; `expected` names it.
    WrongType = "wrong_type";
    /// The field does not belong here.
    Unknown = "unknown";
    /// Fewer characters or items than `min`.
    TooShort = "too_short";
    /// More characters or items than `max`.
    TooLong = "too_long";
    /// Less than `min`.
    TooSmall = "too_small";
    /// More than `max`.
    TooBig = "too_big";
    /// Not one of the choices.
    NotAChoice = "not_a_choice";
    /// Later than now, by more than the clock tolerance.
    InFuture = "in_future";
    /// Earlier than the system accepts.
    TooEarly = "too_early";
    /// The end is before the start.
    EndBeforeStart = "end_before_start";
    /// Longer than `max` milliseconds.
    TooLongAgo = "too_long_duration";
    /// Not a valid number, date, code, key or other format; `expected` names it.
    BadFormat = "bad_format";
    /// No such object in the caller's reach.
    NoSuchObject = "no_such_object";
    /// Falls together with another one; `name` says with which.
    Overlaps = "overlaps";
    /// The same entry appears twice.
    Duplicate = "duplicate";
    /// The server sets this field; a client must not send it.
    ServerOwned = "server_owned";
    /// The signature does not fit the content and the device's key.
    BadSignature = "bad_signature";
    /// Among the commonest passwords.
    TooCommon = "too_common";
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path of the field, dots between names and numbers between list items: `body.findings.0.note`.
    pub field: String,
    /// What is wrong.
    pub code: FieldCode,
    /// Numbers and words that the message needs, such as `max`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl FieldError {
    /// An error without parameters.
    pub fn new(field: impl Into<String>, code: FieldCode) -> Self {
        Self {
            field: field.into(),
            code,
            params: BTreeMap::new(),
        }
    }

    /// The same error with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same error, its field under `parent`.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

/// A problem as it travels (RFC 9457). `type` is `https://keng.invalid/problems/<code>`: stable, not an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable identifier of the kind of problem.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The closed code.
    pub code: ProblemCode,
    /// English title for developers.
    pub title: String,
    /// HTTP status, repeated.
    pub status: u16,
    /// Fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Numbers and words that the message needs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// With `id_taken` and `revision_mismatch`: what the server holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub stored: Option<serde_json::Value>,
    /// Finds the request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem without particulars.
    pub fn new(code: ProblemCode) -> Self {
        Self {
            type_uri: format!("https://keng.invalid/problems/{}", code.as_str()),
            code,
            title: code.title().to_owned(),
            status: code.status(),
            fields: Vec::new(),
            params: BTreeMap::new(),
            stored: None,
            request_id: None,
        }
    }

    /// `invalid_fields` with these fields.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self {
            fields,
            ..Self::new(ProblemCode::InvalidFields)
        }
    }

    /// The same problem with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same problem with what the server holds.
    #[must_use]
    pub fn with_stored(mut self, stored: serde_json::Value) -> Self {
        self.stored = Some(stored);
        self
    }
}
