//! The permission matrix (TRUST S1): every route × role × membership state × relation of the caller's area to the
//! object's. The object lies in a commune; the caller's area is that commune, a village in it, the province above it,
//! the commune beside it, or a commune of another province.
//!
//! A route without a row here fails the test, and so does a row without a route.

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, StreamExt};
use keng_server::db::area_import::{self, Terms};
use keng_server::db::memberships::NewMembership;
use keng_server::db::{broadcast_schedules, campaigns, patrol_plans, patrol_routes, target_plans, tasks};
use keng_server::import::{self, AreaFile, Format};
use keng_server::routes::ROUTES;
use keng_shared::api::{CameraDraft, NewCampaignDays, NewPatrolPlan};
use keng_shared::campaign::{CampaignDays, OTHER};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::evidence::Origin;
use keng_shared::id::{
    AreaId, BroadcastScheduleId, CameraId, CampaignDaysId, CheckpointId, FootageRequestId, FootageTaskId,
    MembershipId, PatrolPlanId, PatrolRouteId, PhotoId, RecordId, TargetPlanId, TaskId, TeamId,
};
use keng_shared::loudspeaker::ScheduleTerms;
use keng_shared::patrol_route::RouteTerms;
use keng_shared::permission::{MembershipState, Role, Verb};
use keng_shared::record::RecordDraft;
use keng_shared::roster::ShiftKind;
use keng_shared::sync::{OpAction, TeamKind};
use keng_shared::target::PlanTerms;
use keng_shared::task::NewTask;
use keng_tests::phone::{Photo, Shot};
use keng_tests::{Asks, Person, TestApp, both_databases, drafts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

both_databases!(nobody_does_more_than_their_role_in_their_area_allows);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Own,
    Child,
    Parent,
    Sibling,
    Foreign,
}

const RELATIONS: [Relation; 5] = [
    Relation::Own,
    Relation::Child,
    Relation::Parent,
    Relation::Sibling,
    Relation::Foreign,
];
const STATES: [MembershipState; 4] = [
    MembershipState::Invited,
    MembershipState::Active,
    MembershipState::Suspended,
    MembershipState::Ended,
];

/// One caller of the matrix.
#[derive(Clone)]
struct Cell {
    role: Role,
    state: MembershipState,
    relation: Relation,
    person: Person,
}

impl Cell {
    /// Whether any role is in force.
    fn active(&self) -> bool {
        self.state == MembershipState::Active
    }

    /// Whether the object's area is the caller's or lies below it.
    fn reaches(&self) -> bool {
        self.active() && matches!(self.relation, Relation::Own | Relation::Parent)
    }

    fn may(&self, verb: Verb) -> bool {
        self.reaches() && self.role.allows(verb)
    }
}

/// What the matrix says about a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Not refused for want of permission; fields or state may still be wrong.
    Passes,
    /// 403: in reach, and the role is not enough.
    Forbidden,
    /// 404: as if there were no such object.
    Missing,
    /// 422 with `no_such_object`: the body names an area that the caller cannot reach.
    NoSuchArea,
}

/// Objects in the commune that is asked about.
struct Stage {
    app: TestApp,
    area: AreaId,
    team: TeamId,
    checkpoint: CheckpointId,
    schedule: BroadcastScheduleId,
    plan: TargetPlanId,
    author: Person,
    membership: MembershipId,
    record: RecordId,
    photo: PhotoId,
    incident: RecordId,
    camera: CameraId,
    request: FootageRequestId,
    task: FootageTaskId,
}

type Make = for<'a> fn(&'a Stage, &'a Cell) -> BoxFuture<'a, HttpRequest>;
type Rule = fn(&Cell) -> Expected;

struct Row {
    method: &'static str,
    path: &'static str,
    rule: Rule,
    make: Make,
}

fn in_area(cell: &Cell, verb: Verb) -> Expected {
    match (cell.reaches(), cell.may(verb)) {
        (_, true) => Expected::Passes,
        (true, false) => Expected::Forbidden,
        (false, _) => Expected::Missing,
    }
}

/// The role is asked first, then the area of the filter.
fn somewhere_then_in_area(cell: &Cell, verb: Verb) -> Expected {
    match somewhere(cell, verb) {
        Expected::Passes => in_area(cell, verb),
        refused => refused,
    }
}

fn somewhere(cell: &Cell, verb: Verb) -> Expected {
    match cell.active() && cell.role.allows(verb) {
        true => Expected::Passes,
        false => Expected::Forbidden,
    }
}

fn in_body(cell: &Cell, verb: Verb) -> Expected {
    match in_area(cell, verb) {
        Expected::Missing => Expected::NoSuchArea,
        other => other,
    }
}

/// The working calendar is one for all: who administers an area that nothing is above.
fn sets_the_calendar(cell: &Cell) -> Expected {
    let is_highest = matches!(cell.relation, Relation::Parent);
    match cell.active() && cell.role == Role::Administrator && is_highest {
        true => Expected::Passes,
        false => Expected::Forbidden,
    }
}

/// Staff who may read people know that the person exists; only who manages people there may change anything.
fn person_of_area(cell: &Cell) -> Expected {
    match (cell.may(Verb::ReadPeople), cell.may(Verb::ManagePeople)) {
        (_, true) => Expected::Passes,
        (true, false) => Expected::Forbidden,
        (false, false) => Expected::Missing,
    }
}

/// A record out of reading reach is missing, whatever else the role allows.
fn record_of_area(cell: &Cell, verb: Verb) -> Expected {
    match (cell.may(Verb::ReadRecords), cell.may(verb)) {
        (false, _) => Expected::Missing,
        (true, true) => Expected::Passes,
        (true, false) => Expected::Forbidden,
    }
}

fn anybody(_: &Cell) -> Expected {
    Expected::Passes
}

/// What belongs to its author alone is missing for everybody else.
fn nobody_else(_: &Cell) -> Expected {
    Expected::Missing
}

fn get(path: String) -> HttpRequest {
    HttpRequest::new(Method::Get, &path)
}

fn post(path: String, body: Value) -> HttpRequest {
    HttpRequest::new(Method::Post, &path).json(&body)
}

fn tus(method: Method, path: String) -> HttpRequest {
    HttpRequest::new(method, &path).header("tus-resumable", "1.0.0")
}

macro_rules! row {
    ($method:literal, $path:literal, $rule:expr, |$stage:ident, $cell:ident| $request:expr) => {
        Row {
            method: $method,
            path: $path,
            rule: $rule,
            make: |$stage, $cell| {
                let _ = ($stage, $cell);
                async move { $request }.boxed()
            },
        }
    };
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    vec![
        // About the caller
        row!("POST", "/api/v1/auth/password", anybody, |_s, _c| post("/auth/password".into(), json!({"current": "x", "new": "y"}))),
        row!("GET", "/api/v1/me", anybody, |_s, _c| get("/me".into())),
        row!("GET", "/api/v1/sessions", anybody, |_s, _c| get("/sessions".into())),
        row!("DELETE", "/api/v1/sessions/{id}", nobody_else, |s, _c| HttpRequest::new(Method::Delete, &format!("/sessions/{}", s.author.session))),
        row!("POST", "/api/v1/sync/push", anybody, |_s, c| post("/sync/push".into(), json!({"protocol": 1, "device_id": c.person.phone.device(), "device_time": 0, "ops": []}))),
        row!("GET", "/api/v1/sync/pull", anybody, |_s, _c| get("/sync/pull".into())),
        row!("GET", "/api/v1/sync/scope", anybody, |_s, _c| get("/sync/scope".into())),
        row!("GET", "/api/v1/sync/held", anybody, |_s, _c| get("/sync/held?date=2026-11-22".into())),

        // People
        row!("GET", "/api/v1/users", |c| somewhere_then_in_area(c, Verb::ReadPeople), |s, _c| get(format!("/users?area={}", s.area))),
        row!("POST", "/api/v1/users", |c| in_area(c, Verb::ManagePeople), |s, _c| post("/users".into(), json!({"username": "new.member", "name": "Người Mới", "membership": {"role": "member", "area_id": s.area}}))),
        row!("POST", "/api/v1/users/import", |c| somewhere(c, Verb::ManagePeople), |_s, _c| HttpRequest::new(Method::Post, "/users/import?dry_run=true").bytes("text/csv", b"username,name,role,area_id,team_id,valid_from,valid_to\n".to_vec())),
        row!("POST", "/api/v1/users/{id}/memberships", person_of_area, |s, _c| post(format!("/users/{}/memberships", s.author.id), json!({"role": "member", "area_id": s.area}))),
        row!("POST", "/api/v1/users/{id}/enrolment", person_of_area, |s, _c| post(format!("/users/{}/enrolment", s.author.id), json!({}))),
        row!("GET", "/api/v1/users/{id}/sessions", person_of_area, |s, _c| get(format!("/users/{}/sessions", s.author.id))),
        row!("DELETE", "/api/v1/users/{id}/sessions/{session}", person_of_area, |s, c| {
            let path = format!("/users/{}/sessions/{}", s.author.id, s.session_for(c).await);
            HttpRequest::new(Method::Delete, &path)
        }),
        row!("POST", "/api/v1/memberships/{id}/state", person_of_area, |s, _c| post(format!("/memberships/{}/state", s.membership), json!({"state": "active"}))),

        // Records
        row!("GET", "/api/v1/records", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/records?area={}", s.area))),
        row!("POST", "/api/v1/records", |c| in_area(c, Verb::LogActivity), |s, c| post("/records".into(), json!(RecordDraft { body: json!({}), ..s.draft(&c.person) }))),
        row!("GET", "/api/v1/records/counts", |c| somewhere_then_in_area(c, Verb::ReadRecords), |s, _c| get(format!("/records/counts?area={}", s.area))),
        row!("POST", "/api/v1/exports", |c| somewhere_then_in_area(c, Verb::ExportRecords), |s, _c| post("/exports".into(), json!({"format": "csv", "filter": {"area": s.area, "limit": 1}}))),
        row!("GET", "/api/v1/exports", anybody, |_s, _c| get("/exports".into())),
        row!("GET", "/api/v1/exports/{id}", nobody_else, |s, _c| get(format!("/exports/{}", s.record))),
        row!("GET", "/api/v1/exports/{id}/file", nobody_else, |s, _c| get(format!("/exports/{}/file", s.record))),
        row!("POST", "/api/v1/bulk/preview", |c| somewhere_then_in_area(c, Verb::Review), |s, _c| post("/bulk/preview".into(), json!({"verdict": "accepted", "filter": {"area": s.area}}))),
        row!("POST", "/api/v1/bulk", |c| somewhere_then_in_area(c, Verb::Review), |s, _c| post("/bulk".into(), json!({"verdict": "accepted", "filter": {"area": s.area, "limit": 1}}))),
        row!("GET", "/api/v1/bulk", anybody, |_s, _c| get("/bulk".into())),
        row!("GET", "/api/v1/bulk/{id}", nobody_else, |s, _c| get(format!("/bulk/{}", s.record))),
        row!("GET", "/api/v1/bulk/{id}/rows", nobody_else, |s, _c| get(format!("/bulk/{}/rows", s.record))),
        row!("POST", "/api/v1/bulk/{id}/undo", |c| match somewhere(c, Verb::Review) { Expected::Passes => Expected::Missing, refused => refused }, |s, _c| post(format!("/bulk/{}/undo", s.record), json!({}))),
        row!("GET", "/api/v1/map/records", |c| somewhere_then_in_area(c, Verb::ReadRecords), |s, _c| get(format!("/map/records?area={}&from=2026-01-01&to=2026-12-31&south_e7=190000000&west_e7=1050000000&north_e7=200000000&east_e7=1060000000&square_e7=1000000", s.area))),
        row!("GET", "/api/v1/views", anybody, |_s, _c| get("/views".into())),
        row!("POST", "/api/v1/views", anybody, |_s, _c| post("/views".into(), json!({"name": "Của tôi"}))),
        row!("DELETE", "/api/v1/views/{id}", nobody_else, |_s, _c| HttpRequest::new(Method::Delete, "/views/999999999")),
        row!("GET", "/api/v1/records/{id}", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/records/{}", s.record))),
        row!("PUT", "/api/v1/records/{id}", |c| match in_area(c, Verb::LogActivity) { Expected::Passes => Expected::Missing, refused => refused }, |s, c| {
            let draft = RecordDraft { id: s.record, ..s.draft(&c.person) };
            HttpRequest::new(Method::Put, &format!("/records/{}", s.record)).if_match(1).json(&draft)
        }),
        row!("DELETE", "/api/v1/records/{id}", nobody_else, |s, _c| HttpRequest::new(Method::Delete, &format!("/records/{}", s.record)).if_match(1)),
        row!("POST", "/api/v1/records/{id}/review", |c| record_of_area(c, Verb::Review), |s, _c| post(format!("/records/{}/review", s.record), json!({"verdict": "accepted"})).if_match(999)),
        row!("GET", "/api/v1/records/{id}/track", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/records/{}/track", s.record))),
        row!("POST", "/api/v1/records/{id}/track/gpx", nobody_else, |s, _c| HttpRequest::new(Method::Post, &format!("/records/{}/track/gpx", s.record)).bytes("application/gpx+xml", b"<gpx/>".to_vec())),

        // Photos
        row!("GET", "/api/v1/photos/{id}/thumbnail", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/photos/{}/thumbnail", s.photo))),
        row!("GET", "/api/v1/photos/{id}/preview", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/photos/{}/preview", s.photo))),
        row!("GET", "/api/v1/photos/{id}/original", |c| record_of_area(c, Verb::ReadOriginals), |s, _c| get(format!("/photos/{}/original", s.photo))),
        row!("GET", "/api/v1/photos/{id}/receipt", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/photos/{}/receipt", s.photo))),
        row!("GET", "/api/v1/files/{id}", nobody_else, |s, _c| get(format!("/files/{}", s.photo))),
        row!("POST", "/api/v1/uploads", nobody_else, |s, _c| s.begin_upload(100)),
        row!("HEAD", "/api/v1/uploads/{id}", nobody_else, |s, _c| tus(Method::Head, format!("/uploads/{}", s.photo))),
        row!("PATCH", "/api/v1/uploads/{id}", nobody_else, |s, _c| tus(Method::Patch, format!("/uploads/{}", s.photo)).header("upload-offset", 0).bytes("application/offset+octet-stream", vec![0])),
        row!("DELETE", "/api/v1/uploads/{id}", nobody_else, |s, _c| tus(Method::Delete, format!("/uploads/{}", s.photo))),

        // Areas
        row!("GET", "/api/v1/areas", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/areas?parent={}", s.area))),
        row!("POST", "/api/v1/areas/import", |c| somewhere(c, Verb::ManageAreas), |_s, _c| HttpRequest::new(Method::Post, "/areas/import?dry_run=true").bytes("text/csv", b"kind,name\n".to_vec())),
        row!("GET", "/api/v1/areas/resolve", |c| somewhere(c, Verb::ReadAreas), |_s, _c| get("/areas/resolve?code=15112".into())),
        row!("GET", "/api/v1/areas/{id}", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/areas/{}", s.area))),
        row!("GET", "/api/v1/areas/{id}/boundary", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/areas/{}/boundary", s.area))),
        row!("GET", "/api/v1/areas/{id}/map", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/areas/{}/map", s.area))),
        row!("GET", "/api/v1/areas/{id}/units", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/areas/{}/units", s.area))),
        row!("POST", "/api/v1/areas/{id}/units", |c| in_area(c, Verb::ManageAreas), |s, _c| post(format!("/areas/{}/units", s.area), json!({"kind": "school", "name": "Trường"}))),

        // Teams
        row!("GET", "/api/v1/teams", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/teams?area={}", s.area))),
        row!("POST", "/api/v1/teams", |c| in_body(c, Verb::ManageTeams), |s, _c| post("/teams".into(), json!({"kind": TeamKind::CameraGroup, "name": "Tổ mới", "area_id": s.area}))),
        row!("GET", "/api/v1/teams/{id}", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/teams/{}", s.team))),
        row!("GET", "/api/v1/models", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/models?area={}", s.area))),
        row!("GET", "/api/v1/models/one", |c| match in_area(c, Verb::ReadRecords) { Expected::Passes => Expected::Missing, refused => refused }, |s, _c| get(format!("/models/one?commune={}&category=atgt&name=x", s.area))),
        row!("PUT", "/api/v1/models/ending", |c| in_area(c, Verb::Review), |s, _c| HttpRequest::new(Method::Put, &format!("/models/ending?commune={}&category=atgt&name=x", s.area)).if_match(999).json(&json!({"state": "closed", "on": "2026-11-01", "words": ""}))),
        row!("DELETE", "/api/v1/models/ending", |c| match in_area(c, Verb::Review) { Expected::Passes => Expected::Missing, refused => refused }, |s, _c| HttpRequest::new(Method::Delete, &format!("/models/ending?commune={}&category=atgt&name=x", s.area)).if_match(999)),
        row!("GET", "/api/v1/working-days", anybody, |_s, _c| get("/working-days".into())),
        row!("PUT", "/api/v1/working-days", sets_the_calendar, |_s, _c| HttpRequest::new(Method::Put, "/working-days").json(&json!({"from": "2028-01-25", "to": "2028-01-24", "works": false, "name": "Tết"}))),
        row!("DELETE", "/api/v1/working-days", sets_the_calendar, |_s, _c| HttpRequest::new(Method::Delete, "/working-days?from=2028-01-25&to=2028-01-25")),
        row!("GET", "/api/v1/campaigns", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/campaigns?area={}", s.area))),
        row!("POST", "/api/v1/campaigns", |c| in_body(c, Verb::SetTargets), |s, _c| post("/campaigns".into(), json!({"area_id": s.area, "year": 2026, "campaign": "", "days": {"from": "2026-12-01", "to": "2026-12-31"}}))),
        row!("GET", "/api/v1/campaigns/records", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/campaigns/records?area={}&campaign=anti_drug_day", s.area))),
        row!("PUT", "/api/v1/campaigns/{id}", |c| in_area(c, Verb::SetTargets), |s, _c| HttpRequest::new(Method::Put, &format!("/campaigns/{}", s.fresh_campaign().await)).if_match(999).json(&json!({"from": "2026-12-01", "to": "2026-12-31"}))),
        row!("DELETE", "/api/v1/campaigns/{id}", |c| in_area(c, Verb::SetTargets), |s, _c| HttpRequest::new(Method::Delete, &format!("/campaigns/{}", s.fresh_campaign().await)).if_match(999)),
        row!("GET", "/api/v1/team-evaluations", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/team-evaluations?area={}", s.area))),
        row!("PUT", "/api/v1/team-evaluations", |c| in_area(c, Verb::Review), |s, _c| HttpRequest::new(Method::Put, "/team-evaluations").if_match(999).json(&json!({"area_id": s.area, "year": 2026, "ratings": []}))),
        row!("GET", "/api/v1/checkpoints", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/checkpoints?area={}", s.area))),
        row!("POST", "/api/v1/checkpoints", |c| in_body(c, Verb::ManageCheckpoints), |s, _c| post("/checkpoints".into(), json!({"area_id": s.area, "name": "Cầu mới", "position": {"lat_e7": 199_000_000, "lon_e7": 1_053_000_000}, "radius_m": 50}))),
        row!("PUT", "/api/v1/checkpoints/{id}", |c| in_area(c, Verb::ManageCheckpoints), |s, _c| HttpRequest::new(Method::Put, &format!("/checkpoints/{}", s.checkpoint)).if_match(999).json(&json!({"area_id": s.area, "name": "", "position": {"lat_e7": 199_000_000, "lon_e7": 1_053_000_000}, "radius_m": 50}))),
        row!("POST", "/api/v1/checkpoints/{id}/retire", |c| in_area(c, Verb::ManageCheckpoints), |s, _c| HttpRequest::new(Method::Post, &format!("/checkpoints/{}/retire", s.checkpoint)).if_match(999)),
        row!("POST", "/api/v1/checkpoints/{id}/reopen", |c| in_area(c, Verb::ManageCheckpoints), |s, _c| HttpRequest::new(Method::Post, &format!("/checkpoints/{}/reopen", s.checkpoint)).if_match(999)),
        row!("GET", "/api/v1/checkpoints/{id}/qr", |c| in_area(c, Verb::ManageCheckpoints), |s, _c| get(format!("/checkpoints/{}/qr", s.checkpoint))),
        row!("GET", "/api/v1/patrol-plans", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/patrol-plans?area={}", s.area))),
        row!("POST", "/api/v1/patrol-plans", |c| in_body(c, Verb::PlanPatrols), |s, _c| post("/patrol-plans".into(), json!({"team_id": s.team, "area_id": s.area, "starts_at": 1, "ends_at": 0}))),
        row!("POST", "/api/v1/patrol-plans/copy", |c| in_body(c, Verb::PlanPatrols), |s, _c| post("/patrol-plans/copy".into(), json!({"area_id": s.area, "from": "2020-01-06", "to": "2020-01-13"}))),
        row!("PUT", "/api/v1/patrol-plans/{id}", |c| in_area(c, Verb::PlanPatrols), |s, _c| HttpRequest::new(Method::Put, &format!("/patrol-plans/{}", s.fresh_plan().await)).if_match(999).json(&json!({"team_id": s.team, "area_id": s.area, "starts_at": 1, "ends_at": 0}))),
        row!("DELETE", "/api/v1/patrol-plans/{id}", |c| in_area(c, Verb::PlanPatrols), |s, _c| HttpRequest::new(Method::Delete, &format!("/patrol-plans/{}", s.fresh_plan().await)).if_match(1)),

        // Cases of incidents
        row!("GET", "/api/v1/incidents", |c| somewhere_then_in_area(c, Verb::ReadRecords), |s, _c| get(format!("/incidents?area={}", s.area))),
        row!("GET", "/api/v1/incidents/{id}", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/incidents/{}", s.incident))),
        row!("POST", "/api/v1/incidents/{id}/steps", |c| record_of_area(c, Verb::HandleIncidents), |s, _c| post(format!("/incidents/{}/steps", s.incident), json!({"to": "verifying"})).if_match(999)),
        row!("POST", "/api/v1/incidents/{id}/assignee", |c| record_of_area(c, Verb::HandleIncidents), |s, _c| post(format!("/incidents/{}/assignee", s.incident), json!({"user_id": null})).if_match(999)),
        row!("POST", "/api/v1/incidents/{id}/place", |c| record_of_area(c, Verb::HandleIncidents), |s, _c| post(format!("/incidents/{}/place", s.incident), json!({"position": null, "words": "x"})).if_match(999)),
        row!("POST", "/api/v1/incidents/{id}/severity", |c| record_of_area(c, Verb::HandleIncidents), |s, _c| post(format!("/incidents/{}/severity", s.incident), json!({"severity": "low", "words": "x"})).if_match(999)),
        row!("POST", "/api/v1/incidents/{id}/same-event", |c| record_of_area(c, Verb::HandleIncidents), |s, _c| post(format!("/incidents/{}/same-event", s.incident), json!({"other": s.incident, "verdict": "same"}))),

        // Cameras and footage
        row!("GET", "/api/v1/cameras", |c| somewhere_then_in_area(c, Verb::ManageCameras), |s, _c| get(format!("/cameras?area={}", s.area))),
        row!("POST", "/api/v1/cameras", |c| in_body(c, Verb::ManageCameras), |s, _c| post("/cameras".into(), s.camera_draft())),
        row!("POST", "/api/v1/cameras/import", |c| somewhere(c, Verb::ManageCameras), |_s, _c| HttpRequest::new(Method::Post, "/cameras/import?dry_run=true").bytes("text/csv", b"name,area,lat,lon\n".to_vec())),
        row!("PUT", "/api/v1/cameras/{id}", |c| in_area(c, Verb::ManageCameras), |s, _c| HttpRequest::new(Method::Put, &format!("/cameras/{}", s.camera)).if_match(999).json(&s.camera_draft())),
        row!("DELETE", "/api/v1/cameras/{id}", |c| in_area(c, Verb::ManageCameras), |s, _c| HttpRequest::new(Method::Delete, &format!("/cameras/{}", s.camera)).if_match(999)),
        row!("GET", "/api/v1/footage", |c| somewhere_then_in_area(c, Verb::ManageCameras), |s, _c| get(format!("/footage?area={}", s.area))),
        row!("POST", "/api/v1/footage", |c| in_body(c, Verb::ManageCameras), |s, _c| post("/footage".into(), s.footage_request(vec![]))),
        row!("GET", "/api/v1/patrol-routes", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/patrol-routes?area={}", s.area))),
        row!("POST", "/api/v1/patrol-routes", |c| in_body(c, Verb::PlanPatrols), |s, _c| post("/patrol-routes".into(), json!({"area_id": s.area, "name": "", "line": []}))),
        row!("PUT", "/api/v1/patrol-routes/{id}", |c| in_area(c, Verb::PlanPatrols), |s, _c| HttpRequest::new(Method::Put, &format!("/patrol-routes/{}", s.fresh_route().await)).if_match(999).json(&json!({"area_id": s.area, "name": "", "line": []}))),
        row!("DELETE", "/api/v1/patrol-routes/{id}", |c| in_area(c, Verb::PlanPatrols), |s, _c| HttpRequest::new(Method::Delete, &format!("/patrol-routes/{}", s.fresh_route().await)).if_match(999)),
        row!("GET", "/api/v1/tasks", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/tasks?area={}", s.area))),
        row!("POST", "/api/v1/tasks", |c| in_body(c, Verb::GiveTasks), |s, _c| post("/tasks".into(), json!({"id": Uuid::now_v7(), "area_id": s.area, "title": "", "due_at": 0}))),
        row!("PUT", "/api/v1/tasks/{id}", |c| in_area(c, Verb::GiveTasks), |s, c| HttpRequest::new(Method::Put, &format!("/tasks/{}", s.task_given_by(c).await)).if_match(999).json(&json!({"id": Uuid::now_v7(), "area_id": s.area, "title": "", "due_at": 0}))),
        row!("POST", "/api/v1/tasks/{id}/step", |c| in_area(c, Verb::GiveTasks), |s, c| post(format!("/tasks/{}/step", s.task_given_by(c).await), json!({"type": "withdraw"})).if_match(999)),
        row!("POST", "/api/v1/footage/{id}/withdrawal", |c| in_area(c, Verb::ManageCameras), |s, _c| post(format!("/footage/{}/withdrawal", s.request), json!({"words": ""}))),
        row!("GET", "/api/v1/footage/tasks", anybody, |_s, _c| get("/footage/tasks".into())),
        row!("POST", "/api/v1/footage/tasks/{id}/answer", |c| match c.may(Verb::ManageCameras) { true => Expected::Passes, false => Expected::Missing }, |s, _c| post(format!("/footage/tasks/{}/answer", s.task), json!({"state": "overwritten"})).if_match(999)),

        // What to look at
        row!("GET", "/api/v1/inbox", anybody, |_s, _c| get("/inbox".into())),
        row!("POST", "/api/v1/inbox/read", anybody, |_s, _c| post("/inbox/read".into(), json!({"ids": []}))),
        row!("GET", "/api/v1/events", anybody, |_s, _c| get("/events?follow=false".into())),
        row!("GET", "/api/v1/push", anybody, |_s, _c| get("/push".into())),
        row!("PUT", "/api/v1/push", anybody, |_s, _c| HttpRequest::new(Method::Put, "/push").json(&json!({"endpoint": "", "p256dh": "", "auth": ""}))),
        row!("DELETE", "/api/v1/push", anybody, |_s, _c| HttpRequest::new(Method::Delete, "/push")),
        row!("POST", "/api/v1/push/trial", anybody, |_s, _c| HttpRequest::new(Method::Post, "/push/trial")),

        // Loudspeaker sessions
        row!("GET", "/api/v1/broadcast/week", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/broadcast/week?area={}", s.area))),
        row!("GET", "/api/v1/broadcast/coverage", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/broadcast/coverage?area={}", s.area))),
        row!("POST", "/api/v1/broadcast/confirmations", |c| in_area(c, Verb::LogBroadcasts), |s, _c| post("/broadcast/confirmations".into(), json!({"slots": [{"record_id": uuid::Uuid::now_v7(), "slot": {"schedule_id": s.schedule, "date": "2026-11-16", "time": "17:00"}}]}))),
        row!("GET", "/api/v1/broadcast/schedules", |c| in_area(c, Verb::ReadAreas), |s, _c| get(format!("/broadcast/schedules?area={}", s.area))),
        row!("POST", "/api/v1/broadcast/schedules", |c| in_body(c, Verb::PlanBroadcasts), |s, _c| post("/broadcast/schedules".into(), json!(broadcasts(s.area)))),
        row!("PUT", "/api/v1/broadcast/schedules/{id}", |c| in_area(c, Verb::PlanBroadcasts), |s, _c| HttpRequest::new(Method::Put, &format!("/broadcast/schedules/{}", s.schedule)).if_match(999).json(&broadcasts(s.area))),
        row!("DELETE", "/api/v1/broadcast/schedules/{id}", |c| in_area(c, Verb::PlanBroadcasts), |s, _c| HttpRequest::new(Method::Delete, &format!("/broadcast/schedules/{}", s.schedule)).if_match(999)),

        // Targets
        row!("GET", "/api/v1/target-plans/ready-made", |c| somewhere(c, Verb::SetTargets), |_s, _c| get("/target-plans/ready-made".into())),
        row!("GET", "/api/v1/target-plans/draft", |c| in_area(c, Verb::SetTargets), |s, _c| get(format!("/target-plans/draft?area={}&year=2026&ready_made=ngoc_lac_2024", s.area))),
        row!("GET", "/api/v1/target-plans", |c| somewhere(c, Verb::ReadRecords), |_s, _c| get("/target-plans".into())),
        row!("POST", "/api/v1/target-plans", |c| in_body(c, Verb::SetTargets), |s, _c| post("/target-plans".into(), json!(PlanTerms { targets: vec![], ..plan_of(s.area) }))),
        row!("GET", "/api/v1/target-plans/{id}", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}", s.plan))),
        row!("PUT", "/api/v1/target-plans/{id}", |c| in_area(c, Verb::SetTargets), |s, _c| HttpRequest::new(Method::Put, &format!("/target-plans/{}", s.plan)).if_match(999).json(&plan_of(s.area))),
        row!("DELETE", "/api/v1/target-plans/{id}", |c| in_area(c, Verb::SetTargets), |s, _c| HttpRequest::new(Method::Delete, &format!("/target-plans/{}", s.plan)).if_match(999)),
        row!("GET", "/api/v1/target-plans/{id}/versions", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/versions", s.plan))),
        row!("GET", "/api/v1/target-plans/{id}/versions/{revision}", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/versions/1", s.plan))),
        row!("POST", "/api/v1/target-plans/{id}/reopen", |c| in_area(c, Verb::SetTargets), |s, _c| HttpRequest::new(Method::Post, &format!("/target-plans/{}/reopen", s.plan)).if_match(999)),
        row!("GET", "/api/v1/target-plans/{id}/progress", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/progress?area={}", s.plan, s.area))),
        row!("GET", "/api/v1/target-plans/{id}/behind", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/behind?target=1&area={}", s.plan, s.area))),
        row!("GET", "/api/v1/target-plans/{id}/pace", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/pace?target=1&area={}", s.plan, s.area))),
        row!("GET", "/api/v1/target-plans/{id}/year-before", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/year-before?area={}", s.plan, s.area))),
        row!("GET", "/api/v1/target-plans/{id}/years", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/years?target=1&area={}", s.plan, s.area))),
        row!("GET", "/api/v1/target-plans/{id}/appendix", |c| in_area(c, Verb::ReadRecords), |s, _c| get(format!("/target-plans/{}/appendix?area={}", s.plan, s.area))),
        row!("GET", "/api/v1/target-plans/indicators", |c| somewhere(c, Verb::SetTargets), |_s, _c| get("/target-plans/indicators".into())),
        row!("POST", "/api/v1/target-plans/paste", |c| somewhere(c, Verb::SetTargets), |_s, _c| post("/target-plans/paste".into(), json!({"text": "", "year": 2026}))),
        row!("GET", "/api/v1/records/{id}/targets", |c| record_of_area(c, Verb::ReadRecords), |s, _c| get(format!("/records/{}/targets", s.record))),
        row!("GET", "/api/v1/target-reminders", |c| somewhere(c, Verb::ReadRecords), |_s, _c| get("/target-reminders".into())),
        row!("GET", "/api/v1/my-targets", anybody, |_s, _c| get("/my-targets".into())),
    ]
}

/// Routes that anybody may call; `auth.rs` tells what they do.
const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/api/docs.js"),
    ("GET", "/api/docs.css"),
    ("POST", "/api/v1/auth/sign-in"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/auth/sign-out"),
    ("POST", "/api/v1/auth/enrol/check"),
    ("POST", "/api/v1/auth/enrol"),
    ("OPTIONS", "/api/v1/uploads"),
    ("GET", "/api/v1/kinds"),
    ("GET", "/api/v1/keys"),
    ("GET", "/api/v1/map"),
    ("GET", "/tiles/{z}/{x}/{y}"),
];

impl Stage {
    async fn set(app: &TestApp) -> (Self, Vec<(Relation, AreaId)>) {
        let world = app.world().await;
        let elsewhere = other_province(app).await;
        let area = world.commune;
        let author = app
            .person("author", "Tác Giả", vec![active(Role::Member, area)])
            .await;
        let id = author.id;
        let membership = app
            .read(move |conn| keng_server::db::memberships::of_user(conn, id))
            .await
            .remove(0)
            .id;
        let now = app.now();
        let (team, checkpoint) = app.write(move |conn| objects(conn, area, now)).await;
        let (by, terms) = (author.id, broadcasts(area));
        let plan = app
            .write(move |conn| target_plans::insert(conn, &plan_of(area), &[area], by, now))
            .await
            .id;
        let schedule = app
            .write(move |conn| broadcast_schedules::insert(conn, &terms, by, now))
            .await
            .id;
        let photo = Photo::small();
        let mut stage = Self {
            app: app.clone(),
            area,
            team,
            checkpoint,
            schedule,
            plan,
            membership,
            record: RecordId(uuid::Uuid::now_v7()),
            photo: photo.id,
            incident: RecordId(uuid::Uuid::now_v7()),
            camera: CameraId(0),
            request: FootageRequestId(uuid::Uuid::nil()),
            task: FootageTaskId(uuid::Uuid::nil()),
            author,
        };
        stage.store_record(photo).await;
        stage.store_incident().await;
        let relations = vec![
            (Relation::Own, area),
            (Relation::Child, world.village),
            (Relation::Parent, world.province),
            (Relation::Sibling, world.neighbour_commune),
            (Relation::Foreign, elsewhere),
        ];
        (stage, relations)
    }

    /// A record of the commune with a photo that the server holds.
    async fn store_record(&mut self, photo: Photo) {
        let author = self.author.clone();
        let draft = RecordDraft {
            id: self.record,
            photos: vec![photo.listed()],
            ..self.draft(&author)
        };
        let shot = Shot {
            user: author.id,
            record: self.record,
            at: self.app.now(),
            origin: Origin::Camera,
            fix: None,
        };
        let announce = OpAction::AnnouncePhoto {
            signed: author.phone.sign(&photo, shot),
        };
        let push = drafts::push(&author, self.app.now(), [drafts::put(draft), announce]);
        author.api().push(&push).await.unwrap();
        let upload = self
            .begin_upload(photo.bytes.len())
            .bytes("application/offset+octet-stream", photo.bytes);
        let answer = author.raw(upload).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// An incident, a camera, and a footage request for it.
    async fn store_incident(&mut self) {
        let author = self.author.clone();
        let draft = RecordDraft {
            id: self.incident,
            kind: "incident".to_owned(),
            body: json!({"category": "other", "severity": "low"}),
            ..self.draft(&author)
        };
        author.api().create_record(&draft).await.unwrap();
        let officer = active(Role::CommuneOfficer, self.area);
        let officer = self.app.person("registrar", "Người Lập", vec![officer]).await;
        let mut camera: CameraDraft = serde_json::from_value(self.camera_draft()).unwrap();
        camera.name = "Cổng chợ".to_owned();
        self.camera = officer.api().create_camera(&camera).await.unwrap().id;
        let request = serde_json::from_value(self.footage_request(vec![self.camera])).unwrap();
        let asked = officer.api().request_footage(&request).await.unwrap();
        (self.request, self.task) = (asked.id, asked.tasks[0].id);
    }

    fn camera_draft(&self) -> Value {
        let position = json!({"lat_e7": 199_000_000, "lon_e7": 1_053_000_000});
        let sight = json!({"position": position, "direction_deg": 0, "view_deg": 90, "range_m": 30});
        let name = uuid::Uuid::now_v7().to_string();
        json!({"area_id": self.area, "name": name, "sight": sight, "keep_days": 7, "consent_on": "2026-01-01"})
    }

    fn footage_request(&self, cameras: Vec<CameraId>) -> Value {
        let position = json!({"lat_e7": 199_000_000, "lon_e7": 1_053_000_000});
        let now = self.app.now();
        json!({"id": uuid::Uuid::now_v7(), "area_id": self.area, "position": position, "radius_m": 100,
            "from": now.plus(-60_000), "to": now, "cameras": cameras})
    }

    fn begin_upload(&self, size: usize) -> HttpRequest {
        use base64::Engine;
        let id = base64::prelude::BASE64_STANDARD.encode(self.photo.to_string());
        tus(Method::Post, "/uploads".into())
            .header("upload-length", size)
            .header("upload-metadata", format!("photo_id {id}"))
    }

    /// A propaganda session in the commune, without a team.
    fn draft(&self, author: &Person) -> RecordDraft {
        RecordDraft {
            id: RecordId(uuid::Uuid::now_v7()),
            kind: "direct_propaganda_session".to_owned(),
            area_id: self.area,
            team_id: None,
            started_at: self.app.now().plus(-3_600_000),
            ended_at: Some(self.app.now().plus(-60_000)),
            fix: None,
            body: json!({"topic": "online_fraud", "venue": "Hội trường", "attendee_count": 10}),
            photos: Vec::new(),
            files: Vec::new(),
            device_id: author.phone.device(),
            clock_offset_ms: None,
        }
    }

    /// A session of the author's that can be ended; one for all who will be refused anyway.
    async fn session_for(&self, cell: &Cell) -> keng_shared::id::SessionId {
        if person_of_area(cell) != Expected::Passes {
            return self.author.session;
        }
        let id = keng_shared::id::SessionId(uuid::Uuid::now_v7());
        let session = keng_server::db::sessions::Session {
            id,
            user_id: self.author.id,
            device_id: self.author.phone.device(),
            created_at: self.app.now(),
            last_seen_at: self.app.now(),
            expires_at: self.app.now().plus(3_600_000),
            ended_at: None,
        };
        self.app
            .write(move |conn| keng_server::db::sessions::insert(conn, &session))
            .await;
        id
    }

    async fn task_given_by(&self, cell: &Cell) -> TaskId {
        let (now, by, area) = (self.app.now(), cell.person.id, self.area);
        let task = NewTask {
            id: TaskId(Uuid::now_v7()),
            area_id: Some(area),
            title: "Thay bóng đèn".to_owned(),
            words: String::new(),
            place: String::new(),
            record_id: None,
            due_at: now.plus(3_600_000),
            team_id: None,
            user_id: Some(self.author.id),
        };
        let id = task.id;
        self.app
            .write(move |conn| tasks::insert(conn, &task, area, "", by, now))
            .await;
        id
    }

    async fn fresh_campaign(&self) -> CampaignDaysId {
        let from = "2026-12-01".parse().unwrap();
        let days = NewCampaignDays {
            area_id: self.area,
            year: 2026,
            campaign: OTHER.to_owned(),
            name: Uuid::now_v7().to_string(),
            days: CampaignDays {
                from,
                to: from,
                note: String::new(),
            },
        };
        let (by, now) = (self.author.id, self.app.now());
        self.app
            .write(move |conn| campaigns::insert(conn, &days, by, now))
            .await
    }

    async fn fresh_route(&self) -> PatrolRouteId {
        let terms = RouteTerms {
            area_id: self.area,
            name: "Vòng quanh thôn".to_owned(),
            line: Vec::new(),
            checkpoints: Vec::new(),
        };
        let (by, now) = (self.author.id, self.app.now());
        self.app
            .write(move |conn| patrol_routes::insert(conn, &terms, by, now))
            .await
    }

    async fn fresh_plan(&self) -> PatrolPlanId {
        let now = self.app.now();
        let plan = NewPatrolPlan {
            kind: ShiftKind::Patrol,
            team_id: self.team,
            area_id: self.area,
            starts_at: now,
            ends_at: now.plus(3_600_000),
            checkpoints: Vec::new(),
            members: Vec::new(),
            note: String::new(),
        };
        let by = self.author.id;
        self.app
            .write(move |conn| patrol_plans::insert(conn, &plan, by, now))
            .await
    }
}

/// A plan with one target.
fn plan_of(area_id: AreaId) -> PlanTerms {
    serde_json::from_value(json!({
        "area_id": area_id,
        "title": "Kế hoạch năm 2026",
        "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "targets": [{
            "code": "1", "text": "Giao ban", "measure": "lần", "comparator": "at_least", "value": 1000,
            "levels": ["commune"], "aggregation": {"by": "sum"},
            "source": {"kind": "briefing", "amount": {"of": "records"}},
        }],
    }))
    .unwrap()
}

/// A schedule without areas: it may be stored by the test, and is refused as soon as somebody may send it.
fn broadcasts(area_id: AreaId) -> ScheduleTerms {
    ScheduleTerms {
        area_id,
        name: "Loa xã".to_owned(),
        station: "Đài truyền thanh xã".to_owned(),
        presenter: String::new(),
        areas: Vec::new(),
        weekdays: vec![chrono::Weekday::Mon],
        times: "17:00".parse().into_iter().collect(),
        minutes: 30,
        topics: vec!["online_fraud".to_owned()],
        first_day: chrono::NaiveDate::default(),
        last_day: None,
        holidays: Vec::new(),
        pauses: Vec::new(),
    }
}

fn active(role: Role, area: AreaId) -> NewMembership {
    keng_tests::cast::active(role, area, None)
}

fn objects(
    conn: &mut keng_server::db::Conn,
    area_id: AreaId,
    now: keng_shared::time::Millis,
) -> Result<(TeamId, CheckpointId), keng_server::db::DbError> {
    use keng_server::db::{boundaries, checkpoints, teams};
    let (x, y) = (105.37, 19.95);
    let ring = vec![[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y]];
    boundaries::put(conn, area_id, &vec![vec![ring]], now)?;
    let team = keng_shared::api::NewTeam {
        kind: TeamKind::SecurityTeam,
        name: "Tổ của xã".to_owned(),
        area_id,
    };
    let checkpoint = keng_shared::api::NewCheckpoint {
        area_id,
        name: "Điểm của xã".to_owned(),
        position: keng_tests::world::CENTRE,
        radius_m: 50,
    };
    Ok((
        teams::insert(conn, &team, now)?,
        checkpoints::insert(conn, &checkpoint, "token-of-the-commune", now)?,
    ))
}

/// A commune of another province.
async fn other_province(app: &TestApp) -> AreaId {
    let csv = "kind,code,name,parent_code\nprovince,82,Tỉnh Đồng Tháp,\ncommune,30037,Xã Tháp Mười,82\n";
    let Ok(AreaFile::Tree(rows)) = import::read(Format::Csv, csv.as_bytes()) else {
        panic!("the areas of the matrix");
    };
    let terms = Terms::operator(app.state().clock.today(), app.now());
    let tree = app
        .write(move |conn| {
            area_import::import_tree(conn, &rows, &terms, &mut || {})?;
            keng_server::db::areas::load_tree(conn)
        })
        .await;
    app.state().auth.tree.forget();
    tree.iter().find(|area| area.name == "Xã Tháp Mười").unwrap().id
}

fn verdict(status: u16, body: &[u8]) -> Result<Expected, String> {
    let body = String::from_utf8_lossy(body);
    match status {
        403 => Ok(Expected::Forbidden),
        404 => Ok(Expected::Missing),
        // One's own wrong password is 401, too; the session is not in doubt.
        401 if !body.contains("wrong_credentials") => Err(format!("401 {body}")),
        500.. => Err(format!("{status} {body}")),
        422 if body.contains("\"no_such_object\"") && body.contains("\"area_id\"") => {
            Ok(Expected::NoSuchArea)
        }
        _ => Ok(Expected::Passes),
    }
}

async fn nobody_does_more_than_their_role_in_their_area_allows(app: TestApp) {
    let rows = rows();
    let listed: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    let known: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| (row.method, row.path))
        .chain(PUBLIC.iter().copied())
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    let without_row: Vec<_> = listed.difference(&known).collect();
    let without_route: Vec<_> = known.difference(&listed).collect();
    assert!(
        without_row.is_empty(),
        "routes without a row in the matrix: {without_row:?}"
    );
    assert!(
        without_route.is_empty(),
        "rows without a route: {without_route:?}"
    );

    let (stage, relations) = Stage::set(&app).await;
    let mut cells = Vec::new();
    for &role in Role::ALL {
        for state in STATES {
            for (relation, area) in &relations {
                assert!(RELATIONS.contains(relation));
                let membership = NewMembership {
                    state,
                    ..active(role, *area)
                };
                let username = format!("cell{}", cells.len());
                let person = app.person(&username, &username, vec![membership]).await;
                cells.push(Cell {
                    role,
                    state,
                    relation: *relation,
                    person,
                });
            }
        }
    }
    let visitor = app.visitor();
    let mut mismatches = Vec::new();
    let mut checked = 0;
    for row in &rows {
        let unsigned = visitor.raw((row.make)(&stage, &cells[0]).await).await;
        checked += 1;
        if unsigned.status != 401 {
            mismatches.push(format!(
                "{} {} without a token: {}",
                row.method, row.path, unsigned.status
            ));
        }
        let answers = stream::iter(&cells)
            .map(|cell| {
                let stage = &stage;
                async move {
                    let request = (row.make)(stage, cell).await;
                    (cell, cell.person.raw(request).await)
                }
            })
            .buffered(8)
            .collect::<Vec<_>>()
            .await;
        for (cell, answer) in answers {
            checked += 1;
            let (expected, found) = ((row.rule)(cell), verdict(answer.status, &answer.body));
            if found != Ok(expected) {
                mismatches.push(format!(
                    "{} {} as {:?} {:?} {:?}: expected {expected:?}, found {found:?}",
                    row.method, row.path, cell.role, cell.state, cell.relation
                ));
            }
        }
    }
    println!("permission matrix on {:?}: {checked} cells checked", app.kind());
    assert!(
        mismatches.is_empty(),
        "{} of {checked} cells:\n{}",
        mismatches.len(),
        mismatches.iter().take(60).cloned().collect::<Vec<_>>().join("\n")
    );
}
