//! The registry of cameras, what cameras saw, and footage that officers ask for.

use super::incidents::incident;
use keng_shared::api::{CameraDraft, CameraView, FootageAnswer, NewFootageRequest, Remark};
use keng_shared::camera::{FootageState, Sight};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CameraId, FootageRequestId, FootageTaskId, OpId};
use keng_shared::inbox::News;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::RecordDraft;
use keng_shared::sync::{Op, OpAction, OpOutcome, PROTOCOL, PushRequest};
use keng_shared::time::Millis;
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Person, Refused, TestApp, World, both_databases};
use serde_json::json;

both_databases!(
    a_camera_is_registered_edited_by_revision_and_taken_out_of_use,
    a_camera_with_wrong_fields_names_each_of_them,
    the_registry_is_for_officers_of_the_area,
    a_volunteer_holds_the_names_of_their_own_cameras_and_nothing_else,
    what_a_camera_saw_lies_where_the_camera_hangs_for_officers_only,
    nobody_reports_from_a_camera_of_somebody_else,
    contacts_and_places_of_cameras_are_not_in_the_audit_trail,
    cameras_come_from_csv_with_a_dry_run_and_twice_is_once,
    a_file_in_windows_1258_or_with_a_byte_order_mark_is_read,
    a_file_of_a_hundred_thousand_rows_is_refused_and_stores_nothing,
    wrong_rows_of_a_file_are_named_and_the_others_stored,
    a_camera_far_outside_its_area_is_kept_and_said,
    keepers_are_asked_answer_and_the_officer_sees_who_holds_the_clip,
    a_request_outside_its_circle_or_without_consent_is_refused,
    a_request_with_wrong_figures_names_each_of_them,
    a_request_sent_again_is_the_same_request,
    two_answers_at_once_conflict_cleanly,
    nobody_answers_for_a_camera_of_somebody_else,
    a_phone_brings_the_questions_along_and_answers_each_of_them_once,
    an_answer_that_comes_too_late_or_is_wrong_changes_nothing,
);

/// Where cameras hang; nothing else of the tests is there.
const SPOT: LatLon = LatLon {
    lat_e7: CENTRE.lat_e7 + 1_230,
    lon_e7: CENTRE.lon_e7 + 4_560,
};
/// The latitude as it would travel.
const SPOT_TEXT: &str = "199621230";

fn draft(world: &World, name: &str, keeper: Option<&Person>) -> CameraDraft {
    CameraDraft {
        area_id: world.village,
        name: name.to_owned(),
        team_id: None,
        sight: Sight {
            position: SPOT,
            direction_deg: 90,
            view_deg: 80,
            range_m: 40,
        },
        keep_days: 5,
        consent_on: "2026-03-01".parse().ok(),
        keeper: keeper.map(|keeper| keeper.id),
        holder_name: "Bà Tám".to_owned(),
        holder_phone: "0912 345 678".to_owned(),
    }
}

pub async fn camera(world: &World, officer: &Person, name: &str, keeper: Option<&Person>) -> CameraView {
    officer
        .api()
        .create_camera(&draft(world, name, keeper))
        .await
        .unwrap()
}

fn seen_by(world: &World, author: &Person, now: Millis, camera: CameraId) -> RecordDraft {
    let mut draft = incident(world, author, now, "high");
    draft.kind = "camera_incident".to_owned();
    draft.team_id = None;
    draft.fix = None;
    draft.body["camera_id"] = json!(camera);
    draft
}

pub fn request(world: &World, now: Millis, cameras: Vec<CameraId>) -> NewFootageRequest {
    NewFootageRequest {
        id: FootageRequestId(uuid::Uuid::now_v7()),
        area_id: world.commune,
        record_id: None,
        position: CENTRE,
        radius_m: 300,
        from: now.plus(-3_600_000),
        to: now.plus(-1_800_000),
        words: "Xe máy chạy về hướng cầu".to_owned(),
        cameras,
    }
}

pub fn kept() -> FootageAnswer {
    FootageAnswer {
        state: FootageState::Kept,
        words: "Thấy một xe máy lúc 20:10.".to_owned(),
        holder: "Tổ camera Thành Sơn".to_owned(),
        place: "USB tại nhà văn hóa".to_owned(),
        until: "2026-12-31".parse().ok(),
    }
}

async fn a_camera_is_registered_edited_by_revision_and_taken_out_of_use(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let made = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    assert_eq!(made.revision, 1);
    assert_eq!(made.keeper_name.as_deref(), Some("Nguyễn Thị Thu"));
    let twice = officer.create_camera(&made.camera).await;
    assert_eq!(twice.code(), ProblemCode::NameTaken);
    let mut changed = made.camera.clone();
    changed.keep_days = 10;
    let edited = officer.edit_camera(made.id, 1, &changed).await.unwrap();
    assert_eq!((edited.revision, edited.camera.keep_days), (2, 10));
    let problem = officer.edit_camera(made.id, 1, &made.camera).await.problem();
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    assert_eq!(problem.stored.unwrap()["keep_days"], json!(10));
    officer.retire_camera(made.id, 2).await.unwrap();
    assert_eq!(officer.cameras(None).await.unwrap(), []);
    assert_eq!(
        officer.retire_camera(made.id, 3).await.code(),
        ProblemCode::NotFound
    );
    camera(&world, &cast.officer, "Cổng chợ", None).await;
}

async fn a_camera_with_wrong_fields_names_each_of_them(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut wrong = draft(&world, " ", None);
    wrong.sight.direction_deg = 360;
    wrong.keep_days = 0;
    wrong.consent_on = "2026-11-23".parse().ok();
    wrong.holder_phone = "gọi bà Tám".to_owned();
    let refused = cast.officer.api().create_camera(&wrong).await.wrong_fields();
    let expected = [
        ("sight.direction_deg", FieldCode::TooBig),
        ("name", FieldCode::Required),
        ("keep_days", FieldCode::TooSmall),
        ("consent_on", FieldCode::InFuture),
        ("holder_phone", FieldCode::BadFormat),
    ]
    .map(|(field, code)| (field.to_owned(), code));
    assert_eq!(refused, expected);
    let stranger = draft(&world, "Cầu", Some(&cast.neighbour));
    let refused = cast.officer.api().create_camera(&stranger).await.wrong_fields();
    assert_eq!(refused, [("keeper".to_owned(), FieldCode::NoSuchObject)]);
}

async fn the_registry_is_for_officers_of_the_area(app: TestApp) {
    let (world, cast) = app.cast().await;
    let made = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    for person in [
        &cast.camera_volunteer,
        &cast.member,
        &cast.leader,
        &cast.neighbour,
        &cast.administrator,
        &cast.province_viewer,
    ] {
        let refused = person.api().cameras(None).await.code();
        assert_eq!(refused, ProblemCode::Forbidden, "{}", person.username);
        let refused = person.api().retire_camera(made.id, 1).await.code();
        let expected = match person.username.as_str() {
            "nhung" => ProblemCode::NotFound,
            _ => ProblemCode::Forbidden,
        };
        // Who has a role above or in the area knows that there is something; who has none does not.
        assert_eq!(refused, expected, "{}", person.username);
    }
}

async fn a_volunteer_holds_the_names_of_their_own_cameras_and_nothing_else(app: TestApp) {
    let (world, cast) = app.cast().await;
    let before = cast.camera_volunteer.api().scope().await.unwrap().tag;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    camera(&world, &cast.officer, "Nhà ông Bảy", None).await;
    let answer = cast
        .camera_volunteer
        .raw(HttpRequest::new(Method::Get, "/sync/scope"))
        .await;
    let text = String::from_utf8(answer.body).unwrap();
    for secret in ["Nhà ông Bảy", "Bà Tám", "0912", SPOT_TEXT, "direction"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let scope = cast.camera_volunteer.api().scope().await.unwrap();
    assert_ne!(scope.tag, before);
    let cameras: Vec<_> = scope
        .cameras
        .iter()
        .map(|camera| (camera.id, camera.keep_days))
        .collect();
    assert_eq!(cameras, [(own.id, 5)]);
    assert_eq!(cast.member.api().scope().await.unwrap().cameras, []);
}

async fn what_a_camera_saw_lies_where_the_camera_hangs_for_officers_only(app: TestApp) {
    let (world, cast) = app.cast().await;
    let volunteer = &cast.camera_volunteer;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(volunteer)).await;
    let draft = seen_by(&world, volunteer, app.now(), own.id);
    volunteer.api().create_record(&draft).await.unwrap();
    let detail = cast.officer.api().case(draft.id).await.unwrap();
    assert_eq!(detail.case.position, Some(SPOT));
    assert_eq!(detail.camera.unwrap().camera.holder_phone, "0912 345 678");
    let path = format!("/incidents/{}", draft.id);
    let answer = cast
        .province_viewer
        .raw(HttpRequest::new(Method::Get, &path))
        .await;
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 200, "{text}");
    for secret in [SPOT_TEXT, "0912", "Bà Tám"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

async fn nobody_reports_from_a_camera_of_somebody_else(app: TestApp) {
    let (world, cast) = app.cast().await;
    let other = camera(&world, &cast.officer, "Nhà ông Bảy", None).await;
    for camera in [other.id, CameraId(9_999)] {
        let draft = seen_by(&world, &cast.camera_volunteer, app.now(), camera);
        let refused = cast.camera_volunteer.api().create_record(&draft).await;
        let expected = [("body.camera_id".to_owned(), FieldCode::NoSuchObject)];
        assert_eq!(refused.wrong_fields(), expected);
    }
    let draft = seen_by(&world, &cast.officer, app.now(), other.id);
    cast.officer.api().create_record(&draft).await.unwrap();
}

async fn contacts_and_places_of_cameras_are_not_in_the_audit_trail(app: TestApp) {
    use diesel::prelude::*;
    use keng_server::db::schema::audit_entry;
    let (world, cast) = app.cast().await;
    let made = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![made.id]);
    cast.officer.api().request_footage(&ask).await.unwrap();
    let bodies: Vec<String> = app
        .read(|conn| Ok(audit_entry::table.select(audit_entry::body).load(conn)?))
        .await;
    let text = bodies.join("\n");
    assert!(text.contains("camera.create") && text.contains("footage.request"));
    for secret in [SPOT_TEXT, "0912", "Bà Tám", "Cổng chợ", "hướng cầu"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

const CSV: &str = "name;area;lat;lon;direction;view;range_m;keep_days;consent_on;holder_name;holder_phone;keeper\n\
    Ngã ba chợ;Thôn Thành Sơn;19,962;105,345;90;80;40;7;2026-03-01;Bà Tám;0912 345 678;thu\n\
    Cầu Đá;;19,963;105,346;;;;;;;;\n";

async fn cameras_come_from_csv_with_a_dry_run_and_twice_is_once(app: TestApp) {
    let (_, cast) = app.cast().await;
    let officer = cast.officer.api();
    let import = async |text: &str, dry_run| {
        let report = officer
            .import_cameras(text.as_bytes().to_vec(), dry_run)
            .await
            .unwrap();
        assert_eq!(report.refused, []);
        (report.created, report.updated, report.unchanged)
    };
    assert_eq!(import(CSV, true).await, (2, 0, 0));
    assert_eq!(officer.cameras(None).await.unwrap(), []);
    assert_eq!(import(CSV, false).await, (2, 0, 0));
    assert_eq!(import(CSV, false).await, (0, 0, 2));
    assert_eq!(import(&CSV.replace(";7;", ";14;"), false).await, (0, 1, 1));
    let cameras = officer.cameras(None).await.unwrap();
    let names: Vec<_> = cameras.iter().map(|camera| camera.camera.name.as_str()).collect();
    assert_eq!(names, ["Cầu Đá", "Ngã ba chợ"]);
    assert_eq!(cameras[1].camera.keep_days, 14);
    assert_eq!(cameras[1].camera.keeper, Some(cast.camera_volunteer.id));
    assert_eq!(cameras[0].camera.consent_on, None);
}

async fn a_file_in_windows_1258_or_with_a_byte_order_mark_is_read(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    // "Ngã ba chợ" as an old spreadsheet writes it: tones are marks behind their letters.
    let mut old = b"name,area,lat,lon\nNga\xde ba ch\xf5\xf2,".to_vec();
    old.extend(format!("{},19.962,105.345\n", world.village).bytes());
    assert_eq!(officer.import_cameras(old, false).await.unwrap().created, 1);
    let marked = "\u{feff}name,area,lat,lon\nNgã ba chợ,Thôn Thành Sơn,19.962,105.345\n";
    let report = officer
        .import_cameras(marked.as_bytes().to_vec(), false)
        .await
        .unwrap();
    assert_eq!((report.created, report.unchanged), (0, 1), "{report:?}");
}

async fn a_file_of_a_hundred_thousand_rows_is_refused_and_stores_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let rows = |count: usize| {
        let row = |number: usize| format!("C{number},{},19.9,105.3\n", world.village);
        "name,area,lat,lon\n".to_owned() + &(0..count).map(row).collect::<String>()
    };
    let refused = officer.import_cameras(rows(100_000).into_bytes(), false).await;
    assert_eq!(refused.wrong_fields(), [("file".to_owned(), FieldCode::TooLong)]);
    let padded = rows(100_000).replace("C", "Camera an ninh của nhân dân số ");
    let refused = officer.import_cameras(padded.into_bytes(), false).await;
    assert_eq!(refused.code(), ProblemCode::TooLarge);
    assert_eq!(officer.cameras(None).await.unwrap(), []);
}

async fn wrong_rows_of_a_file_are_named_and_the_others_stored(app: TestApp) {
    let (_, cast) = app.cast().await;
    let text = "name,area,lat,lon,range_m,keeper\n\
        A,Thôn Thành Sơn,19.9,105.3,,\nA,Thôn Thành Sơn,19.9,105.3,,\nB,Phố Lê Lợi,19.9,105.3,,\n\
        C,Thôn Thành Sơn,19.9,105.3,5000,\nD,Thôn Thành Sơn,19.9,105.3,,nhung\nE,Thôn Thành Sơn,91,105.3,,\n";
    let report = cast
        .officer
        .api()
        .import_cameras(text.into(), false)
        .await
        .unwrap();
    let found: Vec<_> = report
        .refused
        .iter()
        .map(|row| (row.row, row.error.field.as_str(), row.error.code))
        .collect();
    let expected = [
        (3, "name", FieldCode::Duplicate),
        (4, "area", FieldCode::NoSuchObject),
        (5, "sight.range_m", FieldCode::TooBig),
        (6, "keeper", FieldCode::NoSuchObject),
        (7, "lat", FieldCode::BadFormat),
    ];
    assert_eq!(found, expected);
    assert_eq!((report.read, report.created), (6, 1));
}

async fn a_camera_far_outside_its_area_is_kept_and_said(app: TestApp) {
    let (_, cast) = app.cast().await;
    // The village has a boundary of a kilometre around the centre; the neighbour's has none and its commune neither.
    let text = "name,area,lat,lon\nGiữa thôn,Thôn Thành Sơn,19.9620,105.3450\n\
        Ngoài rìa,Thôn Thành Sơn,19.9735,105.3450\nGõ nhầm,Thôn Thành Sơn,19.8620,105.3450\n";
    let officer = cast.officer.api();
    for dry_run in [true, false] {
        let report = officer.import_cameras(text.into(), dry_run).await.unwrap();
        assert_eq!((report.created, report.refused.len()), (3, 0));
        let remarks: Vec<_> = report
            .remarks
            .iter()
            .map(|remark| (remark.row, remark.what.as_str(), remark.remark))
            .collect();
        assert_eq!(remarks, [(4, "Gõ nhầm", Remark::FarOutside)]);
        let detail = &report.remarks[0].detail;
        assert!(
            detail.starts_with("19.862, 105.345 · ") && detail.ends_with("Thôn Thành Sơn"),
            "{detail}"
        );
    }
    assert_eq!(officer.cameras(None).await.unwrap().len(), 3);
}

async fn keepers_are_asked_answer_and_the_officer_sees_who_holds_the_clip(app: TestApp) {
    let (world, cast) = app.cast().await;
    let volunteer = &cast.camera_volunteer;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(volunteer)).await;
    let called = camera(&world, &cast.officer, "Nhà ông Bảy", None).await;
    let seen = incident(&world, &cast.member, app.now(), "high");
    cast.member.api().create_record(&seen).await.unwrap();
    let mut ask = request(&world, app.now(), vec![own.id, called.id]);
    ask.record_id = Some(seen.id);
    let asked = cast.officer.api().request_footage(&ask).await.unwrap();
    assert_eq!(asked.tasks.len(), 2);
    assert_eq!(asked.tasks[1].keeper, None, "the holder must be called");

    let tasks = volunteer.api().my_footage_tasks().await.unwrap();
    let task = &tasks[0];
    assert_eq!((tasks.len(), task.task.camera_name.as_str()), (1, "Cổng chợ"));
    let left = task.task.overwritten_at.since(app.now());
    assert_eq!(
        left,
        5 * 86_400_000 - 3_600_000,
        "the start of the span is overwritten first"
    );
    let inbox = volunteer.api().inbox().await.unwrap();
    let told = News::FootageRequested {
        request_id: ask.id,
        overwritten_at: task.task.overwritten_at,
    };
    assert_eq!(inbox.items[0].news, told);

    let mut answer = kept();
    answer.holder = " ".to_owned();
    let refused = volunteer.api().answer_footage(task.task.id, 1, &answer).await;
    assert_eq!(
        refused.wrong_fields(),
        [("holder".to_owned(), FieldCode::Required)]
    );
    volunteer
        .api()
        .answer_footage(task.task.id, 1, &kept())
        .await
        .unwrap();
    let told = News::FootageAnswered {
        request_id: ask.id,
        record_id: Some(seen.id),
        state: FootageState::Kept,
    };
    assert_eq!(cast.officer.api().inbox().await.unwrap().items[0].news, told);

    // The clip changes hands: the officer fetches it. The telephone of the other holder rang in vain.
    let fetched = FootageAnswer {
        holder: "Công an xã".to_owned(),
        ..kept()
    };
    cast.officer
        .api()
        .answer_footage(task.task.id, 2, &fetched)
        .await
        .unwrap();
    let gone = FootageAnswer {
        state: FootageState::Overwritten,
        ..kept()
    };
    cast.officer
        .api()
        .answer_footage(asked.tasks[1].id, 1, &gone)
        .await
        .unwrap();
    let detail = cast.officer.api().case(seen.id).await.unwrap();
    let tasks = &detail.footage[0].tasks;
    let hands: Vec<_> = tasks[0].custody.iter().map(|hand| hand.holder.as_str()).collect();
    assert_eq!(hands, ["Công an xã", "Tổ camera Thành Sơn"]);
    assert_eq!(
        (tasks[1].state, tasks[1].custody.len()),
        (FootageState::Overwritten, 0)
    );
}

async fn a_request_outside_its_circle_or_without_consent_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let mut far = draft(&world, "Xa", None);
    far.sight.position = LatLon {
        lat_e7: CENTRE.lat_e7 + 40_000,
        ..CENTRE
    };
    let mut silent = draft(&world, "Chưa đồng ý", None);
    silent.consent_on = None;
    for camera in [far, silent] {
        let made = officer.create_camera(&camera).await.unwrap();
        let refused = officer
            .request_footage(&request(&world, app.now(), vec![made.id]))
            .await;
        assert_eq!(
            refused.wrong_fields(),
            [("cameras.0".to_owned(), FieldCode::NoSuchObject)]
        );
    }
    assert_eq!(officer.footage_requests(None).await.unwrap(), []);
}

async fn a_request_with_wrong_figures_names_each_of_them(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut wrong = request(&world, app.now(), vec![]);
    wrong.radius_m = 5;
    wrong.to = app.now().plus(3_600_000);
    wrong.from = app.now().plus(-48 * 3_600_000);
    let refused = cast.officer.api().request_footage(&wrong).await.wrong_fields();
    let expected = [
        ("to", FieldCode::InFuture),
        ("cameras", FieldCode::Required),
        ("radius_m", FieldCode::TooSmall),
        ("to", FieldCode::TooLongAgo),
    ]
    .map(|(field, code)| (field.to_owned(), code));
    assert_eq!(refused, expected);
    wrong.area_id = AreaId(9_999);
    let refused = cast.officer.api().request_footage(&wrong).await.wrong_fields();
    assert_eq!(refused, [("area_id".to_owned(), FieldCode::NoSuchObject)]);
}

async fn a_request_sent_again_is_the_same_request(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    let first = cast.officer.api().request_footage(&ask).await.unwrap();
    let again = cast.officer.api().request_footage(&ask).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(cast.camera_volunteer.api().inbox().await.unwrap().items.len(), 1);
}

async fn two_answers_at_once_conflict_cleanly(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    let task = cast.officer.api().request_footage(&ask).await.unwrap().tasks[0].id;
    cast.camera_volunteer
        .api()
        .answer_footage(task, 1, &kept())
        .await
        .unwrap();
    let problem = cast
        .officer
        .api()
        .answer_footage(task, 1, &kept())
        .await
        .problem();
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    assert_eq!(problem.stored.unwrap()["state"], json!("kept"));
}

async fn nobody_answers_for_a_camera_of_somebody_else(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    let task = cast.officer.api().request_footage(&ask).await.unwrap().tasks[0].id;
    for person in [&cast.member, &cast.leader, &cast.neighbour, &cast.province_viewer] {
        assert_eq!(person.api().my_footage_tasks().await.unwrap(), []);
        let refused = person.api().answer_footage(task, 1, &kept()).await.code();
        assert_eq!(refused, ProblemCode::NotFound, "{}", person.username);
    }
}

/// A push of one answer under this id, given an hour ago.
async fn push(by: &Person, app: &TestApp, op: OpId, task: FootageTaskId, answer: FootageAnswer) -> OpOutcome {
    let action = OpAction::AnswerFootage {
        task_id: task,
        base_revision: 1,
        answer,
        at: app.now().plus(-60_000),
    };
    let request = PushRequest {
        protocol: PROTOCOL,
        device_id: by.phone.device(),
        device_time: app.now(),
        ops: vec![Op { id: op, action }],
    };
    by.api().push(&request).await.unwrap().results.remove(0).outcome
}

fn op() -> OpId {
    OpId(uuid::Uuid::now_v7())
}

fn refusal(outcome: &OpOutcome) -> ProblemCode {
    match outcome {
        OpOutcome::Refused { problem } => problem.code,
        other => panic!("not refused: {other:?}"),
    }
}

async fn a_phone_brings_the_questions_along_and_answers_each_of_them_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let volunteer = &cast.camera_volunteer;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(volunteer)).await;
    let before = volunteer.api().scope().await.unwrap();
    assert_eq!(before.footage, []);
    let ask = request(&world, app.now(), vec![own.id]);
    cast.officer.api().request_footage(&ask).await.unwrap();
    app.advance(3_600_000);
    let scope = volunteer.api().scope().await.unwrap();
    assert_ne!(scope.tag, before.tag, "the phone hears of it with its next pull");
    assert_eq!(scope.footage, volunteer.api().my_footage_tasks().await.unwrap());
    assert_eq!(cast.member.api().scope().await.unwrap().footage, []);

    let (op, task) = (op(), scope.footage[0].task.id);
    for _ in 0..2 {
        let outcome = push(volunteer, &app, op, task, kept()).await;
        assert!(
            matches!(outcome, OpOutcome::Done { revision: 2, .. }),
            "{outcome:?}"
        );
    }
    let scope = volunteer.api().scope().await.unwrap();
    let answered = &scope.footage[0].task;
    assert_eq!((answered.state, answered.custody.len()), (FootageState::Kept, 1));
    assert_eq!(
        answered.answered_at,
        Some(app.now().plus(-60_000)),
        "when it was said, not when it arrived"
    );
    let told = cast.officer.api().inbox().await.unwrap();
    assert_eq!(told.items.len(), 1);
    app.advance(keng_shared::camera::ASKED_KEPT_MS + 2 * 86_400_000);
    assert_eq!(volunteer.api().scope().await.unwrap().footage, []);
}

async fn an_answer_that_comes_too_late_or_is_wrong_changes_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let volunteer = &cast.camera_volunteer;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    let task = cast.officer.api().request_footage(&ask).await.unwrap().tasks[0].id;
    let nameless = FootageAnswer {
        holder: String::new(),
        ..kept()
    };
    let outcome = push(volunteer, &app, op(), task, nameless).await;
    assert_eq!(refusal(&outcome), ProblemCode::InvalidFields);
    // Not the caller's business: gone, so that the phone does not try again for ever.
    let outcome = push(&cast.member, &app, op(), task, kept()).await;
    assert_eq!(refusal(&outcome), ProblemCode::Gone);
    let gone = FootageAnswer {
        state: FootageState::Overwritten,
        ..kept()
    };
    cast.officer.api().answer_footage(task, 1, &gone).await.unwrap();
    let OpOutcome::Refused { problem } = push(volunteer, &app, op(), task, kept()).await else {
        panic!("the officer's answer was overwritten");
    };
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    assert_eq!(problem.stored.unwrap()["state"], json!("overwritten"));
    let stands = volunteer.api().my_footage_tasks().await.unwrap();
    assert_eq!(stands[0].task.state, FootageState::Overwritten);
}
