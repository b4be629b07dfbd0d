//! What a plan said before: every version with what it changed, and going back to one.

use super::targets::{day, plan, target};
use keng_shared::api::{Asked, PlanChange, PlanDay, PlanWords};
use keng_shared::problem::ProblemCode;
use keng_shared::target::{Comparator, Deadline, DeadlineRule, OwnTerms, Span, Thousandths};
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::json;

both_databases!(
    every_version_says_who_saved_it_when_and_what_it_changed,
    a_plan_goes_back_to_an_older_version_as_a_new_one,
    versions_are_read_by_those_who_read_the_plan,
);

const KIND: &str = "direct_propaganda_session";

async fn every_version_says_who_saved_it_when_and_what_it_changed(app: TestApp) {
    let (world, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    let targets = vec![target("1", KIND, 2, json!({})), target("2", KIND, 3, json!({}))];
    let terms = plan(world.province, targets);
    let stored = staff.create_target_plan(&terms).await.unwrap();
    app.advance(60_000);
    let mut changed = terms.clone();
    changed.title = "Kế hoạch sửa đổi".to_owned();
    changed.cut_off = Some(day("2026-11-30"));
    changed.period.to = day("2026-11-30");
    changed.targets.remove(0);
    let second = &mut changed.targets[0];
    second.text = "Ba buổi".to_owned();
    (second.comparator, second.value) = (Comparator::MoreThan, Thousandths::whole(80));
    second.deadline = Some(Deadline {
        date: day("2026-03-12"),
        rule: DeadlineRule::Before,
    });
    second.excluded = vec![world.neighbour_commune];
    second.own = vec![OwnTerms {
        area_id: world.commune,
        value: Some(Thousandths::whole(5)),
        deadline: None,
    }];
    second.note = "Xem phụ lục".to_owned();
    let added = serde_json::from_value(target("3", KIND, 1, json!({}))).unwrap();
    changed.targets.push(added);
    staff.edit_target_plan(stored.id, 1, &changed).await.unwrap();
    changed.targets.reverse();
    changed.targets[0].source.as_mut().unwrap().dated_by = None;
    changed.targets[0].aggregation = keng_shared::target::Aggregation::Average;
    staff.edit_target_plan(stored.id, 2, &changed).await.unwrap();

    let versions = staff.plan_versions(stored.id).await.unwrap();
    let said: Vec<_> = versions
        .iter()
        .map(|version| (version.revision, version.targets, version.by.id))
        .collect();
    let by = cast.province_viewer.id;
    assert_eq!(said, [(3, 2, by), (2, 2, by), (1, 2, by)]);
    assert_eq!(versions[1].at.0 - versions[2].at.0, 60_000);
    assert_eq!(versions[2].changes, []);
    let code = || "2".to_owned();
    let asked = |comparator, value| Asked {
        comparator,
        value: Thousandths::whole(value),
        measure: "lần".to_owned(),
    };
    assert_eq!(
        versions[1].changes,
        [
            PlanChange::Words {
                of: PlanWords::Title,
                before: "Kế hoạch năm 2026".to_owned(),
                after: "Kế hoạch sửa đổi".to_owned(),
            },
            PlanChange::Period {
                before: terms.period,
                after: Span {
                    from: day("2026-01-01"),
                    to: day("2026-11-30"),
                },
            },
            PlanChange::Day {
                of: PlanDay::CutOff,
                before: None,
                after: Some(day("2026-11-30")),
            },
            PlanChange::Reworded {
                code: code(),
                before: "Chỉ tiêu 2".to_owned(),
                after: "Ba buổi".to_owned(),
            },
            PlanChange::Value {
                code: code(),
                before: asked(Comparator::AtLeast, 3),
                after: asked(Comparator::MoreThan, 80),
            },
            PlanChange::Deadline {
                code: code(),
                before: None,
                after: changed.targets[1].deadline,
            },
            PlanChange::Units {
                code: code(),
                names: vec!["Xã Kiên Thọ".to_owned(), "Xã Ngọc Lặc".to_owned()],
                others: 0,
            },
            PlanChange::Note { code: code() },
            PlanChange::Added {
                code: "3".to_owned(),
                text: "Chỉ tiêu 3".to_owned(),
            },
            PlanChange::Removed {
                code: "1".to_owned(),
                text: "Chỉ tiêu 1".to_owned(),
            },
        ]
    );
    assert_eq!(
        versions[0].changes,
        [PlanChange::Counting { code: "3".to_owned() }, PlanChange::Order]
    );
}

async fn a_plan_goes_back_to_an_older_version_as_a_new_one(app: TestApp) {
    let (world, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    let terms = plan(world.province, vec![target("1", KIND, 2, json!({}))]);
    let stored = staff.create_target_plan(&terms).await.unwrap();
    let mut changed = stored.terms.clone();
    changed.targets[0].value = Thousandths::whole(9);
    staff.edit_target_plan(stored.id, 1, &changed).await.unwrap();

    let first = staff.plan_version(stored.id, 1).await.unwrap();
    assert_eq!((first.revision, &first.terms), (1, &stored.terms));
    staff.edit_target_plan(stored.id, 2, &first.terms).await.unwrap();
    let now = staff.target_plan(stored.id).await.unwrap();
    assert_eq!((now.revision, now.terms), (3, stored.terms));
    let kept = staff.plan_version(stored.id, 2).await.unwrap();
    assert_eq!(kept.terms.targets[0].value, Thousandths::whole(9));
    for unknown in [0, 4, u32::MAX] {
        let answer = staff.plan_version(stored.id, unknown).await;
        assert_eq!(answer.code(), ProblemCode::NotFound, "{unknown}");
    }
}

async fn versions_are_read_by_those_who_read_the_plan(app: TestApp) {
    let (world, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    let terms = plan(world.neighbour_commune, vec![target("1", KIND, 2, json!({}))]);
    let id = staff.create_target_plan(&terms).await.unwrap().id;
    assert_eq!(staff.plan_versions(id).await.unwrap().len(), 1);
    let stranger = cast.officer.api();
    assert_eq!(stranger.plan_versions(id).await.code(), ProblemCode::NotFound);
    assert_eq!(stranger.plan_version(id, 1).await.code(), ProblemCode::NotFound);
    let ended = staff.end_target_plan(id, 1).await;
    assert!(ended.is_ok());
    assert_eq!(staff.plan_versions(id).await.code(), ProblemCode::NotFound);
}
