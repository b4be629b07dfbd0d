//! What becomes of a question for footage: it is taken back, and what is kept is kept from today on.

use super::cameras::{camera, kept, request};
use keng_shared::api::{FootageAnswer, NewFootageWithdrawal};
use keng_shared::camera::FootageState;
use keng_shared::inbox::News;
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::cast::active;
use keng_tests::{Asks, Refused, TestApp, both_databases};

both_databases!(
    a_question_that_is_taken_back_leaves_the_phones_and_its_answers_stay,
    taking_a_question_back_needs_words_and_the_registry,
    an_answer_given_before_one_heard_of_the_withdrawal_is_kept,
    the_officer_who_asked_hears_that_a_colleague_took_it_back,
    a_clip_is_not_kept_until_a_day_that_is_over,
);

fn why(words: &str) -> NewFootageWithdrawal {
    NewFootageWithdrawal {
        words: words.to_owned(),
    }
}

async fn a_question_that_is_taken_back_leaves_the_phones_and_its_answers_stay(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (officer, volunteer) = (cast.officer.api(), cast.camera_volunteer.api());
    let first = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let second = camera(&world, &cast.officer, "Đầu cầu", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![first.id, second.id]);
    let asked = officer.request_footage(&ask).await.unwrap();
    volunteer
        .answer_footage(asked.tasks[0].id, 1, &kept())
        .await
        .unwrap();
    let tag = volunteer.scope().await.unwrap().tag;
    let view = officer
        .withdraw_footage(ask.id, &why(" Đã tìm thấy xe "))
        .await
        .unwrap();
    let withdrawn = view.withdrawn.clone().unwrap();
    assert_eq!(
        (withdrawn.words.as_str(), withdrawn.by.id),
        ("Đã tìm thấy xe", cast.officer.id)
    );
    assert_eq!(
        view.tasks[0].custody.len(),
        1,
        "who holds the clip is still known"
    );
    let again = officer.withdraw_footage(ask.id, &why("Lần nữa")).await.unwrap();
    assert_eq!(again, view, "saying so again changes nothing");

    let left = volunteer.my_footage_tasks().await.unwrap();
    let left: Vec<_> = left.iter().map(|mine| mine.task.camera_id).collect();
    assert_eq!(left, [first.id], "what is not answered is gone");
    let scope = volunteer.scope().await.unwrap();
    assert_ne!(scope.tag, tag, "the phone hears of it");
    assert_eq!(scope.footage.len(), 1);
    let told = News::FootageWithdrawn {
        request_id: ask.id,
        record_id: None,
    };
    let lines = volunteer.inbox().await.unwrap().items;
    assert_eq!(lines.iter().filter(|line| line.news == told).count(), 1);
}

async fn taking_a_question_back_needs_words_and_the_registry(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    cast.officer.api().request_footage(&ask).await.unwrap();
    let silent = cast.officer.api().withdraw_footage(ask.id, &why(" ")).await;
    assert_eq!(silent.wrong_fields(), [("words".to_owned(), FieldCode::Required)]);
    let long = cast
        .officer
        .api()
        .withdraw_footage(ask.id, &why(&"a".repeat(501)))
        .await;
    assert_eq!(long.wrong_fields(), [("words".to_owned(), FieldCode::TooLong)]);
    for (person, code) in [
        (&cast.camera_volunteer, ProblemCode::Forbidden),
        (&cast.neighbour, ProblemCode::NotFound),
    ] {
        let refused = person.api().withdraw_footage(ask.id, &why("x")).await;
        assert_eq!(refused.code(), code, "{}", person.username);
    }
    let stored = cast.officer.api().footage_requests(None).await.unwrap();
    assert_eq!(stored[0].withdrawn, None);
}

async fn an_answer_given_before_one_heard_of_the_withdrawal_is_kept(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    let task = cast.officer.api().request_footage(&ask).await.unwrap().tasks[0].id;
    cast.officer
        .api()
        .withdraw_footage(ask.id, &why("Không cần nữa"))
        .await
        .unwrap();
    let volunteer = cast.camera_volunteer.api();
    assert_eq!(volunteer.my_footage_tasks().await.unwrap(), []);
    volunteer.answer_footage(task, 1, &kept()).await.unwrap();
    let stored = cast.officer.api().footage_requests(None).await.unwrap();
    assert_eq!(stored[0].tasks[0].state, FootageState::Kept);
    assert!(stored[0].withdrawn.is_some());
}

async fn the_officer_who_asked_hears_that_a_colleague_took_it_back(app: TestApp) {
    let (world, cast) = app.cast().await;
    let colleague = vec![active(Role::CommuneOfficer, world.commune, None)];
    let colleague = app.person("minh", "Hà Văn Minh", colleague).await;
    let own = camera(&world, &cast.officer, "Cổng chợ", None).await;
    let ask = request(&world, app.now(), vec![own.id]);
    cast.officer.api().request_footage(&ask).await.unwrap();
    colleague
        .api()
        .withdraw_footage(ask.id, &why("Đã gọi chủ camera"))
        .await
        .unwrap();
    let lines = cast.officer.api().inbox().await.unwrap().items;
    assert!(
        matches!(lines[0].news, News::FootageWithdrawn { request_id, .. } if request_id == ask.id),
        "{lines:?}"
    );
}

async fn a_clip_is_not_kept_until_a_day_that_is_over(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = camera(&world, &cast.officer, "Cổng chợ", Some(&cast.camera_volunteer)).await;
    let ask = request(&world, app.now(), vec![own.id]);
    let task = cast.officer.api().request_footage(&ask).await.unwrap().tasks[0].id;
    let today = app.now().local_date().unwrap();
    let until = |until| FootageAnswer { until, ..kept() };
    for person in [&cast.camera_volunteer, &cast.officer] {
        let refused = person
            .api()
            .answer_footage(task, 1, &until(today.pred_opt()))
            .await
            .problem();
        let error = &refused.fields[0];
        assert_eq!((error.field.as_str(), error.code), ("until", FieldCode::TooEarly));
        assert_eq!(error.params["min"], today.to_string());
    }
    let volunteer = cast.camera_volunteer.api();
    volunteer
        .answer_footage(task, 1, &until(Some(today)))
        .await
        .unwrap();
}
