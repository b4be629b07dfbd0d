//! Checkpoints that change: edited, moved, retired, brought back, and what phones and old records know of it.

use crate::teams::plan;
use keng_shared::api::{CopyWeek, NewCheckpoint, NewPatrolPlan};
use keng_shared::geo::LatLon;
use keng_shared::id::{CheckpointId, EntryId};
use keng_shared::patrol::{CheckIn, CheckInProof, Patrol, PatrolEnd};
use keng_shared::patrol_route::RouteTerms;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{Flag, RecordDraft};
use keng_shared::sync::{Checkpoint, Scope};
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Person, Refused, TestApp, World, both_databases, drafts};
use uuid::Uuid;

both_databases!(
    a_checkpoint_is_renamed_moved_and_given_another_fence,
    of_two_officers_who_change_a_checkpoint_one_is_told,
    a_retired_checkpoint_is_offered_nowhere_and_comes_back_with_its_code,
    a_retired_checkpoint_leaves_its_name_free_and_returns_only_under_a_free_one,
    who_may_not_manage_checkpoints_may_not_change_them,
    a_retirement_reaches_the_phone_and_a_check_in_of_before_keeps_its_name,
    a_plan_keeps_a_checkpoint_that_was_retired_and_takes_no_new_one,
    a_copied_week_leaves_retired_checkpoints_out,
    a_route_keeps_a_checkpoint_that_was_retired_and_takes_no_new_one,
    a_check_in_is_judged_by_where_its_checkpoint_stood,
);

const HOUR: i64 = 3_600_000;

fn terms(point: &Checkpoint) -> NewCheckpoint {
    NewCheckpoint {
        area_id: point.area_id,
        name: point.name.clone(),
        position: point.position,
        radius_m: point.radius_m,
    }
}

async fn known(by: &Person, id: CheckpointId) -> Checkpoint {
    let points = by.api().checkpoints(None).await.unwrap();
    points.into_iter().find(|point| point.id == id).unwrap()
}

async fn retired(by: &Person, id: CheckpointId) -> Checkpoint {
    let point = known(by, id).await;
    by.api().retire_checkpoint(id, point.revision).await.unwrap()
}

fn has(points: &[Checkpoint], id: CheckpointId) -> bool {
    points.iter().any(|point| point.id == id)
}

/// About 1,100 metres to the north.
fn far_from(at: LatLon) -> LatLon {
    LatLon {
        lat_e7: at.lat_e7 + 100_000,
        ..at
    }
}

/// A patrol of the last two hours that checked in at this place an hour ago.
fn patrol_at(world: &World, by: &Person, at: LatLon, id: CheckpointId, app: &TestApp) -> RecordDraft {
    let now = app.now();
    let body = Patrol {
        check_ins: vec![CheckIn {
            id: EntryId(Uuid::now_v7()),
            checkpoint_id: id,
            at: now.plus(-HOUR),
            proof: CheckInProof::Gps {
                fix: drafts::fix_at(at),
            },
        }],
        end: Some(PatrolEnd {
            at: now,
            early_reason: None,
        }),
        ..drafts::patrol_body(by)
    };
    RecordDraft {
        body: serde_json::to_value(body).unwrap(),
        ..drafts::patrol(world, by, now)
    }
}

async fn a_checkpoint_is_renamed_moved_and_given_another_fence(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (officer, id) = (cast.officer.api(), world.checkpoints[0].0);
    let before = known(&cast.officer, id).await;
    let tag = cast.member.api().scope().await.unwrap().tag;
    let wanted = NewCheckpoint {
        name: "  Nhà văn hóa mới ".to_owned(),
        position: far_from(before.position),
        radius_m: 80,
        ..terms(&before)
    };
    let changed = officer
        .edit_checkpoint(id, before.revision, &wanted)
        .await
        .unwrap();
    assert_eq!(
        (
            changed.name.as_str(),
            changed.position,
            changed.radius_m,
            changed.revision
        ),
        ("Nhà văn hóa mới", wanted.position, 80, before.revision + 1)
    );
    assert_eq!(changed.moved_at, Some(app.now()));
    assert_eq!(changed.token_sha256, before.token_sha256, "the sheet still holds");
    let scope = cast.member.api().scope().await.unwrap();
    assert_ne!(scope.tag, tag);
    assert!(scope.checkpoints.contains(&changed));
    let wrong = NewCheckpoint {
        name: String::new(),
        radius_m: 501,
        ..terms(&changed)
    };
    let answer = officer.edit_checkpoint(id, changed.revision, &wrong).await;
    let expected = [
        ("name".to_owned(), FieldCode::Required),
        ("radius_m".to_owned(), FieldCode::TooBig),
    ];
    assert_eq!(answer.wrong_fields(), expected);
    let other = known(&cast.officer, world.checkpoints[1].0).await;
    let taken = NewCheckpoint {
        name: other.name,
        ..terms(&changed)
    };
    let answer = officer.edit_checkpoint(id, changed.revision, &taken).await;
    assert_eq!(answer.code(), ProblemCode::NameTaken);
}

async fn of_two_officers_who_change_a_checkpoint_one_is_told(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (officer, id) = (cast.officer.api(), world.checkpoints[0].0);
    let point = known(&cast.officer, id).await;
    officer
        .edit_checkpoint(id, point.revision, &terms(&point))
        .await
        .unwrap();
    let late = officer.edit_checkpoint(id, point.revision, &terms(&point)).await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    let late = officer.retire_checkpoint(id, point.revision).await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    let late = officer.reopen_checkpoint(id, point.revision).await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    let nothing_to_reopen = officer.reopen_checkpoint(id, point.revision + 1).await;
    assert_eq!(nothing_to_reopen.code(), ProblemCode::StateConflict);
}

async fn a_retired_checkpoint_is_offered_nowhere_and_comes_back_with_its_code(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (officer, id) = (cast.officer.api(), world.checkpoints[0].0);
    let gone = retired(&cast.officer, id).await;
    assert_eq!(gone.retired_at, Some(app.now()));
    assert!(!has(&officer.checkpoints(None).await.unwrap(), id));
    assert!(has(&officer.retired_checkpoints().await.unwrap(), id));
    let sheet = officer.checkpoint_sheet(id).await.unwrap_err();
    assert!(
        format!("{sheet:?}").contains("StateConflict"),
        "no sheet is printed"
    );
    let again = officer.retire_checkpoint(id, gone.revision).await;
    assert_eq!(again.code(), ProblemCode::StateConflict);
    let edited = officer.edit_checkpoint(id, gone.revision, &terms(&gone)).await;
    assert_eq!(edited.code(), ProblemCode::StateConflict);
    let back = officer.reopen_checkpoint(id, gone.revision).await.unwrap();
    assert_eq!((back.retired_at, &back.token_sha256), (None, &gone.token_sha256));
    assert!(has(&officer.checkpoints(None).await.unwrap(), id));
    assert!(officer.retired_checkpoints().await.unwrap().is_empty());
    officer.checkpoint_sheet(id).await.unwrap();
}

async fn a_retired_checkpoint_leaves_its_name_free_and_returns_only_under_a_free_one(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let gone = retired(&cast.officer, world.checkpoints[0].0).await;
    officer.create_checkpoint(&terms(&gone)).await.unwrap();
    let back = officer.reopen_checkpoint(gone.id, gone.revision).await;
    assert_eq!(back.code(), ProblemCode::NameTaken);
}

async fn who_may_not_manage_checkpoints_may_not_change_them(app: TestApp) {
    let (world, cast) = app.cast().await;
    let id = world.checkpoints[0].0;
    let point = known(&cast.officer, id).await;
    for person in [&cast.member, &cast.leader] {
        let api = person.api();
        let edited = api.edit_checkpoint(id, point.revision, &terms(&point)).await;
        assert_eq!(edited.code(), ProblemCode::Forbidden);
        let retired = api.retire_checkpoint(id, point.revision).await;
        assert_eq!(retired.code(), ProblemCode::Forbidden);
        let back = api.reopen_checkpoint(id, point.revision).await;
        assert_eq!(back.code(), ProblemCode::Forbidden);
    }
    let elsewhere = world.neighbour_checkpoint;
    let foreign = cast.officer.api().retire_checkpoint(elsewhere, 1).await;
    assert_eq!(foreign.code(), ProblemCode::NotFound);
    let abroad = NewCheckpoint {
        area_id: world.neighbour_village,
        ..terms(&point)
    };
    let moved = cast
        .officer
        .api()
        .edit_checkpoint(id, point.revision, &abroad)
        .await;
    assert_eq!(
        moved.wrong_fields(),
        [("area_id".to_owned(), FieldCode::NoSuchObject)]
    );
}

async fn a_retirement_reaches_the_phone_and_a_check_in_of_before_keeps_its_name(app: TestApp) {
    let (world, cast) = app.cast().await;
    let id = world.checkpoints[0].0;
    let point = known(&cast.officer, id).await;
    let before = cast.member.api().scope().await.unwrap();
    assert!(has(&before.checkpoints, id) && before.retired_checkpoints.is_empty());
    retired(&cast.officer, id).await;
    let after: Scope = cast.member.api().scope().await.unwrap();
    assert_ne!(after.tag, before.tag, "phones fetch the scope again");
    assert!(!has(&after.checkpoints, id) && has(&after.retired_checkpoints, id));
    assert_eq!(after.checkpoint(id).map(|point| &point.name), Some(&point.name));
    // A phone that had no network did not know of it; what it saw is kept.
    let draft = patrol_at(&world, &cast.member, point.position, id, &app);
    let view = cast.member.api().create_record(&draft).await.unwrap();
    assert!(!view.flags.contains(&Flag::OutsideFence), "{:?}", view.flags);
}

async fn a_plan_keeps_a_checkpoint_that_was_retired_and_takes_no_new_one(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let made = officer
        .create_patrol_plan(&plan(&world, app.now()))
        .await
        .unwrap();
    retired(&cast.officer, world.checkpoints[0].0).await;
    let kept = NewPatrolPlan {
        note: "Đổi giờ".to_owned(),
        ..(&made).into()
    };
    let changed = officer
        .edit_patrol_plan(made.id, made.revision, &kept)
        .await
        .unwrap();
    assert_eq!(changed.checkpoints, made.checkpoints);
    let later = app.now().plus(48 * HOUR);
    let refused = officer.create_patrol_plan(&plan(&world, later)).await;
    assert_eq!(
        refused.wrong_fields(),
        [("checkpoints.0".to_owned(), FieldCode::NoSuchObject)]
    );
}

async fn a_copied_week_leaves_retired_checkpoints_out(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let made = officer
        .create_patrol_plan(&plan(&world, app.now()))
        .await
        .unwrap();
    retired(&cast.officer, world.checkpoints[0].0).await;
    let from = made.starts_at.local_date().unwrap();
    let week = CopyWeek {
        area_id: world.village,
        from,
        to: from.checked_add_days(chrono::Days::new(7)).unwrap(),
    };
    let copied = officer.copy_patrol_plans(&week).await.unwrap();
    let copy = copied[0].plan.as_ref().unwrap();
    assert_eq!(copy.checkpoints, [world.checkpoints[1].0]);
}

async fn a_route_keeps_a_checkpoint_that_was_retired_and_takes_no_new_one(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let terms = RouteTerms {
        area_id: world.village,
        name: "Vòng quanh thôn".to_owned(),
        line: vec![CENTRE, far_from(CENTRE)],
        checkpoints: world.checkpoints.iter().map(|point| point.0).collect(),
    };
    let route = officer.create_patrol_route(&terms).await.unwrap();
    retired(&cast.officer, world.checkpoints[1].0).await;
    let renamed = RouteTerms {
        name: "Vòng đêm".to_owned(),
        ..terms.clone()
    };
    let changed = officer.edit_patrol_route(route.id, 1, &renamed).await.unwrap();
    assert_eq!(changed.terms.checkpoints, terms.checkpoints);
    let scope = cast.member.api().scope().await.unwrap();
    let walked = scope.in_use(&scope.routes[0].terms.checkpoints);
    assert_eq!(walked, [world.checkpoints[0].0]);
    let refused = officer.create_patrol_route(&terms).await;
    assert_eq!(
        refused.wrong_fields(),
        [("checkpoints.1".to_owned(), FieldCode::NoSuchObject)]
    );
}

async fn a_check_in_is_judged_by_where_its_checkpoint_stood(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let id = world.checkpoints[0].0;
    let old = known(&cast.officer, id).await;
    let moved = NewCheckpoint {
        position: far_from(old.position),
        ..terms(&old)
    };
    officer.edit_checkpoint(id, old.revision, &moved).await.unwrap();
    let flags = async |at: LatLon| {
        let draft = patrol_at(&world, &cast.member, at, id, &app);
        let view = cast.member.api().create_record(&draft).await.unwrap();
        view.flags.contains(&Flag::OutsideFence)
    };
    assert!(!flags(old.position).await, "the place of then");
    assert!(!flags(moved.position).await, "the place of now");
    assert!(flags(far_from(moved.position)).await, "neither");
    app.advance(74 * HOUR);
    assert!(flags(old.position).await, "phones must know of the move by now");
}
