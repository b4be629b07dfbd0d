//! Teams, checkpoints, planned patrols.

use keng_shared::api::{NewCheckpoint, NewPatrolPlan, NewTeam};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::evidence::sha256_hex;
use keng_shared::geo::LatLon;
use keng_shared::id::{CheckpointId, TeamId};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::roster::ShiftKind;
use keng_shared::sync::TeamKind;
use keng_shared::time::Millis;
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Refused, TestApp, World, both_databases};
use serde_json::json;

both_databases!(
    an_officer_creates_a_team_and_everybody_in_reach_knows_its_name,
    members_of_a_team_are_named_to_the_team_and_to_staff_only,
    a_team_for_a_foreign_area_is_refused_like_one_for_no_area,
    a_checkpoint_has_a_sheet_whose_code_a_phone_can_check_offline,
    a_checkpoint_with_wrong_fields_is_refused_field_by_field,
    a_leader_plans_a_patrol_and_the_member_sees_it,
    a_plan_with_foreign_teams_or_checkpoints_is_refused,
    a_deleted_plan_is_gone,
);

fn team(world: &World, name: &str) -> NewTeam {
    NewTeam {
        kind: TeamKind::SelfManagementGroup,
        name: name.to_owned(),
        area_id: world.other_village,
    }
}

pub fn plan(world: &World, now: Millis) -> NewPatrolPlan {
    NewPatrolPlan {
        kind: ShiftKind::Patrol,
        team_id: world.team,
        area_id: world.village,
        starts_at: now.plus(3_600_000),
        ends_at: now.plus(4 * 3_600_000),
        checkpoints: world.checkpoints.iter().map(|(id, _)| *id).collect(),
        members: Vec::new(),
        note: "  Chú ý đoạn chưa có đèn ".to_owned(),
    }
}

async fn an_officer_creates_a_team_and_everybody_in_reach_knows_its_name(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let made = officer
        .create_team(&team(&world, "Tổ tự quản Thống Nhất"))
        .await
        .unwrap();
    let listed = officer.teams(None).await.unwrap();
    assert_eq!(
        listed.iter().map(|team| team.id).collect::<Vec<_>>(),
        [world.team, made.id],
        "in Vietnamese order"
    );
    assert_eq!(officer.teams(Some(world.other_village)).await.unwrap(), [made]);
    let again = officer.create_team(&team(&world, "Tổ tự quản Thống Nhất")).await;
    assert_eq!(again.code(), ProblemCode::NameTaken);
    let own = NewTeam {
        area_id: world.village,
        ..team(&world, "Tổ khác")
    };
    let by_member = cast.member.api().create_team(&own).await;
    assert_eq!(by_member.code(), ProblemCode::Forbidden);
    for (name, code) in [("", FieldCode::Required), (&*"x".repeat(101), FieldCode::TooLong)] {
        let wrong = officer.create_team(&team(&world, name)).await;
        assert_eq!(wrong.wrong_fields(), [("name".to_owned(), code)]);
    }
}

async fn members_of_a_team_are_named_to_the_team_and_to_staff_only(app: TestApp) {
    let (world, cast) = app.cast().await;
    let names = async |person: &keng_tests::Person| {
        let teams = person.api().teams(None).await.unwrap();
        let own = teams.into_iter().find(|team| team.id == world.team).unwrap();
        own.members
            .into_iter()
            .map(|person| person.name)
            .collect::<Vec<_>>()
    };
    let everybody = ["Bùi Văn Thành", "Phạm Thị Lan"];
    assert_eq!(names(&cast.member).await, everybody);
    assert_eq!(names(&cast.officer).await, everybody);
    assert_eq!(names(&cast.camera_volunteer).await, [""; 0]);
}

async fn a_team_for_a_foreign_area_is_refused_like_one_for_no_area(app: TestApp) {
    let (world, cast) = app.cast().await;
    for area_id in [world.neighbour_village, keng_shared::id::AreaId(999_999)] {
        let foreign = NewTeam {
            area_id,
            ..team(&world, "Tổ lạ")
        };
        let answer = cast.officer.api().create_team(&foreign).await;
        assert_eq!(
            answer.wrong_fields(),
            [("area_id".to_owned(), FieldCode::NoSuchObject)]
        );
    }
}

async fn a_checkpoint_has_a_sheet_whose_code_a_phone_can_check_offline(app: TestApp) {
    let (world, cast) = app.cast().await;
    let new = NewCheckpoint {
        area_id: world.village,
        name: "Cầu <Hón> & Lũ".to_owned(),
        position: CENTRE,
        radius_m: 40,
    };
    let made = cast.officer.api().create_checkpoint(&new).await.unwrap();
    let sheet = cast.officer.api().checkpoint_sheet(made.id).await.unwrap();
    assert_eq!(sheet.header("content-type"), Some("image/svg+xml"));
    let svg = String::from_utf8(sheet.body).unwrap();
    assert!(svg.contains("Cầu &lt;Hón&gt; &amp; Lũ") && svg.contains("<path"));
    let id = made.id;
    let stored = app
        .read(move |conn| keng_server::db::checkpoints::sheet(conn, id))
        .await
        .unwrap();
    assert_eq!(made.token_sha256, sha256_hex(stored.token.as_bytes()));
    assert!(stored.token.len() >= 22);
    // Whoever has the sheet can claim to have been there.
    let by_leader = cast.leader.api().checkpoint_sheet(made.id).await.unwrap_err();
    assert!(format!("{by_leader:?}").contains("Forbidden"));
    let known = cast.member.api().checkpoints(None).await.unwrap();
    assert_eq!(known.len(), 3);
    assert!(
        known
            .iter()
            .all(|checkpoint| checkpoint.id != world.neighbour_checkpoint)
    );
}

async fn a_checkpoint_with_wrong_fields_is_refused_field_by_field(app: TestApp) {
    let (world, cast) = app.cast().await;
    let wrong = NewCheckpoint {
        area_id: world.village,
        name: " ".to_owned(),
        position: LatLon {
            lat_e7: 910_000_000,
            lon_e7: 0,
        },
        radius_m: 9,
    };
    let answer = cast.officer.api().create_checkpoint(&wrong).await;
    assert_eq!(
        answer.wrong_fields(),
        [
            ("name".to_owned(), FieldCode::Required),
            ("position".to_owned(), FieldCode::BadFormat),
            ("radius_m".to_owned(), FieldCode::TooSmall),
        ]
    );
    let before = cast.officer.api().checkpoints(None).await.unwrap().len();
    let owned = HttpRequest::new(Method::Post, "/checkpoints").json(&json!({
        "area_id": world.village, "name": "Cầu", "position": {"lat_e7": 0, "lon_e7": 0}, "radius_m": 50,
        "token_sha256": "00",
    }));
    assert_eq!(
        cast.officer.raw(owned).await.status,
        422,
        "the server makes the token"
    );
    assert_eq!(cast.officer.api().checkpoints(None).await.unwrap().len(), before);
}

async fn a_leader_plans_a_patrol_and_the_member_sees_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let made = cast
        .leader
        .api()
        .create_patrol_plan(&plan(&world, app.now()))
        .await
        .unwrap();
    assert_eq!(made.note, "Chú ý đoạn chưa có đèn");
    assert_eq!(made.checkpoints, plan(&world, app.now()).checkpoints);
    for person in [&cast.member, &cast.leader, &cast.officer, &cast.province_viewer] {
        assert_eq!(
            person.api().patrol_plans(None, None).await.unwrap(),
            std::slice::from_ref(&made),
            "{}",
            person.name
        );
    }
    assert_eq!(cast.neighbour.api().patrol_plans(None, None).await.unwrap(), []);
    assert_eq!(
        cast.camera_volunteer
            .api()
            .patrol_plans(None, None)
            .await
            .unwrap(),
        []
    );
    let by_member = cast
        .member
        .api()
        .create_patrol_plan(&plan(&world, app.now()))
        .await;
    assert_eq!(by_member.code(), ProblemCode::Forbidden);
}

async fn a_plan_with_foreign_teams_or_checkpoints_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let now = app.now();
    let leader = cast.leader.api();
    let field = |name: &str, code| (name.to_owned(), code);
    let foreign = NewPatrolPlan {
        team_id: world.neighbour_team,
        checkpoints: vec![
            world.checkpoints[0].0,
            world.neighbour_checkpoint,
            CheckpointId(999_999),
        ],
        ..plan(&world, now)
    };
    assert_eq!(
        leader.create_patrol_plan(&foreign).await.wrong_fields(),
        [
            field("team_id", FieldCode::NoSuchObject),
            field("checkpoints.1", FieldCode::NoSuchObject),
            field("checkpoints.2", FieldCode::NoSuchObject),
        ]
    );
    let missing = NewPatrolPlan {
        team_id: TeamId(999_999),
        ..plan(&world, now)
    };
    assert_eq!(
        leader.create_patrol_plan(&missing).await.wrong_fields(),
        [field("team_id", FieldCode::NoSuchObject)]
    );
    let times = |from: i64, to: i64| NewPatrolPlan {
        starts_at: now.plus(from),
        ends_at: now.plus(to),
        ..plan(&world, now)
    };
    const HOUR: i64 = 3_600_000;
    for (wrong, expected) in [
        (times(2 * HOUR, HOUR), field("ends_at", FieldCode::EndBeforeStart)),
        (times(0, 17 * HOUR), field("ends_at", FieldCode::TooLongAgo)),
        (times(-3 * HOUR, -HOUR), field("starts_at", FieldCode::TooEarly)),
        (
            times(400 * 24 * HOUR, 400 * 24 * HOUR + HOUR),
            field("starts_at", FieldCode::InFuture),
        ),
    ] {
        assert_eq!(leader.create_patrol_plan(&wrong).await.wrong_fields(), [expected]);
    }
    let twice = NewPatrolPlan {
        checkpoints: vec![world.checkpoints[0].0; 2],
        ..plan(&world, now)
    };
    assert_eq!(
        leader.create_patrol_plan(&twice).await.wrong_fields(),
        [field("checkpoints.1", FieldCode::Duplicate)]
    );
    assert_eq!(leader.patrol_plans(None, None).await.unwrap(), []);
}

async fn a_deleted_plan_is_gone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let made = cast
        .leader
        .api()
        .create_patrol_plan(&plan(&world, app.now()))
        .await
        .unwrap();
    assert_eq!(
        cast.member
            .api()
            .delete_patrol_plan(made.id, made.revision)
            .await
            .code(),
        ProblemCode::Forbidden
    );
    assert_eq!(
        cast.neighbour
            .api()
            .delete_patrol_plan(made.id, made.revision)
            .await
            .code(),
        ProblemCode::NotFound
    );
    cast.leader
        .api()
        .delete_patrol_plan(made.id, made.revision)
        .await
        .unwrap();
    assert_eq!(cast.member.api().patrol_plans(None, None).await.unwrap(), []);
    assert_eq!(
        cast.leader
            .api()
            .delete_patrol_plan(made.id, made.revision)
            .await
            .code(),
        ProblemCode::NotFound
    );
}
