//! Loudspeaker sessions: schedules, confirming, coverage.

use chrono::Weekday;
use keng_server::db::area_import::{self, Terms};
use keng_server::import::{self, AreaFile, Format};
use keng_shared::api::{ConfirmSlots, NewReview, RecordQuery, SlotConfirmation, SlotHolder};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::loudspeaker::{
    BroadcastSchedule, Confirming, CoveredArea, MissReason, Pause, PlannedSlot, ScheduleTerms, SlotState,
    week,
};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{Flag, RecordDraft, RecordStatus, Verdict};
use keng_shared::sync::OpOutcome;
use keng_shared::time::LocalDate;
use keng_tests::cast::active;
use keng_tests::drafts::{push, put};
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::json;
use uuid::Uuid;

both_databases!(
    a_commune_of_20_areas_confirms_its_week_with_one_call,
    a_slot_that_two_people_confirm_is_one_session,
    a_slot_sent_by_a_phone_after_another_is_told_who_confirmed_it,
    confirming_the_same_slots_again_changes_nothing,
    a_withdrawn_session_frees_its_slot_and_its_areas,
    coverage_counts_aired_sessions_by_area_and_tells_accepted_from_waiting,
    a_slot_confirmed_three_days_later_is_marked_as_late,
    a_slot_of_a_foreign_schedule_or_a_day_off_is_refused,
    one_wrong_slot_does_not_refuse_the_others,
    an_edit_keeps_its_slot_and_moves_its_areas,
);

pub(super) const HOUR: i64 = 3_600_000;

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

/// Monday, Wednesday and Friday at 17:00 for half an hour; the tests begin on a Sunday evening.
pub(super) fn terms(area_id: AreaId, areas: Vec<AreaId>) -> ScheduleTerms {
    ScheduleTerms {
        area_id,
        name: "Chương trình chiều".to_owned(),
        station: "Đài truyền thanh xã".to_owned(),
        presenter: "Cán bộ văn hóa xã".to_owned(),
        areas,
        weekdays: vec![Weekday::Mon, Weekday::Wed, Weekday::Fri],
        times: vec!["17:00".parse().unwrap()],
        minutes: 30,
        topics: vec!["online_fraud".to_owned(), "fire_safety".to_owned()],
        first_day: day("2026-11-02"),
        last_day: None,
        holidays: Vec::new(),
        pauses: Vec::new(),
    }
}

pub(super) async fn schedule(world: &World, cast: &Cast) -> BroadcastSchedule {
    let terms = terms(world.commune, vec![world.village, world.other_village]);
    cast.officer
        .api()
        .create_broadcast_schedule(&terms)
        .await
        .unwrap()
}

/// The slots of the week that ends on the day when the tests begin.
pub(super) fn slots(schedule: &BroadcastSchedule) -> Vec<PlannedSlot> {
    schedule.slots(day("2026-11-16"))
}

pub(super) fn confirm(slots: &[PlannedSlot]) -> ConfirmSlots {
    let one = |planned: &PlannedSlot| SlotConfirmation {
        record_id: RecordId(Uuid::now_v7()),
        slot: planned.slot,
        missed: Vec::new(),
    };
    ConfirmSlots {
        slots: slots.iter().map(one).collect(),
    }
}

fn power_cut(area_id: AreaId) -> CoveredArea {
    CoveredArea {
        area_id,
        missed: Some(MissReason::PowerCut),
        note: "Mất điện từ chiều".to_owned(),
    }
}

pub(super) fn draft_of(
    app: &TestApp,
    person: &Person,
    schedule: &BroadcastSchedule,
    planned: &PlannedSlot,
) -> RecordDraft {
    let confirming = Confirming {
        record_id: RecordId(Uuid::now_v7()),
        device_id: person.phone.device(),
        at: app.now(),
        clock_offset_ms: Some(0),
        missed: Vec::new(),
    };
    schedule.confirm(planned, confirming, |_| true)
}

async fn officer_of(app: &TestApp, world: &World, username: &str, name: &str) -> Person {
    let role = active(Role::CommuneOfficer, world.commune, None);
    app.person(username, name, vec![role]).await
}

/// Eighteen more villages, so that the commune has twenty.
async fn twenty_villages(app: &TestApp, world: &World) -> Vec<AreaId> {
    let mut csv = "kind,code,name,parent_code,valid_from,valid_to,lat,lon\n".to_owned();
    for number in 3..=20 {
        csv.push_str(&format!("residential_area,,Thôn {number},15112,,,,\n"));
    }
    let (now, today) = (app.now(), app.state().clock.today());
    app.write(move |conn| {
        let Ok(AreaFile::Tree(rows)) = import::read(Format::Csv, csv.as_bytes()) else {
            panic!("the villages");
        };
        let terms = Terms::operator(today, now);
        let report = area_import::import_tree(conn, &rows, &terms, &mut || {})?;
        assert_eq!(report.refused, []);
        Ok(())
    })
    .await;
    app.state().auth.tree.forget();
    let tree = app.read(keng_server::db::areas::load_tree).await;
    let mut villages = tree.subtree(world.commune, today);
    villages.retain(|id| *id != world.commune);
    assert_eq!(villages.len(), 20);
    villages
}

async fn a_commune_of_20_areas_confirms_its_week_with_one_call(app: TestApp) {
    let (world, cast) = app.cast().await;
    let villages = twenty_villages(&app, &world).await;
    let officer = cast.officer.api();
    let terms = terms(world.commune, villages.clone());
    let schedule = officer.create_broadcast_schedule(&terms).await.unwrap();
    let mut asked = confirm(&slots(&schedule));
    asked.slots[1].missed.push(power_cut(world.village));
    let results = officer.confirm_slots(&asked).await.unwrap();
    assert!(
        results.iter().all(|result| result.problem.is_none()),
        "{results:?}"
    );

    let seen = officer.broadcast_week(world.commune, None).await.unwrap();
    assert_eq!((seen.monday, seen.sessions.len()), (day("2026-11-16"), 3));
    let states: Vec<_> = week(&seen.schedules[0], seen.monday, &seen.confirmed, seen.now)
        .into_iter()
        .map(|slot| match slot.state {
            SlotState::Aired(confirmed) => (confirmed.aired, confirmed.missed, confirmed.by.name),
            other => panic!("{other:?}"),
        })
        .collect();
    let by = || "Lê Văn Hùng".to_owned();
    assert_eq!(states, [(20, 0, by()), (19, 1, by()), (20, 0, by())]);
    let second = &seen.sessions[1];
    assert_eq!(second.session.aired().count(), 19);
    assert_eq!(second.session.topic, "fire_safety");
    assert_eq!(second.status, RecordStatus::Submitted);
    let coverage = officer
        .broadcast_coverage(world.commune, None, Some(1))
        .await
        .unwrap();
    assert_eq!(coverage.areas.len(), 20);
    for area in coverage.areas {
        let missed = u32::from(area.area_id == world.village);
        assert_eq!(
            (area.waiting, area.missed, area.accepted),
            (3 - missed, missed, 0),
            "{}",
            area.name
        );
    }
}

async fn a_slot_that_two_people_confirm_is_one_session(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let colleague = officer_of(&app, &world, "mai", "Hà Thị Mai").await;
    let slots = slots(&schedule);
    let first = confirm(&slots[..2]);
    cast.officer.api().confirm_slots(&first).await.unwrap();
    let results = colleague.api().confirm_slots(&confirm(&slots)).await.unwrap();
    let holders: Vec<_> = results
        .into_iter()
        .map(|result| {
            let problem = *result.problem?;
            assert_eq!(problem.code, ProblemCode::SlotTaken);
            let holder: SlotHolder = serde_json::from_value(problem.stored.unwrap()).unwrap();
            Some((holder.record_id, holder.by.name))
        })
        .collect();
    let held = |index: usize| Some((first.slots[index].record_id, "Lê Văn Hùng".to_owned()));
    assert_eq!(holders, [held(0), held(1), None], "the third was free");
    let seen = colleague.api().broadcast_week(world.commune, None).await.unwrap();
    assert_eq!(seen.sessions.len(), 3);

    let (a, b) = (cast.officer.api(), colleague.api());
    let next = schedule.slots(day("2026-11-09"));
    let (mine, theirs) = (confirm(&next), confirm(&next));
    let (mine, theirs) = futures::join!(a.confirm_slots(&mine), b.confirm_slots(&theirs));
    let taken = |results: Vec<keng_shared::api::SlotResult>| {
        results.iter().filter(|result| result.problem.is_some()).count()
    };
    assert_eq!(
        taken(mine.unwrap()) + taken(theirs.unwrap()),
        3,
        "at the same moment"
    );
}

async fn a_slot_sent_by_a_phone_after_another_is_told_who_confirmed_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = ScheduleTerms {
        name: "Loa thôn".to_owned(),
        ..terms(world.village, vec![world.village])
    };
    let schedule = cast.leader.api().create_broadcast_schedule(&own).await.unwrap();
    let planned = slots(&schedule).remove(0);
    let first = draft_of(&app, &cast.member, &schedule, &planned);
    let second = draft_of(&app, &cast.leader, &schedule, &planned);
    let sent = cast
        .member
        .api()
        .push(&push(&cast.member, app.now(), [put(first.clone())]))
        .await
        .unwrap();
    assert!(matches!(
        sent.results[0].outcome,
        OpOutcome::Done { revision: 1, .. }
    ));
    let sent = cast
        .leader
        .api()
        .push(&push(&cast.leader, app.now(), [put(second.clone())]))
        .await
        .unwrap();
    let OpOutcome::Refused { problem } = &sent.results[0].outcome else {
        panic!("{:?}", sent.results);
    };
    assert_eq!(problem.code, ProblemCode::SlotTaken);
    let holder: SlotHolder = serde_json::from_value(problem.stored.clone().unwrap()).unwrap();
    assert_eq!((holder.record_id, holder.by.id), (first.id, cast.member.id));
    let page = cast.officer.api().records(&RecordQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 1, "nothing of the second is stored");
}

async fn confirming_the_same_slots_again_changes_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let asked = confirm(&slots(&schedule));
    let officer = cast.officer.api();
    let once = officer.confirm_slots(&asked).await.unwrap();
    assert_eq!(officer.confirm_slots(&asked).await.unwrap(), once);
    assert_eq!(
        officer
            .broadcast_week(world.commune, None)
            .await
            .unwrap()
            .sessions
            .len(),
        3
    );
    let twice = ConfirmSlots {
        slots: vec![asked.slots[0].clone(), asked.slots[0].clone()],
    };
    let wrong = officer.confirm_slots(&twice).await.wrong_fields();
    let expected = [
        ("slots.1.record_id", FieldCode::Duplicate),
        ("slots.1.slot", FieldCode::Duplicate),
    ];
    assert_eq!(wrong, expected.map(|(field, code)| (field.to_owned(), code)));
    let none = officer.confirm_slots(&ConfirmSlots { slots: Vec::new() }).await;
    assert_eq!(none.wrong_fields(), [("slots".to_owned(), FieldCode::Required)]);
}

async fn a_withdrawn_session_frees_its_slot_and_its_areas(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let asked = confirm(&slots(&schedule)[..1]);
    officer.confirm_slots(&asked).await.unwrap();
    officer
        .withdraw_record(asked.slots[0].record_id, 1)
        .await
        .unwrap();
    let seen = officer.broadcast_week(world.commune, None).await.unwrap();
    assert!(seen.sessions.is_empty() && seen.confirmed.is_empty());
    let coverage = officer
        .broadcast_coverage(world.commune, None, None)
        .await
        .unwrap();
    assert!(coverage.areas.iter().all(|area| area.period_waiting == 0));
    let again = confirm(&slots(&schedule)[..1]);
    let results = officer.confirm_slots(&again).await.unwrap();
    assert_eq!(results[0].problem, None);
}

/// Four weeks that end on Sunday 2026-11-22: three broadcasts in the last, two in the one before, none earlier. Thành
/// Sơn misses one of the last week. One of the earlier is accepted and one returned.
async fn coverage_counts_aired_sessions_by_area_and_tells_accepted_from_waiting(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let mut last = confirm(&slots(&schedule));
    last.slots[0].missed.push(power_cut(world.village));
    let before = confirm(&schedule.slots(day("2026-11-09"))[..2]);
    officer.confirm_slots(&last).await.unwrap();
    officer.confirm_slots(&before).await.unwrap();
    let review = |verdict, reason: &str| NewReview {
        verdict: Some(verdict),
        reason: reason.to_owned(),
        photos: Vec::new(),
    };
    let (accepted, returned) = (before.slots[0].record_id, before.slots[1].record_id);
    officer
        .review(accepted, 1, &review(Verdict::Accepted, ""))
        .await
        .unwrap();
    officer
        .review(returned, 1, &review(Verdict::Returned, "Chưa rõ"))
        .await
        .unwrap();

    let coverage = officer
        .broadcast_coverage(world.commune, None, None)
        .await
        .unwrap();
    assert_eq!(
        (coverage.from, coverage.to, coverage.days),
        (day("2026-10-26"), day("2026-11-22"), 28)
    );
    assert_eq!(coverage.target, 3);
    let figures: Vec<_> = coverage
        .areas
        .iter()
        .map(|area| {
            (
                area.name.as_str(),
                (area.accepted, area.waiting, area.missed),
                (area.period_accepted, area.period_waiting),
            )
        })
        .collect();
    let expected = [
        ("Thôn Thành Sơn", (0, 2, 1), (1, 2)),
        ("Thôn Thống Nhất", (0, 3, 0), (1, 3)),
    ];
    assert_eq!(figures, expected);
    let week_before = Some(day("2026-11-12"));
    let one = officer
        .broadcast_coverage(world.village, week_before, Some(1))
        .await
        .unwrap();
    assert_eq!((one.from, one.days, one.areas.len()), (day("2026-11-09"), 7, 1));
    assert_eq!((one.areas[0].accepted, one.areas[0].waiting), (1, 0));
    let wrong = officer.broadcast_coverage(world.commune, None, Some(0)).await;
    assert_eq!(wrong.wrong_fields(), [("weeks".to_owned(), FieldCode::TooSmall)]);
    let by_province = cast.province_viewer.api();
    let wide = by_province
        .broadcast_coverage(world.province, None, None)
        .await
        .unwrap();
    assert_eq!(wide.areas.len(), 3, "the neighbour's village too");
}

async fn a_slot_confirmed_three_days_later_is_marked_as_late(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    // It is Sunday, 21:00: Wednesday's ended 99.5 hours ago, Friday's 51.5.
    let wednesday = slots(&schedule).remove(1);
    officer.confirm_slots(&confirm(&[wednesday])).await.unwrap();
    let seen = officer.broadcast_week(world.commune, None).await.unwrap();
    assert!(seen.confirmed[0].late && seen.sessions[0].late);
    let record = officer.record(seen.sessions[0].record_id).await.unwrap().record;
    assert_eq!(
        record.flags,
        [Flag::LateConfirmation],
        "and neither LateSend nor NoPosition"
    );

    // A phone that confirmed Friday's on Friday and had no network until Sunday is not late.
    let friday = slots(&schedule).remove(2);
    let mut draft = draft_of(&app, &cast.officer, &schedule, &friday);
    draft.body["confirmed_at"] = json!(friday.ends_at().plus(HOUR).0);
    let stored = officer.create_record(&draft).await.unwrap();
    assert_eq!(stored.flags, []);
}

async fn a_slot_of_a_foreign_schedule_or_a_day_off_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut resting = terms(world.commune, vec![world.village, world.other_village]);
    resting.holidays.push(day("2026-11-18"));
    resting.pauses.push(Pause {
        from: day("2026-11-20"),
        to: day("2026-11-20"),
        reason: "Bảo trì".to_owned(),
    });
    let officer = cast.officer.api();
    let schedule = officer.create_broadcast_schedule(&resting).await.unwrap();
    for planned in &slots(&schedule)[1..] {
        let asked = confirm(std::slice::from_ref(planned));
        let refused = officer.confirm_slots(&asked).await.unwrap().remove(0);
        assert_eq!(refused.problem.unwrap().code, ProblemCode::StateConflict);
    }
    let wrong = async |asked: &ConfirmSlots| {
        let refused = officer.confirm_slots(asked).await.unwrap().remove(0);
        let fields = refused.problem.unwrap().fields;
        fields
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect::<Vec<_>>()
    };
    let mut odd = slots(&schedule).remove(0);
    odd.slot.time = "18:00".parse().unwrap();
    assert_eq!(
        wrong(&confirm(&[odd])).await,
        [("slot".to_owned(), FieldCode::NoSuchObject)]
    );
    let mut elsewhere = confirm(&slots(&schedule)[..1]);
    elsewhere.slots[0].missed.push(power_cut(world.neighbour_village));
    assert_eq!(
        wrong(&elsewhere).await,
        [("missed.0.area_id".to_owned(), FieldCode::NoSuchObject)]
    );
    let one = confirm(&slots(&schedule)[..1]);
    let by_neighbour = cast.neighbour.api().confirm_slots(&one).await;
    assert_eq!(by_neighbour.code(), ProblemCode::NotFound);
    // A member of one village does not speak for the commune's station.
    let by_member = cast.member.api().confirm_slots(&one).await;
    assert_eq!(by_member.code(), ProblemCode::NotFound);
}

async fn one_wrong_slot_does_not_refuse_the_others(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let mut asked = confirm(&slots(&schedule)[..3]);
    // "Another reason" wants words.
    asked.slots[1].missed.push(CoveredArea {
        area_id: world.village,
        missed: Some(MissReason::Other),
        note: String::new(),
    });
    let results = officer.confirm_slots(&asked).await.unwrap();
    let stored: Vec<bool> = results.iter().map(|result| result.problem.is_none()).collect();
    assert_eq!(stored, [true, false, true]);
    let refused = results[1].problem.as_ref().unwrap();
    assert_eq!(refused.fields[0].code, FieldCode::Required);
    let seen = officer.broadcast_week(world.commune, None).await.unwrap();
    assert_eq!(seen.sessions.len(), 2);
}

async fn an_edit_keeps_its_slot_and_moves_its_areas(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let mut draft = draft_of(&app, &cast.officer, &schedule, &slots(&schedule)[2]);
    officer.create_record(&draft).await.unwrap();
    draft.body["areas"][0]["missed"] = json!("broken_speaker");
    let edited = officer.edit_record(&draft, 1).await.unwrap();
    assert_eq!(edited.revision, 2);
    let seen = officer.broadcast_week(world.commune, None).await.unwrap();
    assert_eq!((seen.confirmed[0].aired, seen.confirmed[0].missed), (1, 1));
    let coverage = officer
        .broadcast_coverage(world.village, None, Some(1))
        .await
        .unwrap();
    assert_eq!((coverage.areas[0].waiting, coverage.areas[0].missed), (0, 1));
    draft.body["slot"]["date"] = json!("2026-11-18");
    draft.started_at = draft.started_at.plus(-48 * HOUR);
    let moved = officer.edit_record(&draft, 2).await;
    assert_eq!(
        moved.wrong_fields(),
        [("body.slot".to_owned(), FieldCode::ServerOwned)]
    );
}
