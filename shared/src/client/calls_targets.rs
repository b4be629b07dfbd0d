//! Plans with targets and their figures: one method per endpoint.

use super::calls::{Answer, get, post, text, wire};
use super::{Client, HttpRequest, HttpResponse, Method, Transport};
use crate::api::*;
use crate::campaign::CampaignDays;
use crate::id::*;
use crate::model_register::Ending;
use crate::target::PlanTerms;
use crate::time::LocalDate;

#[expect(
    missing_docs,
    reason = "each method is its endpoint, described in docs/API.md and the OpenAPI document"
)]
impl<T: Transport> Client<T> {
    pub async fn ready_made_plans(&self) -> Answer<Vec<ReadyMadePlan>, T> {
        self.json(get("/target-plans/ready-made")).await
    }

    pub async fn indicators(&self) -> Answer<Vec<Indicator>, T> {
        self.json(get("/target-plans/indicators")).await
    }

    pub async fn paste_targets(&self, body: &PasteRequest) -> Answer<Vec<PastedLine>, T> {
        self.json(post("/target-plans/paste").json(body)).await
    }

    pub async fn draft_ready_made(&self, area: AreaId, year: i32, id: &str) -> Answer<PlanDraft, T> {
        let query = [
            ("area", text(&Some(area))),
            ("year", text(&Some(year))),
            ("ready_made", Some(id.to_owned())),
        ];
        self.json(get("/target-plans/draft").query(&query)).await
    }

    pub async fn draft_copy(&self, area: AreaId, year: i32, plan: TargetPlanId) -> Answer<PlanDraft, T> {
        let query = [
            ("area", text(&Some(area))),
            ("year", text(&Some(year))),
            ("copy", text(&Some(plan))),
        ];
        self.json(get("/target-plans/draft").query(&query)).await
    }

    pub async fn target_plans(&self) -> Answer<Vec<TargetPlanRow>, T> {
        self.json(get("/target-plans")).await
    }

    pub async fn target_plan(&self, id: TargetPlanId) -> Answer<TargetPlanView, T> {
        self.json(get(&format!("/target-plans/{id}"))).await
    }

    pub async fn create_target_plan(&self, body: &PlanTerms) -> Answer<TargetPlanView, T> {
        self.json(post("/target-plans").json(body)).await
    }

    pub async fn edit_target_plan(
        &self,
        id: TargetPlanId,
        revision: u32,
        body: &PlanTerms,
    ) -> Answer<TargetPlanView, T> {
        let request = HttpRequest::new(Method::Put, &format!("/target-plans/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn end_target_plan(&self, id: TargetPlanId, revision: u32) -> Answer<(), T> {
        let request = HttpRequest::new(Method::Delete, &format!("/target-plans/{id}"));
        self.done(request.if_match(revision)).await
    }

    pub async fn reopen_target_plan(&self, id: TargetPlanId, revision: u32) -> Answer<TargetPlanView, T> {
        let request = post(&format!("/target-plans/{id}/reopen"));
        self.json(request.if_match(revision)).await
    }

    pub async fn target_progress(
        &self,
        id: TargetPlanId,
        area: Option<AreaId>,
        on: Option<OnTree>,
        day: Option<LocalDate>,
    ) -> Answer<ProgressMatrix, T> {
        let query = [("area", text(&area)), ("on", wire(&on)), ("day", text(&day))];
        let request = get(&format!("/target-plans/{id}/progress"));
        self.json(request.query(&query)).await
    }

    /// The matrix as the appendix of its plan: an Excel file.
    pub async fn target_appendix(
        &self,
        id: TargetPlanId,
        area: Option<AreaId>,
        on: Option<OnTree>,
    ) -> Answer<HttpResponse, T> {
        let query = [("area", text(&area)), ("on", wire(&on))];
        self.send(get(&format!("/target-plans/{id}/appendix")).query(&query))
            .await
    }

    /// How a figure of a matrix on that tree grew.
    pub async fn target_pace(
        &self,
        id: TargetPlanId,
        target: &str,
        area: AreaId,
        on: Option<OnTree>,
        day: Option<LocalDate>,
    ) -> Answer<TargetPace, T> {
        let query = [
            ("target", Some(target.to_owned())),
            ("area", text(&Some(area))),
            ("on", wire(&on)),
            ("day", text(&day)),
        ];
        self.json(get(&format!("/target-plans/{id}/pace")).query(&query))
            .await
    }

    /// The versions of a plan, the newest first.
    pub async fn plan_versions(&self, id: TargetPlanId) -> Answer<Vec<PlanVersion>, T> {
        self.json(get(&format!("/target-plans/{id}/versions"))).await
    }

    /// What a plan said in one of its versions.
    pub async fn plan_version(&self, id: TargetPlanId, revision: u32) -> Answer<PlanVersionView, T> {
        self.json(get(&format!("/target-plans/{id}/versions/{revision}")))
            .await
    }

    /// What the plan of the year before had come to.
    pub async fn year_before(
        &self,
        id: TargetPlanId,
        area: AreaId,
        day: Option<LocalDate>,
    ) -> Answer<Vec<YearBefore>, T> {
        let query = [("area", text(&Some(area))), ("day", text(&day))];
        self.json(get(&format!("/target-plans/{id}/year-before")).query(&query))
            .await
    }

    /// One target, unit by unit, beside the same one of the year before.
    pub async fn target_years(
        &self,
        id: TargetPlanId,
        target: &str,
        area: AreaId,
        day: Option<LocalDate>,
    ) -> Answer<YearsOfTarget, T> {
        let query = [
            ("target", Some(target.to_owned())),
            ("area", text(&Some(area))),
            ("day", text(&day)),
        ];
        self.json(get(&format!("/target-plans/{id}/years")).query(&query))
            .await
    }

    /// The records behind a figure of a matrix on that tree.
    pub async fn behind_figure(
        &self,
        id: TargetPlanId,
        target: &str,
        area: AreaId,
        on: Option<OnTree>,
    ) -> Answer<Vec<BehindRow>, T> {
        self.behind_figure_shown(id, target, area, on, None).await
    }

    pub async fn behind_figure_shown(
        &self,
        id: TargetPlanId,
        target: &str,
        area: AreaId,
        on: Option<OnTree>,
        show: Option<BehindShow>,
    ) -> Answer<Vec<BehindRow>, T> {
        let query = [
            ("target", Some(target.to_owned())),
            ("area", text(&Some(area))),
            ("on", wire(&on)),
            ("show", wire(&show)),
        ];
        let request = get(&format!("/target-plans/{id}/behind"));
        self.json(request.query(&query)).await
    }

    pub async fn record_targets(&self, id: RecordId) -> Answer<Vec<RecordTarget>, T> {
        self.json(get(&format!("/records/{id}/targets"))).await
    }

    pub async fn target_reminders(&self) -> Answer<Vec<TargetReminder>, T> {
        self.json(get("/target-reminders")).await
    }

    pub async fn models(&self, query: &ModelQuery) -> Answer<ModelRegister, T> {
        let request = get("/models").query(&[
            ("area", text(&query.area)),
            ("category", query.category.clone()),
            ("state", wire(&query.state)),
            ("rating", query.rating.clone()),
            ("search", query.search.clone()),
            ("overdue", text(&query.overdue)),
        ]);
        self.json(request).await
    }

    pub async fn model(&self, which: &WhichModel) -> Answer<ModelView, T> {
        self.json(get("/models/one").query(&named(which))).await
    }

    pub async fn end_model(&self, which: &WhichModel, revision: u32, body: &Ending) -> Answer<ModelView, T> {
        let request = HttpRequest::new(Method::Put, "/models/ending").query(&named(which));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn reopen_model(&self, which: &WhichModel, revision: u32) -> Answer<ModelView, T> {
        let request = HttpRequest::new(Method::Delete, "/models/ending").query(&named(which));
        self.json(request.if_match(revision)).await
    }

    /// The calendar of an area in a year.
    pub async fn campaigns(&self, area: AreaId, year: Option<i32>) -> Answer<CampaignCalendar, T> {
        let query = [("area", text(&Some(area))), ("year", text(&year))];
        self.json(get("/campaigns").query(&query)).await
    }

    /// The activities of a campaign of that calendar.
    pub async fn campaign_records(
        &self,
        area: AreaId,
        year: i32,
        key: &str,
    ) -> Answer<Vec<CampaignRecord>, T> {
        let query = [
            ("area", text(&Some(area))),
            ("year", text(&Some(year))),
            ("campaign", Some(key.to_owned())),
        ];
        self.json(get("/campaigns/records").query(&query)).await
    }

    pub async fn set_campaign(&self, body: &NewCampaignDays) -> Answer<CampaignSet, T> {
        self.json(post("/campaigns").json(body)).await
    }

    pub async fn change_campaign(
        &self,
        id: CampaignDaysId,
        revision: u32,
        body: &CampaignDays,
    ) -> Answer<CampaignSet, T> {
        let request = HttpRequest::new(Method::Put, &format!("/campaigns/{id}"));
        self.json(request.if_match(revision).json(body)).await
    }

    pub async fn unset_campaign(&self, id: CampaignDaysId, revision: u32) -> Answer<(), T> {
        let request = HttpRequest::new(Method::Delete, &format!("/campaigns/{id}"));
        self.done(request.if_match(revision)).await
    }

    pub async fn my_targets(&self) -> Answer<Vec<MyTarget>, T> {
        self.json(get("/my-targets")).await
    }
}

fn named(which: &WhichModel) -> [(&'static str, Option<String>); 3] {
    [
        ("commune", text(&Some(which.commune))),
        ("category", Some(which.category.clone())),
        ("name", Some(which.name.clone())),
    ]
}
