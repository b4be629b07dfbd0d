//! The desk's table of records: its orders, and the views that people save.

use keng_shared::api::{MAX_VIEWS, NewReview, NewSavedView, RecordQuery, RecordSort};
use keng_shared::client::{Client, HttpRequest, Method};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{Flag, RecordDraft, RecordStatus, Verdict};
use keng_tests::cast::active;
use keng_tests::transport::Http;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases, drafts};

both_databases!(
    a_table_can_be_put_in_vietnamese_order_both_ways_page_by_page,
    a_table_can_be_put_in_the_order_of_kinds_teams_states_and_signals,
    a_list_shows_what_has_one_signal,
    a_list_of_many_communes_is_the_same_as_that_of_each,
    an_order_that_does_not_fit_is_refused,
    a_view_is_saved_under_its_name_and_is_its_persons_own,
    a_view_that_no_page_could_show_is_refused,
);

fn ordered(sort: RecordSort, reverse: bool) -> RecordQuery {
    RecordQuery {
        sort: Some(sort),
        reverse: reverse.then_some(true),
        ..RecordQuery::default()
    }
}

/// Names of authors, or dates, of the whole list, asked for two rows at a time.
async fn all<T>(
    client: &Client<Http>,
    query: RecordQuery,
    read: impl Fn(keng_shared::api::RecordRow) -> T,
) -> Vec<T> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let query = RecordQuery {
            limit: Some(2),
            after,
            ..query.clone()
        };
        let page = client.records(&query).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(page.items.into_iter().map(&read));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

async fn log(app: &TestApp, world: &World, person: &Person, area: AreaId, days_ago: i64) {
    let mut draft = drafts::session(world, person, app.now());
    draft.area_id = area;
    draft.team_id = None;
    draft.started_at = draft.started_at.plus(-days_ago * 86_400_000);
    draft.ended_at = draft.ended_at.map(|at| at.plus(-days_ago * 86_400_000));
    person.api().create_record(&draft).await.unwrap();
    app.advance(1_000);
}

async fn a_table_can_be_put_in_vietnamese_order_both_ways_page_by_page(app: TestApp) {
    let (world, cast) = app.cast().await;
    // In the order of bytes Đ comes after Z; in that of a dictionary after D, and Ă after A.
    for (number, name) in [
        "Đặng Văn Ân",
        "Ánh Dương",
        "Dương Văn Cừ",
        "Vi Thị Yến",
        "Ăn Thị Bé",
    ]
    .into_iter()
    .enumerate()
    {
        let person = app
            .person(
                &format!("nguoi{number}"),
                name,
                vec![active(Role::Member, world.commune, None)],
            )
            .await;
        let area = if number % 2 == 0 {
            world.village
        } else {
            world.other_village
        };
        log(&app, &world, &person, area, number as i64).await;
    }
    let officer = cast.officer.api();
    let names = |query| all(&officer, query, |row| row.author.name);
    let alphabet = [
        "Ánh Dương",
        "Ăn Thị Bé",
        "Dương Văn Cừ",
        "Đặng Văn Ân",
        "Vi Thị Yến",
    ];
    assert_eq!(names(ordered(RecordSort::Author, false)).await, alphabet);
    let mut backwards = alphabet;
    backwards.reverse();
    assert_eq!(names(ordered(RecordSort::Author, true)).await, backwards);

    let areas = all(&officer, ordered(RecordSort::Area, false), |row| row.area_name).await;
    let (sorted, unsorted) = areas.split_at(3);
    assert_eq!(sorted, ["Thôn Thành Sơn"; 3]);
    assert_eq!(unsorted, ["Thôn Thống Nhất"; 2]);

    let days = all(&officer, ordered(RecordSort::Date, false), |row| row.local_date).await;
    assert!(days.is_sorted_by(|one, next| one > next), "{days:?}");
    let days = all(&officer, ordered(RecordSort::Date, true), |row| row.local_date).await;
    assert!(days.is_sorted_by(|one, next| one < next), "{days:?}");

    let newest = all(&officer, RecordQuery::default(), |row| row.id).await;
    let mut oldest = all(&officer, ordered(RecordSort::Newest, true), |row| row.id).await;
    oldest.reverse();
    assert_eq!(newest, oldest);
}

/// A session with a wrong clock, one that came late and had a wrong clock, one of another team, a patrol.
async fn with_signals(app: &TestApp, world: &World, cast: &Cast) -> [RecordId; 4] {
    let now = app.now();
    let skewed = RecordDraft {
        clock_offset_ms: Some(3_600_000),
        ..drafts::session(world, &cast.member, now)
    };
    let mut late = RecordDraft {
        clock_offset_ms: Some(3_600_000),
        ..drafts::session(world, &cast.member, now)
    };
    late.started_at = late.started_at.plus(-5 * 86_400_000);
    late.ended_at = late.ended_at.map(|at| at.plus(-5 * 86_400_000));
    let honest = RecordDraft {
        team_id: None,
        ..drafts::session(world, &cast.member, now)
    };
    let patrol = drafts::patrol(world, &cast.member, now);
    for draft in [&skewed, &late, &honest, &patrol] {
        cast.member.api().create_record(draft).await.unwrap();
        app.advance(1_000);
    }
    [skewed.id, late.id, honest.id, patrol.id]
}

async fn a_table_can_be_put_in_the_order_of_kinds_teams_states_and_signals(app: TestApp) {
    let (world, cast) = app.cast().await;
    let [skewed, late, honest, patrol] = with_signals(&app, &world, &cast).await;
    let officer = cast.officer.api();
    let returned = NewReview {
        verdict: Some(Verdict::Returned),
        reason: "Ảnh mờ".to_owned(),
        photos: vec![],
    };
    officer.review(late, 1, &returned).await.unwrap();
    let accepted = NewReview {
        verdict: Some(Verdict::Accepted),
        reason: String::new(),
        photos: vec![],
    };
    officer.review(skewed, 1, &accepted).await.unwrap();
    let ids = |query| all(&officer, query, |row| row.id);

    // "Buổi tuyên truyền" stands before "Tuần tra"; equals newest received first.
    let by_kind = [honest, late, skewed, patrol];
    assert_eq!(ids(ordered(RecordSort::Kind, false)).await, by_kind);
    assert_eq!(
        ids(ordered(RecordSort::Kind, true)).await,
        [patrol, honest, late, skewed]
    );
    let by_team = ids(ordered(RecordSort::Team, false)).await;
    assert_eq!(by_team, [honest, patrol, late, skewed]);
    let by_state = ids(ordered(RecordSort::Status, false)).await;
    assert_eq!(by_state, [patrol, honest, late, skewed]);
    let by_signals = ids(ordered(RecordSort::Signals, false)).await;
    assert_eq!(by_signals[..2], [late, skewed]);
    let fewest = ids(ordered(RecordSort::Signals, true)).await;
    assert_eq!(fewest[2..], [skewed, late]);
}

async fn a_list_shows_what_has_one_signal(app: TestApp) {
    let (world, cast) = app.cast().await;
    let [skewed, late, ..] = with_signals(&app, &world, &cast).await;
    let officer = cast.officer.api();
    let of = |flag| RecordQuery {
        flag: Some(flag),
        ..RecordQuery::default()
    };
    assert_eq!(
        all(&officer, of(Flag::ClockSkew), |row| row.id).await,
        [late, skewed]
    );
    assert_eq!(all(&officer, of(Flag::LateSend), |row| row.id).await, [late]);
    assert!(
        all(&officer, of(Flag::RepeatedPhoto), |row| row.id)
            .await
            .is_empty()
    );
    let waiting = RecordQuery {
        status: Some(RecordStatus::Submitted),
        sort: Some(RecordSort::Risk),
        ..of(Flag::ClockSkew)
    };
    assert_eq!(all(&officer, waiting, |row| row.id).await, [late, skewed]);
    let unknown = HttpRequest::new(Method::Get, "/records").query(&[("flag", Some("nonsense".to_owned()))]);
    assert_eq!(cast.officer.raw(unknown).await.status, 422);
}

/// Beyond sixteen communes a list walks all arrivals instead of each commune's.
async fn a_list_of_many_communes_is_the_same_as_that_of_each(app: TestApp) {
    let (world, cast) = app.cast().await;
    let communes: String = (0..20)
        .map(|number| format!("commune,2{number:04},Xã Số {number},38,2025-07-01,,20.0,105.4\n"))
        .collect();
    let csv = format!("kind,code,name,parent_code,valid_from,valid_to,lat,lon\n{communes}");
    let report = cast
        .administrator
        .api()
        .import_areas("text/csv", csv.into_bytes(), false)
        .await
        .unwrap();
    assert_eq!(report.created, 20, "{report:?}");
    for days_ago in 0..3 {
        log(&app, &world, &cast.member, world.village, days_ago).await;
        log(&app, &world, &cast.neighbour, world.neighbour_village, days_ago).await;
    }
    let (province, officer) = (cast.province_viewer.api(), cast.officer.api());
    let whole = all(&province, RecordQuery::default(), |row| row.id).await;
    assert_eq!(whole.len(), 6);
    let of_commune = all(&officer, RecordQuery::default(), |row| row.id).await;
    let theirs: Vec<_> = whole
        .iter()
        .copied()
        .filter(|id| of_commune.contains(id))
        .collect();
    assert_eq!((theirs, of_commune.len()), (of_commune.clone(), 3));
    let waiting = RecordQuery {
        status: Some(RecordStatus::Submitted),
        ..RecordQuery::default()
    };
    assert_eq!(all(&province, waiting.clone(), |row| row.id).await, whole);
    let riskiest = RecordQuery {
        sort: Some(RecordSort::Risk),
        ..waiting
    };
    assert_eq!(all(&province, riskiest, |row| row.id).await.len(), 6);
    assert_eq!(province.record_counts(None).await.unwrap().submitted, 6);
    let neighbour = RecordQuery {
        area: Some(world.neighbour_commune),
        ..RecordQuery::default()
    };
    assert_eq!(all(&province, neighbour, |row| row.id).await.len(), 3);
}

async fn an_order_that_does_not_fit_is_refused(app: TestApp) {
    let (_, cast) = app.cast().await;
    let officer = cast.officer.api();
    let risk = RecordQuery {
        status: Some(RecordStatus::Submitted),
        ..ordered(RecordSort::Risk, true)
    };
    assert_eq!(
        officer.records(&risk).await.wrong_fields(),
        [("reverse".to_owned(), FieldCode::NotAChoice)]
    );
    let foreign_cursor = RecordQuery {
        after: Some("bm90IG91cnM".to_owned()),
        ..ordered(RecordSort::Area, false)
    };
    assert_eq!(
        officer.records(&foreign_cursor).await.wrong_fields(),
        [("after".to_owned(), FieldCode::BadFormat)]
    );
}

fn view(name: &str, kind: &str) -> NewSavedView {
    NewSavedView {
        name: name.to_owned(),
        filter: RecordQuery {
            kind: Some(kind.to_owned()),
            ..ordered(RecordSort::Area, true)
        },
        columns: vec!["date".to_owned(), "area".to_owned()],
    }
}

async fn a_view_is_saved_under_its_name_and_is_its_persons_own(app: TestApp) {
    let (_, cast) = app.cast().await;
    let officer = cast.officer.api();
    let patrols = officer
        .save_view(&view("  Tuần tra đêm ", "patrol"))
        .await
        .unwrap();
    assert_eq!(
        (patrols.name.as_str(), patrols.filter.sort),
        ("Tuần tra đêm", Some(RecordSort::Area))
    );
    officer.save_view(&view("Ảnh mờ", "patrol")).await.unwrap();
    let again = officer
        .save_view(&view("Tuần tra đêm", "direct_propaganda_session"))
        .await
        .unwrap();
    assert_eq!(again.id, patrols.id);
    assert_eq!(again.filter.kind.as_deref(), Some("direct_propaganda_session"));
    let names: Vec<String> = officer
        .saved_views()
        .await
        .unwrap()
        .into_iter()
        .map(|view| view.name)
        .collect();
    assert_eq!(names, ["Ảnh mờ", "Tuần tra đêm"]);

    let viewer = cast.province_viewer.api();
    assert_eq!(viewer.saved_views().await.unwrap(), []);
    assert_eq!(
        viewer.delete_view(patrols.id).await.problem().code,
        ProblemCode::NotFound
    );
    officer.delete_view(patrols.id).await.unwrap();
    assert_eq!(officer.saved_views().await.unwrap().len(), 1);
    assert_eq!(
        officer.delete_view(patrols.id).await.problem().code,
        ProblemCode::NotFound
    );
}

async fn a_view_that_no_page_could_show_is_refused(app: TestApp) {
    let (_, cast) = app.cast().await;
    let officer = cast.officer.api();
    let mut wrong = view(" ", "patrol");
    wrong.columns = vec!["a,b".to_owned()];
    wrong.filter.limit = Some(10);
    assert_eq!(
        officer.save_view(&wrong).await.wrong_fields(),
        [
            ("name".to_owned(), FieldCode::Required),
            ("columns.0".to_owned(), FieldCode::BadFormat),
            ("filter.limit".to_owned(), FieldCode::Unknown),
        ]
    );
    let owned =
        HttpRequest::new(Method::Post, "/views").json(&serde_json::json!({"name": "x", "user_id": "y"}));
    assert_eq!(cast.officer.raw(owned).await.status, 422);
    for number in 0..MAX_VIEWS {
        officer
            .save_view(&view(&format!("Số {number}"), "patrol"))
            .await
            .unwrap();
    }
    assert_eq!(
        officer
            .save_view(&view("Quá nhiều", "patrol"))
            .await
            .wrong_fields(),
        [("name".to_owned(), FieldCode::TooBig)]
    );
    officer.save_view(&view("Số 1", "patrol")).await.unwrap();
}
