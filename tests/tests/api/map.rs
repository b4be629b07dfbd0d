//! Records on the desk's map: squares with counts, one by one when they stand alone.

use keng_shared::api::{MapQuery, MapSquare};
use keng_shared::geo::LatLon;
use keng_shared::problem::FieldCode;
use keng_shared::record::RecordStatus;
use keng_tests::{Asks, Refused, TestApp, both_databases, drafts};

both_databases!(
    records_are_counted_by_squares_and_shown_where_they_stand_alone,
    a_map_shows_the_days_kind_state_and_area_that_were_asked_for,
    a_view_that_is_none_or_has_too_many_squares_is_refused,
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
