//! The yearly evaluation of teams: what they logged, what that proposes, what is decided.

use crate::roster::{shift, walk};
use keng_shared::api::{DecideEvaluation, NewReview, NewTeam, TeamEvaluation, TeamRating};
use keng_shared::evaluation::{Because, Rating};
use keng_shared::id::TeamId;
use keng_shared::patrol::PatrolEnd;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::Verdict;
use keng_shared::sync::TeamKind;
use keng_tests::{Asks, Cast, Refused, TestApp, World, both_databases};
use serde_json::json;

both_databases!(
    shifts_and_accepted_records_of_the_year_are_the_work_of_a_team,
    the_top_level_is_at_most_a_fifth_of_those_rated_good,
    another_level_than_the_proposed_needs_words_and_every_team_a_level,
    two_officers_who_decide_at_once_do_not_overwrite_each_other,
    only_a_commune_and_a_year_that_has_begun_can_be_evaluated,
);

const HOUR: i64 = 3_600_000;
/// The tests begin on 2026-11-22, in the year of evaluation that ends in 2027.
const YEAR: i32 = 2027;

async fn seen(world: &World, cast: &Cast) -> TeamEvaluation {
    let api = cast.officer.api();
    api.team_evaluation(world.commune, None).await.unwrap()
}

/// Five teams in the commune, that of Thành Sơn among them.
async fn five_teams(world: &World, cast: &Cast) -> Vec<TeamId> {
    for number in 1..=4 {
        let team = NewTeam {
            kind: TeamKind::SelfManagementGroup,
            name: format!("Tổ tự quản {number}"),
            area_id: world.other_village,
        };
        cast.officer.api().create_team(&team).await.unwrap();
    }
    let teams = seen(world, cast).await.teams;
    assert_eq!(teams.len(), 5);
    teams.iter().map(|team| team.id).collect()
}

fn levels(teams: &[TeamId], levels: &[Option<Rating>], words: &str) -> Vec<TeamRating> {
    let rating = |(team, rating): (&TeamId, &Option<Rating>)| TeamRating {
        team_id: *team,
        rating: *rating,
        words: words.to_owned(),
    };
    teams.iter().zip(levels).map(rating).collect()
}

fn decision(world: &World, ratings: Vec<TeamRating>) -> DecideEvaluation {
    DecideEvaluation {
        area_id: world.commune,
        year: YEAR,
        ratings,
    }
}

async fn shifts_and_accepted_records_of_the_year_are_the_work_of_a_team(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let walked = officer
        .create_patrol_plan(&shift(&world, app.now(), 1))
        .await
        .unwrap();
    officer
        .create_patrol_plan(&shift(&world, app.now(), 10))
        .await
        .unwrap();
    // A shift that is not over says nothing yet.
    officer
        .create_patrol_plan(&shift(&world, app.now(), 48))
        .await
        .unwrap();
    app.advance(HOUR + 40 * 60_000);
    let mut draft = walk(&world, &cast.member, app.now(), &walked);
    draft.body["end"] = json!(PatrolEnd {
        at: app.now(),
        early_reason: None
    });
    app.advance(12 * HOUR);
    cast.member.api().create_record(&draft).await.unwrap();
    let before = seen(&world, &cast).await;
    let team = before.teams.iter().find(|team| team.id == world.team).unwrap();
    let work = team.work;
    assert_eq!((work.planned, work.done, work.late, work.missed), (2, 1, 1, 1));
    assert_eq!(work.records(), 0, "nobody has accepted it");
    assert_eq!(
        (team.proposal.rating, team.proposal.because),
        (Some(Rating::Fulfilled), Because::Share)
    );
    assert_eq!((before.year, before.revision), (YEAR, 0));
    assert_eq!(before.from.to_string(), "2026-11-15");

    let review = NewReview {
        verdict: Some(Verdict::Accepted),
        reason: String::new(),
        photos: Vec::new(),
    };
    let officer = cast.officer.api();
    officer.review(draft.id, 1, &review).await.unwrap();
    let after = seen(&world, &cast).await;
    let team = after.teams.iter().find(|team| team.id == world.team).unwrap();
    assert_eq!((team.work.patrols, team.work.records()), (1, 1));
    // The year before knows nothing of it.
    let last = officer
        .team_evaluation(world.commune, Some(YEAR - 1))
        .await
        .unwrap();
    assert!(
        last.teams
            .iter()
            .all(|team| team.work.planned == 0 && team.work.records() == 0)
    );
    // Nor does the neighbour see the commune's teams.
    let elsewhere = cast
        .province_viewer
        .api()
        .team_evaluation(world.neighbour_commune, None)
        .await
        .unwrap();
    assert!(elsewhere.teams.iter().all(|team| team.id != world.team));
}

async fn the_top_level_is_at_most_a_fifth_of_those_rated_good(app: TestApp) {
    let (world, cast) = app.cast().await;
    let teams = five_teams(&world, &cast).await;
    let (top, good) = (Some(Rating::Excellent), Some(Rating::Good));
    let two = levels(&teams, &[top, top, good, good, good], "Theo biên bản họp.");
    let problem = cast
        .officer
        .api()
        .decide_evaluation(0, &decision(&world, two))
        .await
        .problem();
    let error = problem.fields.first().unwrap();
    assert_eq!((error.field.as_str(), error.code), ("ratings", FieldCode::TooBig));
    assert_eq!(error.params["max"], "1");
    let below = levels(
        &teams,
        &[top, good, good, good, Some(Rating::Fulfilled)],
        "Theo biên bản họp.",
    );
    let refused = cast
        .officer
        .api()
        .decide_evaluation(0, &decision(&world, below))
        .await;
    assert_eq!(
        refused.wrong_fields(),
        [("ratings".to_owned(), FieldCode::TooBig)],
        "a fifth of four is none"
    );
    let one = levels(&teams, &[top, good, good, good, good], "Theo biên bản họp.");
    let decided = cast
        .officer
        .api()
        .decide_evaluation(0, &decision(&world, one))
        .await
        .unwrap();
    assert_eq!(decided.decided.unwrap().by.id, cast.officer.id);
    let ratings: Vec<_> = decided
        .teams
        .iter()
        .map(|team| team.rated.as_ref().unwrap().rating)
        .collect();
    assert_eq!(ratings, [top, good, good, good, good]);
    assert_eq!(seen(&world, &cast).await.revision, 1);
}

async fn another_level_than_the_proposed_needs_words_and_every_team_a_level(app: TestApp) {
    let (world, cast) = app.cast().await;
    let teams = five_teams(&world, &cast).await;
    let officer = cast.officer.api();
    // Nothing was planned, so nothing is proposed, and nothing needs no words.
    let none = levels(&teams, &[None; 5], "");
    officer
        .decide_evaluation(0, &decision(&world, none.clone()))
        .await
        .unwrap();
    let mut changed = none.clone();
    changed[2].rating = Some(Rating::Good);
    let refused = officer
        .decide_evaluation(1, &decision(&world, changed.clone()))
        .await;
    assert_eq!(
        refused.wrong_fields(),
        [("ratings.2.words".to_owned(), FieldCode::Required)]
    );
    changed[2].words = "Dẹp đám cháy đêm 3 tháng 4.".to_owned();
    officer
        .decide_evaluation(1, &decision(&world, changed))
        .await
        .unwrap();
    let mut wrong = none.clone();
    wrong[0].words = "x".repeat(501);
    wrong[1].team_id = world.neighbour_team;
    wrong[3].team_id = wrong[2].team_id;
    let refused = officer.decide_evaluation(2, &decision(&world, wrong)).await;
    let expected = [
        ("ratings.0.words", FieldCode::TooLong),
        ("ratings.1.team_id", FieldCode::NoSuchObject),
        ("ratings.3.team_id", FieldCode::Duplicate),
        ("ratings", FieldCode::TooShort),
    ];
    assert_eq!(
        refused.wrong_fields(),
        expected.map(|(field, code)| (field.to_owned(), code))
    );
    assert_eq!(seen(&world, &cast).await.revision, 2);
}

async fn two_officers_who_decide_at_once_do_not_overwrite_each_other(app: TestApp) {
    let (world, cast) = app.cast().await;
    let teams = five_teams(&world, &cast).await;
    let officer = cast.officer.api();
    let body = decision(&world, levels(&teams, &[None; 5], ""));
    officer.decide_evaluation(0, &body).await.unwrap();
    for stale in [0, 7] {
        let problem = officer.decide_evaluation(stale, &body).await.problem();
        assert_eq!(problem.code, ProblemCode::RevisionMismatch);
        assert_eq!(problem.params["revision"], "1");
        assert_eq!(
            problem.stored.unwrap()["decided"]["by"]["name"],
            json!(cast.officer.name)
        );
    }
}

async fn only_a_commune_and_a_year_that_has_begun_can_be_evaluated(app: TestApp) {
    let (world, cast) = app.cast().await;
    let ask = async |area, year| cast.province_viewer.api().team_evaluation(area, year).await;
    let field = |name: &str| [(name.to_owned(), FieldCode::NotAChoice)];
    assert_eq!(ask(world.village, None).await.wrong_fields(), field("area_id"));
    assert_eq!(ask(world.province, None).await.wrong_fields(), field("area_id"));
    for year in [YEAR + 1, 2023, 1] {
        assert_eq!(
            ask(world.commune, Some(year)).await.wrong_fields(),
            field("year"),
            "{year}"
        );
    }
    let by_viewer = cast.province_viewer.api();
    let body = decision(&world, Vec::new());
    assert_eq!(
        by_viewer.decide_evaluation(0, &body).await.code(),
        ProblemCode::Forbidden
    );
}
