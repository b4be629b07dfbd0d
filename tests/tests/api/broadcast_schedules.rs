//! Schedules of loudspeakers: who may change them, what they refuse, and what phones get of them.

use super::broadcasts::{HOUR, confirm, day, draft_of, schedule, slots, terms};
use keng_shared::loudspeaker::{BroadcastSchedule, ScheduleTerms};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::json;
use std::collections::BTreeSet;

both_databases!(
    areas_outside_the_station_are_refused_field_by_field,
    a_schedule_is_changed_only_by_who_saw_its_last_revision,
    a_village_has_the_schedules_of_its_commune_that_reach_it,
    schedules_that_fall_together_are_refused,
    a_phone_gets_schedules_and_confirmed_slots_with_its_scope,
    a_camera_volunteer_logs_no_broadcasts,
);

async fn areas_outside_the_station_are_refused_field_by_field(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let mut draft = draft_of(&app, &cast.officer, &schedule, &slots(&schedule)[0]);
    draft.body["areas"] =
        json!([{"area_id": world.village}, {"area_id": world.neighbour_village}, {"area_id": world.commune}]);
    let refused = officer.create_record(&draft).await.wrong_fields();
    let expected = ["body.areas.1.area_id", "body.areas.2.area_id"];
    assert_eq!(
        refused,
        expected.map(|field| (field.to_owned(), FieldCode::NoSuchObject))
    );
    draft.body["areas"] = json!([]);
    let refused = officer.create_record(&draft).await.wrong_fields();
    assert_eq!(refused, [("body.areas".to_owned(), FieldCode::Required)]);
    let foreign = terms(world.commune, vec![world.village, world.neighbour_village]);
    let refused = officer.create_broadcast_schedule(&foreign).await.wrong_fields();
    let index = foreign.areas.iter().copied().collect::<BTreeSet<_>>();
    let index = index
        .iter()
        .position(|id| *id == world.neighbour_village)
        .unwrap();
    assert_eq!(refused, [(format!("areas.{index}"), FieldCode::NoSuchObject)]);
    let none = officer
        .create_broadcast_schedule(&terms(world.commune, vec![]))
        .await;
    assert_eq!(none.wrong_fields(), [("areas".to_owned(), FieldCode::Required)]);
    let past = ScheduleTerms {
        last_day: Some(day("2026-11-21")),
        ..terms(world.commune, vec![world.village])
    };
    let past = officer.create_broadcast_schedule(&past).await;
    assert_eq!(
        past.wrong_fields(),
        [("last_day".to_owned(), FieldCode::TooEarly)]
    );
}

async fn a_schedule_is_changed_only_by_who_saw_its_last_revision(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let longer = ScheduleTerms {
        minutes: 45,
        ..schedule.terms.clone()
    };
    let edited = officer
        .edit_broadcast_schedule(schedule.id, 1, &longer)
        .await
        .unwrap();
    assert_eq!((edited.revision, edited.terms.minutes), (2, 45));
    let stale = officer
        .edit_broadcast_schedule(schedule.id, 1, &schedule.terms)
        .await
        .problem();
    assert_eq!(stale.code, ProblemCode::RevisionMismatch);
    assert_eq!(stale.stored.unwrap()["terms"]["minutes"], 45);
    let moved = ScheduleTerms {
        area_id: world.village,
        ..longer.clone()
    };
    let moved = officer.edit_broadcast_schedule(schedule.id, 2, &moved).await;
    assert_eq!(
        moved.wrong_fields(),
        [("area_id".to_owned(), FieldCode::ServerOwned)]
    );

    officer
        .confirm_slots(&confirm(&slots(&edited)[..1]))
        .await
        .unwrap();
    officer.delete_broadcast_schedule(schedule.id, 2).await.unwrap();
    assert!(officer.broadcast_schedules(None).await.unwrap().is_empty());
    let gone = officer.delete_broadcast_schedule(schedule.id, 2).await;
    assert_eq!(gone.code(), ProblemCode::NotFound);
    let seen = officer.broadcast_week(world.commune, None).await.unwrap();
    assert_eq!(
        (seen.schedules.len(), seen.confirmed.len(), seen.sessions.len()),
        (1, 1, 1),
        "what was confirmed stays, in its schedule"
    );
    assert_eq!(seen.ended, [schedule.id]);
    let late = officer
        .confirm_slots(&confirm(&slots(&edited)[1..2]))
        .await
        .unwrap();
    assert_eq!(
        late[0].problem, None,
        "what was broadcast before the end is confirmed after it"
    );
    let next = officer
        .broadcast_week(world.commune, Some(day("2026-11-30")))
        .await
        .unwrap();
    assert!(next.schedules.is_empty() && next.ended.is_empty(), "{next:?}");
}

async fn a_village_has_the_schedules_of_its_commune_that_reach_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let both = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let one = ScheduleTerms {
        name: "Loa cụm Thành Sơn".to_owned(),
        times: vec!["05:30".parse().unwrap()],
        ..terms(world.commune, vec![world.village])
    };
    let one = officer.create_broadcast_schedule(&one).await.unwrap();
    let shown = async |area| {
        let week = officer.broadcast_week(area, None).await.unwrap();
        let ids: BTreeSet<i64> = week.schedules.into_iter().map(|found| found.id.0).collect();
        ids
    };
    let of = |schedules: &[&BroadcastSchedule]| schedules.iter().map(|found| found.id.0).collect();
    assert_eq!(shown(world.commune).await, of(&[&both, &one]));
    assert_eq!(shown(world.village).await, of(&[&both, &one]));
    assert_eq!(shown(world.other_village).await, of(&[&both]));
    officer.confirm_slots(&confirm(&slots(&both)[..1])).await.unwrap();
    let week = officer.broadcast_week(world.other_village, None).await.unwrap();
    assert_eq!(
        (week.confirmed.len(), week.sessions.len()),
        (1, 1),
        "what was broadcast there too"
    );
}

async fn schedules_that_fall_together_are_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let clash = ScheduleTerms {
        name: "Loa thôn".to_owned(),
        times: vec!["17:15".parse().unwrap()],
        ..terms(world.village, vec![world.village])
    };
    let refused = officer.create_broadcast_schedule(&clash).await.problem();
    let error = &refused.fields[0];
    assert_eq!((error.field.as_str(), error.code), ("times", FieldCode::Overlaps));
    assert_eq!(error.params["name"], "Chương trình chiều");
    let after = ScheduleTerms {
        times: vec!["17:30".parse().unwrap()],
        ..clash
    };
    officer.create_broadcast_schedule(&after).await.unwrap();
}

async fn a_phone_gets_schedules_and_confirmed_slots_with_its_scope(app: TestApp) {
    let (world, cast) = app.cast().await;
    let before = cast.officer.api().scope().await.unwrap();
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    officer
        .confirm_slots(&confirm(&slots(&schedule)[..1]))
        .await
        .unwrap();
    let scope = officer.scope().await.unwrap();
    assert_ne!(scope.tag, before.tag, "so that phones fetch it again");
    assert_eq!(scope.broadcast_schedules, std::slice::from_ref(&schedule));
    assert_eq!(scope.confirmed_slots.len(), 1);
    assert_eq!(scope.confirmed_slots[0].by.name, "Lê Văn Hùng");
    let member = cast.member.api().scope().await.unwrap();
    assert!(
        member.broadcast_schedules.is_empty(),
        "the commune's station is not the village's"
    );
    // Fifteen days later the slot is no longer offered.
    app.advance(15 * 24 * HOUR);
    let later = cast.officer.api().scope().await.unwrap();
    assert!(later.confirmed_slots.is_empty());
}

async fn a_camera_volunteer_logs_no_broadcasts(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let volunteer = cast.camera_volunteer.api();
    let planned = slots(&schedule).remove(0);
    let draft = draft_of(&app, &cast.camera_volunteer, &schedule, &planned);
    assert_eq!(
        volunteer.create_record(&draft).await.code(),
        ProblemCode::Forbidden
    );
    let refused = volunteer.confirm_slots(&confirm(&[planned])).await;
    assert_eq!(refused.code(), ProblemCode::Forbidden);
    assert!(volunteer.scope().await.unwrap().broadcast_schedules.is_empty());
}
