//! The review desk: accept, return with words, and what the author makes of it.

use keng_shared::api::{NewReview, PhotoVerdict};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{HistoryAction, RecordStatus, Verdict};
use keng_tests::drafts::{open_patrol, session};
use keng_tests::phone::Photo;
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::json;

both_databases!(
    a_returned_record_is_read_on_the_phone_mended_and_sent_again,
    one_photo_is_accepted_and_another_returned,
    an_accepted_record_is_closed_to_its_author,
    a_return_without_words_is_refused,
    a_review_of_an_older_revision_is_refused_with_the_new_one,
    a_patrol_that_still_goes_on_is_not_judged,
    only_who_holds_the_verb_reviews,
);

fn review(verdict: Verdict, reason: &str) -> NewReview {
    NewReview {
        verdict: Some(verdict),
        reason: reason.to_owned(),
        photos: Vec::new(),
    }
}

async fn a_returned_record_is_read_on_the_phone_mended_and_sent_again(app: TestApp) {
    let (world, cast) = app.cast().await;
    let member = cast.member.api();
    let mut draft = session(&world, &cast.member, app.now());
    member.create_record(&draft).await.unwrap();
    let before = member.pull(None).await.unwrap();
    app.advance(1_000);
    let returned = review(Verdict::Returned, "  Số người dự không khớp ảnh ");
    let answer = cast.officer.api().review(draft.id, 1, &returned).await.unwrap();
    assert_eq!((answer.status, answer.revision), (RecordStatus::Returned, 1));

    let pulled = member.pull(Some(before.cursor)).await.unwrap();
    let [read] = pulled.records.as_slice() else {
        panic!("{:?}", pulled.records);
    };
    let verdict = read.review.as_ref().unwrap();
    assert_eq!(read.status, RecordStatus::Returned);
    assert_eq!(verdict.reason, "Số người dự không khớp ảnh");
    assert_eq!((verdict.by.name.as_str(), verdict.at), ("Lê Văn Hùng", app.now()));

    draft.body["attendee_count"] = json!(31);
    let mended = member.edit_record(&draft, 1).await.unwrap();
    assert_eq!(
        (mended.status, mended.revision, mended.review),
        (RecordStatus::Submitted, 2, None)
    );
    let accepted = cast
        .officer
        .api()
        .review(draft.id, 2, &review(Verdict::Accepted, ""))
        .await
        .unwrap();
    assert_eq!(accepted.status, RecordStatus::Accepted);
    let counts = cast.officer.api().record_counts(None).await.unwrap();
    assert_eq!(
        (counts.accepted_week, counts.submitted, counts.returned),
        (1, 0, 0)
    );
    let history = cast.officer.api().record(draft.id).await.unwrap().history;
    let steps: Vec<_> = history
        .iter()
        .map(|step| (step.action, step.words.as_str(), step.revision))
        .collect();
    let expected = [
        (HistoryAction::Created, "", 1),
        (HistoryAction::Returned, "Số người dự không khớp ảnh", 1),
        (HistoryAction::Edited, "", 2),
        (HistoryAction::Accepted, "", 2),
    ];
    assert_eq!(steps, expected);
}

async fn one_photo_is_accepted_and_another_returned(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photos = [Photo::small(), Photo::small()];
    let mut draft = session(&world, &cast.member, app.now());
    draft.photos = photos.iter().map(Photo::listed).collect();
    cast.member.api().create_record(&draft).await.unwrap();
    let verdict = |photo: &Photo, verdict, reason: &str| PhotoVerdict {
        photo_id: photo.id,
        verdict,
        reason: reason.to_owned(),
    };
    let judged = NewReview {
        verdict: None,
        reason: String::new(),
        photos: vec![
            verdict(&photos[0], Verdict::Accepted, ""),
            verdict(&photos[1], Verdict::Returned, "Ảnh mờ"),
        ],
    };
    let shown = cast.officer.api().review(draft.id, 1, &judged).await.unwrap();
    assert_eq!(shown.status, RecordStatus::Submitted);
    let pulled = cast.member.api().pull(None).await.unwrap();
    let reviews: Vec<_> = pulled.records[0]
        .photos
        .iter()
        .map(|photo| {
            photo
                .review
                .as_ref()
                .map(|review| (review.verdict, review.reason.clone()))
        })
        .collect();
    let expected = [
        Some((Verdict::Accepted, String::new())),
        Some((Verdict::Returned, "Ảnh mờ".to_owned())),
    ];
    assert_eq!(reviews, expected);
    let foreign = NewReview {
        photos: vec![verdict(&Photo::small(), Verdict::Accepted, "")],
        ..judged
    };
    let wrong = cast
        .officer
        .api()
        .review(draft.id, 1, &foreign)
        .await
        .wrong_fields();
    assert_eq!(wrong, [("photos.0.photo_id".to_owned(), FieldCode::NoSuchObject)]);
}

async fn an_accepted_record_is_closed_to_its_author(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    cast.officer
        .api()
        .review(draft.id, 1, &review(Verdict::Accepted, ""))
        .await
        .unwrap();
    draft.body["attendee_count"] = json!(9);
    let problem = cast.member.api().edit_record(&draft, 1).await.problem();
    assert_eq!(problem.code, ProblemCode::StateConflict);
    assert_eq!(problem.params["state"], "accepted");
    assert_eq!(
        cast.member.api().withdraw_record(draft.id, 1).await.code(),
        ProblemCode::StateConflict
    );
}

async fn a_return_without_words_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    let wrong = officer
        .review(draft.id, 1, &review(Verdict::Returned, " "))
        .await
        .wrong_fields();
    assert_eq!(wrong, [("reason".to_owned(), FieldCode::Required)]);
    let long = review(Verdict::Returned, &"a".repeat(1_001));
    let wrong = officer.review(draft.id, 1, &long).await.wrong_fields();
    assert_eq!(wrong, [("reason".to_owned(), FieldCode::TooLong)]);
    let record = officer.record(draft.id).await.unwrap().record;
    assert_eq!(record.status, RecordStatus::Submitted);
}

async fn a_review_of_an_older_revision_is_refused_with_the_new_one(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    draft.body["attendee_count"] = json!(9);
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    let problem = cast
        .officer
        .api()
        .review(draft.id, 1, &review(Verdict::Accepted, ""))
        .await
        .problem();
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    assert_eq!(problem.stored.unwrap()["revision"], json!(2));
}

async fn a_patrol_that_still_goes_on_is_not_judged(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = open_patrol(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    let problem = cast
        .officer
        .api()
        .review(draft.id, 1, &review(Verdict::Accepted, ""))
        .await
        .problem();
    assert_eq!(
        (problem.code, problem.params["state"].as_str()),
        (ProblemCode::StateConflict, "open")
    );
}

async fn only_who_holds_the_verb_reviews(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    let accept = review(Verdict::Accepted, "");
    for (person, code) in [
        (&cast.member, ProblemCode::Forbidden),
        (&cast.leader, ProblemCode::Forbidden),
        (&cast.province_viewer, ProblemCode::Forbidden),
        (&cast.neighbour, ProblemCode::NotFound),
        (&cast.administrator, ProblemCode::NotFound),
        (&cast.camera_volunteer, ProblemCode::NotFound),
    ] {
        let refused = person.api().review(draft.id, 1, &accept).await;
        assert_eq!(refused.code(), code, "{}", person.username);
    }
}
