//! One verdict on many records: a snapshot, a row for each, and the way back.

use diesel::connection::SimpleConnection;
use keng_shared::api::{
    BulkOutcome, BulkRow, BulkView, JobState, NewBulk, NewReview, OutcomeCount, RecordQuery,
};
use keng_shared::client::Client;
use keng_shared::id::{JobId, RecordId};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{HistoryAction, RecordDraft, RecordStatus, Verdict};
use keng_tests::transport::Http;
use keng_tests::{Asks, Cast, Refused, TestApp, World, both_databases, drafts};
use std::time::Duration;

both_databases!(
    everything_that_a_filter_shows_is_accepted_and_the_rest_left_alone,
    what_has_signals_is_told_before_a_verdict,
    ones_own_jobs_are_listed_with_what_took_them_back,
    what_changed_since_the_snapshot_is_left_alone_and_says_so,
    a_bulk_verdict_is_taken_back_where_nobody_touched_the_record_since,
    a_return_reaches_every_author_with_its_words,
    a_job_whose_worker_is_gone_goes_on_where_it_stopped,
    a_bulk_verdict_that_makes_no_sense_is_refused,
    who_lost_the_role_meanwhile_judges_nothing,
);

fn accept(filter: RecordQuery) -> NewBulk {
    NewBulk {
        verdict: Verdict::Accepted,
        reason: String::new(),
        filter,
        only: Vec::new(),
        expected: None,
    }
}

/// `count` sessions of the member in Thành Sơn.
async fn sessions(app: &TestApp, world: &World, cast: &Cast, count: usize) -> Vec<RecordId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let draft = drafts::session(world, &cast.member, app.now());
        cast.member.api().create_record(&draft).await.unwrap();
        ids.push(draft.id);
    }
    ids
}

async fn finished(client: &Client<Http>, id: JobId) -> BulkView {
    loop {
        let bulk = client.bulk(id).await.unwrap();
        if matches!(bulk.state, JobState::Done | JobState::Failed) {
            assert_eq!(bulk.state, JobState::Done);
            return bulk;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn done(client: &Client<Http>, new: &NewBulk) -> BulkView {
    let queued = client.create_bulk(new).await.unwrap();
    finished(client, queued.id).await
}

async fn rows(client: &Client<Http>, id: JobId) -> Vec<BulkRow> {
    client.bulk_rows(id, None).await.unwrap().items
}

async fn status(client: &Client<Http>, id: RecordId) -> RecordStatus {
    client.record(id).await.unwrap().record.status
}

fn counted(outcome: BulkOutcome, count: u64) -> OutcomeCount {
    OutcomeCount { outcome, count }
}

/// Lets the worker, which [`queued`] keeps away, begin.
async fn release(app: &TestApp) {
    sql(app, "UPDATE job SET lease_until = 0 WHERE state = 'running'").await;
}

async fn sql(app: &TestApp, text: &str) {
    let text = text.to_owned();
    app.write(move |conn| Ok(conn.batch_execute(&text)?)).await;
}

/// A job whose snapshot is taken and of which no worker has done anything yet. The worker is faster than any test, so
/// what it did is struck out again.
async fn queued(app: &TestApp, client: &Client<Http>, new: &NewBulk) -> BulkView {
    let worked = done(client, new).await;
    sql(
        app,
        "UPDATE record SET status = 'submitted', review_verdict = NULL, review_by = NULL, review_at = NULL",
    )
    .await;
    sql(
        app,
        "UPDATE bulk_row SET outcome = NULL, before = NULL, judged_at = NULL",
    )
    .await;
    sql(
        app,
        "UPDATE job SET state = 'running', lease_until = 9000000000000000, finished_at = NULL",
    )
    .await;
    client.bulk(worked.id).await.unwrap()
}

async fn everything_that_a_filter_shows_is_accepted_and_the_rest_left_alone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let ids = sessions(&app, &world, &cast, 4).await;
    let officer = cast.officer.api();
    let [first, second, third, fourth] = ids[..] else {
        panic!()
    };
    let returned = NewReview {
        verdict: Some(Verdict::Returned),
        reason: "Ảnh mờ".to_owned(),
        photos: vec![],
    };
    officer.review(fourth, 1, &returned).await.unwrap();

    let everything = accept(RecordQuery::default());
    let preview = officer.preview_bulk(&everything).await.unwrap();
    assert_eq!((preview.shown, preview.waiting), (4, 3));
    let stale = NewBulk {
        expected: Some(4),
        ..everything.clone()
    };
    let refused = officer.create_bulk(&stale).await.problem();
    assert_eq!(refused.code, ProblemCode::StateConflict);
    assert_eq!(refused.params.get("waiting").map(String::as_str), Some("3"));

    let some = NewBulk {
        only: vec![first, second],
        expected: Some(2),
        ..everything.clone()
    };
    assert_eq!(officer.preview_bulk(&some).await.unwrap().waiting, 2);
    let bulk = done(&officer, &some).await;
    assert_eq!(
        (bulk.total, bulk.done, bulk.verdict),
        (2, 2, Some(Verdict::Accepted))
    );
    assert_eq!(bulk.outcomes, [counted(BulkOutcome::Done, 2)]);
    for (id, expected) in [
        (first, RecordStatus::Accepted),
        (second, RecordStatus::Accepted),
        (third, RecordStatus::Submitted),
        (fourth, RecordStatus::Returned),
    ] {
        assert_eq!(status(&officer, id).await, expected);
    }
    let all = rows(&officer, bulk.id).await;
    assert_eq!(all.len(), 2);
    assert!(
        all.iter()
            .all(|row| row.outcome == Some(BulkOutcome::Done) && row.area_name == "Thôn Thành Sơn")
    );
    assert_eq!(done(&officer, &everything).await.total, 1);
    assert_eq!(officer.record_counts(None).await.unwrap().submitted, 0);

    let stranger = cast.administrator.api();
    assert_eq!(stranger.bulk(bulk.id).await.problem().code, ProblemCode::NotFound);
    let viewer = cast.province_viewer.api();
    assert_eq!(
        viewer.create_bulk(&everything).await.problem().code,
        ProblemCode::Forbidden
    );
}

async fn what_has_signals_is_told_before_a_verdict(app: TestApp) {
    let (world, cast) = app.cast().await;
    let honest = sessions(&app, &world, &cast, 2).await;
    let skewed = RecordDraft {
        clock_offset_ms: Some(3_600_000),
        ..drafts::session(&world, &cast.member, app.now())
    };
    cast.member.api().create_record(&skewed).await.unwrap();
    let officer = cast.officer.api();
    let everything = accept(RecordQuery::default());
    let preview = officer.preview_bulk(&everything).await.unwrap();
    assert_eq!((preview.waiting, preview.flagged), (3, 1));
    let some = NewBulk {
        only: honest,
        ..everything
    };
    assert_eq!(officer.preview_bulk(&some).await.unwrap().flagged, 0);
    let clean = accept(RecordQuery {
        flagged: Some(false),
        ..RecordQuery::default()
    });
    let preview = officer.preview_bulk(&clean).await.unwrap();
    assert_eq!((preview.waiting, preview.flagged), (2, 0));
}

async fn ones_own_jobs_are_listed_with_what_took_them_back(app: TestApp) {
    let (world, cast) = app.cast().await;
    sessions(&app, &world, &cast, 2).await;
    let officer = cast.officer.api();
    assert_eq!(officer.bulks().await.unwrap(), []);
    let bulk = done(&officer, &accept(RecordQuery::default())).await;
    app.advance(1_000);
    let undo = officer.undo_bulk(bulk.id).await.unwrap();
    let undo = finished(&officer, undo.id).await;
    let listed = officer.bulks().await.unwrap();
    let known: Vec<_> = listed
        .iter()
        .map(|job| (job.id, job.undoes, job.undone_by, job.done))
        .collect();
    assert_eq!(
        known,
        [
            (undo.id, Some(bulk.id), None, 2),
            (bulk.id, None, Some(undo.id), 2)
        ]
    );
    assert_eq!(cast.administrator.api().bulks().await.unwrap(), []);
}

async fn what_changed_since_the_snapshot_is_left_alone_and_says_so(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = drafts::session(&world, &cast.member, app.now());
    let member = cast.member.api();
    member.create_record(&draft).await.unwrap();
    let others = sessions(&app, &world, &cast, 3).await;
    let officer = cast.officer.api();
    let bulk = queued(&app, &officer, &accept(RecordQuery::default())).await;
    assert_eq!(bulk.total, 4);
    if rows(&officer, bulk.id)
        .await
        .iter()
        .any(|row| row.outcome.is_some())
    {
        // The worker was faster than the test: then there is no time between in which anything could change.
        return;
    }
    draft.body["attendee_count"] = 31.into();
    member.edit_record(&draft, 1).await.unwrap();
    let by_hand = NewReview {
        verdict: Some(Verdict::Accepted),
        reason: String::new(),
        photos: vec![],
    };
    officer.review(others[0], 1, &by_hand).await.unwrap();
    member.withdraw_record(others[1], 1).await.unwrap();
    release(&app).await;
    let bulk = finished(&officer, bulk.id).await;
    assert_eq!(
        bulk.outcomes,
        [
            counted(BulkOutcome::Done, 1),
            counted(BulkOutcome::Changed, 1),
            counted(BulkOutcome::Judged, 1),
            counted(BulkOutcome::Withdrawn, 1),
        ]
    );
    assert_eq!(status(&officer, draft.id).await, RecordStatus::Submitted);
}

async fn a_bulk_verdict_is_taken_back_where_nobody_touched_the_record_since(app: TestApp) {
    let (world, cast) = app.cast().await;
    let ids = sessions(&app, &world, &cast, 3).await;
    let officer = cast.officer.api();
    let bulk = done(&officer, &accept(RecordQuery::default())).await;
    assert_eq!(bulk.undone_by, None);
    app.advance(1_000);
    let returned = NewReview {
        verdict: Some(Verdict::Returned),
        reason: "Ảnh mờ".to_owned(),
        photos: vec![],
    };
    officer.review(ids[0], 1, &returned).await.unwrap();
    let before = cast.member.api().pull(None).await.unwrap();

    let undo = officer.undo_bulk(bulk.id).await.unwrap();
    let undo = finished(&officer, undo.id).await;
    assert_eq!((undo.undoes, undo.verdict), (Some(bulk.id), None));
    assert_eq!(
        undo.outcomes,
        [counted(BulkOutcome::Done, 2), counted(BulkOutcome::Judged, 1)]
    );
    assert_eq!(officer.bulk(bulk.id).await.unwrap().undone_by, Some(undo.id));
    assert_eq!(status(&officer, ids[0]).await, RecordStatus::Returned);
    let detail = officer.record(ids[1]).await.unwrap();
    assert_eq!(
        (detail.record.status, detail.record.review),
        (RecordStatus::Submitted, None)
    );
    let last = detail.history.last().map(|step| step.action);
    assert_eq!(last, Some(HistoryAction::Reopened));
    assert_eq!(officer.record_counts(None).await.unwrap().submitted, 2);
    // The phones hear of it.
    let pulled = cast.member.api().pull(Some(before.cursor)).await.unwrap();
    assert_eq!(pulled.records.len(), 2);

    let undone = officer.undo_bulk(undo.id).await.problem();
    assert_eq!(undone.code, ProblemCode::StateConflict);
    assert_eq!(done(&officer, &accept(RecordQuery::default())).await.total, 2);
}

async fn a_return_reaches_every_author_with_its_words(app: TestApp) {
    let (world, cast) = app.cast().await;
    let ids = sessions(&app, &world, &cast, 2).await;
    let officer = cast.officer.api();
    let mut give_back = NewBulk {
        verdict: Verdict::Returned,
        ..accept(RecordQuery::default())
    };
    assert_eq!(officer.preview_bulk(&give_back).await.unwrap().waiting, 2);
    assert_eq!(
        officer.create_bulk(&give_back).await.wrong_fields(),
        [("reason".to_owned(), FieldCode::Required)]
    );
    give_back.reason = " Thiếu ảnh hội trường ".to_owned();
    done(&officer, &give_back).await;
    let pulled = cast.member.api().pull(None).await.unwrap();
    let words: Vec<_> = pulled
        .records
        .iter()
        .filter_map(|record| record.review.as_ref())
        .map(|review| review.reason.as_str())
        .collect();
    assert_eq!(words, ["Thiếu ảnh hội trường"; 2]);
    assert_eq!(cast.member.api().inbox().await.unwrap().unread, 2);
    assert_eq!(status(&officer, ids[0]).await, RecordStatus::Returned);
}

async fn a_job_whose_worker_is_gone_goes_on_where_it_stopped(app: TestApp) {
    let (world, cast) = app.cast().await;
    sessions(&app, &world, &cast, 3).await;
    let officer = cast.officer.api();
    let bulk = done(&officer, &accept(RecordQuery::default())).await;
    // As if the process had been killed after the first batch, which held two.
    sql(
        &app,
        "UPDATE record SET status = 'submitted', review_verdict = NULL WHERE id = (SELECT record_id FROM bulk_row WHERE number = 2)",
    )
    .await;
    sql(&app, "UPDATE bulk_row SET outcome = NULL WHERE number = 2").await;
    sql(
        &app,
        "UPDATE job SET state = 'running', lease_until = 0, finished_at = NULL",
    )
    .await;
    let again = finished(&officer, bulk.id).await;
    assert_eq!(again.outcomes, [counted(BulkOutcome::Done, 3)]);
    // The third was accepted, struck out and accepted again; the two that had an outcome were not touched.
    let mut times = Vec::new();
    for row in rows(&officer, bulk.id).await {
        let history = officer.record(row.record_id).await.unwrap().history;
        let accepted = history
            .iter()
            .filter(|step| step.action == HistoryAction::Accepted);
        times.push(accepted.count());
    }
    assert_eq!(times, [1, 1, 2]);
}

async fn a_bulk_verdict_that_makes_no_sense_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let paged = accept(RecordQuery {
        limit: Some(10),
        ..RecordQuery::default()
    });
    assert_eq!(
        officer.create_bulk(&paged).await.wrong_fields(),
        [("filter.limit".to_owned(), FieldCode::Unknown)]
    );
    let foreign = accept(RecordQuery {
        area: Some(world.neighbour_commune),
        ..RecordQuery::default()
    });
    assert_eq!(
        officer.create_bulk(&foreign).await.problem().code,
        ProblemCode::NotFound
    );
    sessions(&app, &world, &cast, 1).await;
    let accepted = accept(RecordQuery {
        status: Some(RecordStatus::Accepted),
        ..RecordQuery::default()
    });
    assert_eq!(officer.preview_bulk(&accepted).await.unwrap().waiting, 0);
    let nothing = done(&officer, &accepted).await;
    assert_eq!((nothing.total, nothing.outcomes), (0, vec![]));
}

async fn who_lost_the_role_meanwhile_judges_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    sessions(&app, &world, &cast, 2).await;
    let officer = cast.officer.api();
    let bulk = queued(&app, &officer, &accept(RecordQuery::default())).await;
    if rows(&officer, bulk.id)
        .await
        .iter()
        .any(|row| row.outcome.is_some())
    {
        return;
    }
    let id = cast.officer.id;
    sql(
        &app,
        &format!("UPDATE membership SET state = 'suspended' WHERE user_id = '{id}'"),
    )
    .await;
    release(&app).await;
    let bulk = finished(&officer, bulk.id).await;
    assert_eq!(bulk.outcomes, [counted(BulkOutcome::Refused, 2)]);
}
