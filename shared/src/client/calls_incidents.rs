//! Cameras, cases, footage, the inbox: one method per endpoint.

use super::calls::{Answer, get, post, text, wire};
use super::{Client, HttpRequest, Method, Transport};
use crate::api::*;
use crate::id::*;

#[expect(
    missing_docs,
    reason = "each method is its endpoint, described in docs/API.md and the OpenAPI document"
)]
impl<T: Transport> Client<T> {
    pub async fn cameras(&self, area: Option<AreaId>) -> Answer<Vec<CameraView>, T> {
        self.json(get("/cameras").query(&[("area", text(&area))])).await
    }

    pub async fn create_camera(&self, body: &CameraDraft) -> Answer<CameraView, T> {
        self.json(post("/cameras").json(body)).await
    }

    pub async fn edit_camera(
        &self,
        id: CameraId,
        revision: u32,
        body: &CameraDraft,
    ) -> Answer<CameraView, T> {
        let request = HttpRequest::new(Method::Put, &format!("/cameras/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn retire_camera(&self, id: CameraId, revision: u32) -> Answer<(), T> {
        let request = HttpRequest::new(Method::Delete, &format!("/cameras/{id}"));
        self.done(request.if_match(revision)).await
    }

    pub async fn import_cameras(&self, csv: Vec<u8>, dry_run: bool) -> Answer<ImportReport, T> {
        let request = post("/cameras/import").query(&[("dry_run", Some(dry_run.to_string()))]);
        self.json(request.bytes("text/csv", csv)).await
    }

    pub async fn cases(&self, query: &CaseQuery) -> Answer<Page<CaseRow>, T> {
        let request = get("/incidents").query(&[
            ("area", text(&query.area)),
            ("state", wire(&query.state)),
            ("assignee", text(&query.assignee)),
            ("after", query.after.clone()),
            ("limit", text(&query.limit)),
        ]);
        self.json(request).await
    }

    pub async fn case(&self, id: RecordId) -> Answer<CaseDetail, T> {
        self.json(get(&format!("/incidents/{id}"))).await
    }

    pub async fn step_case(&self, id: RecordId, revision: u32, body: &NewCaseStep) -> Answer<CaseRow, T> {
        let request = post(&format!("/incidents/{id}/steps"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn assign_case(&self, id: RecordId, revision: u32, body: &NewAssignee) -> Answer<CaseRow, T> {
        let request = post(&format!("/incidents/{id}/assignee"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn weigh_case(&self, id: RecordId, revision: u32, body: &NewSeverity) -> Answer<CaseRow, T> {
        let request = post(&format!("/incidents/{id}/severity"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn compare_cases(&self, id: RecordId, body: &NewComparison) -> Answer<(), T> {
        self.done(post(&format!("/incidents/{id}/same-event")).json(body))
            .await
    }

    pub async fn place_case(&self, id: RecordId, revision: u32, body: &NewPlace) -> Answer<CaseRow, T> {
        let request = post(&format!("/incidents/{id}/place"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn footage_requests(&self, area: Option<AreaId>) -> Answer<Vec<FootageRequestView>, T> {
        self.json(get("/footage").query(&[("area", text(&area))])).await
    }

    pub async fn request_footage(&self, body: &NewFootageRequest) -> Answer<FootageRequestView, T> {
        self.json(post("/footage").json(body)).await
    }

    pub async fn withdraw_footage(
        &self,
        id: FootageRequestId,
        body: &NewFootageWithdrawal,
    ) -> Answer<FootageRequestView, T> {
        self.json(post(&format!("/footage/{id}/withdrawal")).json(body))
            .await
    }

    pub async fn my_footage_tasks(&self) -> Answer<Vec<MyFootageTask>, T> {
        self.json(get("/footage/tasks")).await
    }

    pub async fn answer_footage(
        &self,
        id: FootageTaskId,
        revision: u32,
        body: &FootageAnswer,
    ) -> Answer<FootageTaskView, T> {
        let request = post(&format!("/footage/tasks/{id}/answer"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn inbox(&self) -> Answer<Inbox, T> {
        self.json(get("/inbox")).await
    }

    pub async fn mark_read(&self, body: &MarkRead) -> Answer<(), T> {
        self.done(post("/inbox/read").json(body)).await
    }

    pub async fn push_state(&self) -> Answer<PushState, T> {
        self.json(get("/push")).await
    }

    pub async fn push_subscribe(&self, body: &NewPushSubscription) -> Answer<(), T> {
        self.done(HttpRequest::new(Method::Put, "/push").json(body)).await
    }

    pub async fn push_unsubscribe(&self) -> Answer<(), T> {
        self.done(HttpRequest::new(Method::Delete, "/push")).await
    }

    pub async fn push_try(&self) -> Answer<(), T> {
        self.done(post("/push/trial")).await
    }
}
