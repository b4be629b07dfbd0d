//! Calls about planned shifts, patrol routes and tasks.

use super::calls::{Answer, get, post, text};
use super::{Client, HttpRequest, Method, Transport};
use crate::api::{CopiedShift, CopyWeek, NewDaySpan, NewPatrolPlan, Page, SpanQuery, WorkingYear};
use crate::id::{AreaId, PatrolPlanId, PatrolRouteId, TaskId};
use crate::patrol_route::{PatrolRoute, RouteTerms};
use crate::sync::PatrolPlan;
use crate::task::{NewTask, Task, TaskState, TaskStep};
use crate::time::LocalDate;

#[expect(
    missing_docs,
    reason = "each method is its endpoint, described in docs/API.md and the OpenAPI document"
)]
impl<T: Transport> Client<T> {
    pub async fn working_days(&self, year: Option<i32>) -> Answer<WorkingYear, T> {
        self.json(get("/working-days").query(&[("year", text(&year))]))
            .await
    }

    pub async fn set_working_days(&self, body: &NewDaySpan) -> Answer<WorkingYear, T> {
        self.json(HttpRequest::new(Method::Put, "/working-days").json(body))
            .await
    }

    pub async fn clear_working_days(&self, span: SpanQuery) -> Answer<WorkingYear, T> {
        let request = HttpRequest::new(Method::Delete, "/working-days");
        let query = [
            ("from", Some(span.from.to_string())),
            ("to", Some(span.to.to_string())),
        ];
        self.json(request.query(&query)).await
    }

    /// Shifts that start in the week of a day, or from yesterday on.
    pub async fn patrol_plans(
        &self,
        area: Option<AreaId>,
        week: Option<LocalDate>,
    ) -> Answer<Vec<PatrolPlan>, T> {
        let request = get("/patrol-plans").query(&[("area", text(&area)), ("week", text(&week))]);
        self.json(request).await
    }

    pub async fn create_patrol_plan(&self, body: &NewPatrolPlan) -> Answer<PatrolPlan, T> {
        self.json(post("/patrol-plans").json(body)).await
    }

    /// Moves or changes a shift that nobody has begun.
    pub async fn edit_patrol_plan(
        &self,
        id: PatrolPlanId,
        revision: u32,
        body: &NewPatrolPlan,
    ) -> Answer<PatrolPlan, T> {
        let request = HttpRequest::new(Method::Put, &format!("/patrol-plans/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn delete_patrol_plan(&self, id: PatrolPlanId, revision: u32) -> Answer<(), T> {
        let request = HttpRequest::new(Method::Delete, &format!("/patrol-plans/{id}"));
        self.done(request.if_match(revision)).await
    }

    /// The shifts of one week again in another.
    pub async fn copy_patrol_plans(&self, body: &CopyWeek) -> Answer<Vec<CopiedShift>, T> {
        self.json(post("/patrol-plans/copy").json(body)).await
    }

    /// Tasks in a state; `after` is `next` of the page before.
    pub async fn tasks(
        &self,
        area: Option<AreaId>,
        state: TaskState,
        after: Option<String>,
    ) -> Answer<Page<Task>, T> {
        let query = [
            ("area", text(&area)),
            ("state", Some(state.as_str().to_owned())),
            ("after", after),
        ];
        self.json(get("/tasks").query(&query)).await
    }

    pub async fn create_task(&self, body: &NewTask) -> Answer<Task, T> {
        self.json(post("/tasks").json(body)).await
    }

    pub async fn edit_task(&self, revision: u32, body: &NewTask) -> Answer<Task, T> {
        let request = HttpRequest::new(Method::Put, &format!("/tasks/{}", body.id));
        self.json(request.if_match(revision).json(body)).await
    }

    /// Takes a task a step further, if it is still as it was seen.
    pub async fn step_task(&self, id: TaskId, revision: u32, step: &TaskStep) -> Answer<Task, T> {
        let request = post(&format!("/tasks/{id}/step")).if_match(revision);
        self.json(request.json(step)).await
    }

    pub async fn patrol_routes(&self, area: Option<AreaId>) -> Answer<Vec<PatrolRoute>, T> {
        self.json(get("/patrol-routes").query(&[("area", text(&area))]))
            .await
    }

    pub async fn create_patrol_route(&self, body: &RouteTerms) -> Answer<PatrolRoute, T> {
        self.json(post("/patrol-routes").json(body)).await
    }

    pub async fn edit_patrol_route(
        &self,
        id: PatrolRouteId,
        revision: u32,
        body: &RouteTerms,
    ) -> Answer<PatrolRoute, T> {
        let request = HttpRequest::new(Method::Put, &format!("/patrol-routes/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn delete_patrol_route(&self, id: PatrolRouteId, revision: u32) -> Answer<(), T> {
        let request = HttpRequest::new(Method::Delete, &format!("/patrol-routes/{id}"));
        self.done(request.if_match(revision)).await
    }
}
