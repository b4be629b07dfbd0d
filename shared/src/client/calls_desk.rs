//! The desk's tables and map: saved views, bulk verdicts, squares, one method per endpoint.

use super::calls::{Answer, get, post, text, wire};
use super::{Client, HttpRequest, Method, Transport};
use crate::api::*;
use crate::id::*;

#[expect(
    missing_docs,
    reason = "each method is its endpoint, described in docs/API.md and the OpenAPI document"
)]
impl<T: Transport> Client<T> {
    pub async fn saved_views(&self) -> Answer<Vec<SavedView>, T> {
        self.json(get("/views")).await
    }

    pub async fn save_view(&self, body: &NewSavedView) -> Answer<SavedView, T> {
        self.json(post("/views").json(body)).await
    }

    pub async fn delete_view(&self, id: SavedViewId) -> Answer<(), T> {
        self.done(HttpRequest::new(Method::Delete, &format!("/views/{id}")))
            .await
    }

    pub async fn map_records(&self, query: &MapQuery) -> Answer<Vec<MapSquare>, T> {
        let number = |value: i32| Some(value.to_string());
        let request = get("/map/records").query(&[
            ("area", text(&query.area)),
            ("kind", query.kind.clone()),
            ("status", wire(&query.status)),
            ("from", Some(query.from.to_string())),
            ("to", Some(query.to.to_string())),
            ("south_e7", number(query.south_e7)),
            ("west_e7", number(query.west_e7)),
            ("north_e7", number(query.north_e7)),
            ("east_e7", number(query.east_e7)),
            ("square_e7", number(query.square_e7)),
        ]);
        self.json(request).await
    }

    pub async fn team_evaluation(&self, area: AreaId, year: Option<i32>) -> Answer<TeamEvaluation, T> {
        let request = get("/team-evaluations").query(&[("area", text(&Some(area))), ("year", text(&year))]);
        self.json(request).await
    }

    pub async fn decide_evaluation(
        &self,
        revision: u32,
        body: &DecideEvaluation,
    ) -> Answer<TeamEvaluation, T> {
        let request = HttpRequest::new(Method::Put, "/team-evaluations");
        self.json(request.if_match(revision).json(body)).await
    }

    /// The track of a patrol as GeoJSON, gaps as features of their own.
    pub async fn track(&self, id: RecordId) -> Answer<serde_json::Value, T> {
        self.json(get(&format!("/records/{id}/track"))).await
    }

    pub async fn preview_bulk(&self, body: &NewBulk) -> Answer<BulkPreview, T> {
        self.json(post("/bulk/preview").json(body)).await
    }

    pub async fn create_bulk(&self, body: &NewBulk) -> Answer<BulkView, T> {
        self.json(post("/bulk").json(body)).await
    }

    /// One's own bulk verdicts, newest first.
    pub async fn bulks(&self) -> Answer<Vec<BulkView>, T> {
        self.json(get("/bulk")).await
    }

    pub async fn bulk(&self, id: JobId) -> Answer<BulkView, T> {
        self.json(get(&format!("/bulk/{id}"))).await
    }

    pub async fn bulk_rows(&self, id: JobId, after: Option<String>) -> Answer<Page<BulkRow>, T> {
        self.json(get(&format!("/bulk/{id}/rows")).query(&[("after", after)]))
            .await
    }

    pub async fn undo_bulk(&self, id: JobId) -> Answer<BulkView, T> {
        self.json(post(&format!("/bulk/{id}/undo")).json(&serde_json::json!({})))
            .await
    }
}
