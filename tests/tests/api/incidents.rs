//! Incidents and their cases: reported from the field, handled by officers, told at once.

use futures::StreamExt;
use keng_shared::api::{
    CaseQuery, MarkRead, NewAssignee, NewCaseStep, NewComparison, NewReview, NewSeverity, SameEvent,
};
use keng_shared::geo::LatLon;
use keng_shared::id::RecordId;
use keng_shared::inbox::News;
use keng_shared::incident::case::CaseState;
use keng_shared::incident::{Category, Severity};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::time::Millis;
use keng_tests::drafts::{fix_at, push, put, session};
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::{Value, json};

both_databases!(
    an_incident_from_a_phone_is_a_case_in_the_officers_inbox,
    a_case_goes_its_way_and_the_author_reads_each_state,
    a_step_out_of_order_is_refused_with_the_current_state,
    a_step_that_says_nothing_is_refused_where_words_are_needed,
    two_officers_at_once_conflict_cleanly,
    due_times_know_weekends_holidays_and_the_night,
    judging_the_severity_anew_moves_the_due_time,
    a_case_is_given_to_an_officer_of_the_area_and_to_nobody_else,
    near_reports_are_offered_and_never_merged,
    a_list_says_how_many_reports_may_be_the_same_event,
    a_report_that_is_mended_moves_its_case_until_somebody_begins,
    a_report_taken_back_before_anybody_began_is_withdrawn,
    an_author_does_not_read_the_officers_notes,
    an_urgent_incident_arrives_on_the_event_stream,
    a_browser_that_comes_back_gets_what_it_missed,
    a_stream_ends_when_the_server_stops,
    the_inbox_is_ones_own_and_is_read_once,
    a_returned_record_is_in_its_authors_inbox,
    a_list_of_cases_goes_on_page_by_page,
);

/// A theft at the market, seen just now.
pub fn incident(world: &World, author: &Person, now: Millis, severity: &str) -> RecordDraft {
    RecordDraft {
        kind: "incident".to_owned(),
        started_at: now.plus(-5 * 60_000),
        ended_at: None,
        body: json!({
            "category": "theft",
            "severity": severity,
            "place": "Cổng chợ Thành Sơn",
            "description": "Mất xe đạp điện, hướng chạy về cầu.",
        }),
        ..session(world, author, now)
    }
}

fn step(to: CaseState, words: &str) -> NewCaseStep {
    NewCaseStep {
        to,
        words: words.to_owned(),
    }
}

async fn report(app: &TestApp, world: &World, author: &Person, severity: &str) -> RecordDraft {
    let draft = incident(world, author, app.now(), severity);
    author.api().create_record(&draft).await.unwrap();
    draft
}

async fn news(person: &Person) -> Vec<News> {
    let inbox = person.api().inbox().await.unwrap();
    inbox.items.into_iter().map(|item| item.news).collect()
}

async fn second_officer(app: &TestApp, world: &World) -> Person {
    let officer = keng_tests::cast::active(Role::CommuneOfficer, world.commune, None);
    app.person("minh", "Hà Văn Minh", vec![officer]).await
}

async fn an_incident_from_a_phone_is_a_case_in_the_officers_inbox(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = incident(&world, &cast.member, app.now(), "high");
    let request = push(&cast.member, app.now(), [put(draft.clone())]);
    for _ in 0..2 {
        // Sent again because the answer was lost: one case, one line.
        let answer = cast.member.api().push(&request).await.unwrap();
        assert!(
            format!("{:?}", answer.results[0].outcome).starts_with("Done"),
            "{answer:?}"
        );
    }
    let expected = News::IncidentReported {
        record_id: draft.id,
        area_id: world.village,
        category: Category::Theft,
        severity: Severity::High,
    };
    assert_eq!(news(&cast.officer).await, [expected]);
    for stranger in [
        &cast.member,
        &cast.leader,
        &cast.neighbour,
        &cast.administrator,
        &cast.province_viewer,
    ] {
        assert_eq!(news(stranger).await, [], "{}", stranger.username);
    }
    let detail = cast.officer.api().case(draft.id).await.unwrap();
    assert_eq!(detail.case.state, CaseState::Received);
    assert_eq!(detail.case.place, "Cổng chợ Thành Sơn");
    assert_eq!(detail.case.position, Some(CENTRE));
    assert_eq!(detail.record.case, Some(CaseState::Received));
    assert_eq!(detail.steps.len(), 1);
}

async fn a_case_goes_its_way_and_the_author_reads_each_state(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = report(&app, &world, &cast.member, "high").await;
    let mut cursor = cast.member.api().pull(None).await.unwrap().cursor;
    let officer = cast.officer.api();
    let way = [
        (CaseState::Verifying, ""),
        (CaseState::HandedOver, "Chuyển Công an tỉnh, đội 2."),
        (CaseState::Resolved, "Đã tìm thấy xe, trả lại."),
    ];
    for (revision, (state, words)) in (1..).zip(way) {
        let case = officer
            .step_case(draft.id, revision, &step(state, words))
            .await
            .unwrap();
        assert_eq!((case.state, case.revision), (state, revision + 1));
        let pulled = cast.member.api().pull(Some(cursor)).await.unwrap();
        assert_eq!(pulled.records[0].case, Some(state));
        assert_eq!(pulled.records[0].revision, 1, "a case never changes its record");
        cursor = pulled.cursor;
        let moved = News::CaseMoved {
            record_id: draft.id,
            category: Category::Theft,
            state,
        };
        assert_eq!(news(&cast.member).await[0], moved);
    }
    let detail = officer.case(draft.id).await.unwrap();
    let words: Vec<_> = detail.steps.iter().map(|step| step.words.as_str()).collect();
    assert_eq!(
        words,
        ["", "", "Chuyển Công an tỉnh, đội 2.", "Đã tìm thấy xe, trả lại."]
    );
    let by = detail.steps[2].by.as_ref().unwrap();
    assert_eq!(by.id, cast.officer.id);
    assert_eq!(
        detail.case.assignee.unwrap().id,
        cast.officer.id,
        "whoever begins has it"
    );
}

async fn a_step_out_of_order_is_refused_with_the_current_state(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = report(&app, &world, &cast.member, "low").await;
    let officer = cast.officer.api();
    for to in [
        CaseState::HandedOver,
        CaseState::Resolved,
        CaseState::Received,
        CaseState::Withdrawn,
    ] {
        let problem = officer.step_case(draft.id, 1, &step(to, "x")).await.problem();
        assert_eq!(problem.code, ProblemCode::StateConflict);
        assert_eq!(problem.params["state"], "received");
    }
    let detail = officer.case(draft.id).await.unwrap();
    assert_eq!((detail.case.revision, detail.steps.len()), (1, 1));
}

async fn a_step_that_says_nothing_is_refused_where_words_are_needed(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = report(&app, &world, &cast.member, "low").await;
    let officer = cast.officer.api();
    officer
        .step_case(draft.id, 1, &step(CaseState::Verifying, ""))
        .await
        .unwrap();
    let silent = officer
        .step_case(draft.id, 2, &step(CaseState::NotConfirmed, " \n"))
        .await;
    assert_eq!(silent.wrong_fields(), [("words".to_owned(), FieldCode::Required)]);
    let long = step(CaseState::NotConfirmed, &"a".repeat(1_001));
    let long = officer.step_case(draft.id, 2, &long).await;
    assert_eq!(long.wrong_fields(), [("words".to_owned(), FieldCode::TooLong)]);
    let said = step(CaseState::NotConfirmed, "Chủ xe tự dắt về.");
    officer.step_case(draft.id, 2, &said).await.unwrap();
    let again = step(CaseState::Verifying, "Có người báo lại.");
    let opened = officer.step_case(draft.id, 3, &again).await.unwrap();
    assert_eq!(opened.state, CaseState::Verifying);
}

async fn two_officers_at_once_conflict_cleanly(app: TestApp) {
    let (world, cast) = app.cast().await;
    let other = second_officer(&app, &world).await;
    let draft = report(&app, &world, &cast.member, "high").await;
    let begin = step(CaseState::Verifying, "");
    let (first, second) = (cast.officer.api(), other.api());
    let (a, b) = tokio::join!(
        first.step_case(draft.id, 1, &begin),
        second.step_case(draft.id, 1, &begin)
    );
    let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
    let won = won.unwrap();
    let problem = lost.problem();
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    let stored = problem.stored.unwrap();
    assert_eq!(stored["state"], json!("verifying"));
    assert_eq!(stored["revision"], json!(2));
    assert_eq!(stored["assignee"]["id"], json!(won.assignee.unwrap().id));
    assert_eq!(first.case(draft.id).await.unwrap().steps.len(), 2);
}

async fn due_times_know_weekends_holidays_and_the_night(app: TestApp) {
    let (world, cast) = app.cast().await;
    let hour = 3_600_000;
    // Every test begins on a Sunday at 21:00.
    let due = async |severity: &str| {
        let draft = report(&app, &world, &cast.member, severity).await;
        let case = cast.officer.api().case(draft.id).await.unwrap().case;
        case.due_at.since(app.now())
    };
    assert_eq!(due("critical").await, 2 * hour);
    // 8 working hours after the night: Monday 17:30.
    assert_eq!(due("high").await, 20 * hour + hour / 2);
    // Wednesday 17:30 and Friday 17:30.
    assert_eq!(due("medium").await, (48 + 20) * hour + hour / 2);
    assert_eq!(due("low").await, (96 + 20) * hour + hour / 2);
    // 39 days and 19 hours on it is 1 January 2027, a Friday and a holiday, 16:00: due on Monday 4 January.
    app.advance((39 * 24 + 19) * hour);
    assert_eq!(due("high").await, (3 * 24 + 1) * hour + hour / 2);
}

async fn judging_the_severity_anew_moves_the_due_time(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = report(&app, &world, &cast.member, "low").await;
    let weigh = |severity, words: &str| NewSeverity {
        severity,
        words: words.to_owned(),
    };
    let officer = cast.officer.api();
    let silent = officer
        .weigh_case(draft.id, 1, &weigh(Severity::Critical, ""))
        .await;
    assert_eq!(silent.wrong_fields(), [("words".to_owned(), FieldCode::Required)]);
    let worse = weigh(Severity::Critical, "Có người bị thương.");
    let case = officer.weigh_case(draft.id, 1, &worse).await.unwrap();
    assert_eq!(case.severity, Severity::Critical);
    assert_eq!(case.due_at, app.now().plus(2 * 3_600_000));
    let record = officer.record(draft.id).await.unwrap().record;
    assert_eq!(
        record.body["severity"],
        json!("low"),
        "what the witness said stays"
    );
}

async fn a_case_is_given_to_an_officer_of_the_area_and_to_nobody_else(app: TestApp) {
    let (world, cast) = app.cast().await;
    let other = second_officer(&app, &world).await;
    let draft = report(&app, &world, &cast.member, "high").await;
    let officer = cast.officer.api();
    let to = |id| NewAssignee { user_id: Some(id) };
    let refused = officer.assign_case(draft.id, 1, &to(cast.leader.id)).await;
    assert_eq!(
        refused.wrong_fields(),
        [("user_id".to_owned(), FieldCode::NoSuchObject)]
    );
    let case = officer.assign_case(draft.id, 1, &to(other.id)).await.unwrap();
    assert_eq!(case.assignee.unwrap().name, "Hà Văn Minh");
    let assigned = News::CaseAssigned {
        record_id: draft.id,
        category: Category::Theft,
        severity: Severity::High,
    };
    assert_eq!(news(&other).await[0], assigned);
    let mine = CaseQuery {
        assignee: Some(other.id),
        ..CaseQuery::default()
    };
    assert_eq!(officer.cases(&mine).await.unwrap().items.len(), 1);
    let nobody = NewAssignee { user_id: None };
    let case = officer.assign_case(draft.id, 2, &nobody).await.unwrap();
    assert_eq!(case.assignee, None);
    let officers = officer.case(draft.id).await.unwrap().officers;
    let names: Vec<_> = officers.iter().map(|officer| officer.name.as_str()).collect();
    assert_eq!(names, ["Hà Văn Minh", "Lê Văn Hùng"]);
}

async fn near_reports_are_offered_and_never_merged(app: TestApp) {
    let (world, cast) = app.cast().await;
    let first = report(&app, &world, &cast.member, "high").await;
    app.advance(10 * 60_000);
    let mut again = incident(&world, &cast.leader, app.now(), "medium");
    again.fix = Some(fix_at(LatLon {
        lat_e7: CENTRE.lat_e7 + 9_000,
        ..CENTRE
    }));
    cast.leader.api().create_record(&again).await.unwrap();
    let mut far = incident(&world, &cast.leader, app.now(), "medium");
    far.fix = Some(fix_at(LatLon {
        lat_e7: CENTRE.lat_e7 + 90_000,
        ..CENTRE
    }));
    cast.leader.api().create_record(&far).await.unwrap();
    app.advance(60 * 60_000);
    let later = report(&app, &world, &cast.member, "high").await;

    let officer = cast.officer.api();
    let near = officer.case(first.id).await.unwrap().near;
    let found: Vec<_> = near
        .iter()
        .map(|near| (near.case.record_id, near.distance_m, near.apart_ms))
        .collect();
    assert_eq!(found, [(again.id, Some(100), 600_000)]);
    assert_eq!(officer.case(later.id).await.unwrap().near, []);

    let compare = |other, verdict| NewComparison { other, verdict };
    let same = compare(again.id, SameEvent::Same);
    officer.compare_cases(first.id, &same).await.unwrap();
    officer.compare_cases(first.id, &same).await.unwrap();
    for (of, other) in [(first.id, again.id), (again.id, first.id)] {
        let detail = officer.case(of).await.unwrap();
        assert_eq!((detail.near.len(), detail.linked[0].record_id), (0, other));
        assert_eq!(detail.case.state, CaseState::Received, "nothing is merged");
        assert_eq!(detail.steps.len(), 2);
    }
    officer
        .compare_cases(again.id, &compare(first.id, SameEvent::Different))
        .await
        .unwrap();
    let detail = officer.case(first.id).await.unwrap();
    assert_eq!((detail.near, detail.linked), (vec![], vec![]));
    let itself = officer
        .compare_cases(first.id, &compare(first.id, SameEvent::Same))
        .await;
    assert_eq!(
        itself.wrong_fields(),
        [("other".to_owned(), FieldCode::Duplicate)]
    );
}

async fn a_list_says_how_many_reports_may_be_the_same_event(app: TestApp) {
    let (world, cast) = app.cast().await;
    let first = report(&app, &world, &cast.member, "low").await;
    let again = report(&app, &world, &cast.leader, "high").await;
    app.advance(2 * 3_600_000);
    let later = report(&app, &world, &cast.member, "low").await;
    let officer = cast.officer.api();
    let near = async |id: RecordId| {
        let list = officer.cases(&CaseQuery::default()).await.unwrap().items;
        list.into_iter().find(|case| case.record_id == id).unwrap().near
    };
    assert_eq!((near(first.id).await, near(again.id).await), (1, 1));
    assert_eq!(near(later.id).await, 0, "two hours later it is another event");
    // A page that holds only one of the two counts the other all the same.
    let one = CaseQuery {
        assignee: Some(cast.officer.id),
        ..CaseQuery::default()
    };
    let begin = step(CaseState::Verifying, "");
    officer.step_case(first.id, 1, &begin).await.unwrap();
    let mine = officer.cases(&one).await.unwrap().items;
    assert_eq!((mine.len(), mine[0].near), (1, 1));
    // What was judged is no question any more, and a closed case asks none.
    let different = NewComparison {
        other: first.id,
        verdict: SameEvent::Different,
    };
    officer.compare_cases(again.id, &different).await.unwrap();
    assert_eq!((near(first.id).await, near(again.id).await), (0, 0));
    let third = report(&app, &world, &cast.leader, "low").await;
    assert_eq!((near(third.id).await, near(later.id).await), (1, 1));
    officer.step_case(later.id, 1, &begin).await.unwrap();
    let close = step(CaseState::NotConfirmed, "Không có việc này");
    officer.step_case(later.id, 2, &close).await.unwrap();
    assert_eq!((near(third.id).await, near(later.id).await), (1, 0));
}

async fn a_report_that_is_mended_moves_its_case_until_somebody_begins(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = report(&app, &world, &cast.member, "low").await;
    draft.body["severity"] = json!("critical");
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    let officer = cast.officer.api();
    let case = officer.case(draft.id).await.unwrap().case;
    assert_eq!((case.severity, case.revision), (Severity::Critical, 2));
    officer
        .step_case(draft.id, 2, &step(CaseState::Verifying, ""))
        .await
        .unwrap();
    draft.body["severity"] = json!("low");
    cast.member.api().edit_record(&draft, 2).await.unwrap();
    let case = officer.case(draft.id).await.unwrap().case;
    assert_eq!((case.severity, case.revision), (Severity::Critical, 3));
}

async fn a_report_taken_back_before_anybody_began_is_withdrawn(app: TestApp) {
    let (world, cast) = app.cast().await;
    let early = report(&app, &world, &cast.member, "low").await;
    let late = report(&app, &world, &cast.member, "low").await;
    let officer = cast.officer.api();
    officer
        .step_case(late.id, 1, &step(CaseState::Verifying, ""))
        .await
        .unwrap();
    for draft in [&early, &late] {
        cast.member.api().withdraw_record(draft.id, 1).await.unwrap();
    }
    let state = async |draft: &RecordDraft| officer.case(draft.id).await.unwrap().case.state;
    assert_eq!(state(&early).await, CaseState::Withdrawn);
    assert_eq!(state(&late).await, CaseState::Verifying, "somebody works on it");
    let begin = officer
        .step_case(early.id, 2, &step(CaseState::Verifying, ""))
        .await;
    assert_eq!(begin.code(), ProblemCode::StateConflict);
}

async fn an_author_does_not_read_the_officers_notes(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = report(&app, &world, &cast.member, "low").await;
    let Cast {
        member,
        leader,
        neighbour,
        camera_volunteer,
        administrator,
        ..
    } = &cast;
    for person in [member, leader, neighbour, camera_volunteer, administrator] {
        let refused = person.api().case(draft.id).await.code();
        assert_eq!(refused, ProblemCode::NotFound, "{}", person.username);
        let begin = step(CaseState::Verifying, "");
        let refused = person.api().step_case(draft.id, 1, &begin).await.code();
        assert_eq!(refused, ProblemCode::NotFound, "{}", person.username);
    }
    let reader = cast.province_viewer.api();
    assert_eq!(reader.case(draft.id).await.unwrap().footage, []);
    let begin = reader
        .step_case(draft.id, 1, &step(CaseState::Verifying, ""))
        .await;
    assert_eq!(begin.code(), ProblemCode::Forbidden);
}

/// The events of a stream, one after the other.
struct Stream {
    bytes: std::pin::Pin<Box<dyn futures::Stream<Item = Vec<u8>> + Send>>,
    text: String,
}

impl Stream {
    async fn open(app: &TestApp, person: &Person, query: &str, last: Option<String>) -> Self {
        let url = format!("{}/api/v1/events{query}", app.origin());
        let mut request = reqwest::Client::new()
            .get(url)
            .bearer_auth(person.api().token().unwrap());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let bytes = answer
            .bytes_stream()
            .map(|piece| piece.map(|bytes| bytes.to_vec()).unwrap_or_default());
        Self {
            bytes: Box::pin(bytes),
            text: String::new(),
        }
    }

    /// The next event with a name: its name, its id and its data; none at the end.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().to_owned()
                };
                if !field("event: ").is_empty() {
                    let data = serde_json::from_str(&field("data: ")).unwrap();
                    return Some((field("event: "), field("id: "), data));
                }
            }
            self.text
                .push_str(&String::from_utf8(self.bytes.next().await?).unwrap());
        }
    }
}

async fn an_urgent_incident_arrives_on_the_event_stream(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut officer = Stream::open(&app, &cast.officer, "", None).await;
    let mut neighbour = Stream::open(&app, &cast.neighbour, "", None).await;
    let draft = report(&app, &world, &cast.member, "critical").await;
    let (name, id, data) = officer.next().await.unwrap();
    assert_eq!(name, "inbox");
    assert_eq!(data["id"], json!(id));
    assert_eq!(data["news"]["record_id"], json!(draft.id));
    assert_eq!(data["news"]["severity"], json!("critical"));
    let (name, _, data) = officer.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &data["commune_id"]),
        ("changed", &json!(world.commune))
    );
    // The first that the neighbour hears is what happens at home.
    let elsewhere = RecordDraft {
        area_id: world.neighbour_village,
        team_id: None,
        ..incident(&world, &cast.neighbour, app.now(), "low")
    };
    cast.neighbour.api().create_record(&elsewhere).await.unwrap();
    let (_, _, data) = neighbour.next().await.unwrap();
    assert_eq!(data["commune_id"], json!(world.neighbour_commune));
}

async fn a_browser_that_comes_back_gets_what_it_missed(app: TestApp) {
    let (world, cast) = app.cast().await;
    report(&app, &world, &cast.member, "high").await;
    let mut before = Stream::open(&app, &cast.officer, "?follow=false", None).await;
    let (_, last, _) = before.next().await.unwrap();
    let missed = report(&app, &world, &cast.member, "critical").await;
    let mut back = Stream::open(&app, &cast.officer, "?follow=false", Some(last)).await;
    let (name, _, data) = back.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &data["news"]["record_id"]),
        ("inbox", &json!(missed.id))
    );
    assert_eq!(back.next().await, None, "what was seen does not come again");
}

async fn a_stream_ends_when_the_server_stops(app: TestApp) {
    let (_, cast) = app.cast().await;
    let mut stream = Stream::open(&app, &cast.officer, "", None).await;
    let (ended, ()) = tokio::join!(stream.next(), app.stop());
    assert_eq!(ended, None);
}

async fn the_inbox_is_ones_own_and_is_read_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    report(&app, &world, &cast.member, "high").await;
    report(&app, &world, &cast.member, "low").await;
    let inbox = cast.officer.api().inbox().await.unwrap();
    assert_eq!((inbox.items.len(), inbox.unread), (2, 2));
    let all = MarkRead {
        ids: inbox.items.iter().map(|item| item.id).collect(),
    };
    cast.leader.api().mark_read(&all).await.unwrap();
    assert_eq!(cast.officer.api().inbox().await.unwrap().unread, 2);
    cast.officer.api().mark_read(&all).await.unwrap();
    let read_at = app.now();
    app.advance(1_000);
    cast.officer.api().mark_read(&all).await.unwrap();
    let inbox = cast.officer.api().inbox().await.unwrap();
    assert_eq!(inbox.unread, 0);
    assert!(inbox.items.iter().all(|item| item.read_at == Some(read_at)));
}

async fn a_returned_record_is_in_its_authors_inbox(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    let review = NewReview {
        verdict: Some(Verdict::Returned),
        reason: "Thiếu ảnh.".to_owned(),
        photos: Vec::new(),
    };
    cast.officer.api().review(draft.id, 1, &review).await.unwrap();
    assert_eq!(
        news(&cast.member).await,
        [News::RecordReturned { record_id: draft.id }]
    );
}

async fn a_list_of_cases_goes_on_page_by_page(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut reported = Vec::new();
    for _ in 0..5 {
        reported.push(report(&app, &world, &cast.member, "low").await.id);
        app.advance(1_000);
    }
    reported.reverse();
    let officer = cast.officer.api();
    let mut query = CaseQuery {
        area: Some(world.commune),
        state: Some(CaseState::Received),
        limit: Some(2),
        ..CaseQuery::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = officer.cases(&query).await.unwrap();
        seen.extend(page.items.iter().map(|case| case.record_id));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, reported);
    let village = CaseQuery {
        area: Some(world.other_village),
        ..CaseQuery::default()
    };
    assert_eq!(officer.cases(&village).await.unwrap().items, []);
}
