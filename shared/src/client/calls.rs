//! One method per endpoint. The route list with all rules is in `docs/API.md`.

use super::{CallError, Client, HttpRequest, HttpResponse, Method, Transport};
use crate::api::*;
use crate::evidence::SignedReceipt;
use crate::id::*;
use crate::json::{self, ToJson};
use crate::loudspeaker::{BroadcastSchedule, ScheduleTerms};
use crate::record::{RecordDraft, RecordView};
use crate::sync::*;
use crate::time::LocalDate;
use crate::track::TrackSummary;

pub(super) type Answer<A, T> = Result<A, CallError<<T as Transport>::Error>>;

pub(super) fn get(path: &str) -> HttpRequest {
    HttpRequest::new(Method::Get, path)
}

pub(super) fn post(path: &str) -> HttpRequest {
    HttpRequest::new(Method::Post, path)
}

pub(super) fn text<V: ToString>(value: &Option<V>) -> Option<String> {
    value.as_ref().map(V::to_string)
}

/// The wire form of a value that is written as a word.
pub(super) fn wire<V: ToJson>(value: &Option<V>) -> Option<String> {
    json::word(value.as_ref()?.to_json()).ok()
}

#[expect(
    missing_docs,
    reason = "each method is its endpoint, described in docs/API.md and the OpenAPI document"
)]
impl<T: Transport> Client<T> {
    // Access

    pub async fn sign_in(&self, body: &SignIn) -> Answer<SignedIn, T> {
        self.remember(self.json(post("/auth/sign-in").json(body)).await)
    }

    pub async fn refresh(&self) -> Answer<SignedIn, T> {
        self.remember(
            self.json(post("/auth/refresh").json(&serde_json::json!({})))
                .await,
        )
    }

    pub async fn sign_out(&self) -> Answer<(), T> {
        self.done(post("/auth/sign-out").json(&serde_json::json!({})))
            .await?;
        self.set_token(None);
        Ok(())
    }

    pub async fn check_enrolment(&self, body: &EnrolCheck) -> Answer<EnrolInfo, T> {
        self.json(post("/auth/enrol/check").json(body)).await
    }

    pub async fn enrol(&self, body: &Enrol) -> Answer<SignedIn, T> {
        self.remember(self.json(post("/auth/enrol").json(body)).await)
    }

    pub async fn change_password(&self, body: &ChangePassword) -> Answer<(), T> {
        self.done(post("/auth/password").json(body)).await
    }

    pub async fn me(&self) -> Answer<Me, T> {
        self.json(get("/me")).await
    }

    pub async fn sessions(&self) -> Answer<Vec<SessionView>, T> {
        self.json(get("/sessions")).await
    }

    pub async fn end_session(&self, id: SessionId) -> Answer<(), T> {
        self.done(HttpRequest::new(Method::Delete, &format!("/sessions/{id}")))
            .await
    }

    fn remember(&self, answer: Answer<SignedIn, T>) -> Answer<SignedIn, T> {
        if let Ok(signed_in) = &answer {
            self.set_token(Some(signed_in.access_token.clone()));
        }
        answer
    }

    // Sync

    pub async fn push(&self, body: &PushRequest) -> Answer<PushAnswer, T> {
        self.json(post("/sync/push").json(body)).await
    }

    pub async fn pull(&self, cursor: Option<String>) -> Answer<PullAnswer, T> {
        self.json(get("/sync/pull").query(&[("cursor", cursor)])).await
    }

    pub async fn scope(&self) -> Answer<Scope, T> {
        self.json(get("/sync/scope")).await
    }

    pub async fn held(&self, date: LocalDate) -> Answer<Held, T> {
        self.json(get("/sync/held").query(&[("date", Some(date.to_string()))]))
            .await
    }

    // Records and review

    pub async fn create_record(&self, draft: &RecordDraft) -> Answer<RecordView, T> {
        self.json(post("/records").json(draft)).await
    }

    pub async fn edit_record(&self, draft: &RecordDraft, revision: u32) -> Answer<RecordView, T> {
        let path = format!("/records/{}", draft.id);
        self.json(
            HttpRequest::new(Method::Put, &path)
                .if_match(revision)
                .json(draft),
        )
        .await
    }

    pub async fn withdraw_record(&self, id: RecordId, revision: u32) -> Answer<(), T> {
        self.done(HttpRequest::new(Method::Delete, &format!("/records/{id}")).if_match(revision))
            .await
    }

    pub async fn record(&self, id: RecordId) -> Answer<RecordDetail, T> {
        self.json(get(&format!("/records/{id}"))).await
    }

    pub async fn records(&self, query: &RecordQuery) -> Answer<Page<RecordRow>, T> {
        let request = get("/records").query(&[
            ("area", text(&query.area)),
            ("kind", query.kind.clone()),
            ("status", query.status.map(|status| status.as_str().to_owned())),
            ("author", text(&query.author)),
            ("team", text(&query.team)),
            ("from", text(&query.from)),
            ("to", text(&query.to)),
            ("flagged", text(&query.flagged)),
            ("flag", wire(&query.flag)),
            ("search", query.search.clone()),
            ("sort", wire(&query.sort)),
            ("reverse", text(&query.reverse)),
            ("after", query.after.clone()),
            ("limit", text(&query.limit)),
        ]);
        self.json(request).await
    }

    pub async fn record_counts(&self, area: Option<AreaId>) -> Answer<RecordCounts, T> {
        self.json(get("/records/counts").query(&[("area", text(&area))]))
            .await
    }

    pub async fn review(&self, id: RecordId, revision: u32, body: &NewReview) -> Answer<RecordView, T> {
        self.json(
            post(&format!("/records/{id}/review"))
                .if_match(revision)
                .json(body),
        )
        .await
    }

    pub async fn import_gpx(&self, id: RecordId, gpx: Vec<u8>) -> Answer<TrackSummary, T> {
        self.json(post(&format!("/records/{id}/track/gpx")).bytes("application/gpx+xml", gpx))
            .await
    }

    // Photos

    pub async fn photo_receipt(&self, id: PhotoId) -> Answer<SignedReceipt, T> {
        self.json(get(&format!("/photos/{id}/receipt"))).await
    }

    /// Bytes of `thumbnail`, `preview` or `original`.
    pub async fn photo_bytes(&self, id: PhotoId, rendition: &str) -> Answer<HttpResponse, T> {
        self.send(get(&format!("/photos/{id}/{rendition}"))).await
    }

    /// Bytes of a file of a record.
    pub async fn file_bytes(&self, id: PhotoId) -> Answer<HttpResponse, T> {
        self.send(get(&format!("/files/{id}"))).await
    }

    // Exports

    /// Asks for a file of records.
    pub async fn create_export(&self, new: &NewExport) -> Answer<ExportView, T> {
        self.json(post("/exports").json(new)).await
    }

    /// One's own exports, newest first.
    pub async fn exports(&self) -> Answer<Vec<ExportView>, T> {
        self.json(get("/exports")).await
    }

    /// How far an export is.
    pub async fn export(&self, id: JobId) -> Answer<ExportView, T> {
        self.json(get(&format!("/exports/{id}"))).await
    }

    /// The finished file from byte `from` on.
    pub async fn export_file(&self, id: JobId, from: u64) -> Answer<HttpResponse, T> {
        let request = get(&format!("/exports/{id}/file"));
        self.send(match from {
            0 => request,
            from => request.header("range", format!("bytes={from}-")),
        })
        .await
    }

    // Areas

    pub async fn areas(
        &self,
        parent: Option<AreaId>,
        search: Option<String>,
        as_of: Option<LocalDate>,
        after: Option<String>,
    ) -> Answer<Page<AreaView>, T> {
        let request = get("/areas").query(&[
            ("parent", text(&parent)),
            ("search", search),
            ("as_of", text(&as_of)),
            ("after", after),
        ]);
        self.json(request).await
    }

    pub async fn area(&self, id: AreaId, as_of: Option<LocalDate>) -> Answer<AreaView, T> {
        self.json(get(&format!("/areas/{id}")).query(&[("as_of", text(&as_of))]))
            .await
    }

    pub async fn resolve_area(
        &self,
        code: &str,
        as_of: Option<LocalDate>,
        on: Option<LocalDate>,
    ) -> Answer<Resolved, T> {
        let request = get("/areas/resolve").query(&[
            ("code", Some(code.to_owned())),
            ("as_of", text(&as_of)),
            ("on", text(&on)),
        ]);
        self.json(request).await
    }

    /// GeoJSON FeatureCollection of the area, what is directly below it, and its checkpoints.
    pub async fn area_map(&self, id: AreaId) -> Answer<serde_json::Value, T> {
        self.json(get(&format!("/areas/{id}/map"))).await
    }

    /// Where map tiles come from.
    pub async fn map_settings(&self) -> Answer<MapSettings, T> {
        self.json(get("/map")).await
    }

    pub async fn units(&self, area: AreaId) -> Answer<Vec<UnitView>, T> {
        self.json(get(&format!("/areas/{area}/units"))).await
    }

    pub async fn create_unit(&self, area: AreaId, body: &NewUnit) -> Answer<UnitView, T> {
        self.json(post(&format!("/areas/{area}/units")).json(body)).await
    }

    pub async fn import_areas(
        &self,
        media_type: &str,
        body: Vec<u8>,
        dry_run: bool,
    ) -> Answer<ImportReport, T> {
        let request = post("/areas/import").query(&[("dry_run", Some(dry_run.to_string()))]);
        self.json(request.bytes(media_type, body)).await
    }

    // People and teams

    pub async fn users(
        &self,
        area: Option<AreaId>,
        search: Option<String>,
        after: Option<String>,
    ) -> Answer<Page<UserView>, T> {
        self.json(get("/users").query(&[("area", text(&area)), ("search", search), ("after", after)]))
            .await
    }

    pub async fn create_user(&self, body: &NewUser) -> Answer<UserView, T> {
        self.json(post("/users").json(body)).await
    }

    pub async fn import_users(&self, csv: Vec<u8>, dry_run: bool) -> Answer<ImportReport, T> {
        let request = post("/users/import").query(&[("dry_run", Some(dry_run.to_string()))]);
        self.json(request.bytes("text/csv", csv)).await
    }

    pub async fn add_membership(&self, user: UserId, body: &NewMembership) -> Answer<MembershipView, T> {
        self.json(post(&format!("/users/{user}/memberships")).json(body))
            .await
    }

    pub async fn set_membership_state(
        &self,
        id: MembershipId,
        body: &SetMembershipState,
    ) -> Answer<MembershipView, T> {
        self.json(post(&format!("/memberships/{id}/state")).json(body))
            .await
    }

    pub async fn new_enrolment(&self, user: UserId) -> Answer<EnrolmentView, T> {
        self.json(post(&format!("/users/{user}/enrolment")).json(&serde_json::json!({})))
            .await
    }

    pub async fn sessions_of(&self, user: UserId) -> Answer<Vec<SessionView>, T> {
        self.json(get(&format!("/users/{user}/sessions"))).await
    }

    pub async fn end_session_of(&self, user: UserId, session: SessionId) -> Answer<(), T> {
        self.done(HttpRequest::new(
            Method::Delete,
            &format!("/users/{user}/sessions/{session}"),
        ))
        .await
    }

    pub async fn teams(&self, area: Option<AreaId>) -> Answer<Vec<TeamView>, T> {
        self.json(get("/teams").query(&[("area", text(&area))])).await
    }

    pub async fn create_team(&self, body: &NewTeam) -> Answer<TeamView, T> {
        self.json(post("/teams").json(body)).await
    }

    pub async fn checkpoints(&self, area: Option<AreaId>) -> Answer<Vec<Checkpoint>, T> {
        self.json(get("/checkpoints").query(&[("area", text(&area))]))
            .await
    }

    pub async fn retired_checkpoints(&self) -> Answer<Vec<Checkpoint>, T> {
        self.json(get("/checkpoints").query(&[("retired", Some("true".to_owned()))]))
            .await
    }

    pub async fn edit_checkpoint(
        &self,
        id: CheckpointId,
        revision: u32,
        body: &NewCheckpoint,
    ) -> Answer<Checkpoint, T> {
        let request = HttpRequest::new(Method::Put, &format!("/checkpoints/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn retire_checkpoint(&self, id: CheckpointId, revision: u32) -> Answer<Checkpoint, T> {
        let request = post(&format!("/checkpoints/{id}/retire"));
        self.json(request.if_match(revision)).await
    }

    pub async fn reopen_checkpoint(&self, id: CheckpointId, revision: u32) -> Answer<Checkpoint, T> {
        let request = post(&format!("/checkpoints/{id}/reopen"));
        self.json(request.if_match(revision)).await
    }

    /// The sheet to print and hang up, an SVG image with the QR code.
    pub async fn checkpoint_sheet(&self, id: CheckpointId) -> Answer<HttpResponse, T> {
        self.send(get(&format!("/checkpoints/{id}/qr"))).await
    }

    pub async fn create_checkpoint(&self, body: &NewCheckpoint) -> Answer<Checkpoint, T> {
        self.json(post("/checkpoints").json(body)).await
    }

    // Loudspeaker sessions

    /// The week that holds `week`, today's by default.
    pub async fn broadcast_week(&self, area: AreaId, week: Option<LocalDate>) -> Answer<BroadcastWeek, T> {
        let query = [("area", text(&Some(area))), ("week", text(&week))];
        self.json(get("/broadcast/week").query(&query)).await
    }

    pub async fn broadcast_coverage(
        &self,
        area: AreaId,
        week: Option<LocalDate>,
        weeks: Option<u32>,
    ) -> Answer<Coverage, T> {
        let request = get("/broadcast/coverage").query(&[
            ("area", text(&Some(area))),
            ("week", text(&week)),
            ("weeks", text(&weeks)),
        ]);
        self.json(request).await
    }

    pub async fn confirm_slots(&self, body: &ConfirmSlots) -> Answer<Vec<SlotResult>, T> {
        self.json(post("/broadcast/confirmations").json(body)).await
    }

    pub async fn broadcast_schedules(&self, area: Option<AreaId>) -> Answer<Vec<BroadcastSchedule>, T> {
        self.json(get("/broadcast/schedules").query(&[("area", text(&area))]))
            .await
    }

    pub async fn create_broadcast_schedule(&self, body: &ScheduleTerms) -> Answer<BroadcastSchedule, T> {
        self.json(post("/broadcast/schedules").json(body)).await
    }

    pub async fn edit_broadcast_schedule(
        &self,
        id: BroadcastScheduleId,
        revision: u32,
        body: &ScheduleTerms,
    ) -> Answer<BroadcastSchedule, T> {
        let request = HttpRequest::new(Method::Put, &format!("/broadcast/schedules/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn delete_broadcast_schedule(&self, id: BroadcastScheduleId, revision: u32) -> Answer<(), T> {
        let request = HttpRequest::new(Method::Delete, &format!("/broadcast/schedules/{id}"));
        self.done(request.if_match(revision)).await
    }
}
