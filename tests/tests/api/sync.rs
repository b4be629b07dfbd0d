//! Pushes and what the server holds: the phone's side of the story.

use futures::future::join_all;
use keng_shared::api::{NewReview, RecordQuery};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::evidence::Origin;
use keng_shared::id::{OpId, RecordId};
use keng_shared::problem::{FieldCode, Problem, ProblemCode};
use keng_shared::record::{Flag, RecordStatus, Verdict};
use keng_shared::sync::{OpAction, OpOutcome, PushAnswer, PushRequest};
use keng_shared::track::{GapReason, SegmentStart};
use keng_tests::cast::Person;
use keng_tests::drafts::{fix_at, open_patrol, patrol, push, put, segment, session};
use keng_tests::phone::{Photo, Shot};
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

both_databases!(
    a_whole_patrol_arrives_in_one_push_and_is_held,
    the_same_push_five_times_at_once_is_done_once,
    a_lost_answer_is_given_again_even_after_later_edits,
    one_bad_operation_never_blocks_the_rest,
    an_operation_that_cannot_be_read_stands_alone,
    what_belongs_to_a_refused_record_waits_for_it,
    a_foreign_area_is_a_field_that_can_be_mended,
    an_operation_id_with_other_content_is_refused,
    a_push_from_another_device_or_protocol_is_refused,
    a_stored_segment_never_changes,
    a_gap_of_the_track_is_summed_up_and_flagged,
    a_manifest_must_be_signed_by_the_device_and_fit_the_list,
    a_broken_chain_is_flagged_and_mended_by_what_was_missing,
);

pub(super) fn done(outcome: &OpOutcome) -> (u32, String) {
    match outcome {
        OpOutcome::Done { revision, audit_leaf } => (*revision, audit_leaf.clone()),
        other => panic!("{other:?}"),
    }
}

fn refused(outcome: &OpOutcome) -> &Problem {
    match outcome {
        OpOutcome::Refused { problem } => problem,
        other => panic!("{other:?}"),
    }
}

fn later(outcome: &OpOutcome) -> &Problem {
    match outcome {
        OpOutcome::Later { problem } => problem,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn send(person: &Person, app: &TestApp, actions: Vec<OpAction>) -> PushAnswer {
    person
        .api()
        .push(&push(person, app.now(), actions))
        .await
        .unwrap()
}

fn shot(person: &Person, app: &TestApp, record: RecordId) -> Shot {
    Shot {
        user: person.id,
        record,
        at: app.now(),
        origin: Origin::Camera,
        fix: Some(fix_at(CENTRE)),
    }
}

async fn a_whole_patrol_arrives_in_one_push_and_is_held(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    let mut draft = patrol(&world, &cast.member, app.now());
    draft.photos = vec![photo.listed()];
    let first = segment(draft.id, 0, SegmentStart::First, draft.started_at, 20);
    let signed = cast.member.phone.sign(&photo, shot(&cast.member, &app, draft.id));
    let answer = send(
        &cast.member,
        &app,
        vec![
            put(draft.clone()),
            OpAction::PutSegment {
                segment: first.clone(),
            },
            OpAction::AnnouncePhoto { signed },
        ],
    )
    .await;
    assert_eq!(answer.envelope.keng, 1);
    assert_eq!(answer.envelope.server_time, app.now());
    for result in &answer.results {
        assert_eq!(done(&result.outcome).0, 1);
    }
    let record = cast.officer.api().record(draft.id).await.unwrap();
    assert_eq!(record.track, std::slice::from_ref(&first));
    assert_eq!(record.record.flags, []);
    assert_eq!(record.record.photos[0].captured_at, Some(app.now()));
    assert_eq!(record.record.photos[0].flags, []);
    let held = cast.member.api().held(record.record.local_date).await.unwrap();
    assert_eq!(
        (held.records, held.segments, held.photos),
        (vec![draft.id], vec![first.id], vec![])
    );
}

async fn the_same_push_five_times_at_once_is_done_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = patrol(&world, &cast.member, app.now());
    let first = segment(draft.id, 0, SegmentStart::First, draft.started_at, 3);
    let request = push(
        &cast.member,
        app.now(),
        [put(draft.clone()), OpAction::PutSegment { segment: first }],
    );
    let api = cast.member.api();
    let answers = join_all((0..5).map(|_| api.push(&request))).await;
    let expected = answers[0].as_ref().unwrap().results.clone();
    for answer in answers {
        assert_eq!(answer.unwrap().results, expected);
    }
    assert_eq!(
        cast.officer
            .api()
            .records(&RecordQuery::default())
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

async fn a_lost_answer_is_given_again_even_after_later_edits(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    let creation = push(&cast.member, app.now(), [put(draft.clone())]);
    let first = cast.member.api().push(&creation).await.unwrap();
    draft.body["attendee_count"] = json!(5);
    let edit = push(
        &cast.member,
        app.now(),
        [OpAction::PutRecord {
            draft: Box::new(draft.clone()),
            base_revision: Some(1),
        }],
    );
    let edited = cast.member.api().push(&edit).await.unwrap();
    assert_eq!(done(&edited.results[0].outcome).0, 2);
    assert_eq!(
        cast.member.api().push(&creation).await.unwrap().results,
        first.results
    );
    assert_eq!(
        cast.member.api().push(&edit).await.unwrap().results,
        edited.results
    );
    let withdrawal = push(
        &cast.member,
        app.now(),
        [OpAction::WithdrawRecord {
            record_id: draft.id,
            base_revision: 2,
        }],
    );
    let withdrawn = cast.member.api().push(&withdrawal).await.unwrap();
    assert_eq!(
        cast.member.api().push(&withdrawal).await.unwrap().results,
        withdrawn.results
    );
    let again = send(&cast.member, &app, vec![put(draft)]).await;
    assert_eq!(refused(&again.results[0].outcome).code, ProblemCode::Gone);
}

async fn one_bad_operation_never_blocks_the_rest(app: TestApp) {
    let (world, cast) = app.cast().await;
    let good = session(&world, &cast.member, app.now());
    let mut bad = session(&world, &cast.member, app.now());
    bad.body["attendee_count"] = json!(-1);
    let mut unknown = session(&world, &cast.member, app.now());
    unknown.kind = "space_walk".to_owned();
    let last = session(&world, &cast.member, app.now());
    let answer = send(
        &cast.member,
        &app,
        vec![put(bad), put(good), put(unknown), put(last)],
    )
    .await;
    let outcomes: Vec<_> = answer.results.iter().map(|result| &result.outcome).collect();
    assert_eq!(refused(outcomes[0]).fields[0].field, "body.attendee_count");
    done(outcomes[1]);
    let problem = refused(outcomes[2]);
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code),
        ("kind", FieldCode::NotAChoice)
    );
    done(outcomes[3]);
}

async fn an_operation_that_cannot_be_read_stands_alone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let request = push(
        &cast.member,
        app.now(),
        [put(session(&world, &cast.member, app.now()))],
    );
    let mut body = serde_json::to_value(&request).unwrap();
    let odd = OpId(Uuid::now_v7());
    let ops = body["ops"].as_array_mut().unwrap();
    ops.insert(
        0,
        json!({"id": odd, "action": {"type": "from_the_future", "x": 1}}),
    );
    let answer = cast
        .member
        .raw(HttpRequest::new(Method::Post, "/sync/push").json(&body))
        .await;
    let answer: PushAnswer = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer.results[0].id, odd);
    assert_eq!(
        refused(&answer.results[0].outcome).code,
        ProblemCode::InvalidFields
    );
    done(&answer.results[1].outcome);
    for body in [
        json!({"protocol": 1}),
        json!({"protocol": 1, "device_id": cast.member.phone.device(), "device_time": 1, "ops": []}),
        json!({"protocol": 1, "device_id": cast.member.phone.device(), "device_time": 1, "ops": [{"id": 7}]}),
        json!({"protocol": 1, "device_id": cast.member.phone.device(), "device_time": 1, "ops": [], "admin": true}),
    ] {
        let answer = cast
            .member
            .raw(HttpRequest::new(Method::Post, "/sync/push").json(&body))
            .await;
        assert_eq!(answer.status, 422, "{body}");
    }
}

async fn what_belongs_to_a_refused_record_waits_for_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    let mut draft = patrol(&world, &cast.member, app.now());
    draft.photos = vec![photo.listed()];
    let mut bad = draft.clone();
    bad.body["crew"]["members"] = json!([]);
    let signed = cast.member.phone.sign(&photo, shot(&cast.member, &app, draft.id));
    let dependents = vec![
        OpAction::PutSegment {
            segment: segment(draft.id, 0, SegmentStart::First, draft.started_at, 3),
        },
        OpAction::AnnouncePhoto { signed },
    ];
    let mut ops = vec![put(bad)];
    ops.extend(dependents.clone());
    let answer = send(&cast.member, &app, ops).await;
    refused(&answer.results[0].outcome);
    assert_eq!(later(&answer.results[1].outcome).code, ProblemCode::NotFound);
    assert_eq!(later(&answer.results[2].outcome).code, ProblemCode::NotFound);
    let mut ops = vec![put(draft)];
    ops.extend(dependents);
    let answer = send(&cast.member, &app, ops).await;
    assert!(answer.results.iter().all(|result| done(&result.outcome).0 == 1));
}

async fn a_foreign_area_is_a_field_that_can_be_mended(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    draft.area_id = world.neighbour_village;
    let answer = send(&cast.member, &app, vec![put(draft.clone())]).await;
    let problem = refused(&answer.results[0].outcome);
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code),
        ("area_id", FieldCode::NoSuchObject)
    );
    draft.area_id = world.village;
    done(&send(&cast.member, &app, vec![put(draft)]).await.results[0].outcome);
}

async fn an_operation_id_with_other_content_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    let request = push(&cast.member, app.now(), [put(draft.clone())]);
    cast.member.api().push(&request).await.unwrap();
    let mut other = request.clone();
    other.ops[0].action = OpAction::WithdrawRecord {
        record_id: draft.id,
        base_revision: 1,
    };
    let answer = cast.member.api().push(&other).await.unwrap();
    assert_eq!(refused(&answer.results[0].outcome).code, ProblemCode::IdTaken);
    let record = cast.member.api().record(draft.id).await.unwrap().record;
    assert_eq!(record.status, RecordStatus::Submitted);
}

async fn a_push_from_another_device_or_protocol_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let good = push(
        &cast.member,
        app.now(),
        [put(session(&world, &cast.member, app.now()))],
    );
    let stolen = PushRequest {
        device_id: cast.leader.phone.device(),
        ..good.clone()
    };
    let wrong = cast.member.api().push(&stolen).await.wrong_fields();
    assert_eq!(wrong, [("device_id".to_owned(), FieldCode::NoSuchObject)]);
    for protocol in [0, 99] {
        let odd = PushRequest {
            protocol,
            ..good.clone()
        };
        let wrong = cast.member.api().push(&odd).await.wrong_fields();
        assert_eq!(wrong, [("protocol".to_owned(), FieldCode::NotAChoice)]);
    }
    let many = push(
        &cast.member,
        app.now(),
        (0..201).map(|_| OpAction::WithdrawRecord {
            record_id: RecordId(Uuid::now_v7()),
            base_revision: 1,
        }),
    );
    let wrong = cast.member.api().push(&many).await.wrong_fields();
    assert_eq!(wrong, [("ops".to_owned(), FieldCode::TooLong)]);
}

async fn a_stored_segment_never_changes(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = open_patrol(&world, &cast.member, app.now());
    let stored = segment(draft.id, 0, SegmentStart::First, app.now(), 5);
    let mut changed = stored.clone();
    changed.points.pop();
    let mut rival = stored.clone();
    rival.id.0 = Uuid::now_v7();
    let mut backwards = stored.clone();
    backwards.id.0 = Uuid::now_v7();
    backwards.points.reverse();
    let plain = session(&world, &cast.member, app.now());
    let on_plain = segment(plain.id, 0, SegmentStart::First, app.now(), 2);
    let put_segment = |segment: &keng_shared::track::TrackSegment| OpAction::PutSegment {
        segment: segment.clone(),
    };
    let answer = send(
        &cast.member,
        &app,
        vec![
            put(draft.clone()),
            put_segment(&stored),
            put_segment(&stored),
            put_segment(&changed),
            put_segment(&rival),
            put_segment(&backwards),
            put(plain),
            put_segment(&on_plain),
        ],
    )
    .await;
    let outcomes: Vec<_> = answer.results.iter().map(|result| &result.outcome).collect();
    assert_eq!(done(outcomes[1]), done(outcomes[2]));
    assert_eq!(refused(outcomes[3]).code, ProblemCode::IdTaken);
    assert_eq!(refused(outcomes[4]).fields[0].code, FieldCode::Duplicate);
    assert_eq!(refused(outcomes[5]).fields[0].field, "points.1");
    assert_eq!(refused(outcomes[7]).fields[0].field, "record_id");
    assert_eq!(cast.member.api().record(draft.id).await.unwrap().track, [stored]);
}

async fn a_gap_of_the_track_is_summed_up_and_flagged(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = patrol(&world, &cast.member, app.now());
    let start = draft.started_at;
    let gap = SegmentStart::AfterGap {
        reason: GapReason::ScreenOff,
    };
    // The second arrives before the first.
    let answer = send(
        &cast.member,
        &app,
        vec![
            put(draft.clone()),
            OpAction::PutSegment {
                segment: segment(draft.id, 1, gap, start.plus(20 * 60_000), 10),
            },
            OpAction::PutSegment {
                segment: segment(draft.id, 0, SegmentStart::First, start, 10),
            },
        ],
    )
    .await;
    answer
        .results
        .iter()
        .for_each(|result| drop(done(&result.outcome)));
    let record = cast.officer.api().record(draft.id).await.unwrap().record;
    let track = record.track.unwrap();
    assert_eq!(
        (track.gaps, track.gap_ms, track.jumps),
        (1, 20 * 60_000 - 90_000, 0)
    );
    assert_eq!(record.flags, [Flag::LongGap]);
    let answer = cast
        .officer
        .raw(HttpRequest::new(
            Method::Get,
            &format!("/records/{}/track", draft.id),
        ))
        .await;
    assert_eq!(answer.header("content-type"), Some("application/geo+json"));
    let map: Value = serde_json::from_slice(&answer.body).unwrap();
    let kinds: Vec<_> = map["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["stretch", "gap", "stretch"]);
}

async fn a_manifest_must_be_signed_by_the_device_and_fit_the_list(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (photo, unlisted) = (Photo::small(), Photo::small());
    let mut draft = session(&world, &cast.member, app.now());
    draft.photos = vec![photo.listed()];
    done(&send(&cast.member, &app, vec![put(draft.clone())]).await.results[0].outcome);
    let shot = shot(&cast.member, &app, draft.id);
    let good = cast.member.phone.sign(&photo, shot);
    let mut forged = good.clone();
    forged.manifest.captured_at = app.now().plus(-60_000);
    let other_phone = cast.leader.phone.sign(&photo, shot);
    let mut other_bytes = good.manifest.clone();
    other_bytes.sha256 = unlisted.sha256();
    let cases = [
        (forged, "signature"),
        (other_phone, "manifest.device_id"),
        (cast.member.phone.sign_as_it_is(other_bytes), "manifest.sha256"),
        (cast.member.phone.sign(&unlisted, shot), "manifest.photo_id"),
        (
            cast.member.phone.sign(
                &photo,
                Shot {
                    user: cast.leader.id,
                    ..shot
                },
            ),
            "manifest.user_id",
        ),
    ];
    for (signed, field) in cases {
        let answer = send(&cast.member, &app, vec![OpAction::AnnouncePhoto { signed }]).await;
        let problem = refused(&answer.results[0].outcome);
        assert_eq!(problem.fields[0].field, field);
    }
    let announce = OpAction::AnnouncePhoto { signed: good.clone() };
    done(&send(&cast.member, &app, vec![announce.clone()]).await.results[0].outcome);
    done(&send(&cast.member, &app, vec![announce]).await.results[0].outcome);
    let mut second = good.manifest;
    second.captured_at = app.now().plus(-1);
    let signed = cast.member.phone.sign_as_it_is(second);
    let answer = send(&cast.member, &app, vec![OpAction::AnnouncePhoto { signed }]).await;
    assert_eq!(refused(&answer.results[0].outcome).code, ProblemCode::IdTaken);
}

async fn a_broken_chain_is_flagged_and_mended_by_what_was_missing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photos = [Photo::small(), Photo::small(), Photo::small()];
    let mut draft = session(&world, &cast.member, app.now());
    draft.photos = photos.iter().map(Photo::listed).collect();
    let signed: Vec<_> = photos
        .iter()
        .map(|photo| cast.member.phone.sign(photo, shot(&cast.member, &app, draft.id)))
        .collect();
    let announce = |index: usize| OpAction::AnnouncePhoto {
        signed: signed[index].clone(),
    };
    let flags = async || -> Vec<Vec<Flag>> {
        let record = cast.officer.api().record(draft.id).await.unwrap().record;
        record.photos.into_iter().map(|photo| photo.flags).collect()
    };
    send(
        &cast.member,
        &app,
        vec![put(draft.clone()), announce(0), announce(2)],
    )
    .await;
    assert_eq!(flags().await, [vec![], vec![], vec![Flag::ChainBroken]]);
    send(&cast.member, &app, vec![announce(1)]).await;
    assert_eq!(flags().await, [vec![], vec![], vec![]]);
    let row = cast
        .officer
        .api()
        .records(&RecordQuery::default())
        .await
        .unwrap()
        .items
        .remove(0);
    assert_eq!(row.flags, []);
    let accept = NewReview {
        verdict: Some(Verdict::Accepted),
        reason: String::new(),
        photos: Vec::new(),
    };
    cast.officer.api().review(draft.id, 1, &accept).await.unwrap();
}
