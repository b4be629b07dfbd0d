//! Tasks: given, changed, done by phones once, taken back.

use keng_shared::api::Page;
use keng_shared::id::{OpId, RecordId, TaskId, UserId};
use keng_shared::inbox::{News, TaskNews};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::sync::{Op, OpAction, OpOutcome, PROTOCOL, PushRequest};
use keng_shared::task::{MAX_AHEAD_MS, NewTask, Task, TaskState, TaskStep};
use keng_tests::{Asks, Person, Refused, TestApp, World, both_databases};
use uuid::Uuid;

both_databases!(
    a_task_for_a_team_is_on_the_phones_of_its_members_and_in_their_inboxes,
    a_task_for_a_person_is_on_no_other_phone,
    a_task_given_twice_is_one_task,
    a_task_done_again_and_again_is_done_once_and_its_giver_is_told,
    who_does_a_task_that_is_done_changes_nothing,
    a_task_is_opened_again_and_the_scope_says_so,
    a_task_that_was_withdrawn_is_not_done_and_can_be_opened_again,
    of_two_officers_at_once_one_is_told_what_the_other_did,
    a_task_that_goes_to_somebody_else_leaves_the_first_phone,
    nobody_does_or_sees_a_task_of_another_commune,
    a_team_leader_gives_tasks_to_the_own_team_only,
    a_task_out_of_reach_or_with_wrong_fields_is_refused,
    open_tasks_are_listed_by_their_time_and_done_ones_by_the_latest,
);

const HOUR: i64 = 3_600_000;

fn new_task(world: &World, app: &TestApp) -> NewTask {
    NewTask {
        id: TaskId(Uuid::now_v7()),
        area_id: None,
        title: " Thay bóng đèn nhà văn hóa ".to_owned(),
        words: String::new(),
        place: "Nhà văn hóa".to_owned(),
        record_id: None,
        due_at: app.now().plus(24 * HOUR),
        team_id: Some(world.team),
        user_id: None,
    }
}

fn for_person(person: &Person, new: NewTask) -> NewTask {
    NewTask {
        team_id: None,
        user_id: Some(person.id),
        ..new
    }
}

async fn give(by: &Person, new: &NewTask) -> Task {
    by.api().create_task(new).await.unwrap()
}

async fn on_phone(person: &Person) -> Vec<Task> {
    person.api().scope().await.unwrap().tasks
}

async fn listed(person: &Person, state: TaskState) -> Vec<Task> {
    let Page { items, .. } = person.api().tasks(None, state, None).await.unwrap();
    items
}

/// What the inbox of a person says about tasks, the latest first.
async fn told(person: &Person) -> Vec<TaskNews> {
    let inbox = person.api().inbox().await.unwrap();
    let what = |news: News| match news {
        News::Task { what, .. } => Some(what),
        _ => None,
    };
    inbox
        .items
        .into_iter()
        .filter_map(|item| what(item.news))
        .collect()
}

/// A push of one step under this id.
async fn push(by: &Person, app: &TestApp, op: OpId, task_id: TaskId, step: TaskStep) -> OpOutcome {
    let action = OpAction::StepTask {
        task_id,
        step,
        at: app.now(),
    };
    let request = PushRequest {
        protocol: PROTOCOL,
        device_id: by.phone.device(),
        device_time: app.now(),
        ops: vec![Op { id: op, action }],
    };
    by.api().push(&request).await.unwrap().results.remove(0).outcome
}

fn done(note: &str) -> TaskStep {
    TaskStep::Done {
        note: note.to_owned(),
        record_id: None,
    }
}

fn reopen() -> TaskStep {
    TaskStep::Reopen { note: String::new() }
}

fn withdraw() -> TaskStep {
    TaskStep::Withdraw {
        note: "Không cần nữa".to_owned(),
    }
}

fn op() -> OpId {
    OpId(Uuid::now_v7())
}

fn revision(outcome: &OpOutcome) -> Option<u32> {
    match outcome {
        OpOutcome::Done { revision, .. } => Some(*revision),
        _ => None,
    }
}

fn refusal(outcome: &OpOutcome) -> Option<ProblemCode> {
    match outcome {
        OpOutcome::Refused { problem } => Some(problem.code),
        _ => None,
    }
}

async fn a_task_for_a_team_is_on_the_phones_of_its_members_and_in_their_inboxes(app: TestApp) {
    let (world, cast) = app.cast().await;
    let tag = cast.member.api().scope().await.unwrap().tag;
    let given = give(&cast.officer, &new_task(&world, &app)).await;
    assert_eq!(given.title, "Thay bóng đèn nhà văn hóa");
    assert_eq!(given.area_id, world.village, "where the team works");
    for person in [&cast.member, &cast.leader] {
        assert_eq!(on_phone(person).await, std::slice::from_ref(&given));
        assert_eq!(told(person).await, [TaskNews::Given], "{}", person.name);
    }
    assert_ne!(
        cast.member.api().scope().await.unwrap().tag,
        tag,
        "phones ask again"
    );
    assert_eq!(on_phone(&cast.camera_volunteer).await, []);
    assert_eq!(listed(&cast.officer, TaskState::Open).await, [given]);
}

async fn a_task_for_a_person_is_on_no_other_phone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let given = give(&cast.leader, &for_person(&cast.member, new_task(&world, &app))).await;
    let person = given.person.as_ref().map(|person| person.id);
    assert_eq!((person, given.team_id), (Some(cast.member.id), None));
    assert_eq!(on_phone(&cast.member).await, [given]);
    assert_eq!(on_phone(&cast.leader).await, []);
}

async fn a_task_given_twice_is_one_task(app: TestApp) {
    let (world, cast) = app.cast().await;
    let new = new_task(&world, &app);
    let first = give(&cast.officer, &new).await;
    assert_eq!(give(&cast.officer, &new).await, first);
    let other = NewTask {
        title: "Việc khác".to_owned(),
        ..new
    };
    assert_eq!(
        cast.officer.api().create_task(&other).await.code(),
        ProblemCode::IdTaken
    );
    assert_eq!(cast.member.api().inbox().await.unwrap().unread, 1);
}

async fn a_task_done_again_and_again_is_done_once_and_its_giver_is_told(app: TestApp) {
    let (world, cast) = app.cast().await;
    let given = give(&cast.officer, &new_task(&world, &app)).await;
    let (id, record) = (op(), RecordId(Uuid::now_v7()));
    let step = TaskStep::Done {
        note: " Đã thay ".to_owned(),
        record_id: Some(record),
    };
    for _ in 0..3 {
        let outcome = push(&cast.member, &app, id, given.id, step.clone()).await;
        assert_eq!(revision(&outcome), Some(2));
    }
    let task = on_phone(&cast.leader).await.remove(0);
    let said = task.said.unwrap();
    assert_eq!(
        (said.by.id, said.note.as_str(), said.record_id),
        (cast.member.id, "Đã thay", Some(record))
    );
    assert_eq!((task.state, task.revision), (TaskState::Done, 2));
    assert_eq!(told(&cast.officer).await, [TaskNews::Done]);
}

async fn who_does_a_task_that_is_done_changes_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let given = give(&cast.officer, &new_task(&world, &app)).await;
    push(&cast.member, &app, op(), given.id, done("trước")).await;
    let second = push(&cast.leader, &app, op(), given.id, done("sau")).await;
    assert_eq!(revision(&second), Some(2));
    let said = on_phone(&cast.leader).await.remove(0).said.unwrap();
    assert_eq!((said.by.id, said.note.as_str()), (cast.member.id, "trước"));
}

async fn a_task_is_opened_again_and_the_scope_says_so(app: TestApp) {
    let (world, cast) = app.cast().await;
    let given = give(&cast.officer, &new_task(&world, &app)).await;
    push(&cast.member, &app, op(), given.id, done("")).await;
    let tag = cast.leader.api().scope().await.unwrap().tag;
    let undone = push(&cast.member, &app, op(), given.id, reopen()).await;
    assert_eq!(revision(&undone), Some(3));
    let scope = cast.leader.api().scope().await.unwrap();
    assert_eq!(scope.tasks[0].state, TaskState::Open);
    assert_ne!(scope.tag, tag);
    let said = scope.tasks[0].said.as_ref().unwrap();
    assert_eq!(said.by.id, cast.member.id, "who opened it again is known");
    let desk = cast.officer.api();
    let by_phone = done("báo qua điện thoại");
    let task = desk.step_task(given.id, 3, &by_phone).await.unwrap();
    assert_eq!(task.said.unwrap().by.id, cast.officer.id);
    assert_eq!(listed(&cast.officer, TaskState::Open).await, []);
    assert_eq!(listed(&cast.officer, TaskState::Done).await.len(), 1);
}

async fn a_task_that_was_withdrawn_is_not_done_and_can_be_opened_again(app: TestApp) {
    let (world, cast) = app.cast().await;
    let given = give(&cast.officer, &new_task(&world, &app)).await;
    cast.officer
        .api()
        .step_task(given.id, 1, &withdraw())
        .await
        .unwrap();
    let outcome = push(&cast.member, &app, op(), given.id, done("")).await;
    assert_eq!(refusal(&outcome), Some(ProblemCode::StateConflict));
    let seen = on_phone(&cast.member).await.remove(0);
    assert_eq!(seen.state, TaskState::Withdrawn);
    assert_eq!(seen.said.unwrap().note, "Không cần nữa");
    let by_member = push(&cast.member, &app, op(), given.id, reopen()).await;
    assert_eq!(
        refusal(&by_member),
        Some(ProblemCode::StateConflict),
        "only who gives tasks opens what was withdrawn"
    );
    let task = cast
        .officer
        .api()
        .step_task(given.id, 2, &reopen())
        .await
        .unwrap();
    assert_eq!((task.state, task.revision), (TaskState::Open, 3));
    let expected = [TaskNews::Reopened, TaskNews::Withdrawn, TaskNews::Given];
    assert_eq!(told(&cast.member).await, expected);
    let outcome = push(&cast.member, &app, op(), given.id, done("")).await;
    assert_eq!(revision(&outcome), Some(4));
    let refused = cast.officer.api().step_task(given.id, 4, &withdraw()).await;
    assert_eq!(
        refused.code(),
        ProblemCode::StateConflict,
        "what is done is not withdrawn"
    );
}

async fn of_two_officers_at_once_one_is_told_what_the_other_did(app: TestApp) {
    let (world, cast) = app.cast().await;
    let new = new_task(&world, &app);
    let given = give(&cast.officer, &new).await;
    let changed = NewTask {
        title: "Thay hai bóng đèn".to_owned(),
        ..new.clone()
    };
    let (one, two) = (cast.officer.api(), cast.officer.api());
    let (step, new) = (withdraw(), changed.clone());
    let (first, second) = futures::join!(one.edit_task(1, &new), two.step_task(given.id, 1, &step));
    assert!(first.is_ok() != second.is_ok(), "one of them came first");
    let refused = match first {
        Ok(_) => second.code(),
        Err(_) => first.code(),
    };
    assert_eq!(refused, ProblemCode::RevisionMismatch);
    let stale = cast.officer.api().edit_task(1, &changed).await;
    assert_eq!(stale.code(), ProblemCode::RevisionMismatch);
}

async fn a_task_that_goes_to_somebody_else_leaves_the_first_phone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let new = for_person(&cast.leader, new_task(&world, &app));
    let given = give(&cast.officer, &new).await;
    let moved = for_person(&cast.member, new);
    let task = cast.officer.api().edit_task(1, &moved).await.unwrap();
    assert_eq!(task.revision, 2);
    assert_eq!(on_phone(&cast.leader).await, []);
    assert_eq!(on_phone(&cast.member).await, [task]);
    assert_eq!(told(&cast.leader).await, [TaskNews::Withdrawn, TaskNews::Given]);
    let outcome = push(&cast.leader, &app, op(), given.id, done("")).await;
    assert_eq!(refusal(&outcome), Some(ProblemCode::Gone));
}

async fn nobody_does_or_sees_a_task_of_another_commune(app: TestApp) {
    let (world, cast) = app.cast().await;
    let given = give(&cast.officer, &new_task(&world, &app)).await;
    let outcome = push(&cast.neighbour, &app, op(), given.id, done("")).await;
    assert_eq!(refusal(&outcome), Some(ProblemCode::Gone));
    let desk = cast.neighbour.api().step_task(given.id, 1, &done("")).await;
    assert_eq!(desk.code(), ProblemCode::NotFound);
    assert_eq!(listed(&cast.neighbour, TaskState::Open).await, []);
    assert_eq!(on_phone(&cast.member).await[0].state, TaskState::Open);
}

async fn a_team_leader_gives_tasks_to_the_own_team_only(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mine = give(&cast.leader, &new_task(&world, &app)).await;
    assert_eq!(
        listed(&cast.leader, TaskState::Open).await,
        std::slice::from_ref(&mine)
    );
    let stranger = for_person(&cast.camera_volunteer, new_task(&world, &app));
    let refused = cast.leader.api().create_task(&stranger).await;
    assert_eq!(
        refused.wrong_fields(),
        [("user_id".to_owned(), FieldCode::NoSuchObject)],
        "who is in no team of the leader's"
    );
    let of_officer = give(&cast.officer, &stranger).await;
    let refused = cast.leader.api().step_task(of_officer.id, 1, &withdraw()).await;
    assert_eq!(
        refused.code(),
        ProblemCode::NotFound,
        "the commune is not the leader's"
    );
    assert_eq!(listed(&cast.leader, TaskState::Open).await, [mine]);
    let for_team = NewTask {
        id: TaskId(Uuid::now_v7()),
        ..new_task(&world, &app)
    };
    let for_team = give(&cast.officer, &for_team).await;
    let refused = cast.leader.api().step_task(for_team.id, 1, &withdraw()).await;
    assert_eq!(
        refused.code(),
        ProblemCode::Forbidden,
        "what the officer gave is the officer's"
    );
    cast.leader
        .api()
        .step_task(for_team.id, 1, &done(""))
        .await
        .unwrap();
    let by_member = cast.member.api().create_task(&new_task(&world, &app)).await;
    assert_eq!(by_member.code(), ProblemCode::Forbidden);
}

async fn a_task_out_of_reach_or_with_wrong_fields_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let new = || NewTask {
        id: TaskId(Uuid::now_v7()),
        ..new_task(&world, &app)
    };
    let cases = [
        (
            NewTask {
                title: "  ".to_owned(),
                ..new()
            },
            ("title", FieldCode::Required),
        ),
        (
            NewTask {
                due_at: app.now().plus(-HOUR),
                ..new()
            },
            ("due_at", FieldCode::TooEarly),
        ),
        (
            NewTask {
                due_at: app.now().plus(MAX_AHEAD_MS + HOUR),
                ..new()
            },
            ("due_at", FieldCode::InFuture),
        ),
        (
            NewTask {
                team_id: None,
                ..new()
            },
            ("team_id", FieldCode::Required),
        ),
        (
            NewTask {
                team_id: Some(world.neighbour_team),
                ..new()
            },
            ("team_id", FieldCode::NoSuchObject),
        ),
        (
            NewTask {
                team_id: None,
                user_id: Some(UserId(Uuid::now_v7())),
                ..new()
            },
            ("user_id", FieldCode::NoSuchObject),
        ),
        (
            NewTask {
                area_id: Some(world.neighbour_village),
                ..new()
            },
            ("area_id", FieldCode::NoSuchObject),
        ),
    ];
    for (task, (field, code)) in cases {
        let refused = cast.officer.api().create_task(&task).await;
        assert_eq!(refused.wrong_fields(), [(field.to_owned(), code)]);
    }
    assert_eq!(listed(&cast.officer, TaskState::Open).await, []);
}

async fn open_tasks_are_listed_by_their_time_and_done_ones_by_the_latest(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut given = Vec::new();
    for hours in [30, 10, 20] {
        let new = NewTask {
            id: TaskId(Uuid::now_v7()),
            due_at: app.now().plus(hours * HOUR),
            ..new_task(&world, &app)
        };
        given.push(give(&cast.officer, &new).await);
    }
    let ids = |tasks: Vec<Task>| tasks.iter().map(|task| task.id).collect::<Vec<_>>();
    let order = [given[1].id, given[2].id, given[0].id];
    assert_eq!(ids(listed(&cast.officer, TaskState::Open).await), order);
    assert_eq!(ids(listed(&cast.leader, TaskState::Open).await), order);
    assert_eq!(ids(on_phone(&cast.member).await), order);
    for id in order {
        push(&cast.member, &app, op(), id, done("")).await;
        app.advance(HOUR);
    }
    let mut latest = order.to_vec();
    latest.reverse();
    assert_eq!(ids(listed(&cast.officer, TaskState::Done).await), latest);
}
