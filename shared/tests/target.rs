//! What plans say in their own words, and that a figure is always the sum of what counted.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

use keng_shared::id::{AreaId, RecordId};
use keng_shared::problem::FieldCode;
use keng_shared::record::RecordStatus;
use keng_shared::target::*;
use keng_shared::time::{LocalDate, Millis, start_of_day};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const COMMUNE: AreaId = AreaId(10);
const VILLAGE: AreaId = AreaId(11);
const NEIGHBOUR: AreaId = AreaId(12);
const ALONE: Unit = Unit {
    communes: 1,
    areas: 2,
};

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn year() -> Span {
    Span {
        from: day("2024-01-01"),
        to: day("2024-12-31"),
    }
}

fn target(value: i64, comparator: Comparator, aggregation: Aggregation, source: Option<Source>) -> Target {
    Target {
        code: "1".into(),
        text: "Chỉ tiêu".into(),
        measure: "buổi".into(),
        comparator,
        value: Thousandths::whole(value),
        applies_to: vec![UnitType::Commune],
        levels: vec![Level::Commune],
        aggregation,
        source,
        period: None,
        deadline: None,
        excluded: vec![],
        named: vec![],
        own: vec![],
        note: String::new(),
    }
}

fn counting(kind: &str) -> Source {
    Source {
        kind: kind.into(),
        conditions: vec![],
        amount: Amount::Records,
        dated_by: None,
        limit: None,
        split: None,
    }
}

fn plan(targets: Vec<Target>) -> PlanTerms {
    PlanTerms {
        area_id: AreaId(1),
        title: "Kế hoạch năm 2024".into(),
        issuer: String::new(),
        number: String::new(),
        issued_on: None,
        period: year(),
        cut_off: None,
        due: None,
        source: String::new(),
        targets,
    }
}

fn cell(area: AreaId, part: &str, amount: i64, total: i64) -> Cell<'_> {
    Cell {
        commune: COMMUNE,
        area,
        part,
        amount,
        total,
        records: 1,
    }
}

/// How a commune stands on a day with this sum.
fn on(target: &Target, today: &str, amount: i64, total: i64) -> Assessment {
    let cells = [cell(COMMUNE, "", amount, total)];
    assess_cells(
        target,
        today,
        if amount == 0 && total == 0 { &[] } else { &cells },
    )
}

fn assess_cells(target: &Target, today: &str, cells: &[Cell<'_>]) -> Assessment {
    let plan = plan(vec![]);
    let rule = plan.rule(target);
    assess(
        target,
        ALONE,
        cells,
        target.value,
        rule.period,
        rule.last_day(COMMUNE, COMMUNE),
        day(today),
    )
}

fn ruling(
    plan: &PlanTerms,
    date: &str,
    status: RecordStatus,
    accepted: Option<&str>,
    kind: &str,
    body: &Value,
) -> Ruling {
    let facts = Facts {
        kind,
        area: VILLAGE,
        commune: COMMUNE,
        local_date: day(date),
        status,
        accepted_at: accepted.map(|text| start_of_day(day(text))),
        body,
    };
    judge(&plan.rule(&plan.targets[0]), &facts).unwrap()
}

fn why(plan: &PlanTerms, date: &str, kind: &str, body: &Value) -> NotCounted {
    match ruling(plan, date, RecordStatus::Accepted, Some(date), kind, body) {
        Ruling::Not(reason) | Ruling::Late(reason, _) => reason,
        Ruling::Counted(shares) => panic!("it counts: {shares:?}"),
    }
}

#[test]
fn fifty_seven_models_are_21_and_21_and_15_with_six_communes_exempt() {
    let communes: Vec<AreaId> = (1..=21).map(AreaId).collect();
    let launch = || {
        target(
            1,
            Comparator::AtLeast,
            Aggregation::Sum,
            Some(counting("self_management_model")),
        )
    };
    let cameras = Target {
        excluded: communes[..6].to_vec(),
        ..launch()
    };
    let asked: Vec<(u32, Thousandths)> = [launch(), launch(), cameras.clone()]
        .iter()
        .map(|target| target.asked_of(communes.iter().copied()))
        .collect();
    assert_eq!(
        asked.iter().map(|asked| asked.0).collect::<Vec<_>>(),
        [21, 21, 15]
    );
    assert_eq!(
        asked.iter().map(|asked| asked.1.0).sum::<i64>(),
        Thousandths::whole(57).0
    );
    assert!(!cameras.applies(communes[0], communes[0]));
    let all = target(
        57,
        Comparator::AtLeast,
        Aggregation::Parts {
            codes: vec!["a".into(), "b".into(), "c".into()],
        },
        None,
    );
    assert_eq!(on(&all, "2024-12-31", 57, 0).progress, Progress::Met);
    assert_eq!(on(&all, "2024-12-31", 56, 0).missing.unwrap().count, 1);
}

#[test]
fn three_sessions_a_week_and_village_are_an_average_over_the_weeks_elapsed() {
    let target = target(
        3,
        Comparator::AtLeast,
        Aggregation::WeeklyAverage,
        Some(counting("loudspeaker_session")),
    );
    // 2024-01-01 is a Monday: three weeks have elapsed on Sunday the 21st, in two villages.
    let heard = |sessions| on(&target, "2024-01-21", sessions, 0);
    assert_eq!(heard(18).progress, Progress::OnTrack);
    assert_eq!(heard(18).figure, Some(Thousandths::whole(3)));
    assert_eq!(heard(17).progress, Progress::Behind);
    assert_eq!(heard(17).figure, Some(Thousandths(2_833)));
    let missing = on(&target, "2024-01-18", 16, 0).missing.unwrap();
    assert_eq!(
        (missing.count, missing.until),
        (2, day("2024-01-21")),
        "two before Sunday"
    );
    assert_eq!(on(&target, "2025-01-01", 1_000, 0).progress, Progress::Met);
    assert_eq!(on(&target, "2025-01-01", 300, 0).progress, Progress::Overdue);
}

#[test]
fn before_12_march_ends_on_11_march_and_by_12_march_on_the_12th() {
    let date = day("2024-03-12");
    assert_eq!(
        Deadline {
            date,
            rule: DeadlineRule::Before
        }
        .last_day(),
        day("2024-03-11")
    );
    assert_eq!(
        Deadline {
            date,
            rule: DeadlineRule::By
        }
        .last_day(),
        date
    );
    let mut document = counting("document");
    document.dated_by = Some("issued_on".into());
    let resolution = Target {
        deadline: Some(Deadline {
            date,
            rule: DeadlineRule::Before,
        }),
        ..target(1, Comparator::AtLeast, Aggregation::Sum, Some(document))
    };
    assert_eq!(on(&resolution, "2024-03-11", 0, 0).progress, Progress::OnTrack);
    assert_eq!(on(&resolution, "2024-03-12", 0, 0).progress, Progress::Overdue);
    let plan = plan(vec![resolution]);
    let issued = |date: &str| json!({"issued_on": date});
    let last_day = day("2024-03-11");
    assert_eq!(
        why(&plan, "2024-03-20", "document", &issued("2024-03-12")),
        NotCounted::AfterDeadline { last_day }
    );
    let in_time = ruling(
        &plan,
        "2024-03-20",
        RecordStatus::Accepted,
        Some("2024-03-20"),
        "document",
        &issued("2024-03-11"),
    );
    assert!(
        matches!(in_time, Ruling::Counted(_)),
        "the day of the document decides, not that of the record"
    );
}

#[test]
fn a_figure_closes_with_its_cut_off_or_before_it_with_its_own_deadline() {
    let by = |date: &str| Deadline {
        date: day(date),
        rule: DeadlineRule::By,
    };
    let own = |area_id, date| OwnTerms {
        area_id,
        value: None,
        deadline: Some(by(date)),
    };
    let target = Target {
        deadline: Some(by("2024-10-31")),
        own: vec![own(COMMUNE, "2024-05-01"), own(VILLAGE, "2024-08-01")],
        ..target(
            1,
            Comparator::AtLeast,
            Aggregation::Sum,
            Some(counting("document")),
        )
    };
    let mut plan = plan(vec![]);
    let closing = |plan: &PlanTerms, area, commune| {
        let rule = plan.rule(&target);
        (rule.closes_on(area, commune), rule.span().to)
    };
    let none = day("2024-10-31");
    assert_eq!(closing(&plan, COMMUNE, COMMUNE), (day("2024-05-01"), none));
    assert_eq!(closing(&plan, VILLAGE, COMMUNE), (day("2024-08-01"), none));
    assert_eq!(
        closing(&plan, AreaId(13), COMMUNE),
        (day("2024-05-01"), none),
        "a village of that commune"
    );
    assert_eq!(closing(&plan, NEIGHBOUR, NEIGHBOUR), (none, none));
    let cut_off = day("2024-06-30");
    plan.cut_off = Some(cut_off);
    assert_eq!(closing(&plan, COMMUNE, COMMUNE), (day("2024-05-01"), cut_off));
    assert_eq!(closing(&plan, VILLAGE, COMMUNE), (cut_off, cut_off));
    plan.cut_off = Some(day("2025-01-25"));
    assert_eq!(
        closing(&plan, NEIGHBOUR, NEIGHBOUR).0,
        none,
        "a later cut-off gives no more time"
    );
}

#[test]
fn over_80_percent_is_not_met_by_80_percent() {
    let rate = |comparator| {
        target(
            80,
            comparator,
            Aggregation::Ratio,
            Some(counting("safe_recognition")),
        )
    };
    let over = rate(Comparator::MoreThan);
    assert_eq!(on(&over, "2024-12-31", 80, 100).progress, Progress::Behind);
    assert_eq!(on(&over, "2025-01-01", 80, 100).progress, Progress::Overdue);
    assert_eq!(on(&over, "2024-12-31", 801, 1_000).progress, Progress::Met);
    assert_eq!(
        on(&rate(Comparator::AtLeast), "2024-12-31", 4, 5).progress,
        Progress::Met
    );
    assert_eq!(
        on(&rate(Comparator::AtLeast), "2024-12-31", 2, 3).figure,
        Some(Thousandths(66_667)),
        "rounded"
    );
    let almost = on(
        &rate(Comparator::AtLeast),
        "2024-12-31",
        799_999_999,
        1_000_000_000,
    );
    assert_eq!(almost.figure, Some(Thousandths::whole(80)), "rounded to be shown");
    assert_eq!(almost.progress, Progress::Behind, "compared exactly");
}

#[test]
fn a_count_is_behind_only_when_whole_ones_are_missing() {
    let twelve = target(
        12,
        Comparator::AtLeast,
        Aggregation::Average,
        Some(counting("direct_propaganda_session")),
    );
    assert_eq!(on(&twelve, "2024-07-02", 6, 0).progress, Progress::OnTrack);
    assert_eq!(on(&twelve, "2024-07-02", 5, 0).progress, Progress::Behind);
    let missing = on(&twelve, "2024-07-02", 5, 0).missing.unwrap();
    assert_eq!(
        (missing.count, missing.until),
        (2, day("2024-07-31")),
        "seven by the end of July"
    );
    let one = target(
        1,
        Comparator::AtLeast,
        Aggregation::Sum,
        Some(counting("document")),
    );
    assert_eq!(on(&one, "2024-12-30", 0, 0).progress, Progress::OnTrack);
    assert_eq!(on(&one, "2024-01-02", 1, 0).progress, Progress::Met);
}

#[test]
fn no_hotspot_is_on_track_until_the_year_is_over_and_one_cannot_be_mended() {
    let none = target(
        0,
        Comparator::Exactly,
        Aggregation::Sum,
        Some(counting("reported_figure")),
    );
    assert_eq!(on(&none, "2024-06-01", 0, 0).progress, Progress::OnTrack);
    assert_eq!(on(&none, "2025-01-01", 0, 0).progress, Progress::Met);
    assert_eq!(on(&none, "2024-06-01", 1, 0).progress, Progress::Behind);
    assert_eq!(on(&none, "2025-01-01", 1, 0).progress, Progress::Overdue);
    let under = Target {
        value: Thousandths(1_500),
        ..target(0, Comparator::LessThan, Aggregation::Ratio, None)
    };
    assert_eq!(on(&under, "2024-06-01", 14, 1_000).progress, Progress::OnTrack);
    assert_eq!(
        on(&under, "2024-06-01", 15, 1_000).progress,
        Progress::Behind,
        "1.5 % is not below 1.5 %"
    );
}

#[test]
fn every_quarter_needs_its_notice_and_a_quarter_that_went_by_is_overdue() {
    let mut notice = counting("quarterly_notice");
    notice.split = Some(SplitBy::Quarter);
    let target = target(1, Comparator::AtLeast, Aggregation::Sum, Some(notice));
    let quarters: Vec<Cell<'_>> = ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
        .map(|part| cell(COMMUNE, part, 1, 0))
        .into();
    assert_eq!(
        assess_cells(&target, "2024-12-31", &quarters).progress,
        Progress::Met
    );
    assert_eq!(
        assess_cells(&target, "2024-05-10", &quarters[..1]).progress,
        Progress::OnTrack
    );
    assert_eq!(
        assess_cells(&target, "2024-05-10", &quarters[1..]).progress,
        Progress::Overdue,
        "nothing in the first"
    );
    let second = assess_cells(&target, "2024-05-10", &quarters[..1])
        .missing
        .unwrap();
    assert_eq!((second.count, second.until), (1, day("2024-06-30")));
}

#[test]
fn months_with_a_briefing_are_counted_and_not_the_briefings() {
    let mut briefing = counting("briefing");
    briefing.split = Some(SplitBy::Month);
    let target = target(2, Comparator::AtLeast, Aggregation::Distinct, Some(briefing));
    let twice = [cell(VILLAGE, "2024-01", 3, 0), cell(COMMUNE, "2024-01", 1, 0)];
    let assessment = assess_cells(&target, "2024-02-01", &twice);
    assert_eq!(
        (assessment.figure, assessment.records),
        (Some(Thousandths::whole(1)), 2)
    );
    let months = [twice[0], cell(VILLAGE, "2024-02", 1, 0)];
    assert_eq!(
        assess_cells(&target, "2024-02-01", &months).progress,
        Progress::Met
    );
}

#[test]
fn villages_with_a_festival_are_counted_once_each() {
    let reach = Aggregation::Reach { of: Reach::Areas };
    let target = target(100, Comparator::AtLeast, reach, Some(counting("festival_event")));
    let one = [cell(VILLAGE, "", 5, 0), cell(COMMUNE, "", 1, 0)];
    assert_eq!(
        assess_cells(&target, "2024-12-31", &one).figure,
        Some(Thousandths::whole(50))
    );
    let both = [one[0], cell(NEIGHBOUR, "", 1, 0)];
    assert_eq!(assess_cells(&target, "2024-08-01", &both).progress, Progress::Met);
}

#[test]
fn fewer_crimes_than_last_year_by_5_percent() {
    let target = target(
        5,
        Comparator::AtLeast,
        Aggregation::Decrease,
        Some(counting("reported_figure")),
    );
    assert_eq!(on(&target, "2024-12-31", 95, 100).progress, Progress::Met);
    assert_eq!(on(&target, "2024-12-31", 96, 100).progress, Progress::Behind);
    assert_eq!(
        on(&target, "2024-12-31", 120, 100).figure,
        Some(Thousandths::whole(-20))
    );
    assert_eq!(
        on(&target, "2024-06-01", 0, 0).progress,
        Progress::OnTrack,
        "nothing has been stated yet"
    );
    let none = [Cell {
        records: 1,
        ..cell(COMMUNE, "", 0, 0)
    }];
    assert_eq!(
        assess_cells(&target, "2024-12-31", &none).progress,
        Progress::Met,
        "none at all"
    );
    // Three after none is no decrease, long before the year is over.
    let risen = [Cell {
        records: 1,
        ..cell(COMMUNE, "", 3, 0)
    }];
    let rise = assess_cells(&target, "2024-06-01", &risen);
    assert_eq!((rise.figure, rise.progress), (None, Progress::Behind));
    assert_eq!(
        assess_cells(&target, "2025-01-01", &risen).progress,
        Progress::Overdue
    );
}

#[test]
fn a_rate_of_nothing_is_asked_of_nobody_once_that_is_stated() {
    let target = target(
        90,
        Comparator::AtLeast,
        Aggregation::Ratio,
        Some(counting("reported_figure")),
    );
    let none_of_none = [Cell {
        records: 1,
        ..cell(COMMUNE, "", 0, 0)
    }];
    let stated = |today| assess_cells(&target, today, &none_of_none).progress;
    assert_eq!(stated("2024-06-01"), Progress::OnTrack);
    assert_eq!(stated("2025-01-01"), Progress::NotApplicable);
    // Where nothing was stated at all, the year went by without an answer.
    assert_eq!(on(&target, "2025-01-01", 0, 0).progress, Progress::Overdue);
    assert_eq!(on(&target, "2025-01-01", 8, 9).progress, Progress::Overdue);
    assert_eq!(on(&target, "2025-01-01", 9, 10).progress, Progress::Met);
}

#[test]
fn a_village_that_ended_in_the_middle_of_the_year_weighs_half_as_much() {
    let target = target(
        3,
        Comparator::AtLeast,
        Aggregation::WeeklyAverage,
        Some(counting("loudspeaker_session")),
    );
    // One village all year and one that ended on 30 June 2024: 366 and 182 days. Three a week are 3 × 548 / 7 = 234.9 by
    // the end of the year.
    let over = |today: &str, area_days: i64, areas: u32, amount: i64| {
        let extent = Extent {
            communes: 1,
            areas,
            commune_days: 366,
            area_days,
        };
        let cells = [cell(VILLAGE, "", amount, 0)];
        assess_over(
            &target,
            extent,
            &cells,
            Asked::throughout(target.value, year()),
            day(today),
        )
    };
    assert_eq!(over("2025-01-01", 548, 1, 235).progress, Progress::Met);
    assert_eq!(over("2025-01-01", 548, 1, 234).progress, Progress::Overdue);
    // 15 October 2024 is a Tuesday and day 289: 182 + 289 village days, and five more of the one that is left until Sunday.
    // 3 × 476 / 7 = 204: four are missing after 200.
    let october = over("2024-10-15", 471, 1, 200);
    assert_eq!(october.missing.map(|missing| missing.count), Some(4));
    assert_eq!(october.figure, Some(Thousandths(2_972)));
}

#[test]
fn a_commune_of_half_a_year_is_asked_half_of_a_yearly_average() {
    let target = target(
        12,
        Comparator::AtLeast,
        Aggregation::Average,
        Some(counting("direct_propaganda_session")),
    );
    // Two communes until 30 June 2024 (182 days each), one after it (184): 548 commune days, 12 × 548 / 366 = 17.97.
    let over = |amount| {
        let extent = Extent {
            communes: 1,
            areas: 0,
            commune_days: 548,
            area_days: 0,
        };
        let cells = [cell(COMMUNE, "", amount, 0)];
        assess_over(
            &target,
            extent,
            &cells,
            Asked::throughout(target.value, year()),
            day("2025-01-01"),
        )
        .progress
    };
    assert_eq!(over(18), Progress::Met);
    assert_eq!(over(17), Progress::Overdue);
}

#[test]
fn an_activity_counts_only_on_the_days_of_the_campaign_that_it_names() {
    let mut source = counting("campaign_activity");
    source.conditions = vec![Condition::Within {
        field: "campaign".into(),
        windows: vec![Window {
            answer: "national_security_festival".into(),
            days: Span {
                from: day("2024-07-01"),
                to: day("2024-08-19"),
            },
        }],
    }];
    let plan = plan(vec![target(
        1,
        Comparator::AtLeast,
        Aggregation::Sum,
        Some(source),
    )]);
    let of = |plan: &PlanTerms, campaign: &str, date: &str| {
        let body = json!({"campaign": campaign});
        ruling(
            plan,
            date,
            RecordStatus::Accepted,
            Some(date),
            "campaign_activity",
            &body,
        )
    };
    let festival = "national_security_festival";
    assert!(matches!(of(&plan, festival, "2024-08-19"), Ruling::Counted(_)));
    let (from, to) = (day("2024-07-01"), day("2024-08-19"));
    let outside = Ruling::Not(NotCounted::OutsideCampaign { from, to });
    assert_eq!(of(&plan, festival, "2024-08-20"), outside);
    assert!(matches!(
        of(&plan, "anti_drug_day", "2024-12-01"),
        Ruling::Counted(_)
    ));
    // Next year's plan has next year's days.
    let next = plan.clone().years_later(1);
    assert!(matches!(of(&next, festival, "2025-08-19"), Ruling::Counted(_)));
    assert_eq!(parse_plan(plan.clone()).map(|_| ()), Ok(()));
    let mut odd = plan;
    let Some(Condition::Within { windows, .. }) = odd.targets[0]
        .source
        .as_mut()
        .and_then(|source| source.conditions.first_mut())
    else {
        panic!("the condition")
    };
    windows[0].answer = "new_year".into();
    assert!(parse_plan(odd).is_err());
}

#[test]
fn each_campaign_is_over_when_its_days_are() {
    let window = |answer: &str, from, to| Window {
        answer: answer.into(),
        days: Span {
            from: day(from),
            to: day(to),
        },
    };
    let (drugs, festival, peak) = (
        "anti_drug_day",
        "national_security_festival",
        "crime_crackdown_peak",
    );
    let mut source = counting("campaign_activity");
    source.conditions = vec![Condition::Within {
        field: "campaign".into(),
        windows: vec![
            window(drugs, "2024-06-01", "2024-06-26"),
            window(festival, "2024-07-01", "2024-08-19"),
        ],
    }];
    source.split = Some(SplitBy::Field {
        field: "campaign".into(),
        among: [drugs, festival, peak].map(str::to_owned).into(),
    });
    let target = target(1, Comparator::AtLeast, Aggregation::Sum, Some(source));
    let on = |today: &str, cells: &[Cell<'_>]| {
        let how = assess_cells(&target, today, cells);
        let parts: Vec<Progress> = how.parts.iter().map(|part| part.progress).collect();
        (
            how.progress,
            how.overdue_since,
            how.missing.map(|missing| missing.until),
            parts,
        )
    };
    use Progress::{Met, OnTrack, Overdue};
    let one = [cell(COMMUNE, drugs, 1, 0)];
    assert_eq!(
        on("2024-08-10", &one),
        (
            OnTrack,
            None,
            Some(day("2024-08-19")),
            vec![Met, OnTrack, OnTrack]
        )
    );
    // The peak has no days of its own and lasts until the end of the year.
    assert_eq!(
        on("2024-11-23", &one),
        (
            Overdue,
            Some(day("2024-08-19")),
            Some(day("2024-12-31")),
            vec![Met, Overdue, OnTrack]
        )
    );
}

#[test]
fn each_reason_is_told_before_the_ones_that_follow_from_it() {
    let mut class = counting("training_class");
    class.conditions = vec![Condition::OneOf {
        field: "audience".into(),
        answers: vec!["police".into()],
    }];
    let mut plan = plan(vec![target(
        1,
        Comparator::AtLeast,
        Aggregation::Sum,
        Some(class),
    )]);
    plan.cut_off = Some(day("2024-11-30"));
    let (police, pupils) = (
        json!({"audience": ["pupils", "police"]}),
        json!({"audience": ["pupils"]}),
    );
    let of = |plan: &PlanTerms, date: &str, status, accepted: Option<&str>, body: &Value| {
        ruling(plan, date, status, accepted, "training_class", body)
    };
    let not = |reason| Ruling::Not(reason);
    let accepted = RecordStatus::Accepted;
    assert!(matches!(
        of(&plan, "2024-05-01", accepted, Some("2024-05-02"), &police),
        Ruling::Counted(_)
    ));
    let other = NotCounted::OtherAnswer {
        field: "audience".into(),
    };
    assert_eq!(
        of(&plan, "2024-05-01", RecordStatus::Submitted, None, &pupils),
        not(other)
    );
    assert_eq!(
        of(&plan, "2024-05-01", RecordStatus::Submitted, None, &police),
        not(NotCounted::NotYetAccepted)
    );
    assert_eq!(
        of(&plan, "2024-05-01", RecordStatus::Returned, None, &police),
        not(NotCounted::Returned)
    );
    assert_eq!(
        of(&plan, "2024-05-01", RecordStatus::Withdrawn, None, &pupils),
        not(NotCounted::Withdrawn)
    );
    assert_eq!(
        of(&plan, "2024-05-01", RecordStatus::Open, None, &police),
        not(NotCounted::StillOpen)
    );
    let Span { from, to } = year();
    assert_eq!(
        of(&plan, "2025-01-01", accepted, Some("2025-01-02"), &police),
        not(NotCounted::OutsidePeriod { from, to })
    );
    let on_the_day = of(&plan, "2024-05-01", accepted, Some("2024-11-30"), &police);
    assert!(
        matches!(on_the_day, Ruling::Counted(_)),
        "the day of the cut-off is in time"
    );
    let late = of(&plan, "2024-05-01", accepted, Some("2024-12-01"), &police);
    assert!(matches!(late, Ruling::Late(NotCounted::AfterCutOff { .. }, shares) if shares.len() == 1));
    plan.targets[0].excluded = vec![COMMUNE];
    assert_eq!(
        of(&plan, "2024-05-01", accepted, Some("2024-05-02"), &pupils),
        not(NotCounted::PlaceExcluded)
    );
    plan.targets[0].excluded = vec![];
    plan.targets[0].named = vec![NEIGHBOUR];
    assert_eq!(
        of(&plan, "2024-05-01", accepted, Some("2024-05-02"), &police),
        not(NotCounted::PlaceExcluded)
    );
}

#[test]
fn a_text_is_found_whatever_its_case_and_marks() {
    let mut document = counting("document");
    document.conditions = vec![Condition::Mentions {
        field: "subject".into(),
        words: vec!["sơ kết".into()],
    }];
    let plan = plan(vec![target(
        5,
        Comparator::AtLeast,
        Aggregation::Sum,
        Some(document),
    )]);
    let says = |subject: &str| {
        ruling(
            &plan,
            "2024-05-01",
            RecordStatus::Accepted,
            Some("2024-05-01"),
            "document",
            &json!({"subject": subject}),
        )
    };
    assert!(matches!(says("V/v SƠ KẾT 6 tháng"), Ruling::Counted(_)));
    assert!(matches!(
        says("V/v triển khai"),
        Ruling::Not(NotCounted::NotMentioned { .. })
    ));
}

#[test]
fn a_broadcast_counts_in_each_village_that_heard_it_and_in_none_where_it_failed() {
    let heard = Source {
        amount: Amount::AreasHeard,
        ..counting("loudspeaker_session")
    };
    let plan = plan(vec![target(
        3,
        Comparator::AtLeast,
        Aggregation::WeeklyAverage,
        Some(heard),
    )]);
    let body = |missed: Value| json!({"topic": "fire_safety", "minutes": 15, "areas": [{"area_id": 11}, {"area_id": 12, "missed": missed}]});
    let areas = |ruling: Ruling| match ruling {
        Ruling::Counted(shares) => shares
            .iter()
            .map(|share| (share.area.0, share.amount))
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let of = |body: &Value| {
        ruling(
            &plan,
            "2024-05-01",
            RecordStatus::Accepted,
            Some("2024-05-01"),
            "loudspeaker_session",
            body,
        )
    };
    assert_eq!(areas(of(&body(Value::Null))), [(11, 1), (12, 1)]);
    assert_eq!(areas(of(&body(json!("power_cut")))), [(11, 1)]);
    let nowhere =
        json!({"topic": "fire_safety", "minutes": 15, "areas": [{"area_id": 11, "missed": "weather"}]});
    assert_eq!(of(&nowhere), Ruling::Not(NotCounted::NothingHeard));
}

fn id(n: u8) -> RecordId {
    RecordId(Uuid::from_u128(n.into()))
}

fn entry(record: u8, date: &str) -> Entry {
    let plan = plan(vec![target(
        1,
        Comparator::AtLeast,
        Aggregation::Sum,
        Some(counting("briefing")),
    )]);
    let facts = Facts {
        kind: "briefing",
        area: VILLAGE,
        commune: COMMUNE,
        local_date: day(date),
        status: RecordStatus::Accepted,
        accepted_at: Some(Millis(1_000_000)),
        body: &json!({}),
    };
    Entry::of(&plan.rule(&plan.targets[0]), id(record), &facts).remove(0)
}

#[test]
fn the_same_twice_counts_once_and_the_other_names_it() {
    let standings = |keep, most| {
        let mut group = [
            entry(3, "2024-03-03"),
            entry(1, "2024-03-01"),
            entry(2, "2024-03-02"),
        ];
        settle(
            &Limit {
                per: vec![],
                most,
                keep,
            },
            &mut group,
        );
        group.map(|entry| entry.standing)
    };
    use Standing::*;
    assert_eq!(standings(Keep::First, 1), [SameAs(id(1)), Counted, SameAs(id(1))]);
    assert_eq!(
        standings(Keep::Newest, 1),
        [Counted, SameAs(id(3)), SameAs(id(3))],
        "a statement replaces the one before"
    );
    assert_eq!(standings(Keep::First, 2), [CapReached, Counted, Counted]);
    let mut late = [
        Entry {
            standing: AfterCutOff,
            ..entry(1, "2024-03-01")
        },
        entry(2, "2024-03-02"),
    ];
    settle(
        &Limit {
            per: vec![],
            most: 1,
            keep: Keep::First,
        },
        &mut late,
    );
    assert_eq!(
        late.map(|entry| entry.standing),
        [AfterCutOff, Counted],
        "what came late takes no place"
    );
}

#[test]
fn a_plan_that_asks_of_fields_or_answers_that_do_not_exist_is_refused_with_their_place() {
    let mut odd = counting("training_class");
    odd.conditions = vec![Condition::OneOf {
        field: "audience".into(),
        answers: vec!["ghosts".into()],
    }];
    odd.dated_by = Some("venue".into());
    let unknown = counting("witchcraft");
    let twice = target(
        1,
        Comparator::AtLeast,
        Aggregation::Sum,
        Some(counting("briefing")),
    );
    let sum = |code: &str, part: &str| Target {
        code: code.into(),
        ..target(
            1,
            Comparator::AtLeast,
            Aggregation::Parts {
                codes: vec![part.into()],
            },
            None,
        )
    };
    let odd = plan(vec![
        Target {
            code: "a".into(),
            ..target(1, Comparator::AtLeast, Aggregation::Sum, Some(odd))
        },
        Target {
            code: "b".into(),
            ..target(1, Comparator::AtLeast, Aggregation::Ratio, Some(unknown))
        },
        Target {
            code: "b".into(),
            ..twice.clone()
        },
        sum("c", "nowhere"),
        sum("d", "b"),
    ]);
    let errors = parse_plan(odd).unwrap_err();
    let places: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(
        places,
        [
            "targets.0.source.conditions",
            "targets.0.source.dated_by",
            "targets.1.source.kind",
            "targets.2.code",
            "targets.3.aggregation.codes.0"
        ]
    );
    assert!(parse_plan(plan(vec![twice])).is_ok());
}

#[test]
fn a_sum_is_of_sums_and_of_each_once() {
    let called = |code: &str, aggregation, source| Target {
        code: code.into(),
        ..target(1, Comparator::AtLeast, aggregation, source)
    };
    let sum_of = |code: &str, parts: &[&str]| {
        let codes = parts.iter().map(|part| (*part).to_owned()).collect();
        called(code, Aggregation::Parts { codes }, None)
    };
    let rate = Source {
        amount: Amount::FieldOf {
            field: "recognised_count".into(),
            total: "total_count".into(),
        },
        ..counting("safe_recognition")
    };
    let counted = |code| called(code, Aggregation::Sum, Some(counting("briefing")));
    let plan_of = |sum: Target| {
        plan(vec![
            counted("a"),
            counted("b"),
            called("rate", Aggregation::Ratio, Some(rate.clone())),
            called("average", Aggregation::WeeklyAverage, Some(counting("briefing"))),
            sum_of("sum", &["a", "b"]),
            sum,
        ])
    };
    let wrong = |parts: &[&str]| -> Vec<(String, FieldCode)> {
        let errors = parse_plan(plan_of(sum_of("last", parts)))
            .err()
            .unwrap_or_default();
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    };
    let at = |place: &str, code| vec![(format!("targets.5.aggregation.codes{place}"), code)];
    assert_eq!(wrong(&["a", "b"]), []);
    assert_eq!(wrong(&[]), at("", FieldCode::Required));
    assert_eq!(
        wrong(&["a", "sum"]),
        at(".1", FieldCode::NotAChoice),
        "a sum of sums counts nothing"
    );
    assert_eq!(wrong(&["last"]), at(".0", FieldCode::NotAChoice));
    assert_eq!(
        wrong(&["a", "b", "a"]),
        at(".2", FieldCode::Duplicate),
        "a would count twice"
    );
    assert_eq!(wrong(&["a", "rate"]), at(".1", FieldCode::NotAChoice));
    assert_eq!(wrong(&["average", "a"]), at(".0", FieldCode::NotAChoice));
}

/// One thing that happens to a record of a random history.
#[derive(Debug, Clone)]
enum Step {
    Accept {
        record: u8,
        on: u16,
    },
    Return {
        record: u8,
    },
    Withdraw {
        record: u8,
    },
    Move {
        record: u8,
        date: u16,
        number: u8,
        amount: i64,
    },
    CutOff {
        on: Option<u16>,
    },
    Limit {
        most: u32,
        newest: bool,
    },
    Exclude {
        village: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let record = 0..12u8;
    let step = prop_oneof![
        4 => (record.clone(), 0..500u16).prop_map(|(record, on)| Step::Accept { record, on }),
        2 => record.clone().prop_map(|record| Step::Return { record }),
        1 => record.clone().prop_map(|record| Step::Withdraw { record }),
        4 => (record, 0..500u16, 0..4u8, 0..100i64)
            .prop_map(|(record, date, number, amount)| Step::Move { record, date, number, amount }),
        1 => proptest::option::of(0..500u16).prop_map(|on| Step::CutOff { on }),
        1 => (1..3u32, any::<bool>()).prop_map(|(most, newest)| Step::Limit { most, newest }),
        1 => any::<bool>().prop_map(|village| Step::Exclude { village }),
    ];
    prop::collection::vec(step, 1..60)
}

struct Known {
    area: AreaId,
    date: LocalDate,
    status: RecordStatus,
    accepted_at: Option<Millis>,
    body: Value,
}

fn nth(days: u16) -> LocalDate {
    year().from + chrono::Days::new(days.into())
}

/// Every entry of these records by the rule alone, settled group by group.
fn counted_anew(plan: &PlanTerms, records: &BTreeMap<u8, Known>) -> Vec<Entry> {
    let rule = plan.rule(&plan.targets[0]);
    let mut groups: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for (number, known) in records {
        for entry in entries(&rule, *number, known) {
            groups.entry(entry.share.group.clone()).or_default().push(entry);
        }
    }
    let limit = rule.target.source.as_ref().unwrap().limit.clone().unwrap();
    groups.values_mut().for_each(|group| settle(&limit, group));
    groups.into_values().flatten().collect()
}

fn entries(rule: &Rule<'_>, number: u8, known: &Known) -> Vec<Entry> {
    let facts = Facts {
        kind: "document",
        area: known.area,
        commune: COMMUNE,
        local_date: known.date,
        status: known.status,
        accepted_at: known.accepted_at,
        body: &known.body,
    };
    Entry::of(rule, id(number), &facts)
}

proptest! {
    /// Incrementally, only the group of the record that changed is settled again, as the server does; a plan that changed
    /// is counted anew. After every step the sum of what counts is the figure, and equals the count from nothing.
    #[test]
    fn the_sum_of_counted_records_is_the_figure_on_random_histories(steps in steps()) {
        let mut source = counting("document");
        source.limit = Some(Limit { per: vec![LimitKey::Field { field: "number".into() }], most: 1, keep: Keep::First });
        source.dated_by = Some("issued_on".into());
        source.amount = Amount::Fields { fields: vec!["pages".into()] };
        let mut plan = plan(vec![target(5, Comparator::AtLeast, Aggregation::Sum, Some(source))]);
        let mut records: BTreeMap<u8, Known> = BTreeMap::new();
        let mut ledger: Vec<Entry> = Vec::new();
        for step in steps {
            let mut plan_changed = true;
            match step {
                Step::Move { record, date, number, amount } => {
                    plan_changed = false;
                    let body = json!({"number": format!("{number}/NQ"), "issued_on": nth(date).to_string(), "pages": amount});
                    let area = if number % 2 == 0 { VILLAGE } else { NEIGHBOUR };
                    records.insert(record, Known { area, date: nth(date), status: RecordStatus::Submitted, accepted_at: None, body });
                    change(&plan, &mut ledger, &records, record);
                }
                Step::Accept { record, on } => {
                    plan_changed = false;
                    if let Some(known) = records.get_mut(&record) {
                        known.status = RecordStatus::Accepted;
                        known.accepted_at = Some(start_of_day(nth(on)));
                        change(&plan, &mut ledger, &records, record);
                    }
                }
                Step::Return { record } | Step::Withdraw { record } => {
                    plan_changed = false;
                    if let Some(known) = records.get_mut(&record) {
                        known.status = if matches!(step, Step::Return { .. }) { RecordStatus::Returned } else { RecordStatus::Withdrawn };
                        change(&plan, &mut ledger, &records, record);
                    }
                }
                Step::CutOff { on } => plan.cut_off = on.map(nth),
                Step::Limit { most, newest } => {
                    let keep = if newest { Keep::Newest } else { Keep::First };
                    let source = plan.targets[0].source.as_mut().unwrap();
                    source.limit = Some(Limit { per: source.limit.take().unwrap().per, most, keep });
                }
                Step::Exclude { village } => plan.targets[0].excluded = if village { vec![VILLAGE] } else { vec![] },
            }
            if plan_changed {
                ledger = counted_anew(&plan, &records);
            }
            let mut anew = counted_anew(&plan, &records);
            let by_record = |a: &Entry, b: &Entry| a.record_id.cmp(&b.record_id);
            anew.sort_by(by_record);
            ledger.sort_by(by_record);
            prop_assert_eq!(&ledger, &anew);
            let counted = ledger.iter().filter(|entry| entry.standing == Standing::Counted);
            let sum: i64 = counted.clone().map(|entry| entry.share.amount).sum();
            let cells: Vec<Cell<'_>> = counted
                .map(|entry| Cell { commune: COMMUNE, area: entry.share.area, part: "", amount: entry.share.amount, total: 0, records: 1 })
                .collect();
            let shown = assess_cells(&plan.targets[0], "2024-12-31", &cells);
            prop_assert_eq!(shown.figure, Some(Thousandths::whole(sum)));
            // What the rule says of a record alone agrees with where its share stands.
            for (number, known) in &records {
                let has_entry = ledger.iter().any(|entry| entry.record_id == id(*number));
                prop_assert_eq!(has_entry, !entries(&plan.rule(&plan.targets[0]), *number, known).is_empty());
            }
        }
    }
}

/// What the server does when one record changed.
fn change(plan: &PlanTerms, ledger: &mut Vec<Entry>, records: &BTreeMap<u8, Known>, record: u8) {
    let rule = plan.rule(&plan.targets[0]);
    let limit = rule.target.source.as_ref().unwrap().limit.clone().unwrap();
    let mine = entries(&rule, record, &records[&record]);
    let mut groups: Vec<String> = ledger
        .iter()
        .filter(|entry| entry.record_id == id(record))
        .map(|entry| entry.share.group.clone())
        .collect();
    groups.extend(mine.iter().map(|entry| entry.share.group.clone()));
    ledger.retain(|entry| entry.record_id != id(record));
    ledger.extend(mine);
    for group in groups {
        let (mut touched, rest): (Vec<Entry>, Vec<Entry>) =
            ledger.drain(..).partition(|entry| entry.share.group == group);
        settle(&limit, &mut touched);
        ledger.extend(rest);
        ledger.extend(touched);
    }
}
