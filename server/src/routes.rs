//! Every URL of the server, in one list. The list is data: the app, the OpenAPI document and the permission tests all
//! walk it, so a route cannot exist without its row.

use crate::endpoints::{
    access, area_imports, area_maps, areas, broadcast_schedules, broadcasts, bulk, camera_import, cameras,
    campaigns, checkpoints, docs, enrolment, events, exports, files, footage, health, inbox, incidents,
    kinds, map, me, memberships, models, my_targets, patrol_plans, patrol_routes, photos, plan_versions,
    push, record_targets, records, reviews, scope, sessions, sync, target_pace, target_plans,
    target_progress, target_reminders, target_years, tasks, team_evaluations, teams, tracks, uploads,
    user_import, users, views, working_days,
};
use crate::evidence::receipt::ReceiptPublicKey;
use crate::openapi::{Content, Docs, query_of, schema_of};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use keng_shared::api;
use keng_shared::campaign::CampaignDays;
use keng_shared::evidence::SignedReceipt;
use keng_shared::kind::KindSpec;
use keng_shared::loudspeaker::{BroadcastSchedule, ScheduleTerms};
use keng_shared::model_register::Ending;
use keng_shared::patrol_route::{PatrolRoute, RouteTerms};
use keng_shared::permission::Verb;
use keng_shared::record::{RecordDraft, RecordView};
use keng_shared::sync::{Checkpoint, Held, Me, PatrolPlan, PullAnswer, PushAnswer, PushRequest, Scope};
use keng_shared::target::PlanTerms;
use keng_shared::task::{NewTask, Task, TaskStep};
use keng_shared::track::TrackSummary;
use utoipa::{IntoParams, ToSchema};

/// Who may call a route at all; handlers still check the area of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody who is signed in; the answer is about the caller.
    SignedIn,
    /// Somebody who may do this in the area of the object.
    Verb(Verb),
}

/// One URL and method.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it does, in one line of the API document.
    pub summary: &'static str,
    /// What it takes and gives, for the API document.
    pub docs: Docs,
    handler: fn() -> actix_web::Route,
}

const fn route(
    method: Method,
    path: &'static str,
    access: Access,
    summary: &'static str,
    handler: fn() -> actix_web::Route,
) -> Route {
    Route {
        method,
        path,
        access,
        summary,
        docs: Docs::NOTHING,
        handler,
    }
}

impl Route {
    /// It takes a JSON body of this type.
    const fn takes<T: ToSchema>(mut self) -> Self {
        self.docs.body = Some(Content::Json(schema_of::<T>));
        self
    }

    /// It is a change without a body: its path says everything.
    const fn takes_its_path_only(mut self) -> Self {
        self.docs.is_told_by_path = true;
        self
    }

    /// It takes a body of this media type.
    const fn takes_bytes(mut self, media_type: &'static str) -> Self {
        self.docs.body = Some(Content::Bytes(media_type));
        self
    }

    /// It takes these query parameters.
    const fn query<T: IntoParams>(mut self) -> Self {
        self.docs.query = Some(query_of::<T>);
        self
    }

    /// It gives JSON of this type.
    const fn gives<T: ToSchema>(mut self) -> Self {
        self.docs.answer = Some(Content::Json(schema_of::<T>));
        self
    }

    /// It gives a JSON list of this type.
    const fn gives_list<T: ToSchema>(mut self) -> Self {
        self.docs.answer = Some(Content::List(schema_of::<T>));
        self
    }

    /// It gives a page of a list of this type.
    const fn gives_page<T: ToSchema>(mut self) -> Self {
        self.docs.answer = Some(Content::Page(schema_of::<T>));
        self
    }

    /// It gives a body of this media type.
    const fn gives_bytes(mut self, media_type: &'static str) -> Self {
        self.docs.answer = Some(Content::Bytes(media_type));
        self
    }
}

const PUT: Method = Method::PUT;
const GET: Method = Method::GET;
const HEAD: Method = Method::HEAD;
const OPTIONS: Method = Method::OPTIONS;
const PATCH: Method = Method::PATCH;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

/// Every route, in the order of the API document.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    // Health
    route(GET, "/healthz", Access::Public, "Whether the process runs", || web::to(health::alive)).gives_bytes("text/plain"),
    route(GET, "/readyz", Access::Public, "Whether the server can do its work", || web::to(health::ready)).gives_bytes("text/plain"),

    // This document
    route(GET, "/api/v1/openapi.json", Access::Public, "This API as an OpenAPI 3.1 document", || web::to(docs::document)).gives_bytes("application/json"),
    route(GET, "/api/docs", Access::Public, "This API as a page to read", || web::to(docs::page)).gives_bytes("text/html"),
    route(GET, "/api/docs.js", Access::Public, "Script of the page", || web::to(docs::script)).gives_bytes("text/javascript"),
    route(GET, "/api/docs.css", Access::Public, "Style of the page", || web::to(docs::style)).gives_bytes("text/css"),

    // Access
    route(POST, "/api/v1/auth/sign-in", Access::Public, "Sign in with name and password", || web::to(access::sign_in)).takes::<api::SignIn>().gives::<api::SignedIn>(),
    route(POST, "/api/v1/auth/refresh", Access::Public, "Exchange the refresh cookie for a new access token", || web::to(access::refresh)).takes::<access::Nothing>().gives::<api::SignedIn>(),
    route(POST, "/api/v1/auth/sign-out", Access::Public, "End the device session of the refresh cookie", || web::to(access::sign_out)).takes::<access::Nothing>(),
    route(POST, "/api/v1/auth/enrol/check", Access::Public, "Whom an enrolment code belongs to", || web::to(enrolment::check)).takes::<api::EnrolCheck>().gives::<api::EnrolInfo>(),
    route(POST, "/api/v1/auth/enrol", Access::Public, "Set a password with an enrolment code and sign in", || web::to(enrolment::enrol)).takes::<api::Enrol>().gives::<api::SignedIn>(),
    route(POST, "/api/v1/auth/password", Access::SignedIn, "Change one's own password", || web::to(enrolment::change_password)).takes::<api::ChangePassword>(),
    route(GET, "/api/v1/me", Access::SignedIn, "The caller and the memberships in force", || web::to(me::me)).gives::<Me>(),
    route(GET, "/api/v1/sessions", Access::SignedIn, "One's own device sessions", || web::to(sessions::list)).gives_list::<api::SessionView>(),
    route(DELETE, "/api/v1/sessions/{id}", Access::SignedIn, "End one of one's own device sessions", || web::to(sessions::end)),

    // People
    route(GET, "/api/v1/users", Access::Verb(Verb::ReadPeople), "People of an area, in Vietnamese order of names", || web::to(users::list)).query::<users::UserQuery>().gives_page::<api::UserView>(),
    route(POST, "/api/v1/users", Access::Verb(Verb::ManagePeople), "Create a person with a first membership", || web::to(users::create)).takes::<api::NewUser>().gives::<api::UserView>(),
    route(POST, "/api/v1/users/import", Access::Verb(Verb::ManagePeople), "Create people from CSV", || web::to(user_import::import)).takes_bytes("text/csv").query::<user_import::ImportQuery>().gives::<api::ImportReport>(),
    route(POST, "/api/v1/users/{id}/memberships", Access::Verb(Verb::ManagePeople), "Give a person another role", || web::to(memberships::add)).takes::<api::NewMembership>().gives::<api::MembershipView>(),
    route(POST, "/api/v1/users/{id}/enrolment", Access::Verb(Verb::ManagePeople), "Make a one-time link with which a person sets a password", || web::to(users::new_enrolment)).takes::<access::Nothing>().gives::<api::EnrolmentView>(),
    route(GET, "/api/v1/users/{id}/sessions", Access::Verb(Verb::ManagePeople), "Device sessions of a person", || web::to(sessions::list_of)).gives_list::<api::SessionView>(),
    route(DELETE, "/api/v1/users/{id}/sessions/{session}", Access::Verb(Verb::ManagePeople), "End a device session of a person", || web::to(sessions::end_of)),
    route(POST, "/api/v1/memberships/{id}/state", Access::Verb(Verb::ManagePeople), "Suspend, resume or end a membership", || web::to(memberships::set_state)).takes::<api::SetMembershipState>().gives::<api::MembershipView>(),

    // Sync
    route(POST, "/api/v1/sync/push", Access::SignedIn, "Do operations of a phone, each by itself", || web::to(sync::push)).takes::<PushRequest>().gives::<PushAnswer>(),
    route(GET, "/api/v1/sync/pull", Access::SignedIn, "What changed since a cursor, of the caller's and the led teams' records", || web::to(sync::pull)).query::<sync::PullQuery>().gives::<PullAnswer>(),
    route(GET, "/api/v1/sync/scope", Access::SignedIn, "What the phone may hold: areas, teams, checkpoints, plans", || web::to(scope::scope)).gives::<Scope>(),
    route(GET, "/api/v1/sync/held", Access::SignedIn, "What the server holds of the caller's records of one date", || web::to(sync::held)).query::<sync::HeldQuery>().gives::<Held>(),

    // Records and review
    route(GET, "/api/v1/records", Access::SignedIn, "Records that the caller may read, newest received first or in another order", || web::to(records::list)).query::<api::RecordQuery>().gives_page::<api::RecordRow>(),
    route(POST, "/api/v1/records", Access::Verb(Verb::LogActivity), "Store a new record", || web::to(records::create)).takes::<RecordDraft>().gives::<RecordView>(),
    route(GET, "/api/v1/records/counts", Access::Verb(Verb::ReadRecords), "Numbers of the review desk", || web::to(records::counts)).query::<records::CountsQuery>().gives::<api::RecordCounts>(),
    route(GET, "/api/v1/records/{id}", Access::Verb(Verb::ReadRecords), "A record with its track and history", || web::to(records::detail)).gives::<api::RecordDetail>(),
    route(PUT, "/api/v1/records/{id}", Access::Verb(Verb::LogActivity), "Replace one's own record", || web::to(records::edit)).takes::<RecordDraft>().gives::<RecordView>(),
    route(DELETE, "/api/v1/records/{id}", Access::Verb(Verb::LogActivity), "Withdraw one's own record", || web::to(records::withdraw)),
    route(POST, "/api/v1/exports", Access::Verb(Verb::ExportRecords), "Write the records of a filter into a file", || web::to(exports::create)).takes::<api::NewExport>().gives::<api::ExportView>(),
    route(GET, "/api/v1/exports", Access::SignedIn, "One's own exports, newest first", || web::to(exports::list)).gives_list::<api::ExportView>(),
    route(GET, "/api/v1/exports/{id}", Access::SignedIn, "How far one's own export is", || web::to(exports::show)).gives::<api::ExportView>(),
    route(GET, "/api/v1/exports/{id}/file", Access::SignedIn, "The finished file; with Range, from where a download broke off", || web::to(exports::file)).gives_bytes("application/octet-stream"),
    route(POST, "/api/v1/bulk/preview", Access::Verb(Verb::Review), "How many records a bulk verdict would concern", || web::to(bulk::preview)).takes::<api::NewBulk>().gives::<api::BulkPreview>(),
    route(POST, "/api/v1/bulk", Access::Verb(Verb::Review), "One verdict on everything that a filter shows, as a job over a snapshot", || web::to(bulk::create)).takes::<api::NewBulk>().gives::<api::BulkView>(),
    route(GET, "/api/v1/bulk", Access::SignedIn, "One's own bulk verdicts, newest first, up to 50", || web::to(bulk::list)).gives_list::<api::BulkView>(),
    route(GET, "/api/v1/bulk/{id}", Access::SignedIn, "How far one's own bulk verdict is", || web::to(bulk::show)).gives::<api::BulkView>(),
    route(GET, "/api/v1/bulk/{id}/rows", Access::SignedIn, "What became of each record of one's own bulk verdict", || web::to(bulk::rows)).query::<bulk::RowsQuery>().gives_page::<api::BulkRow>(),
    route(POST, "/api/v1/bulk/{id}/undo", Access::Verb(Verb::Review), "Take one's own bulk verdict back, where nobody touched the record since", || web::to(bulk::undo)).takes_its_path_only().gives::<api::BulkView>(),
    route(GET, "/api/v1/views", Access::SignedIn, "One's own saved views of the table of records", || web::to(views::list)).gives_list::<api::SavedView>(),
    route(POST, "/api/v1/views", Access::SignedIn, "Save a view under its name", || web::to(views::save)).takes::<api::NewSavedView>().gives::<api::SavedView>(),
    route(DELETE, "/api/v1/views/{id}", Access::SignedIn, "Delete one's own view", || web::to(views::delete)),
    route(POST, "/api/v1/records/{id}/review", Access::Verb(Verb::Review), "Accept or return a record and its photos", || web::to(reviews::create)).takes::<api::NewReview>().gives::<RecordView>(),
    route(GET, "/api/v1/records/{id}/track", Access::Verb(Verb::ReadRecords), "The track as GeoJSON, gaps as features of their own", || web::to(tracks::geojson)).gives_bytes("application/geo+json"),
    route(POST, "/api/v1/records/{id}/track/gpx", Access::Verb(Verb::LogActivity), "Add the track of a GPX file to one's own patrol", || web::to(tracks::import_gpx)).takes_bytes("application/gpx+xml").gives::<TrackSummary>(),

    // Photos
    route(GET, "/api/v1/photos/{id}/thumbnail", Access::Verb(Verb::ReadRecords), "A small upright picture without metadata", || web::to(photos::thumbnail)).gives_bytes("image/jpeg"),
    route(GET, "/api/v1/photos/{id}/preview", Access::Verb(Verb::ReadRecords), "An upright picture without metadata, large enough to judge", || web::to(photos::preview)).gives_bytes("image/jpeg"),
    route(GET, "/api/v1/photos/{id}/original", Access::Verb(Verb::ReadOriginals), "The untouched bytes; every look is written down", || web::to(photos::original)).gives_bytes("image/jpeg"),
    route(GET, "/api/v1/photos/{id}/receipt", Access::Verb(Verb::ReadRecords), "The signed receipt of a held photo", || web::to(photos::receipt)).gives::<SignedReceipt>(),
    route(GET, "/api/v1/files/{id}", Access::Verb(Verb::ReadRecords), "A file of a record, as a download", || web::to(files::download)).gives_bytes("application/pdf"),

    // Uploads (tus 1.0)
    route(OPTIONS, "/api/v1/uploads", Access::Public, "What the upload server speaks", || web::to(uploads::options)),
    route(POST, "/api/v1/uploads", Access::SignedIn, "Begin or find the upload of an announced photo", || web::to(uploads::create)).takes_bytes("application/offset+octet-stream"),
    route(HEAD, "/api/v1/uploads/{id}", Access::SignedIn, "How far an upload has come", || web::to(uploads::head)),
    route(PATCH, "/api/v1/uploads/{id}", Access::SignedIn, "Append bytes; the last ones complete the photo", || web::to(uploads::patch)).takes_bytes("application/offset+octet-stream"),
    route(DELETE, "/api/v1/uploads/{id}", Access::SignedIn, "Give an unfinished upload up", || web::to(uploads::terminate)),

    // What anybody may know
    route(GET, "/api/v1/kinds", Access::Public, "The catalogue of kinds", || web::to(kinds::list)).gives_list::<KindSpec>(),
    route(GET, "/api/v1/map", Access::Public, "Where map tiles come from", || web::to(map::settings)).gives::<api::MapSettings>(),
    route(GET, "/api/v1/map/records", Access::Verb(Verb::ReadRecords), "Records of a view of the map, counted by squares", || web::to(map::records)).query::<api::MapQuery>().gives_list::<api::MapSquare>(),
    route(GET, "/tiles/{z}/{x}/{y}", Access::Public, "A tile of the configured archive", || web::to(map::tile)).gives_bytes("image/png"),
    route(GET, "/api/v1/keys", Access::Public, "Public keys that receipts are checked with", || web::to(kinds::keys)).gives_list::<ReceiptPublicKey>(),

    // Areas
    route(GET, "/api/v1/areas", Access::Verb(Verb::ReadAreas), "Areas below one, or found by name or code, on a date", || web::to(areas::list)).query::<areas::ListQuery>().gives_page::<api::AreaView>(),
    route(POST, "/api/v1/areas/import", Access::Verb(Verb::ManageAreas), "Import areas (CSV, JSON) or boundaries (GeoJSON), with a dry run", || web::to(area_imports::import)).takes_bytes("text/csv").query::<area_imports::ImportQuery>().gives::<api::ImportReport>(),
    route(GET, "/api/v1/areas/resolve", Access::Verb(Verb::ReadAreas), "What became of the area that had a code", || web::to(areas::resolve)).query::<areas::ResolveQuery>().gives::<api::Resolved>(),
    route(GET, "/api/v1/areas/{id}", Access::Verb(Verb::ReadAreas), "One area on a date", || web::to(areas::get)).query::<areas::AsOfQuery>().gives::<api::AreaView>(),
    route(GET, "/api/v1/areas/{id}/boundary", Access::Verb(Verb::ReadAreas), "Boundary as a GeoJSON Feature", || web::to(area_maps::boundary)).gives_bytes("application/geo+json"),
    route(GET, "/api/v1/areas/{id}/map", Access::Verb(Verb::ReadAreas), "The area, its parts and checkpoints as GeoJSON", || web::to(area_maps::map)).query::<areas::AsOfQuery>().gives_bytes("application/geo+json"),
    route(GET, "/api/v1/areas/{id}/units", Access::Verb(Verb::ReadAreas), "Agencies, enterprises and schools of an area", || web::to(areas::units)).gives_list::<api::UnitView>(),
    route(POST, "/api/v1/areas/{id}/units", Access::Verb(Verb::ManageAreas), "Add a unit to an area", || web::to(areas::create_unit)).takes::<api::NewUnit>().gives::<api::UnitView>(),

    // Teams
    route(GET, "/api/v1/teams", Access::Verb(Verb::ReadAreas), "Teams in reach, with members where the caller may know them", || web::to(teams::list)).query::<teams::InArea>().gives_list::<api::TeamView>(),
    route(POST, "/api/v1/teams", Access::Verb(Verb::ManageTeams), "Create a team", || web::to(teams::create)).takes::<api::NewTeam>().gives::<api::TeamView>(),
    route(GET, "/api/v1/teams/{id}", Access::Verb(Verb::ReadAreas), "One team", || web::to(teams::get)).gives::<api::TeamView>(),
    route(GET, "/api/v1/team-evaluations", Access::Verb(Verb::ReadRecords), "The year of a commune's teams: what they logged, what that proposes, what was decided", || web::to(team_evaluations::show)).query::<team_evaluations::EvaluationQuery>().gives::<api::TeamEvaluation>(),
    route(PUT, "/api/v1/team-evaluations", Access::Verb(Verb::Review), "Decide the levels of all teams of a commune in a year", || web::to(team_evaluations::decide)).takes::<api::DecideEvaluation>().gives::<api::TeamEvaluation>(),
    route(GET, "/api/v1/checkpoints", Access::Verb(Verb::ReadAreas), "Checkpoints in reach", || web::to(checkpoints::list)).query::<checkpoints::CheckpointQuery>().gives_list::<Checkpoint>(),
    route(POST, "/api/v1/checkpoints", Access::Verb(Verb::ManageCheckpoints), "Create a checkpoint", || web::to(checkpoints::create)).takes::<api::NewCheckpoint>().gives::<Checkpoint>(),
    route(PUT, "/api/v1/checkpoints/{id}", Access::Verb(Verb::ManageCheckpoints), "Change a checkpoint: name, place, fence, area", || web::to(checkpoints::edit)).takes::<api::NewCheckpoint>().gives::<Checkpoint>(),
    route(POST, "/api/v1/checkpoints/{id}/retire", Access::Verb(Verb::ManageCheckpoints), "Retire a checkpoint: nobody is sent there any more", || web::to(checkpoints::retire)).takes_its_path_only().gives::<Checkpoint>(),
    route(POST, "/api/v1/checkpoints/{id}/reopen", Access::Verb(Verb::ManageCheckpoints), "Bring a retired checkpoint back", || web::to(checkpoints::reopen)).takes_its_path_only().gives::<Checkpoint>(),
    route(GET, "/api/v1/checkpoints/{id}/qr", Access::Verb(Verb::ManageCheckpoints), "Sheet with the QR code, as SVG", || web::to(checkpoints::sheet)).gives_bytes("image/svg+xml"),
    route(GET, "/api/v1/patrol-plans", Access::Verb(Verb::ReadAreas), "Planned shifts of the caller's teams and areas, with what was recorded of each", || web::to(patrol_plans::list)).query::<patrol_plans::PlanQuery>().gives_list::<PatrolPlan>(),
    route(POST, "/api/v1/patrol-plans", Access::Verb(Verb::PlanPatrols), "Plan a shift", || web::to(patrol_plans::create)).takes::<api::NewPatrolPlan>().gives::<PatrolPlan>(),
    route(POST, "/api/v1/patrol-plans/copy", Access::Verb(Verb::PlanPatrols), "Copy the shifts of a week into another, each with a result of its own", || web::to(patrol_plans::copy)).takes::<api::CopyWeek>().gives_list::<api::CopiedShift>(),
    route(PUT, "/api/v1/patrol-plans/{id}", Access::Verb(Verb::PlanPatrols), "Move or change a shift that nobody has begun", || web::to(patrol_plans::edit)).takes::<api::NewPatrolPlan>().gives::<PatrolPlan>(),
    route(DELETE, "/api/v1/patrol-plans/{id}", Access::Verb(Verb::PlanPatrols), "Delete a shift that nobody has begun", || web::to(patrol_plans::delete)),

    route(GET, "/api/v1/patrol-routes", Access::Verb(Verb::ReadAreas), "Ways that patrols usually walk", || web::to(patrol_routes::list)).query::<teams::InArea>().gives_list::<PatrolRoute>(),
    route(POST, "/api/v1/patrol-routes", Access::Verb(Verb::PlanPatrols), "Draw a patrol route", || web::to(patrol_routes::create)).takes::<RouteTerms>().gives::<PatrolRoute>(),
    route(PUT, "/api/v1/patrol-routes/{id}", Access::Verb(Verb::PlanPatrols), "Change a patrol route", || web::to(patrol_routes::edit)).takes::<RouteTerms>().gives::<PatrolRoute>(),
    route(DELETE, "/api/v1/patrol-routes/{id}", Access::Verb(Verb::PlanPatrols), "End a patrol route", || web::to(patrol_routes::delete)),

    // Tasks
    route(GET, "/api/v1/tasks", Access::Verb(Verb::ReadAreas), "Tasks in a state: of the caller's areas, or that the caller has, leads or gave", || web::to(tasks::list)).query::<tasks::TaskQuery>().gives_page::<Task>(),
    route(POST, "/api/v1/tasks", Access::Verb(Verb::GiveTasks), "Give a task to a person or a team", || web::to(tasks::create)).takes::<NewTask>().gives::<Task>(),
    route(PUT, "/api/v1/tasks/{id}", Access::Verb(Verb::GiveTasks), "Change an open task, or give it to somebody else", || web::to(tasks::edit)).takes::<NewTask>().gives::<Task>(),
    route(POST, "/api/v1/tasks/{id}/step", Access::SignedIn, "Say that a task is done, to be done after all, or taken back", || web::to(tasks::step)).takes::<TaskStep>().gives::<Task>(),

    // Cases of incidents
    route(GET, "/api/v1/incidents", Access::Verb(Verb::ReadRecords), "Cases of incidents, the latest received first", || web::to(incidents::list)).query::<api::CaseQuery>().gives_page::<api::CaseRow>(),
    route(GET, "/api/v1/incidents/{id}", Access::Verb(Verb::ReadRecords), "A case with its report, steps, and reports that may be the same event", || web::to(incidents::detail)).gives::<api::CaseDetail>(),
    route(POST, "/api/v1/incidents/{id}/steps", Access::Verb(Verb::HandleIncidents), "Put a case into its next state", || web::to(incidents::step)).takes::<api::NewCaseStep>().gives::<api::CaseRow>(),
    route(POST, "/api/v1/incidents/{id}/assignee", Access::Verb(Verb::HandleIncidents), "Give a case to an officer", || web::to(incidents::assign)).takes::<api::NewAssignee>().gives::<api::CaseRow>(),
    route(POST, "/api/v1/incidents/{id}/place", Access::Verb(Verb::HandleIncidents), "Say where it happened; the report stays as it was", || web::to(incidents::place)).takes::<api::NewPlace>().gives::<api::CaseRow>(),
    route(POST, "/api/v1/incidents/{id}/severity", Access::Verb(Verb::HandleIncidents), "Judge the severity anew; the due time follows", || web::to(incidents::weigh)).takes::<api::NewSeverity>().gives::<api::CaseRow>(),
    route(POST, "/api/v1/incidents/{id}/same-event", Access::Verb(Verb::HandleIncidents), "Say whether two reports are one event", || web::to(incidents::compare)).takes::<api::NewComparison>(),

    // Cameras and footage
    route(GET, "/api/v1/cameras", Access::Verb(Verb::ManageCameras), "The registry of cameras with places and contacts", || web::to(cameras::list)).query::<teams::InArea>().gives_list::<api::CameraView>(),
    route(POST, "/api/v1/cameras", Access::Verb(Verb::ManageCameras), "Register a camera", || web::to(cameras::create)).takes::<api::CameraDraft>().gives::<api::CameraView>(),
    route(POST, "/api/v1/cameras/import", Access::Verb(Verb::ManageCameras), "Register cameras from CSV, with a dry run", || web::to(camera_import::import)).takes_bytes("text/csv").query::<camera_import::ImportQuery>().gives::<api::ImportReport>(),
    route(PUT, "/api/v1/cameras/{id}", Access::Verb(Verb::ManageCameras), "Change what is known about a camera", || web::to(cameras::edit)).takes::<api::CameraDraft>().gives::<api::CameraView>(),
    route(DELETE, "/api/v1/cameras/{id}", Access::Verb(Verb::ManageCameras), "Take a camera out of use", || web::to(cameras::retire)),
    route(GET, "/api/v1/footage", Access::Verb(Verb::ManageCameras), "Footage requests with their answers and custody", || web::to(footage::list)).query::<teams::InArea>().gives_list::<api::FootageRequestView>(),
    route(POST, "/api/v1/footage", Access::Verb(Verb::ManageCameras), "Ask the keepers of cameras near a point for a time span", || web::to(footage::create)).takes::<api::NewFootageRequest>().gives::<api::FootageRequestView>(),
    route(POST, "/api/v1/footage/{id}/withdrawal", Access::Verb(Verb::ManageCameras), "Take a footage request back; its answers stay", || web::to(footage::withdraw)).takes::<api::NewFootageWithdrawal>().gives::<api::FootageRequestView>(),
    route(GET, "/api/v1/footage/tasks", Access::SignedIn, "What the caller is asked, as the keeper of cameras", || web::to(footage::mine)).gives_list::<api::MyFootageTask>(),
    route(POST, "/api/v1/footage/tasks/{id}/answer", Access::SignedIn, "Say what came of it: kept, nothing seen, overwritten", || web::to(footage::answer)).takes::<api::FootageAnswer>().gives::<api::FootageTaskView>(),

    // What to look at
    route(GET, "/api/v1/inbox", Access::SignedIn, "The caller's inbox", || web::to(inbox::list)).gives::<api::Inbox>(),
    route(POST, "/api/v1/inbox/read", Access::SignedIn, "Mark lines of the inbox as read", || web::to(inbox::mark_read)).takes::<api::MarkRead>(),
    route(GET, "/api/v1/push", Access::SignedIn, "How this device is told of urgent news: the server's key and the subscription", || web::to(push::show)).gives::<api::PushState>(),
    route(PUT, "/api/v1/push", Access::SignedIn, "Subscribe this device to urgent news", || web::to(push::subscribe)).takes::<api::NewPushSubscription>(),
    route(DELETE, "/api/v1/push", Access::SignedIn, "End this device's subscription", || web::to(push::unsubscribe)).takes_its_path_only(),
    route(POST, "/api/v1/push/trial", Access::SignedIn, "Send this device a message to see that it arrives", || web::to(push::trial)).takes_its_path_only(),
    route(GET, "/api/v1/events", Access::SignedIn, "Server-sent events: lines of the inbox as they come, and what changed", || web::to(events::stream)).query::<events::EventsQuery>().gives_bytes("text/event-stream"),
    // Loudspeaker sessions
    route(GET, "/api/v1/broadcast/week", Access::Verb(Verb::ReadRecords), "A week of loudspeaker sessions with the schedules that propose them", || web::to(broadcasts::week)).query::<broadcasts::WeekQuery>().gives::<api::BroadcastWeek>(),
    route(GET, "/api/v1/broadcast/coverage", Access::Verb(Verb::ReadRecords), "How often each residential area was reached, against the target", || web::to(broadcasts::coverage)).query::<broadcasts::CoverageQuery>().gives::<api::Coverage>(),
    route(POST, "/api/v1/broadcast/confirmations", Access::Verb(Verb::LogBroadcasts), "Confirm many slots at once, each with a result of its own", || web::to(broadcasts::confirm)).takes::<api::ConfirmSlots>().gives_list::<api::SlotResult>(),
    route(GET, "/api/v1/broadcast/schedules", Access::Verb(Verb::ReadAreas), "Weekly schedules of stations in reach", || web::to(broadcast_schedules::list)).query::<teams::InArea>().gives_list::<BroadcastSchedule>(),
    route(POST, "/api/v1/broadcast/schedules", Access::Verb(Verb::PlanBroadcasts), "Write a weekly schedule", || web::to(broadcast_schedules::create)).takes::<ScheduleTerms>().gives::<BroadcastSchedule>(),
    route(PUT, "/api/v1/broadcast/schedules/{id}", Access::Verb(Verb::PlanBroadcasts), "Change a weekly schedule", || web::to(broadcast_schedules::edit)).takes::<ScheduleTerms>().gives::<BroadcastSchedule>(),
    route(DELETE, "/api/v1/broadcast/schedules/{id}", Access::Verb(Verb::PlanBroadcasts), "End a weekly schedule", || web::to(broadcast_schedules::delete)),

    // Register of models
    route(GET, "/api/v1/models", Access::Verb(Verb::ReadRecords), "The register of self-management models, from accepted records", || web::to(models::list)).query::<api::ModelQuery>().gives::<api::ModelRegister>(),
    route(GET, "/api/v1/models/one", Access::Verb(Verb::ReadRecords), "A model with its records, ratings and photos", || web::to(models::show)).query::<api::WhichModel>().gives::<api::ModelView>(),
    route(PUT, "/api/v1/models/ending", Access::Verb(Verb::Review), "Say that a model was merged or closed", || web::to(models::end)).query::<api::WhichModel>().takes::<Ending>().gives::<api::ModelView>(),
    route(DELETE, "/api/v1/models/ending", Access::Verb(Verb::Review), "Take back that a model was merged or closed", || web::to(models::reopen)).query::<api::WhichModel>().gives::<api::ModelView>(),

    // Working calendar
    route(GET, "/api/v1/working-days", Access::SignedIn, "Days off and days that make up for them, by which due times are counted", || web::to(working_days::show)).query::<api::WorkingYearQuery>().gives::<api::WorkingYear>(),
    route(PUT, "/api/v1/working-days", Access::Verb(Verb::ManageAreas), "Set days off, or days that make up for them; cases that are still due follow", || web::to(working_days::put)).takes::<api::NewDaySpan>().gives::<api::WorkingYear>(),
    route(DELETE, "/api/v1/working-days", Access::Verb(Verb::ManageAreas), "Take back what was set; what ships holds again", || web::to(working_days::delete)).query::<api::SpanQuery>().gives::<api::WorkingYear>(),

    // Campaign calendar
    route(GET, "/api/v1/campaigns", Access::Verb(Verb::ReadRecords), "Days, months and seasons of a year with what an area did for them", || web::to(campaigns::calendar)).query::<campaigns::CalendarQuery>().gives::<api::CampaignCalendar>(),
    route(POST, "/api/v1/campaigns", Access::Verb(Verb::SetTargets), "Set the days of a campaign in a year, or add an own campaign", || web::to(campaigns::create)).takes::<api::NewCampaignDays>().gives::<api::CampaignSet>(),
    route(GET, "/api/v1/campaigns/records", Access::Verb(Verb::ReadRecords), "The activities of a campaign, within its days and on others", || web::to(campaigns::records)).query::<campaigns::RecordsQuery>().gives_list::<api::CampaignRecord>(),
    route(PUT, "/api/v1/campaigns/{id}", Access::Verb(Verb::SetTargets), "Change the days of a campaign", || web::to(campaigns::edit)).takes::<CampaignDays>().gives::<api::CampaignSet>(),
    route(DELETE, "/api/v1/campaigns/{id}", Access::Verb(Verb::SetTargets), "Take the days of a campaign away; those of the area above hold again", || web::to(campaigns::delete)),

    // Targets
    route(GET, "/api/v1/target-plans/ready-made", Access::Verb(Verb::SetTargets), "Plans that ship with the program, to start from", || web::to(target_plans::ready_made)).gives_list::<api::ReadyMadePlan>(),
    route(GET, "/api/v1/target-plans/indicators", Access::Verb(Verb::SetTargets), "What records can count for, each as a target to complete", || web::to(target_plans::indicators)).gives_list::<api::Indicator>(),
    route(POST, "/api/v1/target-plans/paste", Access::Verb(Verb::SetTargets), "Lines out of a spreadsheet as targets to look over; nothing is stored", || web::to(target_plans::paste)).takes::<api::PasteRequest>().gives_list::<api::PastedLine>(),
    route(GET, "/api/v1/target-plans/draft", Access::Verb(Verb::SetTargets), "A ready-made plan, or a copy of one's own, for an area and a year", || web::to(target_plans::draft)).query::<target_plans::DraftQuery>().gives::<api::PlanDraft>(),
    route(GET, "/api/v1/target-plans", Access::Verb(Verb::ReadRecords), "Plans with targets, newest period first", || web::to(target_plans::list)).gives_list::<api::TargetPlanRow>(),
    route(POST, "/api/v1/target-plans", Access::Verb(Verb::SetTargets), "Enter a plan with its targets", || web::to(target_plans::create)).takes::<PlanTerms>().gives::<api::TargetPlanView>(),
    route(GET, "/api/v1/target-plans/{id}", Access::Verb(Verb::ReadRecords), "A plan with its targets", || web::to(target_plans::show)).gives::<api::TargetPlanView>(),
    route(PUT, "/api/v1/target-plans/{id}", Access::Verb(Verb::SetTargets), "Change a plan; every figure is counted anew", || web::to(target_plans::edit)).takes::<PlanTerms>().gives::<api::TargetPlanView>(),
    route(DELETE, "/api/v1/target-plans/{id}", Access::Verb(Verb::SetTargets), "End a plan", || web::to(target_plans::delete)),
    route(GET, "/api/v1/target-plans/{id}/versions", Access::Verb(Verb::ReadRecords), "The versions of a plan, the newest first, with what each changed", || web::to(plan_versions::list)).gives_list::<api::PlanVersion>(),
    route(GET, "/api/v1/target-plans/{id}/versions/{revision}", Access::Verb(Verb::ReadRecords), "What a plan said in one of its versions", || web::to(plan_versions::show)).gives::<api::PlanVersionView>(),
    route(POST, "/api/v1/target-plans/{id}/reopen", Access::Verb(Verb::SetTargets), "Bring back a plan that has ended", || web::to(target_plans::reopen)).takes_its_path_only().gives::<api::TargetPlanView>(),
    route(GET, "/api/v1/target-plans/{id}/progress", Access::Verb(Verb::ReadRecords), "How far the units of an area are", || web::to(target_progress::progress)).query::<target_progress::ProgressQuery>().gives::<api::ProgressMatrix>(),
    route(GET, "/api/v1/target-plans/{id}/behind", Access::Verb(Verb::ReadRecords), "The records behind a figure, and those that do not count", || web::to(target_progress::behind)).query::<target_progress::BehindQuery>().gives_list::<api::BehindRow>(),
    route(GET, "/api/v1/target-plans/{id}/pace", Access::Verb(Verb::ReadRecords), "How a figure grew, where it leads, and how it was a year before", || web::to(target_pace::pace)).query::<target_pace::PaceQuery>().gives::<api::TargetPace>(),
    route(GET, "/api/v1/target-plans/{id}/year-before", Access::Verb(Verb::ReadRecords), "What the plan of the year before had come to", || web::to(target_years::year_before)).query::<target_years::YearBeforeQuery>().gives_list::<api::YearBefore>(),
    route(GET, "/api/v1/target-plans/{id}/years", Access::Verb(Verb::ReadRecords), "One target, unit by unit, beside the same one of the year before", || web::to(target_years::years)).query::<target_years::YearsQuery>().gives::<api::YearsOfTarget>(),
    route(GET, "/api/v1/target-plans/{id}/appendix", Access::Verb(Verb::ReadRecords), "How far the units of an area are, as the appendix of the plan in Excel", || web::to(target_progress::appendix)).query::<target_progress::ProgressQuery>().gives_bytes("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    route(GET, "/api/v1/records/{id}/targets", Access::Verb(Verb::ReadRecords), "What a record counts for, or why not", || web::to(record_targets::list)).gives_list::<api::RecordTarget>(),
    route(GET, "/api/v1/target-reminders", Access::Verb(Verb::ReadRecords), "What is due of the plans in force, the most pressing first", || web::to(target_reminders::list)).gives_list::<api::TargetReminder>(),
    route(GET, "/api/v1/my-targets", Access::SignedIn, "Targets of the caller's own areas, with what is missing", || web::to(my_targets::mine)).gives_list::<api::MyTarget>(),
];

/// Registers every route. A path that is known answers other methods with 405.
pub fn register(config: &mut ServiceConfig) {
    let mut paths: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    paths.dedup();
    for (number, path) in paths.iter().enumerate() {
        // Routes of one path stand next to each other, or `a_path_stands_in_one_place` fails.
        let mut resource = web::resource(*path).name(&format!("route-{number}"));
        for route in ROUTES.iter().filter(|route| route.path == *path) {
            resource = resource.route((route.handler)().method(route.method.clone()));
        }
        config.service(resource.default_service(web::to(health::method_not_allowed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_path_stands_in_one_place_and_each_method_once() {
        let mut closed = HashSet::new();
        let mut last = "";
        let mut seen = HashSet::new();
        for route in ROUTES {
            if route.path != last {
                assert!(closed.insert(route.path), "{} appears in two places", route.path);
                last = route.path;
            }
            assert!(
                seen.insert((route.method.clone(), route.path)),
                "{} {}",
                route.method,
                route.path
            );
        }
    }
}
