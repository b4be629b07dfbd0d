//! What is asked of one's own areas, what is missing, and what one and one's team added.

use crate::targets::{day, judge, logged, office, plan, targets};
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::target::Progress;
use keng_tests::drafts::session;
use keng_tests::{Asks, Person, TestApp, both_databases};
use serde_json::json;

both_databases!(
    a_member_reads_what_is_missing_this_week,
    what_a_week_asks_for_is_told_apart_from_what_is_owed,
    a_member_reads_what_own_work_and_the_teams_work_added,
);

async fn a_member_reads_what_is_missing_this_week(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut terms = plan(world.commune, targets());
    terms.period.from = day("2026-11-16");
    cast.officer.api().create_target_plan(&terms).await.unwrap();
    let body = json!({"topic": "fire_safety", "minutes": 20, "areas": [{"area_id": world.village}]});
    let draft = office(&app, world.commune, &cast.officer, "loudspeaker_session", body);
    logged(&cast.officer, &cast.officer, &draft).await;
    let mine = cast.member.api().my_targets().await.unwrap();
    let village = mine
        .iter()
        .find(|target| target.area_id == world.village)
        .unwrap();
    let missing = village.missing.unwrap();
    assert_eq!(
        (village.kind(), missing.count, missing.until),
        ("loudspeaker_session", 2, day("2026-11-22"))
    );
    assert_eq!(village.progress, Progress::Behind);
    let communes = mine.iter().filter(|target| target.area_id == world.commune);
    assert_eq!(
        communes
            .map(|target| target.target.code.as_str())
            .collect::<Vec<_>>(),
        ["sessions", "loudspeakers"]
    );
    let scope = cast.member.api().scope().await.unwrap();
    assert_eq!(scope.targets, mine, "and finds it on the phone without a network");
    assert_eq!(cast.neighbour.api().my_targets().await.unwrap(), []);
}

async fn what_a_week_asks_for_is_told_apart_from_what_is_owed(app: TestApp) {
    let (world, cast) = app.cast().await;
    // Three weeks have begun: 9 broadcasts a village, of which 3 are this week's.
    let mut terms = plan(world.commune, targets());
    terms.period.from = day("2026-11-02");
    cast.officer.api().create_target_plan(&terms).await.unwrap();
    let told = async || {
        let mine = cast.member.api().my_targets().await.unwrap();
        let village = mine.into_iter().find(|target| target.area_id == world.village);
        let village = village.unwrap();
        (village.missing.unwrap().count, village.this_week)
    };
    assert_eq!(told().await, (9, Some(3)));
    for (number, missing) in [(1, (8, Some(2))), (2, (7, Some(1))), (3, (6, Some(0)))] {
        let body =
            json!({"topic": "fire_safety", "minutes": 20 + number, "areas": [{"area_id": world.village}]});
        let draft = office(&app, world.commune, &cast.officer, "loudspeaker_session", body);
        logged(&cast.officer, &cast.officer, &draft).await;
        assert_eq!(told().await, missing, "after {number} of this week");
    }
}

async fn a_member_reads_what_own_work_and_the_teams_work_added(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = plan(world.commune, targets());
    cast.officer.api().create_target_plan(&plan).await.unwrap();
    let added = async |person: &Person, area| {
        let mine = person.api().my_targets().await.unwrap();
        let found = mine
            .iter()
            .find(|target| target.target.code == "sessions" && target.area_id == area);
        found.map(|target| (target.by_me, target.by_team))
    };
    assert_eq!(added(&cast.member, world.commune).await, Some((0, 0)));
    let in_team = session(&world, &cast.member, app.now());
    let alone = RecordDraft {
        team_id: None,
        ..session(&world, &cast.member, app.now())
    };
    let of_leader = session(&world, &cast.leader, app.now());
    for (author, draft) in [
        (&cast.member, &in_team),
        (&cast.member, &alone),
        (&cast.leader, &of_leader),
    ] {
        logged(author, &cast.officer, draft).await;
    }
    assert_eq!(added(&cast.member, world.commune).await, Some((2, 2)));
    assert_eq!(added(&cast.leader, world.commune).await, Some((1, 2)));
    // What was returned adds nothing any more.
    judge(&cast.officer, in_team.id, 1, Verdict::Returned).await;
    assert_eq!(added(&cast.member, world.commune).await, Some((1, 1)));
    assert_eq!(added(&cast.leader, world.commune).await, Some((1, 1)));
}
