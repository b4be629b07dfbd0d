//! The roster: shifts that clash, are moved, copied, begun, missed and done.

use keng_shared::api::{CopyWeek, NewPatrolPlan, NewTeam};
use keng_shared::id::{PatrolPlanId, UserId};
use keng_shared::loudspeaker::monday_of;
use keng_shared::patrol::PatrolEnd;
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::RecordDraft;
use keng_shared::roster::{DUTY, ShiftKind, ShiftState};
use keng_shared::sync::{OpAction, PatrolPlan, TeamKind};
use keng_shared::time::Millis;
use keng_tests::cast::active;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases, drafts};
use serde_json::json;

both_databases!(
    a_shift_of_the_same_team_at_the_same_time_is_refused_and_the_other_is_named,
    two_groups_of_a_team_go_at_once_but_nobody_is_in_both,
    nobody_walks_with_two_teams_at_once,
    a_shift_is_deleted_only_by_who_saw_its_last_revision,
    two_officers_who_plan_the_same_team_at_once_get_one_shift,
    a_shift_is_moved_and_moved_back,
    a_shift_is_never_moved_into_the_past,
    who_looked_at_an_older_plan_is_told_before_it_is_overwritten,
    a_patrol_that_names_its_plan_makes_it_under_way_and_then_done,
    a_patrol_of_another_team_does_not_walk_for_this_one,
    a_withdrawn_patrol_leaves_its_shift_missed,
    a_duty_record_makes_the_duty_shift_of_its_team_done,
    what_was_begun_or_missed_is_history,
    a_week_is_copied_and_what_is_there_already_is_left_out,
    a_week_shows_the_shifts_that_start_in_it,
);

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A patrol of the whole team from so many hours ahead, for two hours.
pub fn shift(world: &World, now: Millis, hours: i64) -> NewPatrolPlan {
    NewPatrolPlan {
        kind: ShiftKind::Patrol,
        team_id: world.team,
        area_id: world.village,
        starts_at: now.plus(hours * HOUR),
        ends_at: now.plus((hours + 2) * HOUR),
        checkpoints: Vec::new(),
        members: Vec::new(),
        note: String::new(),
    }
}

async fn plan(by: &Person, new: &NewPatrolPlan) -> PatrolPlan {
    by.api().create_patrol_plan(new).await.unwrap()
}

async fn seen(by: &Person, id: PatrolPlanId) -> PatrolPlan {
    let plans = by.api().patrol_plans(None, None).await.unwrap();
    plans.into_iter().find(|plan| plan.id == id).unwrap()
}

async fn a_shift_of_the_same_team_at_the_same_time_is_refused_and_the_other_is_named(app: TestApp) {
    let (world, cast) = app.cast().await;
    let now = app.now();
    let first = plan(&cast.leader, &shift(&world, now, 10)).await;
    let problem = cast
        .officer
        .api()
        .create_patrol_plan(&shift(&world, now, 11))
        .await
        .problem();
    let error = problem.fields.first().unwrap();
    assert_eq!(
        (error.field.as_str(), error.code),
        ("starts_at", FieldCode::Overlaps)
    );
    let said = |name: &str| error.params.get(name).cloned().unwrap_or_default();
    assert_eq!(said("name"), "Tổ bảo vệ ANTT thôn Thành Sơn");
    assert_eq!(said("id"), first.id.to_string());
    assert_eq!(said("from"), first.starts_at.0.to_string());
    plan(&cast.officer, &shift(&world, now, 12)).await;
    assert_eq!(cast.leader.api().patrol_plans(None, None).await.unwrap().len(), 2);
}

async fn two_groups_of_a_team_go_at_once_but_nobody_is_in_both(app: TestApp) {
    let (world, cast) = app.cast().await;
    let now = app.now();
    let group = |people: Vec<UserId>| NewPatrolPlan {
        members: people,
        ..shift(&world, now, 10)
    };
    let first = plan(&cast.leader, &group(vec![cast.member.id])).await;
    assert_eq!(first.members, [cast.member.id]);
    plan(&cast.leader, &group(vec![cast.leader.id])).await;
    for clash in [group(vec![cast.member.id]), group(Vec::new())] {
        let refused = cast.leader.api().create_patrol_plan(&clash).await;
        assert_eq!(
            refused.wrong_fields(),
            [("starts_at".to_owned(), FieldCode::Overlaps)]
        );
    }
    let stranger = group(vec![cast.neighbour.id]);
    assert_eq!(
        cast.leader
            .api()
            .create_patrol_plan(&stranger)
            .await
            .wrong_fields(),
        [("members.0".to_owned(), FieldCode::NoSuchObject)]
    );
    let twice = group(vec![cast.member.id; 2]);
    assert_eq!(
        cast.leader.api().create_patrol_plan(&twice).await.wrong_fields(),
        [("members.1".to_owned(), FieldCode::Duplicate)]
    );
}

async fn nobody_walks_with_two_teams_at_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let now = app.now();
    let second = NewTeam {
        area_id: world.village,
        name: "Tổ tự quản Thành Sơn".to_owned(),
        kind: TeamKind::CameraGroup,
    };
    let second = cast.officer.api().create_team(&second).await.unwrap().id;
    let in_both = vec![
        active(Role::Member, world.village, Some(world.team)),
        active(Role::Member, world.village, Some(second)),
    ];
    let busy = app.person("ban-ron", "Hà Thị Bận", in_both).await;
    let whole = shift(&world, now, 10);
    let other = NewPatrolPlan {
        team_id: second,
        ..shift(&world, now, 11)
    };
    let naming = NewPatrolPlan {
        members: vec![busy.id],
        ..other.clone()
    };
    plan(&cast.officer, &whole).await;
    for clash in [&other, &naming] {
        let refused = cast.officer.api().create_patrol_plan(clash).await.problem();
        assert_eq!(refused.fields[0].code, FieldCode::Overlaps);
        assert_eq!(refused.fields[0].params["name"], "Tổ bảo vệ ANTT thôn Thành Sơn");
    }
    let later = NewPatrolPlan {
        starts_at: whole.ends_at,
        ends_at: whole.ends_at.plus(HOUR),
        ..other
    };
    plan(&cast.officer, &later).await;
}

async fn a_shift_is_deleted_only_by_who_saw_its_last_revision(app: TestApp) {
    let (world, cast) = app.cast().await;
    let made = plan(&cast.officer, &shift(&world, app.now(), 10)).await;
    let later = NewPatrolPlan {
        note: "Mang đèn".to_owned(),
        ..NewPatrolPlan::from(&made)
    };
    let api = cast.officer.api();
    api.edit_patrol_plan(made.id, 1, &later).await.unwrap();
    let stale = api.delete_patrol_plan(made.id, 1).await;
    assert_eq!(stale.code(), ProblemCode::RevisionMismatch);
    api.delete_patrol_plan(made.id, 2).await.unwrap();
}

async fn two_officers_who_plan_the_same_team_at_once_get_one_shift(app: TestApp) {
    let (world, cast) = app.cast().await;
    let new = shift(&world, app.now(), 10);
    let (officer, leader) = (cast.officer.api(), cast.leader.api());
    let (one, two) = tokio::join!(officer.create_patrol_plan(&new), leader.create_patrol_plan(&new));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    assert_eq!(leader.patrol_plans(None, None).await.unwrap().len(), 1);
}

async fn a_shift_is_moved_and_moved_back(app: TestApp) {
    let (world, cast) = app.cast().await;
    let now = app.now();
    let api = cast.officer.api();
    let made = plan(&cast.officer, &shift(&world, now, 10)).await;
    let later = NewPatrolPlan {
        starts_at: made.starts_at.plus(DAY),
        ends_at: made.ends_at.plus(DAY),
        ..NewPatrolPlan::from(&made)
    };
    let moved = api
        .edit_patrol_plan(made.id, made.revision, &later)
        .await
        .unwrap();
    assert_eq!((moved.starts_at, moved.revision), (later.starts_at, 2));
    assert_eq!(seen(&cast.member, made.id).await, moved);
    // Its old place is free again, and taken places are refused to it like to any other.
    let other = plan(&cast.officer, &shift(&world, now, 10)).await;
    let back = NewPatrolPlan::from(&made);
    assert_eq!(
        api.edit_patrol_plan(made.id, 2, &back).await.wrong_fields(),
        [("starts_at".to_owned(), FieldCode::Overlaps)]
    );
    api.delete_patrol_plan(other.id, other.revision).await.unwrap();
    let back = api.edit_patrol_plan(made.id, 2, &back).await.unwrap();
    assert_eq!((back.starts_at, back.revision), (made.starts_at, 3));
    let by_member = cast.member.api().edit_patrol_plan(made.id, 3, &later).await;
    assert_eq!(by_member.code(), ProblemCode::Forbidden);
}

async fn a_shift_is_never_moved_into_the_past(app: TestApp) {
    let (world, cast) = app.cast().await;
    let now = app.now();
    let made = plan(&cast.officer, &shift(&world, now, 10)).await;
    let past = shift(&world, now, -30);
    let refused = cast.officer.api().edit_patrol_plan(made.id, 1, &past).await;
    assert_eq!(
        refused.wrong_fields(),
        [("starts_at".to_owned(), FieldCode::TooEarly)]
    );
    assert_eq!(seen(&cast.officer, made.id).await, made);
}

async fn who_looked_at_an_older_plan_is_told_before_it_is_overwritten(app: TestApp) {
    let (world, cast) = app.cast().await;
    let made = plan(&cast.officer, &shift(&world, app.now(), 10)).await;
    let noted = |note: &str| NewPatrolPlan {
        note: note.to_owned(),
        ..NewPatrolPlan::from(&made)
    };
    let (officer, leader) = (cast.officer.api(), cast.leader.api());
    leader
        .edit_patrol_plan(made.id, 1, &noted("Mang đèn"))
        .await
        .unwrap();
    let refused = officer.edit_patrol_plan(made.id, 1, &noted("Mang áo mưa")).await;
    assert_eq!(refused.code(), ProblemCode::RevisionMismatch);
    assert_eq!(seen(&cast.officer, made.id).await.note, "Mang đèn");
}

/// A patrol of a member that names this plan, begun now.
pub fn walk(world: &World, by: &Person, now: Millis, plan: &PatrolPlan) -> RecordDraft {
    let mut draft = drafts::open_patrol(world, by, now);
    draft.body["plan_id"] = json!(plan.id);
    draft
}

async fn push(by: &Person, now: Millis, action: OpAction) {
    let answer = by.api().push(&drafts::push(by, now, [action])).await.unwrap();
    let outcome = &answer.results.first().unwrap().outcome;
    assert!(
        matches!(outcome, keng_shared::sync::OpOutcome::Done { .. }),
        "{outcome:?}"
    );
}

/// A shift that starts in two hours, and the clock an hour before that.
async fn soon(app: &TestApp) -> (World, Cast, PatrolPlan) {
    let (world, cast) = app.cast().await;
    let made = plan(&cast.officer, &shift(&world, app.now(), 1)).await;
    app.advance(HOUR);
    (world, cast, made)
}

async fn a_patrol_that_names_its_plan_makes_it_under_way_and_then_done(app: TestApp) {
    let (world, cast, made) = soon(&app).await;
    let draft = walk(&world, &cast.member, app.now(), &made);
    let tag = cast.leader.api().scope().await.unwrap().tag;
    push(&cast.member, app.now(), drafts::put(draft.clone())).await;
    let begun = seen(&cast.officer, made.id).await;
    assert_eq!(begun.state(app.now()), ShiftState::UnderWay);
    let scope = cast.leader.api().scope().await.unwrap();
    assert_eq!(scope.plans, std::slice::from_ref(&begun));
    assert_ne!(scope.tag, tag, "phones of the team hear of it");

    app.advance(HOUR);
    let mut ended = draft;
    ended.body["end"] = json!(PatrolEnd {
        at: app.now(),
        early_reason: None
    });
    let edit = OpAction::PutRecord {
        draft: Box::new(ended),
        base_revision: Some(1),
    };
    push(&cast.member, app.now(), edit).await;
    let done = seen(&cast.officer, made.id).await;
    assert_eq!(done.state(app.now()), ShiftState::Done);
    assert_eq!(done.records.len(), 1);
}

async fn a_patrol_of_another_team_does_not_walk_for_this_one(app: TestApp) {
    let (world, cast, made) = soon(&app).await;
    let mut draft = walk(&world, &cast.member, app.now(), &made);
    draft.team_id = None;
    push(&cast.member, app.now(), drafts::put(draft)).await;
    assert_eq!(seen(&cast.officer, made.id).await.records, []);
}

async fn a_withdrawn_patrol_leaves_its_shift_missed(app: TestApp) {
    let (world, cast, made) = soon(&app).await;
    let draft = walk(&world, &cast.member, app.now(), &made);
    push(&cast.member, app.now(), drafts::put(draft.clone())).await;
    cast.member.api().withdraw_record(draft.id, 1).await.unwrap();
    let left = seen(&cast.officer, made.id).await;
    assert_eq!(left.state(made.ends_at), ShiftState::Missed);
}

async fn a_duty_record_makes_the_duty_shift_of_its_team_done(app: TestApp) {
    let (world, cast) = app.cast().await;
    let duty = NewPatrolPlan {
        kind: ShiftKind::Duty,
        ..shift(&world, app.now(), 1)
    };
    let made = plan(&cast.officer, &duty).await;
    app.advance(3 * HOUR);
    assert_eq!(made.state(app.now()), ShiftState::Missed);
    let draft = RecordDraft {
        kind: DUTY.to_owned(),
        started_at: app.now().plus(-2 * HOUR),
        ended_at: Some(app.now()),
        body: json!({"venue": "Nhà văn hóa thôn", "people_count": 2}),
        ..drafts::session(&world, &cast.member, app.now())
    };
    push(&cast.member, app.now(), drafts::put(draft)).await;
    let done = seen(&cast.officer, made.id).await;
    assert_eq!(done.state(app.now()), ShiftState::Done);
}

async fn what_was_begun_or_missed_is_history(app: TestApp) {
    let (world, cast, made) = soon(&app).await;
    let draft = walk(&world, &cast.member, app.now(), &made);
    let missed = plan(&cast.officer, &shift(&world, app.now(), 3)).await;
    push(&cast.member, app.now(), drafts::put(draft)).await;
    app.advance(6 * HOUR);
    let api = cast.officer.api();
    for plan in [&made, &missed] {
        assert_eq!(
            api.delete_patrol_plan(plan.id, plan.revision).await.code(),
            ProblemCode::StateConflict
        );
        let later = shift(&world, app.now(), 20);
        let refused = api.edit_patrol_plan(plan.id, 1, &later).await;
        assert_eq!(refused.code(), ProblemCode::StateConflict);
    }
}

async fn a_week_is_copied_and_what_is_there_already_is_left_out(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.officer.api();
    let today = app.now().local_date().unwrap();
    // Two weeks ahead, so that no shift of the test lies in the past whatever day it is.
    let monday = monday_of(today).checked_add_days(chrono::Days::new(14)).unwrap();
    let hours = keng_shared::time::start_of_day(monday).since(app.now()) / HOUR;
    let first = plan(&cast.officer, &shift(&world, app.now(), hours + 20)).await;
    let second = plan(&cast.officer, &shift(&world, app.now(), hours + 24 * 6 + 20)).await;
    let next = monday.checked_add_days(chrono::Days::new(7)).unwrap();
    let copy = CopyWeek {
        area_id: world.commune,
        from: monday,
        to: next,
    };
    let copied = api.copy_patrol_plans(&copy).await.unwrap();
    let ids: Vec<_> = copied.iter().map(|shift| shift.from).collect();
    assert_eq!(ids, [first.id, second.id]);
    let starts: Vec<_> = copied
        .iter()
        .filter_map(|shift| shift.plan.as_ref())
        .map(|plan| plan.starts_at)
        .collect();
    assert_eq!(
        starts,
        [first.starts_at.plus(7 * DAY), second.starts_at.plus(7 * DAY)]
    );
    let again = api.copy_patrol_plans(&copy).await.unwrap();
    let codes: Vec<_> = again
        .iter()
        .filter_map(|shift| shift.problem.as_ref())
        .flat_map(|problem| problem.fields.iter().map(|error| error.code))
        .collect();
    assert_eq!(codes, [FieldCode::Overlaps; 2]);
    let back = CopyWeek {
        from: monday,
        to: today.checked_sub_days(chrono::Days::new(8)).unwrap(),
        ..copy
    };
    let past = api.copy_patrol_plans(&back).await.unwrap();
    assert!(past.iter().all(|shift| shift.plan.is_none()));
    assert_eq!(
        api.patrol_plans(None, Some(next)).await.unwrap().len(),
        2,
        "nothing was copied twice"
    );
}

async fn a_week_shows_the_shifts_that_start_in_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let made = plan(&cast.officer, &shift(&world, app.now(), 10)).await;
    let day = made.starts_at.local_date().unwrap();
    let api = cast.officer.api();
    let in_week = async |days: i64| {
        let day = day.checked_add_signed(chrono::TimeDelta::days(days)).unwrap();
        api.patrol_plans(Some(world.commune), Some(day)).await.unwrap()
    };
    assert_eq!(in_week(0).await, [made]);
    assert_eq!(in_week(-7).await, []);
    assert_eq!(in_week(7).await, []);
}
