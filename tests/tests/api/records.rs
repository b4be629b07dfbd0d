//! Records through the plain endpoints: creation, edits, withdrawal, lists, and what is wrong with bad ones.

use futures::future::join_all;
use keng_shared::api::RecordQuery;
use keng_shared::client::{HttpRequest, Method};
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{Flag, HistoryAction, RecordDraft, RecordStatus};
use keng_tests::drafts::{fix_at, open_patrol, patrol, session};
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

both_databases!(
    a_record_sent_five_times_at_once_is_stored_once,
    the_same_id_with_other_content_is_a_conflict_that_shows_what_is_stored,
    an_edit_needs_the_revision_that_it_started_from,
    a_withdrawn_record_is_gone_and_its_id_stays_taken,
    a_stranger_finds_neither_the_record_nor_a_hint_of_it,
    a_record_outside_its_area_is_taken_and_flagged,
    bad_drafts_are_refused_with_the_field_and_change_nothing,
    text_is_stored_in_one_form_and_found_without_marks,
    a_list_goes_through_all_records_page_by_page_newest_first,
    a_list_filters_by_state_kind_date_and_flag,
    counts_are_cheap_to_ask_again,
    an_open_patrol_grows_until_it_ends,
    a_patrol_across_midnight_belongs_to_the_day_it_began,
);

async fn a_record_sent_five_times_at_once_is_stored_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    let api = cast.member.api();
    let answers = join_all((0..5).map(|_| api.create_record(&draft))).await;
    let first = answers[0].as_ref().unwrap().clone();
    for answer in answers {
        assert_eq!(answer.unwrap(), first);
    }
    let listed = cast.officer.api().records(&RecordQuery::default()).await.unwrap();
    assert_eq!(listed.items.len(), 1);
    let history = cast.officer.api().record(draft.id).await.unwrap().history;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].action, HistoryAction::Created);
}

async fn the_same_id_with_other_content_is_a_conflict_that_shows_what_is_stored(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    let stored = cast.member.api().create_record(&draft).await.unwrap();
    let mut other = draft.clone();
    other.body["attendee_count"] = json!(65);
    let problem = cast.member.api().create_record(&other).await.problem();
    assert_eq!(problem.code, ProblemCode::IdTaken);
    assert_eq!(problem.stored, Some(serde_json::to_value(stored).unwrap()));
    // To somebody else the id is taken and nothing more.
    let mut theirs = session(&world, &cast.leader, app.now());
    theirs.id = draft.id;
    let problem = cast.leader.api().create_record(&theirs).await.problem();
    assert_eq!((problem.code, problem.stored), (ProblemCode::IdTaken, None));
}

async fn an_edit_needs_the_revision_that_it_started_from(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let mut draft = session(&world, &cast.member, app.now());
    api.create_record(&draft).await.unwrap();
    draft.body["attendee_count"] = json!(70);
    let edited = api.edit_record(&draft, 1).await.unwrap();
    assert_eq!((edited.revision, &edited.body["attendee_count"]), (2, &json!(70)));
    assert_eq!(edited.received_at, app.now());
    // The same edit again is the same answer; another one from the old revision is a mismatch.
    assert_eq!(api.edit_record(&draft, 1).await.unwrap(), edited);
    draft.body["attendee_count"] = json!(71);
    let problem = api.edit_record(&draft, 1).await.problem();
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    assert_eq!(problem.stored.unwrap()["revision"], json!(2));
    let without = HttpRequest::new(Method::Put, &format!("/records/{}", draft.id)).json(&draft);
    assert_eq!(cast.member.raw(without).await.status, 428);
    let history = api.record(draft.id).await.unwrap().history;
    let actions: Vec<_> = history.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [HistoryAction::Created, HistoryAction::Edited]);
}

async fn a_withdrawn_record_is_gone_and_its_id_stays_taken(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let draft = session(&world, &cast.member, app.now());
    api.create_record(&draft).await.unwrap();
    assert_eq!(
        api.withdraw_record(draft.id, 2).await.code(),
        ProblemCode::RevisionMismatch
    );
    api.withdraw_record(draft.id, 1).await.unwrap();
    api.withdraw_record(draft.id, 1).await.unwrap();
    assert_eq!(api.create_record(&draft).await.code(), ProblemCode::Gone);
    assert_eq!(api.edit_record(&draft, 2).await.code(), ProblemCode::Gone);
    assert_eq!(api.records(&RecordQuery::default()).await.unwrap().items, []);
    let shown = api.record(draft.id).await.unwrap().record;
    assert_eq!(shown.status, RecordStatus::Withdrawn);
}

async fn a_stranger_finds_neither_the_record_nor_a_hint_of_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    for stranger in [&cast.neighbour, &cast.camera_volunteer, &cast.administrator] {
        let api = stranger.api();
        assert_eq!(
            api.record(draft.id).await.code(),
            ProblemCode::NotFound,
            "{}",
            stranger.username
        );
        assert_eq!(api.records(&RecordQuery::default()).await.unwrap().items, []);
    }
    for reader in [&cast.member, &cast.leader, &cast.officer, &cast.province_viewer] {
        let shown = reader.api().record(draft.id).await.unwrap().record;
        assert_eq!(shown.author.name, "Bùi Văn Thành", "{}", reader.username);
        let listed = reader.api().records(&RecordQuery::default()).await.unwrap().items;
        assert_eq!(listed.len(), 1, "{}", reader.username);
    }
    // Nobody but the author edits, not even the leader.
    assert_eq!(
        cast.leader.api().withdraw_record(draft.id, 1).await.code(),
        ProblemCode::NotFound
    );
    // A foreign area is as good as missing.
    let mut foreign = session(&world, &cast.neighbour, app.now());
    foreign.team_id = None;
    assert_eq!(
        cast.neighbour.api().create_record(&foreign).await.code(),
        ProblemCode::NotFound
    );
}

async fn a_record_outside_its_area_is_taken_and_flagged(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    let far = LatLon::from_degrees(21.0, 105.8).unwrap();
    draft.fix = Some(fix_at(far));
    draft.clock_offset_ms = Some(3_600_000);
    let shown = cast.member.api().create_record(&draft).await.unwrap();
    assert_eq!(shown.flags, [Flag::OutsideArea, Flag::ClockSkew]);
    let inside = session(&world, &cast.member, app.now());
    let shown = cast.member.api().create_record(&inside).await.unwrap();
    assert_eq!(shown.flags, []);
    let mut late = session(&world, &cast.member, app.now().plus(-4 * 86_400_000));
    late.fix = None;
    let shown = cast.member.api().create_record(&late).await.unwrap();
    assert_eq!(shown.flags, [Flag::NoPosition, Flag::LateSend]);
}

async fn bad_drafts_are_refused_with_the_field_and_change_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let good = serde_json::to_value(session(&world, &cast.member, app.now())).unwrap();
    let now = app.now().0;
    let cases: Vec<(&str, Value, &str, FieldCode)> = vec![
        (
            "/body/attendee_count",
            json!("sixty"),
            "body.attendee_count",
            FieldCode::WrongType,
        ),
        (
            "/body/attendee_count",
            json!(0),
            "body.attendee_count",
            FieldCode::TooSmall,
        ),
        (
            "/body/attendee_count",
            json!(1e9 as i64),
            "body.attendee_count",
            FieldCode::TooBig,
        ),
        (
            "/body/topic",
            json!("gossip"),
            "body.topic",
            FieldCode::NotAChoice,
        ),
        ("/body/venue", json!(" \n"), "body.venue", FieldCode::Required),
        (
            "/body/venue",
            json!("n".repeat(201)),
            "body.venue",
            FieldCode::TooLong,
        ),
        ("/body/religion", json!("x"), "body.religion", FieldCode::Unknown),
        ("/kind", json!("space_walk"), "kind", FieldCode::NotAChoice),
        (
            "/started_at",
            json!(now + 3_600_000),
            "started_at",
            FieldCode::InFuture,
        ),
        ("/started_at", json!(0), "started_at", FieldCode::TooEarly),
        ("/started_at", json!("now"), "started_at", FieldCode::WrongType),
        (
            "/ended_at",
            json!(now - 86_400_000),
            "ended_at",
            FieldCode::EndBeforeStart,
        ),
        (
            "/device_id",
            json!(Uuid::now_v7()),
            "device_id",
            FieldCode::NoSuchObject,
        ),
        (
            "/team_id",
            json!(world.neighbour_team),
            "team_id",
            FieldCode::NoSuchObject,
        ),
        (
            "/fix/at/lat_e7",
            json!(2_000_000_000),
            "fix",
            FieldCode::BadFormat,
        ),
        ("/status", json!("accepted"), "status", FieldCode::Unknown),
        ("/author", json!(cast.officer.id), "author", FieldCode::Unknown),
        (
            "/photos",
            json!([{"id": Uuid::now_v7(), "sha256": "abc"}]),
            "photos.0.sha256",
            FieldCode::BadFormat,
        ),
    ];
    for (path, value, field, code) in cases {
        let mut draft = good.clone();
        set(&mut draft, path, value.clone());
        let answer = cast
            .member
            .raw(HttpRequest::new(Method::Post, "/records").json(&draft))
            .await;
        assert_eq!(answer.status, 422, "{path} = {value}");
        let problem: keng_shared::problem::Problem = serde_json::from_slice(&answer.body).unwrap();
        let found = problem
            .fields
            .iter()
            .any(|error| error.field == field && error.code == code);
        assert!(found, "{path} = {value}: {:?}", problem.fields);
    }
    for (body, status) in [
        (b"{".to_vec(), 400),
        (b"null".to_vec(), 422),
        (vec![b' '; 300_000], 413),
        (
            serde_json::to_vec(&json!({"venue": "n".repeat(10_000_000)})).unwrap(),
            413,
        ),
    ] {
        let request = HttpRequest::new(Method::Post, "/records").bytes("application/json", body);
        assert_eq!(cast.member.raw(request).await.status, status);
    }
    let request = HttpRequest::new(Method::Post, "/records").bytes("text/plain", b"{}".to_vec());
    assert_eq!(cast.member.raw(request).await.status, 415);
    assert_eq!(
        cast.officer
            .api()
            .records(&RecordQuery::default())
            .await
            .unwrap()
            .items,
        []
    );
    // What was wrong can be mended and sent again under the same id.
    let draft: RecordDraft = serde_json::from_value(good).unwrap();
    cast.member.api().create_record(&draft).await.unwrap();
}

/// Sets the value at a JSON pointer, adding the last key if it is missing.
fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[key] = new;
}

async fn text_is_stored_in_one_form_and_found_without_marks(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    draft.body["venue"] = json!("  Nha\u{300} va\u{306}n ho\u{301}a Đồng Thịnh\u{202e}\u{0} ");
    let stored = cast.member.api().create_record(&draft).await.unwrap();
    assert_eq!(stored.body["venue"], json!("Nhà văn hóa Đồng Thịnh"));
    for (words, hits) in [
        ("dong thinh", 1),
        ("VĂN HOÁ", 1),
        ("đồng thinh%", 1),
        ("tây thịnh", 0),
        ("_", 1),
    ] {
        let query = RecordQuery {
            search: Some(words.to_owned()),
            ..RecordQuery::default()
        };
        let found = cast.officer.api().records(&query).await.unwrap().items;
        assert_eq!(found.len(), hits, "{words}");
    }
}

async fn a_list_goes_through_all_records_page_by_page_newest_first(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut sent = Vec::new();
    for number in 0..7 {
        // Three of them arrive in the same millisecond.
        if number % 3 == 0 {
            app.advance(1);
        }
        let draft = session(&world, &cast.member, app.now());
        sent.push(draft.id);
        cast.member.api().create_record(&draft).await.unwrap();
    }
    for area in [world.province, world.commune, world.village] {
        let mut query = RecordQuery {
            area: Some(area),
            limit: Some(3),
            ..RecordQuery::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = cast.province_viewer.api().records(&query).await.unwrap();
            assert!(page.items.is_sorted_by(|a, b| a.received_at >= b.received_at));
            seen.extend(page.items.iter().map(|row| row.id));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), sent.len());
        assert!(sent.iter().all(|id| seen.contains(id)));
    }
    let elsewhere = RecordQuery {
        area: Some(world.other_village),
        ..RecordQuery::default()
    };
    assert_eq!(cast.officer.api().records(&elsewhere).await.unwrap().items, []);
    for (query, field) in [
        (
            RecordQuery {
                limit: Some(0),
                ..RecordQuery::default()
            },
            "limit",
        ),
        (
            RecordQuery {
                limit: Some(201),
                ..RecordQuery::default()
            },
            "limit",
        ),
        (
            RecordQuery {
                after: Some("x".into()),
                ..RecordQuery::default()
            },
            "after",
        ),
    ] {
        let wrong = cast.officer.api().records(&query).await.wrong_fields();
        assert_eq!(wrong[0].0, field);
    }
    let foreign = RecordQuery {
        area: Some(world.neighbour_commune),
        ..RecordQuery::default()
    };
    assert_eq!(
        cast.officer.api().records(&foreign).await.code(),
        ProblemCode::NotFound
    );
    let unknown = RecordQuery {
        area: Some(AreaId(i64::MAX)),
        ..RecordQuery::default()
    };
    assert_eq!(
        cast.officer.api().records(&unknown).await.code(),
        ProblemCode::NotFound
    );
}

async fn a_list_filters_by_state_kind_date_and_flag(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let plain = session(&world, &cast.member, app.now());
    let mut flagged = session(&world, &cast.member, app.now().plus(-2 * 86_400_000));
    flagged.fix = None;
    let walk = patrol(&world, &cast.member, app.now());
    for draft in [&plain, &flagged, &walk] {
        api.create_record(draft).await.unwrap();
    }
    let today = app.now().local_date().unwrap();
    let yesterday = today.pred_opt().unwrap();
    let all = RecordQuery::default();
    for (query, expected) in [
        (
            RecordQuery {
                kind: Some("patrol".into()),
                ..all.clone()
            },
            vec![walk.id],
        ),
        (
            RecordQuery {
                status: Some(RecordStatus::Accepted),
                ..all.clone()
            },
            vec![],
        ),
        (
            RecordQuery {
                flagged: Some(true),
                ..all.clone()
            },
            vec![flagged.id],
        ),
        (
            RecordQuery {
                to: Some(yesterday),
                ..all.clone()
            },
            vec![flagged.id],
        ),
        (
            RecordQuery {
                from: Some(today),
                kind: Some(plain.kind.clone()),
                ..all.clone()
            },
            vec![plain.id],
        ),
        (
            RecordQuery {
                author: Some(cast.leader.id),
                ..all.clone()
            },
            vec![],
        ),
        (
            RecordQuery {
                team: Some(world.neighbour_team),
                ..all.clone()
            },
            vec![],
        ),
    ] {
        let found = cast.officer.api().records(&query).await.unwrap().items;
        let ids: Vec<_> = found.iter().map(|row| row.id).collect();
        assert_eq!(ids, expected, "{query:?}");
    }
}

async fn counts_are_cheap_to_ask_again(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    api.create_record(&session(&world, &cast.member, app.now()))
        .await
        .unwrap();
    api.create_record(&open_patrol(&world, &cast.member, app.now()))
        .await
        .unwrap();
    let counts = cast
        .officer
        .api()
        .record_counts(Some(world.commune))
        .await
        .unwrap();
    assert_eq!(
        (
            counts.open,
            counts.submitted,
            counts.returned,
            counts.accepted_week
        ),
        (1, 1, 0, 0)
    );
    let ask = |tag: Option<&str>| {
        let request = HttpRequest::new(Method::Get, "/records/counts");
        cast.officer.raw(match tag {
            Some(tag) => request.header("if-none-match", tag),
            None => request,
        })
    };
    let first = ask(None).await;
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(ask(Some(&tag)).await.status, 304);
    api.create_record(&session(&world, &cast.member, app.now()))
        .await
        .unwrap();
    let changed = ask(Some(&tag)).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    assert_eq!(
        cast.member.api().record_counts(None).await.code(),
        ProblemCode::Forbidden
    );
}

async fn an_open_patrol_grows_until_it_ends(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let open = open_patrol(&world, &cast.member, app.now());
    let shown = api.create_record(&open).await.unwrap();
    assert_eq!((shown.status, shown.ended_at), (RecordStatus::Open, None));
    app.advance(3_600_000);
    let mut ended = open.clone();
    ended.body["end"] = json!({"at": app.now()});
    let api = cast.member.api();
    let shown = api.edit_record(&ended, 1).await.unwrap();
    assert_eq!(
        (shown.status, shown.ended_at),
        (RecordStatus::Submitted, Some(app.now()))
    );
    let mut broken = ended.clone();
    broken.body["end"] = json!({"at": open.started_at.plus(-1)});
    let wrong = api.edit_record(&broken, 2).await.wrong_fields();
    assert_eq!(wrong, [("body.end.at".to_owned(), FieldCode::EndBeforeStart)]);
}

async fn a_patrol_across_midnight_belongs_to_the_day_it_began(app: TestApp) {
    let (world, cast) = app.cast().await;
    let began = app.now();
    app.advance(5 * 3_600_000);
    let mut draft = patrol(&world, &cast.member, app.now());
    draft.started_at = began;
    let shown = cast.member.api().create_record(&draft).await.unwrap();
    assert_eq!(Some(shown.local_date), began.local_date());
    assert_ne!(app.now().local_date(), began.local_date());
    let held = cast.member.api().held(shown.local_date).await.unwrap();
    assert_eq!(held.records, [draft.id]);
}
