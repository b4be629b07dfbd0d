//! Patrol routes: drawn, changed, on the phones of the area.

use keng_shared::geo::LatLon;
use keng_shared::id::CheckpointId;
use keng_shared::patrol_route::{MAX_POINTS, PatrolRoute, RouteTerms};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::{Asks, Person, Refused, TestApp, World, both_databases};

both_databases!(
    a_route_is_on_the_phones_of_its_area_and_not_on_others,
    a_route_through_the_commune_is_on_the_phones_of_its_villages,
    of_two_officers_who_change_a_route_one_is_told,
    a_route_out_of_reach_or_beyond_its_limits_is_refused,
);

fn at(lat: f64, lon: f64) -> LatLon {
    LatLon::from_degrees(lat, lon).unwrap()
}

fn terms(world: &World) -> RouteTerms {
    RouteTerms {
        area_id: world.village,
        name: " Vòng quanh thôn ".to_owned(),
        line: vec![at(19.96, 105.34), at(19.97, 105.34), at(19.97, 105.35)],
        checkpoints: world.checkpoints.iter().map(|point| point.0).collect(),
    }
}

async fn on_phone(person: &Person) -> Vec<PatrolRoute> {
    person.api().scope().await.unwrap().routes
}

async fn a_route_is_on_the_phones_of_its_area_and_not_on_others(app: TestApp) {
    let (world, cast) = app.cast().await;
    let route = cast
        .leader
        .api()
        .create_patrol_route(&terms(&world))
        .await
        .unwrap();
    assert_eq!(
        (route.terms.name.as_str(), route.revision),
        ("Vòng quanh thôn", 1)
    );
    assert_eq!(on_phone(&cast.member).await, std::slice::from_ref(&route));
    assert_eq!(on_phone(&cast.neighbour).await, []);
    let listed = cast
        .officer
        .api()
        .patrol_routes(Some(world.commune))
        .await
        .unwrap();
    assert_eq!(listed, std::slice::from_ref(&route));
    cast.officer.api().delete_patrol_route(route.id, 1).await.unwrap();
    assert_eq!(on_phone(&cast.member).await, []);
    let gone = cast
        .officer
        .api()
        .edit_patrol_route(route.id, 1, &terms(&world))
        .await;
    assert_eq!(gone.code(), ProblemCode::NotFound);
}

async fn a_route_through_the_commune_is_on_the_phones_of_its_villages(app: TestApp) {
    let (world, cast) = app.cast().await;
    let wide = RouteTerms {
        area_id: world.commune,
        ..terms(&world)
    };
    let route = cast.officer.api().create_patrol_route(&wide).await.unwrap();
    assert_eq!(on_phone(&cast.member).await, std::slice::from_ref(&route));
    assert_eq!(on_phone(&cast.neighbour).await, []);
}

async fn of_two_officers_who_change_a_route_one_is_told(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let route = officer.create_patrol_route(&terms(&world)).await.unwrap();
    let shorter = RouteTerms {
        line: terms(&world).line[..2].to_vec(),
        ..terms(&world)
    };
    let changed = officer.edit_patrol_route(route.id, 1, &shorter).await.unwrap();
    assert_eq!((changed.terms.line.len(), changed.revision), (2, 2));
    let late = cast
        .leader
        .api()
        .edit_patrol_route(route.id, 1, &terms(&world))
        .await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    let late = cast.leader.api().delete_patrol_route(route.id, 1).await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
}

async fn a_route_out_of_reach_or_beyond_its_limits_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let cases = [
        (
            RouteTerms {
                line: vec![at(19.96, 105.34)],
                ..terms(&world)
            },
            ("line", FieldCode::TooShort),
        ),
        (
            RouteTerms {
                line: vec![at(19.96, 105.34); MAX_POINTS + 1],
                ..terms(&world)
            },
            ("line", FieldCode::TooLong),
        ),
        (
            RouteTerms {
                line: vec![at(19.0, 105.34), at(20.0, 105.34)],
                ..terms(&world)
            },
            ("line", FieldCode::TooBig),
        ),
        (
            RouteTerms {
                checkpoints: vec![CheckpointId(999_999)],
                ..terms(&world)
            },
            ("checkpoints.0", FieldCode::NoSuchObject),
        ),
        (
            RouteTerms {
                checkpoints: vec![world.neighbour_checkpoint],
                ..terms(&world)
            },
            ("checkpoints.0", FieldCode::NoSuchObject),
        ),
        (
            RouteTerms {
                area_id: world.neighbour_village,
                ..terms(&world)
            },
            ("area_id", FieldCode::NoSuchObject),
        ),
    ];
    for (terms, (field, code)) in cases {
        let refused = cast.officer.api().create_patrol_route(&terms).await;
        assert_eq!(refused.wrong_fields(), [(field.to_owned(), code)]);
    }
    let by_member = cast.member.api().create_patrol_route(&terms(&world)).await;
    assert_eq!(by_member.code(), ProblemCode::Forbidden);
}
