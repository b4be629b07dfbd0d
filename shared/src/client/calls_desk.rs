//! The desk's tables: saved views and bulk verdicts, one method per endpoint.

use super::calls::{Answer, get, post};
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

    pub async fn preview_bulk(&self, body: &NewBulk) -> Answer<BulkPreview, T> {
        self.json(post("/bulk/preview").json(body)).await
    }

    pub async fn create_bulk(&self, body: &NewBulk) -> Answer<BulkView, T> {
        self.json(post("/bulk").json(body)).await
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
