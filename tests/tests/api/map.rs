//! Records on the desk's map: squares with counts, one by one when they stand alone.

use diesel::connection::SimpleConnection;
use keng_shared::api::{MapQuery, MapSquare, NewReview};
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::permission::Role;
use keng_shared::problem::FieldCode;
use keng_shared::record::{RecordDraft, RecordStatus, Verdict};
use keng_tests::cast::active;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases, drafts};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;

both_databases!(
    records_are_counted_by_squares_and_shown_where_they_stand_alone,
    a_map_shows_the_days_kind_state_and_area_that_were_asked_for,
    a_view_that_is_none_or_has_too_many_squares_is_refused,
    a_map_of_many_communes_tells_what_counting_every_record_gives_after_any_change,
    a_map_of_many_communes_goes_as_far_back_as_it_is_asked,
);

/// All of the commune, in squares of a hundredth of a degree.
fn around() -> MapQuery {
    MapQuery {
        area: None,
        kind: None,
        status: None,
        from: "2026-01-01".parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
        south_e7: 198_000_000,
        west_e7: 1_052_000_000,
        north_e7: 201_000_000,
        east_e7: 1_055_000_000,
        square_e7: 100_000,
    }
}

fn sum(squares: &[MapSquare]) -> u64 {
    squares.iter().map(|square| square.count).sum()
}

/// Three sessions within some ten metres, one a kilometre away, and one without a position.
async fn sessions(app: &TestApp) -> (keng_tests::World, keng_tests::Cast) {
    let (world, cast) = app.cast().await;
    let places = [
        Some((199_620_000, 1_053_450_000)),
        Some((199_620_900, 1_053_450_900)),
        Some((199_621_200, 1_053_450_600)),
        Some((199_720_000, 1_053_550_000)),
        None,
    ];
    for place in places {
        let mut draft = drafts::session(&world, &cast.member, app.now());
        draft.fix = place.map(|(lat_e7, lon_e7)| drafts::fix_at(LatLon { lat_e7, lon_e7 }));
        cast.member.api().create_record(&draft).await.unwrap();
    }
    (world, cast)
}

async fn records_are_counted_by_squares_and_shown_where_they_stand_alone(app: TestApp) {
    let (_, cast) = sessions(&app).await;
    let squares = cast.officer.api().map_records(&around()).await.unwrap();
    let [many, one] = squares.as_slice() else {
        panic!("{squares:?}")
    };
    assert_eq!((many.count, &many.record), (3, &None));
    assert_eq!((many.at.lat_e7, many.at.lon_e7), (199_620_700, 1_053_450_500));
    assert_eq!(
        (many.corner.lat_e7, many.corner.lon_e7),
        (199_600_000, 1_053_400_000)
    );
    let record = one.record.as_ref().unwrap();
    assert_eq!(one.count, 1);
    assert_eq!(
        (record.kind.as_str(), record.area_name.as_str(), record.status),
        (
            "direct_propaganda_session",
            "Thôn Thành Sơn",
            RecordStatus::Submitted
        )
    );
    // Nearer, they stand apart.
    let near = MapQuery {
        square_e7: 300,
        south_e7: 199_619_000,
        north_e7: 199_622_000,
        west_e7: 1_053_449_000,
        east_e7: 1_053_452_000,
        ..around()
    };
    let squares = cast.officer.api().map_records(&near).await.unwrap();
    assert_eq!(squares.len(), 3);
    assert!(squares.iter().all(|square| square.record.is_some()));
}

async fn a_map_shows_the_days_kind_state_and_area_that_were_asked_for(app: TestApp) {
    let (world, cast) = sessions(&app).await;
    let officer = cast.officer.api();
    let count = async |query: MapQuery| sum(&officer.map_records(&query).await.unwrap());
    assert_eq!(count(around()).await, 4);
    let early = MapQuery {
        to: "2026-11-01".parse().unwrap(),
        ..around()
    };
    assert_eq!(count(early).await, 0);
    for (kind, expected) in [
        ("direct_propaganda_session", 4),
        ("patrol", 0),
        ("' OR 1=1 --", 0),
    ] {
        let kind = MapQuery {
            kind: Some(kind.to_owned()),
            ..around()
        };
        assert_eq!(count(kind).await, expected);
    }
    let accepted = MapQuery {
        status: Some(RecordStatus::Accepted),
        ..around()
    };
    assert_eq!(count(accepted).await, 0);
    for (area, expected) in [(world.village, 4), (world.other_village, 0), (world.commune, 4)] {
        let area = MapQuery {
            area: Some(area),
            ..around()
        };
        assert_eq!(count(area).await, expected);
    }
    let viewer = cast.province_viewer.api();
    assert_eq!(sum(&viewer.map_records(&around()).await.unwrap()), 4);
}

async fn a_view_that_is_none_or_has_too_many_squares_is_refused(app: TestApp) {
    let (_, cast) = app.cast().await;
    let officer = cast.officer.api();
    let wrong = [
        (
            MapQuery {
                square_e7: 0,
                ..around()
            },
            "square_e7",
            FieldCode::TooSmall,
        ),
        (
            MapQuery {
                square_e7: 10,
                ..around()
            },
            "square_e7",
            FieldCode::TooSmall,
        ),
        (
            MapQuery {
                north_e7: 0,
                ..around()
            },
            "north_e7",
            FieldCode::TooSmall,
        ),
        (
            MapQuery {
                to: "2025-01-01".parse().unwrap(),
                ..around()
            },
            "to",
            FieldCode::EndBeforeStart,
        ),
    ];
    for (query, field, code) in wrong {
        let refused = officer.map_records(&query).await.wrong_fields();
        assert_eq!(refused, [(field.to_owned(), code)]);
    }
}

/// More communes than are counted by the database.
const MANY: u32 = 20;
const DAY_MS: i64 = 86_400_000;

/// A record as the test knows it.
struct Known {
    draft: RecordDraft,
    revision: u32,
    status: RecordStatus,
    commune: AreaId,
}

/// A province of many communes, one officer who works in all of them, and another who judges.
async fn many_communes(app: &TestApp) -> (World, Cast, [Person; 2], Vec<AreaId>) {
    let (world, cast) = app.cast().await;
    let rows: String = (0..MANY)
        .map(|number| format!("commune,2{number:04},Xã Số {number},38,2025-07-01,,20.0,105.4\n"))
        .collect();
    let csv = format!("kind,code,name,parent_code,valid_from,valid_to,lat,lon\n{rows}");
    let administrator = cast.administrator.api();
    administrator
        .import_areas("text/csv", csv.into_bytes(), false)
        .await
        .unwrap();
    let below = administrator
        .areas(Some(world.province), None, None, None)
        .await
        .unwrap();
    let communes: Vec<AreaId> = below.items.iter().map(|area| area.area.id).collect();
    assert!(communes.len() > MANY as usize);
    let mut officers = Vec::new();
    for (username, name) in [("binh", "Hà Văn Bình"), ("mai", "Lê Thị Mai")] {
        let roles = communes
            .iter()
            .map(|commune| active(Role::CommuneOfficer, *commune, None));
        officers.push(app.person(username, name, roles.collect()).await);
    }
    let officers = officers.try_into().unwrap_or_else(|_| panic!("two officers"));
    (world, cast, officers, communes)
}

/// Somewhere, some day of the last months, in some commune.
fn some_draft(
    app: &TestApp,
    world: &World,
    author: &Person,
    communes: &[AreaId],
    rng: &mut StdRng,
) -> RecordDraft {
    let mut below = |end: u32| rng.next_u32() % end;
    let ago = i64::from(below(90)) * DAY_MS;
    let coarse = |number: u32| i32::try_from(number).unwrap() * 37_000;
    let at = LatLon {
        lat_e7: 199_000_000 + coarse(below(12)),
        lon_e7: 1_053_000_000 + coarse(below(12)),
    };
    let mut draft = drafts::session(world, author, app.now().plus(-ago));
    draft.area_id = communes[below(u32::try_from(communes.len()).unwrap()) as usize];
    draft.team_id = None;
    draft.fix = (below(10) > 0).then(|| drafts::fix_at(at));
    draft
}

/// Every record looked at one by one: count, middle and the only id of each square.
fn counted(all: &[Known], query: &MapQuery) -> BTreeMap<(i32, i32), (u64, LatLon, Option<String>)> {
    let mut squares: BTreeMap<(i32, i32), Vec<(LatLon, String)>> = BTreeMap::new();
    for known in all {
        let Some(fix) = known.draft.fix else { continue };
        let date = known.draft.started_at.local_date().unwrap();
        let state = query
            .status
            .map_or(known.status != RecordStatus::Withdrawn, |asked| {
                known.status == asked
            });
        let is_shown = state
            && query.kind.as_ref().is_none_or(|kind| *kind == known.draft.kind)
            && query.area.is_none_or(|area| area == known.commune)
            && (query.from..=query.to).contains(&date)
            && (query.south_e7..=query.north_e7).contains(&fix.at.lat_e7)
            && (query.west_e7..=query.east_e7).contains(&fix.at.lon_e7);
        if is_shown {
            let side = query.square_e7;
            let corner = (fix.at.lat_e7 / side * side, fix.at.lon_e7 / side * side);
            let held = squares.entry(corner).or_default();
            held.push((fix.at, known.draft.id.to_string()));
        }
    }
    let middle = |held: &[(LatLon, String)], part: fn(&LatLon) -> i32| {
        let sum: i64 = held.iter().map(|(at, _)| i64::from(part(at))).sum();
        i32::try_from(sum / i64::try_from(held.len()).unwrap()).unwrap()
    };
    squares
        .into_iter()
        .map(|(corner, held)| {
            let at = LatLon {
                lat_e7: middle(&held, |at| at.lat_e7),
                lon_e7: middle(&held, |at| at.lon_e7),
            };
            let only = (held.len() == 1).then(|| held[0].1.clone());
            (corner, (held.len() as u64, at, only))
        })
        .collect()
}

fn some_query(app: &TestApp, communes: &[AreaId], rng: &mut StdRng) -> MapQuery {
    let mut below = |end: u32| rng.next_u32() % end;
    let today = app.now().local_date().unwrap();
    let to = today - chrono::Days::new(below(60).into());
    let kinds = [None, None, Some("direct_propaganda_session"), Some("patrol")];
    let states = [
        None,
        None,
        Some(RecordStatus::Accepted),
        Some(RecordStatus::Withdrawn),
    ];
    let shift = |number: u32| i32::try_from(number).unwrap() * 10_000;
    MapQuery {
        // Mostly all of them, which is what is counted from points.
        area: (below(5) == 0).then(|| communes[0]),
        kind: kinds[below(4) as usize].map(str::to_owned),
        status: states[below(4) as usize],
        from: to - chrono::Days::new(below(60).into()),
        to,
        south_e7: 198_900_000 + shift(below(20)),
        north_e7: 199_500_000 - shift(below(20)),
        west_e7: 1_052_900_000 + shift(below(20)),
        east_e7: 1_053_500_000 - shift(below(20)),
        square_e7: [20_000, 37_000, 100_000][below(3) as usize],
    }
}

async fn a_map_of_many_communes_tells_what_counting_every_record_gives_after_any_change(app: TestApp) {
    let (world, cast, [author, judge], communes) = many_communes(&app).await;
    let mut rng = StdRng::seed_from_u64(11);
    let mut all: Vec<Known> = Vec::new();
    let (mut told, mut alone) = (0, 0);
    for _ in 0..14 {
        for _ in 0..8 {
            let choice = rng.next_u32() % 10;
            let index = rng.next_u32() as usize % all.len().max(1);
            match all.get_mut(index) {
                Some(known) if choice < 3 && known.status == RecordStatus::Submitted => {
                    // Elsewhere, another day, perhaps in another commune.
                    let next = some_draft(&app, &world, &author, &communes, &mut rng);
                    let id = known.draft.id;
                    known.draft = RecordDraft { id, ..next };
                    known.commune = known.draft.area_id;
                    let edited = author
                        .api()
                        .edit_record(&known.draft, known.revision)
                        .await
                        .unwrap();
                    known.revision = edited.revision;
                }
                Some(known) if choice == 3 && known.status == RecordStatus::Submitted => {
                    let id = known.draft.id;
                    author.api().withdraw_record(id, known.revision).await.unwrap();
                    known.status = RecordStatus::Withdrawn;
                }
                Some(known) if choice == 4 && known.status == RecordStatus::Submitted => {
                    let review = NewReview {
                        verdict: Some(Verdict::Accepted),
                        reason: String::new(),
                        photos: Vec::new(),
                    };
                    let id = known.draft.id;
                    judge.api().review(id, known.revision, &review).await.unwrap();
                    known.status = RecordStatus::Accepted;
                }
                _ => {
                    let draft = some_draft(&app, &world, &author, &communes, &mut rng);
                    let made = author.api().create_record(&draft).await.unwrap();
                    all.push(Known {
                        commune: draft.area_id,
                        draft,
                        revision: made.revision,
                        status: RecordStatus::Submitted,
                    });
                }
            }
        }
        for _ in 0..6 {
            let query = some_query(&app, &communes, &mut rng);
            let answer = cast.province_viewer.api().map_records(&query).await.unwrap();
            let answer: BTreeMap<_, _> = answer
                .into_iter()
                .map(|square| {
                    let only = square.record.map(|record| record.id.to_string());
                    let corner = (square.corner.lat_e7, square.corner.lon_e7);
                    (corner, (square.count, square.at, only))
                })
                .collect();
            assert_eq!(answer, counted(&all, &query), "{query:?}");
            told += answer.len();
            alone += answer.values().filter(|(_, _, only)| only.is_some()).count();
        }
    }
    assert!(told > alone && alone > 100, "{told} {alone}");
}

async fn a_map_of_many_communes_goes_as_far_back_as_it_is_asked(app: TestApp) {
    let (world, cast, [author, _], communes) = many_communes(&app).await;
    let today = app.now().local_date().unwrap();
    for days in [5, 700, 1_500] {
        let mut draft = drafts::session(&world, &author, app.now());
        (draft.area_id, draft.team_id) = (communes[3], None);
        author.api().create_record(&draft).await.unwrap();
        // These communes are young; their records came from somewhere else.
        let date = today - chrono::Days::new(days);
        let aged = format!(
            "UPDATE record SET local_date = '{date}' WHERE id = '{}'",
            draft.id
        );
        app.write(move |conn| Ok(conn.batch_execute(&aged)?)).await;
    }
    let viewer = cast.province_viewer.api();
    for (days, expected) in [(30, 1), (1_600, 3), (720, 2), (30, 1)] {
        let query = MapQuery {
            from: today - chrono::Days::new(days),
            to: today,
            ..around()
        };
        let squares = viewer.map_records(&query).await.unwrap();
        assert_eq!(sum(&squares), expected, "{days}");
    }
}
